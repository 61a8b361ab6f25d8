"""What changed while something ran, beyond others: planted effects, none where none is, and words."""

import numpy as np
import pytest

from analysis.statistics.series.contrast import MOST_HIDDEN, alone, contrast, hidden_share
from analysis.statistics.series.poisson import NoFitError
from tests.noised import THRESHOLD, V, noised, published
from tests.sizes import size

PERIODS, START = 24, 13
DURING = (np.arange(PERIODS) >= START) & (np.arange(PERIODS) < START + 3)
USABLE = np.arange(PERIODS) != START - 1
SEASON = np.arange(PERIODS) % 4 + 1
GIVEN = {"usable": USABLE, "noise_variance": V, "threshold": THRESHOLD}
SETS = size(200, 1_000)


def drawn(seed: int, level: float = 20.0, areas: int = 3, effect: float = 1.0) -> np.ndarray:
    """Return areas by quarters with season and trend, as published; the first has the effect."""
    random = np.random.default_rng(seed)
    base = np.outer(random.uniform(level, 2 * level, areas), 1 + 0.2 * np.sin(np.pi * np.arange(PERIODS) / 2))
    expected = base * 1.01 ** np.arange(PERIODS) * random.gamma(400, 1 / 400, base.shape)
    expected[0, DURING] *= effect
    return published(random, random.poisson(expected))


def found_in(table: np.ndarray):
    if max(hidden_share(row, DURING, USABLE) for row in table) > MOST_HIDDEN:
        return None
    return contrast(table[0], table[1:], DURING, **GIVEN)


def test_without_an_effect_one_is_found_as_seldom_as_the_limits_say() -> None:
    """At most one in twenty, after protection; the worst of that and chance in so many sets."""
    found = [one for seed in range(SETS) if (one := found_in(drawn(seed))) is not None]
    assert len(found) > 0.9 * SETS
    wrong = np.mean([one.effect.direction != 0 and one.is_fair for one in found])
    assert wrong <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / len(found))
    assert np.mean([one.effect.lower <= 1 <= one.effect.upper for one in found]) >= 0.92
    own = [alone(drawn(seed)[0], DURING, season=SEASON, **GIVEN)[0] for seed in range(SETS // 2)]
    assert np.mean([one.direction != 0 for one in own]) <= 0.10


def test_a_planted_effect_is_found_with_its_size() -> None:
    found = [one for seed in range(60) if (one := found_in(drawn(seed, effect=2.4))) is not None]
    assert np.mean([one.effect.direction == 1 for one in found]) >= 0.95
    assert np.mean([one.effect.lower <= 2.4 <= one.effect.upper for one in found]) >= 0.88
    assert np.mean([one.p_dates == 1 / (1 + len(one.dates)) for one in found]) > 0.8
    assert all(len(one.series) == 2 for one in found)


def test_a_series_that_moved_away_before_is_no_fair_comparison() -> None:
    random = np.random.default_rng(1)
    away = 40 * 1.06 ** np.arange(PERIODS)
    table = noised(random, random.poisson(np.array([away, np.full(PERIODS, 60), np.full(PERIODS, 50)])))
    assert not contrast(table[0], table[1:], DURING, **GIVEN).is_fair


def test_with_enough_series_a_mixture_follows_the_real_one() -> None:
    table = drawn(3, level=60, areas=7)
    found = contrast(table[0], table[1:], DURING, **GIVEN)
    assert found.synthetic is not None and found.synthetic.shape == (PERIODS,)
    assert np.abs(found.synthetic[:START] / table[0, :START] - 1).mean() < 0.25
    assert contrast(table[0], table[1:4], DURING, **GIVEN).synthetic is None


def test_the_order_of_the_comparison_and_its_scale_do_not_matter() -> None:
    table = drawn(4, level=40)
    plain = contrast(table[0], table[1:], DURING, **GIVEN)
    turned = contrast(table[0], table[:0:-1], DURING, **GIVEN)
    assert plain.effect == pytest.approx(turned.effect)
    assert contrast(table[0] * 10, table[1:], DURING, usable=USABLE).effect.ratio == pytest.approx(
        contrast(table[0], table[1:], DURING, usable=USABLE).effect.ratio
    )


@pytest.mark.parametrize(
    ("own", "others", "during", "error", "words"),
    [
        ([20.0] * 24, [[20.0] * 24], np.zeros(24, bool), ValueError, "during has 0 periods"),
        ([20.0] * 24, [[20.0] * 24], np.arange(24) < 4, ValueError, "0 usable ones lie before it"),
        ([20.0, 30.0], [[20.0, 20.0]], [False, True], ValueError, "allowed: 2 and 6 or more"),
        ([20.0] * 24, [], DURING, ValueError, "others has the shape"),
        ([-1.0] * 24, [[20.0] * 24], DURING, ValueError, r"inside\[0\] is below 0"),
        ([20.0] * 24, [[20.0] * 23 + [-1.0]], DURING, ValueError, r"others\[0, 23\] is below 0"),
        ([20.0] * 24, [[20.0] * 24], DURING[:5], ValueError, r"during has the shape \(5,\)"),
        ([np.nan] * 24, [[20.0] * 24], DURING, NoFitError, "Too many numbers are hidden"),
        ([0.0] * 24, [[20.0] * 24], DURING, NoFitError, "nothing was counted"),
    ],
)
def test_what_cannot_be_compared_is_said(own, others, during, error, words) -> None:
    with pytest.raises(error, match=words):
        contrast(own, others, during, threshold=THRESHOLD)
