"""What began, ran or ended, in one list: campaigns, agreements, laws, Safe Places, training.

From the registers of a release and from published figures that begin in some area. Each says which published
numbers could show that something changed, and what they can be set against.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis import periods
from analysis.topics.agreements import lapsed
from analysis.topics.laws import Provision

#: Kinds, in the order in which they are listed, with their words.
KINDS = {
    "campaign": "Campaign",
    "agreement_ended": "Agreement that ended",
    "agreement": "Agreement",
    "law": "Law",
    "safe_place": "Safe Places",
    "training": "Training",
}
#: The same of one and of several, inside a sentence.
ONE = {
    "campaign": "a campaign",
    "agreement_ended": "an agreement that ended",
    "agreement": "an agreement",
    "law": "a law",
    "safe_place": "Safe Places",
    "training": "a training course",
}
MANY = {
    "campaign": "campaigns",
    "agreement_ended": "agreements that ended",
    "agreement": "agreements",
    "law": "laws",
    "safe_place": "Safe Places",
    "training": "training",
}
BEFORE, AFTER, LASTING = 16, 8, 12
"""Quarters before it, after its end, and of what has no end, that are looked at."""
_MOSTLY = 0.5


# --- campaigns: which ran when, where, and what they cost ---


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


# --- all that began ---


@dataclass(frozen=True)
class Initiative:
    """One thing that began.

    Attributes
    ----------
    code, kind, name
        ``kind:…``, one of `KINDS`, and its name without what stands in brackets.
    area
        Where it was; empty for everywhere.
    start, end
        First and last day; no end where it lasts.
    measure, where
        The published numbers that could show it.
    by, own
        The dimension in which its numbers differ from those it is set against, and its own code there; both
        empty where it holds everywhere.
    """

    code: str
    kind: str
    name: str
    area: str
    start: datetime.date
    end: datetime.date | None
    measure: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    by: str = ""
    own: str = ""

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """Its filters as a question has them."""
        return dict(self.where)


@dataclass(frozen=True)
class Window:
    """The quarters that are looked at.

    Attributes
    ----------
    periods
        Their codes, oldest first.
    during
        Whether it ran in most of the quarter.
    is_part
        Whether it ran in a smaller part of it: such a quarter is neither.
    """

    periods: tuple[str, ...]
    during: tuple[bool, ...]
    is_part: tuple[bool, ...]


def window(one: Initiative, known: Sequence[str]) -> Window:
    """Return the quarters around an initiative.

    Parameters
    ----------
    one
        The initiative.
    known
        Codes of the quarters for which there are numbers, oldest first.
    """
    begins = _month(one.start) + (one.start.day > 15)
    ends = None if one.end is None else _month(one.end) - (one.end.day < 15)
    last = begins + 3 * LASTING if ends is None else ends + 3 * AFTER
    kept, during, part = [], [], []
    for code in known:
        span = periods.span_of(code)
        if span.last < begins - 3 * BEFORE or span.first > last:
            continue
        inside = min(span.last, span.last if ends is None else ends) - max(span.first, begins) + 1
        share = max(inside, 0) / (span.last - span.first + 1)
        kept.append(code)
        during.append(share > _MOSTLY)
        part.append(0 < share <= _MOSTLY)
    return Window(tuple(kept), tuple(during), tuple(part))


def initiatives(
    campaigns: Iterable[Campaign],
    agreements: Sequence[Mapping[str, Any]],
    laws: Iterable[Provision],
    receivers: Mapping[str, str],
    day: datetime.date,
) -> list[Initiative]:
    """Return what the registers of a release hold, by kind and then by day.

    Parameters
    ----------
    campaigns, agreements, laws
        Rows of the registers; laws that hold here.
    receivers
        Codes to names of organisations that receive referrals.
    day
        Day of the release.
    """
    found = [_campaign(one) for one in campaigns]
    found += _agreements(agreements, receivers, day)
    found += [
        Initiative(f"law:{one.name}", "law", _plain(one.name), "", one.day, None, "detected_persons")
        for one in laws
        if one.day is not None and one.status in ("in_force", "adopted") and one.day <= day
    ]
    return ordered(found)


def begun(kind: str, frame: pl.DataFrame, measure: str, names: Mapping[str, str]) -> list[Initiative]:
    """Return in which areas published figures begin: there were none in the years before, and elsewhere some.

    Parameters
    ----------
    kind
        ``safe_place`` or ``training``.
    frame
        By ``period`` (years) and ``area``; a number that is hidden is no beginning.
    measure
        The numbers that could show it.
    names
        Codes of areas to names.
    """
    found = []
    years = sorted(frame["period"].unique())
    for area in dict.fromkeys(frame["area"]):
        rows = {row["period"]: row for row in frame.filter(frame["area"] == area).iter_rows(named=True)}
        first = next((year for year in years if rows.get(year, {}).get("value")), None)
        before = [rows.get(year) for year in years if first is not None and year < first]
        if first is None or not before or any("c" in ((row or {}).get("marker") or "") for row in before):
            continue
        name = f"{KINDS[kind]} in {names.get(area, area)}"
        day = datetime.date(int(first), 1, 1)
        found.append(Initiative(f"{kind}:{area}", kind, name, area, day, None, measure, by="area", own=area))
    return ordered(found)


def ordered(found: Iterable[Initiative]) -> list[Initiative]:
    """Return initiatives by kind and day."""
    kinds = list(KINDS)
    return sorted(found, key=lambda one: (kinds.index(one.kind), one.start, one.code))


def at_once(one: Initiative, listed: Iterable[Initiative], shown: Window) -> frozenset[str]:
    """Return the areas in which something of the same kind ran meanwhile: no fair comparison."""
    months = [periods.span_of(code) for code, ran in zip(shown.periods, shown.during, strict=True) if ran]
    if not months:
        return frozenset()
    first, last = months[0].first, months[-1].last
    return frozenset(
        other.area
        for other in listed
        if other.code != one.code
        and other.kind == one.kind
        and _month(other.start) <= last
        and (other.end is None or _month(other.end) >= first)
    )


def _campaign(one: Campaign) -> Initiative:
    source = (("source", (one.contributor,)),) if one.contributor else ()
    given = (f"campaign:{one.code}", "campaign", one.plain_name, one.area, one.start, one.end)
    if one.area:
        return Initiative(*given, "detected_persons", source, "area", one.area)
    return Initiative(*given, "detected_persons", (), "source" if one.contributor else "", one.contributor)


def _agreements(
    rows: Sequence[Mapping[str, Any]], receivers: Mapping[str, str], day: datetime.date
) -> list[Initiative]:
    codes = {name: code for code, name in receivers.items()}
    dated = [
        dict(row) for row in rows if row["kind"] == "referral" and row["start_date"] and row["partnership"]
    ]
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(dated, key=lambda one: one["start_date"]):
        first.setdefault((row["from_name"], row["to_name"]), row)
    ended = [(row, row["end_date"] + datetime.timedelta(days=1)) for row in lapsed(dated, day)]
    both = [("agreement_ended", *one) for one in ended]
    both += [("agreement", row, row["start_date"]) for row in first.values()]
    return [
        Initiative(
            f"{kind}:{row['partnership']}",
            kind,
            f"{_plain(row['from_name'])} to {_plain(row['to_name'])}",
            "",
            start,
            None,
            "referrals_made",
            (("from_org_type", (row["from_org_type"],)),),
            "to_organisation",
            codes[row["to_name"]],
        )
        for kind, row, start in both
        if row["to_name"] in codes and row["from_org_type"]
    ]


def _plain(name: str) -> str:
    return name.split(" (", maxsplit=1)[0]
