"""Laws and other events: numbered verticals on time charts, and the list that explains them."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analysis import Answer
from analysis.release.home_country import home_country
from analysis.release.release import Release
from ui import format as text
from ui.charts.time.event import Event
from ui.charts.time.series import end_day, first_day
from ui.view.states import escape

if TYPE_CHECKING:
    from ui.view.view import View


def listed(events: Sequence[Event]) -> str:
    """Return the list under a chart as HTML: number, day, name as a link to its text."""
    if not events:
        return ""
    items = "".join(
        f"<li>{event.number}. {text.date_text(event.day)}: {_name(event)}"
        f"{f' ({escape(event.jurisdiction)})' if event.jurisdiction else ''}</li>"
        for event in events
    )
    return f'<ol class="ltt-events" aria-label="Laws in force during these years">{items}</ol>'


def _name(event: Event) -> str:
    """Return the name, as a link where a law's text is on the web; the page itself never asks for it."""
    name = escape(event.name)
    if not event.url.startswith("https://"):
        return name
    return f'<a href="{escape(event.url)}" target="_blank" rel="noopener noreferrer">{name}</a>'


OWN, NONE = "own", "none"
_NATIONS = {"US": "the United States", "GB": "the United Kingdom"}


def nation_words(code: str) -> str:
    """Return "the United States" or, for a country without a name here, its code."""
    return _NATIONS.get(code, code)


def choices(view: "View") -> dict[str, str]:
    """Return which laws can be marked: those of this place, those of other nations in the release, none."""
    words = {OWN: "Laws of this place", NONE: "No laws"}
    if view.release is None:
        return words
    laws, home = view.release.table("law_provision"), home_country(view.release)
    if laws.is_empty():
        return words
    national = laws.filter(laws["level"] == "national")["jurisdiction"].unique().sort().to_list()
    others = {code: f"Laws of {nation_words(code)}" for code in national if code != home}
    if home:
        return {OWN: words[OWN]} | others | {NONE: words[NONE]}
    # Whose laws hold here cannot be told: none is called this place's.
    return {OWN: "Laws of every country" if len(others) > 1 else "All laws"} | others | {NONE: words[NONE]}


def laws_of(view: "View", answer: Answer, which: str = OWN) -> list[Event]:
    """Return the laws that took effect in the periods of an answer by period.

    Parameters
    ----------
    view, answer
        The page's view; an answer by period.
    which
        A key of `choices`.
    """
    if which == NONE:
        return []
    codes = answer.frame["period"].unique().sort().to_list()
    if view.release is None or not codes:
        return []
    nation = "" if which == OWN else which
    return laws_between(view.release, first_day(codes[0]), end_day(codes[-1]), nation)


def laws_between(
    release: Release, first: datetime.date, last: datetime.date, nation: str = ""
) -> list[Event]:
    """Return the provisions that took effect between two days, numbered in order of that day.

    Laws of other countries are left out where it can be told which country the release is of.

    Parameters
    ----------
    release
        The open release.
    first, last
        First day, and first day after.
    nation
        Jurisdiction of another nation: its laws and international ones instead of those of this place.
    """
    laws = release.table("law_provision")
    if laws.is_empty():
        return []
    home = home_country(release)
    found: list[Event] = []
    for law in laws.sort("effective", "law_code").iter_rows(named=True):
        day = law["effective"]
        if day is None or not first <= day < last or not _applies(law, nation, home):
            continue
        where = "" if law["level"] not in ("national", "international") else law["jurisdiction"]
        found.append(Event(len(found) + 1, day, law["short_name"], where, law["url"] or ""))
    return found


def _applies(law: dict[str, Any], nation: str, home: str) -> bool:
    if law["level"] == "international":
        return True
    if nation:
        return bool(law["jurisdiction"] == nation)
    return not (home and law["level"] == "national" and law["jurisdiction"] != home)
