"""A briefing as slides for PowerPoint and its like: charts, maps and tables that can be edited."""

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

from analysis.progress import Progress
from ui import theme
from ui.briefing.formats.powerpoint import charts, foundation, maps, tables
from ui.briefing.formats.powerpoint.grids import grid_of
from ui.briefing.formats.powerpoint.packing import packed
from ui.briefing.formats.powerpoint.reading import charts_of
from ui.briefing.formats.powerpoint.series import Chart
from ui.briefing.formats.powerpoint.sheet import (
    BRAND,
    INK,
    LINE,
    MUTED,
    SIDE,
    SMALLEST,
    WIDTH,
    Box,
    block,
    cut_to,
    describe,
    lines_in,
    sentences_in,
    width_of,
    words_at,
    write,
)
from ui.briefing.paper.beside import beside, with_legend
from ui.briefing.paper.words import one_line
from ui.briefing.slide import Deck, Slide
from ui.briefing.standard import APPENDIX
from ui.cards.content import Titled

_EVENT = re.compile(r"^(\d+)\. ")
_ROOM = WIDTH - 2 * SIDE
_TITLE_SIZES = ((28.0, 2), (24.0, 4))
_FOOT = 512.0
_BETWEEN = 8.0
#: Between a headline of two lines with its subtitle, and the foot.
_ROOM_OF_DEFINITIONS = Box(SIDE, 140, _ROOM, _FOOT - 140 - 2 * _BETWEEN)
_TEXT = 14.0
#: What a deck's title may take on the first slide.
_MOST_LINES_OF_TITLE = 3


def pptx_bytes(deck: Deck, progress: Progress | None = None) -> bytes:
    """Return a briefing as slides.

    Parameters
    ----------
    deck
        The briefing.
    progress
        Is told how many slides are done, and of how many.

    Returns
    -------
    bytes
        A .pptx file, the same for the same deck. Workbooks inside it hold what their slide shows and no more.
    """
    document = foundation.empty(deck)
    _first(document, deck)
    for done, slide in enumerate(deck.slides, start=1):
        for part in _parts(slide):
            _add(document, deck, part)
        if progress is not None:
            progress(done, len(deck.slides))
    target = io.BytesIO()
    document.save(target)
    return packed(target.getvalue(), deck.place)


# The first slides


def _first(document: Any, deck: Deck) -> None:
    """Add the slide with what the briefing is about, of when, and whom to ask."""
    slide = document.slides.add_slide(document.slide_layouts[0])
    _marks(slide, deck, "")
    title, place = slide.shapes.title, slide.placeholders[1]
    words = cut_to(one_line(deck.title), 40, _ROOM, _MOST_LINES_OF_TITLE, bold=True)
    tall = len(lines_in(words, 40, _ROOM, bold=True)) * 40 * LINE
    _in(title, Box(SIDE, 78, _ROOM, tall), words, "Title", size=40, bold=True)
    top = 78 + tall + 6
    _in(place, Box(SIDE, top, _ROOM, 28), cut_to(deck.place, 20, _ROOM, 1), "Place", size=20, colour=MUTED)
    facts = [
        ("Period", deck.period),
        ("Figures as of", deck.as_of),
        ("Next update", deck.next_update),
        ("Contact", deck.contact),
        ("Release", f"{deck.release_id} · program {deck.version}" if deck.version else deck.release_id),
    ]
    lines = [
        [(f"{name}: ", {"colour": MUTED}), (cut_to(said, 16, _ROOM - 130, 2), {})]
        for name, said in facts
        if said
    ]
    sentences = [said for said in (deck.reported, deck.protection, deck.synthetic) if said]
    tall_of_sentences = sum(len(lines_in(said, 16, _ROOM - 40)) for said in sentences) * 16 * LINE
    tall_of_sentences += 6 * len(sentences) + 20
    top += 44
    room = Box(SIDE, top, _ROOM, _FOOT - 16 - tall_of_sentences - top)
    shape = slide.shapes.add_textbox(*room.placed())
    write(shape.text_frame, lines, size=16, space=5)
    describe(shape, "Facts", "Period, date, next update, contact and release of this briefing")
    panel = Box(SIDE, _FOOT - 10 - tall_of_sentences, _ROOM, tall_of_sentences)
    block(slide, panel, theme.LIGHT.panel, "Panel")
    inner = Box(panel.left + 20, panel.top + 10, panel.width - 40, panel.height - 20)
    shape = slide.shapes.add_textbox(*inner.placed())
    write(shape.text_frame, [[(said, {})] for said in sentences], size=16, space=6)
    describe(shape, "How to read the figures", "How to read the figures")
    _note(slide, [deck.title, deck.place, *(f"{name}: {said}" for name, said in facts if said), *sentences])
    _foot(slide, deck, document)


# A card


def _parts(card: Slide) -> list[Slide]:
    """Return a card as the slides that it takes: definitions are read in full, on as many as they need."""
    page, _, name = card.key.partition("/")
    if (page, name) != APPENDIX or len(card.tables) != 1:
        return [card]
    [titled] = card.tables
    found = tables.pages(titled.table, _ROOM_OF_DEFINITIONS)
    return [
        replace(
            card,
            headline=f"{card.headline} ({place} of {len(found)})" if len(found) > 1 else card.headline,
            tables=(Titled(titled.title, table),),
        )
        for place, table in enumerate(found, start=1)
    ]


def _add(document: Any, deck: Deck, card: Slide) -> None:
    slide = document.slides.add_slide(document.slide_layouts[1])
    _marks(slide, deck, card.section)
    top = _headline(slide, card.headline or card.section or deck.title)
    if card.finding:
        top = _line(slide, top, card.finding, "Finding", size=16, most=2)
    top = _under(slide, top, card)
    if card.changed:
        top = _line(slide, top, card.changed, "What changed", size=_TEXT, most=2, colour=theme.LIGHT.amber)
    drawn = charts_of(card.figure) if card.figure is not None and not maps.is_map(card.figure) else []
    below = [(_caption(card, drawn), 3), (card.source, 2)]
    bottom = _below(slide, below)
    box = Box(SIDE, top + _BETWEEN, _ROOM, bottom - top - 2 * _BETWEEN)
    if card.missing:
        _missing(slide, box, card.missing)
    elif drawn:
        _charts(slide, box, drawn, card.alt or card.headline)
    else:
        _shown(slide, box, card)
    said = [card.headline, card.finding, card.subtitle, *card.chips, card.changed, *card.spoken, card.caption]
    link = card.link if card.link.startswith(("https://", "http://")) else ""
    _note(slide, [*said, card.source, deck.reported, deck.synthetic, link])
    _foot(slide, deck, document)


def _caption(card: Slide, drawn: Sequence[Chart]) -> str:
    """Return the words under a chart: what its lines mean, what is its own, what happened when."""
    key = charts.key_of(drawn)
    said = [one for one in key if one.split()[0].lower() not in card.caption.lower()] if key else []
    events = [_EVENT.sub(r"(\1) ", words) for words in beside(card.drawing).lines]
    told = f"In force: {'; '.join(events)}." if events else ""
    is_whole = not _is_shaded(card) if drawn else _is_drawn(card)
    own = card.caption if is_whole else card.caption.replace(card.drawn, "").strip()
    return " ".join(filter(None, (" ".join(said), own, told)))


def _is_shaded(card: Slide) -> bool:
    """Return whether a stretch of a figure is shaded, which a chart of an office program cannot show."""
    shapes = (card.figure or {}).get("layout", {}).get("shapes") or ()
    return any(shape.get("type") == "rect" for shape in shapes)


def _is_drawn(card: Slide) -> bool:
    """Return whether a figure without a chart of an office program is drawn all the same."""
    return card.figure is not None and (maps.is_map(card.figure) or grid_of(card.figure) is not None)


def _shown(slide: Any, box: Box, card: Slide) -> None:
    """Show what has no chart of an office program: a map as shapes, a grid or the tables as a table."""
    alt = card.alt or card.headline
    if card.figure is not None and maps.is_map(card.figure):
        maps.add(slide, box, with_legend(card.figure, card.drawing), alt)
    elif card.figure is not None and (grid := grid_of(card.figure)) is not None:
        tables.add(slide, box, grid[0], ("Table", alt), grid[1])
    elif card.tables:
        _tables(slide, box, card.tables, alt)


def _tables(slide: Any, box: Box, titled: Sequence[Titled], alt: str) -> None:
    """Show the first tables side by side or below each other; what does not fit is in the notes' words."""
    first = titled[0]
    if len(titled) == 1:
        tables.add(slide, box, first.table, (first.title or "Table", alt))
        return
    tall = box.height / min(len(titled), 2) - 22
    for place, one in enumerate(titled[:2]):
        top = box.top + place * (tall + 22)
        words_at(
            slide,
            Box(box.left, top, box.width, 18),
            cut_to(one.title, _TEXT, box.width, 1, bold=True),
            "Table title",
            size=_TEXT,
            bold=True,
        )
        tables.add(
            slide, Box(box.left, top + 20, box.width, tall - 2), one.table, (one.title or "Table", alt)
        )


def _charts(slide: Any, box: Box, drawn: Sequence[Chart], alt: str) -> None:
    if len(drawn) == 1:
        charts.add(slide, box, drawn[0], alt)
        return
    columns = -(-len(drawn) // 2) if len(drawn) > 3 else len(drawn)
    rows = -(-len(drawn) // columns)
    wide, tall = box.width / columns, box.height / rows
    for place, chart in enumerate(drawn):
        left, top = box.left + place % columns * wide, box.top + place // columns * tall
        part = Box(left, top, wide - _BETWEEN, tall - _BETWEEN)
        charts.add(slide, part, chart, f"{chart.title}. {alt}", is_panel=True)


def _missing(slide: Any, box: Box, words: str) -> None:
    panel = Box(box.left, box.top, box.width, min(box.height, 120))
    block(slide, panel, theme.LIGHT.panel, "Panel")
    inner = Box(panel.left + 20, panel.top + 12, panel.width - 40, panel.height - 24)
    said = cut_to(words, 18, inner.width, 4)
    words_at(slide, inner, said, "What is missing", size=18, anchor=MSO_ANCHOR.MIDDLE)


# What every slide has


def _marks(slide: Any, deck: Deck, section: str) -> None:
    """Write above the slide where it belongs, and what it must not be taken for."""
    right = 0.0
    for words, colour in ((deck.synthetic, theme.LIGHT.amber), (deck.stamp, theme.LIGHT.restricted)):
        if words:
            shown = cut_to(words, SMALLEST, _ROOM / 2.2, 1, bold=True)
            wide = width_of(shown, SMALLEST, bold=True) + 8
            box = Box(WIDTH - SIDE - right - wide, 16, wide, SMALLEST * LINE + 2)
            words_at(slide, box, shown, "Mark", size=SMALLEST, bold=True, colour=colour, align=PP_ALIGN.RIGHT)
            right += wide + 12
    if section:
        room = _ROOM - right - 12
        shown = cut_to(section, SMALLEST, room, 1, bold=True)
        box = Box(SIDE, 16, room, SMALLEST * LINE + 2)
        words_at(slide, box, shown, "Section", size=SMALLEST, bold=True, colour=BRAND)


def _headline(slide: Any, words: str) -> float:
    """Write the headline into the title; return where it ends."""
    words = one_line(words)
    size, most = next(
        (pair for pair in _TITLE_SIZES if len(lines_in(words, pair[0], _ROOM, bold=True)) <= pair[1]),
        _TITLE_SIZES[-1],
    )
    shown = cut_to(words, size, _ROOM, most, bold=True)
    tall = len(lines_in(shown, size, _ROOM, bold=True)) * size * LINE
    _in(slide.shapes.title, Box(SIDE, 36, _ROOM, tall), shown, "Headline", size=size, bold=True)
    return 36 + tall


def _in(
    shape: Any, box: Box, words: str, name: str, *, size: float, bold: bool = False, colour: str = INK
) -> None:
    """Write into a placeholder."""
    shape.left, shape.top, shape.width, shape.height = box.placed()
    write(shape.text_frame, [[(words, {"bold": bold})]], size=size, colour=colour)
    describe(shape, name, words)


def _line(
    slide: Any, top: float, words: str, name: str, *, size: float, most: int, colour: str = INK
) -> float:
    shown = cut_to(words, size, _ROOM, most)
    tall = len(lines_in(shown, size, _ROOM)) * size * LINE
    words_at(slide, Box(SIDE, top + 4, _ROOM, tall), shown, name, size=size, colour=colour)
    return top + 4 + tall


def _under(slide: Any, top: float, card: Slide) -> float:
    """Write chips and subtitle below the headline; return where they end."""
    left, tall = SIDE, SMALLEST * LINE + 6
    for chip in card.chips:
        words = cut_to(chip, SMALLEST, 200, 1, bold=True)
        wide = width_of(words, SMALLEST, bold=True) + 18
        if left + wide > WIDTH / 2:
            break
        shape = block(slide, Box(left, top + 6, wide, tall), theme.LIGHT.panel, f"Chip: {chip}")
        write(
            shape.text_frame,
            [[(words, {"bold": True})]],
            size=SMALLEST,
            align=PP_ALIGN.CENTER,
            anchor=MSO_ANCHOR.MIDDLE,
        )
        left += wide + 8
    if not card.subtitle:
        return top + (6 + tall if card.chips else 0)
    room = WIDTH - SIDE - left
    size = _TEXT if len(lines_in(card.subtitle, _TEXT, room)) == 1 else SMALLEST
    words = cut_to(card.subtitle, size, room, 2)
    high = max(len(lines_in(words, size, room)) * size * LINE, tall)
    words_at(
        slide,
        Box(left, top + 6, room, high),
        words,
        "Subtitle",
        size=size,
        colour=MUTED,
        anchor=MSO_ANCHOR.MIDDLE if card.chips else MSO_ANCHOR.TOP,
    )
    return top + 6 + high


def _below(slide: Any, texts: Sequence[tuple[str, int]]) -> float:
    """Write texts, each in at most so many lines, above the foot; return where they begin."""
    shown = [sentences_in(words, SMALLEST, _ROOM, most) for words, most in texts if words]
    lines = sum(len(lines_in(words, SMALLEST, _ROOM)) for words in shown)
    tall = lines * SMALLEST * LINE + 3 * len(shown)
    top = _FOOT - 6 - tall
    if shown:
        shape = slide.shapes.add_textbox(*Box(SIDE, top, _ROOM, tall).placed())
        write(shape.text_frame, [[(words, {})] for words in shown], size=SMALLEST, colour=MUTED, space=2)
        describe(shape, "Caption and source", "Caption and source")
    return top


def _foot(slide: Any, deck: Deck, document: Any) -> None:
    words = " · ".join(
        filter(None, (deck.place, f"as of {deck.as_of}" if deck.as_of else "", deck.release_id))
    )
    shown = cut_to(words, SMALLEST, _ROOM - 60, 1)
    box = Box(SIDE, _FOOT, _ROOM - 60, SMALLEST * LINE + 2)
    words_at(slide, box, shown, "Place, date and release", size=SMALLEST, colour=MUTED)
    foundation.number(slide, len(document.slides), Box(WIDTH - SIDE - 50, _FOOT, 50, SMALLEST * LINE + 2))


def _note(slide: Any, texts: Sequence[str]) -> None:
    """Write what a speaker needs into the notes, each once."""
    slide.notes_slide.notes_text_frame.text = "\n".join(
        foundation.sayable(words) for words in dict.fromkeys(texts) if words
    )
