"""Campaigns: the same quarters of other years are what is usual; too little shown is no comparison."""

import datetime
import math

import numpy as np
import polars as pl
import pytest

from analysis import periods
from analysis.topics import campaigns
from analysis.topics.campaigns import (
    Campaign,
    Compared,
    can_be_compared,
    compared,
    contrast,
    free_areas,
    together,
    touched_quarters,
    whole_quarters,
)


def campaign(start: str, end: str | None, **changed: object) -> Campaign:
    given = {
        "code": "a",
        "name": "A (fictional)",
        "theme": "general",
        "area": "C1",
        "start": datetime.date.fromisoformat(start),
        "end": datetime.date.fromisoformat(end) if end else None,
        "cost": 10.0,
        "contributor": "line",
        "events": 1,
        "people_reached": 2,
        "media_audience": 3,
    }
    return Campaign(**given | changed)  # type: ignore[arg-type]


USUAL = {f"{year}-Q{number}": 20.0 for year in range(2016, 2026) for number in range(1, 5)}


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        ("2022-03-01", "2022-11-30", ("2022-Q2", "2022-Q3")),
        ("2022-01-01", "2022-03-31", ("2022-Q1",)),
        ("2022-02-01", "2022-04-30", ()),
        ("2025-03-01", None, ("2025-Q2", "2025-Q3")),
    ],
)
def test_whole_quarters(start: str, end: str | None, wanted: tuple[str, ...]) -> None:
    assert whole_quarters(campaign(start, end), "2025-11") == wanted


def test_a_quarter_that_the_campaign_touched_is_no_usual_one() -> None:
    assert touched_quarters(campaign("2022-03-01", "2022-11-30")) == {
        "2022-Q1",
        "2022-Q2",
        "2022-Q3",
        "2022-Q4",
    }


def test_twice_the_usual_number_is_two() -> None:
    quarters = ("2022-Q2", "2022-Q3")
    found = compared(USUAL | dict.fromkeys(quarters, 40.0), quarters, {*quarters}, 3.0)
    assert found is not None
    assert (found.during, found.usual, found.ratio, found.years) == (80.0, 40.0, 2.0, 9)
    assert found.direction == 1
    spread = math.sqrt((80 + 6) / 80**2 + 2 * (23 / 9) / 40**2)
    assert found.upper == pytest.approx(2 * math.exp(1.959964 * spread), rel=1e-6)


def test_no_difference_is_not_claimed() -> None:
    found = compared(USUAL | {"2022-Q2": 24.0}, ("2022-Q2",), {"2022-Q2"}, 3.0)
    assert found is not None and found.direction == 0


def test_years_that_vary_much_widen_the_interval() -> None:
    wild = {period: value * (0.3 if int(period[:4]) % 2 else 1.7) for period, value in USUAL.items()}
    calm = compared(USUAL | {"2022-Q2": 45.0}, ("2022-Q2",), {"2022-Q2"}, 3.0)
    loud = compared(wild | {"2022-Q2": 45.0}, ("2022-Q2",), {"2022-Q2"}, 3.0)
    assert calm is not None and loud is not None
    assert calm.direction == 1 and loud.direction == 0


def test_too_little_shown_is_no_comparison() -> None:
    few = {period: value for period, value in USUAL.items() if period[:4] in ("2021", "2022", "2023")}
    assert not can_be_compared(few, ("2022-Q2",), {"2022-Q2"}), "two other years are not enough"
    assert compared(few, ("2022-Q2",), {"2022-Q2"}, 3.0) is None
    hidden = {period: value for period, value in USUAL.items() if period != "2022-Q2"}
    assert compared(hidden, ("2022-Q2",), {"2022-Q2"}, 3.0) is None
    assert compared(USUAL, (), set(), 3.0) is None


def test_several_contributors_are_summed_where_all_are_shown() -> None:
    assert together([{"2022-Q1": 10.0, "2022-Q2": 11.0}, {"2022-Q2": 20.0}]) == {"2022-Q2": 31.0}
    assert together([]) == {}


def test_hidden_and_provisional_quarters_are_left_out() -> None:
    rows = [
        {"period": "2025-Q1", "value": 12.0, "marker": ""},
        {"period": "2025-Q2", "value": None, "marker": "c"},
        {"period": "2025-Q3", "value": 14.0, "marker": "p"},
    ]
    assert campaigns.values_of(rows) == {"2025-Q1": 12.0}


def test_which_campaigns_ran_where_and_when() -> None:
    first = campaign("2018-05-01", "2018-10-31")
    whole = campaign("2019-01-01", None, code="b", area="", cost=None)
    span = periods.Span(periods.span_of("2018-10").first, periods.span_of("2018-12").last)
    assert campaigns.running([first, whole], span, ()) == [first]
    assert campaigns.running([first, whole], None, {"C2"}) == [whole], (
        "one for the whole region is one for all"
    )
    assert campaigns.total_cost([first, whole]) == 10.0
    assert first.plain_name == "A"
    assert campaigns.campaigns(pl.DataFrame()) == []


def test_about_one_in_forty_campaigns_without_effect_is_taken_for_a_rise() -> None:
    rng, rises = np.random.default_rng(5), 0
    for _ in range(600):
        drawn = {period: float(rng.poisson(25) + rng.integers(-3, 4)) for period in USUAL}
        found = compared(drawn, ("2022-Q2", "2022-Q3"), {"2022-Q2", "2022-Q3"}, 3.0)
        assert found is not None
        rises += found.direction > 0
    assert rises / 600 <= 0.05


def test_three_times_here_and_three_times_everywhere_is_no_difference() -> None:
    here, elsewhere = Compared(60, 20, 3.0, 2.0, 4.5, 9), Compared(300, 100, 3.0, 2.5, 3.6, 9)
    same = contrast(here, elsewhere)
    assert (same.ratio, same.direction) == (1.0, 0)
    assert math.log(same.upper) == pytest.approx(math.hypot(math.log(1.5), math.log(1.2)))
    assert same.lower * same.upper == pytest.approx(1.0)
    apart = contrast(here, Compared(100, 100, 1.0, 0.8, 1.25, 9))
    assert (apart.ratio, apart.direction) == (3.0, 1)
    assert contrast(Compared(20, 60, 1 / 3, 0.2, 0.5, 9), elsewhere).direction == -1


def test_areas_with_a_campaign_of_their_own_are_no_comparison() -> None:
    one = campaign("2022-03-01", "2022-11-30")
    quarters = ("2022-Q2", "2022-Q3")
    then = campaign("2022-09-01", None, code="b", area="C3")
    later = campaign("2023-01-01", None, code="c", area="C2")
    assert free_areas(one, [one, then, later], ["C1", "C2", "C3", "C4"], quarters) == ("C2", "C4")
    everywhere = campaign("2022-06-01", "2022-08-31", code="d", area="")
    assert free_areas(one, [one, everywhere], ["C1", "C2"], quarters) == ()
