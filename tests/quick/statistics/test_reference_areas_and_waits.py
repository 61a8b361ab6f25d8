"""Smoothed rates, likeness of neighbours and waits equal the published tables."""

import csv
import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from analysis.statistics.areas.clusters import discoveries, local_moran, moran
from analysis.statistics.areas.neighbours import Neighbours, from_links, nearest, touching
from analysis.statistics.areas.smoothing import chance_of_at_most, marshall, poisson_gamma, standardised
from analysis.statistics.survival import TRANSFORMS, kaplan_meier, log_rank
from tests.support import reference


def rows(*parts: str) -> list[dict[str, str]]:
    with reference(*parts).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def column(table: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in table])


@cache
def carolina() -> tuple[list[dict[str, str]], Neighbours, dict[str, Any]]:
    table = rows("smoothing", "nc_sids_1974_reference.csv")
    place = {row["county"]: number for number, row in enumerate(table)}
    links = [(place[row["from"]], place[row["to"]]) for row in rows("smoothing", "nc_neighbours.csv")]
    expected = json.loads(reference("smoothing", "nc_1974_expected.json").read_text("utf-8"))["year_1974"]
    return table, from_links(len(table), links), expected


@pytest.mark.real
def test_smoothed_rates() -> None:
    table, neighbours, expected = carolina()
    cases, births = column(table, "cases"), column(table, "births")
    whole, local = marshall(cases, births), marshall(cases, births, neighbours)
    assert whole.smoothed == pytest.approx(column(table, "eb_marshall_global"), rel=1e-8)
    assert local.smoothed == pytest.approx(column(table, "eb_marshall_local"), rel=1e-8)
    assert (whole.variance[0], whole.mean[0]) == pytest.approx((expected["a"], expected["b"]), rel=1e-8)
    assert chance_of_at_most(cases, births) == pytest.approx(column(table, "choynowski_p"), rel=1e-8)


@pytest.mark.real
def test_likeness_of_neighbours() -> None:
    table, neighbours, expected = carolina()
    found = moran(column(table, "raw"), neighbours, permutations=199)
    assert found.value == pytest.approx(expected["moran_I"], rel=1e-8)
    assert found.expected == pytest.approx(expected["moran_E"], rel=1e-8)
    assert found.variance == pytest.approx(expected["moran_V_rand"], rel=1e-8)
    assert found.z == pytest.approx(expected["moran_z_rand"], rel=1e-8)
    assert found.p == pytest.approx(expected["moran_p_greater"], rel=1e-6)
    assert found.permuted_p < 0.02
    local = local_moran(column(table, "raw"), neighbours, permutations=199)
    assert local.value == pytest.approx(column(table, "local_moran_I"), rel=1e-8)
    rates = standardised(column(table, "cases"), column(table, "births"))
    assert moran(rates, neighbours, 99).value == pytest.approx(expected["EB_moran_I_W"], rel=1e-8)


@pytest.mark.real
def test_waits() -> None:
    table = rows("survival", "aml.csv")
    expected = json.loads(reference("survival", "aml_expected.json").read_text("utf-8"))["aml"]
    time, status, group = column(table, "time"), column(table, "status"), [row["x"] for row in table]
    for transform in TRANSFORMS:
        curve = kaplan_meier(time, status, 0.95, transform)
        for row in rows("survival", "aml_km_reference.csv"):
            if row["conf"] == transform:
                [place] = np.flatnonzero(curve.times == float(row["time"]))
                shown = (curve.at_risk, curve.survival, curve.lower, curve.upper)
                wanted = [float(row[name]) for name in ("n_risk", "surv", "lo", "hi")]
                assert [one[place] for one in shown] == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    for name, key in (("Maintained", "median_maintained"), ("Nonmaintained", "median_nonmaintained")):
        own = np.array([one == name for one in group])
        assert kaplan_meier(time[own], status[own]).quantile(0.5)[0] == expected[key]
    assert log_rank(time, status, group).chi_square == pytest.approx(expected["logrank_chisq"], rel=1e-9)


# --- what is known without a reference ---


def grid(side: int) -> Neighbours:
    """Return the neighbours of squares on a board, corners included."""
    return touching([box(x, y, x + 1, y + 1) for y in range(side) for x in range(side)])


def test_squares_touch_at_corners_and_a_centre_is_nearest_to_those_beside_it() -> None:
    board = grid(3)
    assert [len(board.of(area)) for area in range(9)] == [3, 5, 3, 5, 8, 5, 3, 5, 3]
    line = nearest([0.0, 1.0, 2.0, 10.0], [0.0] * 4, 1)
    assert [line.of(area).tolist() for area in range(4)] == [[1], [0], [1], [2]]


def test_a_hot_corner_is_found_and_noise_is_not() -> None:
    board, values = grid(10), np.random.default_rng(3).normal(size=100)
    assert local_moran(values, board, 1_999).is_found.sum() <= 1
    values[[0, 1, 2, 10, 11, 12, 20, 21, 22]] += 6
    found = local_moran(values, board, 1_999)
    assert found.hot[11] and not found.cold[11]
    assert not found.hot[[5, 55, 77, 99]].any()


def test_false_discoveries_stay_at_the_rate_when_nothing_is_there() -> None:
    random = np.random.default_rng(5)
    runs = [discoveries(random.random(100)).any() for _ in range(400)]
    assert 0.02 < np.mean(runs) < 0.09
    assert discoveries([0.04, 0.001, 0.03, 0.9], 0.05).tolist() == [False, True, False, False]


def test_an_island_is_counted_apart_and_has_no_spot() -> None:
    links = [(a, b) for a in range(5) for b in range(5) if abs(a - b) == 1]
    board = from_links(6, links)
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 99.0]
    found = moran(values, board, 99)
    assert (found.areas, found.islands) == (5, 1)
    local = local_moran(values, board, 99)
    assert np.isnan(local.value[5]) and not local.is_found[5]
    assert marshall([1, 2, 3, 4, 5, 9], [100.0] * 6, board).smoothed[5] == pytest.approx(0.09)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(50, 5_000)), min_size=2, max_size=25))
def test_a_smoothed_rate_lies_between_its_own_and_the_mean(areas: list[tuple[int, int]]) -> None:
    count, people = (np.array(one, dtype=float) for one in zip(*areas, strict=True))
    found = marshall(count, people)
    low, high = np.minimum(found.raw, found.mean), np.maximum(found.raw, found.mean)
    assert (found.smoothed >= low - 1e-12).all() and (found.smoothed <= high + 1e-12).all()
    assert ((found.weight >= 0) & (found.weight <= 1)).all()
    twice = marshall(count, people * 2)
    assert twice.mean * 2 == pytest.approx(found.mean), "half the rate of twice the people"
    ratios = poisson_gamma(count, people * max(count.sum(), 1) / people.sum())
    assert np.isfinite(ratios.smoothed).all() and (ratios.smoothed >= 0).all()


@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40).filter(
        lambda waits: any(over for _, over in waits)
    )
)
def test_who_still_waits_never_grows_and_unlabelled_order_is_nothing(waits: list[tuple[int, bool]]) -> None:
    time, over = zip(*waits, strict=True)
    curve = kaplan_meier(time, over)
    assert (np.diff(curve.survival) <= 1e-12).all() and (curve.survival >= -1e-12).all()
    known = ~np.isnan(curve.lower)
    assert (curve.lower[known] <= curve.survival[known] + 1e-12).all()
    assert (curve.upper[known] >= curve.survival[known] - 1e-12).all()
    back = kaplan_meier(time[::-1], over[::-1])
    assert np.array_equal(back.survival, curve.survival)
    weeks = kaplan_meier(np.array(time) * 7, over)
    assert weeks.quantile(0.5)[0] == pytest.approx(7 * curve.quantile(0.5)[0])


def test_without_anybody_still_waiting_it_is_the_plain_share() -> None:
    curve = kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])
    assert curve.survival == pytest.approx([0.75, 0.5, 0.25, 0.0])
    assert curve.quantile(0.5)[0] == 2.5, "the middle of the step, as R does"
    assert np.isnan(curve.lower[-1]) and np.isnan(curve.upper[-1])
    assert kaplan_meier([5, 6], [0, 1]).quantile(0.5)[0] == 6


def test_groups_that_are_alike_do_not_differ() -> None:
    assert log_rank([1, 2, 3, 1, 2, 3], [1, 1, 0, 1, 1, 0], list("aaabbb")).chi_square == pytest.approx(0)
    assert log_rank([1, 1, 1, 9, 9, 9], [1] * 6, list("aaabbb")).p < 0.05


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: kaplan_meier([1, -1], [1, 1]), r"time\[1\] is below 0"),
        (lambda: kaplan_meier([1, 2], [1, 2]), r"ended\[1\] is neither"),
        (lambda: kaplan_meier([1, 2], [1]), "ended has 1 values; time has 2"),
        (lambda: kaplan_meier([1, float("nan")], [1, 1]), r"time\[1\] is no finite"),
        (lambda: kaplan_meier([1, 2], [0, 0]), "no wait that is over"),
        (lambda: kaplan_meier([], []), "time is empty"),
        (lambda: kaplan_meier([[1]], [[1]]), "time has the shape"),
        (lambda: kaplan_meier([1], [1]).quantile(1), "share is 1"),
        (lambda: log_rank([1, 2], [1, 1], ["a", "a"]), "group holds 1 name"),
        (lambda: marshall([1, 2], [10, 0]), r"population\[1\] is not above 0"),
        (lambda: marshall([1, 20], [10, 10]), r"count\[1\] is larger than its population"),
        (lambda: marshall([1, 1.5], [10, 10]), r"count\[1\] is no whole"),
        (lambda: marshall([1, 2, 3], [9, 9, 9], from_links(2, [])), "neighbours are of 2 areas"),
        (lambda: standardised([0, 0], [10, 10]), "holds no event"),
        (lambda: moran([1, 2, 3], from_links(3, [(0, 1), (1, 0)])), "link 2 areas"),
        (lambda: moran([1, 1, 1, 1], from_links(4, [(0, 1), (1, 2), (2, 3), (3, 0)])), "do not vary"),
        (lambda: moran([1, 2], from_links(4, [])), "values has 2 values"),
        (lambda: from_links(3, [(0, 0)]), r"links\[0\]: an area is no neighbour"),
        (lambda: from_links(3, [(0, 1), (0, 3)]), r"links\[1\] names an area"),
        (lambda: nearest([0, 1], [0, 0], 2), "number is 2"),
        (lambda: discoveries([0.5, -0.1]), r"p\[1\] is below 0"),
    ],
)
def test_wrong_arguments_are_named_with_their_first_bad_index(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
