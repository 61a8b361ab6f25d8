"""What several yearly estimates of people on no list say of the table that they were made from.

The attacker knows how many people are on each list and on any, exactly, of each year (more than any release
says), lists every table that could be behind what was told, weighs each by how likely it is to have given the
numbers told, and asks of each small history how many people it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, floor, inf

import numpy as np
import pytest
from scipy import special

from analysis.statistics.hidden import bootstrap
from analysis.statistics.hidden.estimate import Estimate, estimate, rules
from analysis.statistics.hidden.histories import CaptureTable
from analysis.statistics.hidden.many import Stepwise
from etl.release.hidden.told import ESTIMATED, Told, agreement, band, told, two_figures
from tests.security.population import SMALL, SURE

LISTS = ("police", "ngo", "health")
SINGLES, PAIRS, ALL = (1, 2, 4), (3, 5, 6), 7
DRAWS, GUESSED, MOST_GUESSES = 5_000, 200, 60
#: Persons by history 1 to 7: at the floor, with a pair of lists that depend on each other, and larger ones.
TABLES = (
    (38, 35, 9, 25, 6, 4, 2),
    (44, 30, 14, 26, 9, 8, 3),
    (60, 48, 7, 40, 22, 5, 8),
    (40, 30, 33, 35, 4, 3, 5),
)
#: People of a further year, whose histories are all small.
FURTHER = (5, 3, 2, 2, 1, 1, 1)
REVISED = (3, 2, 1, 2, 0, 1, 1)


def table_of(counts: Sequence[float]) -> CaptureTable:
    return CaptureTable(LISTS, np.array(counts, dtype=np.float64))


@cache
def made(counts: tuple[int, ...], seed: int = 99) -> tuple[Estimate, Told]:
    found = estimate(table_of(counts), draws=DRAWS, seed=seed)
    return found, told(table_of(counts), found, LISTS, b"secret")


def tables_with_margins(counts: Sequence[int], seen: Told | None = None) -> np.ndarray:
    """Return every table with as many people on each list and on any, in the bands told: rows of 7."""
    table = table_of(counts)
    sizes, persons = table.on_all(SINGLES), table.persons
    edges = {row[:2]: row[2:] for row in seen.overlaps} if seen else {}
    ranges = []
    for one, other in ((0, 1), (0, 2), (1, 2)):
        low, end = edges.get(tuple(sorted((LISTS[one], LISTS[other]))), (0, None))
        most = int(min(sizes[one], sizes[other]))
        ranges.append(np.arange(low, min(most, (end or inf) - 1) + 1))
    both = np.stack(np.meshgrid(*ranges, indexing="ij"), -1).reshape(-1, 3)
    on_all = persons - sizes.sum() + both.sum(axis=1)
    found = np.zeros((len(both), 7))
    for place, pair in enumerate(PAIRS):
        found[:, pair - 1] = both[:, place] - on_all
    found[:, ALL - 1] = on_all
    for place, single in enumerate(SINGLES):
        beside = sum(found[:, pair - 1] for pair in PAIRS if pair & single) + on_all
        found[:, single - 1] = sizes[place] - beside
    return found[(found >= 0).all(axis=1)]


def keeps(scheme: str, tables: np.ndarray, seen: Told | Estimate) -> np.ndarray:
    """Tell which tables give the same total, overlaps and agreement; the interval is weighed afterwards."""
    totals = np.concatenate(list(Stepwise().totals(LISTS, tables)))
    if scheme == "exact":
        return np.isclose(totals, seen.total, rtol=1e-6)
    same = np.array([np.isfinite(one) and two_figures(one) == seen.population[2] for one in totals])
    edges = {row[:2]: row[2:] for row in seen.overlaps}
    for place in np.flatnonzero(same):
        shared = table_of(tables[place]).on_all(PAIRS)
        names = [tuple(sorted((LISTS[a], LISTS[b]))) for a, b in ((0, 1), (0, 2), (1, 2))]
        same[place] = all(band(n) == edges[name] for n, name in zip(shared, names, strict=True))
    return same


def weight(counts: np.ndarray, seen: Told) -> float:
    """Return how likely a table is to give the limits and the agreement that were told."""
    table, rule = table_of(counts), Stepwise()
    total = rule(table).total
    methods = {code: word for kind, code, word in seen.agreements if kind == "method"}
    for code, word in methods.items():
        other = rules()[code](table)
        if agreement(total, None if other is None else other.total) != word:
            return 0.0
    drawn = bootstrap.interval(table, total, bootstrap.draw(table, GUESSED, seed=5), rule)
    chance = 1.0
    for value, error, told_limit, way in (
        (drawn.lower, drawn.lower_error, seen.population[3], floor),
        (drawn.upper, drawn.upper_error, seen.population[4], ceil),
    ):
        # The attacker's own resamples are others than the release's: the limit moves by about this much.
        spread = max(error, 1e-9) * np.sqrt(1 + GUESSED / DRAWS)
        step = 10 ** max(len(str(told_limit)) - 2, 0)
        ends = (told_limit, told_limit + step) if way is floor else (told_limit - step, told_limit)
        chance *= float(np.diff(special.ndtr((np.array(ends) - value) / spread))[0])
    return chance


@dataclass
class Belief:
    """Tables that may be behind what was told, and how likely each is."""

    tables: np.ndarray
    weights: np.ndarray

    def surest(self, truth: Sequence[int]) -> float:
        """Return how sure the attacker is of the small history that is known best, where that is right."""
        sure = 0.0
        for place, count in enumerate(truth):
            if count in SMALL:
                sure = max(sure, float(self.weights[self.tables[:, place] == count].sum()))
        return sure


def belief(tables: np.ndarray, seen: Told) -> Belief:
    kept = tables[keeps("told", tables, seen)]
    # Of very many a random part stands for all.
    if len(kept) > MOST_GUESSES:
        kept = kept[np.random.default_rng(3).choice(len(kept), MOST_GUESSES, replace=False)]
    weights = np.array([weight(one, seen) for one in kept])
    return Belief(kept, weights / weights.sum())


@pytest.mark.parametrize("counts", TABLES, ids=lambda counts: f"{sum(counts)} people")
def test_one_estimate_makes_no_small_history_known(counts: tuple[int, ...]) -> None:
    _, seen = made(counts)
    assert seen.population[0] == ESTIMATED
    found = belief(tables_with_margins(counts, seen), seen)
    assert found.weights[(found.tables == np.array(counts)).all(axis=1)].sum() < SURE
    assert found.surest(counts) < SURE


@pytest.mark.parametrize("more", [FURTHER, REVISED], ids=["a further year", "a revision"])
@pytest.mark.parametrize("counts", TABLES[:2], ids=lambda counts: f"{sum(counts)} people")
def test_two_estimates_make_no_small_history_of_what_came_between_known(
    counts: tuple[int, ...], more: tuple[int, ...]
) -> None:
    both = tuple(int(n) for n in np.add(counts, more))
    before = belief(tables_with_margins(counts, made(counts)[1]), made(counts)[1])
    added = tables_with_margins(more)
    sums = (before.tables[:, None, :] + added[None, :, :]).reshape(-1, 7)
    seen = made(both)[1]
    if seen.population[0] != ESTIMATED:
        pytest.fail("the later table carries an estimate as well")
    same = keeps("told", sums, seen)
    weights = np.repeat(before.weights, len(added)) * same
    found = Belief(np.tile(added, (len(before.tables), 1)), weights / weights.sum())
    assert found.surest(more) < SURE


@pytest.mark.parametrize("counts", TABLES, ids=lambda counts: f"{sum(counts)} people")
def test_a_total_to_the_last_figure_would_make_small_histories_known(counts: tuple[int, ...]) -> None:
    """The weaker scheme: overlaps as they are beside exact margins are the table; two figures hide it."""
    found, seen = made(counts)
    tables = tables_with_margins(counts, seen)
    exact, rounded = keeps("exact", tables, found), keeps("told", tables, seen)
    assert 0 < exact.sum() < rounded.sum()
    shared = table_of(counts).on_all(PAIRS)
    is_known = np.array([(table_of(one).on_all(PAIRS) == shared).all() for one in tables[rounded]])
    assert [tuple(one) for one in tables[rounded][is_known]] == [counts]


def test_no_limit_is_told_of_an_estimate_that_is_kept_back() -> None:
    few = (30, 25, 8, 12, 4, 3, 1)  # fewer than 100 people
    assert made(few)[1].population[:2] == ("refused", "few_persons")
    assert set(made(few)[1].population[2:]) == {None}
    assert not made(few)[1].overlaps and not made(few)[1].agreements


@pytest.mark.parametrize("number", [0, 3, 9, 10, 19, 20, 77, 100, 12_345])
def test_bands_have_edges_at_least_ten_apart_and_hold_their_number(number: int) -> None:
    at_least, below = band(number)
    assert at_least <= number < (below or inf)
    assert below is None or below - at_least >= 10
    assert at_least % 10 == 0
