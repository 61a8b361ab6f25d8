"""Campaigns: which ran when, where, and what they cost."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import polars as pl

from analysis import periods


@dataclass(frozen=True)
class Campaign:
    """One row of the register of campaigns; `area` is empty for the whole region."""

    code: str
    name: str
    theme: str
    area: str
    start: datetime.date
    end: datetime.date | None
    cost: float | None
    contributor: str
    events: int
    people_reached: int
    media_audience: int

    @property
    def plain_name(self) -> str:
        """The name without what stands in brackets behind it."""
        return self.name.split(" (")[0]


def campaigns(register: pl.DataFrame) -> list[Campaign]:
    """Return the rows of the register ``campaign``, by their first day."""
    if register.is_empty():
        return []
    found = [
        Campaign(
            row["campaign"],
            row["name"],
            row["theme"],
            row["area_code"] or "",
            row["start_date"],
            row["end_date"],
            row["cost"],
            row["contributor"] or "",
            row["events"] or 0,
            row["people_reached"] or 0,
            row["media_audience"] or 0,
        )
        for row in register.iter_rows(named=True)
    ]
    return sorted(found, key=lambda one: (one.start, one.code))


def running(listed: Iterable[Campaign], span: periods.Span | None, areas: Collection[str]) -> list[Campaign]:
    """Return the campaigns that ran in some month of a span, for one of some areas or for the whole region.

    Parameters
    ----------
    span
        None: at any time.
    areas
        Empty: anywhere.
    """
    return [
        one
        for one in listed
        if (not areas or not one.area or one.area in areas)
        and (
            span is None
            or (_month(one.start) <= span.last and (one.end is None or _month(one.end) >= span.first))
        )
    ]


def total_cost(listed: Iterable[Campaign]) -> float:
    """Return the cost of all campaigns whose cost is known."""
    return float(sum(one.cost for one in listed if one.cost is not None))


def _month(day: datetime.date) -> int:
    return 12 * day.year + day.month - 1
