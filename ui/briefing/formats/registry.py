"""The files that a briefing can be."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from analysis.progress import Progress
from ui.briefing.formats.html_file import html_bytes
from ui.briefing.slide import Deck


@dataclass(frozen=True)
class Format:
    """One kind of file: its ending, what it is called, its media type, and what writes it."""

    ending: str
    label: str
    mime: str
    write: Callable[[Deck, Progress | None], bytes]
    short: str
    help: str


def _by(module: str, function: str) -> Callable[[Deck, Progress | None], bytes]:
    """Return a writer that loads its libraries when the first file is asked for: no page waits for them."""

    def write(deck: Deck, progress: Progress | None) -> bytes:
        made: bytes = getattr(import_module(f"ui.briefing.formats.{module}"), function)(deck, progress)
        return made

    return write


FORMATS = {
    one.ending: one
    for one in (
        Format(
            "pptx",
            "PowerPoint",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            _by("pptx_file", "pptx_bytes"),
            "slides with charts that can be edited",
            "Slides: charts, maps and tables can be edited; the notes have sources and caveats",
        ),
        Format(
            "pdf",
            "PDF",
            "application/pdf",
            _by("pdf_file", "pdf_bytes"),
            "a report to print or to hand out",
            "A report to print or hand out, which screen readers can read",
        ),
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
