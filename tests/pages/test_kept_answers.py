"""Answers are kept by release and question, for all readers; never more than a fixed number."""

import pytest

from analysis import Filters, load_catalog
from ui import theme
from ui.view import kept, registry, view


@pytest.fixture
def trends(release) -> view.View:
    return view.View(
        registry.entry("trends"), load_catalog(), release, Filters(), release.choices, theme.LIGHT
    )


def test_a_question_is_looked_up_once_for_all_readers(trends, monkeypatch) -> None:
    looked_up = []

    def counting(questions, *rest, **more):
        looked_up.append(len(questions))
        return answer_questions(questions, *rest, **more)

    answer_questions = kept.answer_questions
    monkeypatch.setattr(kept, "answer_questions", counting)
    kept.of_profile("public").forget()
    question = trends.question("detected_persons", ["period"])
    [first] = trends.answer([question])
    [again, other] = trends.answer([question, trends.question("child_share", ["period"])])
    assert looked_up == [1, 1]
    assert first is again and other.measure.code == "child_share"


def test_no_more_is_kept_than_is_allowed(trends, monkeypatch) -> None:
    monkeypatch.setattr(kept.of_profile("public"), "most", 2)
    kept.of_profile("public").forget()
    years = ("2022", "2023", "2024")
    questions = [trends.question("detected_persons", ["period"], periods=(year, year)) for year in years]
    assert len(trends.answer(questions)) == 3
    assert len(kept.of_profile("public")._answers) == 2
