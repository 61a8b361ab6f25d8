"""Medians and other quantiles of durations, read off published bands; who still waits is kept.

Method: the empirical distribution over the bands, straight lines inside a band. People who still wait have
waited longer than can be said: they stand above every band and are never left out. The limits come from the
binomial limits of the quantile's position (Conover, *Practical Nonparametric Statistics*, 3rd ed., section
3.2), with the variance of the protection added, and from putting hidden bands at nothing or
at the most they can hold, whichever moves the quantile further. Where they could hold too many beside those
who are shown, there is no quantile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.answers.rows.arrays import Array, Figures, Found, Key, Wanted
from analysis.answers.rows.cells import HIDDEN, LOW_RELIABILITY, Cells
from analysis.catalog.model import NOT_RECORDED, Category
from analysis.questions.checked import Asked, Axis
from analysis.statistics.intervals import z_value

WIDEST_HIDDEN = 1 / 3  # of those in shown bands: the most that hidden bands may hold beside them
NO_WAIT = (NOT_RECORDED, "not_applicable")


@dataclass(frozen=True)
class Bands:
    """The bands of a dimension, shortest first; `open_from` is the low end of the band without an end.

    Attributes
    ----------
    codes
        Closed bands, then the open one, then categories that have waited longer than any band.
    edges
        Low end of each closed band and of the open one.
    """

    codes: tuple[str, ...]
    edges: tuple[float, ...]

    @property
    def closed(self) -> int:
        """Number of closed bands."""
        return len(self.edges) - 1


def bands_of(categories: Sequence[Category]) -> Bands:
    """Return the bands among the categories of a dimension; those without a low end come last.

    "Not recorded" is left out: it says nothing about how long; "not applicable" too: there nothing is waited
    for.
    """
    timed = sorted((one for one in categories if one.low is not None), key=lambda one: one.low or 0)
    longer = [one for one in categories if one.low is None and one.code not in NO_WAIT]
    return Bands(tuple(one.code for one in [*timed, *longer]), tuple(float(one.low or 0) for one in timed))


class QuantilePlan:
    """Answers a quantile of a duration that is divided into bands."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.bands = bands_of(asked.catalog.dimensions[asked.measure.share_of].categories)
        self.wanted = Wanted(asked, [Axis(asked.measure.share_of, self.bands.codes)])

    def parts(self) -> list[Key]:
        """Return the cells of every band."""
        return list(self.wanted.tables)

    def figures(self, found: Found) -> Figures:
        """Return the quantiles, with two significant figures at most a day apart."""
        cells = self._cells(found)
        release, least = self.asked.release, self.asked.catalog.protection.base_median
        most_hidden = max(release.threshold - 1, 0)
        base = cells.value.sum(-1)
        q = self.asked.measure.quantile
        reach = self._reach(base, cells, q)
        hidden = (cells.hidden * most_hidden).astype(np.float64)
        value = quantile(cells.value, self.bands.edges, np.full(base.shape, q))
        low, high = np.clip(q - reach, 0, 1), np.clip(q + reach, 0, 1)
        lower, upper = possible(cells.value, hidden, self.bands.edges, low, high)
        poor = base < least
        unknown = hidden.sum(-1) > WIDEST_HIDDEN * base
        hide = (base <= 0) | ((poor | unknown) & (not release.is_exact))
        beyond = ~np.isfinite(value) & ~hide
        figures = Figures(
            value=np.where(hide | beyond, np.nan, np.round(value, 1)),
            lower=np.where(hide | beyond, np.nan, np.round(lower, 1)),
            upper=np.where(hide | beyond | ~np.isfinite(upper), np.nan, np.round(upper, 1)),
            bits=np.where(poor & ~hide, LOW_RELIABILITY, 0) | np.bitwise_or.reduce(cells.bits, axis=-1),
            shown=cells.shown.sum(-1),
            total=cells.total.sum(-1),
            base=Figures.told_base(base, release),
        )
        if beyond.any():
            figures.notes.append(self._beyond())
        figures.hide(hide | beyond, HIDDEN)
        return figures

    def _cells(self, found: Found) -> Cells:
        """Return the cells over rows and bands: sums over the filters, the bands last."""
        whole = self.wanted.whole(found)
        rows, filters = len(self.asked.rows), len(self.asked.summed)

        def last(part: NDArray[Any]) -> NDArray[Any]:
            return np.moveaxis(part, rows + filters, rows)

        # Bands to the front of the filters, so that the filters can be summed; then the bands are last.
        moved = Cells(last(whole.value), last(whole.shown), last(whole.total), last(whole.bits))
        return moved.summed(filters)

    def _reach(self, base: Array, cells: Cells, q: float) -> Array:
        size = np.where(base > 0, base, 1.0)
        noise = self.asked.release.v * cells.shown.sum(-1)
        return np.asarray(z_value(0.95) * np.sqrt(q * (1 - q) / size + q * (1 - q) * noise / size**2))

    def _beyond(self) -> str:
        longest, part = self.bands.edges[-1], round(100 * (1 - self.asked.measure.quantile))
        unit = self.asked.measure.unit
        return f"Where it is not shown, {part}% or more took longer than {longest:g} {unit} or still wait."


def quantile(counts: Array, edges: Sequence[float], position: Array) -> Array:
    """Return a quantile of banded durations.

    Parameters
    ----------
    counts
        Shape (…, categories): closed bands first, then the open band and whoever still waits.
    edges
        Low end of each closed band, then of the open one: closed bands + 1 numbers.
    position
        Shape (…): the quantile wanted, between 0 and 1.

    Returns
    -------
    array of shape (…)
        NaN without anybody; infinite where the quantile lies in the open band or above.

    Examples
    --------
    >>> float(quantile(np.array([50.0, 50.0, 0.0]), (0.0, 3.0, 8.0), np.array(0.75)))
    5.5
    """
    total = counts.sum(-1)
    wanted = position * total
    ends = np.cumsum(counts[..., : len(edges) - 1], axis=-1)
    starts = ends - counts[..., : len(edges) - 1]
    found = np.full(total.shape, np.inf)
    for band in range(len(edges) - 2, -1, -1):
        inside = wanted <= ends[..., band]
        size = np.where(counts[..., band] > 0, counts[..., band], np.nan)
        part = np.nan_to_num(np.clip((wanted - starts[..., band]) / size, 0, 1))
        found = np.where(inside, edges[band] + part * (edges[band + 1] - edges[band]), found)
    return np.where(total > 0, found, np.nan)


def possible(
    counts: Array, hidden: Array, edges: Sequence[float], low: Array, high: Array
) -> tuple[Array, Array]:
    """Return the lowest and the highest quantile that hidden bands leave possible.

    It is lowest with the hidden bands full up to some band and empty from there on, and highest the other way
    round; which band that is, is found by trying each.

    Parameters
    ----------
    counts, edges
        As `quantile`.
    hidden
        The most that may be hidden in each band; the shape of `counts`.
    low, high
        Lowest and highest position of the quantile.

    Returns
    -------
    (lower, upper) : arrays of the shape of `low`
    """
    order = np.arange(counts.shape[-1])
    lower, upper = np.full(low.shape, np.inf), np.full(high.shape, -np.inf)
    for place in range(len(order) + 1):
        early, late = np.where(order < place, hidden, 0), np.where(order >= place, hidden, 0)
        lower = np.fmin(lower, quantile(counts + early, edges, low))
        upper = np.fmax(upper, quantile(counts + late, edges, high))
    return lower, upper
