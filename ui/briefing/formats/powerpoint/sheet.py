"""The sheet of a slide: measures in points, boxes of words that fit, and what a screen reader is told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from ui import theme
from ui.briefing.paper import fonts
from ui.briefing.paper.canvas import colour_of
from ui.briefing.paper.words import cleaned

WIDTH, HEIGHT = 960.0, 540.0
SIDE = 40.0
FONT = "Arial"
SMALLEST = 12.0
#: The unit of the files: so many in a point.
EMU = 12_700
LINE = 1.2
MORE = "More in the notes."
#: The letters of the slides are wider than those that are measured: at most so much.
_WIDER = 1.14
INK, MUTED, BRAND = theme.LIGHT.ink, theme.LIGHT.muted, theme.LIGHT.brand


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.top + self.height

    def placed(self) -> tuple[Emu, Emu, Emu, Emu]:
        """Return it as the library wants it."""
        left, top, wide, tall = (
            Emu(round(value * EMU)) for value in (self.left, self.top, self.width, self.height)
        )
        return left, top, wide, tall


def rgb(colour: str) -> RGBColor:
    """Return a colour as the library wants it; what is see-through is mixed with paper."""
    text, opacity = colour_of(colour)
    paper = tuple(int(theme.LIGHT.paper[place : place + 2], 16) for place in (1, 3, 5))
    ink = tuple(int(text[place : place + 2], 16) for place in (1, 3, 5))
    return RGBColor(
        *(round(part * opacity + white * (1 - opacity)) for part, white in zip(ink, paper, strict=True))
    )


def faded(colour: str, opacity: float) -> str:
    """Return a colour as it looks on paper when it is see-through."""
    text, own = colour_of(colour)
    return f"#{str(rgb(theme.transparent(text, own * opacity))).lower()}"


def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide words are on a slide, rather too much than too little."""
    return fonts.width(words, size, fonts.SEMIBOLD if bold else fonts.REGULAR) * _WIDER


def lines_in(words: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Return words in the lines they take on a slide."""
    weight = fonts.SEMIBOLD if bold else fonts.REGULAR
    return fonts.wrapped(cleaned(words), size * _WIDER, room, weight)


def cut_to(words: str, size: float, room: float, most: int, *, bold: bool = False) -> str:
    """Return words that take no more than so many lines; what is cut off ends in an ellipsis."""
    lines = lines_in(words, size, room, bold=bold)
    if len(lines) <= most:
        return cleaned(words)
    weight = fonts.SEMIBOLD if bold else fonts.REGULAR
    last = fonts.shortened(f"{lines[most - 1]} {lines[most]}", size * _WIDER, room - size, weight)
    kept = last if last.endswith("…") else f"{last}…"
    return " ".join([*lines[: most - 1], kept])


def sentences_in(words: str, size: float, room: float, most: int) -> str:
    """Return as many whole sentences as fit in so many lines; where some do not, where the rest is."""
    if len(lines_in(words, size, room)) <= most:
        return cleaned(words)
    kept = ""
    for sentence in re.split(r"(?<=[.!?]) +", cleaned(words)):
        longer = f"{kept} {sentence}".strip()
        if len(lines_in(f"{longer} {MORE}", size, room)) > most:
            break
        kept = longer
    return f"{kept} {MORE}" if kept else cut_to(words, size, room, most)


def write(
    frame: Any,
    paragraphs: Sequence[Sequence[tuple[str, dict[str, Any]]]],
    *,
    size: float,
    colour: str = INK,
    align: PP_ALIGN = PP_ALIGN.LEFT,
    anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
    space: float = 0.0,
) -> None:
    """Write paragraphs of runs into a frame; a run may have its own ``bold``, ``colour`` and ``link``."""
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for place, runs in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = align
        paragraph.space_after = Pt(space)
        for words, style in runs:
            run = paragraph.add_run()
            run.text = cleaned(words)
            run.font.size = Pt(style.get("size", size))
            run.font.bold = bool(style.get("bold"))
            run.font.color.rgb = rgb(style.get("colour", colour))
            if link := style.get("link"):
                run.hyperlink.address = link


def words_at(slide: Any, box: Box, words: str, name: str, *, size: float, **style: Any) -> Any:
    """Add a box of words with a name."""
    shape = slide.shapes.add_textbox(*box.placed())
    run: dict[str, Any] = {key: style.pop(key) for key in ("bold", "link") if key in style}
    write(shape.text_frame, [[(words, run)]], size=size, **style)
    describe(shape, name, name)
    return shape


def describe(shape: Any, name: str, words: str) -> None:
    """Give an object a name and the words a screen reader says for it."""
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.set("name", cleaned(name)[:120])
    properties.set("descr", cleaned(words))


def hatched(properties: Any, lines: str, paper: str) -> None:
    """Fill a shape or a cell with diagonal lines, given the element that holds its fill."""
    for name in ("a:noFill", "a:solidFill", "a:gradFill", "a:pattFill"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    fill = parse_xml(
        f'<a:pattFill {nsdecls("a")} prst="wdUpDiag"><a:fgClr><a:srgbClr val="{rgb(lines)}"/></a:fgClr>'
        f'<a:bgClr><a:srgbClr val="{rgb(paper)}"/></a:bgClr></a:pattFill>'
    )
    # The schema has an order: geometry, then the fill, then the line.
    before = properties.findall(qn("a:custGeom")) + properties.findall(qn("a:prstGeom"))
    sides = [child for child in properties if child.tag in {qn(f"a:ln{side}") for side in "LRTB"}]
    properties.insert(
        max((list(properties).index(child) + 1 for child in [*before, *sides]), default=0), fill
    )


def block(slide: Any, box: Box, fill: str, name: str) -> Any:
    """Add a rectangle without a line."""
    shape = slide.shapes.add_shape(1, *box.placed())
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(fill)
    shape.line.fill.background()
    unstyled(shape)
    describe(shape, name, name)
    return shape


def unstyled(shape: Any) -> None:
    """Take away the shadow and lines that a theme gives to shapes."""
    for style in shape._element.xpath("./p:style"):
        shape._element.remove(style)


def next_id(slide: Any) -> int:
    """Return a number that no object of the slide has."""
    return max(int(one) for one in slide.shapes._spTree.xpath(".//p:cNvPr/@id")) + 1
