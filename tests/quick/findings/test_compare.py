"""One rule for "clearly different", whatever is compared, and one for lists."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.findings.compare import FALSE_DISCOVERIES, Change, Value, choose, clearly, mean_of, together
from analysis.statistics.change import Figures, change_between

NUMBERS = st.floats(0, 1e6, allow_nan=False)
HALVES = st.floats(0.01, 1e5, allow_nan=False)


@st.composite
def figures(draw) -> Value:
    value = draw(NUMBERS)
    return Value(value, value - draw(HALVES), value + draw(HALVES))


@given(figures(), figures(), st.floats(0, 50))
def test_a_verdict_is_that_of_the_recovered_limits(one: Value, other: Value, smallest: float) -> None:
    """Zou & Donner (2008): limits of a difference from the limits of both."""
    sides = [Figures(np.float64(v.value), np.float64(v.lower), np.float64(v.upper)) for v in (one, other)]
    expected = change_between(*sides, smallest)
    found = clearly(other, one, smallest)
    assert found.direction == int(expected.direction)
    assert (found.lower, found.upper) == (
        pytest.approx(float(expected.lower)),
        pytest.approx(float(expected.upper)),
    )


@given(figures(), figures())
def test_the_other_way_round_is_the_other_direction(one: Value, other: Value) -> None:
    assert clearly(other, one).direction == -clearly(one, other).direction
    assert clearly(one, one).direction == 0


@given(figures(), figures())
def test_a_clear_verdict_has_a_small_p_and_no_other_has(one: Value, other: Value) -> None:
    change = clearly(other, one)
    if not math.isclose(change.p, 0.05, rel_tol=1e-6):
        assert (change.p < 0.05) == bool(change.direction)


def test_the_two_figures_that_pages_once_disagreed_about_are_different() -> None:
    assert clearly(Value(45, 42.5, 47.5), Value(40, 37, 43)).direction == 1


@pytest.mark.parametrize("bare", [Value(40), Value(40, 37, None), Value(40, None, 43)])
def test_without_limits_there_is_no_verdict(bare: Value) -> None:
    assert clearly(bare, Value(90, 89, 91)).direction == 0
    assert clearly(Value(90, 89, 91), bare).p == 1


def test_a_difference_that_protection_can_make_is_none() -> None:
    assert clearly(Value(15, 14, 16), Value(10, 9, 11), smallest=5).direction == 0
    assert clearly(Value(16, 15, 17), Value(10, 9, 11), smallest=5).direction == 1


def change(p: float, direction: int = 1) -> Change:
    return Change(Value(1), Value(2), 1, 0, 2, direction, p)


def test_a_list_is_thinned_by_benjamini_and_hochberg() -> None:
    """Benjamini & Hochberg (1995), table 1: fifteen p-values of which four are discoveries at 5 %."""
    published = (
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240),
        *(0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
    )
    chosen = choose([change(p) for p in published])
    assert [one.p for one in chosen] == [0.0001, 0.0004, 0.0019, 0.0095]


def test_the_family_is_at_least_what_the_catalog_fixes() -> None:
    many = [change(0.02)]
    assert choose(many) == many
    assert choose(many, looked_at=10) == []


def test_no_list_holds_more_false_ones_than_it_may() -> None:
    """Simulated nulls: of all lists that name something, about one in twenty may when nothing has changed."""
    draw = np.random.default_rng(7)
    wrong = 0
    for _ in range(400):
        first, second = draw.normal(100, 10, (2, 30))
        pairs = [
            clearly(Value(b, b - 19.6, b + 19.6), Value(a, a - 19.6, a + 19.6))
            for a, b in zip(first, second, strict=True)
        ]
        wrong += bool(choose(pairs))
    assert wrong / 400 <= FALSE_DISCOVERIES + 0.03


def test_choosing_never_alters_a_verdict() -> None:
    unclear = change(0.0001, direction=0)
    assert choose([unclear]) == []


def test_the_mean_of_years_is_narrower_than_each() -> None:
    years = [Value(30, 20, 42), Value(36, 26, 48), Value(30, 20, 42)]
    mean = mean_of(years)
    assert mean.value == 32
    assert mean.upper - mean.lower < years[0].upper - years[0].lower
    assert mean_of([Value(10, 5, 15)]).lower == 5


def test_groups_together_count_by_their_base() -> None:
    both = together([Value(10, 8, 12, base=300), Value(50, 40, 60, base=100)])
    assert both.value == 20
    assert together([Value(10, 8, 12)]) is None
