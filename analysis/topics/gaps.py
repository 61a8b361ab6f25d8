"""Need and places: what a type of service lacks, from published numbers, each with its interval.

There is one gap: the people a year who go without, which are the needs not met (`Situation.unmet`). Of them
a place would help those for whom nothing was available (`Situation.wanting`).

A place takes as many people a year as stays fit into a year (its *turnover*: people who left, over people in
places). So people who go without and places can be compared. Intervals take the ends that lie
furthest apart: they hold wherever those of their parts hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis import periods
from analysis.answers.answer import Answer
from analysis.catalog.model import NOT_RECORDED

ANYONE = "anyone"
EVERYONE = ""
"""The group of a type of service whose places are not kept for groups."""
FULL_AT = 0.9
"""Occupancy from which a service counts as full: between two stays a bed is made and a room is found."""
MONTHS_A_YEAR = 12
DAYS_A_YEAR = 365

Key = tuple[str, ...]


@dataclass(frozen=True)
class Estimate:
    """A number with the ends of its 95 % interval."""

    value: float
    lower: float
    upper: float

    def __add__(self, other: "Estimate") -> "Estimate":
        return Estimate(self.value + other.value, self.lower + other.lower, self.upper + other.upper)

    def less(self, other: "Estimate") -> "Estimate":
        """Return the difference."""
        return Estimate(self.value - other.value, self.lower - other.upper, self.upper - other.lower)

    def times(self, other: "Estimate | float") -> "Estimate":
        """Return the product; both at least 0."""
        by = exactly(other) if isinstance(other, int | float) else other
        return Estimate(self.value * by.value, self.lower * by.lower, self.upper * by.upper)

    def over(self, other: "Estimate | float") -> "Estimate | None":
        """Return the quotient, or None where the divisor may be 0."""
        by = exactly(other) if isinstance(other, int | float) else other
        if by.lower <= 0:
            return None
        return Estimate(self.value / by.value, self.lower / by.upper, self.upper / by.lower)

    def at_least(self, floor: float) -> "Estimate":
        """Return it with nothing below a floor."""
        return Estimate(max(self.value, floor), max(self.lower, floor), max(self.upper, floor))

    def at_most(self, ceiling: "Estimate | float") -> "Estimate":
        """Return it with nothing above a ceiling, end by end."""
        by = exactly(ceiling) if isinstance(ceiling, int | float) else ceiling
        return Estimate(min(self.value, by.value), min(self.lower, by.lower), min(self.upper, by.upper))


def exactly(value: float) -> Estimate:
    """Return a number that is known exactly."""
    return Estimate(float(value), float(value), float(value))


@dataclass(frozen=True)
class Situation:
    """One type of service for one group: need, places, and how people move through them; people a year.

    Attributes
    ----------
    service_type, group
        Codes; `group` is `EVERYONE` where places are not kept for groups.
    need, unmet
        Needs with a known outcome, and those not met.
    no_place
        Share (0–1) of the reasons for which a place would help: nothing was available; None where it is not
        shown, and then nothing can be said about more places.
    places
        Places at the end of the period.
    in_use, waiting
        People in places and people waiting, on average.
    left
        People who left a place.
    is_estimated
        Whether it was scaled to an area by that area's part in the needs.
    """

    service_type: str
    group: str
    need: Estimate
    unmet: Estimate
    no_place: Estimate | None
    places: float
    in_use: Estimate
    left: Estimate
    waiting: Estimate | None
    is_estimated: bool = False

    @property
    def turnover(self) -> Estimate:
        """People whom one place takes in a year."""
        return self.left.over(self.in_use) or exactly(0)

    @property
    def free(self) -> float:
        """Places that stand free beyond the usual: up to `FULL_AT` of all."""
        return max(0.0, FULL_AT * self.places - self.in_use.value)

    @property
    def wanting(self) -> Estimate:
        """People whom a place would help: not met because nothing was available, less those the free places
        could take."""
        lacking = self.unmet.times(self.no_place or exactly(0))
        filled = self.turnover.value * self.free
        return lacking.less(exactly(filled)).at_least(0).at_most(lacking)

    @property
    def wait_days(self) -> float | None:
        """Days to wait, at the rate at which places become free; None where it is not known."""
        if self.waiting is None or self.left.value <= 0:
            return None
        return self.waiting.value / self.left.value * DAYS_A_YEAR

    @property
    def can_be_asked(self) -> bool:
        """Whether enough is shown to say what more places would bring."""
        return self.no_place is not None and self.turnover.value > 0


@dataclass(frozen=True)
class Asked:
    """The answers that situations are made of: by service type, and by service type and group.

    Each field holds two answers: (by ``service_type``, by ``service_type`` and ``eligibility``).
    """

    need: tuple[Answer, Answer]
    unmet: tuple[Answer, Answer]
    no_place: tuple[Answer, Answer]
    places: tuple[Answer, Answer]
    in_use: tuple[Answer, Answer]
    left: tuple[Answer, Answer]
    waiting: tuple[Answer, Answer]

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "Asked":
        """Return them from answers in the order of the fields, the two of a field side by side."""
        pairs = [(answers[n], answers[n + 1]) for n in range(0, len(answers), 2)]
        return cls(*pairs)


def cells(answer: Answer, *, complete: bool = False) -> dict[Key, Estimate]:
    """Return what an answer shows, by its codes; a number without an interval is exact.

    Parameters
    ----------
    answer
        Any answer.
    complete
        Whether sums with parts that are not shown are left out.
    """
    found: dict[Key, Estimate] = {}
    for row in answer.frame.iter_rows(named=True):
        is_partial = row["cells_shown"] < row["cells_total"]
        if row["value"] is not None and not (complete and is_partial):
            found[tuple(row[name] for name in answer.question.by)] = _estimate(row)
    return found


def _estimate(row: Mapping[str, Any]) -> Estimate:
    value = float(row["value"])
    lower, upper = (value if row[end] is None else float(row[end]) for end in ("lower", "upper"))
    return Estimate(value, min(lower, value), max(upper, value))


def situations(asked: Asked, years: float) -> list[Situation]:
    """Return one situation for each type of service and, where places are kept for groups, each group.

    A type or group of which a needed number is not shown is left out.

    Parameters
    ----------
    asked
        Answers over one period.
    years
        Length of that period.
    """
    by_type, by_group = ({name: cells(pair[n]) for name, pair in vars(asked).items()} for n in (0, 1))
    kept_for_groups = {
        kind for (kind, group), places in by_group["places"].items() if group != ANYONE and places.value > 0
    }
    found = []
    for (kind,) in by_type["places"]:
        if kind in kept_for_groups:
            keys: Iterable[Key] = (key for key in by_group["places"] if key[0] == kind)
            found += [_situation(by_group, key, years) for key in keys]
        else:
            found.append(_situation(by_type, (kind,), years))
    return [one for one in found if one]


def _situation(table: Mapping[str, Mapping[Key, Estimate]], key: Key, years: float) -> Situation | None:
    needed = ("need", "unmet", "places", "in_use", "left")
    if any(key not in table[name] for name in needed):
        return None
    got = {name: table[name][key] for name in needed}
    waiting, no_place = table["waiting"].get(key), table["no_place"].get(key)
    months = MONTHS_A_YEAR * years
    return Situation(
        service_type=key[0],
        group=key[1] if len(key) > 1 else EVERYONE,
        need=got["need"].times(1 / years),
        unmet=got["unmet"].times(1 / years),
        no_place=no_place.times(0.01) if no_place else None,
        places=got["places"].value,
        in_use=got["in_use"].times(1 / months),
        left=got["left"].times(1 / years),
        waiting=waiting.times(1 / months) if waiting else None,
    )


def in_area(one: Situation, need_part: Estimate, unmet_part: Estimate) -> Situation:
    """Return a situation scaled to an area.

    Parameters
    ----------
    one
        Of the whole region.
    need_part, unmet_part
        The area's part (0–1) in the region's needs of this type, and in those not met. Places and the people
        in them are taken to be spread as the needs are.
    """
    part = exactly(need_part.value)
    return replace(
        one,
        need=one.need.times(need_part),
        unmet=one.unmet.times(unmet_part),
        places=one.places * part.value,
        in_use=one.in_use.times(part),
        left=one.left.times(part),
        waiting=one.waiting.times(part) if one.waiting else None,
        is_estimated=True,
    )


def part_of(some: Estimate, whole: Estimate) -> Estimate:
    """Return the part (0–1) that some are of a whole."""
    return (some.over(whole) or exactly(0)).at_most(1.0)


@dataclass(frozen=True)
class InArea:
    """The situation of one area; None where too few of its needs are shown.

    Places and people in them are an allocation always. `is_published` tells whether the people who go
    without are not: they are published by area and type of service, but never by group as well.
    """

    area: str
    situation: Situation | None
    is_published: bool = False


def by_areas(
    whole: Situation, needs: tuple[Answer, Answer], unmet: tuple[Answer, Answer], years: float
) -> tuple[InArea, ...]:
    """Return a situation for each area, in the order of the code list.

    Parameters
    ----------
    whole
        Of the whole region.
    needs, unmet
        Needs, and those not met: by ``service_type`` and ``area``, and by ``service_type`` alone.
    years
        Length of their period.
    """
    kind = whole.service_type
    areas = [area for area in dict.fromkeys(needs[0].frame["area"]) if area != NOT_RECORDED]
    # Needs only allocate places, so a sum of a part will do; people who go without must be whole.
    shown = [(cells(needs[0]), cells(needs[1])), (cells(unmet[0], complete=True), cells(unmet[1]))]
    found = []
    for area in areas:
        if not all((kind, area) in some and (kind,) in every for some, every in shown):
            found.append(InArea(area, None))
            continue
        need_part, unmet_part = (part_of(some[kind, area], every[(kind,)]) for some, every in shown)
        situation = in_area(whole, need_part, unmet_part)
        is_published = whole.group == EVERYONE
        if is_published:
            situation = replace(situation, unmet=shown[1][0][kind, area].times(1 / years))
        found.append(InArea(area, situation, is_published))
    return tuple(found)


@dataclass(frozen=True)
class Window:
    """The months a page of gaps looks at; `years` is their length."""

    periods: tuple[str, str]
    years: float
    is_chosen: bool


def window(first: str, last: str, chosen: tuple[str, str] | None, most_years: int = 3) -> Window | None:
    """Return the newest whole years of what is covered, or what was chosen of it.

    Parameters
    ----------
    first, last
        First period and last month covered.
    chosen
        What the reader chose; None: the newest `most_years` whole years, or all where there is no whole one.

    Returns
    -------
    Window, or None where nothing of what was chosen is covered

    Examples
    --------
    >>> window("2016", "2025-12", None).periods
    ('2023', '2025')
    >>> window("2016", "2025-06", ("2025", "2026")).years
    0.5
    """
    low, high = periods.span_of(first).first, periods.span_of(last).last
    if chosen:
        low = max(low, periods.span_of(chosen[0]).first)
        high = min(high, periods.span_of(chosen[1]).last)
        if low > high:
            return None
        return Window(chosen, (high - low + 1) / MONTHS_A_YEAR, is_chosen=True)
    whole = periods.periods_inside(periods.Span(low, high), "year")[-most_years:]
    if whole:
        return Window((whole[0], whole[-1]), float(len(whole)), is_chosen=False)
    codes = periods.code_of(low, "month"), periods.code_of(high, "month")
    return Window(codes, (high - low + 1) / MONTHS_A_YEAR, is_chosen=False)
