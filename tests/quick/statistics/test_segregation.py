"""How differently need and places lie: by hand, nothing lost, limits after protection, and words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.segregation import dissimilarity, gap, taken
from tests.noised import V, noised

tables = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 50)), min_size=2, max_size=10).filter(
    lambda rows: any(need for need, _ in rows) and any(places for _, places in rows)
)


def test_the_index_by_hand() -> None:
    # Shares of need 0.5, 0.3, 0.2; of places 0.2, 0.3, 0.5: three in ten places would have to lie elsewhere.
    assert dissimilarity([500_000, 300_000, 200_000], [20, 30, 50]).raw == pytest.approx(0.3)
    assert dissimilarity([500_000, 300_000, 200_000], [20, 30, 50]).value == pytest.approx(0.3, abs=1e-3)
    assert dissimilarity([100, 0], [0, 10]).raw == 1.0
    assert dissimilarity([40, 40], [5, 5]).value == 0.0


@given(tables, st.integers(2, 9))
def test_order_and_unit_do_not_matter_and_limits_hold_the_value(rows, factor) -> None:
    need, places = (np.array(one, dtype=float) for one in zip(*rows, strict=True))
    found = dissimilarity(need, places, draws=99)
    assert 0 <= found.lower <= found.value <= found.upper <= 1
    assert found.value <= found.raw + 1e-12
    assert dissimilarity(need[::-1], places[::-1], draws=99).raw == pytest.approx(found.raw)
    assert dissimilarity(need, places * factor, draws=99).value == pytest.approx(found.value)


@pytest.mark.parametrize("spread", [0.0, 0.3, 0.6])
def test_limits_hold_the_truth_after_protection_as_often_as_they_say(spread: float) -> None:
    random, held = np.random.default_rng(3), []
    for _ in range(120):
        places = 1.0 + random.poisson(20, 8)
        need = 60 * places / places.mean() * np.exp(spread * random.normal(size=8))
        true = dissimilarity(need * 1e9, places, draws=99).raw
        found = dissimilarity(noised(random, random.poisson(need)), places, noise_variance=V, draws=199)
        held.append(found.lower - 1e-6 <= true <= found.upper)
    assert np.mean(held) >= 0.90  # 0.95, less chance in 120


def test_a_gap_is_clear_only_beyond_chance_and_protection() -> None:
    found = gap([100.0, 52.0, 4.0, np.nan], [50, 50, 50, 50], noise_variance=V)
    assert found.direction.tolist() == [1, 0, -1, 0]
    assert found.difference[:3].tolist() == [50, 2, -46] and np.isnan(found.lower[3])
    plain = gap([100.0], [50])
    noisy = gap([100.0], [50], cells=4, noise_variance=V)
    assert noisy.lower[0] < plain.lower[0] and noisy.upper[0] > plain.upper[0]


@given(st.floats(0, 500), st.floats(0, 5_000), st.floats(0, 40))
def test_added_places_are_used_or_idle_and_help_no_more_than_want_one(added, wanting, turnover) -> None:
    used, idle = taken(added, wanting, turnover)
    assert used + idle == pytest.approx(added) and used >= 0 and idle >= 0
    assert used * turnover <= wanting * (1 + 1e-9) + 1e-9


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: dissimilarity([1, -1], [1, 1]), r"need\[1\] is below 0"),
        (lambda: dissimilarity([1, 1], [1, np.nan]), r"places\[1\] is no finite number"),
        (lambda: dissimilarity([1, 1], [1, 1, 1]), "places has 3 values; need has 2"),
        (lambda: dissimilarity([5], [1]), "need has 1 group"),
        (lambda: dissimilarity([0, 0], [1, 1]), "need holds nothing"),
        (lambda: dissimilarity([1, 1], [0, 0]), "places holds nothing"),
        (lambda: dissimilarity([1, 1], [1, 1], noise_variance=-1), "noise_variance is -1"),
        (lambda: dissimilarity([1, 1], [1, 1], draws=3), "draws is 3"),
        (lambda: gap([1, 2], [1]), r"need has the shape \(2,\); places has \(1,\)"),
        (lambda: gap([1, -2], [1, 1]), r"need\[1\] is below 0"),
        (lambda: taken([1, -1], 1, 1), r"added\[1\] is below 0"),
        (lambda: taken(1, np.nan, 1), "wanting is no number"),
    ],
)
def test_what_cannot_be_compared_is_named(call, words) -> None:
    with pytest.raises(ValueError, match=words):
        call()
