"""Whether two figures differ by more than chance and protection can explain.

The limits of a difference are recovered from those of the two figures, each side by itself, so they hold
whatever those hold. A difference is claimed where its limits leave out 0.

Source: Zou & Donner (2008), Stat. Med. 27, 1693-1702.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.checked import Numbers, refuse, together


class Figures(NamedTuple):
    """Values with their limits, all of one shape and unit."""

    value: ArrayLike
    lower: ArrayLike
    upper: ArrayLike


class Change(NamedTuple):
    """Later minus earlier, with limits; `direction` is 1, −1, or 0 where no change can be claimed."""

    difference: Numbers
    lower: Numbers
    upper: Numbers
    direction: np.ndarray


def change_between(earlier: Figures, later: Figures, smallest: float = 0.0) -> Change:
    """Return the change between two independent figures.

    The limits of the difference are recovered from those of the figures (Zou & Donner 2008), so they hold
    whatever those hold: chance, and the protection.

    Parameters
    ----------
    earlier, later : values with limits; NaN where not shown
    smallest : a difference of this size or less is never called a change

    Returns
    -------
    Change
        NaN, and direction 0, where either figure is not shown.

    Raises
    ------
    ValueError
        Where a figure lies outside of its limits, or the two do not fit each other.
    """
    before, after = _checked("earlier", earlier), _checked("later", later)
    together(earlier=before[0], later=after[0])
    difference = after[0] - before[0]
    lower = difference - np.sqrt((after[0] - after[1]) ** 2 + (before[2] - before[0]) ** 2)
    upper = difference + np.sqrt((after[2] - after[0]) ** 2 + (before[0] - before[1]) ** 2)
    with np.errstate(invalid="ignore"):
        beyond = (np.abs(difference) > smallest) & ((lower > 0) | (upper < 0))
        direction = np.where(beyond, np.sign(difference), 0).astype(np.int8)
    return Change(difference, lower, upper, direction)


def _checked(name: str, given: Figures) -> tuple[Numbers, Numbers, Numbers]:
    """Return value and limits; a limit may lie anywhere beyond its value, without end as well."""
    value, lower, upper = (np.asarray(part, dtype=np.float64) for part in given)
    together(value=value, lower=lower, upper=upper)
    refuse(f"{name}.value", np.isinf(value), "has no end")
    slack = 1e-9 * np.maximum(1.0, np.abs(value))
    refuse(f"{name}.lower", np.asarray(lower > value + slack), "is above its value")
    refuse(f"{name}.upper", np.asarray(upper < value - slack), "is below its value")
    return value, lower, upper
