"""Areas: smoothed rates, funnel bands, high and low areas side by side, need and places that lie apart."""

from collections.abc import Iterator

import numpy as np
from shapely import box

from analysis.findings.areas.bands import _bands
from analysis.statistics.areas.clusters import local_moran
from analysis.statistics.areas.neighbours import touching
from analysis.statistics.areas.shrunk import shrunk_rates
from analysis.statistics.areas.smoothing import standardised
from analysis.statistics.segregation import dissimilarity
from tests.coverages.row import Row, covered, false_alarms
from tests.noised import V, noised, published

SIDE = 7


def rows(draws: int) -> Iterator[Row]:
    """Yield a row for each statistic of areas."""
    random = np.random.default_rng(2)
    yield from smoothed(random, draws)
    yield from bands(random, draws)
    yield from spots(random, draws)
    yield from apart(random, draws)


def smoothed(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield smoothed rates of areas whose true rates vary more or less, small ones hidden."""
    for spread in (0.0, 0.1, 0.3, 0.6):
        held: list[bool] = []
        for _ in range(draws):
            people = random.uniform(20_000, 200_000, 24)
            true = 4e-4 * (random.gamma(1 / spread**2, spread**2, 24) if spread else np.ones(24))
            count = published(random, random.poisson(true * people))
            known = ~np.isnan(count)
            found = shrunk_rates(count[known], people[known], V)
            held += ((found.lower <= true[known]) & (true[known] <= found.upper)).tolist()
        words = f"24 areas, 8 to 80 people, true rates ±{spread:.0%}"
        yield covered("smoothed rate", words, held)


def bands(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield areas called different from the whole where all are alike; some are hidden."""
    for words, low, high in (("12 to 60 people", 12, 60), ("60 to 400 people", 60, 400)):
        outside, far = [], []
        for _ in range(draws):
            expected = random.uniform(low, high, 24)
            count = published(random, random.poisson(expected))
            known = ~np.isnan(count)
            usual = expected[known] * count[known].sum() / expected[known].sum()
            found = _bands(count[known], count[known], usual, np.full(known.sum(), V))
            outside += (found != 2).tolist()
            far += (np.abs(found - 2) == 2).tolist()
        yield false_alarms("area outside of 95%", f"24 areas alike, {words}", outside)
        yield false_alarms("area outside of 99.8%", f"24 areas alike, {words}", far, 0.002)


def spots(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield looks at areas that lie beside each other by chance and show a spot; one that is there."""
    board = touching([box(x, y, x + 1, y + 1) for y in range(SIDE) for x in range(SIDE)])
    high = [y * SIDE + x for y in range(3) for x in range(3)]
    for words, spread in (("alike", 0.0), ("that vary by 30%, anywhere", 0.3)):
        found = [
            bool(local_moran(_scores(random, spread, ()), board, 1_999, seed=n).is_found.any())
            for n in range(draws // 4 + 1)
        ]
        yield false_alarms("high or low areas", f"{SIDE**2} areas {words}", found)
    seen = [
        bool(local_moran(_scores(random, 0.1, high), board, 1_999, seed=n).hot[SIDE + 1])
        for n in range(draws // 8 + 1)
    ]
    rate = float(np.mean(seen))
    yield Row(
        "high or low areas", "nine of 49 beside each other twice as high", "found", f"{rate:.0%}", rate > 0.8
    )


def _scores(random: np.random.Generator, spread: float, high: list[int] | tuple[int, ...]) -> np.ndarray:
    areas = SIDE**2
    people = random.uniform(50_000, 200_000, areas)
    rate = 6e-4 * (random.gamma(1 / spread**2, spread**2, areas) if spread else np.ones(areas))
    rate[list(high)] *= 2
    return standardised(noised(random, random.poisson(rate * people)), people, V)


def apart(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield the share of places that would have to lie elsewhere."""
    for level, spread in ((60, 0.0), (60, 0.4), (200, 0.4)):
        held = []
        for n in range(draws):
            places = 1.0 + random.poisson(20, 10)
            need = level * places / places.mean() * np.exp(spread * random.normal(size=10))
            true = float(np.abs(need / need.sum() - places / places.sum()).sum() / 2)
            found = dissimilarity(
                noised(random, random.poisson(need)), places, noise_variance=V, draws=199, seed=n
            )
            held.append(found.lower - 1e-9 <= true <= found.upper)
        yield covered("dissimilarity", f"ten groups of about {level}, ±{spread:.0%}", held)
