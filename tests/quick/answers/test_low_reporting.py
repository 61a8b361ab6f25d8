"""Outcomes and low reporting: what may be called least, lower, changed; areas against all others together."""

from dataclasses import replace

import polars as pl
import pytest

from analysis import Answer
from analysis.findings.outcomes import below, courses, extremes, leader, moved_most, waves_only
from analysis.findings.underreporting import BELIEF, IDENTIFIED, TOLD, area_signs, reported_share
from analysis.topics.data_quality import Contributor
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
    found = extremes(shares("outcome_domain", DOMAINS))
    assert found is not None
    assert (found.lowest["outcome_domain"], found.highest["outcome_domain"], found.is_clear) == (
        "housing",
        "safety",
        True,
    )
    close = [("housing", 36, 30, 42, 90), ("safety", 40, 34, 46, 90)]
    assert not extremes(shares("outcome_domain", close)).is_clear
    assert extremes(shares("outcome_domain", DOMAINS[:1])) is None


def test_the_leader_and_the_next() -> None:
    first, second, is_clear = leader(shares("outcome_domain", DOMAINS))
    assert (first["outcome_domain"], second["outcome_domain"], is_clear) == ("safety", "health", True)
    assert leader(shares("outcome_domain", DOMAINS[-1:])) is None


def test_below_a_limit_means_with_the_whole_interval() -> None:
    rows = [("legal", 30, 26, 34, 200), ("health", 24, 21, 27, 200)]
    assert [row["service_type"] for row in below(shares("service_type", rows), 100 / 3)] == ["health"]


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


def test_a_course_runs_from_the_first_wave_to_the_last_and_only_clear_ones_count() -> None:
    rows = [
        ("2019", "a", 30.0, ""), ("2021", "a", 36.0, ""), ("2023", "a", 20.0, ""),
        ("2019", "b", 50.0, ""), ("2021", "b", 51.0, ""), ("2023", "b", None, "x"),
    ]  # fmt: skip
    found = courses(made.answer(("period", "survey_item"), rows, measure="survey_agreeing_share"))
    assert [(one.code, one.first.value, one.last.value, one.direction) for one in found] == [
        ("a", 30.0, 20.0, -1),
        ("b", 50.0, 51.0, 0),
    ]
    assert moved_most(found).code == "a"
    assert moved_most(found, 1) is None


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


def test_elsewhere_is_the_mean_of_the_others_by_their_base() -> None:
    assert signs()["C"].signs[TOLD].elsewhere == pytest.approx((14 * 3000 + 15 * 1000) / 4000)


def test_one_sign_is_not_enough_and_a_high_count_is_never_called_low_reporting() -> None:
    assert not signs(believe=[*BELIEVE[:2], ("C", 47, 45, 49, 1500)])["C"].may_be_unreported
    assert not signs(rate=[*RATE[:2], ("C", 70, 67, 73, 1e6)])["C"].may_be_unreported


def test_wide_intervals_and_hidden_figures_give_no_sign() -> None:
    assert signs(tell=[*TELL[:2], ("C", 4, 0, 30, 60)])["C"].low == (BELIEF,)
    hidden = signs(tell=[*TELL[:2], ("C", None, None, None, 0)])["C"]
    assert hidden.signs[TOLD].value is None
    assert hidden.signs[TOLD].direction == 0
    assert not hidden.may_be_unreported


def test_a_single_area_has_nothing_to_be_compared_with() -> None:
    found = signs(RATE[:1], TELL[:1], BELIEVE[:1])
    assert found["A"].signs[TOLD].elsewhere is None
    assert found["A"].low == ()


def test_the_share_of_months_with_a_report() -> None:
    months = (("2025-01", True), ("2025-02", True), ("2025-03", False), ("2025-04", False))
    roster = [
        Contributor("a", "A", months, "2025-02", has_stopped=True),
        Contributor("b", "B", tuple((month, True) for month, _ in months), "2025-04", has_stopped=False),
    ]
    assert reported_share(roster) == 75
