"""Rates of small areas, drawn towards a mean by as much as chance could have moved them.

Sources: Marshall (1991), Appl. Stat. 40, 283-294 (moments, towards all areas or towards the neighbours);
Clayton & Kaldor (1987), Biometrics 43, 671-681 (Poisson-gamma); Assunção & Reis (1999), Stat. Med. 18,
2147-2162 (rates standardised for Moran's I); Choynowski (1959), J. Am. Stat. Assoc. 54, 385-388.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.areas.neighbours import Neighbours
from analysis.statistics.checked import Numbers, counts, figures, numbers, refuse, same_length

FEWEST_AREAS = 2
_ROUNDS, _EXACT = 1_000, 1e-12


@dataclass(frozen=True, eq=False)
class Smoothed:
    """Smoothed rates and what they were drawn to.

    Attributes
    ----------
    raw, smoothed : arrays of shape (n,)
        Events per person.
    mean : array of shape (n,)
        What each rate is drawn to.
    weight : array of shape (n,)
        Share of its own rate that is left, 0 to 1.
    variance : array of shape (n,)
        Variance of the true rates that the smoothing assumes.
    """

    raw: Numbers
    smoothed: Numbers
    mean: Numbers
    weight: Numbers
    variance: Numbers


def marshall(count: ArrayLike, population: ArrayLike, neighbours: Neighbours | None = None) -> Smoothed:
    """Smooth rates by moments.

    Parameters
    ----------
    count : array of shape (n,), events, 0 or more
    population : array of shape (n,), above 0
    neighbours
        Each rate is drawn to the mean of an area and its neighbours; to that of all areas when None. An
        island keeps its own rate: there is nothing to draw it to.

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    events, people = _checked(count, population)
    raw = events / people
    if neighbours is None:
        around = np.ones((len(events), len(events)))
    elif len(neighbours) != len(events):
        raise ValueError(f"neighbours are of {len(neighbours)} areas; count has {len(events)}")
    else:
        around = (neighbours.weights.toarray() > 0).astype(np.float64)
        np.fill_diagonal(around, 1.0)
    mean, variance = _moments(events, people, around)
    weight = _share(variance, mean / people)
    return Smoothed(raw, mean + weight * (raw - mean), mean, weight, variance)


def _moments(events: Numbers, people: Numbers, around: Numbers) -> tuple[Numbers, Numbers]:
    """Return, for each area, the mean rate around it and the variance of the true rates around it.

    How far each rate lies out is measured from the mean around that area, not around the one in the middle.
    """
    persons = around @ people
    mean = around @ events / persons
    spread = around @ (people * (events / people - mean) ** 2) / persons
    return mean, np.maximum(spread - mean * around.sum(axis=1) / persons, 0.0)


def _share(variance: Numbers, chance: Numbers) -> Numbers:
    """Return how much of a rate is left, where neither varies: nothing."""
    whole = variance + chance
    return np.where(whole > 0, variance / np.where(whole > 0, whole, 1.0), 0.0)


def poisson_gamma(count: ArrayLike, expected: ArrayLike) -> Smoothed:
    """Smooth ratios of observed to expected events, drawn to their mean by a gamma distribution.

    Parameters
    ----------
    count : array of shape (n,), events, 0 or more
    expected : array of shape (n,), above 0

    Returns
    -------
    Smoothed
        Of ratios: 1 is as many as expected.

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    events, base = _checked(count, expected, "expected")
    raw = events / base
    mean, variance = float(events.sum() / base.sum()), float(raw.var()) or _EXACT
    for _ in range(_ROUNDS):
        shape, rate = (mean**2 / variance, mean / variance) if mean else (0.0, 1.0)
        posterior = (events + shape) / (base + rate)
        spread = ((1 + rate / base) * (posterior - mean) ** 2).sum() / max(len(events) - 1, 1)
        next_mean, next_variance = float(posterior.mean()), max(float(spread), _EXACT)
        is_still = abs(next_mean - mean) <= _EXACT and abs(next_variance - variance) <= _EXACT
        mean, variance = next_mean, next_variance
        if is_still:
            break
    shape, rate = (mean**2 / variance, mean / variance) if mean else (0.0, 1.0)
    weight = base / (base + rate)
    ones = np.ones(len(events))
    return Smoothed(raw, (events + shape) / (base + rate), mean * ones, weight, variance * ones)


def standardised(count: ArrayLike, population: ArrayLike, noise_variance: ArrayLike = 0.0) -> Numbers:
    """Return rates less their mean in units of their spread, which is larger where fewer people live.

    Parameters
    ----------
    count, population
        As `marshall`.
    noise_variance : array that broadcasts to (n,)
        What the protection adds to the variance of a count.

    Raises
    ------
    ValueError
        As `marshall`; and when no rate can vary, since nobody has any event.
    """
    events, people = _checked(count, population)
    if not events.any():
        raise ValueError("count holds no event, so rates do not vary")
    added = figures("noise_variance", noise_variance, at_least=0)
    if added.shape not in ((), (1,), events.shape):
        raise ValueError(f"noise_variance has the shape {added.shape}; count has {events.shape}")
    noise = np.broadcast_to(added, events.shape)
    mean, variance = _moments(events, people, np.ones((len(events), len(events))))
    left = np.maximum(variance - (noise / people).sum() / people.sum(), 0.0)
    return (events / people - mean) / np.sqrt(left + mean / people + noise / people**2)


def chance_of_at_most(count: ArrayLike, population: ArrayLike) -> Numbers:
    """Return how likely so few events or fewer are, were all rates the same (Choynowski's map).

    Parameters
    ----------
    count, population
        As `marshall`.
    """
    events, people = _checked(count, population)
    return np.asarray(special.pdtr(events, people * events.sum() / people.sum()), dtype=np.float64)


def _checked(count: ArrayLike, population: ArrayLike, name: str = "population") -> tuple[Numbers, Numbers]:
    events, people = counts("count", count), numbers(name, population, above=0)
    same_length(count=events, **{name: people})
    if len(events) < FEWEST_AREAS:
        raise ValueError(f"count has {len(events)} area; allowed: {FEWEST_AREAS} or more, to draw to a mean")
    if name == "population":
        refuse("count", events > people, "is larger than its population")
    return events, people
