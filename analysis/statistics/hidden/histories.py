"""Capture histories: how many persons are on which lists.

A history is the set of lists that a person is on. It is written as a number whose bit i is list i, so that
"on all lists of θ" is a question about bits. A table holds a count for each of the 2^t − 1 histories that can
be observed; one that nobody has is 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.checked import Numbers, refuse

FEWEST_LISTS, MOST_LISTS = 2, 12
#: Of one history: more than there could be, and likelihoods would lose their last digits.
MOST_PERSONS = 1e9


@dataclass(frozen=True, eq=False)
class CaptureTable:
    """Persons by capture history.

    Attributes
    ----------
    lists
        Names of the t lists.
    counts : array of shape (2**t - 1,)
        Persons of history 1, 2, 3 and so on.
    """

    lists: tuple[str, ...]
    counts: Numbers

    @property
    def persons(self) -> float:
        """How many persons are on at least one list."""
        return float(self.counts.sum())

    @property
    def pairs(self) -> tuple[int, ...]:
        """All pairs of lists, as sets of bits, in the order of the lists."""
        return pairs_of(len(self.lists))

    def on_all(self, sets: Sequence[int]) -> Numbers:
        """Return how many persons are on all lists of each set."""
        return columns(len(self.lists), tuple(sets)).T @ self.counts

    def name(self, lists: int) -> str:
        """Return a set of lists in words: ``PF:NCA``."""
        return ":".join(name for place, name in enumerate(self.lists) if lists >> place & 1)

    def resampled(self, counts: Numbers) -> "CaptureTable":
        """Return a table of the same lists with other counts."""
        return CaptureTable(self.lists, counts)


def capture_table(lists: Sequence[str], histories: ArrayLike, counts: ArrayLike) -> CaptureTable:
    """Return the table of some histories; those that are given twice are summed.

    Parameters
    ----------
    lists : sequence of t names
    histories : array of shape (rows, t), 0 or 1
    counts : array of shape (rows,), whole persons, at least 0

    Raises
    ------
    ValueError
        Naming the argument and its first bad index: a wrong shape, a mark that is neither 0 nor 1, a count
        that is none, somebody on no list, a list twice, too few or too many lists.
    """
    number = len(lists)
    if not FEWEST_LISTS <= number <= MOST_LISTS:
        raise ValueError(f"lists has {number} names; allowed: {FEWEST_LISTS} to {MOST_LISTS}")
    for place, name in enumerate(lists):
        if name in lists[:place]:
            raise ValueError(f"lists[{place}] names a list that is there already")
    marks, persons = np.asarray(histories), np.asarray(counts)
    if marks.ndim != 2 or marks.shape[1] != number:
        raise ValueError(f"histories has the shape {marks.shape}; allowed: (rows, {number})")
    if persons.shape != marks.shape[:1]:
        raise ValueError(f"counts has the shape {persons.shape}; allowed: ({len(marks)},)")
    refuse("histories", ~np.isin(marks, (0, 1)), "is neither 0 nor 1")
    persons = persons.astype(np.float64)
    wrong = ~np.isfinite(persons) | (persons < 0) | (persons != np.floor(persons))
    refuse("counts", wrong, "is no whole number of persons, 0 or more")
    refuse("counts", persons > MOST_PERSONS, f"is above {MOST_PERSONS:,.0f} persons")
    codes = marks.astype(np.int64) @ (1 << np.arange(number))
    refuse("histories", codes == 0, "is on no list: that number is what is estimated")
    total = np.bincount(codes, weights=persons, minlength=1 << number).astype(np.float64)
    return CaptureTable(tuple(lists), total[1:])


def without_list(table: CaptureTable, place: int) -> CaptureTable:
    """Return the table of all lists but one; who was on that one alone is gone."""
    lists = (*table.lists[:place], *table.lists[place + 1 :])
    codes = np.arange(1, len(table.counts) + 1)
    below, above = codes & ((1 << place) - 1), codes >> (place + 1)
    left = below | (above << place)
    counts = np.bincount(left, weights=table.counts, minlength=1 << len(lists)).astype(np.float64)
    return CaptureTable(lists, counts[1:])


@lru_cache(maxsize=64)
def pairs_of(lists: int) -> tuple[int, ...]:
    """Return all pairs of so many lists, as sets of bits."""
    return tuple(1 << a | 1 << b for a in range(lists) for b in range(a + 1, lists))


@lru_cache(maxsize=4096)
def columns(lists: int, sets: tuple[int, ...]) -> Numbers:
    """Return for each history (rows) whether it is on all lists of each set (columns): 1 or 0."""
    codes = np.arange(1, 1 << lists)[:, None]
    wanted = np.asarray(sets, dtype=np.int64)[None, :]
    column = ((codes & wanted) == wanted).astype(np.float64)
    column.setflags(write=False)
    return column
