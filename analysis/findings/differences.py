"""Groups and years that differ by more than chance and the protection can explain.

Everything here is arithmetic on published figures with their limits; nothing is ranked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from analysis import periods
from analysis.answers.answer import Answer
from analysis.catalog.model import NOT_RECORDED, Measure
from analysis.findings.movement import Movement, Point
from analysis.statistics.change import Change, Figures, change_between
from analysis.statistics.intervals import count_limits, z_value

Row = dict[str, Any]
VAGUE = (NOT_RECORDED, "not_applicable", "other", "unlisted")


@dataclass(frozen=True)
class Gap:
    """Two groups whose figures lie apart; `high` has the larger one."""

    measure: Measure
    high: Row
    low: Row
    size: float


def first_to_last(rows: Iterable[Row], smallest: float = 0.0) -> Movement | None:
    """Compare the first and the newest complete period.

    Parameters
    ----------
    rows
        Rows by ``period`` and nothing else.
    smallest
        A difference of a count that may come from the protection alone.

    Returns
    -------
    Movement or None
        None with fewer than two complete periods. `Movement.filling` is never set.
    """
    firm = sorted(
        (row for row in rows if row["value"] is not None and "p" not in row["marker"]),
        key=lambda row: periods.span_of(row["period"]).first,
    )
    if len(firm) < 2:
        return None
    before, after = firm[0], firm[-1]
    change = change_between(figures_of(before), figures_of(after), smallest)
    return Movement(
        _point(before),
        _point(after),
        int(change.direction),
        float(change.difference),
        float(change.lower),
        float(change.upper),
    )


def apart_from_all(rows: Iterable[Row], name: str, whole: Row | None, direction: int) -> list[Row]:
    """Return the groups whose limits lie wholly on one side of those of all together.

    Parameters
    ----------
    rows
        Rows of an answer by one dimension.
    name
        The dimension.
    whole
        The row of the same measure undivided; None when it cannot be shown.
    direction
        1 for groups above, −1 for groups below.

    Returns
    -------
    list of rows, the furthest first
        "Not recorded" and "other" are never called out.
    """
    if whole is None or whole["value"] is None:
        return []
    low, high = _limits(whole)
    found = []
    for row in rows:
        if row["value"] is None or row[name] in VAGUE:
            continue
        lower, upper = _limits(row)
        if (direction > 0 and lower > high) or (direction < 0 and upper < low):
            found.append(row)
    return sorted(found, key=lambda row: -direction * row["value"])


def widest_gap(answers: Sequence[Answer], name: str) -> Gap | None:
    """Return the widest gap between two groups, over several measures, that chance does not explain.

    Every pair of every measure is a comparison, so the limits are widened to keep the chance of any false
    one near 5 % (Bonferroni).

    Parameters
    ----------
    answers
        Shares by one dimension, in %.
    name
        The dimension.
    """
    told = [
        (answer.measure, [row for row in answer.frame.iter_rows(named=True) if _is_told(row, name)])
        for answer in answers
    ]
    pairs = [(measure, one, other) for measure, rows in told for one, other in combinations(rows, 2)]
    if not pairs:
        return None
    wider = z_value(1 - 0.05 / len(pairs)) / z_value(0.95)
    found = []
    for measure, one, other in pairs:
        change = compare(one, other, wider)
        if int(change.direction):
            high, low = (other, one) if int(change.direction) > 0 else (one, other)
            found.append(Gap(measure, high, low, abs(float(change.difference))))
    return max(found, key=lambda gap: gap.size, default=None)


def compare(one: Row, other: Row, wider: float = 1.0) -> Change:
    """Return other less one, with limits drawn `wider` than 95 %."""
    return change_between(_stretched(one, wider), _stretched(other, wider))


def figures_of(row: Row) -> Figures:
    """Return a row's value and limits; a count without limits gets those of chance."""
    if row["lower"] is None and row["upper"] is None:
        return Figures(row["value"], *count_limits(row["value"]))
    return Figures(np.float64(row["value"]), *_limits(row))


def _stretched(row: Row, wider: float) -> Figures:
    value, (low, high) = row["value"], _limits(row)
    return Figures(np.float64(value), value - wider * (value - low), value + wider * (high - value))


def _limits(row: Row) -> tuple[float, float]:
    """Return a row's limits; a median whose upper limit lies beyond the last band has none."""
    low = row["value"] if row["lower"] is None else row["lower"]
    return low, float("inf") if row["upper"] is None else row["upper"]


def _is_told(row: Row, name: str) -> bool:
    return row["value"] is not None and row[name] not in VAGUE


def _point(row: Row) -> Point:
    return Point(row["period"], row["value"], row["lower"], row["upper"], row["marker"])
