"""Crude and standardised rates with their limits.

Sources: Dobson, Kuulasmaa, Eberle & Scherer (1991) for the directly standardised rate; PHE (2018) Technical
guide. A standardised rate from fewer than 10 events is withheld.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.intervals import Numbers, byar_limits, count_limits

FEWEST_EVENTS = 10


class Rate(NamedTuple):
    """A rate and its limits, all per `multiplier` of population."""

    value: Numbers
    lower: Numbers
    upper: Numbers


def crude_rate(
    count: ArrayLike, population: ArrayLike, multiplier: float = 100_000, confidence: float = 0.95
) -> Rate:
    """Return events per `multiplier` of population.

    Parameters
    ----------
    count, population : arrays that broadcast; population above 0
    multiplier : size of population the rate is for
    confidence : of the two-sided interval

    Returns
    -------
    Rate
    """
    scale = multiplier / np.asarray(population, dtype=np.float64)
    lower, upper = count_limits(count, confidence)
    return Rate(np.asarray(count, dtype=np.float64) * scale, lower * scale, upper * scale)


def directly_standardised_rate(
    count: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    multiplier: float = 100_000,
    confidence: float = 0.95,
) -> Rate:
    """Return the rate that the standard population would have, with Dobson's limits around Byar's.

    Parameters
    ----------
    count, population, standard : arrays whose last axis is the age band
        Events and population of the area, population of the standard.
    multiplier, confidence
        As in `crude_rate`.

    Returns
    -------
    Rate
        Without the last axis; NaN where there are fewer than 10 events in all.
    """
    events, people = np.asarray(count, dtype=np.float64), np.asarray(population, dtype=np.float64)
    weight = np.asarray(standard, dtype=np.float64)
    share = weight / weight.sum(axis=-1, keepdims=True)
    total = events.sum(axis=-1)
    value = (share * events / people).sum(axis=-1)
    variance = (share**2 * events / people**2).sum(axis=-1)
    lower, upper = byar_limits(total, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        stretch = np.sqrt(variance / total)
    enough = total >= FEWEST_EVENTS
    limits = (np.where(enough, value + stretch * (limit - total), np.nan) for limit in (lower, upper))
    low, high = (limit * multiplier for limit in limits)
    return Rate(np.where(enough, value, np.nan) * multiplier, low, high)


def indirectly_standardised_ratio(
    count: ArrayLike, population: ArrayLike, standard_rate: ArrayLike, confidence: float = 0.95
) -> Rate:
    """Return observed over expected events, with the limits of the observed count.

    Parameters
    ----------
    count : array of events in all
    population, standard_rate : arrays whose last axis is the age band
        Population of the area; events per person of the standard.
    confidence
        As in `crude_rate`.

    Returns
    -------
    Rate
        A ratio: 1 is as many as expected. Multiply by the standard's crude rate for a standardised rate.
    """
    people, rate = np.asarray(population, dtype=np.float64), np.asarray(standard_rate, dtype=np.float64)
    return crude_rate(count, (people * rate).sum(axis=-1), 1.0, confidence)
