"""A briefing as a PDF to hand out: tagged for screen readers, with bookmarks, vector drawings, real tables.

The document is a fixed Typst template that reads one JSON file: what a deck says is text there, never markup.
"""

import json
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import typst

from analysis.program import NAME
from analysis.progress import Progress
from ui import theme
from ui.briefing.formats.pdf.creator import made_by
from ui.briefing.paper import fonts
from ui.briefing.paper.beside import beside, with_legend
from ui.briefing.paper.drawing import svg_of, width_of
from ui.briefing.paper.printable import printable
from ui.briefing.paper.words import FOLD, one_line
from ui.briefing.slide import Deck, Slide
from ui.cards.content import Titled

_TEMPLATE = Path(__file__).parent / "pdf" / "report.typ"
#: A card without a drawing shows so many rows of its tables in its place; the appendix shows more of them.
MOST_ROWS, MOST_ROWS_IN_APPENDIX = 40, 60
APPENDIX = "Tables behind the charts"
#: Documents of the same deck are the same bytes: nothing in them is of the moment they were written.
_WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)
#: A table of more rows may run over two pages.
_ROWS_TOGETHER = 15
#: More letters of notes than these may run over two pages, too; nobody reads more than the second number.
_LETTERS_TOGETHER, _LONGEST_NOTE = 1_500, 8_000
_HEADLINE = 320
_ON_ONE_LINE, _NARROWEST = 18, 7
#: In points: what is between the margins of A4, the gap between title and marks, and the letters of both.
_WIDE, _GAP, _SMALL, _BOLDER = 493.0, 26.0, 8.5, 1.05


def pdf_bytes(deck: Deck, progress: Progress | None = None) -> bytes:
    """Return a briefing as a PDF.

    Parameters
    ----------
    deck
        The briefing.
    progress
        Is told how many slides are done, and of how many.

    Returns
    -------
    bytes
        A PDF/UA-1 file, the same for the same deck: a title, a language, a structure with headings in order,
        alternative text on every drawing, bookmarks.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(_TEMPLATE, root / "report.typ")
        content = _content(deck, root, progress or (lambda done, of: None))
        (root / "deck.json").write_text(json.dumps(printable(content), ensure_ascii=False), "utf-8")
        compiler = typst.Compiler(root / "report.typ", root=root, font_paths=_fonts())
        document = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=_WRITTEN)
    if not isinstance(document, bytes):
        raise TypeError("a PDF is one file")
    return made_by(document, NAME)


def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[fonts.folder()])


def _content(deck: Deck, root: Path, progress: Progress) -> dict[str, Any]:
    """Return everything the template reads; drawings are written beside it."""
    sections: list[dict[str, Any]] = []
    done = 0
    elsewhere = "\n".join(
        cell
        for slide in deck.slides
        if slide.figure is None
        for titled in slide.tables
        for row in titled.table.rows
        for cell in row
    )
    for title, members in groupby(deck.slides, key=lambda slide: slide.section):
        slides = []
        for slide in members:
            slides.append(_card(slide, root, done, elsewhere))
            done += 1
            progress(done, len(deck.slides))
        sections.append({"title": title or deck.title, "slides": slides, "appendix": False})
    if appendix := [_appendix(slide) for slide in deck.slides if slide.figure is not None and slide.tables]:
        sections.append({"title": APPENDIX, "slides": appendix, "appendix": True})
    colours = {
        name: getattr(theme.LIGHT, name)
        for name in ("ink", "muted", "brand", "border", "panel", "amber", "restricted")
    }
    facts = [
        ("Period", deck.period),
        ("Figures as of", deck.as_of),
        ("Next update", deck.next_update),
        ("Contact", deck.contact),
        ("Release", deck.release_id),
    ]
    return {
        "paper": deck.paper,
        "font": fonts.FAMILY,
        "colours": colours,
        "title": one_line(deck.title, _HEADLINE),
        "place": deck.place,
        "author": deck.place,
        "description": f"{deck.title}. {deck.period}. {deck.reported}",
        "running": _running(deck),
        "stamp": deck.stamp,
        "synthetic": deck.synthetic,
        "foot": " · ".join(filter(None, (deck.as_of, f"release {deck.release_id}", deck.version))),
        "facts": [fact for fact in facts if fact[1]],
        "sentences": [words for words in (deck.reported, deck.protection, deck.synthetic) if words],
        "keywords": deck.marks,
        "sections": sections,
    }


def _running(deck: Deck) -> str:
    """Return title and place on the one line that is left beside the marks at the top of a page."""
    marks = " · ".join(filter(None, (deck.stamp, deck.synthetic)))
    room = _WIDE - fonts.width(marks, _SMALL, fonts.SEMIBOLD) * _BOLDER - _GAP
    return fonts.shortened(one_line(f"{deck.title} · {deck.place}").replace(FOLD, ""), _SMALL, room)


def _card(slide: Slide, root: Path, number: int, elsewhere: str) -> dict[str, Any]:
    drawing = ""
    if slide.figure is not None:
        drawing = f"drawing-{number}.svg"
        svg = _drawn(slide)
        (root / drawing).write_text(printable(svg), "utf-8")
    tables = [] if drawing else [_table(titled, slide, MOST_ROWS) for titled in slide.tables]
    headline = one_line(slide.headline, _HEADLINE) or slide.section or slide.key
    notes = one_line(_told_apart(slide, elsewhere), _LONGEST_NOTE)
    rows = sum(len(table["rows"]) for table in tables)
    return {
        "headline": headline,
        "finding": slide.finding,
        "chips": slide.chips,
        "subtitle": slide.subtitle,
        "changed": slide.changed,
        "missing": slide.missing,
        "drawing": drawing,
        "alt": slide.alt or slide.headline,
        "tables": tables,
        "caption": slide.caption,
        "listed": beside(slide.drawing).lines if drawing else (),
        "notes": notes,
        "source": slide.source,
        "link": slide.link if slide.link.startswith(("https://", "http://")) else "",
        "breaks": rows > _ROWS_TOGETHER or len(notes) + len(slide.source) > _LETTERS_TOGETHER,
    }


def _told_apart(slide: Slide, elsewhere: str) -> str:
    """Return what only the notes say, as one paragraph; what a table of definitions says is read there."""
    above = {slide.headline, slide.finding, slide.subtitle, slide.caption, slide.source, slide.changed}
    notes = [note for note in slide.notes if note not in above and note not in elsewhere]
    return " ".join(note if note.endswith((".", "!", "?")) else f"{note}." for note in notes)


def _drawn(slide: Slide) -> str:
    """Return the figure of a slide with the legend it has on its page."""
    figure = with_legend(slide.figure or {}, slide.drawing)
    return svg_of(figure, width_of(figure))


def _appendix(slide: Slide) -> dict[str, Any]:
    empty = ("finding", "subtitle", "changed", "missing", "drawing", "alt", "caption", "source", "link")
    tables = [_table(titled, slide, MOST_ROWS_IN_APPENDIX) for titled in slide.tables]
    return dict.fromkeys(empty, "") | {
        "headline": one_line(slide.headline, _HEADLINE),
        "chips": slide.chips,
        "notes": "",
        "listed": (),
        "tables": tables,
        "breaks": True,
    }


def _table(titled: Titled, slide: Slide, most: int) -> dict[str, Any]:
    table = titled.table
    rows = [list(row) for row in table.rows[:most]]
    hidden = len(table.rows) - len(rows)
    return {
        "title": "" if titled.title in (slide.subtitle, slide.headline) else titled.title,
        "columns": list(table.columns),
        "numeric": list(table.numeric),
        "rows": rows,
        "widths": _widths([list(table.columns), *rows]),
        "more": f"The first {most} rows; {hidden:,} more stand in the table of the card."
        if hidden > 0
        else "",
    }


def _widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Return how wide the columns are to each other: long texts get more, and not all in proportion."""
    widths = []
    for column in zip(*rows, strict=True):
        longest = max(map(len, column))
        word = max((len(word) for text in column for word in text.split(" ")), default=0)
        least = max(word, min(longest, _ON_ONE_LINE), _NARROWEST)
        widths.append(round(max(longest**0.6, least), 1))
    return widths
