"""The files that a briefing can be."""

from collections.abc import Callable
from dataclasses import dataclass

from ui.briefing.formats.html_file import html_bytes
from ui.briefing.slide import Deck

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Format:
    """One kind of file: its ending, what it is called, its media type, and what writes it."""

    ending: str
    label: str
    mime: str
    write: Callable[[Deck, Progress | None], bytes]
    short: str
    help: str


FORMATS = {
    one.ending: one
    for one in (
        Format(
            "html",
            "HTML",
            "text/html",
            lambda deck, _progress: html_bytes(deck),
            "one file for a browser, with charts to point at",
            "One file for a room without a network: charts to point at, and a presentation",
        ),
    )
}
