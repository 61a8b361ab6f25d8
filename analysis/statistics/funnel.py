"""Funnel limits: how far an area may lie from the whole by chance alone.

Source: Spiegelhalter (2005) Statistics in Medicine 24, 1185–1202. Proportions: normal limits cut at 0 and 1;
ratios and rates: exact Poisson limits of the expected count.
"""

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.checked import figures
from analysis.statistics.intervals import Limits, exact_poisson_limits, z_value


def proportion_funnel(base: ArrayLike, target: float, confidence: float = 0.95) -> Limits:
    """Return the limits of a proportion around a target.

    Parameters
    ----------
    base : array of bases, above 0
    target : proportion of the whole, 0 to 1
    confidence : 0.95 and 0.998 are the usual pair

    Returns
    -------
    (lower, upper) : proportions

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    size = figures("base", base, above=0)
    figures("target", target, at_least=0, at_most=1)
    reach = z_value(confidence) * np.sqrt(target * (1 - target) / size)
    return np.clip(target - reach, 0, 1), np.clip(target + reach, 0, 1)


def ratio_funnel(expected: ArrayLike, target: float = 1.0, confidence: float = 0.95) -> Limits:
    """Return the limits of observed over expected around a target ratio.

    Parameters
    ----------
    expected : array of expected events, above 0
    target : ratio of the whole
    confidence : as in `proportion_funnel`

    Returns
    -------
    (lower, upper) : ratios

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    events = figures("expected", expected, above=0)
    figures("target", target, at_least=0)
    lower, upper = exact_poisson_limits(events * target, confidence)
    return lower / events, upper / events
