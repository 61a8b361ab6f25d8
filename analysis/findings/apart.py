"""Which categories lie apart from the others, and how each moved over the whole time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.findings.movement import Movement, Point
from analysis.statistics.change import Figures, change_between

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Apart:
    """One category whose interval lies below those of all others, and the range of the others."""

    code: str
    row: Row
    lowest_other: float
    highest_other: float


def lies_below(rows: Iterable[Row], column: str) -> Apart | None:
    """Return the category that lies below every other by more than chance, else None.

    Parameters
    ----------
    rows
        Of an answer by `column`, with limits; rows that are not shown are left out.
    column
        The dimension.
    """
    shown = [row for row in rows if row["value"] is not None and row["lower"] is not None]
    if len(shown) < 2:
        return None
    low, *others = sorted(shown, key=lambda row: row["value"])
    if low["upper"] >= min(row["lower"] for row in others):
        return None
    values = [row["value"] for row in others]
    return Apart(low[column], low, min(values), max(values))


@dataclass(frozen=True)
class Step:
    """One category's first and newest value."""

    code: str
    first_period: str
    first: float
    last_period: str
    last: float


def steps(rows: Iterable[Row], column: str) -> list[Step]:
    """Return the first and the newest shown value of each category of an answer by period and `column`."""
    by_code: dict[str, list[Row]] = {}
    for row in rows:
        if row["value"] is not None:
            by_code.setdefault(row[column], []).append(row)
    found = []
    for code, mine in by_code.items():
        mine.sort(key=lambda row: row["period"])
        if len(mine) > 1:
            first, last = mine[0], mine[-1]
            found.append(Step(code, first["period"], first["value"], last["period"], last["value"]))
    return found


def across(rows: Sequence[Row], before: str, after: str, smallest: float) -> Movement | None:
    """Return how a count by period moved between two periods, such as those around the end of an agreement.

    Parameters
    ----------
    rows
        Of an answer by period, with limits.
    before, after
        Codes of the two periods.
    smallest
        A difference that may come from the protection alone.

    Returns
    -------
    Movement or None
        None where either is not shown.
    """
    found = {row["period"]: row for row in rows if row["value"] is not None and row["lower"] is not None}
    if before not in found or after not in found:
        return None
    ends = (before, after)
    points = [
        Point(code, row["value"], row["lower"], row["upper"], row["marker"])
        for code, row in ((code, found[code]) for code in ends)
    ]
    earlier, later = points
    first, second = (Figures(*(found[code][key] for key in ("value", "lower", "upper"))) for code in ends)
    return Movement.of(earlier, later, change_between(first, second, smallest))
