"""Laws and other events: numbered verticals on time charts, and the list that explains them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import Answer
from analysis.release import Release
from ui import format as text
from ui.charts.series import end_day, first_day
from ui.states import escape

if TYPE_CHECKING:
    from ui.view import View


@dataclass(frozen=True)
class Event:
    """One event: its number on the chart, its day, its name, where it applies, and the address of its
    text.
    """

    number: int
    day: datetime.date
    name: str
    jurisdiction: str = ""
    url: str = ""


def listed(events: Sequence[Event]) -> str:
    """Return the list under a chart as HTML: number, day, name; empty without events."""
    if not events:
        return ""
    items = "".join(
        f"<li>{event.number}. {text.date_text(event.day)}: {escape(event.name)}"
        f"{f' ({escape(event.jurisdiction)})' if event.jurisdiction else ''}</li>"
        for event in events
    )
    return f'<ol class="ltt-events" aria-label="Laws in force during these years">{items}</ol>'


def laws_of(view: "View", answer: Answer) -> list[Event]:
    """Return the laws that took effect in the periods of an answer by period."""
    codes = answer.frame["period"].unique().sort().to_list()
    if view.release is None or not codes:
        return []
    return laws_between(view.release, first_day(codes[0]), end_day(codes[-1]))


def laws_between(release: Release, first: datetime.date, last: datetime.date) -> list[Event]:
    """Return the provisions that took effect between two days, numbered in order of that day.

    Laws of other countries are left out where the release says which country it is of.

    Parameters
    ----------
    release
        The open release.
    first, last
        First day, and first day after.
    """
    laws = release.table("law_provision")
    if laws.is_empty():
        return []
    home = release.info.get("home_country", "")
    found: list[Event] = []
    for law in laws.sort("effective", "law_code").iter_rows(named=True):
        day = law["effective"]
        foreign = home and law["level"] == "national" and law["jurisdiction"] != home
        if day is None or foreign or not first <= day < last:
            continue
        found.append(Event(len(found) + 1, day, law["short_name"], law["jurisdiction"], law["url"] or ""))
    return found
