"""Early years beside late ones, and the ends of a list of shares: what the Enforcement page says in words.

Everything here is arithmetic on answers, which hold published numbers only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from analysis import periods
from analysis.answers.answer import Answer
from analysis.catalog.model import NOT_RECORDED, Measure
from analysis.statistics.change import Figures, change_between
from analysis.statistics.intervals import count_limits

MOST_YEARS = 3
LEAST_YEARS = 2

Row = dict[str, Any]
Range = tuple[str, str]


@dataclass(frozen=True)
class Spans:
    """Two ranges of whole years that do not overlap, as first and last year each."""

    earlier: Range
    later: Range


@dataclass(frozen=True)
class Compared:
    """Two figures with limits; `direction` is 1, −1, or 0 where chance and protection can explain it."""

    earlier: Row
    later: Row
    direction: int


def spans_of(first_month: str, last_month: str, provisional_from: str = "") -> Spans | None:
    """Return the first and the newest complete years of a range, up to three each.

    Parameters
    ----------
    first_month, last_month
        The range, ``YYYY-MM`` or years, both inside.
    provisional_from
        First period that is still filling up; its year is left out. Empty when there is none.

    Returns
    -------
    Spans or None
        None when there are fewer than two years for each side.

    Examples
    --------
    >>> spans_of("2016-01", "2025-12", "2025-07")
    Spans(earlier=('2016', '2018'), later=('2022', '2024'))
    """
    last = periods.span_of(last_month).last
    if provisional_from:
        last = min(last, periods.span_of(provisional_from).first - 1)
    first = periods.span_of(first_month).first
    if first > last:
        return None
    years = periods.periods_inside(periods.Span(first, last), "year")
    size = min(MOST_YEARS, len(years) // 2)
    if size < LEAST_YEARS:
        return None
    return Spans((years[0], years[size - 1]), (years[-size], years[-1]))


def first_provisional(answers: Iterable[Answer]) -> str:
    """Return the first period that any answer by period marks as still filling up, or an empty text.

    One answer may not tell: a number that is not shown carries no such marker.
    """
    late = [
        row["period"]
        for answer in answers
        if "period" in answer.question.by
        for row in answer.frame.iter_rows(named=True)
        if "p" in (row["marker"] or "")
    ]
    return min(late, key=lambda code: periods.span_of(code).first, default="")


def compared(earlier: Answer, later: Answer, smallest: float = 0.0) -> Compared | None:
    """Compare two answers of one row each.

    Parameters
    ----------
    earlier, later
        The same measure over two ranges.
    smallest
        A difference of a count of this size or less is no change.

    Returns
    -------
    Compared or None
        None when either is not shown.
    """
    rows = [_only(answer) for answer in (earlier, later)]
    if rows[0] is None or rows[1] is None:
        return None
    direction = _direction(rows[0], rows[1], earlier.measure, smallest)
    return Compared(rows[0], rows[1], direction)


def ends_of(answer: Answer) -> Compared | None:
    """Return the smallest and the largest share of an answer by one dimension, and whether they are apart.

    "Other" and "not recorded" are left out: they name nothing. The smallest stands first.
    """
    [name] = answer.question.by
    shown = [
        row
        for row in answer.frame.iter_rows(named=True)
        if row["value"] is not None and row[name] not in ("other", NOT_RECORDED)
    ]
    if len(shown) < 2:
        return None
    low, high = min(shown, key=_value), max(shown, key=_value)
    return Compared(low, high, _direction(low, high, answer.measure, 0.0))


def largest_groups(answer: Answer, most: int) -> tuple[str, ...]:
    """Return the codes of the largest groups of an answer by one dimension, in the order of its rows."""
    [name] = answer.question.by
    shown = [
        row
        for row in answer.frame.iter_rows(named=True)
        if row["value"] is not None and row[name] not in ("other", NOT_RECORDED)
    ]
    kept = {row[name] for row in sorted(shown, key=_value, reverse=True)[:most]}
    return tuple(row[name] for row in shown if row[name] in kept)


def value_of(answer: Answer, **codes: str) -> Row | None:
    """Return the row of an answer with these codes; None when it is not shown."""
    for row in answer.frame.iter_rows(named=True):
        if all(row[name] == code for name, code in codes.items()):
            return row if row["value"] is not None else None
    return None


def total_shown(answers: Iterable[Answer]) -> bool:
    """Return whether any value of some answers can be shown."""
    return any(not answer.refusal and not answer.all_hidden for answer in answers)


def _value(row: Row) -> float:
    return float(row["value"])


def _only(answer: Answer) -> Row | None:
    return None if answer.refusal else value_of(answer)


def _direction(earlier: Row, later: Row, measure: Measure, smallest: float) -> int:
    change = change_between(_limits(earlier, measure), _limits(later, measure), smallest)
    return int(change.direction)


def _limits(row: Row, measure: Measure) -> Figures:
    value, lower, upper = row["value"], row["lower"], row["upper"]
    if measure.kind == "count" and lower is None:
        lower, upper = (float(limit) for limit in count_limits(value))
    return Figures(value, value if lower is None else lower, value if upper is None else upper)
