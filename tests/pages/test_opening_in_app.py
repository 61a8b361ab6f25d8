"""Answers are kept by release, levels are chosen by what can be shown."""

import pytest

from analysis import Filters, load_catalog
from analysis.errors import QuestionError
from ui import theme
from ui.topics import opening
from ui.view import registry, view


@pytest.fixture
def trends(release) -> view.View:
    return view.View(
        registry.entry("trends"), load_catalog(), release, Filters(), release.choices, theme.LIGHT
    )


def filtered(base: view.View, **where: str) -> view.View:
    filters = Filters(where=tuple(sorted((name, (code,)) for name, code in where.items())))
    return view.View(base.page, base.catalog, base.release, filters, base.choices, base.palette)


def test_the_finest_level_with_enough_to_show_is_taken(trends) -> None:
    whole = opening.open_at(trends, "detected_persons", ["period"])
    assert (whole.level, whole.coarser, whole.finer, whole.note) == ("month", "quarter", "", "")
    split = opening.open_at(trends, "detected_persons", ["period", "form"])
    assert split.level == "year" and split.finer == "quarter"
    assert "could be shown" in split.note


def test_a_wanted_level_is_taken_even_when_little_can_be_shown(trends) -> None:
    split = opening.open_at(trends, "detected_persons", ["period", "form"], "month")
    assert split.level == "month" and opening.share_shown(split.answer) < 0.8


def test_a_level_that_may_not_be_asked_is_said(trends) -> None:
    narrow = filtered(trends, form="forced_labour", gender="female")
    opened = opening.open_at(narrow, "detected_persons", ["period", "age_group"], "month")
    assert opened.level != "month"
    assert opened.note.startswith("Months cannot be combined with these filters")


def test_too_much_at_once_is_refused_with_words(trends) -> None:
    narrow = filtered(trends, form="forced_labour", gender="female", status="confirmed")
    with pytest.raises(QuestionError) as refusal:
        opening.open_at(narrow, "detected_persons", ["period", "age_group"])
    assert refusal.value.message


def test_a_question_is_looked_up_once_for_all_readers(trends, monkeypatch) -> None:
    looked_up = []

    def counting(questions, *rest, **more):
        looked_up.append(len(questions))
        return answer_questions(questions, *rest, **more)

    answer_questions = view.answer_questions
    monkeypatch.setattr(view, "answer_questions", counting)
    view.kept.forget()
    question = trends.question("detected_persons", ["period"])
    [first] = trends.answer([question])
    [again, other] = trends.answer([question, trends.question("child_share", ["period"])])
    assert looked_up == [1, 1]
    assert first is again and other.measure.code == "child_share"


def test_no_more_is_kept_than_is_allowed(trends, monkeypatch) -> None:
    monkeypatch.setattr(view.kept, "most", 2)
    view.kept.forget()
    years = ("2022", "2023", "2024")
    questions = [trends.question("detected_persons", ["period"], periods=(year, year)) for year in years]
    assert len(trends.answer(questions)) == 3
    assert len(view.kept._answers) == 2
