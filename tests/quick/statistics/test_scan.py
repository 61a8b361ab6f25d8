"""Clusters in space and time: false ones at the stated rate, a planted one, islands and empty tables."""

from typing import Any

import numpy as np
import pytest

from analysis.statistics.areas.scan import expected_alone, scan

AREAS, PERIODS = 16, 8
_RANDOM = np.random.default_rng(7)
PLACES = _RANDOM.uniform(size=(AREAS, 2))
APART = np.hypot(*(PLACES[:, None] - PLACES[None]).transpose(2, 0, 1))
USUAL = np.outer(_RANDOM.uniform(20, 90, AREAS), np.linspace(0.8, 1.2, PERIODS))


def drawn(seed: int, usual: np.ndarray = USUAL) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.maximum(random.poisson(usual) + np.round(random.normal(0, np.sqrt(3), usual.shape)), 0)


@pytest.mark.parametrize("expected", [None, USUAL], ids=["from the table alone", "given"])
def test_false_clusters_come_as_often_as_their_p_says(expected: np.ndarray | None) -> None:
    found = [
        scan(drawn(seed), expected, APART, noise_variance=3.0, draws=99, seed=seed) for seed in range(120)
    ]
    chances = np.array([one.p for one in found if one])
    assert np.mean(chances <= 0.05) <= 0.11
    assert 0.4 <= np.mean(chances) <= 0.6


def test_a_planted_cluster_is_found_where_and_when_it_is() -> None:
    near = np.argsort(APART[3])[:3]
    usual = USUAL.copy()
    usual[np.ix_(near, [6, 7])] *= 1.7
    found = scan(drawn(1, usual), None, APART, noise_variance=3.0, draws=199)
    assert found is not None and found.p <= 0.01
    assert (found.first, found.last) == (6, 7) and len(set(near) & set(found.areas)) >= 2
    assert 1.3 < found.ratio < 2.3 and found.observed > found.expected
    newest = scan(drawn(1, usual), None, APART, draws=99, only_newest=True)
    assert newest is not None and newest.last == PERIODS - 1


def test_an_area_that_always_has_more_is_a_cluster_only_against_its_people() -> None:
    usual = np.full((AREAS, PERIODS), 30.0)
    usual[0] *= 2
    table = drawn(3, usual)
    by_people = scan(table, np.ones_like(table), APART, draws=99)
    assert by_people is not None and by_people.areas == (0,) and by_people.p == 0.01
    alone = scan(table, None, APART, draws=99)
    assert alone is None or alone.p > 0.05


def test_more_spread_than_chance_makes_a_cluster_less_likely() -> None:
    table = drawn(11)
    table[2, 4] *= 1.8
    plain, spread = (scan(table, None, APART, dispersion=d, draws=99) for d in (1.0, 4.0))
    assert plain is not None and spread is not None and plain.p < spread.p


def test_islands_stay_alone_and_the_order_of_areas_changes_nothing() -> None:
    table = drawn(1)
    table[0, 5] *= 3
    alone = scan(table, None, np.where(np.eye(AREAS) > 0, 0.0, np.inf), draws=49)
    assert alone is not None and alone.areas == (0,)
    order = np.random.default_rng(1).permutation(AREAS)
    other = scan(table[order], None, APART[np.ix_(order, order)], draws=49)
    same = scan(table, None, APART, draws=49)
    assert other is not None and same is not None
    assert {int(order[one]) for one in other.areas} == set(same.areas)
    assert other.likelihood == pytest.approx(same.likelihood)


def test_nothing_and_one_area_have_no_cluster() -> None:
    assert scan(np.zeros((3, 4)), None, np.zeros((3, 3))) is None
    assert scan([[5, 5, 5]], None, [[0]]) is None
    assert expected_alone([[2, 2], [4, 4]]).tolist() == [[2, 2], [4, 4]]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: scan([1, 2], None, [[0]]), r"count has the shape \(2,\)"),
        (lambda: scan([[1, -2]], None, [[0]]), r"count\[0, 1\] is below 0"),
        (lambda: scan([[1, 2]], [[1]], [[0]]), r"expected has the shape \(1, 1\); count has \(1, 2\)"),
        (lambda: scan([[1, 2]], None, [[0, 1]]), r"distance has the shape \(1, 2\); allowed: \(1, 1\)"),
        (lambda: scan([[1], [2]], None, [[0, 1], [-1, 0]]), r"distance\[1, 0\]"),
        (lambda: scan([[1, 2]], None, [[0]], dispersion=0.5), "dispersion"),
        (lambda: scan([[1, 2]], None, [[0]], draws=0), "draws"),
    ],
)
def test_wrong_arguments_are_named(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
