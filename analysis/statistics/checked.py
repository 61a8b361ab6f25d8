"""Arguments of statistics, as arrays of numbers: what is wrong is named with its first bad index."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Beyond these a count, an amount or what one is divided by is no figure of anything, and its squares may
#: have no end. Whole numbers up to about here are told apart.
LARGEST, SMALLEST = 1e15, 1e-15

#: Periods a year, at most.
DAYS = 366

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


def numbers(
    name: str, values: ArrayLike, *, at_least: float | None = None, above: float | None = None
) -> Numbers:
    """Return a vector of finite numbers.

    Parameters
    ----------
    name
        Of the argument, for the message.
    values : array of shape (n,)
    at_least, above
        Limits of what is allowed.

    Raises
    ------
    ValueError
        If it is no vector, is empty, or holds a number that is not allowed.
    """
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 1:
        raise ValueError(f"{name} has the shape {found.shape}; allowed: (n,)")
    if not len(found):
        raise ValueError(f"{name} is empty")
    refuse(name, ~np.isfinite(found), "is no finite number")
    _refuse_beyond(name, found, at_least, above)
    return found


def figures(
    name: str,
    values: ArrayLike,
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
) -> Numbers:
    """Return an array of any shape; NaN stands for a number that is not shown, and is allowed.

    Parameters
    ----------
    name
        Of the argument, for the message.
    values : array of any shape
    at_least, above, at_most
        Limits of what is allowed.

    Raises
    ------
    ValueError
        If a number has no end, or is not allowed.
    """
    found = np.asarray(values, dtype=np.float64)
    refuse(name, np.isinf(found), "has no end")
    _refuse_beyond(name, found, at_least, above)
    if at_most is not None:
        refuse(name, found > at_most, f"is above {at_most:g}")
    return found


def _refuse_beyond(name: str, found: Numbers, at_least: float | None, above: float | None) -> None:
    if at_least is not None:
        refuse(name, found < at_least, f"is below {at_least:g}")
    if above is not None:
        refuse(name, found <= above, f"is not above {above:g}")
        # What is above nothing is divided by.
        refuse(name, (found > 0) & (found < SMALLEST), f"is too near to 0: below {SMALLEST:g}")
    refuse(name, np.abs(found) > LARGEST, f"is too far from 0: beyond {LARGEST:g}")


def option(name: str, given: float, *, at_least: float | None = None, at_most: float | None = None) -> None:
    """Refuse an option that is one number: below or above what is allowed, or none at all.

    Raises
    ------
    ValueError
        Naming it, and what is allowed.
    """
    low, high = -LARGEST if at_least is None else at_least, LARGEST if at_most is None else at_most
    if not low <= given <= high:
        above = "" if at_most is None else f", at most {high:,}"
        raise ValueError(f"{name} is {given}; allowed: {low:g} or more{above}")


def together(**arrays: Numbers) -> None:
    """Refuse arrays that do not fit each other: those that cannot be broadcast.

    Raises
    ------
    ValueError
        Naming the shapes.
    """
    try:
        np.broadcast_shapes(*(one.shape for one in arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {one.shape}" for name, one in arrays.items())
        raise ValueError(f"shapes do not fit each other: {shapes}") from None


def counts(name: str, values: ArrayLike) -> Numbers:
    """Return a vector of whole numbers, 0 or more; as `numbers`."""
    found = numbers(name, values, at_least=0)
    refuse(name, found != np.floor(found), "is no whole number")
    return found


def flags(name: str, values: ArrayLike) -> Flags:
    """Return a vector of yes and no, given as such or as 1 and 0; as `numbers`."""
    found = numbers(name, values)
    refuse(name, (found != 0) & (found != 1), "is neither 0 nor 1")
    return found == 1


def same_length(**vectors: Numbers | Flags | NDArray[np.str_]) -> None:
    """Refuse vectors of different lengths.

    Raises
    ------
    ValueError
        Naming the first that differs from the first.
    """
    first, *others = vectors.items()
    for name, vector in others:
        if len(vector) != len(first[1]):
            raise ValueError(f"{name} has {len(vector)} values; {first[0]} has {len(first[1])}")


def refuse(name: str, bad: Flags, why: str) -> None:
    """Raise where anything is bad.

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    if np.any(bad):
        where = ", ".join(str(one) for one in np.argwhere(bad)[0])
        raise ValueError(f"{name}[{where}] {why}" if where else f"{name} {why}")
