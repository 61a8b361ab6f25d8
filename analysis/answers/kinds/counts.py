"""Counts: published cells, and sums of the cells that can be shown."""

import numpy as np

from analysis.answers.rows.arrays import Figures, Found, Wanted, silent_rows
from analysis.answers.rows.cells import HIDDEN, NOT_AVAILABLE
from analysis.answers.rows.lookup import Part
from analysis.questions.checked import Asked, Axis
from analysis.statistics.protection import protected_count_limits


class CountPlan:
    """Answers a count."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.wanted = Wanted(asked, [Axis(name, codes) for name, codes in asked.measure.numerator])

    def parts(self) -> list[Part]:
        """Return the cells of the question."""
        return list(self.wanted.cell_parts)

    def figures(self, found: Found) -> Figures:
        """Return the cells, or the sums of those that can be shown."""
        cells = self.wanted.cells(found).summed(len(self.asked.summed))
        none = cells.shown == 0
        value = np.where(none, np.nan, cells.value)
        lower, upper = protected_count_limits(cells.value, cells.shown, self.asked.release.v)
        figures = Figures(
            value=value,
            lower=np.where(none, np.nan, np.round(lower)),
            upper=np.where(none, np.nan, np.round(upper)),
            bits=cells.bits,
            shown=cells.shown,
            total=cells.total,
        )
        figures.hide(none & silent_rows(self.asked), NOT_AVAILABLE)
        figures.hide(none, HIDDEN)
        return figures
