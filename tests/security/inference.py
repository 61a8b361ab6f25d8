"""What an attacker can work out about one small cell. All of it uses published numbers and public knowledge
only."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import numpy as np

from tests.security.population import (
    GROUPED,
    LARGEST,
    SMALL,
    SURE,
    Cell,
    Published,
    divisions,
    partitions,
)

RAREST = 1e-5  # share of a category that nobody has
SCALE = 10.0  # people in a cell to be divided; the result does not depend on it
ENOUGH = 90  # hidden people beside the target beyond which an equation says nothing

Partitions = Callable[[Cell], Iterator[tuple[Cell, list[Cell], str]]]
"""A cell's wider cells, the other parts of each, and the way of widening."""
Divisions = Callable[[Cell], Iterator[tuple[list[Cell], str]]]
"""The parts of a cell, and the way of dividing."""


def poisson(mean: float) -> np.ndarray:
    """Return Poisson probabilities of 0 to LARGEST − 1."""
    counts = np.arange(LARGEST)
    logs = counts * math.log(max(mean, 1e-9)) - mean - np.array([math.lgamma(n + 1) for n in counts])
    return np.exp(logs)


def flat() -> np.ndarray:
    """Return the prior of somebody who knows nothing: every count up to 24 alike."""
    return np.where(np.arange(LARGEST) < 25, 1.0, 0.0)


class Attacker:
    """Holds what was published, and shares of categories as an insider would know them.

    Uses all at once: the cell's own number or that it is hidden; every whole it is a part of (a dimension
    left out, child or adult instead of the age band, county, region, quarter, year) with the other parts of
    it; and every way to divide it into parts.

    Parameters
    ----------
    published
        All shown cells.
    shares
        Way of widening and code to the share of people, known from outside the release, exactly. None: the
        attacker knows nothing beyond the release.
    one_noise
        Whether tables by a finer dimension have the same noise as tables by the coarser one.
    partitions, divisions
        How cells are parts of wider ones and divide into parts; those of the made-up people by default.
    finer
        Dimensions whose tables have a noise of their own.
    """

    def __init__(
        self,
        published: Published,
        shares: Mapping[tuple[str, str], float] | None = None,
        one_noise: bool = False,
        *,
        partitions: Partitions = partitions,
        divisions: Divisions = divisions,
        finer: Collection[str] = tuple(GROUPED),
    ) -> None:
        self.published, self.shares, self.one_noise = published, shares, one_noise
        self.partitions, self.divisions, self.finer = partitions, divisions, finer
        self._large = published.of_large()
        self._shown: dict[int, np.ndarray] = {}

    def posterior(self, cell: Cell) -> np.ndarray | None:
        """Return the probabilities of the true count; None when nothing at all is published about it."""
        value = self.published.get(cell)
        own = self.published.if_hidden if value is None else self.published.if_shown(value)
        equations = [
            found for way in self.partitions(cell) if (found := self._equation(cell, *way)) is not None
        ]
        if not equations:
            return None
        means = [mean for _, mean in equations if mean is not None]
        prior = poisson(math.exp(float(np.mean(np.log(np.maximum(means, 1e-4)))))) if means else flat()
        result = prior * own
        for likelihood, _ in equations:
            result = result * likelihood
        for parts, way in self.divisions(cell):
            result = result * self._of_parts(parts, way)
        return result / result.sum() if result.sum() > 0 else None

    def _equation(
        self, cell: Cell, whole: Cell, others: list[Cell], way: str
    ) -> tuple[np.ndarray, float | None] | None:
        """Return the likelihood of the target's count from: whole = target + shown parts + hidden parts."""
        total = self.published.get(whole)
        if total is None:
            return None
        shown = [value for other in others if (value := self.published.get(other)) is not None]
        hidden = [other for other in others if self.published.get(other) is None]
        beside = np.array([1.0])
        for other in hidden:
            count = self._hidden_part(other, total, way)
            beside = np.convolve(beside, count)[:ENOUGH]
        error = self._large  # change of the whole, less that of each shown part
        for _ in shown:
            error = np.convolve(error, self._large[::-1])
        gap = total - sum(shown)
        middle = len(error) // 2
        # total = target + beside + shown + error; what is left of the gap. Index 0 is −middle.
        rest = np.convolve(beside, error)
        places = gap - np.arange(LARGEST) + middle
        inside = (places >= 0) & (places < len(rest))
        likelihood = np.where(inside, rest[np.clip(places, 0, len(rest) - 1)], 0.0)
        has_other_noise = way.split(maxsplit=1)[0] in self.finer and not self.one_noise
        if len(shown) == 1 and way != "district" and not has_other_noise:
            # Nobody beside the one shown part: then whole and part are the same people, with the same noise.
            alone = beside[0] * (error[gap + middle] if 0 <= gap + middle < len(error) else 0.0)
            likelihood[0] += beside[0] * (total == shown[0]) - alone
        mean = None if self.shares is None else total * self._share(cell, way)
        return likelihood, mean

    def _of_parts(self, parts: list[Cell], way: str) -> np.ndarray:
        """Return the likelihood of the target's count from what is published about its parts."""
        values = [self.published.get(part) for part in parts]
        if all(value is None for value in values):
            return np.ones(LARGEST)
        together = before = np.array([1.0])
        for part, value in zip(parts, values, strict=True):
            seen = self.published.if_hidden if value is None else self._if_shown(value)
            prior = np.ones(LARGEST) if self.shares is None else poisson(SCALE * self._share(part, way))
            together = np.convolve(together, prior * seen)[:LARGEST]
            before = np.convolve(before, prior)[:LARGEST]
        found: np.ndarray = together / np.maximum(before, 1e-300)
        return found if found.any() else np.ones(LARGEST)

    def _if_shown(self, value: int) -> np.ndarray:
        if value not in self._shown:
            self._shown[value] = self.published.if_shown(value)
        return self._shown[value]

    def _hidden_part(self, other: Cell, total: int, way: str) -> np.ndarray:
        prior = flat() if self.shares is None else poisson(total * self._share(other, way))
        count = prior * self.published.if_hidden
        return count / count.sum()

    def _share(self, cell: Cell, way: str) -> float:
        if self.shares is None:
            raise LookupError(way)
        return self.shares.get((way, code_of(cell, way)), RAREST)


def code_of(cell: Cell, way: str) -> str:
    """Return the code by which a cell is one part of a whole."""
    period, area, given = cell
    if way.endswith("of group"):
        return dict(given)[way.split(maxsplit=1)[0]]
    if way.startswith(("area", "district")):
        return area[1] if area else ""
    return dict(given).get(way, period[5:])


def shares_of(
    truth: Mapping[Cell, int], cells: Iterable[Cell], partitions: Partitions = partitions
) -> dict[tuple[str, str], float]:
    """Return the true share of every part, over everybody: more than any outsider knows.

    Parameters
    ----------
    truth
        True counts of all cells.
    cells
        Targets; shares are worked out for all ways to widen them.
    partitions
        How cells are parts of wider ones.
    """
    everybody = sum(
        count for (period, area, given), count in truth.items() if len(period) == 4 and not area and not given
    )
    found: dict[tuple[str, str], float] = {}
    years = sorted({cell[0] for cell in truth if len(cell[0]) == 4})
    for cell in cells:
        for whole, others, way in partitions(cell):
            for part in (cell, *others):
                code = code_of(part, way)
                if (way, code) in found:
                    continue
                if way.endswith("of group"):
                    dim = way.split()[0]
                    band = ((dim, dict(part[2])[dim]),)
                    group = ((GROUPED[dim], dict(whole[2])[GROUPED[dim]]),)
                    above = sum(truth.get((year, None, group), 0) for year in years)
                    found[way, code] = sum(truth.get((year, None, band), 0) for year in years) / above
                elif " of " in way:
                    found[way, code] = 1 / (len(others) + 1)
                elif way == "district":
                    county = sum(truth.get((year, whole[1], ()), 0) for year in years)
                    found[way, code] = sum(truth.get((year, part[1], ()), 0) for year in years) / county
                else:
                    alone = ((way, code),) if not way.startswith("area") else ()
                    area = part[1] if way.startswith("area") else None
                    found[way, code] = sum(truth.get((year, area, alone), 0) for year in years) / everybody
    return found


def is_known(posterior: np.ndarray | None, truth: int) -> bool:
    """Return whether the attacker is right about a small count, and at least 95 % sure."""
    return posterior is not None and truth in SMALL and bool(posterior[truth] >= SURE)
