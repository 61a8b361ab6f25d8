"""Counts, rates, limits and access: impossible arguments are named with their first bad index; edge cases."""

from typing import Any

import numpy as np
import pytest

from analysis.statistics.access import (
    floating_catchment,
    gaussian_weights,
    great_circle,
    plain_weights,
    travel_minutes,
    within,
)
from analysis.statistics.areas.clusters import discoveries
from analysis.statistics.areas.neighbours import nearest
from analysis.statistics.areas.smoothing import standardised
from analysis.statistics.change import Figures, change_between
from analysis.statistics.funnel import proportion_funnel, ratio_funnel
from analysis.statistics.intervals import byar_limits, count_limits, exact_poisson_limits, wilson_limits
from analysis.statistics.life_table import banded_log_rank, life_table
from analysis.statistics.protection import (
    protected_count_limits,
    protected_share_limits,
    share_variance,
    widen,
)
from analysis.statistics.rates import crude_rate, directly_standardised_rate, indirectly_standardised_ratio
from analysis.statistics.series.interrupted import difference

NAN, INF = float("nan"), float("inf")
AREAS = [[5.0] * 12, [6.0] * 12]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: byar_limits([3, -1]), r"count\[1\] is below 0"),
        (lambda: byar_limits(-1), "count is below 0"),
        (lambda: byar_limits([[1, 2], [3, INF]]), r"count\[1, 1\] has no end"),
        (lambda: byar_limits([3], 1.0), "confidence is 1.0"),
        (lambda: exact_poisson_limits([3], 0), "confidence is 0"),
        (lambda: count_limits([-2]), r"count\[0\] is below 0"),
        (lambda: wilson_limits([1, 5], [4, 4]), r"count\[1\] is larger than its base"),
        (lambda: wilson_limits([0, 0], [4, 0]), r"base\[1\] is not above 0"),
        (
            lambda: wilson_limits([1, 2, 3], [4, 4]),
            r"shapes do not fit each other: count \(3,\), base \(2,\)",
        ),
        (lambda: proportion_funnel([10, -5], 0.3), r"base\[1\] is not above 0"),
        (lambda: proportion_funnel([10], 1.3), "target is above 1"),
        (lambda: ratio_funnel([10, 0]), r"expected\[1\] is not above 0"),
        (lambda: ratio_funnel([10], confidence=2), "confidence is 2"),
        (lambda: crude_rate([1, 2], [10, 0]), r"population\[1\] is not above 0"),
        (lambda: crude_rate([1, -2], [10, 10]), r"count\[1\] is below 0"),
        (lambda: crude_rate([1, 2], [10, 10, 10]), "shapes do not fit"),
        (lambda: crude_rate([1], [10], 0), "multiplier is not above 0"),
        (lambda: directly_standardised_rate([5, 9], [10, 0], [1, 1]), r"population\[1\] is not above 0"),
        (lambda: directly_standardised_rate([5, 9], [10, 10], [0, 0]), "standard holds nobody"),
        (lambda: directly_standardised_rate(5, [10, 10], [1, 1]), r"count has the shape \(\)"),
        (lambda: indirectly_standardised_ratio(5, [10, 10], [0, 0]), "standard_rate lets expect no event"),
        (lambda: indirectly_standardised_ratio(5, [10, 10], [0.1, -0.1]), r"standard_rate\[1\] is below 0"),
        (lambda: widen([1], [0], [2], -1), "variance is below 0"),
        (lambda: widen([1, 2], [0, 1, 2], [2, 3], 1), "shapes do not fit"),
        (lambda: protected_count_limits([5, -1], 1, 3), r"count\[1\] is below 0"),
        (lambda: protected_count_limits([5, 6], [1, -1], 3), r"cells\[1\] is below 0"),
        (lambda: protected_count_limits([5], 1, -3), "cell_variance is below 0"),
        (lambda: share_variance([0.2, 1.2], 50, (1, 2), 3), r"share\[1\] is above 1"),
        (lambda: share_variance(0.2, [50, 0], (1, 2), 3), r"base\[1\] is not above 0"),
        (lambda: protected_share_limits([5], [-1], 0), r"base\[0\] is not above 0"),
        (lambda: change_between(Figures([1, 5], [0, 6], [2, 7]), Figures(1, 0, 2)), r"earlier.lower\[1\]"),
        (lambda: change_between(Figures(1, 0, 2), Figures(3, 2, 1)), "later.upper is below its value"),
        (lambda: change_between(Figures([1, 2], 0, 3), Figures([1, 2, 3], 0, 3)), "shapes do not fit"),
        (lambda: great_circle([0, 400], [0, 0], [0], [0]), r"lon\[1\] is above 360"),
        (lambda: great_circle([0], [0], [0], [-91]), r"to_lat\[0\] is below -90"),
        (lambda: great_circle([0, 1], [0], [0], [0]), "lat has 1 values; lon has 2"),
        (lambda: great_circle([NAN], [0], [0], [0]), r"lon\[0\] is no number"),
        (lambda: travel_minutes([[1.0, -1.0]], [True]), r"kilometres\[0, 1\] is no number of 0 or more"),
        (lambda: travel_minutes([[1.0]], [True, False]), "is_rural has the shape"),
        (lambda: within([[5.0], [NAN]], [1, 1], 9), r"minutes\[1, 0\] is no number of 0 or more"),
        (lambda: within([[5.0]], [1, 1], 9), "residents has the shape"),
        (lambda: gaussian_weights([5, -5]), r"minutes\[1\] is no number of 0 or more"),
        (lambda: plain_weights([5], 0), "catchment is 0"),
        (lambda: floating_catchment([[1.0], [0.5]], [5, -1], [3]), r"residents\[1\] is below 0"),
        (lambda: floating_catchment([[1.0]], [5], [3, 4]), r"places has the shape \(2,\)"),
        (lambda: floating_catchment([[1.0]], [5], [NAN]), r"places\[0\] is no number"),
        (lambda: floating_catchment([1.0], [5], [3]), r"weights has the shape \(1,\)"),
        (lambda: standardised([1, 2], [9, 9], [1, -1]), r"noise_variance\[1\] is below 0"),
        (lambda: standardised([1, 2], [9, 9], [1, 1, 1]), "noise_variance has the shape"),
        (
            lambda: life_table([5, 5], [0, 0, 90], [0, 1, 2], ([1, -1], 0.0)),
            r"noise of ended\[1\] is below 0",
        ),
        (lambda: life_table([5, 5], [0, 0, 90], [0, 1, 2], ([1] * 5, 0.0)), "noise of ended has the shape"),
        (lambda: banded_log_rank([[1, 2], [3, NAN]], [[0] * 3] * 2), r"ended\[1, 1\] is no number"),
        (lambda: banded_log_rank([[1, 2], [3, 4]], [[0] * 3, [0, -1, 0]]), r"still\[1, 1\] is no number"),
        (lambda: discoveries([0.5, 1.5]), r"p\[1\] is above 1"),
        (lambda: discoveries([0.5], 0), "rate is 0"),
        (lambda: nearest([0, NAN, 2], [0, 0, 0], 1), r"lon\[1\] is no finite number"),
        (lambda: difference([*AREAS, [5.0] * 11 + [-1.0]], [0], 6), r"count\[2, 11\] is below 0"),
        (lambda: difference(AREAS, [0], 6, population=[[1.0] * 12, [0.0] * 12]), r"population\[1, 0\]"),
    ],
)
def test_what_is_impossible_is_named_with_its_first_bad_index(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_a_number_that_is_not_shown_has_no_limits_and_stops_nothing() -> None:
    lower, upper = protected_count_limits([40.0, NAN], 1, 3.0)
    assert np.isnan([lower[1], upper[1]]).all() and 0 < lower[0] < 40 < upper[0]
    low, high = protected_share_limits([NAN, 20.0], [50.0, 50.0], 0.0)
    assert np.isnan([low[0], high[0]]).all() and low[1] < 0.4 < high[1]


@pytest.mark.parametrize("count", [0, 1])
def test_none_and_one_event_have_limits_that_can_be_said(count: int) -> None:
    rate = crude_rate(count, 1_000, 1_000)
    assert (rate.lower, rate.value) == pytest.approx((0.0 if not count else 0.025318, count), rel=1e-4)
    assert rate.upper == pytest.approx({0: 3.688879, 1: 5.571643}[count], rel=1e-6)


@pytest.mark.parametrize(
    ("count", "base", "lower", "upper"),
    # Newcombe (1998), Stat. Med. 17, 857-872, table I: the score method without continuity correction.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_limits_of_proportions_of_a_paper(count: int, base: int, lower: float, upper: float) -> None:
    assert wilson_limits(count, base) == pytest.approx((lower, upper), abs=5e-5)
