"""Crude and standardised rates with their limits.

Sources: Dobson, Kuulasmaa, Eberle & Scherer (1991) for the directly standardised rate; PHE (2018) Technical
guide. A standardised rate from fewer than 10 events is withheld.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.checked import SMALLEST, Numbers, figures, refuse, together
from analysis.statistics.intervals import byar_limits, count_limits

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

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    events, people = figures("count", count, at_least=0), figures("population", population, above=0)
    figures("multiplier", multiplier, above=0)
    together(count=events, population=people)
    scale = multiplier / people
    lower, upper = count_limits(events, confidence)
    return Rate(events * scale, lower * scale, upper * scale)


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

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    events, people = _bands("count", count, at_least=0), _bands("population", population, above=0)
    weight = _bands("standard", standard, at_least=0)
    together(count=events, population=people, standard=weight)
    refuse("standard", weight.sum(axis=-1) <= 0, "holds nobody")
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

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    people = _bands("population", population, at_least=0)
    rate = _bands("standard_rate", standard_rate, at_least=0)
    together(population=people, standard_rate=rate)
    expected = np.asarray((people * rate).sum(axis=-1))
    refuse("standard_rate", expected < SMALLEST, "lets expect no event, so there is no ratio")
    return crude_rate(count, expected, 1.0, confidence)


def _bands(
    name: str, values: ArrayLike, *, at_least: float | None = None, above: float | None = None
) -> Numbers:
    """Return an array with an axis of age bands.

    Raises
    ------
    ValueError
        If it has none, or as `figures`.
    """
    found = figures(name, values, at_least=at_least, above=above)
    if not found.ndim or not found.shape[-1]:
        raise ValueError(f"{name} has the shape {found.shape}; allowed: (…, bands) with a band")
    return found
