"""The empty presentation that slides are added to: wide, in the colours and letters of the pages."""

import re
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu

from analysis.program import NAME
from ui import theme
from ui.briefing.formats.powerpoint.sheet import FONT, HEIGHT, MUTED, SIDE, SMALLEST, WIDTH, Box, next_id, rgb
from ui.briefing.paper.words import cleaned
from ui.briefing.slide import Deck

_WRITTEN = datetime(2000, 1, 1)
#: Layouts that are kept, by their names in the library's own template.
_KEPT = ("Title Slide", "Title Only")
_PLACES = {
    "title": Box(SIDE, 36, WIDTH - 2 * SIDE, 72),
    "ctrTitle": Box(SIDE, 78, WIDTH - 2 * SIDE, 100),
    "subTitle": Box(SIDE, 184, WIDTH - 2 * SIDE, 30),
    "body": Box(SIDE, 120, WIDTH - 2 * SIDE, 370),
    "dt": Box(SIDE, 512, 200, 18),
    "ftr": Box(260, 512, 440, 18),
    "sldNum": Box(WIDTH - SIDE - 50, 512, 50, 18),
}
_LIKE_TITLE = {"title", "ctrTitle", "subTitle"}
_OF_THE_TEMPLATE = ("thumbnail", "printerSettings")
_LATIN = re.compile(rb'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*"')
_LONGEST_NOTE = 20_000


def empty(deck: Deck) -> Any:
    """Return a presentation without slides; its second layout has a title alone."""
    document = Presentation()
    _without_the_template(document)
    document.slide_width, document.slide_height = Emu(round(WIDTH * 12_700)), Emu(round(HEIGHT * 12_700))
    for layout in list(document.slide_layouts):
        if layout.name not in _KEPT:
            document.slide_layouts.remove(layout)
    for holder in (document.slide_master, *document.slide_layouts):
        for shape in holder.placeholders:
            _place(shape)
    _dress(document)
    properties = document.core_properties
    properties.title, properties.author = _short(deck.title), _short(deck.place)
    properties.subject, properties.comments = _short(deck.period), _short(deck.reported)
    properties.keywords = _short(", ".join(deck.marks))
    properties.identifier, properties.version = deck.release_id, deck.version
    properties.language = "en"
    properties.last_modified_by = NAME
    properties.created = properties.modified = _WRITTEN
    properties.revision = 1
    return document


def _short(text: str) -> str:
    return cleaned(text)[:250]


def _without_the_template(document: Any) -> None:
    """Take out what the library's template brings along: a picture of it, and settings of a printer."""
    for holder in (document.part.package, document.part):
        for key, relation in list(holder._rels.items()):
            if relation.reltype.rsplit("/", 1)[-1] in _OF_THE_TEMPLATE:
                holder._rels.pop(key)


def _place(shape: Any) -> None:
    """Move a placeholder of the library's narrow template to where it lies on a wide slide."""
    kind = shape._element.xpath(".//p:nvPr/p:ph")[0].get("type", "body")
    if (box := _PLACES.get(kind)) is None:
        return
    shape.left, shape.top, shape.width, shape.height = box.placed()
    if kind in _LIKE_TITLE:
        body = shape._element.find(qn("p:txBody")).find(qn("a:bodyPr"))
        body.set("anchor", "t")
        for name in ("lIns", "rIns", "tIns", "bIns"):
            body.set(name, "0")
        for old in body.xpath("./a:normAutofit"):
            body.remove(old)


def _dress(document: Any) -> None:
    """Give the theme the letters and colours of the pages, so that what is added by hand looks alike."""
    part = document.slide_master.part.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    )
    blob = _LATIN.sub(rb"\g<1>" + FONT.encode() + b'"', part.blob)
    blob = blob.replace(b'name="Office Theme"', f'name="{NAME}"'.encode(), 1)
    for number, colour in enumerate(theme.LIGHT.categories, start=1):
        accent = f'<a:accent{number}><a:srgbClr val="{rgb(colour)}"/></a:accent{number}>'
        old = rb"<a:accent%d>.*?</a:accent%d>" % (number, number)
        blob = re.sub(old, accent.encode(), blob, flags=re.DOTALL)
    part._blob = blob
    titles = document.slide_master._element.find(qn("p:txStyles")).find(qn("p:titleStyle"))
    for level in titles.findall(qn("a:lvl1pPr")):
        level.set("algn", "l")


def number(slide: Any, shown: int, box: Box) -> None:
    """Add the number of the slide, which follows when slides are moved."""
    left, top, wide, tall = box.placed()
    slide.shapes._spTree.append(
        parse_xml(
            f"<p:sp {nsdecls('p', 'a')}><p:nvSpPr>"
            f'<p:cNvPr id="{next_id(slide)}" name="Slide number" descr="Slide number"/>'
            '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
            '<p:nvPr><p:ph type="sldNum" sz="quarter" idx="12"/></p:nvPr></p:nvSpPr>'
            f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{wide}" cy="{tall}"/></a:xfrm></p:spPr>'
            '<p:txBody><a:bodyPr lIns="0" rIns="0" tIns="0" bIns="0" anchor="t"/><a:lstStyle/>'
            '<a:p><a:pPr algn="r"/><a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum">'
            f'<a:rPr lang="en-US" sz="{round(SMALLEST * 100)}"><a:solidFill><a:srgbClr val="{rgb(MUTED)}"/>'
            f"</a:solidFill></a:rPr><a:t>{shown}</a:t></a:fld></a:p></p:txBody></p:sp>"
        )
    )


def sayable(words: str) -> str:
    """Return words for the notes: without what a file cannot hold, and not without end."""
    text = cleaned(words)
    return text if len(text) <= _LONGEST_NOTE else f"{text[:_LONGEST_NOTE]}…"
