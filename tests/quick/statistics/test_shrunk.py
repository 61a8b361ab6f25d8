"""Smoothed rates of published counts, and likeness of neighbours: what is true of them for any numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.areas.shrunk import shrunk_rates
from analysis.statistics.areas.smoothing import standardised
from tests.noised import V, noised

areas = st.lists(st.tuples(st.integers(0, 400), st.integers(1_000, 500_000)), min_size=3, max_size=12).filter(
    lambda rows: any(count for count, _ in rows)
)


@given(areas)
def test_a_smoothed_rate_lies_between_its_limits_and_nothing_is_below_nothing(rows) -> None:
    count, people = np.array(rows, dtype=float).T
    found = shrunk_rates(count, people, V)
    assert (found.lower >= 0).all() and (found.lower <= found.value).all()
    assert (found.value <= found.upper).all() and ((found.weight >= 0) & (found.weight <= 1)).all()


@given(areas, st.integers(2, 50))
def test_the_unit_of_residents_and_the_order_of_areas_do_not_matter(rows, factor) -> None:
    count, people = np.array(rows, dtype=float).T
    plain, scaled = shrunk_rates(count, people, V), shrunk_rates(count, people * factor, V)
    assert plain.value == pytest.approx(scaled.value * factor)
    turned = shrunk_rates(count[::-1], people[::-1], V)
    assert plain.upper == pytest.approx(turned.upper[::-1])


def test_protection_draws_a_rate_further_and_fewer_residents_do_too() -> None:
    count, people = np.array([12.0, 40, 400, 90]), np.array([20_000.0, 50_000, 400_000, 120_000])
    open_, kept = shrunk_rates(count, people), shrunk_rates(count, people, 10 * V)
    assert (kept.weight < open_.weight).all()
    order = np.argsort(people)
    assert (np.diff(open_.weight[order]) > 0).all()


@pytest.mark.parametrize("spread", [0.0, 0.1, 0.3])
def test_limits_hold_the_true_rate_after_protection_as_often_as_they_say(spread: float) -> None:
    random = np.random.default_rng(8)
    held, nearer, plain = [], 0.0, 0.0
    for _ in range(80):
        people = random.uniform(60_000, 200_000, 24)
        true = 4e-4 * (random.gamma(1 / spread**2, spread**2, 24) if spread else np.ones(24))
        count = noised(random, random.poisson(true * people))
        found = shrunk_rates(count, people, V)
        held.append((found.lower <= true) & (true <= found.upper))
        nearer += ((found.value - true) ** 2).sum()
        plain += ((count / people - true) ** 2).sum()
    assert 0.93 <= np.mean(held) <= 1.0
    assert nearer < plain


def test_what_cannot_be_smoothed_is_named() -> None:
    with pytest.raises(ValueError, match="count has 2 areas; allowed: 3 or more"):
        shrunk_rates([1, 2], [10, 10])
    with pytest.raises(ValueError, match="no event"):
        shrunk_rates([0, 0, 0], [10, 10, 10])
    with pytest.raises(ValueError, match=r"population\[1\] is not above 0"):
        shrunk_rates([1, 2, 3], [10, 0, 10])
    with pytest.raises(ValueError, match=r"noise_variance\[0\] is below 0"):
        shrunk_rates([1, 2, 3], [10, 10, 10], -1.0)


def test_standardised_rates_of_small_areas_count_less_with_protection() -> None:
    count, people = np.array([14, 40, 400, 90]), np.array([20_000.0, 50_000, 400_000, 120_000])
    open_, kept = standardised(count, people), standardised(count, people, 9 * V)
    assert abs(kept[0]) < abs(open_[0])
    assert standardised(count, people, 0.0) == pytest.approx(open_)
