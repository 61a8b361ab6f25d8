"""Headline sentences say what the numbers support, and no more."""

import re

import pytest

from analysis import Question, answer, open_release
from analysis.errors import QuestionError
from analysis.findings.groups import standard
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from analysis.questions.filters import the
from tests.quick.spec.drawn import write_release


def years(**values):
    return [{"period": year[1:], "value": str(value)} for year, value in values.items()]


def said_of(found):
    return say(standard(found, Scope()))


def headline(folder, rows, question):
    release = open_release(write_release(folder, {"person": rows}))
    return said_of(answer([question], release)[0])


def test_a_rise_names_both_years_and_the_interval(tmp_path):
    said = headline(tmp_path, years(y2023=200, y2024=300), Question("detected_persons", ["period"]))
    assert said == "People identified rose from 200 in 2023 to 300 (267–336) in 2024."


def test_a_fall(tmp_path):
    said = headline(tmp_path, years(y2023=300, y2024=200), Question("detected_persons", ["period"]))
    assert re.fullmatch(r"People identified fell from 300 in 2023 to 200 \(\d+–\d+\) in 2024\.", said)


@pytest.mark.parametrize(("before", "after"), [(209, 214), (10, 15), (100, 110), (1000, 1050)])
def test_chance_and_protection_are_no_change(tmp_path, before, after):
    said = headline(tmp_path, years(y2023=before, y2024=after), Question("detected_persons", ["period"]))
    assert said == f"No clear change in people identified: {before:,} in 2023, {after:,} in 2024."


def test_all_hidden(tmp_path):
    rows = [{"period": "2025", "form": "forced_labour", "value": "30"}]
    said = headline(tmp_path, rows, Question("detected_persons", ["gender"], periods=("2025", "2025")))
    assert said == "Nothing can be shown here: every number is below 10, or there are none."


def test_a_year_that_is_still_filling_up_says_so_and_is_compared_with_nothing(tmp_path):
    rows = [{"period": "2024", "value": "100"}, {"period": "2025", "value": "200", "marker": "p"}]
    said = headline(tmp_path, rows, Question("detected_persons", ["period"]))
    assert said == "People identified: 200 (173–230) in 2025, still incomplete."


def test_a_year_that_is_still_filling_up_is_not_called_a_fall(tmp_path):
    years = (("2023", "200", ""), ("2024", "300", ""), ("2025", "90", "p"))
    rows = [{"period": year, "value": value, "marker": marker} for year, value, marker in years]
    said = headline(tmp_path, rows, Question("detected_persons", ["period"]))
    assert said == "People identified rose from 200 in 2023 to 300 (267–336) in 2024."


def test_two_largest_that_cannot_be_told_apart(tmp_path):
    rows = [{"period": "2025", "gender": g, "value": v} for g, v in (("female", "50"), ("male", "48"))]
    said = headline(tmp_path, rows, Question("detected_persons", ["gender"], periods=("2025", "2025")))
    assert said == "Women and girls (50) and men and boys (48) are about as common."


def test_areas_are_never_named_in_order(release):
    names = set(release.areas["example"].names.values()) - {"Example region"}
    for by in (["area"], ["period", "area"], ["area", "gender"], ["gender", "area", "period"]):
        for measure in ("detected_persons", "detection_rate_per_100k"):
            try:
                [found] = answer([Question(measure, by, area_level=2)], release)
            except QuestionError:
                continue
            assert not any(name in said_of(found) for name in names), said_of(found)


def test_no_headline_overstates(release, catalog):
    """Every measure, by period and plain: never 'significant', 'victims', 'suppressed' and their like."""
    questions = [Question(code, ["period"]) for code in catalog.measures]
    questions += [Question(code) for code in catalog.measures]
    questions += [Question(one.code, [one.share_of]) for one in catalog.measures.values() if one.share_of]
    for found in answer(questions, release, strict=False):
        if found.refusal:
            continue
        said = said_of(found)
        assert said.endswith(".") and said[0].isupper()
        words = r"significant|crime|victims?\b|cases?\b|suppressed|nan|None|null"
        assert not re.search(words, said), said
        assert "100%" not in said


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
