"""Reporting delay: a published triangle, and intervals that cover the later total."""

from typing import Any

import numpy as np
import pytest

from analysis.statistics.series.delay import delays, later_total, period_total

#: Taylor & Ashe (1983), J. Econometrics 23, 37-61: the triangle that chain ladders are checked with.
TRIANGLE = """
357848 766940 610542 482940 527326 574398 146342 139950 227229 67948
352118 884021 933894 1183289 445745 320996 527804 266172 425046
290507 1001799 926219 1016654 750816 146923 495992 280405
310608 1108250 776189 1562400 272482 352053 206286
443160 693190 991983 769488 504851 470639
396132 937085 847498 805037 705960
440832 847631 1131398 1063269
359480 1061648 1443370
376686 986608
344014
"""


def published() -> np.ndarray:
    table = np.full((10, 10), np.nan)
    for row, line in enumerate(TRIANGLE.split("\n")[1:-1]):
        values = [float(one) for one in line.split()]
        table[row, : len(values)] = values
    return table


def test_the_reserves_of_taylor_and_ashe() -> None:
    """England & Verrall (2002), table 1: chain ladder 18,680,856 in all, dispersion 52,601."""
    table = published()
    found = delays(table)
    passed, seen = (~np.isnan(table)).sum(axis=1) - 1, np.nansum(table, axis=1)
    to_come = later_total(seen, found.complete[passed]).expected - seen
    assert to_come.round().tolist() == [
        *(0, 94634, 469511, 709638, 984889, 1419459, 2177641, 3920301, 4278972, 4625811)
    ]
    assert to_come.sum() == pytest.approx(18_680_856, abs=0.5)
    assert found.dispersion == pytest.approx(52_601, abs=1)
    assert (np.diff(found.complete) > 0).all() and found.complete[-1] == 1


def inside(mean: float, spread: float, draws: int) -> float:
    shares, periods, found = np.array([0.5, 0.2, 0.1, 0.08, 0.06, 0.04, 0.02]), 24, []
    for seed in range(draws):
        random = np.random.default_rng(seed)
        cell = np.outer(mean * (1 + 0.2 * np.sin(np.arange(periods) / 2)), shares)
        whole = (
            random.negative_binomial(cell / (spread - 1), 1 / spread) if spread > 1 else random.poisson(cell)
        )
        triangle = whole.astype(float)
        for row in range(periods):
            triangle[row, periods - row :] = np.nan
        one = delays(triangle)
        passed = (~np.isnan(triangle)).sum(axis=1)[-6:] - 1
        seen = np.nansum(triangle, axis=1)[-6:] + np.round(random.normal(0, np.sqrt(3), 6))
        later = later_total(
            np.maximum(seen, 0),
            one.complete[passed],
            errors=one.errors[passed],
            dispersion=one.dispersion,
            noise_variance=3.0,
        )
        total = whole.sum(axis=1)[-6:]
        found.append((later.lower <= total) & (total <= later.upper))
    return float(np.mean(found))


@pytest.mark.parametrize(("mean", "spread"), [(100, 1.0), (100, 2.0), (15, 1.0), (800, 3.0)])
def test_the_interval_covers_the_later_total_after_the_protection(mean: float, spread: float) -> None:
    assert 0.92 <= inside(mean, spread, draws=120) <= 0.99


def test_what_is_complete_stays_and_what_is_less_complete_is_less_certain() -> None:
    found = later_total([100, 100, 100], [1.0, 0.8, 0.5])
    assert found.expected == pytest.approx([100, 125, 200])
    assert found.lower[0] == found.upper[0] == 100
    assert 0 < found.upper[1] - found.lower[1] < found.upper[2] - found.lower[2]
    nothing = later_total([0], [0.5])
    assert nothing.lower[0] == 0 and 0 < nothing.upper[0] < 6


def test_a_period_is_its_complete_parts_and_what_the_others_come_to() -> None:
    middle, lower, upper = period_total(1000, [90, 50], [0.9, 0.5])
    assert middle == pytest.approx(1000 - 140 + 100 + 100)
    one = later_total([140], [140 / 200])
    assert (lower, upper) == pytest.approx((860 + one.lower[0], 860 + one.upper[0]))
    assert period_total(1000, [90], [1.0]) == (1000, 1000, 1000)
    # A part that is the whole is a later total; so is what has nobody yet.
    whole = later_total([50], [0.5], noise_variance=3.0)
    assert period_total(50, [50], [0.5], noise_variance=3.0) == pytest.approx(
        (100, whole.lower[0], whole.upper[0])
    )
    assert period_total(0, [0], [0.5])[0] == 0 < period_total(0, [0], [0.5])[2]


def test_what_makes_a_period_less_certain_makes_its_limits_wider() -> None:
    def width(**more: Any) -> float:
        _, lower, upper = period_total(1000, [90, 50], [0.9, 0.5], **more)
        return upper - lower

    assert width() < width(dispersion=2.0)
    assert width() < width(noise_variance=3.0)
    assert width() < width(errors=[0.1, 0.1]) < width(shared_errors=[0.1, 0.1])


def test_a_triangle_without_late_records_is_complete() -> None:
    found = delays([[10, 0, 0], [12, 0, np.nan], [9, np.nan, np.nan]])
    assert found.complete.tolist() == [1, 1, 1] and found.errors.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: delays([[1, 2]]), r"triangle has the shape \(1, 2\)"),
        (lambda: delays([1, 2]), r"triangle has the shape \(2,\)"),
        (lambda: delays([[1, 2], [np.nan, 1]]), r"triangle\[1, 0\] is not known before"),
        (lambda: delays([[1, 2], [-1, 1]]), r"triangle\[1, 0\] is below 0"),
        (lambda: delays([[1, np.nan], [1, np.nan]]), "no period of which all delays are known"),
        (lambda: delays([[0, 2], [0, np.nan]]), "no record at delay 0"),
        (lambda: later_total([5, 5], [0.5]), "complete has 1 values"),
        (lambda: later_total([5], [0.0]), r"complete\[0\] is not above 0"),
        (lambda: later_total([5], [1.2]), r"complete\[0\] is above 1"),
        (lambda: period_total(9, [], []), "parts is empty"),
        (lambda: period_total(9, [5, 5], [0.5]), "complete has 1 values"),
        (lambda: period_total(9, [5], [1.2]), r"complete\[0\] is above 1"),
        (lambda: period_total(9, [-5], [0.5]), r"parts\[0\] is below 0"),
        (lambda: later_total([-5], [0.5]), r"observed\[0\] is below 0"),
        (lambda: later_total([5], [0.5], dispersion=0.5), "dispersion"),
    ],
)
def test_wrong_arguments_are_named(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
