"""Waits of people who were followed for unequal times, and people who are on no list."""

from collections.abc import Iterator

import numpy as np

from analysis.statistics.hidden.estimate import estimate
from analysis.statistics.hidden.histories import capture_table
from analysis.statistics.life_table import banded_log_rank, life_table
from tests.coverages.row import Row, covered, false_alarms
from tests.noised import V, noised

EDGES = np.array([0.0, 3, 8, 15, 29, 61, 91, 181])


def rows(draws: int) -> Iterator[Row]:
    """Yield a row for each statistic of people."""
    random = np.random.default_rng(3)
    yield from waits(random, draws)
    yield from groups(random, draws)
    yield from unlisted(random, draws // 4 + 1)


def waits(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield medians and p90 of life tables, and their curve."""
    true = np.exp(-((EDGES / 35) ** 0.9))
    for number in (200, 500):
        held: dict[str, list[bool]] = {"median wait": [], "p90 of waits": [], "share who still wait": []}
        for _ in range(draws):
            found = life_table(*waiting(random, number, 35), EDGES, (V, V))
            for name, share in (("median wait", 0.5), ("p90 of waits", 0.9)):
                value, lower, upper = found.quantile(share)
                if np.isfinite(value):  # else it is not shown
                    held[name].append(lower <= np.interp(share - 1, -true, EDGES) <= upper)
            known = ~np.isnan(found.survival)
            known[0] = False
            held["share who still wait"] += (
                (found.lower[known] <= true[known]) & (true[known] <= found.upper[known])
            ).tolist()
        for name, inside in held.items():
            yield covered(name, f"{number} people in 7 bands, some still wait", inside)


def groups(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield groups that wait alike and are said to differ."""
    for number, of in ((120, 3), (400, 2)):
        false = []
        for _ in range(draws):
            parts = [waiting(random, number, 35) for _ in range(of)]
            ended, still = ([part[side] for part in parts] for side in (0, 1))
            false.append(banded_log_rank(ended, still, (V, V)).p < 0.05)
        yield false_alarms("groups wait differently", f"{of} groups of {number} who wait alike", false)


def waiting(random: np.random.Generator, number: int, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Return waits in bands, followed for up to 400 days, as the door publishes them."""
    time, followed = random.weibull(0.9, number) * scale, random.uniform(0, 400, number)
    ends = np.append(EDGES, np.inf)
    ended = np.histogram(time[time <= followed], ends)[0]
    still = np.histogram(followed[time > followed], ends)[0]
    still[-1] += ended[-1]
    return noised(random, ended[:-1]), noised(random, still)


def unlisted(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield totals with people on no list: from true counts, so that the door adds nothing."""
    for total, handed in ((2_000, 0.0), (2_000, 0.3)):
        held = []
        for seed in range(draws):
            marks = random.random((total, 4)) < np.array([0.15, 0.2, 0.1, 0.12])
            marks[:, 1] |= marks[:, 0] & (random.random(total) < handed)
            listed = marks[marks.any(axis=1)].astype(int)
            table = capture_table(list("ABCD"), listed, np.ones(len(listed)))
            found = estimate(table, draws=200, seed=seed)
            if found.lower is not None and found.upper is not None:
                held.append(found.lower <= total <= found.upper)
        words = f"{total:,} on four lists" + (", one hands on to another" if handed else "")
        # BCa with selection in each resample covered 90 % in the published simulation (Chan et al. 2021).
        yield covered("people on no list", words, held, 0.90)
