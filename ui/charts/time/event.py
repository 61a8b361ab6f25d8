"""An event on a time chart, such as a law that took effect: a numbered vertical."""

import datetime
from dataclasses import dataclass


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
