"""Whether areas that lie beside each other are alike, all over and area by area.

Sources: Moran (1950), Biometrika 37, 17-23; Cliff & Ord (1981) for the variance; Anselin (1995), Geogr. Anal.
27, 93-115, for local values and conditional permutation; Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57,
289-300, and Caldas de Castro & Singer (2006), Geogr. Anal. 38, 180-208, for false discoveries.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.areas.neighbours import Neighbours
from analysis.statistics.checked import Flags, Numbers, numbers, refuse

#: Of a hundred areas a single one stands only when it is one in two thousand, so a thousand were too few.
PERMUTATIONS = 9_999
#: Numbers drawn at a time: 64 MiB.
_AT_ONCE = 8_000_000
FALSE_DISCOVERIES = 0.05
FEWEST_AREAS = 4


@dataclass(frozen=True)
class Moran:
    """Moran's I of all areas.

    Attributes
    ----------
    value
        Above `expected` where neighbours are alike.
    expected, variance, z, p
        Under randomisation; `p` is of values this high or higher.
    permuted_p
        The same from permutations.
    areas, islands
        How many took part, and how many have no neighbour and took none.
    """

    value: float
    expected: float
    variance: float
    z: float
    p: float
    permuted_p: float
    areas: int
    islands: int


def moran(
    values: ArrayLike, neighbours: Neighbours, permutations: int = PERMUTATIONS, seed: int = 1
) -> Moran:
    """Return Moran's I.

    Parameters
    ----------
    values : array of shape (n,)
    neighbours
        Of the same areas.
    permutations, seed
        How many times the values are dealt out anew, and from which random numbers.

    Raises
    ------
    ValueError
        If the values do not vary, fewer than four areas have a neighbour, or the lengths differ.
    """
    there, kept, islands = _without_islands(values, neighbours)
    deviations = there - there.mean()
    square = float(deviations @ deviations)
    areas, weights = len(there), kept.weights
    total = float(weights.sum())
    value = float(areas / total * (deviations @ kept.lag(deviations)) / square)
    random = np.random.default_rng(seed)
    higher, left = 0, permutations
    while left:
        part = min(left, max(1, _AT_ONCE // areas))
        dealt = random.permuted(np.repeat(deviations[:, None], part, axis=1), axis=0)
        higher += int(((areas / total) * (dealt * (weights @ dealt)).sum(axis=0) / square >= value).sum())
        left -= part
    permuted = (1 + higher) / (1 + permutations)
    expected = -1.0 / (areas - 1)
    variance = _variance(deviations, kept)
    z = (value - expected) / np.sqrt(variance)
    return Moran(value, expected, variance, float(z), float(special.ndtr(-z)), permuted, areas, islands)


def _variance(deviations: Numbers, neighbours: Neighbours) -> float:
    """Return the variance of I when the values are dealt out at random."""
    n, weights = len(deviations), neighbours.weights
    both = (weights + weights.T).tocsr()
    s0 = float(weights.sum())
    s1 = float((both.multiply(both)).sum()) / 2
    s2 = float(
        ((np.asarray(weights.sum(axis=1)).ravel() + np.asarray(weights.sum(axis=0)).ravel()) ** 2).sum()
    )
    kurtosis = n * float((deviations**4).sum()) / float((deviations**2).sum()) ** 2
    first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    return (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - 1.0 / (n - 1) ** 2


@dataclass(frozen=True, eq=False)
class Local:
    """Moran's I of each area; NaN and no spot for islands.

    Attributes
    ----------
    value : array of shape (n,)
        With the second moment over n (R's spdep); PySAL's esda gives (n - 1)/n of it.
    p : array of shape (n,)
        Two-sided, from permutations with the area's own value held.
    is_found : array of shape (n,)
        Whether it stands when false discoveries are held to the rate.
    is_high, neighbours_high : arrays of shape (n,)
        Whether the area, and the mean of its neighbours, lie above the mean.
    """

    value: Numbers
    p: Numbers
    is_found: Flags
    is_high: Flags
    neighbours_high: Flags

    @property
    def hot(self) -> Flags:
        """High among high."""
        return self.is_found & self.is_high & self.neighbours_high

    @property
    def cold(self) -> Flags:
        """Low among low."""
        return self.is_found & ~self.is_high & ~self.neighbours_high


def local_moran(
    values: ArrayLike,
    neighbours: Neighbours,
    permutations: int = PERMUTATIONS,
    seed: int = 1,
    rate: float = FALSE_DISCOVERIES,
) -> Local:
    """Return Moran's I of each area.

    Parameters
    ----------
    values, neighbours, permutations, seed
        As `moran`.
    rate
        Of false among found spots, at most.

    Raises
    ------
    ValueError
        As `moran`.
    """
    there, kept, _ = _without_islands(values, neighbours)
    deviations = there - there.mean()
    moment = float(deviations @ deviations) / len(there)
    lag = kept.lag(deviations)
    local = deviations * lag / moment
    random = np.random.default_rng(seed)
    p = np.array(
        [
            _chance(lag[area], np.delete(deviations, area), len(kept.of(area)), permutations, random)
            for area in range(len(there))
        ]
    )
    is_island = neighbours.islands
    whole = np.full(len(is_island), np.nan)
    value, chance = whole.copy(), whole.copy()
    value[~is_island], chance[~is_island] = local, p
    found, high, around = (np.zeros(len(is_island), dtype=bool) for _ in range(3))
    found[~is_island] = discoveries(p, rate)
    high[~is_island], around[~is_island] = deviations > 0, lag > 0
    return Local(value, chance, found, high, around)


def _chance(
    mean: float, others: Numbers, number: int, permutations: int, random: np.random.Generator
) -> float:
    """Return how often so many others would make a mean this far out, on both sides."""
    higher, left = 0, permutations
    while left:
        part = min(left, max(1, _AT_ONCE // len(others)))
        order = random.random((part, len(others))).argpartition(number - 1, axis=1)[:, :number]
        higher += int((others[order].mean(axis=1) >= mean).sum())
        left -= part
    return min(1.0, 2 * (1 + min(higher, permutations - higher)) / (1 + permutations))


def discoveries(p: ArrayLike, rate: float = FALSE_DISCOVERIES) -> Flags:
    """Return which of many tests stand when at most a share of those that do is false.

    Parameters
    ----------
    p : array of shape (n,), 0 to 1
    rate
        That share.
    """
    chances = numbers("p", p, at_least=0)
    refuse("p", chances > 1, "is above 1")
    if not 0 < rate < 1:
        raise ValueError(f"rate is {rate}; allowed: more than 0 and less than 1")
    order = np.argsort(chances, kind="stable")
    below = chances[order] <= rate * np.arange(1, len(chances) + 1) / len(chances)
    last = int(np.flatnonzero(below)[-1]) + 1 if below.any() else 0
    stands = np.zeros(len(chances), dtype=bool)
    stands[order[:last]] = True
    return stands


def _without_islands(values: ArrayLike, neighbours: Neighbours) -> tuple[Numbers, Neighbours, int]:
    every = numbers("values", values)
    if len(every) != len(neighbours):
        raise ValueError(f"values has {len(every)} values; neighbours are of {len(neighbours)} areas")
    kept = np.flatnonzero(~neighbours.islands)
    if len(kept) < FEWEST_AREAS:
        raise ValueError(
            f"neighbours link {len(kept)} areas; allowed: {FEWEST_AREAS} or more that have a neighbour"
        )
    there = every[kept]
    if np.ptp(there) <= 1e-12 * max(1.0, float(np.abs(there).max())):
        raise ValueError("values do not vary, so nothing can be alike")
    # An island may still be named as a neighbour by others: directed links allow it.
    weights = neighbours.weights[kept][:, kept].tocsr()
    return there, Neighbours(weights), len(every) - len(kept)
