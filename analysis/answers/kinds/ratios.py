"""Ratios: one measure over another, each published by itself, such as money per person helped."""

import numpy as np

from analysis.answers.kinds.rates import significant
from analysis.answers.rows.arrays import Array, Figures, Found, Key, Plan
from analysis.answers.rows.cells import HIDDEN, LOW_RELIABILITY, NOT_AVAILABLE
from analysis.questions.checked import Asked


class RatioPlan:
    """Answers a ratio: what is above the line over what is below it, row by row.

    The interval takes the ends that lie furthest apart: it holds the ratio wherever both intervals hold. A
    side without an interval (money, places) counts as exact. A sum with parts that are not shown has no
    ratio.
    """

    def __init__(self, asked: Asked, above: Plan, below: Plan) -> None:
        self.asked, self.above, self.below = asked, above, below

    def parts(self) -> list[Key]:
        """Return what both sides need."""
        return [*self.above.parts(), *self.below.parts()]

    def figures(self, found: Found) -> Figures:
        """Return the ratios."""
        measure, base = self.asked.measure, self.asked.catalog.protection
        above = self.above.figures(found)
        below = _along(self.below.figures(found), self.asked)
        per = measure.per or 1
        is_counted = "person" in {part.measure.door for part in self.asked.parts}
        low, high = (_limit(below, side) for side in ("lower", "upper"))
        least, most = (_limit(above, side) for side in ("lower", "upper"))
        with np.errstate(divide="ignore", invalid="ignore"):
            value = per * above.value / np.where(below.value > 0, below.value, np.nan)
            lower = per * least / np.where(high > 0, high, np.nan)
            upper = per * most / np.where(low > 0, low, np.nan)
        has_limits = np.isfinite(above.lower) | np.isfinite(below.lower)
        partly = (above.shown < above.total) | (below.shown < below.total)
        few = np.zeros(value.shape, dtype=bool)
        for side, part in zip((above, below), self.asked.parts, strict=True):
            if part.measure.door == "person" and not self.asked.release.is_exact:
                few |= side.value < base.rate_unreliable_below
        bits = above.bits | below.bits
        if is_counted:
            value, lower, upper = significant(value), significant(lower), significant(upper)
        figures = Figures(
            value=value,
            lower=np.where(has_limits, lower, np.nan),
            upper=np.where(has_limits, upper, np.nan),
            bits=np.where(few & np.isfinite(value), bits | LOW_RELIABILITY, bits),
            shown=above.shown + below.shown,
            total=above.total + below.total,
            base=below.value.copy(),
            notes=[*above.notes, *below.notes],
        )
        if is_counted and not self.asked.release.is_exact:
            figures.hide(partly & np.isfinite(figures.value), HIDDEN)
        figures.hide(np.isnan(figures.value), NOT_AVAILABLE)
        return figures


def _limit(figures: Figures, side: str) -> Array:
    """Return a limit; the value itself where there is none."""
    limit: Array = getattr(figures, side)
    return np.where(np.isfinite(limit), limit, figures.value)


def _along(below: Figures, asked: Asked) -> Figures:
    """Return the lower side in the rows of the upper one; a row it does not have is not available."""
    mine, theirs = (part.rows for part in asked.parts)
    if [axis.codes for axis in mine] == [axis.codes for axis in theirs]:
        return below
    index = []
    inside = np.ones(tuple(len(axis.codes) for axis in mine), dtype=bool)
    for place, (axis, other) in enumerate(zip(mine, theirs, strict=True)):
        at = {code: n for n, code in enumerate(other.codes)}
        found = np.array([at.get(code, -1) for code in axis.codes])
        index.append(np.maximum(found, 0))
        shape = [1] * len(mine)
        shape[place] = len(found)
        inside &= (found >= 0).reshape(shape)
    grid = np.ix_(*index)
    picked = {
        name: np.asarray(getattr(below, name))[grid]
        for name in ("value", "lower", "upper", "bits", "shown", "total")
    }
    figures = Figures(**picked, notes=list(below.notes))
    figures.hide(~inside, NOT_AVAILABLE)
    return figures
