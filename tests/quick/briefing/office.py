"""Looks into files of slides: their parts, their numbers, and whether anything lies on anything."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from pptx import Presentation
from pptx.util import Pt

from ui.briefing.formats.powerpoint.maps import is_map
from ui.briefing.formats.powerpoint.reading import charts_of
from ui.briefing.slide import Deck


def charts_on(slide: Any) -> list[Any]:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def parts(document: bytes, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Give every part of a file, and the parts of the workbooks in it."""
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        for name in file.namelist():
            content = file.read(name)
            yield prefix + name, content
            if name.endswith(".xlsx"):
                yield from parts(content, f"{prefix}{name}/")


def numbers_in(content: bytes) -> set[float]:
    """Return the numbers in the charts of a file and in the workbooks behind them."""
    found = set()
    for name, part in parts(content):
        if re.search(r"ppt/charts/[^/]*\.xml$", name):
            found |= {float(value) for value in re.findall(rb"<c:v>(-?[\d.]+(?:e[+-]?\d+)?)</c:v>", part)}
        if re.search(r"worksheets/[^/]*\.xml$", name):
            plain = re.findall(rb'<c r="[A-Z]+\d+"(?: s="\d+")?><v>(-?[\d.]+(?:E[+-]?\d+)?)</v>', part)
            found |= {float(value) for value in plain}
    return {round(value, 6) for value in found}


def numbers_of(deck: Deck) -> set[float]:
    """Return the numbers that the figures of a briefing show, as exact as a reader sees them."""
    shown: set[float] = set()
    for slide in deck.slides:
        for chart in charts_of(slide.figure) if slide.figure and not is_map(slide.figure) else ():
            for series in chart.series:
                for row in (series.values, series.xs, series.more, series.less):
                    shown |= {round(value, 6) for value in row if value is not None}
    return shown


def check_layout(content: bytes) -> None:
    """Hold that words are large enough, and that nothing lies on anything or beyond the slide."""
    document = Presentation(io.BytesIO(content))
    for number, slide in enumerate(document.slides, start=1):
        sizes = [int(size) for size in slide.shapes._spTree.xpath(".//a:rPr/@sz")]
        sizes += [int(s) for chart in charts_on(slide) for s in chart._chartSpace.xpath(".//a:defRPr/@sz")]
        assert min(sizes) >= 1200, number
        title = slide.shapes.title
        assert min(run.font.size for run in title.text_frame.paragraphs[0].runs) >= Pt(24)
        boxes = []
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= document.slide_width + 10, (
                number,
                shape.name,
            )
            assert shape.top >= 0 and shape.top + shape.height <= document.slide_height + 10, (
                number,
                shape.name,
            )
            is_words = shape.has_text_frame and shape.text_frame.text and "Name of" not in shape.name
            if is_words or shape.has_chart or shape.has_table:
                boxes.append(shape)
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                assert not overlap(one, other), f"slide {number}: {one.name} lies on {other.name}"


def overlap(one: Any, other: Any) -> bool:
    slack = Pt(1)
    return (
        one.left + slack < other.left + other.width
        and other.left + slack < one.left + one.width
        and one.top + slack < other.top + other.height
        and other.top + slack < one.top + one.height
    )
