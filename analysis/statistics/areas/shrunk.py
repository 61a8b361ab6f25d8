"""Rates of small areas from published counts, drawn to the mean of all, with limits that hold the protection.

A Poisson-gamma model, but for three things: a count has the variance of its protection beside that of
chance (it is read as a Poisson count of a smaller population); how far true rates lie apart is not taken as
known but weighed over a grid by its likelihood (limits from one best guess are too narrow); and there are
limits.

Sources: Clayton & Kaldor (1987), Biometrics 43, 671-681; Carlin & Gelfand (1990), J. Am. Stat. Assoc. 85,
105-114; McCullagh & Nelder (1989), Generalized Linear Models, chapter 6.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.checked import Numbers, numbers, refuse, same_length

FEWEST_AREAS = 3
#: True rates lie so far apart, as a share of their mean: from hardly to as far as the mean itself.
_SPREADS = np.geomspace(0.005, 1.0, 40)
_MEANS = np.linspace(-3.0, 3.0, 13)


@dataclass(frozen=True, eq=False)
class Shrunk:
    """Smoothed rates.

    Attributes
    ----------
    value, lower, upper : arrays of shape (n,)
        Events per person, with the limits of the true rate.
    weight : array of shape (n,)
        Share of an area's own rate that is left, 0 to 1.
    mean
        What all are drawn to.
    """

    value: Numbers
    lower: Numbers
    upper: Numbers
    weight: Numbers
    mean: float


def shrunk_rates(
    count: ArrayLike, population: ArrayLike, noise_variance: ArrayLike = 0.0, confidence: float = 0.95
) -> Shrunk:
    """Smooth rates.

    Parameters
    ----------
    count : array of shape (n,), events as published, 0 or more
    population : array of shape (n,), above 0
    noise_variance : array that broadcasts to (n,)
        What the protection adds to the variance of a count: V for each of its cells.
    confidence
        Of the two-sided limits.

    Returns
    -------
    Shrunk

    Raises
    ------
    ValueError
        Naming the argument and its first bad index; with fewer than three areas, or no event in any.
    """
    events, people = numbers("count", count, at_least=0), numbers("population", population, above=0)
    same_length(count=events, population=people)
    noise = np.broadcast_to(np.asarray(noise_variance, dtype=np.float64), events.shape)
    refuse("noise_variance", noise < 0, "is below 0")
    if len(events) < FEWEST_AREAS:
        raise ValueError(f"count has {len(events)} areas; allowed: {FEWEST_AREAS} or more")
    if not events.any():
        raise ValueError("count holds no event, so rates do not vary")
    rate = float(events.sum() / people.sum())
    # A count with protection tells as much as one of fewer people that has none.
    inflation = 1.0 + noise / np.maximum(rate * people, 1e-9)
    seen, base = events / inflation, people / inflation
    spreads, means, weights = _grid(seen, base, rate)
    shape = 1.0 / spreads**2
    own = base[:, None] / (base[:, None] + shape / means)
    middle = own * (seen / base)[:, None] + (1 - own) * means
    value = middle @ weights
    # The spread inside each point of the grid and between them.
    inside = (seen[:, None] + shape) / (base[:, None] + shape / means) ** 2
    variance = inside @ weights + ((middle - value[:, None]) ** 2) @ weights
    form, scale = value**2 / variance, variance / value
    tail = (1 - confidence) / 2
    lower, upper = (special.gammaincinv(form, one) * scale for one in (tail, 1 - tail))
    return Shrunk(value, lower, upper, own @ weights, float(means @ weights))


def _grid(seen: Numbers, base: Numbers, rate: float) -> tuple[Numbers, Numbers, Numbers]:
    """Return spreads and means with the weight of each pair: the likelihood of counts that vary so."""
    step = np.sqrt(1.0 / seen.sum())
    # The mean is known less well where true rates lie far apart.
    spreads = np.repeat(_SPREADS, len(_MEANS))
    reach = np.sqrt(step**2 + spreads**2 / len(seen))
    means = rate * np.exp(np.tile(_MEANS, len(_SPREADS)) * reach)
    shape = 1.0 / spreads**2
    expected = base[:, None] * means
    logs = (
        special.gammaln(seen[:, None] + shape)
        - special.gammaln(shape)
        + shape * np.log(shape / (shape + expected))
        + seen[:, None] * np.log(expected / (shape + expected))
    ).sum(axis=0)
    # Before the counts are seen all variances of the true rates are alike (Morris 1983): limits of rates that
    # hardly differ would else be too narrow. The grid is finer where it is narrower.
    logs += np.log(reach) + 2.0 * np.log(spreads)
    weights = np.exp(logs - logs.max())
    return spreads, means, weights / weights.sum()
