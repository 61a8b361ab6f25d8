"""The pathway of referrals: steps reached, flows between them, hand-offs that stopped.

All from published cells: a step is the sum of the shown ends that lie at or beyond it, so steps and flows add
up among themselves; the total that is published by itself need not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from analysis.words import LARGEST_SHARE, percent_text

Row = dict[str, Any]
#: Each step and the ends (codes of ``stage``) of those who got at least that far.
STEPS: Mapping[str, tuple[str, ...]] = {
    "accepted": ("accepted", "contacted", "in_service", "left_service", "stable_outcome"),
    "first_contact": ("contacted", "in_service", "left_service", "stable_outcome"),
    "first_service": ("in_service", "left_service", "stable_outcome"),
    "stable_outcome": ("stable_outcome",),
}
#: Ends that leave the pathway at each step (or have not gone on yet), and the steps they leave.
LEAVES: Mapping[str, tuple[str, ...]] = {
    "made": ("declined", "withdrawn", "waiting", "not_recorded"),
    "accepted": ("accepted",),
    "first_contact": ("contacted",),
    "first_service": ("in_service", "left_service"),
}
SERVED = ("in_service", "left_service", "stable_outcome")


@dataclass(frozen=True)
class Flow:
    """So many referrals went from one place of the pathway to the next."""

    origin: str
    target: str
    value: float


@dataclass(frozen=True)
class Stopped:
    """A hand-off that was well above the smallest number shown and then fell below it for good.

    Attributes
    ----------
    sender, receiver
        Kind of organisation that referred, and the organisation that was asked.
    before
        Average a year over the years in which it was usual.
    years
        These years, first and last.
    last_shown
        Last period in which it can be shown.
    last_value
        Its number in that period.
    """

    sender: str
    receiver: str
    before: float
    years: tuple[str, str]
    last_shown: str
    last_value: float

    @property
    def stopped_in(self) -> str:
        """The year in which it stopped: the last one shown where it had already fallen by half."""
        fell = self.last_value < self.before / 2
        return self.last_shown if fell else str(int(self.last_shown) + 1)


def flows(ends: Mapping[str, float]) -> list[Flow]:
    """Return the flows of a Sankey diagram from the ends that can be shown.

    Parameters
    ----------
    ends
        Codes of ``stage`` to published numbers; a hidden end is missing.
    """
    order = ("made", *STEPS)
    found = []
    for step, following in pairwise(order):
        on = sum(ends.get(code, 0.0) for code in STEPS[following])
        found += [Flow(step, following, on)] if on else []
        found += [Flow(step, f"end_{code}", ends[code]) for code in LEAVES[step] if ends.get(code)]
    return found


def step_share(value: float, before: float) -> str:
    """Return a share of two published numbers in whole per cent, capped as every share is."""
    percent = 100 * value / before
    return f"≥ {LARGEST_SHARE:.0f}%" if percent >= LARGEST_SHARE else percent_text(percent)


def is_recorded(rows: Iterable[Row], name: str, codes: Iterable[str]) -> bool:
    """Return whether any of some codes of a dimension has a number that is shown."""
    wanted = set(codes)
    return any(row["value"] is not None and row[name] in wanted for row in rows)


def lacks_services(rows: Iterable[Row], many: float = 50) -> bool:
    """Return whether `many` referrals were accepted and not one served: then nobody recorded services.

    Parameters
    ----------
    rows
        Rows by ``stage``. Numbers that are not shown may be small, so few referrals prove nothing.
    many
        Fewest accepted referrals without a service.
    """
    ends = {row["stage"]: row["value"] for row in rows if row["value"] is not None}
    accepted = sum(ends.get(code, 0.0) for code in STEPS["accepted"] if code not in SERVED)
    return accepted >= many and not set(ends) & set(SERVED)


def stopped_hand_offs(
    rows: Iterable[Row], senders: Iterable[Row], *, usual: float, years_before: int = 3, silent_years: int = 2
) -> list[Stopped]:
    """Return the hand-offs that stopped while their sender went on referring.

    Parameters
    ----------
    rows
        Yearly numbers by ``period``, ``from_org_type`` and ``to_organisation``.
    senders
        Yearly numbers by ``period`` and ``from_org_type``: one who stopped reporting stopped no hand-off.
    usual
        Smallest yearly average that counts as well above what is hidden.
    years_before, silent_years
        Fewest years shown before, and fewest newest complete years not shown since.

    Returns
    -------
    list of Stopped, the largest first
        A yearly number that is not shown is fewer than the threshold, or none. Vague receivers and senders
        are left out.
    """
    series: dict[tuple[str, str], dict[str, float | None]] = {}
    complete: set[str] = set()
    for row in rows:
        if "p" not in row["marker"]:
            complete.add(row["period"])
        pair = (row["from_org_type"], row["to_organisation"])
        series.setdefault(pair, {})[row["period"]] = row["value"]
    totals = {(row["from_org_type"], row["period"]): row["value"] for row in senders}
    found = []
    for (sender, receiver), values in series.items():
        if {sender, receiver} & {"not_recorded", "unlisted"}:
            continue
        one = _stopped(
            (sender, receiver),
            values,
            sorted(complete),
            years_before=years_before,
            silent_years=silent_years,
        )
        if one and one.before >= usual and _goes_on(sender, one, totals, sorted(complete)):
            found.append(one)
    return sorted(found, key=lambda one: -one.before)


def _stopped(
    pair: tuple[str, str],
    values: Mapping[str, float | None],
    complete: Sequence[str],
    *,
    years_before: int,
    silent_years: int,
) -> Stopped | None:
    shown = [(year, value) for year, value in values.items() if value is not None]
    if not shown or not complete:
        return None
    last, last_value = max(shown)
    since = [year for year in complete if year > last]
    if len(since) < silent_years or any(year > last for year, _ in shown):
        return None
    earlier = sorted(shown)
    usual = [value for _, value in earlier[:-1]] or [last_value]
    if last_value < sum(usual) / len(usual) / 2:
        earlier = earlier[:-1]
    kept = earlier[-years_before:]
    if len(kept) < years_before:
        return None
    before = sum(value for _, value in kept) / len(kept)
    return Stopped(*pair, before, (kept[0][0], kept[-1][0]), last, last_value)


def _goes_on(
    sender: str,
    one: Stopped,
    totals: Mapping[tuple[str, str], float | None],
    complete: Sequence[str],
) -> bool:
    """Return whether the sender made at least half as many referrals after as before."""

    def average(years: Iterable[str]) -> float:
        known = [totals.get((sender, year)) or 0.0 for year in years]
        return sum(known) / len(known) if known else 0.0

    before = average(year for year in complete if one.years[0] <= year <= one.years[1])
    return average(year for year in complete if year > one.last_shown) >= before / 2
