"""Gaps, what-if and smallest changes: nothing is lost on the way, and what is alike is not ranked."""

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Answer
from analysis.topics.gaps import EVERYONE, Estimate, Situation, by_areas, exactly, in_area, part_of, window
from analysis.topics.what_if import (
    Centre,
    access_then,
    apply,
    in_whole_people,
    open_site,
    reach_then,
    smallest_changes,
)


def made(**changed: object) -> Situation:
    """A full shelter: 18 places, four people a place and year, 120 not served, 75 % of them for no place."""
    usual = Situation(
        service_type="housing",
        group="men_and_boys",
        need=Estimate(250, 230, 270),
        unmet=Estimate(120, 105, 135),
        no_place=Estimate(0.75, 0.7, 0.8),
        places=18.0,
        in_use=Estimate(18, 17, 19),
        left=Estimate(72, 66, 78),
        waiting=exactly(6),
    )
    return replace(usual, **changed)


def estimates(low: float, high: float):
    ends = st.lists(st.floats(low, high), min_size=3, max_size=3).map(sorted)
    return ends.map(lambda three: Estimate(three[1], three[0], three[2]))


def situations():
    return st.builds(
        made,
        need=estimates(50, 400),
        unmet=estimates(0, 50),
        no_place=estimates(0, 1),
        places=st.floats(1, 200),
        in_use=estimates(1, 200),
        left=estimates(1, 500),
    )


@given(situations(), st.integers(-200, 200))
def test_places_added_are_places_used_and_places_idle(one: Situation, change: int) -> None:
    done = apply(one, change)
    assert done.used + done.idle == pytest.approx(abs(change))
    assert done.used >= -1e-9
    assert done.idle >= -1e-9


@given(situations(), st.integers(0, 200))
def test_people_helped_and_people_left_are_the_people_before(one: Situation, change: int) -> None:
    done = apply(one, change)
    assert done.helped.value + done.unserved_after.value == pytest.approx(one.unmet.value)
    assert done.helped.value == pytest.approx(done.used * one.turnover.value)
    assert done.unserved_after.lower <= done.unserved_after.value + 1e-9
    assert done.unserved_after.upper >= done.unserved_after.value - 1e-9
    assert done.unserved_after.lower >= 0


@given(situations(), st.integers(0, 100), st.integers(0, 100))
def test_more_places_never_serve_fewer(one: Situation, some: int, more: int) -> None:
    assert apply(one, some + more).helped.value >= apply(one, some).helped.value - 1e-9


def test_ten_beds_by_hand() -> None:
    done = apply(made(), 10)
    assert done.used == 10
    assert done.helped.value == pytest.approx(40), "ten places, four people each a year"
    assert done.unserved_after.value == pytest.approx(80)
    assert done.wait_before == pytest.approx(6 / 72 * 365)
    assert done.wait_after == pytest.approx(6 / 112 * 365)


def test_places_beyond_those_who_lack_one_stand_idle() -> None:
    done = apply(made(), 100)
    assert done.helped.value == pytest.approx(90), "75 % of 120 lacked a place"
    assert done.used == pytest.approx(22.5)
    assert done.idle == pytest.approx(77.5)
    assert done.unserved_after.value == pytest.approx(30), "other reasons stay"


def test_free_places_are_filled_first() -> None:
    half_empty = made(places=60.0)
    assert half_empty.free == pytest.approx(0.9 * 60 - 18)
    assert apply(half_empty, 20).helped.value == 0
    assert smallest_changes([half_empty]) == []


def test_places_taken_away_are_free_ones_first() -> None:
    roomy = made(places=20.0)
    assert apply(roomy, -2).helped.value == pytest.approx(0)
    done = apply(roomy, -5)
    assert done.used == pytest.approx(3)
    assert done.helped.value == pytest.approx(-12)
    assert done.unserved_after.value == pytest.approx(132)
    assert apply(made(), -18).wait_after is None, "with no place left nobody's turn comes"


def test_the_smallest_changes_keep_the_order_of_the_lists() -> None:
    quick = made(left=Estimate(180, 170, 190))
    options = smallest_changes([made(service_type="legal"), quick])
    assert [one.situation.service_type for one in options] == ["legal", "housing"]
    assert options[1].places == math.ceil(90 / 10)


@given(situations(), st.integers(-50, 200))
def test_whole_people_add_up(one: Situation, change: int) -> None:
    """A reader adds the numbers of a headline: served more + still without = without now."""
    done = in_whole_people(apply(one, change))
    numbers = [done.unserved_before.value, done.helped.value, done.unserved_after.value]
    assert numbers == [round(number) for number in numbers]
    assert done.helped.value + done.unserved_after.value == done.unserved_before.value


def test_a_gap_within_the_protection_is_no_line() -> None:
    assert smallest_changes([made(unmet=Estimate(12, 3, 20))]) == []
    assert smallest_changes([made(no_place=None)]) == []


def test_an_area_has_its_part_in_the_needs() -> None:
    part = part_of(Estimate(50, 45, 55), Estimate(200, 190, 210))
    assert part.value == pytest.approx(0.25)
    scaled = in_area(made(), part, part)
    assert scaled.is_estimated
    assert scaled.places == pytest.approx(4.5)
    assert scaled.turnover.value == pytest.approx(made().turnover.value), (
        "how long people stay is the region's"
    )
    assert scaled.need.lower < 250 * 0.25 < scaled.need.upper


def test_every_area_has_a_line_and_only_allocations_are_estimates() -> None:
    """Published by area and type of service; by group as well only ever an allocation."""

    def answer(rows: list[tuple[str, str, float | None, int]]) -> Answer:
        frame = pl.DataFrame(
            [
                {"service_type": kind, "area": area, "value": value, "lower": value, "upper": value}
                | {"cells_shown": shown, "cells_total": 3}
                for kind, area, value, shown in rows
            ],
            schema_overrides={"value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64},
        )
        by = ("service_type", "area") if rows[0][1] else ("service_type",)
        return cast("Answer", SimpleNamespace(frame=frame, question=SimpleNamespace(by=by)))

    needs = answer([("housing", "A", 300.0, 3), ("housing", "B", 90.0, 2), ("housing", "C", 60.0, 3)])
    unmet = answer([("housing", "A", 90.0, 3), ("housing", "B", 60.0, 3), ("housing", "C", 20.0, 2)])
    whole = (answer([("housing", "", 450.0, 3)]), answer([("housing", "", 180.0, 3)]))
    for group, published in ((EVERYONE, True), ("men_and_boys", False)):
        first, second, third = by_areas(made(group=group), (needs, whole[0]), (unmet, whole[1]), years=3)
        assert [one.area for one in (first, second, third)] == ["A", "B", "C"]
        assert first.situation is not None and second.situation is not None
        assert third.situation is None, "a sum of a part is no number of people who go without"
        assert first.situation.unmet.value == pytest.approx(30 if published else 120 * 90 / 180)
        assert first.is_published is published
        assert second.situation.places < first.situation.places


@pytest.mark.parametrize(
    ("first", "last", "chosen", "periods", "years"),
    [
        ("2016", "2025-12", None, ("2023", "2025"), 3.0),
        ("2016-01", "2025-06", None, ("2022", "2024"), 3.0),
        ("2025-03", "2025-08", None, ("2025-03", "2025-08"), 0.5),
        ("2016", "2025-12", ("2019", "2019"), ("2019", "2019"), 1.0),
    ],
)
def test_windows(first, last, chosen, periods, years) -> None:
    found = window(first, last, chosen)
    assert found
    assert (found.periods, found.years) == (periods, years)


def test_nothing_covered_is_no_window() -> None:
    assert window("2016", "2025-12", ("2010", "2012")) is None


def test_a_site_in_the_middle_of_an_area() -> None:
    centres = {"A": Centre(0.0, 0.0), "B": Centre(0.1, 0.0), "C": Centre(3.0, 0.0)}
    residents = {"A": 1_000.0, "B": 500.0, "C": 700.0}
    site = open_site(centres, residents, centres["A"], 30)
    assert site
    assert (site.residents, site.within) == (2_200.0, 1_500.0)
    assert site.gained["C"] == 0.0
    added = sum(residents[code] * gained / 100_000 for code, gained in site.gained.items())
    assert added == pytest.approx(30), "all places are within somebody's reach"
    assert open_site({}, residents, centres["A"], 30) is None


@given(st.floats(0, 100), st.floats(0, 100))
def test_reach_after_a_site_lies_between_what_each_alone_reaches_and_both(now: float, newly: float) -> None:
    then = reach_then(now, newly)
    assert then.lower == max(now, newly)
    assert then.upper == min(100, now + newly)
    assert then.lower <= then.value <= then.upper


def test_places_within_reach_grow_with_the_places() -> None:
    assert access_then(6.0, 40, 10) == pytest.approx(7.5)
    assert access_then(6.0, 40, -50) == 0
    assert access_then(6.0, 0, 10) is None


def test_what_areas_gain_from_a_site_adds_up_to_its_places() -> None:
    centres = {"a": Centre(0, 0), "b": Centre(0.1, 0), "far": Centre(5, 0)}
    site = open_site(centres, {"a": 1000, "b": 3000, "far": 4000}, Centre(0, 0), 8)
    assert site
    assert site.gain(["a", "b", "far"]) * 8000 / 100_000 == pytest.approx(8)
    assert site.part_near(["far"]) == 0
    assert site.part_near(["a", "b"]) == 100
    assert site.part_near([]) == 0


def test_the_wait_has_an_interval_before_and_after() -> None:
    done = apply(made(), 10)
    for span, value in ((done.wait_span_before, done.wait_before), (done.wait_span_after, done.wait_after)):
        assert span
        assert span.value == pytest.approx(value)
        assert span.lower < span.value < span.upper
