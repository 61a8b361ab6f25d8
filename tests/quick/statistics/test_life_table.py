"""Waits in bands: the curve, its quantiles with limits after protection, and whether groups differ."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.life_table import banded_log_rank, life_table
from analysis.statistics.survival import kaplan_meier, log_rank
from tests.noised import V, noised

EDGES = np.array([0.0, 3, 8, 15, 29, 61, 91, 181])
counts = st.lists(st.integers(0, 300), min_size=7, max_size=7)


def drawn(random: np.random.Generator, waits: int, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Return waits in bands, followed for up to 400 days, as the door publishes them."""
    time, followed = random.weibull(0.9, waits) * scale, random.uniform(0, 400, waits)
    ends = np.append(EDGES, np.inf)
    ended = np.histogram(time[time <= followed], ends)[0]
    still = np.histogram(followed[time > followed], ends)[0]
    still[-1] += ended[-1]
    return noised(random, ended[:-1]), noised(random, still)


@given(counts, st.integers(1, 500))
def test_who_all_wait_to_the_end_make_the_plain_shares(ended, beyond) -> None:
    found = life_table(ended, [0] * 7 + [beyond], EDGES)
    plain = 1 - np.cumsum(ended) / (sum(ended) + beyond)
    known = ~np.isnan(found.survival[1:])
    assert found.survival[1:][known] == pytest.approx(plain[known], abs=1e-9)
    assert (np.diff(found.survival[~np.isnan(found.survival)]) <= 1e-12).all()


def test_without_protection_it_is_kaplan_and_meier_at_the_ends_of_bands() -> None:
    time = np.repeat([1.0, 5, 10, 20, 40, 70, 200], [20, 30, 40, 50, 30, 20, 40])
    over = np.repeat([1, 1, 1, 1, 1, 1, 0], [20, 30, 40, 50, 30, 20, 40])
    curve = kaplan_meier(time, over)
    found = life_table([20, 30, 40, 50, 30, 20, 0], [0] * 7 + [40], EDGES)
    assert found.survival[1:7] == pytest.approx(curve.survival)
    assert found.lower[1:7] == pytest.approx(curve.lower) and found.upper[1:7] == pytest.approx(curve.upper)
    one, two = np.array([20, 30, 40, 50, 30, 20, 0]), np.array([10, 10, 40, 50, 60, 40, 0])
    both = log_rank(
        np.concatenate(
            [np.repeat([1, 5, 10, 20, 40, 70, 200], np.append(part[:6], 40)) for part in (one, two)]
        ),
        np.concatenate([np.repeat([1, 0], [part.sum(), 40]) for part in (one, two)]),
        np.repeat(["a", "b"], [one.sum() + 40, two.sum() + 40]),
    )
    still = [[0] * 7 + [40]] * 2
    assert banded_log_rank([one, two], still).chi_square == pytest.approx(both.chi_square)


def test_protection_widens_and_limits_hold_the_truth_as_often_as_they_say() -> None:
    random, held = np.random.default_rng(2), {0.5: [], 0.9: []}
    true = np.exp(-((EDGES / 35) ** 0.9))
    for _ in range(300):
        ended, still = drawn(random, 500, 35)
        found = life_table(ended, still, EDGES, (V, V))
        for share, inside in held.items():
            _, lower, upper = found.quantile(share)
            inside.append(lower <= np.interp(share - 1, -true, EDGES) <= upper)
    assert all(0.93 <= np.mean(one) <= 1.0 for one in held.values())
    plain = life_table(ended, still, EDGES)
    assert (found.upper[1:] - found.lower[1:] >= plain.upper[1:] - plain.lower[1:] - 1e-12).all()


def test_groups_that_wait_alike_are_told_apart_as_seldom_as_they_should_be() -> None:
    random = np.random.default_rng(3)
    alike, unlike = [], []
    for _ in range(200):
        one, two, slow = drawn(random, 400, 35), drawn(random, 400, 35), drawn(random, 400, 50)
        alike.append(banded_log_rank([one[0], two[0]], [one[1], two[1]], (V, V)).p < 0.05)
        unlike.append(banded_log_rank([one[0], slow[0]], [one[1], slow[1]], (V, V)).p < 0.05)
    assert np.mean(alike) <= 0.1 and np.mean(unlike) > 0.9


def test_few_waits_say_little_and_nobody_waiting_says_nothing() -> None:
    few = life_table([5, 5, 5, 5, 5, 5, 5], [0] * 7 + [10], EDGES)
    assert np.isnan(few.quantile(0.5)).all()  # 45 of 60
    assert np.isnan(few.survival[-1]) and not np.isnan(few.survival[1])  # fewer than 30 at risk
    nobody_done = life_table([0] * 7, [0] * 7 + [100], EDGES)
    assert nobody_done.quantile(0.5)[0] == float("inf")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (([1, -1], [0, 0, 5], [0, 1, 2]), r"ended\[1\] is below 0"),
        (([1, 1], [0, 5], [0, 1, 2]), "still has 2 values; ended has 2, so allowed: one more"),
        (([1, 1], [0, 0, 5], [0, 2, 2]), r"edges\[2\] is not above the one before"),
        (([0, 0], [0, 0, 0], [0, 1, 2]), "hold nobody"),
    ],
)
def test_what_is_no_life_table_is_named(given, words) -> None:
    with pytest.raises(ValueError, match=words):
        life_table(*given)
    with pytest.raises(ValueError, match="two groups or more"):
        banded_log_rank([[1, 2]], [[1, 2, 3]])
    with pytest.raises(ValueError, match="no wait that is over"):
        banded_log_rank([[0, 0], [0, 0]], [[1, 2, 3], [1, 2, 3]])
