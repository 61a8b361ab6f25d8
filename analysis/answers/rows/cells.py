"""Published cells as arrays: one element for each combination of codes; sums know what is missing."""

import functools
import itertools
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.questions.checked import Axis
from analysis.release.index.cells import VALUE, CellRows

MARKERS = "srpebuczx"  # order in which markers are written; c, z and x explain a missing value
BIT = {letter: 1 << place for place, letter in enumerate(MARKERS)}
HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE = BIT["c"], BIT["z"], BIT["x"]
LOW_RELIABILITY, ESTIMATED = BIT["u"], BIT["e"]


@functools.cache
def bits_of(marker: str) -> int:
    """Return a marker such as "rp" as bits; unknown letters are dropped."""
    return functools.reduce(operator.or_, (BIT.get(letter, 0) for letter in marker), 0)


@functools.cache
def letters_of(bits: int) -> str:
    """Return bits as a marker, in a fixed order."""
    return "".join(letter for letter in MARKERS if bits & BIT[letter])


def any_bits(bits: NDArray[np.int64], axes: int) -> NDArray[np.int64]:
    """Return which bits are set anywhere along the last `axes` axes."""
    for _ in range(axes):
        bits = np.bitwise_or.reduce(bits, axis=-1)
    return bits


@dataclass
class Cells:
    """Arrays over the same axes.

    Attributes
    ----------
    value
        Sum of the shown cells; 0 where there is none.
    shown, total
        Number of shown and of asked-for cells behind each element.
    bits
        Markers of the shown cells, joined.
    """

    value: NDArray[np.float64]
    shown: NDArray[np.int64]
    total: NDArray[np.int64]
    bits: NDArray[np.int64]

    @property
    def hidden(self) -> NDArray[np.int64]:
        """Number of cells that are not shown."""
        return self.total - self.shown

    def summed(self, axes: int) -> "Cells":
        """Return the sums over the last `axes` axes."""
        if not axes:
            return self
        over = tuple(range(-axes, 0))
        bits = any_bits(self.bits, axes)
        return Cells(self.value.sum(over), self.shown.sum(over), self.total.sum(over), bits)

    def joined(self, place: int, groups: int) -> "Cells":
        """Return the sums of neighbours along one axis, so that it has so many elements."""

        def apart(part: NDArray[Any]) -> NDArray[Any]:
            shape = part.shape
            return part.reshape(*shape[:place], groups, shape[place] // groups, *shape[place + 1 :])

        value, shown, total = (apart(part).sum(place + 1) for part in (self.value, self.shown, self.total))
        return Cells(value, shown, total, np.bitwise_or.reduce(apart(self.bits), axis=place + 1))

    def only(self, mask: NDArray[np.bool_]) -> "Cells":
        """Return the same with everything outside a mask empty."""
        parts = (self.value, self.shown, self.total, self.bits)
        return Cells(*(np.where(mask, part, 0) for part in parts))


def fill(  # noqa: PLR0917
    axes: Sequence[Axis],
    tables: Iterable[CellRows],
    dims: Sequence[str],
    exact: bool,
    region: str = "",
    total: NDArray[np.int64] | None = None,
) -> Cells:
    """Put cells into arrays.

    Parameters
    ----------
    axes
        Axes of the arrays.
    tables
        Cells of tables whose dimension slots are `dims`; cells with codes outside the axes are left out.
    dims
        Names of the slots.
    exact
        Whether an absent cell is a zero (steward) or a hidden number.
    region
        Area code that stands for the whole region's own cell.
    total
        Published numbers that there would be behind each element; one when None.

    Returns
    -------
    Cells
        Of the shape of the axes.
    """
    shape = tuple(len(axis.codes) for axis in axes)
    value, bits = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    shown = np.full(shape, 1 if exact else 0, dtype=np.int64)
    columns = {"period": "period", "area": "area"} | {name: f"c{slot}" for slot, name in enumerate(dims)}
    places = [{code: place for place, code in enumerate(axis.codes)} for axis in axes]
    if region:  # the whole region's own cell has no area
        places = [
            {"" if axis.name == "area" and code == region else code: place for code, place in codes.items()}
            for axis, codes in zip(axes, places, strict=True)
        ]
    strides = [int(np.prod(shape[n + 1 :], dtype=np.int64)) for n in range(len(shape))]
    # What leaves the fewest cells first: the others then look at those alone.
    order = sorted(range(len(axes)), key=lambda n: (axes[n].name in ("period", "area"), shape[n]))
    for rows in tables:
        kept: Any = slice(None)
        at = np.zeros(len(rows), dtype=np.int64)
        for n in order:
            here = rows.places(columns[axes[n].name], places[n])[rows.column(columns[axes[n].name])[kept]]
            inside = np.flatnonzero(here >= 0)
            at = at[inside] + here[inside] * strides[n]
            kept = inside if isinstance(kept, slice) else kept[inside]
        value.flat[at] = rows.column(VALUE)[kept]
        shown.flat[at] = 1 if rows.parts is None else rows.parts[kept]
        marks = np.array([bits_of(marker) for marker in rows.index.texts["markers"]], dtype=np.int64)
        if len(marks) > 1:
            bits.flat[at] = marks[rows.column("marker")[kept]]
    return Cells(value, shown, np.ones(shape, dtype=np.int64) if total is None else total, bits)


def grid(axes: Sequence[Axis]) -> dict[str, list[str]]:
    """Return one column of codes for each axis, every combination once, the last axis fastest."""
    combinations = list(itertools.product(*(axis.codes for axis in axes)))
    return {axis.name: [codes[place] for codes in combinations] for place, axis in enumerate(axes)}
