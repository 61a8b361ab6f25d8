"""Shares: a published count over a published count, with a smallest base, whole percent and a cap.

A cell that is not shown counts between 0 and the threshold less 1. Where that leaves the share open by more
than `WIDEST_DOUBT` it is not shown; otherwise the interval is stretched to hold it.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.answers.rows.arrays import Array, Figures, Found, Key, Wanted, silent_rows
from analysis.answers.rows.cells import (
    HIDDEN,
    LOW_RELIABILITY,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Cells,
    any_bits,
)
from analysis.catalog.model import NOT_RECORDED, Filter, Measure
from analysis.questions.checked import Asked, Axis
from analysis.questions.closed_list import finest_level
from analysis.questions.question import fits
from analysis.statistics.protection import protected_share_limits, share_variance

LARGEST_SHOWN = 95.0
WIDEST_DOUBT = 0.10


@dataclass
class Base:
    """What shares divide by: best, smallest and largest possible value, cells used, markers."""

    value: Array
    low: Array
    high: Array
    cells: np.ndarray
    bits: np.ndarray

    def summed(self, axes: int) -> "Base":
        """Return the sums over the last `axes` axes."""
        if not axes:
            return self
        over = tuple(range(-axes, 0))
        bits = any_bits(self.bits, axes)
        return Base(self.value.sum(over), self.low.sum(over), self.high.sum(over), self.cells.sum(over), bits)


class SharePlan:
    """Answers a share: of one category, or of each category of a dimension."""

    def __init__(self, asked: Asked) -> None:
        self.asked, measure = asked, asked.measure
        self.most_hidden = max(asked.release.threshold - 1, 0)
        self.above = Wanted(asked, _axes(measure.numerator))
        leave = (measure.share_of,) if measure.share_of else ()
        self.below = Wanted(asked, _axes(measure.denominator), leave)
        self.unknown: Wanted | None = None
        if measure.known_only:
            name = measure.share_of or measure.numerator[0][0]
            self.unknown = Wanted(asked, [Axis(name, (NOT_RECORDED,))], leave)

    def parts(self) -> list[Key]:
        """Return the cells above and below the line."""
        wanted = [self.above, self.below, *([self.unknown] if self.unknown else [])]
        return [part for one in wanted for part in one.tables]

    def figures(self, found: Found) -> Figures:
        """Return the shares."""
        above, base = self.above.cells(found), self._base(found)
        usable = np.broadcast_to(base.cells > 0, above.value.shape)
        axes = len(self.asked.summed)
        every, counted = above.summed(axes), above.only(usable).summed(axes)
        wide = Base(
            *(np.where(usable, np.broadcast_to(part, usable.shape), 0) for part in vars(base).values())
        )
        return self._figures(every, counted, wide.summed(axes))

    def _base(self, found: Found) -> Base:
        below = self.below.cells(found)
        low, high = below.value, below.value
        value, cells = below.value, below.shown
        if self.asked.measure.denominator:
            high = value + below.hidden * self.most_hidden
        if self.unknown:
            unknown = self.unknown.cells(found)
            value = high = np.maximum(value - unknown.value, 0)
            low = np.maximum(value - unknown.hidden * self.most_hidden, 0)
            cells = np.where(cells > 0, cells + unknown.shown, 0)
        base = Base(value, low, high, cells, below.bits)
        place = [axis.name for axis in self.asked.axes if axis.name != "field"]
        if self.asked.measure.share_of:
            at = place.index(self.asked.measure.share_of)
            base = Base(*(np.expand_dims(part, at) for part in vars(base).values()))
        return base

    def _figures(self, every: Cells, counted: Cells, base: Base) -> Figures:
        exact, smallest = self.asked.release.is_exact, self.asked.catalog.protection.base_share
        with np.errstate(divide="ignore", invalid="ignore"):
            most = np.minimum(counted.value + counted.hidden * self.most_hidden, base.low)
            share = np.clip(counted.value / base.value, 0, 1)
            doubt = most / base.low - counted.value / base.high
        poor = base.value < smallest
        hide = (counted.shown == 0) | (base.value <= 0) | (base.low <= 0)
        if not exact:
            hide |= poor | ~(doubt <= WIDEST_DOUBT)
        lower, upper = self._limits(counted, base, most, hide)
        percent = np.minimum(_whole(share * 100), LARGEST_SHOWN)
        bits = counted.bits | base.bits
        figures = Figures(
            value=np.where(hide, np.nan, percent),
            lower=np.minimum(np.round(lower * 100), percent),
            upper=np.clip(np.round(upper * 100), percent, 99.0),
            bits=np.where(poor & ~hide, bits | LOW_RELIABILITY, bits),
            shown=counted.shown,
            total=every.total,
            base=Figures.told_base(base.value, self.asked.release),
        )
        figures.hide(hide & (counted.shown == 0) & self._silent(), NOT_AVAILABLE)
        figures.hide(hide, HIDDEN)
        return figures

    def _limits(self, counted: Cells, base: Base, most: Array, hide: np.ndarray) -> tuple[Array, Array]:
        measure = self.asked.measure
        inside = bool(measure.denominator) and set(dict(measure.numerator)) <= set(dict(measure.denominator))
        best, low, high = (np.where(hide, 1.0, part) for part in (base.value, base.low, base.high))
        count = np.where(hide, 0.0, counted.value)
        share = np.clip(count / best, 0, 1)
        variance = share_variance(share, best, (counted.shown, base.cells), self.asked.release.v, inside)
        lower, _ = protected_share_limits(count, high, variance)
        _, upper = protected_share_limits(np.where(hide, 0.0, most), low, variance)
        return lower, upper

    def _silent(self) -> np.ndarray:
        return silent_rows(self.asked)


class FieldSharePlan:
    """Answers the share not recorded of each field: one share for each dimension, side by side."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.place = asked.question.by.index("field")
        self.plans = [self._plan(name) for name in asked.rows[self.place].codes]

    def _plan(self, name: str) -> SharePlan | None:
        names = [axis.name for axis in self.asked.axes if axis.name not in ("period", "field")]
        asked_of = self.asked.catalog.dimensions[name].recorded_for
        if asked_of and (chosen := self.asked.axis(asked_of[0])):
            if not set(chosen.codes) <= set(asked_of[1]):
                return None  # somebody among them is not asked
            asked_of = None
        dims = {*names, name, *([asked_of[0]] if asked_of else [])} - {"area"}
        asked = replace(self.asked, measure=_for_field(self.asked.measure, name, asked_of))
        allowed = fits(asked.subject, asked.catalog, finest_level(asked), "area" in names, dims)
        return SharePlan(asked) if allowed and name not in names else None

    def parts(self) -> list[Key]:
        """Return the cells of every field."""
        return [part for plan in self.plans if plan for part in plan.parts()]

    def figures(self, found: Found) -> Figures:
        """Return the shares, the fields along their axis; not applicable where the question has the field."""
        each = [plan.figures(found) if plan else self._nothing() for plan in self.plans]

        def stacked(name: str) -> Any:
            return np.stack([getattr(one, name) for one in each], self.place)

        figures = Figures(*(stacked(name) for name in ("value", "lower", "upper", "bits", "shown", "total")))
        figures.base = stacked("base")
        return figures

    def _nothing(self) -> Figures:
        shape = tuple(len(axis.codes) for axis in self.asked.rows if axis.name != "field")
        empty, none = np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
        return Figures(empty, empty, empty, np.full(shape, NOT_APPLICABLE), none, none, empty)


def _for_field(measure: Measure, name: str, asked_of: tuple[str, tuple[str, ...]] | None) -> Measure:
    """Return the share of 'not recorded' of one field, among those who are asked for it."""
    among = (asked_of,) if asked_of else ()
    return replace(measure, numerator=((name, (NOT_RECORDED,)), *among), denominator=among, per_field=False)


def _whole(percent: Array) -> Array:
    """Return whole per cent; of less than half a per cent one decimal is kept, or it would read as nobody."""
    whole = np.round(percent)
    return np.where((whole == 0) & (percent > 0), np.maximum(np.round(percent, 1), 0.1), whole)


def _axes(filters: Filter) -> list[Axis]:
    return [Axis(name, codes) for name, codes in filters]
