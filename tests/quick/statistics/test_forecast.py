"""Forecasts: a published model, simulated coverages, and series that are no ordinary ones."""

from typing import Any

import numpy as np
import pytest

from analysis.statistics.series.forecast import COUNTS, SMOOTHING, backtest, forecast
from analysis.statistics.series.negative_binomial import at_most, log_chance, quantile
from analysis.statistics.series.smoothing_models import Form, best, fit, forms

#: Oil produced in Saudi Arabia 1996-2013, million tonnes (Hyndman & Athanasopoulos, section 7.1).
OIL = (
    *(445.3641, 453.1950, 454.4096, 422.3789, 456.0371, 440.3866, 425.1944, 486.2052, 500.4291),
    *(521.2759, 508.9476, 488.8889, 509.8706, 456.7229, 473.8166, 525.9509, 549.8338, 542.3405),
)


def test_simple_smoothing_of_a_textbook() -> None:
    found = fit(np.array(OIL), Form(), 3)
    assert found.mean == pytest.approx([542.6806] * 3, abs=1e-3)
    # The book divides by the periods less two, and leaves out that the first level is an estimate as well.
    assert np.sqrt(found.variance * 15 / 16) == pytest.approx(29.8282, abs=1e-3)
    smoothing = np.sqrt(found.spread[1] - found.spread[0])
    assert smoothing == pytest.approx(0.8339, abs=1e-3)


def drawn(seed: int, periods: int, mean: float, season: float = 0.0, year: int = 12) -> np.ndarray:
    random, time = np.random.default_rng(seed), np.arange(periods)
    usual = mean * (1 + season * np.sin(2 * np.pi * (time + seed) / year))
    return np.maximum(random.poisson(usual) + np.round(random.normal(0, np.sqrt(3), periods)), 0)


def covered(mean: float, periods: int, year: int, season: float, draws: int) -> np.ndarray:
    inside = []
    for seed in range(draws):
        series = drawn(seed, periods + 3, mean, season, max(year, 2))
        made = forecast(series[:-3], 3, periods_a_year=year, noise_variance=3.0, exact=False)
        inside.append(((made.lower <= series[-3:]) & (series[-3:] <= made.upper)).mean(axis=1))
    return np.asarray(np.mean(inside, axis=0))


def test_intervals_of_ordinary_counts_cover_what_follows() -> None:
    low, high = covered(mean=60, periods=36, year=1, season=0, draws=60)
    assert 0.72 <= low <= 0.90 and high >= 0.90


def test_intervals_of_small_counts_cover_what_follows() -> None:
    low, high = covered(mean=4, periods=60, year=12, season=0.3, draws=100)
    # A whole number is inside or not: the interval of few is never exact.
    assert 0.74 <= low <= 0.93 and high >= 0.91


def test_a_season_is_found_and_forecast() -> None:
    series = drawn(1, 100, 80, season=0.4)
    made = forecast(series[:88], 12, periods_a_year=12, exact=False)
    assert made.model.endswith("A)")
    assert np.corrcoef(made.middle, series[88:])[0, 1] > 0.8


def test_the_change_of_the_protection_widens_the_interval() -> None:
    steady = [50.0, 51.0, 49.0, 50.0] * 5
    plain, noisy = (forecast(steady, 2, noise_variance=v) for v in (0.0, 50.0))
    assert (noisy.upper - noisy.lower > plain.upper - plain.lower).all()
    small = [2.0, 3.0, 1.0, 4.0] * 5
    plain, noisy = (forecast(small, 2, noise_variance=v) for v in (0.0, 3.0))
    assert (noisy.upper - noisy.lower > plain.upper - plain.lower).all()


@pytest.mark.parametrize("count", [[7] * 20, [50] * 12, [0] * 20, [0] * 19 + [1], [0, 400] * 10])
def test_series_that_are_no_ordinary_ones_have_finite_intervals(count: list[int]) -> None:
    for year in (1, 4):
        made = forecast(count, 3, periods_a_year=year, noise_variance=3.0, exact=False)
        assert np.isfinite([made.middle, *made.lower, *made.upper]).all()
        assert (made.lower <= made.middle).all() and (made.middle <= made.upper).all()
        assert (made.lower[1] <= made.lower[0]).all() and (made.upper[0] <= made.upper[1]).all()
        assert made.upper.min() > 0


def test_a_wider_interval_holds_a_narrower_and_later_periods_are_less_certain() -> None:
    made = forecast(drawn(3, 40, 30), 6)
    width = made.upper - made.lower
    assert (np.diff(width, axis=1) >= -1e-9).all() and (width[0] < width[1]).all()


def test_a_backtest_says_how_earlier_forecasts_did() -> None:
    found = backtest(drawn(5, 40, 40), 3)
    assert found is not None and found.origins >= 10 and found.compared >= 30
    assert 0.6 <= found.covered[0] <= found.covered[1] <= 1
    assert 3 < found.error < 10
    assert backtest(drawn(5, 9, 40), 3) is None
    few = backtest(drawn(5, 40, 3), 3, model=COUNTS)
    assert few is not None and few.covered[1] >= 0.85


def test_members_need_more_periods_than_parameters() -> None:
    assert [one.name for one in forms(9, 1)] == ["ETS(A,N,N)", "ETS(A,A,N)", "ETS(A,Ad,N)"]
    assert [one.name for one in forms(5, 1)] == ["ETS(A,N,N)"]
    assert not forms(4, 1)
    assert Form("Ad", 12).parameters == 18
    assert best(np.array(OIL), 1, 2).form in forms(18, 1)


@pytest.mark.parametrize("periods", range(8, 20))
def test_a_short_series_of_quarters_is_forecast_without_a_season_it_cannot_have(periods: int) -> None:
    for exact in (True, False):
        made = forecast(drawn(1, periods, 40), 2, periods_a_year=4, exact=exact)
        assert periods >= 14 or made.model.endswith("N)")
    backtest(drawn(1, periods, 40), 2, periods_a_year=4)


def test_the_negative_binomial_is_that_of_the_library() -> None:
    from scipy import stats  # noqa: PLC0415 - only this test looks it up

    for size, share in ((0.3, 0.2), (5.0, 0.5), (400.0, 0.9)):
        known, grid = stats.nbinom(size, share), np.arange(0, 60)
        assert at_most(grid, size, share) == pytest.approx(known.cdf(grid), rel=1e-9)
        assert log_chance(grid, size, share) == pytest.approx(known.logpmf(grid), rel=1e-9)
        for below in (0.001, 0.1, 0.5, 0.9, 0.999):
            assert quantile(below, size, share) == known.ppf(below)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: forecast([3, 9], 2), "count has 2 periods; allowed: 8 or more"),
        (lambda: forecast([], 2), "count is empty"),
        (lambda: forecast([5] * 5 + [float("nan")] * 5, 2), r"count\[5\] is no finite number"),
        (lambda: forecast([5, -1, *[5] * 9], 2), r"count\[1\] is below 0"),
        (lambda: forecast([[1, 2], [3, 4]], 2), r"count has the shape \(2, 2\)"),
        (lambda: forecast([5] * 10, 0), "horizon is 0"),
        (lambda: forecast([5] * 10, 2, periods_a_year=0), "periods_a_year is 0"),
        (lambda: forecast([5] * 10, 2, noise_variance=-1), "noise_variance is -1"),
        (lambda: forecast([5] * 10, 2, levels=(0.8, 1.0)), r"levels\[1\] is 1"),
        (lambda: forecast([5] * 10, 2, model="arima"), "model is 'arima'"),
        (lambda: forecast([50] * 10, 2, model=SMOOTHING, scale="log"), "scale is 'log'"),
        (lambda: best(np.array([1.0, 2.0]), 1, 1), "values has 2 periods"),
    ],
)
def test_wrong_arguments_are_named(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
