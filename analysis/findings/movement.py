"""How an answer's newest period compares with an earlier one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis import periods
from analysis.catalog.model import Measure
from analysis.statistics.change import Change, Figures, change_between
from analysis.statistics.intervals import count_limits


@dataclass(frozen=True)
class Point:
    """One row of a series by period."""

    period: str
    value: float
    lower: float | None
    upper: float | None
    marker: str


@dataclass(frozen=True)
class Movement:
    """From an earlier to a later point; `direction` is 1, −1, or 0 where no change can be claimed.

    `filling` is the newest point when it is provisional and therefore not the later one of the comparison.
    """

    earlier: Point
    later: Point
    direction: int
    difference: float
    lower: float
    upper: float
    filling: Point | None = None

    @property
    def size(self) -> float:
        """How many times the smaller value the larger one is: one scale for people, shares and money."""
        low, high = sorted((abs(self.earlier.value), abs(self.later.value)))
        return high / low if low else float("inf")

    @classmethod
    def of(cls, earlier: Point, later: Point, change: Change, filling: Point | None = None) -> "Movement":
        """Return two points and the change between them."""
        limits = (float(change.difference), float(change.lower), float(change.upper))
        return cls(earlier, later, int(change.direction), *limits, filling=filling)


def movement(rows: Iterable[dict[str, Any]], measure: Measure, smallest: float) -> Movement | None:
    """Compare the newest complete period with the same period a year before, or else the one before it.

    A provisional period is still filling up: beside a complete one it would look like a fall. It is compared
    only where no complete period can be.

    Parameters
    ----------
    rows
        Rows of an answer by period and nothing else, as dictionaries.
    measure
        Whose values they are.
    smallest
        A difference of a count that may come from the protection alone.

    Returns
    -------
    Movement or None
        None when there are no two points to compare.
    """
    shown = {row["period"]: row for row in rows if row["value"] is not None}
    if not shown:
        return None
    complete = {code: row for code, row in shown.items() if "p" not in row["marker"]}
    pair = _newest_pair(complete) or _newest_pair(shown)
    if pair is None:
        return None
    earlier, later = _point(shown[pair[0]]), _point(shown[pair[1]])
    newest = _point(shown[_newest(shown)])
    change = _change(earlier, later, measure, smallest)
    return Movement.of(earlier, later, change, newest if newest.period != later.period else None)


def _change(earlier: Point, later: Point, measure: Measure, smallest: float) -> Change:
    is_count = measure.kind in ("count", "published")
    has_chance = measure.kind not in ("amount", "ratio")  # a ratio without limits divides exact numbers
    return change_between(
        _limits(earlier, has_chance), _limits(later, has_chance), smallest if is_count else 0.0
    )


def _newest(rows: Mapping[str, Any]) -> str:
    return max(rows, key=lambda code: periods.span_of(code).first)


def _newest_pair(rows: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return (earlier, newest) period of `rows` that can be compared."""
    if not rows:
        return None
    last = _newest(rows)
    candidates = (periods.previous(last, years=1), periods.previous(last))
    before = next((code for code in candidates if code in rows), None)
    return (before, last) if before else None


def _point(row: dict[str, Any]) -> Point:
    return Point(row.get("period", ""), row["value"], row["lower"], row["upper"], row["marker"])


def _limits(point: Point, is_event_count: bool) -> Figures:
    if point.lower is None or point.upper is None:
        if not is_event_count:  # money and places are known exactly: any difference is one
            return Figures(np.float64(point.value), point.value, point.value)
        return Figures(point.value, *count_limits(point.value))
    return Figures(np.float64(point.value), point.lower, point.upper)
