"""The stepwise rule for thousands of tables of the same lists at once: what a bootstrap spends its time on.

All tables take a step of Newton's method together, each with a model of its own. A model's matrix is never
made: "persons on all lists of θ" for every θ at once is a running sum over the lists, one list at a time
(Yates 1937; Knuth, The Art of Computer Programming 4A, 7.2.1.1), and so are the linear predictors.
A table that needs more than that, since a list is empty, an estimate may not exist or the effects may not be
told apart, is left to `stepwise`, which decides all of it. Both give the same totals.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.statistics.checked import Flags, Numbers
from analysis.statistics.hidden.histories import CaptureTable, pairs_of
from analysis.statistics.hidden.loglinear import CERTAIN, EXACT, LONGEST_STEP, STEPS, Fit, design_of
from analysis.statistics.hidden.selection import THRESHOLD, stepwise

Sets = NDArray[np.int64]
#: Tables that are fitted together: more of them do not fit into a processor's own memory.
_TOGETHER = 500
_LARGEST = 700.0  # of what exp can take
_HALVED_ENOUGH = 1e-6


@dataclass(frozen=True)
class Stepwise:
    """The rule `stepwise` with its threshold, for one table or for many."""

    threshold: float = THRESHOLD

    def __call__(self, table: CaptureTable) -> Fit | None:
        """Return the chosen model of one table, as `stepwise`."""
        return stepwise(table, self.threshold)

    def totals(self, lists: tuple[str, ...], counts: Numbers) -> Iterator[Numbers]:
        """Return the total of each table, some tables at a time; NaN where there is no estimate.

        Parameters
        ----------
        lists
            Names of the t lists.
        counts : array of shape (tables, 2**t - 1)
        """
        for start in range(0, len(counts), _TOGETHER):
            yield self._some(lists, counts[start : start + _TOGETHER])

    def _some(self, lists: tuple[str, ...], counts: Numbers) -> Numbers:
        found = _chosen(len(lists), counts, self.threshold)
        for row in np.flatnonzero(np.isnan(found)):
            table = CaptureTable(lists, counts[row])
            fitted = self(table) if table.persons else None
            found[row] = np.nan if fitted is None else fitted.total
        return found


@dataclass(eq=False)
class _Models:
    """Tables of the same lists, each with its model so far; n tables, p effects, 2**t sets of lists.

    Attributes
    ----------
    rows : array of shape (n,)
        Which tables.
    counts, margins : arrays of shape (n, 2**t)
        Persons by history (nobody on no list), and on all lists of each set.
    terms : array of shape (n, p)
        Sets of lists: none, each list, pairs. A pair that nobody has stands there as none, with no effect.
    possible : array of shape (n, 2**t)
        1 for each history that has none of the impossible pairs.
    effects : array of shape (n, p)
    expected : array of shape (n, 2**t)
    """

    rows: Sets
    counts: Numbers
    margins: Numbers
    terms: Sets
    possible: Numbers
    effects: Numbers
    expected: Numbers = field(init=False)

    def of(self, some: Flags | Sets) -> "_Models":
        """Return some of the tables."""
        made = _Models(
            *(self.rows[some], self.counts[some], self.margins[some], self.terms[some]),
            *(self.possible[some], self.effects[some]),
        )
        if hasattr(self, "expected"):
            made.expected = self.expected[some]
        return made


def _chosen(lists: int, counts: Numbers, threshold: float) -> Numbers:
    """Return the total of each table; NaN where it is not certain."""
    pairs = np.array(pairs_of(lists), dtype=np.int64)
    found = np.full(len(counts), np.nan)
    models = _independent(lists, counts)
    while len(models.rows):
        models = _fitted(lists, models)
        taken = (models.terms[:, :, None] == pairs).any(axis=1) | _impossible(models, pairs)
        tails = _tails(models.margins[:, pairs], _supersets(models.expected.copy())[:, pairs])
        tails[taken] = np.inf
        is_over = ~(tails.min(axis=1, initial=np.inf) < threshold)
        over = models.of(is_over)
        found[over.rows] = over.counts.sum(axis=1) + np.exp(over.effects[:, 0])
        models = models.of(~is_over)
        _add(models, pairs[tails[~is_over].argmin(axis=1)] if len(models.rows) else pairs[:0])
    return found


def _independent(lists: int, counts: Numbers) -> _Models:
    """Return the models of independent lists, to begin from; tables with an empty list are left out."""
    whole = np.hstack([np.zeros((len(counts), 1)), counts])
    margins = _supersets(whole.copy())
    terms = np.array([0, *(1 << place for place in range(lists))])
    rows = np.flatnonzero((margins[:, terms] > 0).all(axis=1))
    possible = np.ones((len(rows), 1 << lists))
    possible[:, 0] = 0.0
    # Lists that have nothing to do with each other: each person is on a list with the list's share.
    share = np.clip(margins[rows][:, terms[1:]] / margins[rows][:, :1] / 2, 1e-6, 0.999)
    effects = np.hstack(
        [np.log(margins[rows][:, :1]) + np.log1p(-share).sum(axis=1, keepdims=True), special.logit(share)]
    )
    return _Models(rows, whole[rows], margins[rows], np.tile(terms, (len(rows), 1)), possible, effects)


def _add(models: _Models, pairs: Sets) -> None:
    """Add a pair to each model, which begins from the effects that it had."""
    numbers = np.arange(len(models.rows))
    has_none = models.margins[numbers, pairs] == 0
    models.terms = np.hstack([models.terms, np.where(has_none, 0, pairs)[:, None]])
    models.effects = np.hstack([models.effects, np.zeros((len(numbers), 1))])
    sets = np.arange(models.possible.shape[1])
    models.possible = models.possible * ~(has_none[:, None] & ((sets & pairs[:, None]) == pairs[:, None]))


def _impossible(models: _Models, pairs: Sets) -> Flags:
    """Return which pairs each model holds as impossible: shape (n, pairs)."""
    found: Flags = models.possible[:, pairs] == 0
    return found


def _tails(overlaps: Numbers, fitted: Numbers) -> Numbers:
    """Return the smaller of P(X <= n) and P(X >= n) of a Poisson number with the overlap that is expected."""
    above = np.where(overlaps > 0, special.pdtrc(np.maximum(overlaps - 1, 0), fitted), 1.0)
    return np.asarray(np.minimum(special.pdtr(overlaps, fitted), above))


def _fitted(lists: int, models: _Models) -> _Models:
    """Fit each model to its table; leave out those of which it is not certain that they have an estimate."""
    models = models.of(_are_told_apart(lists, models))
    unbalanced = _newton(models)
    least = np.where(models.possible > 0, models.expected, np.inf).min(axis=1, initial=np.inf)
    return models.of(np.isfinite(unbalanced) & (least > CERTAIN * np.maximum(unbalanced, 1e-300)))


def _are_told_apart(lists: int, models: _Models) -> Flags:
    """Tell of each model whether its effects differ: looked at only where something is impossible."""
    pairs = np.array(pairs_of(lists), dtype=np.int64)
    impossible = _impossible(models, pairs)
    are: Flags = np.full(len(models.rows), models.terms.shape[1] < 1 << lists)
    for row in np.flatnonzero(impossible.any(axis=1)):
        finite = tuple(int(one) for one in models.terms[row, 1 + lists :] if one)
        none = tuple(int(one) for one in pairs[impossible[row]])
        # A pair that is impossible since two others are has no effect of its own to be told apart.
        are[row] = design_of(lists, (), finite, none)[2]
    return are


def _newton(models: _Models) -> Numbers:
    """Fit all models; return how far each table's margins are from those fitted."""
    exact = EXACT * np.maximum(1.0, models.margins[:, 0])
    models.expected = np.zeros_like(models.counts)
    unbalanced = np.full(len(models.rows), np.inf)
    linear = _subsets(_spread(models, models.effects))
    best = _likelihood(models, linear)
    going, is_near = np.arange(len(models.rows)), np.zeros(len(models.rows), dtype=bool)
    for _ in range(STEPS):
        some = models.of(going)
        expected = np.exp(np.minimum(linear[going], _LARGEST)) * some.possible
        fitted = _supersets(expected.copy())
        missing = np.take_along_axis(some.margins - fitted, some.terms, axis=1)
        models.expected[going], unbalanced[going] = expected, np.abs(missing).max(axis=1, initial=0)
        # Near enough, one more step is as exact as numbers are: the proof that an estimate exists needs it.
        is_off = ~is_near[going]
        is_near[going] = unbalanced[going] <= exact[going]
        going, some, fitted, missing = going[is_off], some.of(is_off), fitted[is_off], missing[is_off]
        if not len(going):
            break
        step = _step(some, fitted, missing)
        along = _subsets(_spread(some, step))
        part = np.minimum(1.0, LONGEST_STEP / np.maximum(np.abs(along * some.possible).max(axis=1), 1e-300))
        while True:
            tried = linear[going] + part[:, None] * along
            value = _likelihood(some, tried)
            is_worse = ~(value >= best[going] - 1e-12 * np.abs(best[going])) & (part > _HALVED_ENOUGH)
            if not is_worse.any():
                break
            part[is_worse] /= 2
        is_on = part > _HALVED_ENOUGH
        going, on = going[is_on], is_on
        models.effects[going] += part[on, None] * step[on]
        linear[going] = tried[on]
        best[going] = np.maximum(value[on], best[going])
    return unbalanced


def _step(models: _Models, fitted: Numbers, missing: Numbers) -> Numbers:
    """Return Newton's step of each model; of one without, no step."""
    both = models.terms[:, :, None] | models.terms[:, None, :]
    information = np.take_along_axis(fitted, both.reshape(len(both), -1), axis=1).reshape(both.shape)
    # What stands for an impossible pair has no effect: its row and column are those of the unit matrix.
    is_none = models.terms == 0
    is_none[:, 0] = False
    information[is_none[:, :, None] | is_none[:, None, :]] = 0.0
    rows, places = np.nonzero(is_none)
    information[rows, places, places] = 1.0
    right = np.where(is_none, 0.0, missing)[:, :, None]
    try:
        return np.asarray(np.linalg.solve(information, right)[:, :, 0])
    except np.linalg.LinAlgError:  # an effect of one of them runs away: that one is looked at by itself
        steps = np.zeros_like(missing)
        for row, matrix in enumerate(information):
            if np.linalg.cond(matrix) < 1 / np.finfo(np.float64).eps:
                steps[row] = np.linalg.solve(matrix, right[row, :, 0])
        return steps


def _spread(models: _Models, effects: Numbers) -> Numbers:
    """Return effects at the places of their sets: shape (n, 2**t)."""
    whole = np.zeros_like(models.counts)
    places = models.terms.copy()
    for column in range(places.shape[1] - 1, -1, -1):  # the intercept last: what stands for none is 0
        np.put_along_axis(whole, places[:, column : column + 1], effects[:, column : column + 1], axis=1)
    return whole


def _likelihood(models: _Models, linear: Numbers) -> Numbers:
    linear = np.minimum(linear, _LARGEST)
    return np.asarray(((models.counts * linear) - np.exp(linear) * models.possible).sum(axis=1))


def _supersets(numbers: Numbers) -> Numbers:
    """Return, in place, at each set the sum over all sets that contain it: shape (n, 2**t)."""
    return _summed(numbers, into=0)


def _subsets(numbers: Numbers) -> Numbers:
    """Return, in place, at each set the sum over all sets that it contains: shape (n, 2**t)."""
    return _summed(numbers, into=1)


def _summed(numbers: Numbers, into: int) -> Numbers:
    size = numbers.shape[1]
    for place in range(size.bit_length() - 1):
        halves = numbers.reshape(len(numbers), size >> (place + 1), 2, 1 << place)
        halves[:, :, into] += halves[:, :, 1 - into]
    return numbers
