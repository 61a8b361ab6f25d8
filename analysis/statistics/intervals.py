"""Limits of counts and proportions.

Sources: PHE (2018) Technical guide: confidence intervals; Breslow & Day (1987) p. 69 for Byar's limits;
Wilson (1927) for proportions. Rule for counts: exact Poisson below 10 events, Byar's from 10.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.statistics.checked import SMALLEST, figures, refuse, together

Numbers = NDArray[np.float64]
Limits = tuple[Numbers, Numbers]

SMALL_COUNT = 10
#: A confidence nearer to 1 has limits without end.
_SURE = 1 - 1e-9


def z_value(confidence: float = 0.95) -> float:
    """Return the normal quantile of a two-sided interval.

    Raises
    ------
    ValueError
        When `confidence` is not between 0 and 1.
    """
    if not 0 < confidence <= _SURE:
        raise ValueError(f"confidence is {confidence}; allowed: more than 0 and less than 1")
    return float(special.ndtri(0.5 + confidence / 2))


def byar_limits(count: ArrayLike, confidence: float = 0.95) -> Limits:
    """Return Byar's limits of a Poisson count.

    Parameters
    ----------
    count : array of events, at least 0
    confidence : of the two-sided interval

    Returns
    -------
    (lower, upper) : arrays of events, of the shape of `count`

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    events, z = figures("count", count, at_least=0), z_value(confidence)
    safe = np.where(events > SMALLEST, events, 1.0)
    lower = safe * (1 - 1 / (9 * safe) - z / (3 * np.sqrt(safe))) ** 3
    above = events + 1
    upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    return np.where(events > SMALLEST, np.maximum(lower, 0), 0.0), upper


def exact_poisson_limits(count: ArrayLike, confidence: float = 0.95) -> Limits:
    """Return exact limits of a Poisson count, from the chi-square (gamma) quantiles.

    Parameters, shapes and errors as `byar_limits`.
    """
    z_value(confidence)  # refuses what is no confidence
    events, tail = figures("count", count, at_least=0), (1 - confidence) / 2
    lower = np.where(events > 0, special.gammaincinv(np.maximum(events, 1e-300), tail), 0.0)
    return lower, special.gammainccinv(events + 1, tail)


def count_limits(count: ArrayLike, confidence: float = 0.95) -> Limits:
    """Return limits of a count: exact Poisson below 10 events, Byar's from 10; otherwise as `byar_limits`."""
    events = np.asarray(count, dtype=np.float64)
    exact, byar = exact_poisson_limits(events, confidence), byar_limits(events, confidence)
    small = events < SMALL_COUNT
    return np.where(small, exact[0], byar[0]), np.where(small, exact[1], byar[1])


def wilson_limits(count: ArrayLike, base: ArrayLike, confidence: float = 0.95) -> Limits:
    """Return Wilson's score limits of a proportion.

    Parameters
    ----------
    count, base : arrays that broadcast; ``0 <= count <= base``, ``base > 0``
    confidence : of the two-sided interval

    Returns
    -------
    (lower, upper) : proportions between 0 and 1

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    events, size = figures("count", count, at_least=0), figures("base", base, above=0)
    together(count=events, base=size)
    refuse("count", np.asarray(events > size), "is larger than its base")
    z = z_value(confidence)
    centre = 2 * events + z**2
    spread = z * np.sqrt(z**2 + 4 * events * (1 - events / size))
    lower, upper = (centre - spread) / (2 * (size + z**2)), (centre + spread) / (2 * (size + z**2))
    return np.clip(lower, 0, 1), np.clip(upper, 0, 1)
