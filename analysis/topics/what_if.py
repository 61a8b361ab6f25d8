"""What would follow if places were added or a site opened; and the smallest changes that help most.

A simple model, on published numbers. An added place takes as many people a year as the places of its kind do
now. It helps only people who were not served because nothing was available, after the places that stand free
are filled. Nothing is lost on the way: **places added = places used + places idle**, and people served more +
people still not served = people not served before.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.statistics.access import floating_catchment, gaussian_weights, great_circle, travel_minutes
from analysis.statistics.segregation import taken as places_taken
from analysis.topics.gaps import DAYS_A_YEAR, Estimate, Situation

MOST_PLACES = 500
LEAST_GAP = 10.0
"""People a year below which a gap is not worth a line: a number of that size lies within the protection."""


@dataclass(frozen=True)
class Outcome:
    """A situation before and after a change; people a year.

    Attributes
    ----------
    change
        Places added, or taken away below 0.
    used, idle
        Parts of the change: places that would be filled (or that were), and places that would stand free (or
        that did). ``used + idle == abs(change)``.
    unserved_before, unserved_after
        People not served.
    wait_before, wait_after
        Days; None where it is not known, or would have no end.
    wait_span_before, wait_span_after
        The same with their intervals; None where a bound would have no end.
    helped
        People served more in a year; below 0: fewer.
    """

    change: int
    used: float
    idle: float
    helped: Estimate
    unserved_before: Estimate
    unserved_after: Estimate
    wait_before: float | None
    wait_after: float | None
    wait_span_before: Estimate | None = None
    wait_span_after: Estimate | None = None


def apply(one: Situation, change: int) -> Outcome:
    """Return what follows from adding places (or taking some away, below 0).

    Examples
    --------
    >>> from analysis.topics.gaps import exactly as e
    >>> beds = Situation("housing", "men", e(200), e(100), e(0.8), 20, e(20), e(80), e(10))
    >>> done = apply(beds, 30)
    >>> done.used, done.idle, done.helped.value, done.unserved_after.value
    (20.0, 10.0, 80.0, 20.0)
    """
    turnover = one.turnover
    if change >= 0:
        helped = turnover.times(change).at_most(one.wanting)
        used = float(places_taken(change, one.wanting.value, turnover.value).used)
    else:
        used = max(0.0, -change - max(0.0, one.places - one.in_use.value))
        used = min(used, one.in_use.value)
        lost = turnover.times(used)
        helped = Estimate(-lost.value, -lost.upper, -lost.lower)
    leaving = one.left.value + turnover.value * (used if change >= 0 else -used)
    waiting = one.waiting.value if one.waiting else None
    taken = turnover.times(used)
    left_after = one.left + taken if change >= 0 else one.left.less(taken)
    return Outcome(
        change=change,
        used=used,
        idle=abs(change) - used,
        helped=helped,
        unserved_before=one.unmet,
        unserved_after=_after(one.unmet, helped),
        wait_before=one.wait_days,
        wait_after=DAYS_A_YEAR * waiting / leaving if waiting is not None and leaving > 0 else None,
        wait_span_before=_wait(one.waiting, one.left),
        wait_span_after=_wait(one.waiting, left_after),
    )


def in_whole_people(one: Outcome) -> Outcome:
    """Return an outcome in whole people that add up: served more + still without = without before."""
    before, helped = (float(round(each.value)) for each in (one.unserved_before, one.helped))
    after = max(before - helped, 0.0)
    return replace(
        one,
        unserved_before=replace(one.unserved_before, value=before),
        helped=replace(one.helped, value=helped),
        unserved_after=replace(one.unserved_after, value=after),
    )


def _wait(waiting: Estimate | None, left: Estimate) -> Estimate | None:
    rate = waiting.over(left) if waiting else None
    return rate.times(float(DAYS_A_YEAR)) if rate else None


def _after(unmet: Estimate, helped: Estimate) -> Estimate:
    """Return who is still not served: the ends of the unmet need, less what is helped at the same end.

    What a place helps is bounded by the unmet need at either end, so the ends belong together; never below 0.
    """
    ends = sorted((unmet.lower - helped.lower, unmet.upper - helped.upper, unmet.value - helped.value))
    low = min(ends[0], unmet.lower - helped.value)
    high = max(ends[-1], unmet.upper - helped.lower)
    return Estimate(unmet.value - helped.value, low, high).at_least(0)


@dataclass(frozen=True)
class Option:
    """The places that would help all whom a place would help, what they bring, and who still goes without.

    `band` numbers the options from the most people served per place; those in one band cannot be told apart.
    """

    situation: Situation
    places: int
    helped: Estimate
    still: Estimate
    per_place: Estimate
    band: int = 0


def smallest_changes(every: Sequence[Situation]) -> list[Option]:
    """Return for each situation the fewest places that would help all whom a place would help.

    Parameters
    ----------
    every
        Situations of one area, in the order of the code lists, which stays.

    Returns
    -------
    list of Option
        Without those whose gap is too small to be told from none, and those that free places would close.
    """
    return [option for one in every if (option := _option(one))]


def _option(one: Situation) -> Option | None:
    turnover, wanting = one.turnover, one.wanting
    if not one.can_be_asked or wanting.value < LEAST_GAP:
        return None
    places = math.ceil(wanting.value / turnover.value)
    exact = apply(one, places)
    outcome, per_place = in_whole_people(exact), exact.helped.over(places)
    return Option(one, places, outcome.helped, outcome.unserved_after, per_place) if per_place else None


@dataclass(frozen=True)
class Site:
    """What a new site would bring.

    Attributes
    ----------
    residents, within
        Residents of the region, and those who live within the minutes of the new site.
    minutes
        The minutes.
    gained
        Places within reach per 100,000 residents that each area would gain, by code: enhanced floating
        catchment, which adds up over sites.
    people
        Residents of these areas, by code.
    near
        Those that lie within the minutes of the site.
    """

    residents: float
    within: float
    minutes: float
    gained: dict[str, float]
    people: Mapping[str, float] = field(default_factory=dict)
    near: frozenset[str] = frozenset()

    def part_near(self, codes: Collection[str]) -> float:
        """Return the percentage of the residents of some areas who live within the minutes of the site."""
        everyone = self._sum(codes)
        return 100 * self._sum(set(codes) & self.near) / everyone if everyone else 0.0

    def gain(self, codes: Collection[str]) -> float:
        """Return the places within reach per 100,000 residents that some areas gain together."""
        everyone = self._sum(codes)
        gained = sum(self.people[code] * self.gained[code] for code in codes if code in self.people)
        return gained / everyone if everyone else 0.0

    def _sum(self, codes: Collection[str]) -> float:
        return sum(self.people.get(code, 0.0) for code in codes)


def reach_then(now: float, newly: float) -> Estimate:
    """Return the percentage of residents within reach once a site opens; all are percentages.

    Who lives near the new site may be within reach already: then is at least the larger of the two, at most
    their sum. The value is the middle of these bounds.

    Examples
    --------
    >>> reach_then(60, 30)
    Estimate(value=75.0, lower=60, upper=90)
    """
    lower, upper = max(now, newly), min(100.0, now + newly)
    return Estimate((lower + upper) / 2, lower, upper)


def access_then(now: float, places: float, change: int) -> float | None:
    """Return places within reach once places are added to the sites there are, each in proportion.

    A floating catchment is proportional to the places of its sites. None without any place to share in.

    Examples
    --------
    >>> access_then(6.0, 40, 10)
    7.5
    """
    return max(0.0, now * (1 + change / places)) if places > 0 else None


@dataclass(frozen=True)
class Centre:
    """The middle of an area, and whether it lies in the country."""

    lon: float
    lat: float
    is_rural: bool = False


def open_site(
    centres: Mapping[str, Centre],
    residents: Mapping[str, float],
    spot: Centre,
    places: int,
    minutes: float = 30.0,
) -> Site | None:
    """Return what a site at a spot would bring.

    Parameters
    ----------
    centres
        Centres of the areas of the finest level, by code.
    residents
        Residents of these areas, by code.
    spot
        Where the site opens: the centre of an area, so that no true site is needed or given away.
    places
        How many places it has.
    minutes
        What counts as within reach.

    Returns
    -------
    Site, or None where nobody's centre is known
    """
    parts = [code for code in residents if code in centres]
    if not parts:
        return None
    lon, lat = np.array([(centres[code].lon, centres[code].lat) for code in parts]).T
    people = np.array([residents[code] for code in parts], dtype=float)
    straight = great_circle(lon, lat, [spot.lon], [spot.lat])
    took = travel_minutes(straight, [centres[code].is_rural for code in parts])
    reached = floating_catchment(gaussian_weights(took), people, [float(places)])
    return Site(
        residents=float(people.sum()),
        within=float(people[took[:, 0] <= minutes].sum()),
        minutes=minutes,
        gained={code: float(100_000 * one) for code, one in zip(parts, reached, strict=True)},
        people={code: residents[code] for code in parts},
        near=frozenset(code for code, one in zip(parts, took[:, 0], strict=True) if one <= minutes),
    )
