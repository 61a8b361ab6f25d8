"""What estimates of people on no list say of the table that they were made from.

The attacker lists every table that could be behind what was told, weighs each by how likely it is to have
given that, and asks of each small history how many people it has. How many are on each list and on any is
known from published numbers, which the protection changed; in the weaker scheme it is known exactly.
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
from analysis.statistics.hidden.histories import CaptureTable, columns
from analysis.statistics.hidden.many import Stepwise
from etl.release.hidden.told import ESTIMATED, Told, agreement, band, told, two_figures
from tests.security.population import LARGEST, SMALL, SURE, noise_of
from tests.sizes import LONG

LISTS = ("police", "ngo", "health")
SINGLES, PAIRS, ALL = (1, 2, 4), (3, 5, 6), 7
DRAWS, GUESSED, MOST_GUESSES = 5_000, 200, 60
#: Two lists avoid each other; those on the third alone are then a difference of sums.
NESTED = (80, 80, 6, 9, 30, 30, 4)
#: Persons by history 1 to 7: at the floor, with a pair of lists that depend on each other, and larger ones.
TABLES = (
    (38, 35, 9, 25, 6, 4, 2),
    (44, 30, 14, 26, 9, 8, 3),
    (60, 48, 7, 40, 22, 5, 8),
    (40, 30, 33, 35, 4, 3, 5),
    NESTED,
)
#: The floor, a pair of lists that depend on each other, and lists of which two avoid each other.
SHORT = (TABLES[0], TABLES[3], NESTED)
#: People of a further year, whose histories are all small.
FURTHER = (5, 3, 2, 2, 1, 1, 1)
REVISED = (3, 2, 1, 2, 0, 1, 1)


def table_of(counts: Sequence[float]) -> CaptureTable:
    return CaptureTable(LISTS, np.array(counts, dtype=np.float64))


@cache
def made(counts: tuple[int, ...], seed: int = 99) -> tuple[Estimate, Told]:
    found = estimate(table_of(counts), draws=DRAWS, seed=seed)
    return found, told(table_of(counts), found, LISTS, b"secret")


def margins_of(counts: Sequence[int]) -> np.ndarray:
    """Return how many people are on each list, and on any."""
    table = table_of(counts)
    return np.append(table.on_all(SINGLES), table.persons)


def tables_with_margins(margins: np.ndarray, seen: Told | None = None) -> np.ndarray:
    """Return every table with as many people on each list and on any, in the bands told: rows of 7."""
    sizes, persons = margins[:3], margins[3]
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
    rounded = {one: two_figures(one) for one in np.unique(totals[np.isfinite(totals)])}
    same = np.array([rounded.get(one) == seen.population[2] for one in totals])
    edges = {row[:2]: row[2:] for row in seen.overlaps}
    shared = tables @ columns(len(LISTS), PAIRS)
    for place, (one, other) in enumerate(((0, 1), (0, 2), (1, 2))):
        low, end = edges[tuple(sorted((LISTS[one], LISTS[other])))]
        same &= (shared[:, place] >= low) & (shared[:, place] < (end or inf))
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


def tables_with_published_margins(counts: Sequence[int], seen: Told, seed: int = 4) -> np.ndarray:
    """Return tables in the bands told whose sums are those that published numbers allow, each as often as it
    is likely.
    """
    random, found = np.random.default_rng(seed), []
    published = [
        count + random.choice(list(one), p=list(one.values()))
        for count, one in ((count, noise_of(int(count))) for count in margins_of(counts))
    ]
    noise = noise_of(LARGEST - 1)
    for _ in range(12):
        true = np.array(published) - random.choice(list(noise), 4, p=list(noise.values()))
        found.append(tables_with_margins(true, seen))
    return np.concatenate(found)


@pytest.mark.parametrize("counts", TABLES if LONG else SHORT, ids=lambda counts: f"{sum(counts)} people")
def test_one_estimate_makes_no_small_history_known(counts: tuple[int, ...]) -> None:
    _, seen = made(counts)
    assert seen.population[0] == ESTIMATED
    assert belief(tables_with_published_margins(counts, seen), seen).surest(counts) < SURE


@pytest.mark.parametrize("more", [FURTHER, REVISED], ids=["a further year", "a revision"])
def test_two_estimates_make_no_small_history_of_what_came_between_known(more: tuple[int, ...]) -> None:
    """The sums of what came between are known exactly, as are those of what was there before."""
    counts = TABLES[0]
    both = tuple(int(n) for n in np.add(counts, more))
    before = belief(tables_with_margins(margins_of(counts), made(counts)[1]), made(counts)[1])
    added = tables_with_margins(margins_of(more))
    sums = (before.tables[:, None, :] + added[None, :, :]).reshape(-1, 7)
    seen = made(both)[1]
    assert seen.population[0] == ESTIMATED
    weights = np.repeat(before.weights, len(added)) * keeps("told", sums, seen)
    found = Belief(np.tile(added, (len(before.tables), 1)), weights / weights.sum())
    assert found.surest(more) < SURE


def test_with_exact_sums_and_a_total_to_the_last_figure_a_small_history_would_be_known() -> None:
    """The weaker scheme: neither the sums are changed nor the total rounded."""
    found, seen = made(NESTED)
    assert found.fit.interactions
    tables = tables_with_margins(margins_of(NESTED), seen)
    left = tables[keeps("exact", tables, found)]
    [small] = [place for place, count in enumerate(NESTED) if count == 9]
    assert len(left) and (left[:, small] == 9).all()
    assert (tables[keeps("told", tables, seen)][:, small] == 9).mean() < SURE


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
