"""Headline sentences say what the numbers support, and no more."""

import re

import pytest

from analysis import Question, answer, open_release, what_changed
from analysis.errors import QuestionError
from analysis.questions.filters import the
from tests.quick.spec.drawn import write_release


def years(**values):
    return [{"period": year[1:], "value": str(value)} for year, value in values.items()]


def headline(folder, rows, question):
    release = open_release(write_release(folder, {"person": rows}))
    return answer([question], release)[0].sentence


def test_a_rise_names_both_years_and_the_interval(tmp_path):
    said = headline(tmp_path, years(y2024=200, y2025=300), Question("detected_persons", ["period"]))
    assert said == "People identified rose to 300 (267–336) in 2025, from 200 in 2024."


def test_a_fall(tmp_path):
    said = headline(tmp_path, years(y2024=300, y2025=200), Question("detected_persons", ["period"]))
    assert re.match(r"People identified fell to 200 \(\d+–\d+\) in 2025, from 300 in 2024\.", said)


@pytest.mark.parametrize(("before", "after"), [(209, 214), (10, 15), (100, 110), (1000, 1050)])
def test_chance_and_protection_are_no_change(tmp_path, before, after):
    said = headline(tmp_path, years(y2024=before, y2025=after), Question("detected_persons", ["period"]))
    assert said == f"No clear change in people identified: {after:,} in 2025, {before:,} in 2024."


def test_a_hidden_newest_year_is_passed_over(tmp_path):
    said = headline(tmp_path, years(y2023=100, y2024=190), Question("detected_persons", ["period"]))
    assert " in 2024, from 100 in 2023" in said


def test_all_hidden(tmp_path):
    rows = [{"period": "2025", "form": "forced_labour", "value": "30"}]
    said = headline(tmp_path, rows, Question("detected_persons", ["gender"], periods=("2025", "2025")))
    assert said == "Not shown: a small number, or none."


def test_a_quarter_is_compared_with_the_same_quarter(tmp_path):
    rows = [{"period": p, "value": v} for p, v in (("2024-Q3", "60"), ("2025-Q2", "200"), ("2025-Q3", "140"))]
    said = headline(tmp_path, rows, Question("detected_persons", ["period"], period_level="quarter"))
    assert "July–September 2025, from 60 in July–September 2024" in said


def test_provisional_figures_say_so(tmp_path):
    rows = [{"period": "2024", "value": "100"}, {"period": "2025", "value": "200", "marker": "p"}]
    said = headline(tmp_path, rows, Question("detected_persons", ["period"]))
    assert "in 2025 (provisional), from 100" in said


def test_a_year_that_is_still_filling_up_is_not_called_a_fall(tmp_path):
    years = (("2023", "200", ""), ("2024", "300", ""), ("2025", "90", "p"))
    rows = [{"period": year, "value": value, "marker": marker} for year, value, marker in years]
    said = headline(tmp_path, rows, Question("detected_persons", ["period"]))
    assert "rose to 300" in said and "from 200 in 2023" in said and "fell" not in said
    assert said.endswith("2025 is still filling up: 90 so far.")


def test_two_largest_that_cannot_be_told_apart(tmp_path):
    rows = [{"period": "2025", "gender": g, "value": v} for g, v in (("female", "50"), ("male", "48"))]
    said = headline(tmp_path, rows, Question("detected_persons", ["gender"], periods=("2025", "2025")))
    assert "women and girls, 50" in said and "no clear difference from men and boys, 48" in said


def test_areas_are_never_named_in_order(release):
    names = set(release.areas["example"].names.values()) - {"Example region"}
    for by in (["area"], ["period", "area"], ["area", "gender"], ["gender", "area", "period"]):
        for measure in ("detected_persons", "detection_rate_per_100k"):
            try:
                [found] = answer([Question(measure, by, area_level=2)], release)
            except QuestionError:
                continue
            assert not any(name in found.sentence for name in names), found.sentence


def test_no_headline_overstates(release, catalog):
    """Every measure, by period and plain: never 'significant', 'victims', 'suppressed' and their like."""
    questions = [Question(code, ["period"]) for code in catalog.measures]
    questions += [Question(code) for code in catalog.measures]
    questions += [Question(one.code, [one.share_of]) for one in catalog.measures.values() if one.share_of]
    for found in answer(questions, release, strict=False):
        assert found.refusal or (found.sentence.endswith(".") and found.sentence[0].isupper())
        words = r"significant|crime|victims?\b|cases?\b|suppressed|nan|None|null"
        assert not re.search(words, found.sentence), found.sentence
        assert "100%" not in found.sentence


def test_what_changed_puts_clear_changes_first(release):
    questions = [Question("child_share", ["period"]), Question("detected_persons", ["period"])]
    said = what_changed(answer([*questions, Question("detected_persons", ["gender"])], release))
    assert said[0].startswith("People identified rose to ") and said[1].startswith(
        "No clear change in the share"
    )
    assert len(said) == 2


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Share of reports passed on", "the share of reports passed on"),
        ("Median wait for a decision", "the median wait for a decision"),
        ("Reports received", "reports received"),
        ("FBI offences", "FBI offences"),
    ],
)
def test_a_measure_reads_as_a_thing_inside_a_sentence(label, said):
    assert the(label) == said
