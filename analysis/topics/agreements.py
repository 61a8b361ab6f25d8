"""Agreements and actions on a day: what is in force, what ends soon, what lapsed, what is overdue.

Rows are those of the registers ``agreement`` and ``action`` (`Release.register`), as dictionaries. Nobody is
in them as a person. A day counts as inside an agreement on its first and on its last day.
"""

import calendar
import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.catalog.registers import CONFIDENTIAL_NAME

Row = dict[str, Any]
Day = datetime.date


def months_after(day: Day, months: int) -> Day:
    """Return the same day some months later; the last day of a month stays one.

    Examples
    --------
    >>> months_after(datetime.date(2025, 12, 31), 6), months_after(datetime.date(2025, 8, 15), 12)
    (datetime.date(2026, 6, 30), datetime.date(2026, 8, 15))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return datetime.date(year, month + 1, length if is_last else min(day.day, length))


def in_force(rows: Iterable[Row], day: Day) -> list[Row]:
    """Return the rows whose ``start_date`` and ``end_date`` hold a day; without an end they hold for good.

    Rows of confidential providers may have no days, and are then left out.
    """
    return [
        row
        for row in rows
        if row["start_date"] and row["start_date"] <= day and (row["end_date"] or day) >= day
    ]


def ending(rows: Iterable[Row], day: Day, months: int) -> list[Row]:
    """Return the rows in force that end within some months, the first to end first."""
    until = months_after(day, months)
    soon = [row for row in in_force(rows, day) if row["end_date"] and row["end_date"] <= until]
    return sorted(soon, key=lambda row: row["end_date"])


def lapsed(rows: Sequence[Row], day: Day) -> list[Row]:
    """Return agreements that ended and that nothing between the same two organisations followed.

    Of several in a row, the last; the longest ago first.
    """
    held = {_between(row) for row in in_force(rows, day)}
    last: dict[tuple[str, str, str], Row] = {}
    for row in sorted(rows, key=lambda one: one["end_date"] or day):
        if row["end_date"] and row["end_date"] < day and _between(row) not in held and not _is_any(row):
            last[_between(row)] = row
    return sorted(last.values(), key=lambda row: row["end_date"])


def _between(row: Row) -> tuple[str, str, str]:
    return row["kind"], row["from_name"], row["to_name"]


def _is_any(row: Row) -> bool:
    """Return whether an end is a confidential provider: which one is not told, so neither what followed."""
    return CONFIDENTIAL_NAME in (row["from_name"], row["to_name"])


def overdue(rows: Iterable[Row], day: Day) -> list[Row]:
    """Return actions past their due day and not done, with ``days_overdue``, the longest overdue first."""
    late = [
        row | {"days_overdue": (day - row["due_on"]).days}
        for row in rows
        if row["kind"] == "action" and row["due_on"] and row["due_on"] < day and not _is_done(row, day)
    ]
    return sorted(late, key=lambda row: -row["days_overdue"])


def _is_done(row: Row, day: Day) -> bool:
    return bool(row["closed_on"] and row["closed_on"] <= day)


@dataclass(frozen=True)
class Most:
    """The code that comes most often in some rows: how often, and among how many."""

    code: str
    found: int
    total: int


def most_often(rows: Sequence[Row], column: str) -> Most | None:
    """Return the most frequent code of a column when it makes up more than half of the rows, else None."""
    counted = Counter(row[column] for row in rows).most_common(1)
    if not counted or 2 * counted[0][1] <= len(rows):
        return None
    return Most(counted[0][0], counted[0][1], len(rows))
