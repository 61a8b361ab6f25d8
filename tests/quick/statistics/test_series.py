"""Steps, differences and breaks of series: published tables, planted changes, and series without any."""

import csv
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.series.breaks import level_breaks
from analysis.statistics.series.interrupted import difference, interrupted
from analysis.statistics.series.poisson import NoFitError, regression
from tests.support import reference


def sicily() -> dict[str, np.ndarray]:
    with reference("its", "sicily.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


@pytest.mark.real
def test_the_smoking_ban_of_sicily() -> None:
    wanted = json.loads(reference("its", "sicily_expected.json").read_text("utf-8"))["r_reference"]
    data = sicily()
    start = int((data["smokban"] == 0).sum())
    given = {"count": data["aces"], "start": start, "population": data["stdpop"]}
    plain, seasonal = interrupted(**given), interrupted(**given, season=data["month"])
    both = interrupted(**given, season=data["month"], slope=True)
    step = wanted["quasipoisson_step"]
    assert (plain.ratio, plain.lower, plain.upper) == pytest.approx((step["rr"], *step["ci95"]), rel=1e-5)
    assert plain.model.dispersion == pytest.approx(step["dispersion"], rel=1e-5)
    assert plain.model.deviance == pytest.approx(wanted["poisson_step"]["deviance"], rel=1e-6)
    step = wanted["quasipoisson_step_seasonal"]
    assert (seasonal.ratio, seasonal.lower, seasonal.upper) == pytest.approx(
        (step["rr"], *step["ci95"]), rel=1e-5
    )
    assert seasonal.trend[0] == pytest.approx(step["time_rr"], rel=1e-5)
    step = wanted["quasipoisson_step_slope_seasonal"]
    assert (both.ratio, both.lower, both.upper) == pytest.approx(
        (step["step_rr"], *step["step_ci95"]), rel=1e-5
    )
    assert both.slope == pytest.approx((step["slope_rr"], *step["slope_ci95"]), rel=1e-5)


def drawn(seed: int, areas: int = 1, periods: int = 60, rate: float = 40.0) -> np.ndarray:
    random = np.random.default_rng(seed)
    season = 1 + 0.2 * np.sin(2 * np.pi * np.arange(periods) / 12)
    return random.poisson(rate * season, size=(areas, periods)).astype(float)


def test_a_step_that_was_planted_is_found_and_its_interval_covers_it() -> None:
    covered = []
    season = np.arange(60) % 12 + 1
    for seed in range(120):
        [series] = drawn(seed)
        series[36:] = np.random.default_rng(seed + 1_000).binomial(series[36:].astype(int), 0.7)
        found = interrupted(series, 36, season=season)
        covered.append(found.lower <= 0.7 <= found.upper)
    assert 0.90 <= np.mean(covered) <= 0.99


def test_what_would_be_expected_without_it_is_the_fit_before_it() -> None:
    [series] = drawn(1)
    found = interrupted(series, 36)
    assert found.expected_without[:36] == pytest.approx(found.model.expected[:36])
    assert found.model.expected[36:] == pytest.approx(found.expected_without[36:] * found.ratio)


def test_areas_beside_each_other_take_away_what_all_have() -> None:
    table = drawn(4, areas=8)
    table[:, 30:] *= 1.5  # everywhere
    random = np.random.default_rng(9)
    table[0, 30:] = random.poisson(table[0, 30:] * 1.6)
    found = difference(table, [0], 30)
    assert found.lower <= 1.6 <= found.upper and found.lower > 1
    assert 0.98 < found.before[0] < 1.02
    assert found.p == pytest.approx(1 / 8)
    assert len(found.placebo_areas) == 7 and np.abs(np.log(found.placebo_areas)).max() < np.log(found.ratio)
    assert len(found.placebo_dates) == 30 - 6 - 3 + 1


def test_where_nothing_began_few_differences_are_found() -> None:
    found = [difference(drawn(seed, areas=5, periods=24), [0], 12) for seed in range(40)]
    wrong = np.mean([not one.lower <= 1 <= one.upper for one in found])
    assert wrong <= 0.12


def test_a_break_is_found_within_one_period_and_none_where_there_is_none() -> None:
    false, misses = [], []
    for seed in range(60):
        flat = np.random.default_rng(seed).poisson(50.0, 60).astype(float)
        false.append(len(level_breaks(flat)) > 0)
        series = np.random.default_rng(seed).poisson(np.where(np.arange(60) < 25, 50.0, 80.0)).astype(float)
        found = level_breaks(series)
        misses.append(
            len(found) != 1 or abs(found[0].place - 25) > 1 or not found[0].earliest <= 25 <= found[0].latest
        )
    assert np.mean(false) <= 0.02
    assert np.mean(misses) <= 0.05


def test_the_nile_changed_in_1899() -> None:
    """Flow at Aswan 1871-1970 (Cobb 1978), in units of ten: the break that programs are checked with."""
    flow = (
        "112 116 96 121 116 116 81 123 137 114 99 94 111 99 102 96 118 80 96 114 110 121 115 125 "
        "126 122 103 110 77 84 87 69 94 83 70 92 69 102 105 97 83 73 46 82 70 96 112 110 77 76 77 "
        "82 78 86 70 85 74 68 86 76 82 76 86 94 91 77 83 98 75 70 80 65 75 87 80 76 72 92 77 69 99 "
        "93 89 82 103 80 89 102 104 100 105 98 98 117 80 90 86 76 81 87 "
    )
    values = np.array([float(one) for one in flow.split()])
    [found] = level_breaks(values)
    assert abs(1871 + found.place - 1899) <= 1
    assert found.before > 100 > found.after


@given(st.lists(st.integers(0, 200), min_size=6, max_size=50), st.floats(0.5, 20))
def test_breaks_do_not_depend_on_direction_or_on_the_unit_of_people(counts: list[int], scale: float) -> None:
    there = [one.place for one in level_breaks(counts)]
    assert there == [one.place for one in level_breaks(counts, population=[scale] * len(counts))]
    assert all(3 <= place <= len(counts) - 3 for place in there)


def test_two_points_and_a_constant_have_no_break() -> None:
    assert level_breaks([3, 9]) == level_breaks([7] * 40) == level_breaks([0] * 40) == ()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: interrupted([1] * 20, 25), ValueError, "start is 25; allowed: 6 to 17"),
        (lambda: interrupted([1] * 20, 2), ValueError, "start is 2"),
        (lambda: interrupted([1, -1, *[1] * 18], 10), ValueError, r"count\[1\] is below 0"),
        (lambda: interrupted([0] * 20, 10), NoFitError, "No observation has any event"),
        (lambda: interrupted([0] * 10 + [5] * 10, 10), NoFitError, "runs away"),
        (lambda: interrupted([5] * 20, 10, population=[0] * 20), ValueError, r"population\[0\]"),
        (lambda: difference([1, 2], [0], 1), ValueError, "count has the shape"),
        (lambda: difference(np.ones((3, 20)), [0, 1, 2], 10), ValueError, "not all"),
        (lambda: difference(np.ones((3, 20)), [5], 10), ValueError, "reached is"),
        (lambda: difference(np.ones((3, 20)), [0], 19), ValueError, "start is 19"),
        (
            lambda: regression([1, 2, 3], {"a": [1, 2, 3], "b": [2, 4, 6]}),
            NoFitError,
            "There are 3 observations",
        ),
        (
            lambda: regression([1, 2, 3, 4, 5], {"a": [1, 2, 3, 4, 5], "b": [2, 4, 6, 8, 10]}),
            NoFitError,
            "cannot be told apart",
        ),
        (lambda: level_breaks([1, 2], population=[1]), ValueError, "population has 1 values"),
        (lambda: level_breaks([1] * 9, shortest=0), ValueError, "shortest is 0"),
        (lambda: level_breaks([1, float("inf")]), ValueError, r"count\[1\]"),
    ],
)
def test_wrong_arguments_and_series_without_an_answer_end_in_words(
    call: Any, error: type, words: str
) -> None:
    with pytest.raises(error, match=words):
        call()
