"""Laws and other events: numbered verticals on time charts, and the list that explains them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from ui import format as text
from ui.states import escape


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
