"""Public money ahead: what is in force, what ends within a year, what nothing follows.

From the register of awards. Amounts are in the prices of the day; each award is spread evenly over the days
it pays for, both ends counted.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.periods import code_of, span_of
from analysis.topics.agreements import in_force, months_after
from analysis.topics.network import Concentration, concentration

Row = dict[str, Any]
Day = datetime.date
DAYS_A_YEAR = 365.25
MONTHS_AHEAD = 12
#: A funder of whom the register has no name, as a sentence says it.
UNNAMED = "a funder not named"


def a_year(award: Row) -> float:
    """Return the money of an award for a year."""
    days = (award["end_date"] - award["start_date"]).days + 1
    return float((award["amount"] or 0.0) / days * DAYS_A_YEAR)


@dataclass(frozen=True)
class Cliff:
    """Public money in force on a day, and what of it ends within twelve months with nothing that follows.

    Attributes
    ----------
    group
        What the money is for, or the kind of help.
    active, ends
        Money a year in force; of it, the part that ends and that nothing follows.
    funder, funder_share
        The funder with the most money in force in the group, and its share of it.
    """

    group: str
    active: float
    ends: float
    funder: str
    funder_share: float

    @property
    def share(self) -> float:
        """Share of the money in force that ends."""
        return self.ends / self.active if self.active else 0.0


def with_funders(awards: Iterable[Row]) -> list[Row]:
    """Return awards of which each says a funder: `UNNAMED` where the register has no name."""
    return [award | {"funder": award["funder"] or UNNAMED} for award in awards]


def followed(award: Row, awards: Iterable[Row]) -> bool:
    """Return whether the same recipient has another award for the same, known today, that goes on for longer.

    It must begin before this one has been over for a month. Two funders without a name may be two.
    """
    latest = award["end_date"] + datetime.timedelta(days=31)
    return any(
        other is not award
        and other["recipient_name"] == award["recipient_name"]
        and (other["purpose"], other["service_type"]) == (award["purpose"], award["service_type"])
        and other["funder"] == award["funder"] != UNNAMED
        and other["start_date"] <= latest
        and other["end_date"] > award["end_date"]
        for other in filter(_is_dated, awards)
    )


def stops(awards: Sequence[Row], day: Day) -> list[Row]:
    """Return the awards that end within twelve months and that nothing follows, the largest first.

    Each row gets ``a_year`` and ``other_funders``: funders with money in force for the same kind of help (or,
    where it pays for none, purpose) beyond the end of this award.
    """
    until = months_after(day, MONTHS_AHEAD)
    found = []
    for award in in_force(awards, day):
        if award["end_date"] > until or followed(award, awards):
            continue
        others = {
            other["funder"]
            for other in filter(_is_dated, awards)
            if other is not award
            and (other["funder"] != award["funder"] or other["funder"] == UNNAMED)
            and _for_what(other) == _for_what(award)
            and other["start_date"] <= award["end_date"] < other["end_date"]
        }
        found.append(award | {"a_year": a_year(award), "other_funders": len(others)})
    return sorted(found, key=lambda row: -row["a_year"])


def _is_dated(award: Row) -> bool:
    """Return whether an award has its days; those of confidential providers may have none."""
    return award["start_date"] is not None


def _for_what(award: Row) -> tuple[str, str]:
    service = award["service_type"] or "not_recorded"
    return ("service", service) if service != "not_recorded" else ("purpose", award["purpose"])


def cliffs(awards: Sequence[Row], day: Day, column: str) -> list[Cliff]:
    """Return the money in force and ending by a column, the group with most money ending first.

    Parameters
    ----------
    awards, day
        The register, and the day of looking.
    column
        ``purpose`` or ``service_type``.
    """
    ends = stops(awards, day)
    found = []
    active = in_force(awards, day)
    for group in dict.fromkeys(row[column] for row in active):
        by_funder: dict[str, float] = {}
        for row in active:
            if row[column] == group:
                by_funder[row["funder"]] = by_funder.get(row["funder"], 0.0) + a_year(row)
        total = sum(by_funder.values())
        if not total:
            continue
        largest = max(by_funder, key=lambda name: by_funder[name])
        lost = sum(row["a_year"] for row in ends if row[column] == group)
        found.append(Cliff(group, total, lost, largest, by_funder[largest] / total))
    return sorted(found, key=lambda one: -one.ends)


@dataclass(frozen=True)
class Funder:
    """A public funder on a day: its money a year in force, its share of all, its awards, its kind."""

    name: str
    a_year: float
    share: float
    awards: int
    kind: str


def funders(awards: Sequence[Row], day: Day) -> list[Funder]:
    """Return who pays the public money in force on a day, the largest first."""
    by_name: dict[str, list[Row]] = {}
    for row in in_force(awards, day):
        by_name.setdefault(row["funder"], []).append(row)
    sums = {name: sum(map(a_year, rows)) for name, rows in by_name.items()}
    total = sum(sums.values())
    if not total:
        return []
    found = [
        Funder(name, sums[name], sums[name] / total, len(rows), rows[0]["funder_kind"])
        for name, rows in by_name.items()
    ]
    return sorted(found, key=lambda one: -one.a_year)


def concentration_of_funders(awards: Sequence[Row], day: Day) -> Concentration | None:
    """Return how concentrated the public money in force is over its funders."""
    parts: dict[str, float | None] = {}
    for row in in_force(awards, day):
        parts[row["funder"]] = (parts.get(row["funder"]) or 0.0) + a_year(row)
    return concentration(parts)


@dataclass(frozen=True)
class Quarter:
    """The public money of one quarter by purpose; `is_ahead` where it lies after the day of looking."""

    period: str
    first: Day
    is_ahead: bool
    money: dict[str, float]


def by_quarter(awards: Sequence[Row], day: Day, *, before: int = 12, after: int = 8) -> list[Quarter]:
    """Return the money of the quarters around a day, as the awards known today have it.

    Parameters
    ----------
    before, after
        How many quarters up to the one that holds the day, and after it.
    """
    here = (day.year * 12 + day.month - 1) // 3
    found = []
    for number in range(here - before + 1, here + after + 1):
        period = code_of(3 * number, "quarter")
        span = span_of(period)
        first = datetime.date(span.first // 12, span.first % 12 + 1, 1)
        last = months_after(first, 3) - datetime.timedelta(days=1)
        money: dict[str, float] = {}
        for award in filter(_is_dated, awards):
            inside = (min(last, award["end_date"]) - max(first, award["start_date"])).days + 1
            if inside > 0:
                part = a_year(award) / DAYS_A_YEAR * inside
                money[award["purpose"]] = money.get(award["purpose"], 0.0) + part
        found.append(Quarter(period, first, first > day, money))
    return found
