"""Intervals that carry the protection, and what may be called a change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.change import Figures, change_between
from analysis.statistics.intervals import count_limits, wilson_limits, z_value
from analysis.statistics.protection import protected_count_limits, protected_share_limits, share_variance

counts = st.integers(10, 100_000)


@given(counts, st.integers(1, 200))
def test_without_protection_the_interval_is_chance_alone(count, cells):
    assert np.array(protected_count_limits(count, cells, 0.0)) == pytest.approx(np.array(count_limits(count)))


@given(counts, st.integers(1, 200))
def test_more_cells_make_a_wider_interval(count, cells):
    few, many = protected_count_limits(count, cells, 3.0), protected_count_limits(count, cells + 1, 3.0)
    assert many[1] > few[1] and many[0] <= few[0] and few[0] >= 0


@given(st.integers(50, 10_000), st.floats(0, 1))
def test_share_limits_hold_the_share_and_stay_between_nothing_and_everything(base, share):
    count = round(base * share)
    variance = share_variance(count / base, base, (1, 2), 3.0)
    lower, upper = protected_share_limits(count, base, variance)
    assert 0 <= lower <= count / base <= upper <= 1
    plain = wilson_limits(count, base)
    assert lower <= plain[0] + 1e-12 and upper >= plain[1] - 1e-12


def test_a_numerator_above_its_base_is_cut():
    lower, upper = protected_share_limits(103, 100, 0.0)
    assert upper == 1 and lower == pytest.approx(wilson_limits(100, 100)[0])


def test_a_numerator_inside_its_base_adds_less():
    assert share_variance(0.5, 100, (1, 2), 3.0, inside=True) < share_variance(0.5, 100, (1, 2), 3.0)


def test_interval_holds_the_true_mean_about_as_often_as_it_says():
    """20,000 draws: Poisson around a mean of 60 plus the protection's change, in sums of three cells."""
    chance = np.random.default_rng(5)
    change = chance.binomial(12, 0.5, size=(20_000, 3)) - 6
    drawn = chance.poisson(20, size=(20_000, 3)) + change
    total = np.maximum(drawn.sum(axis=1), 0)
    lower, upper = protected_count_limits(total, 3, 3.0)
    held = ((lower <= 60) & (upper >= 60)).mean()
    assert 0.945 <= held <= 0.975


def figures(*values: float) -> Figures:
    value = np.array(values)
    return Figures(value, *protected_count_limits(value, 1, 3.0))


def test_a_small_difference_is_never_a_change():
    assert change_between(figures(209), figures(214), 5).direction[0] == 0
    assert change_between(figures(10), figures(15), 5).direction[0] == 0


def test_a_difference_of_five_is_no_change_even_where_chance_is_ruled_out():
    before, after = Figures(100.0, 99.9, 100.1), Figures(105.0, 104.9, 105.1)
    assert change_between(before, after, smallest=5).direction == 0
    assert change_between(before, after, smallest=4).direction == 1


def test_a_large_difference_is_a_change_in_its_direction():
    assert change_between(figures(200, 300), figures(300, 200), 5).direction.tolist() == [1, -1]


def test_nothing_is_said_where_a_figure_is_hidden():
    change = change_between(figures(np.nan), figures(300.0), 5)
    assert change.direction[0] == 0 and np.isnan(change.difference[0])


@given(counts, counts)
def test_change_is_symmetric(before, after):
    there, back = (
        change_between(figures(before), figures(after), 5),
        change_between(figures(after), figures(before), 5),
    )
    assert there.direction[0] == -back.direction[0]
    assert there.lower[0] == pytest.approx(-back.upper[0])


@pytest.mark.parametrize("confidence", [0, 1, 1.5, -0.2])
def test_impossible_confidence_is_refused(confidence):
    with pytest.raises(ValueError, match="confidence is"):
        z_value(confidence)
