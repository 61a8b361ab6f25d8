"""Counts: published cells, and sums of the cells that can be shown."""

import numpy as np

from analysis.answers.rows.arrays import Figures, Found, Key, Wanted, silent_rows
from analysis.answers.rows.cells import HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE, Cells
from analysis.answers.rows.hub_parts import numbers_missing, uncovered_rows
from analysis.questions.checked import Asked, Axis
from analysis.statistics.protection import protected_count_limits


class CountPlan:
    """Answers a count."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.wanted = Wanted(asked, [Axis(name, codes) for name, codes in asked.measure.numerator])

    def parts(self) -> list[Key]:
        """Return the cells of the question."""
        return list(self.wanted.tables)

    def figures(self, found: Found) -> Figures:
        """Return the cells, or the sums of those that can be shown."""
        return figures_of(self.cells(found), self.asked)

    def cells(self, found: Found) -> Cells:
        """Return the cells over the rows; what a task force does not cover makes a sum "at least"."""
        cells = self.wanted.whole(found)
        missing = numbers_missing(self.asked, self.wanted.axes)
        if missing is not None:
            cells.total = cells.total + missing
        return cells.summed(self.wanted.extra + len(self.asked.summed))


class JoinedPlan:
    """Answers a count whose rows add up several published periods.

    Parameters
    ----------
    asked
        By the joined periods.
    published
        The same by the published periods that they are made of.
    """

    def __init__(self, asked: Asked, published: Asked) -> None:
        self.asked = asked
        self.of = CountPlan(published)

    def parts(self) -> list[Key]:
        """Return the cells of the published periods."""
        return self.of.parts()

    def figures(self, found: Found) -> Figures:
        """Return sums of the cells that can be shown; one with a hidden part is at least that many."""
        place, rows = next((n, axis) for n, axis in enumerate(self.asked.rows) if axis.name == "period")
        return figures_of(self.of.cells(found).joined(place, len(rows.codes)), self.asked)


def count_plan(asked: Asked) -> CountPlan | JoinedPlan:
    """Return how a count is answered."""
    return JoinedPlan(asked, asked.joined) if asked.joined else CountPlan(asked)


def figures_of(cells: Cells, asked: Asked) -> Figures:
    """Return counts and sums of counts with limits that hold chance and the protection of each cell.

    A part that is not shown holds fewer than the threshold: so many more may be in a sum without it. Where a
    task force of a hub has no numbers of a period nothing is known, and there is no upper limit.
    """
    none = cells.shown == 0
    value = np.where(none, np.nan, cells.value)
    lower, upper = protected_count_limits(cells.value, cells.shown, asked.release.v)
    upper = upper + cells.hidden * max(asked.release.threshold - 1, 0)
    if asked.release.task_forces:
        upper = np.where(uncovered_rows(asked), np.nan, upper)
    figures = Figures(
        value=value,
        lower=np.where(none, np.nan, np.round(lower)),
        upper=np.where(none, np.nan, np.round(upper)),
        bits=cells.bits,
        shown=cells.shown,
        total=cells.total,
    )
    figures.hide(cells.total == 0, NOT_APPLICABLE)  # of a hub: one task force in the area of another
    figures.hide(none & silent_rows(asked), NOT_AVAILABLE)
    figures.hide(none, HIDDEN)
    return figures
