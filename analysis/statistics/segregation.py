"""How differently need and places lie over groups or areas: gaps, the share that lies elsewhere, what-if.

A gap is need less places, its limits recovered from those of both (`change_between`). The index of
dissimilarity is the share of the places that would have to lie elsewhere for places to lie as the need does.
Chance and protection alone make it larger than 0; what they make is drawn (the need as counted, and at its
expected counts were both alike) and taken off. Added places are used as far as somebody waits for them;
the rest stands idle, so that used and idle add up to what was added.

Sources: Duncan & Duncan (1955), Am. Sociol. Rev. 20, 210-217; Carrington & Troske (1997), J. Bus. Econ. Stat.
15, 402-409, and Allen, Burgess, Davidson & Windmeijer (2015), Econom. J. 18, 40-66, for what chance makes;
Zou & Donner (2008), Stat. Med. 27, 1693-1702, for limits of a difference.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.change import Change, Figures, change_between
from analysis.statistics.checked import Numbers, figures, numbers, option, refuse, same_length
from analysis.statistics.intervals import z_value
from analysis.statistics.protection import protected_count_limits

DRAWS = 999


class Dissimilarity(NamedTuple):
    """The index, 0 (need and places lie alike) to 1 (nowhere both), with limits.

    `raw` is the index as counted, `by_chance` what chance and protection would make of it were both alike.
    """

    value: float
    lower: float
    upper: float
    raw: float
    by_chance: float


class Taken(NamedTuple):
    """Added places: `used` and `idle` add up to what was added."""

    used: Numbers
    idle: Numbers


def gap(
    need: ArrayLike,
    places: ArrayLike,
    *,
    cells: ArrayLike = 1,
    noise_variance: float = 0.0,
    confidence: float = 0.95,
) -> Change:
    """Return need less places, group by group.

    Parameters
    ----------
    need : array of shape (n,), people, 0 or more; NaN where it is not shown
        Published counts.
    places : array of shape (n,), 0 or more
        Known exactly.
    cells : array that broadcasts to (n,)
        Published cells in each count.
    noise_variance
        Of the protection of one cell (V).
    confidence
        Of the two-sided limits.

    Returns
    -------
    Change
        `direction` 1 where there is clearly more need than places, -1 where less, 0 where neither is clear.

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    asked, offered = figures("need", need, at_least=0), numbers("places", places, at_least=0)
    if asked.shape != offered.shape:
        raise ValueError(f"need has the shape {asked.shape}; places has {offered.shape}")
    option("noise_variance", noise_variance, at_least=0)
    lower, upper = protected_count_limits(asked, cells, noise_variance, confidence)
    return change_between(Figures(offered, offered, offered), Figures(asked, lower, upper))


def dissimilarity(
    need: ArrayLike,
    places: ArrayLike,
    *,
    noise_variance: float = 0.0,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = 1,
) -> Dissimilarity:
    """Return how differently need and places lie.

    Parameters
    ----------
    need : array of shape (n,), people, 0 or more
        Published counts.
    places : array of shape (n,), 0 or more
        Known exactly.
    noise_variance
        What the protection adds to the variance of each count of need (V).
    confidence
        Of the two-sided limits.
    draws, seed
        Tables drawn for the limits.

    Raises
    ------
    ValueError
        Naming the argument and its first bad index; with one group alone, or nobody, or no place.
    """
    asked, offered = numbers("need", need, at_least=0), numbers("places", places, at_least=0)
    same_length(need=asked, places=offered)
    option("noise_variance", noise_variance, at_least=0)
    for name, one in (("need", asked), ("places", offered)):
        if len(one) < 2:
            raise ValueError(f"{name} has {len(one)} group; allowed: two or more")
        if not one.any():
            raise ValueError(f"{name} holds nothing, so it lies nowhere")
    option("draws", draws, at_least=99)
    z_value(confidence)  # refuses what is no confidence
    share = offered / offered.sum()
    raw = float(_index(asked, share))
    random = np.random.default_rng(seed)
    around = _index(_drawn(asked, noise_variance, draws, random), share)
    alike = _index(_drawn(asked.sum() * share, noise_variance, draws, random), share)
    by_chance = float(alike.mean())
    # What chance adds falls as the index rises: it is measured where the index is, and never beyond it.
    value = max(raw - max(float(around.mean()) - raw, 0.0), 0.0)
    tail = 100 * (1 - confidence) / 2
    high = float(np.percentile(around, 100 - tail))
    # As likely as not made by chance alone: then nothing lies elsewhere, for all that can be told.
    lower = 0.0 if raw <= np.percentile(alike, 100 * confidence) else max(2 * raw - high, 0.0)
    return Dissimilarity(value, min(lower, value), min(max(high, value), 1.0), raw, by_chance)


def taken(added: ArrayLike, wanting: ArrayLike, turnover: ArrayLike) -> Taken:
    """Return how many of the added places are used.

    Parameters
    ----------
    added : array of shape (n,), places, 0 or more
    wanting : array that broadcasts to it, people a year whom a place would help, 0 or more
    turnover : array that broadcasts to it, people whom one place takes a year, 0 or more

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    places = figures("added", added, at_least=0)
    people, rate = figures("wanting", wanting, at_least=0), figures("turnover", turnover, at_least=0)
    for name, one in (("added", places), ("wanting", people), ("turnover", rate)):
        refuse(name, np.isnan(one), "is no number")
    with np.errstate(over="ignore"):  # a place that hardly ever becomes free: as many as are added
        needed = np.divide(people, rate, out=np.zeros(np.broadcast(people, rate).shape), where=rate > 0)
    used = np.minimum(places, needed)
    return Taken(used, places - used)


def _index(counts: Numbers, share: Numbers) -> Numbers:
    """Return half of the sum of differences between two shares, along the last axis."""
    whole = np.maximum(counts.sum(axis=-1, keepdims=True), 1e-300)
    return np.asarray(np.abs(counts / whole - share).sum(axis=-1) / 2)


def _drawn(counts: Numbers, noise_variance: float, draws: int, random: np.random.Generator) -> Numbers:
    """Return tables with the spread of chance and of the protection around counts."""
    table = random.poisson(counts, (draws, len(counts))).astype(np.float64)
    return np.maximum(table + random.normal(0.0, np.sqrt(noise_variance), table.shape), 0.0)
