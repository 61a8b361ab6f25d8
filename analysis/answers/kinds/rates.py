"""Rates: a published count over residents and years, to two significant figures."""

import numpy as np

from analysis.answers.kinds.residents import (
    DIMENSIONS,
    Residents,
    is_part_of_a_large_geography,
    not_applicable,
)
from analysis.answers.rows.arrays import Array, Figures, Found, Key, Wanted, silent_rows
from analysis.answers.rows.cells import (
    ESTIMATED,
    HIDDEN,
    LOW_RELIABILITY,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Cells,
)
from analysis.questions.checked import Asked
from analysis.statistics.protection import protected_count_limits

WIDEST_DOUBT = 0.10
PART_OF_A_WHOLE = "The register covers only a part of this geography: ask for the rate of an area."


class RatePlan:
    """Answers a rate per so many residents a year."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.wanted = Wanted(asked)
        self.residents = Residents(asked, asked.axes)

    def parts(self) -> list[Key]:
        """Return the cells of the question, and the residents."""
        return [*self.wanted.tables, self.residents.part]

    def figures(self, found: Found) -> Figures:
        """Return the rates."""
        asked = self.asked
        cells = self.wanted.cells(found).summed(len(asked.summed))
        table = self.residents.table(found)
        people = self._over_rows(table.array())
        impossible = self._over_rows(not_applicable(asked.axes).astype(np.float64)) > 0
        is_part = is_part_of_a_large_geography(asked)
        if is_part:
            impossible, people = np.ones_like(impossible), np.full_like(people, np.nan)
        # Nobody lives in a port or an industrial estate: there is no rate, and none is hidden either.
        impossible |= people == 0
        figures = self._figures(cells, people)
        borrowed = self._over_rows(table.borrowed_years().astype(np.float64)) > 0
        figures.bits = np.where(borrowed, figures.bits | ESTIMATED, figures.bits)
        figures.hide(impossible, NOT_APPLICABLE)
        figures.hide(np.isnan(people) & ~impossible, NOT_AVAILABLE)
        figures.hide((cells.shown == 0) & ~impossible & silent_rows(asked), NOT_AVAILABLE)
        if asked.release.task_forces:
            figures.hide(silent_rows(asked) & ~impossible, NOT_AVAILABLE)
        figures.hide(np.isnan(figures.value) & ~impossible, HIDDEN)
        figures.notes += [PART_OF_A_WHOLE] if is_part else table.notes()
        if np.isnan(people[~impossible]).any():
            figures.notes.append("Residents are not known for some of these rows.")
        return figures

    def _figures(self, cells: Cells, people: Array) -> Figures:
        release, base = self.asked.release, self.asked.catalog.protection
        per = self.asked.measure.per
        missing = cells.hidden * max(release.threshold - 1, 0)
        hide = cells.shown == 0
        if not release.is_exact:
            hide |= (cells.value < base.rate_not_shown_below) | (missing > WIDEST_DOUBT * cells.value)
        lower, upper = protected_count_limits(cells.value, cells.shown, release.v)
        scale = per / np.where(people > 0, people, np.nan)
        value, low, high = (
            np.where(hide, np.nan, significant(count * scale))
            for count in (cells.value, lower, upper + missing)
        )
        poor = (cells.value < base.rate_unreliable_below) & ~hide
        bits = np.where(poor, cells.bits | LOW_RELIABILITY, cells.bits)
        return Figures(value, low, high, bits, cells.shown, cells.total, base=np.round(people))

    def _over_rows(self, array: Array) -> Array:
        """Return an array over the residents' axes as one over the rows, summed over the others."""
        rows, axes = len(self.asked.rows), self.asked.axes
        index = tuple(slice(None) if axis.name in DIMENSIONS else np.newaxis for axis in axes)
        shape = tuple(len(axis.codes) if n < rows else 1 for n, axis in enumerate(axes))
        known = array[index].sum(axis=tuple(range(rows, len(axes))))
        return np.broadcast_to(known, shape[:rows]).copy()


def significant(array: Array, figures: int = 2) -> Array:
    """Return numbers rounded to significant figures; 0 and NaN stay."""
    with np.errstate(divide="ignore", invalid="ignore"):
        digits = np.floor(np.log10(np.abs(array)))
    scale = 10.0 ** (figures - 1 - np.where(np.isfinite(digits), digits, 0))
    return np.asarray(np.round(array * scale) / scale)
