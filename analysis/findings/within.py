"""What share waited no longer than so long: published bands of a duration, added up from the shortest.

The same straight lines inside a band, the same limits and the same treatment of hidden bands as the median of
these bands (`analysis.answers.kinds.quantiles`), so that a drawing and a median never disagree.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.answers.answer import Answer
from analysis.answers.kinds.quantiles import WIDEST_HIDDEN, bands_of, quantile
from analysis.catalog.model import Dimension
from analysis.release.release import Release
from analysis.statistics.intervals import z_value

HALF, NINE_IN_TEN = 0.5, 0.9


@dataclass(frozen=True)
class Reached:
    """The share (0–100) that took less than `edge`, with its 95 % interval."""

    edge: float
    share: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Within:
    """A duration from its bands.

    Attributes
    ----------
    reached
        One for each end of a closed band, from the shortest; the first is at the low end of the shortest.
    half, nine_in_ten
        How long half and nine in ten took at most; None where that lies in the open band or above.
    base
        People in shown bands, with those who still wait.
    """

    reached: tuple[Reached, ...]
    half: float | None
    nine_in_ten: float | None
    base: float


def within(answer: Answer, dimension: Dimension, release: Release) -> Within | None:
    """Return how many waited no longer than each end of a band, or None where too much is hidden.

    Parameters
    ----------
    answer
        Counts by the bands alone. People who still wait count among all, and in no closed band; "not
        recorded" and "not applicable" take no part.
    dimension
        The bands, with their low ends.
    release
        Gives the variance of the protection and the threshold.
    """
    bands = bands_of(dimension.categories)
    by_code = dict(zip(answer.frame[dimension.code], answer.frame["value"], strict=True))
    present = [by_code.get(code, 0.0) for code in bands.codes]
    counts = np.array([0.0 if value is None else value for value in present])
    hidden = np.array([max(release.threshold - 1, 0) if value is None else 0 for value in present])
    base = float(counts.sum())
    if base <= 0 or hidden.sum() > WIDEST_HIDDEN * base or len(bands.edges) < 2:
        return None
    shown = sum(value is not None for value in present)
    reached = [Reached(bands.edges[0], 0.0, 0.0, 0.0)]
    for closed, edge in enumerate(bands.edges[1:], start=1):
        before, later = float(counts[:closed].sum()), float(counts[closed:].sum())
        early, late = float(hidden[:closed].sum()), float(hidden[closed:].sum())
        share = before / base
        reach = z_value(0.95) * math.sqrt(share * (1 - share) * (1 / base + release.v * shown / base**2))
        least, most = before / (base + late), (before + early) / (before + early + later)
        reached.append(
            Reached(edge, 100 * share, 100 * max(least - reach, 0.0), 100 * min(most + reach, 1.0))
        )
    half, nine = (_position(counts, bands.edges, part) for part in (HALF, NINE_IN_TEN))
    return Within(tuple(reached), half, nine, base)


def _position(counts: np.ndarray, edges: Sequence[float], part: float) -> float | None:
    found = float(quantile(counts, edges, np.array(part)))
    return round(found, 1) if math.isfinite(found) else None
