"""Early warning: the stated rate of false alarms, planted outbreaks, and what past ones must not hide."""

from typing import Any

import numpy as np
import pytest

from analysis.statistics.series.poisson import NoFitError
from analysis.statistics.series.signals import Signal, signal


def usual(seed: int, periods: int, mean: float, year: int, spread: float = 1.0) -> np.ndarray:
    random, time = np.random.default_rng(seed), np.arange(periods)
    expected = (
        mean * (1 + 0.2 * np.sin(2 * np.pi * (time + seed) / max(year, 2))) * np.exp(0.3 * time / periods)
    )
    drawn = (
        random.negative_binomial(expected / (spread - 1), 1 / spread)
        if spread > 1
        else random.poisson(expected)
    )
    return np.maximum(drawn + np.round(random.normal(0, np.sqrt(3), periods)), 0)


@pytest.mark.parametrize(
    ("periods", "mean", "year", "spread"),
    [(72, 60, 12, 2.0), (32, 60, 4, 1.0), (32, 150, 4, 1.5), (38, 300, 4, 1.5), (9, 100, 1, 1.0)],
)
def test_usual_counts_pass_the_limit_no_more_often_than_stated(
    periods: int, mean: float, year: int, spread: float
) -> None:
    found = [
        signal(usual(seed, periods, mean, year, spread), periods_a_year=year, noise_variance=3.0)
        for seed in range(300)
    ]
    assert np.mean([one.is_signal for one in found]) <= 0.025  # 0.01 is stated
    assert np.mean([one.p <= 0.05 for one in found]) <= 0.085
    assert 0.35 <= np.mean([one.observed > one.expected for one in found]) <= 0.65


def test_a_planted_outbreak_is_a_signal() -> None:
    found = []
    for seed in range(60):
        series = usual(seed, 72, 60, 12)
        series[-1] = round(series[-1] * 1.8)
        found.append(signal(series, noise_variance=3.0).is_signal)
    assert np.mean(found) >= 0.9


def test_an_outbreak_of_a_year_ago_does_not_hide_one_of_today() -> None:
    series = np.array([10.0] * 60)
    series[-13] = 60.0
    series[-1] = 22.0
    found = signal(series + np.random.default_rng(1).integers(-2, 3, 60))
    assert found.is_signal and found.expected < 13


def test_few_events_are_no_signal_and_hidden_earlier_counts_are_left_out() -> None:
    few = [0.0] * 50 + [1.0] + [0.0] * 8 + [4.0]
    assert not signal(few).is_signal
    gaps = usual(2, 72, 60, 12)
    gaps[[20, 31]] = np.nan
    assert signal(gaps).earlier == signal(usual(2, 72, 60, 12)).earlier - 2


def test_the_protection_alone_is_no_outbreak() -> None:
    steady = np.array([12.0] * 60)
    steady[-1] = 21.0
    plain, noisy = (signal(steady, noise_variance=v) for v in (0.0, 30.0))
    assert noisy.limit > plain.limit and noisy.p > plain.p


def test_weeks_years_and_people_can_be_looked_at() -> None:
    weeks = usual(3, 260, 20, 52)
    assert signal(weeks, periods_a_year=52).earlier > 200
    years = [48, 50, 52, 47, 51, 49, 50, 90]
    found: Signal = signal(years, periods_a_year=1)
    assert found.is_signal and found.earlier == 7
    people = [100.0] * 7 + [180.0]
    assert not signal(years, periods_a_year=1, population=people).is_signal
    scaled = signal(years, periods_a_year=1, population=[9 * one for one in people])
    assert scaled.p == pytest.approx(signal(years, periods_a_year=1, population=people).p)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: signal([]), ValueError, "count has the shape"),
        (lambda: signal([5] * 40 + [float("nan")]), ValueError, r"count\[40\] is the newest and not known"),
        (lambda: signal([5, -2] * 30), ValueError, r"count\[1\] is below 0"),
        (lambda: signal([5] * 60, population=[1] * 59), ValueError, "population has 59 values"),
        (lambda: signal([5] * 60, population=[1, 0] * 30), ValueError, r"population\[1\]"),
        (lambda: signal([5] * 60, alarm_rate=0), ValueError, "alarm_rate is 0"),
        (lambda: signal([5] * 60, years=0), ValueError, "years is 0"),
        (lambda: signal([5] * 60, periods_a_year=0), ValueError, "periods_a_year is 0"),
        (lambda: signal([5] * 60, noise_variance=-1), ValueError, "noise_variance is -1"),
        (lambda: signal([5, 9]), NoFitError, "There are 0 earlier counts"),
        (lambda: signal([0] * 60), NoFitError, "No observation has any event"),
    ],
)
def test_wrong_arguments_and_short_series_end_in_words(call: Any, error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        call()
