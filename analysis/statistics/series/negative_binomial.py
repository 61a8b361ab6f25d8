"""The negative binomial distribution of counts, by its size and its chance: no more than is needed here.

Chances come from the incomplete beta function. The general library of distributions takes a tenth of a second
to load and twenty milliseconds for each distribution, which a page cannot spend on every area.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.checked import Numbers

_FAR = 12.0


def at_most(count: ArrayLike, size: ArrayLike, chance: ArrayLike) -> Numbers:
    """Return the chance of a count or a lower one.

    Parameters
    ----------
    count
        Whole numbers; below 0 the chance is 0.
    size, chance
        Mean ``size (1 - chance) / chance``, variance the mean over `chance`.

    Examples
    --------
    >>> float(at_most(0, 1, 0.25)), round(float(at_most(1, 1, 0.25)), 4)
    (0.25, 0.4375)
    """
    given = np.asarray(count, dtype=np.float64)
    below = special.betainc(size, np.maximum(given, 0) + 1, chance)
    return np.asarray(np.where(given < 0, 0.0, below))


def quantile(below: float, size: float, chance: float) -> float:
    """Return the lowest count with at least so much chance at or below it.

    Examples
    --------
    >>> quantile(0.4, 1, 0.25)
    1.0
    """
    mean = size * (1 - chance) / chance
    low, high = -1.0, np.ceil(mean + _FAR * np.sqrt(mean / chance) + _FAR)
    while float(at_most(high, size, chance)) < below:
        high *= 2
    while high - low > 1:  # the answer is above low, at most high
        middle = np.floor((low + high) / 2)
        if float(at_most(middle, size, chance)) < below:
            low = middle
        else:
            high = middle
    return float(high)


def log_chance(count: ArrayLike, size: ArrayLike, chance: ArrayLike) -> Numbers:
    """Return the logarithm of the chance of counts."""
    given, sizes, chances = (np.asarray(one, dtype=np.float64) for one in (count, size, chance))
    ways = special.gammaln(given + sizes) - special.gammaln(sizes) - special.gammaln(given + 1)
    return np.asarray(ways + sizes * np.log(chances) + special.xlog1py(given, -chances))
