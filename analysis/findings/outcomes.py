"""What the numbers of outcomes, feedback and surveys say: clear extremes, clear changes between waves.

Everything here is arithmetic on published numbers with their limits. Two figures are told apart only where
chance and the protection together do not explain the difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from analysis import periods
from analysis.answers.answer import Answer
from analysis.catalog.model import NOT_RECORDED
from analysis.findings.movement import Point
from analysis.statistics.change import Figures, change_between

Row = dict[str, Any]
HARDLY_ANSWERED = 100 / 3  # percent: below it, those who answered are too few to speak for the rest


@dataclass(frozen=True)
class Extremes:
    """The lowest and the highest of a set of figures; `is_clear`: the lowest lies clearly below the next."""

    lowest: Row
    highest: Row
    is_clear: bool


@dataclass(frozen=True)
class Course:
    """One statement from the first to the last wave; `direction` is 1, −1, or 0 without a clear change."""

    code: str
    first: Point
    last: Point
    direction: int


def extremes(answer: Answer) -> Extremes | None:
    """Return the lowest and highest category of an answer by one dimension.

    Returns
    -------
    Extremes or None
        None when fewer than two categories can be shown. "Not recorded" is none of them.
    """
    rows = sorted(_known(answer), key=lambda row: row["value"])
    if len(rows) < 2:
        return None
    return Extremes(rows[0], rows[-1], differ(rows[0], rows[1]) > 0)


def leader(answer: Answer) -> tuple[Row, Row | None, bool] | None:
    """Return the largest category, the next, and whether the two are clearly different.

    Returns
    -------
    tuple or None
        None when nothing can be shown; the next is None when nothing else can be.
    """
    rows = sorted(_known(answer), key=lambda row: -row["value"])
    if not rows:
        return None
    second = rows[1] if len(rows) > 1 else None
    return rows[0], second, second is not None and differ(second, rows[0]) > 0


def below(answer: Answer, limit: float) -> tuple[Row, ...]:
    """Return the rows that lie below a limit with their whole interval, in code-list order."""
    return tuple(row for row in _known(answer) if row["upper"] is not None and row["upper"] < limit)


def differ(earlier: Row, later: Row) -> int:
    """Return 1 or −1 where the second row is clearly above or below the first, else 0.

    >>> differ({"value": 30, "lower": 28, "upper": 32}, {"value": 40, "lower": 38, "upper": 42})
    1
    """
    if any(row[side] is None for row in (earlier, later) for side in ("value", "lower", "upper")):
        return 0
    before, after = (Figures(row["value"], row["lower"], row["upper"]) for row in (earlier, later))
    return int(change_between(before, after).direction)


def waves_only(answer: Answer) -> Answer:
    """Return an answer by period without the periods in which nobody was asked.

    A survey has waves; the years between them are no gap in it. A period in which something is hidden stays.
    """
    asked = pl.col("value").is_not_null() | pl.col("marker").str.contains("c")
    kept = answer.frame.filter(asked.any().over("period"))
    return replace(answer, frame=kept) if kept.height else answer


def courses(answer: Answer) -> tuple[Course, ...]:
    """Return how each category of an answer by period and one dimension went from first to last wave."""
    [name] = [one for one in answer.question.by if one != "period"]
    found = []
    for code in dict.fromkeys(answer.frame[name]):
        rows = [row for row in answer.frame.filter(pl.col(name) == code).iter_rows(named=True)]
        shown = [row for row in rows if row["value"] is not None]
        shown.sort(key=lambda row: periods.span_of(row["period"]).first)
        if len(shown) > 1:
            first, last = shown[0], shown[-1]
            found.append(Course(code, _point(first), _point(last), differ(first, last)))
    return tuple(found)


def moved_most(found: Sequence[Course], direction: int = 0) -> Course | None:
    """Return the clear change of the largest size, in one direction where it is given; None without any."""
    clear = [one for one in found if one.direction and direction in (0, one.direction)]
    return max(clear, key=lambda one: abs(one.last.value - one.first.value), default=None)


def _known(answer: Answer) -> list[Row]:
    [name] = answer.question.by
    rows = answer.frame.iter_rows(named=True)
    return [row for row in rows if row["value"] is not None and row[name] != NOT_RECORDED]


def _point(row: Row) -> Point:
    return Point(row["period"], row["value"], row["lower"], row["upper"], row["marker"])
