"""Intervals that carry the protection as well as chance.

A published cell is the true count plus an independent change of variance V. Half-widths of the two are joined
as the root of the sum of squares, each side by itself, so that with V = 0 the interval is exactly that of
chance alone.

Source: Donner & Zou (2012), Stat. Methods Med. Res. 21, 347-359 ("method of variance estimates recovery").
"""

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.checked import figures, together
from analysis.statistics.intervals import Limits, count_limits, wilson_limits, z_value


def widen(
    value: ArrayLike, lower: ArrayLike, upper: ArrayLike, variance: ArrayLike, confidence: float = 0.95
) -> Limits:
    """Return limits that also hold an independent error.

    Parameters
    ----------
    value, lower, upper : arrays of one shape
    variance : array that broadcasts to it; in the square of the unit of `value`
    confidence : of the two-sided interval

    Returns
    -------
    (lower, upper)

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    centre, added = figures("value", value), figures("variance", variance, at_least=0)
    together(value=centre, lower=np.asarray(lower), upper=np.asarray(upper), variance=added)
    reach = z_value(confidence) ** 2 * added
    below = np.sqrt((centre - np.asarray(lower)) ** 2 + reach)
    above = np.sqrt((np.asarray(upper) - centre) ** 2 + reach)
    return centre - below, centre + above


def protected_count_limits(
    count: ArrayLike, cells: ArrayLike, cell_variance: float, confidence: float = 0.95
) -> Limits:
    """Return limits of a sum of published cells.

    Parameters
    ----------
    count : array of sums of published counts
    cells : array of the number of cells in each sum
    cell_variance : variance of the change to one cell (V)
    confidence : of the two-sided interval

    Returns
    -------
    (lower, upper) : events, the lower never below 0

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    figures("cells", cells, at_least=0)
    figures("cell_variance", cell_variance, at_least=0)
    lower, upper = count_limits(count, confidence)
    low, high = widen(count, lower, upper, cell_variance * np.asarray(cells), confidence)
    return np.maximum(low, 0), high


def share_variance(
    share: ArrayLike,
    base: ArrayLike,
    cells: tuple[ArrayLike, ArrayLike],
    cell_variance: float,
    inside: bool = False,
) -> np.ndarray:
    """Return the variance that the protection adds to a share.

    Parameters
    ----------
    share, base : arrays; a proportion and the published base under it
    cells : number of published cells in the numerator, and in the base
    cell_variance : V
    inside : whether the numerator's cells are among the base's cells (their changes then partly cancel)

    Returns
    -------
    array of variances of a proportion (first-order)

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    proportion, size = figures("share", share, at_least=0, at_most=1), figures("base", base, above=0)
    above, below = figures("cells[0]", cells[0], at_least=0), figures("cells[1]", cells[1], at_least=0)
    together(share=proportion, base=size, above=above, below=below)
    if inside:
        spread = above * (1 - proportion) ** 2 + (below - above) * proportion**2
    else:
        spread = above + below * proportion**2
    return cell_variance * spread / size**2


def protected_share_limits(
    count: ArrayLike, base: ArrayLike, variance: ArrayLike, confidence: float = 0.95
) -> Limits:
    """Return Wilson's limits of a share, widened by the protection.

    Parameters
    ----------
    count, base : arrays of published counts; a count above its base is taken as its base
    variance : array from `share_variance`
    confidence : of the two-sided interval

    Returns
    -------
    (lower, upper) : proportions between 0 and 1

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    size, given = figures("base", base, above=0), figures("count", count, at_least=0)
    together(count=given, base=size)
    events = np.clip(given, 0, size)
    low, high = widen(events / size, *wilson_limits(events, size, confidence), variance, confidence)
    return np.clip(low, 0, 1), np.clip(high, 0, 1)
