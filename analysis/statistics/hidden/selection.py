"""Which interactions a model has: three rules that have been published, and that can disagree.

- `stepwise`: sparse forward selection of pairs by one-sided Poisson tails (Chan, Silverman & Vincent 2021,
  J. Am. Stat. Assoc. 116, 1297-1306).
- `best_bic`: the least BIC over all hierarchical models, downhill where there are too many to try (Silverman,
  Chan & Vincent 2024, Stat. Comput. 34:44).
- `stepwise_aic`: the rule of the first estimate for the United Kingdom (Silverman 2014, Home Office; 2020,
  J. R. Stat. Soc. A 183, 691-736).
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

import numpy as np
from scipy import special

from analysis.statistics.hidden.histories import CaptureTable, columns, pairs_of
from analysis.statistics.hidden.loglinear import Fit, fit

THRESHOLD = 0.02
#: More lists than these have too many hierarchical models to try all.
MOST_LISTS_IN_FULL = 5
#: The older rule keeps a pair that is further from nothing than chance at this level.
WALD_THRESHOLD = 0.05


def stepwise(table: CaptureTable, threshold: float = THRESHOLD, start: Fit | None = None) -> Fit | None:
    """Add pairs of lists, the least likely overlap first, until none is as unlikely as the threshold.

    Parameters
    ----------
    table
        At least one person.
    threshold
        Of the smaller of the two one-sided tails, 0 to 1; not doubled.
    start
        A fit of main effects to a table like this, to begin from.

    Returns
    -------
    Fit or None
        None where not even the model of independent lists has an estimate.
    """
    current = fit(table, (), start)
    lists = len(table.lists)
    pairs = pairs_of(lists)
    if current is None or any(not table.on_all((1 << place,))[0] for place in range(lists)):
        return current  # with a list that is empty, nothing can be said of its pairs
    on_both = columns(lists, pairs)
    overlaps = on_both.T @ table.counts
    chosen: list[int] = []
    while True:
        fitted = on_both.T @ current.expected
        # P(X <= n) and P(X >= n) of a Poisson number with the overlap that the model expects.
        tails = np.minimum(
            special.pdtr(overlaps, fitted),
            np.where(overlaps > 0, special.pdtrc(np.maximum(overlaps - 1, 0), fitted), 1.0),
        )
        tails[[pairs.index(pair) for pair in chosen]] = np.inf
        larger = None
        for place in np.argsort(tails, kind="stable"):
            if not tails[place] < threshold:
                break
            larger = fit(table, (*chosen, pairs[place]), current)
            if larger is not None:
                chosen.append(pairs[place])
                break
        if larger is None:
            return current
        current = larger


def best_bic(table: CaptureTable, highest_order: int | None = None) -> Fit | None:
    """Return the model with the least BIC among hierarchical models.

    Parameters
    ----------
    table
        At least one person.
    highest_order
        Of interactions; all but the last when None. All models are tried for up to five lists; with more,
        from independent lists downhill: the best of all models with one interaction more or less, until none
        is better.
    """
    lists = len(table.lists)
    order = min(highest_order or lists - 1, lists - 1)
    if lists > MOST_LISTS_IN_FULL:
        return downhill(table, order)
    best: Fit | None = None
    # None fits better than one effect for each history: what costs more than that could win is not tried.
    counts = table.counts
    saturated = float((special.xlogy(counts, counts) - counts - special.gammaln(counts + 1)).sum())
    for model in sorted(hierarchical_models(lists, order), key=len):
        cost = (1 + lists + len(model)) * np.log(table.persons)
        if best is not None and cost - 2 * saturated >= best.bic:
            break
        found = fit(table, model)
        if found is not None and (best is None or found.bic < best.bic):
            best = found
    return best


@lru_cache(maxsize=16)
def hierarchical_models(lists: int, highest_order: int) -> tuple[tuple[int, ...], ...]:
    """Return all models in which an interaction comes with all that are part of it."""
    models: list[tuple[int, ...]] = [()]
    for order in range(2, highest_order + 1):
        models = [(*model, *more) for model in models for more in _subsets(_addable(model, lists, order))]
    return tuple(models)


def _addable(model: tuple[int, ...], lists: int, order: int) -> list[int]:
    there = {*model, *(1 << place for place in range(lists))}
    sets = (sum(1 << place for place in places) for places in combinations(range(lists), order))
    return [
        one for one in sets if all(one & ~(1 << place) in there for place in range(lists) if one >> place & 1)
    ]


def _subsets(items: list[int]) -> Iterator[tuple[int, ...]]:
    for number in range(len(items) + 1):
        yield from combinations(items, number)


def downhill(table: CaptureTable, highest_order: int | None = None) -> Fit | None:
    """Return the hierarchical model from which no neighbour has a lesser BIC, beginning at independent lists.

    Neighbours have one interaction more or less; as `best_bic`.
    """
    lists = len(table.lists)
    highest_order = min(highest_order or lists - 1, lists - 1)
    current = fit(table)
    model: tuple[int, ...] = ()
    while current is not None:
        neighbours = [
            tuple(one for one in model if one != gone)
            for gone in model
            if not any(other != gone and other & gone == gone for other in model)
        ]
        for order in range(2, highest_order + 1):
            neighbours += [(*model, one) for one in _addable(model, lists, order) if one not in model]
        fits = (
            (fit(table, sorted(one, key=lambda part: (part.bit_count(), part))), one) for one in neighbours
        )
        better = [
            (found.bic, found, one) for found, one in fits if found is not None and found.bic < current.bic
        ]
        if not better:
            break
        _, current, model = min(better, key=lambda one: one[0])
    return current


def stepwise_aic(table: CaptureTable, threshold: float = WALD_THRESHOLD) -> Fit | None:
    """Add the pair that lowers AIC most while it is further from nothing than chance (Wald, two-sided)."""
    current = fit(table)
    chosen: tuple[int, ...] = ()
    while current is not None:
        found = (fit(table, (*chosen, pair), current) for pair in table.pairs if pair not in chosen)
        # A pair without an overlap has no finite effect, and so no Wald test.
        fits = [one for one in found if one is not None and len(one.interactions) > len(chosen)]
        best = min(fits, key=lambda one: one.aic, default=None)
        if best is None or best.aic >= current.aic or _wald_p(best) > threshold:
            break
        current, chosen = best, best.interactions
    return current


def _wald_p(fitted: Fit) -> float:
    """Return the two-sided p-value of the interaction that was added last."""
    variance = np.linalg.inv(fitted.information)[-1, -1]
    return float(2 * special.ndtr(-abs(fitted.effects[-1]) / np.sqrt(variance)))
