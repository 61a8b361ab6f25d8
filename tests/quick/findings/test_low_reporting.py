"""Outcomes and low reporting: who hardly answers, a survey's waves, areas against all others together."""

from dataclasses import replace

import polars as pl
import pytest

from analysis import Answer, load_catalog
from analysis.findings.areas.underreporting import (
    BELIEF,
    IDENTIFIED,
    TOLD,
    area_signs,
    low_reporting,
    low_reporting_of,
)
from analysis.findings.groups import gap
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from analysis.findings.topics import outcomes
from analysis.findings.waves import basis_of_waves, waves_only
from analysis.questions.filters import Filters
from tests.quick.charts import made

Row = tuple[str, float | None, float | None, float | None, float]


def shares(by: str, rows: list[Row], measure: str = "self_report_share") -> Answer:
    """Return an answer by one dimension: code, value, lower, upper, base."""
    plain = made.answer((by,), [(code, value, "" if value is not None else "c") for code, value, *_ in rows])
    columns = {
        "lower": [row[2] for row in rows],
        "upper": [row[3] for row in rows],
        "base": [row[4] for row in rows],
    }
    return replace(
        plain,
        measure=made.answer((by,), [("a", 1.0, "")], measure=measure).measure,
        frame=plain.frame.with_columns(pl.Series(n, v, dtype=pl.Float64) for n, v in columns.items()),
    )


DOMAINS: list[Row] = [
    ("housing", 36, 33, 39, 1000),
    ("safety", 72, 69, 74, 1000),
    ("health", 52, 49, 55, 1000),
    ("not_recorded", 10, 8, 12, 1000),
    ("employment", None, None, None, 0),
]


def test_the_lowest_is_named_only_where_it_is_clear_and_not_recorded_is_never_it() -> None:
    found = gap(shares("outcome_domain", DOMAINS), Scope())
    assert [one.codes["outcome_domain"] for one in found.values] == ["safety", "housing"]
    assert found.direction == 1
    close = [("housing", 36, 30, 42, 90), ("safety", 40, 34, 46, 90)]
    assert gap(shares("outcome_domain", close), Scope()).direction == 0


def test_hardly_anybody_answered_means_with_the_whole_interval() -> None:
    rows = [("legal", 30, 26, 34, 200), ("health", 24, 21, 27, 200), ("housing", 60, 55, 65, 200)]
    response = shares("service_type", rows, "feedback_response_share")
    found = outcomes.few_answers(response, Scope())
    assert say(found) == "Fewer than a third of the people asked answered about health, 24% (21–27%)."
    satisfied = outcomes.satisfied(
        shares("service_type", rows, "feedback_satisfied_share"), response, Scope()
    )
    assert say(satisfied).startswith("Of those who answered, 24% to 60% were satisfied")
    assert say(satisfied).endswith("few answered about health.")
    enough = shares("service_type", rows[2:] * 2, "feedback_response_share")
    assert outcomes.few_answers(enough, Scope()).kind == "range"


def test_years_without_a_survey_are_no_gap_and_hidden_ones_stay() -> None:
    rows = [
        ("2019", "a", 30.0, ""),
        ("2020", "a", None, "x"),
        ("2021", "a", None, "c"),
        ("2022", "a", 20.0, ""),
    ]
    answer = made.answer(("period", "survey_item"), rows, measure="survey_agreeing_share")
    assert waves_only(answer).frame["period"].to_list() == ["2019", "2021", "2022"]
    nothing = made.answer(("period", "survey_item"), rows[1:2], measure="survey_agreeing_share")
    assert waves_only(nothing).frame.height == 1


WAVES = [
    ("2019", "a", 30.0, ""), ("2021", "a", 36.0, ""), ("2023", "a", 20.0, ""),
    ("2019", "b", 50.0, ""), ("2021", "b", 51.0, ""), ("2023", "b", None, "x"),
]  # fmt: skip


def test_a_survey_runs_from_the_first_wave_to_the_last_and_only_clear_changes_count() -> None:
    plain = made.answer(("period", "survey_item"), WAVES, measure="survey_agreeing_share")
    sides = [pl.col("value").sub(2).alias("lower"), pl.col("value").add(2).alias("upper")]
    answer = replace(plain, frame=plain.frame.with_columns(*sides))
    basis = basis_of_waves(answer)
    assert (basis.long_run.words, basis.newest.words) == ("2023 against 2019", "2023 against 2021")
    found = outcomes.opinion(answer, Scope())
    assert [part.direction for part in found.parts] == [-1]
    assert say(found).startswith("Agreement with “A” fell from 30% in 2019 to 20% (18–22%) in 2023")
    assert basis_of_waves(replace(plain, frame=plain.frame.head(1))).key == ""


RATE: list[Row] = [("A", 50, 48, 52, 1e6), ("B", 49, 47, 51, 1e6), ("C", 40, 37, 43, 1e6)]
TELL: list[Row] = [("A", 14, 12, 16, 3000), ("B", 15, 13, 17, 1000), ("C", 4, 3, 9, 1500)]
BELIEVE: list[Row] = [("A", 48, 46, 50, 3000), ("B", 46, 43, 49, 1000), ("C", 35, 33, 37, 1500)]


def signs(rate=RATE, tell=TELL, believe=BELIEVE):
    given = {IDENTIFIED: shares("area", rate), TOLD: shares("area", tell), BELIEF: shares("area", believe)}
    return {one.area: one for one in area_signs(given)}


def test_two_clear_signs_make_an_area_one_to_ask_about_and_the_others_are_not() -> None:
    found = signs()
    assert found["C"].low == (TOLD, BELIEF)
    assert [area for area, one in found.items() if one.may_be_unreported] == ["C"]
    assert found["C"].signs[IDENTIFIED].direction == -1


def finding(rate=RATE, tell=TELL, believe=BELIEVE):
    given = {IDENTIFIED: shares("area", rate), TOLD: shares("area", tell), BELIEF: shares("area", believe)}
    return low_reporting_of(given, area_signs(given), Filters())


def test_the_sentence_names_the_area_and_its_clearest_sign_and_nothing_else() -> None:
    assert say(finding()) == (
        "In C a low count may mean low reporting: 4% (3–9%) of people identified came forward or were "
        "reported by the public, against 14% elsewhere, and fewer residents say that it happens where they "
        "live."
    )
    assert say(finding(believe=[*BELIEVE[:2], ("C", 47, 45, 49, 1500)])).startswith("No area shows two")
    hidden = [(area, None, None, None, 0) for area, *_ in TELL]
    assert say(finding(tell=hidden, believe=hidden)).startswith("The numbers are too small")


def test_any_page_gets_the_same_finding_from_a_release(release) -> None:
    """A release without a survey has one sign of two: nothing to tell in a list."""
    assert low_reporting(release, Filters(), load_catalog()) == ()


def test_elsewhere_is_the_mean_of_the_others_by_their_base() -> None:
    assert signs()["C"].signs[TOLD].elsewhere.value == pytest.approx((14 * 3000 + 15 * 1000) / 4000)


def test_one_sign_is_not_enough_and_a_high_count_is_never_called_low_reporting() -> None:
    assert not signs(believe=[*BELIEVE[:2], ("C", 47, 45, 49, 1500)])["C"].may_be_unreported
    assert not signs(rate=[*RATE[:2], ("C", 70, 67, 73, 1e6)])["C"].may_be_unreported


def test_wide_intervals_and_hidden_figures_give_no_sign() -> None:
    assert signs(tell=[*TELL[:2], ("C", 4, 0, 30, 60)])["C"].low == (BELIEF,)
    hidden = signs(tell=[*TELL[:2], ("C", None, None, None, 0)])["C"]
    assert hidden.signs[TOLD].here is None
    assert hidden.signs[TOLD].direction == 0
    assert not hidden.may_be_unreported


def test_a_single_area_has_nothing_to_be_compared_with() -> None:
    found = signs(RATE[:1], TELL[:1], BELIEVE[:1])
    assert found["A"].signs[TOLD].elsewhere is None
    assert found["A"].low == ()
