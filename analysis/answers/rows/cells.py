"""Published cells as arrays: one element for each combination of codes; sums know what is missing."""

import functools
import itertools
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.answers.rows.lookup import Row
from analysis.questions.checked import Axis

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
    rows: Iterable[Row],
    dims: Sequence[str],
    exact: bool,
    region: str = "",
    total: NDArray[np.int64] | None = None,
) -> Cells:
    """Put rows of the look-up into arrays.

    Parameters
    ----------
    axes
        Axes of the arrays.
    rows
        Rows of tables whose dimension slots are `dims`.
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
        Of the shape of the axes; rows with codes outside them are left out.
    """
    shape = tuple(len(axis.codes) for axis in axes)
    value, bits = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    shown = np.full(shape, 1 if exact else 0, dtype=np.int64)
    places = {"period": 1, "area": 2} | {name: 3 + n for n, name in enumerate(dims)}
    finders: list[tuple[int, Mapping[str, int]]] = [
        (places[axis.name], {code: n for n, code in enumerate(axis.codes)}) for axis in axes
    ]
    area = places["area"]
    for row in rows:
        try:
            index = tuple(
                find[region if place == area and row[place] is None else row[place]]  # type: ignore[index]
                for place, find in finders
            )
        except KeyError:
            continue
        value[index], shown[index] = row.value, row.shown
        if row.marker:
            bits[index] = bits_of(row.marker)
    return Cells(value, shown, np.ones(shape, dtype=np.int64) if total is None else total, bits)


def grid(axes: Sequence[Axis]) -> dict[str, list[str]]:
    """Return one column of codes for each axis, every combination once, the last axis fastest."""
    combinations = list(itertools.product(*(axis.codes for axis in axes)))
    return {axis.name: [codes[place] for codes in combinations] for place, axis in enumerate(axes)}
