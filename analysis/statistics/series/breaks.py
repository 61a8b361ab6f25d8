"""When the level of a series changed: the best division into pieces, each with a level of its own.

Sources: Jackson et al. (2005), IEEE Signal Process. Lett. 12, 105-108 (optimal partition); Yao (1988), Stat.
Probab. Lett. 6, 181-189 (a penalty by BIC); Hinkley (1970), Biometrika 57, 1-17 (where a change lies).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.checked import Numbers, numbers, option, same_length
from analysis.statistics.intervals import z_value

#: Pieces shorter than this are not looked for: a single odd period is no level.
SHORTEST = 3
#: A change costs its level and its place: of sixty periods of a level series one in a hundred shows a change.
_COST = 3.0


@dataclass(frozen=True)
class Break:
    """A change of level.

    Attributes
    ----------
    place
        First period of the new level, counted from 0.
    earliest, latest
        Limits of it.
    before, after
        Rates on both sides.
    """

    place: int
    earliest: int
    latest: int
    before: float
    after: float


def level_breaks(
    count: ArrayLike,
    *,
    population: ArrayLike | None = None,
    noise_variance: float = 0.0,
    shortest: int = SHORTEST,
    penalty: float | None = None,
    confidence: float = 0.95,
) -> tuple[Break, ...]:
    """Return the changes of the level of a series of counts.

    Parameters
    ----------
    count : array of shape (n,), 0 or more
        In order, without gaps.
    population : array of shape (n,), above 0
        What the counts are rates of.
    noise_variance
        What the protection adds to the variance of each.
    shortest
        Periods of a piece, at least.
    penalty
        What a change must gain in log-likelihood, doubled; ``3 log n`` when None, times the dispersion of the
        counts around their pieces.
    confidence
        Of the limits of a place, from the likelihood of all places between the neighbouring changes.

    Returns
    -------
    tuple of Break
        In order; none where the level does not change, or the series is shorter than two pieces.

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    counts = numbers("count", count, at_least=0)
    people = np.ones(len(counts)) if population is None else numbers("population", population, above=0)
    same_length(count=counts, population=people)
    z_value(confidence)  # refuses what is no confidence
    option("shortest", shortest, at_least=1)
    option("noise_variance", noise_variance, at_least=0)
    if penalty is not None:
        option("penalty", penalty, at_least=0)
    periods = len(counts)
    if periods < 2 * shortest:
        return ()
    sums = _Sums(counts, people)
    spread = _spread(counts, people, noise_variance)
    cost = _COST * np.log(periods) if penalty is None else penalty
    places = _partition(sums, shortest, cost * spread)
    # Neighbours may differ less than periods of one level do. What is left around the levels says so.
    spread = max(spread, _left(sums, [0, *places, periods]))
    ends = [0, *_partition(sums, shortest, cost * spread), periods]
    found = []
    for left, place, right in zip(ends, ends[1:], ends[2:], strict=False):
        earliest, latest = _limits(sums, (left, place, right), shortest, spread, confidence)
        found.append(Break(place, earliest, latest, sums.rate(left, place), sums.rate(place, right)))
    return tuple(found)


class _Sums:
    """Sums of pieces, so that a piece costs no loop."""

    def __init__(self, counts: Numbers, people: Numbers) -> None:
        self.counts = np.concatenate([[0.0], np.cumsum(counts)])
        self.people = np.concatenate([[0.0], np.cumsum(people)])

    def rate(self, start: int, end: int) -> float:
        """Return events per person of a piece."""
        return float((self.counts[end] - self.counts[start]) / (self.people[end] - self.people[start]))

    def gain(self, start: np.ndarray | int, end: np.ndarray | int) -> Numbers:
        """Return twice the log-likelihood of pieces, each with its level, but for what all have alike."""
        events = self.counts[end] - self.counts[start]
        rate = events / (self.people[end] - self.people[start])
        return np.asarray(2 * special.xlogy(events, rate))


def _spread(counts: Numbers, people: Numbers, noise_variance: float) -> float:
    """Return how many times more neighbouring periods differ than chance alone lets them; at least 1.

    From differences of neighbours, which a change of level touches once.
    """
    rates = counts / people
    mean = counts.sum() / people.sum()
    if not mean:
        return 1.0
    scaled = np.diff(rates) / np.sqrt(mean / people[1:] + mean / people[:-1])
    chance = 1.4826 * float(np.median(np.abs(scaled)))  # of a normal distribution, whatever lies far out
    added = noise_variance / max(float(counts.mean()), 1.0)
    return max(1.0, chance**2, 1.0 + added)


def _left(sums: _Sums, ends: list[int]) -> float:
    """Return how many times more periods differ from the level of their piece than chance lets them."""
    counts, people = np.diff(sums.counts), np.diff(sums.people)
    levels = np.repeat([sums.rate(a, b) for a, b in pairwise(ends)], np.diff(ends))
    expected = people * levels
    there = expected > 0
    chi_square = float(((counts[there] - expected[there]) ** 2 / expected[there]).sum())
    return chi_square / max(len(counts) - len(ends) + 1, 1)


def _partition(sums: _Sums, shortest: int, cost: float) -> list[int]:
    """Return where the best pieces begin, but for the first: the best way to each end, from all before."""
    periods = len(sums.counts) - 1
    best = np.full(periods + 1, -np.inf)
    best[0] = cost
    last = np.zeros(periods + 1, dtype=int)
    for end in range(shortest, periods + 1):
        starts = np.arange(0, end - shortest + 1)
        values = best[starts] + sums.gain(starts, np.full(len(starts), end)) - cost
        last[end] = int(starts[int(np.argmax(values))])
        best[end] = float(values.max())
    places = []
    end = periods
    while last[end] > 0:
        end = int(last[end])
        places.append(end)
    return places[::-1]


def _limits(
    sums: _Sums, around: tuple[int, int, int], shortest: int, spread: float, confidence: float
) -> tuple[int, int]:
    """Return the places that are not much less likely than the best one, between the neighbouring changes."""
    left, place, right = around
    places = np.arange(left + shortest, right - shortest + 1)
    gains = (
        sums.gain(np.full(len(places), left), places) + sums.gain(places, np.full(len(places), right))
    ) / spread
    chances = np.exp((gains - gains.max()) / 2)
    chances /= chances.sum()
    order = np.argsort(-chances, kind="stable")
    number = int(np.searchsorted(np.cumsum(chances[order]), confidence)) + 1
    likely = places[order[:number]]
    return int(min(likely.min(), place)), int(max(likely.max(), place))
