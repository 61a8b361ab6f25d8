"""By how much test scores changed from before to after trainings, with a 95 % interval.

The release holds sums (register ``knowledge``): one row a role, county and year. Sums over rows are sums over
trainings, so any selection can be worked out again.

The change is the average over trainings of (average after − average before), each weighted by the people
tested both times. Two intervals are worked out and the wider one is given:

* of people: Student's paired interval where every sheet gave the spread of each person's own change;
  otherwise the interval of two independent groups with unequal spreads (Welch 1947), which is too wide rather
  than too narrow because the same people sat both tests;
* of trainings: people in one room learn alike, so trainings, not people, are the independent units (ratio
  estimator for clusters: Cochran 1977, Sampling Techniques, 3rd ed., eq. 6.13; Donner & Klar 2000).
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import special

CONFIDENCE = 0.95
MATCHED, UNMATCHED, TRAININGS = "matched", "unmatched", "trainings"
KEYS = ("year", "area_code", "audience_role")

Sums = tuple[float, float, float]
"""Number, sum, sum of squares."""


@dataclass(frozen=True)
class Gain:
    """The change of one role.

    Attributes
    ----------
    role : str
    before, after : float
        Average scores of all tests.
    change, lower, upper : float
        Points of 100; limits are NaN where nothing can be said about chance.
    people, trainings : int
        Tested both times; trainings with tests.
    method : str
        Which interval is the wider one: ``matched``, ``unmatched`` (of people) or ``trainings``.
    """

    role: str
    before: float
    after: float
    change: float
    lower: float
    upper: float
    people: int
    trainings: int
    method: str


def gains(
    register: pl.DataFrame, years: tuple[str, str] | None = None, areas: Collection[str] = ()
) -> list[Gain]:
    """Return the change of each role, in the order of their codes.

    Parameters
    ----------
    register
        Rows of the register ``knowledge``.
    years
        First and last year, both inside; all when None.
    areas
        Codes of counties; all when empty.
    """
    if register.is_empty():
        return []
    chosen = register
    if years is not None:
        chosen = chosen.filter(pl.col("year").is_between(pl.lit(years[0]), pl.lit(years[1])))
    if areas:
        chosen = chosen.filter(pl.col("area_code").is_in(list(areas)))
    sums = chosen.group_by("audience_role").agg(pl.exclude(KEYS).sum()).sort("audience_role")
    return [_gain(row) for row in sums.iter_rows(named=True)]


def _gain(row: dict[str, float]) -> Gain:
    change = row["points_gained"] / row["people_matched"]
    halves = {**_of_people(row), **_of_trainings(row, change)}
    method = max(halves, key=lambda name: halves[name]) if halves else ""
    half = halves.get(method, float("nan"))
    return Gain(
        role=str(row["audience_role"]),
        before=row["points_before"] / row["tests_before"],
        after=row["points_after"] / row["tests_after"],
        change=change,
        lower=change - half,
        upper=change + half,
        people=int(row["people_matched"]),
        trainings=int(row["trainings"]),
        method=method,
    )


def _of_people(row: dict[str, float]) -> dict[str, float]:
    if row["trainings_matched"] == row["trainings"]:
        half = paired_half(row["people_matched"], row["points_gained"], row["squares_gained"])
        return {MATCHED: half}
    if row["trainings_with_spread"] == row["trainings"]:
        before, after = (
            (row[f"tests_{side}"], row[f"points_{side}"], row[f"squares_{side}"])
            for side in ("before", "after")
        )
        return {UNMATCHED: welch_half(before, after)}
    return {}


def _of_trainings(row: dict[str, float], change: float) -> dict[str, float]:
    if row["trainings"] < 2:
        return {}
    half = cluster_half(
        row["trainings"],
        row["people_matched"],
        (row["weight_squares"], row["weighted_changes"], row["weighted_squares"]),
        change,
    )
    return {TRAININGS: half}


def paired_half(n: float, total: float, squares: float) -> float:
    """Return half the width of Student's interval of a mean, from n, the sum and the sum of squares.

    >>> round(paired_half(5, 15.0, 55.0), 3)  # 1, 2, 3, 4, 5
    1.963
    """
    return _t(n - 1) * float(np.sqrt(_variance(n, total, squares) / n))


def welch_half(before: Sums, after: Sums) -> float:
    """Return half the width of Welch's interval of a difference of means, from n, sum and sum of squares.

    >>> round(welch_half((5, 15.0, 55.0), (5, 25.0, 135.0)), 3)  # 1 … 5 and 3 … 7
    2.306
    """
    first, second = (_variance(*side) / side[0] for side in (before, after))
    both = first + second
    if both == 0:
        return 0.0
    freedom = both**2 / (first**2 / (before[0] - 1) + second**2 / (after[0] - 1))
    return _t(freedom) * float(np.sqrt(both))


def cluster_half(clusters: float, weight: float, sums: Sums, mean: float) -> float:
    """Return half the width of the interval of a weighted mean over clusters.

    Parameters
    ----------
    clusters
        Number of trainings, at least two.
    weight
        Sum of their weights w.
    sums
        Sums of w², w²·d and w²·d², where d is a training's own change.
    mean
        The weighted mean of d.
    """
    squares, changes, squared = sums
    spread = max(squared - 2 * mean * changes + mean**2 * squares, 0.0)
    variance = clusters / (clusters - 1) * spread / weight**2
    return _t(clusters - 1) * float(np.sqrt(variance))


def _variance(n: float, total: float, squares: float) -> float:
    return max(squares - total**2 / n, 0.0) / (n - 1)


def _t(freedom: float) -> float:
    return float(special.stdtrit(freedom, 0.5 + CONFIDENCE / 2))
