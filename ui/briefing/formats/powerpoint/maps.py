"""Maps on a slide: one shape an area, named, that can be coloured and moved by hand."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

from ui import theme
from ui.briefing.formats.powerpoint.sheet import (
    INK,
    LINE,
    Box,
    block,
    describe,
    hatched,
    next_id,
    rgb,
    width_of,
    words_at,
)
from ui.briefing.paper.axes import Axis, axis_of, first
from ui.briefing.paper.frame import laid_out, reference
from ui.briefing.paper.legend import Entry, legend_of
from ui.briefing.paper.words import plain
from ui.charts.figure import Figure

_EMU = 12_700
_NAMES = 12.0
_THINNEST = 0.75
_BLOCK, _STEP = 16.0, 24.0


def is_map(figure: Figure) -> bool:
    """Return whether a figure is a map drawn as shapes."""
    layout = figure["layout"]
    return any(name.startswith("yaxis") and layout[name].get("scaleanchor") for name in layout)


def add(slide: Any, box: Box, figure: Figure, alt: str) -> None:
    """Add a map, or several small ones, with its legend.

    The first shape carries the map in words; each area says its own name and value.
    """
    entries = legend_of(figure)
    room = max((width_of(entry.words, 14, bold=entry.trace is None) for entry in entries), default=0.0)
    wide = box.width - (room + _BLOCK + 32 if entries else 0)
    bare = {"data": figure["data"], "layout": figure["layout"] | {"showlegend": False}}
    frame = laid_out(bare, wide, box.height)
    ground = block(slide, Box(box.left, box.top, wide, box.height), theme.LIGHT.paper, "Map")
    describe(ground, "Map", alt)
    titles = _titles(figure)
    for trace in figure["data"]:
        across, down = frame.axes[axis_of(trace, "x")], frame.axes[axis_of(trace, "y")]
        if trace.get("fill"):
            _area(slide, box, trace, (across, down), titles.get(across.name, ""))
    for trace in figure["data"]:
        if trace.get("mode") == "text":
            _names_of_areas(slide, box, trace, frame.axes["x"], frame.axes["y"])
    for label in figure["layout"].get("annotations") or ():
        x = reference(frame, str(label["xref"]), "x", label["x"]) or 0.0
        y = reference(frame, str(label["yref"]), "y", label["y"]) or 0.0
        words = plain(label["text"])
        place = Box(box.left + x, box.top + y - 18, width_of(words, 14) + 8, 17)
        words_at(slide, place, words, f"Title: {words}", size=14, bold=True)
    _legend(slide, Box(box.left + wide + 24, box.top + 4, room + _BLOCK + 8, box.height), entries)


def _titles(figure: Figure) -> dict[str, str]:
    """Return the words above each small map, by its axis."""
    names = [name for name in figure["layout"] if name.startswith("xaxis")]
    labels = [plain(label["text"]) for label in figure["layout"].get("annotations") or ()]
    return {name.replace("axis", ""): words for name, words in zip(names, labels, strict=False)}


def _area(slide: Any, box: Box, trace: Mapping[str, Any], axes: tuple[Axis, Axis], title: str) -> None:
    """Add the outlines of one area, or of the areas of one class on a small map, as one shape."""
    rings = [
        [(round((box.left + x) * _EMU), round((box.top + y) * _EMU)) for x, y in ring]
        for ring in _rings(trace, *axes)
        if len(ring) > 2
    ]
    if not rings:
        return
    area = plain((trace.get("meta") or {}).get("area") or "")
    words = plain(trace.get("text") or "", between=", ")
    group = plain(trace.get("name") or "")
    name = area or ": ".join(filter(None, (title, group)))
    shape = _freeform(rings, next_id(slide))
    slide.shapes._spTree.append(shape)
    drawn = slide.shapes[-1]
    describe(drawn, name, words or (f"{area}: {group}" if area else f"{name}, {len(rings)} outlines"))
    drawn.line.color.rgb = rgb(str(trace["line"].get("color", theme.LIGHT.paper)))
    drawn.line.width = Pt(max(float(trace["line"].get("width", _THINNEST)), _THINNEST))
    if pattern := trace.get("fillpattern"):
        hatched(shape.spPr, str(first(pattern.get("fgcolor"))), str(first(pattern.get("bgcolor"))))
    else:
        drawn.fill.solid()
        drawn.fill.fore_color.rgb = rgb(str(trace["fillcolor"]))


def _freeform(rings: Sequence[Sequence[tuple[int, int]]], number: int) -> Any:
    """Return a free shape of closed outlines; the library's own builder takes seconds for a map."""
    xs, ys = ([point[axis] for ring in rings for point in ring] for axis in (0, 1))
    left, top = min(xs), min(ys)
    wide, tall = max(xs) - left or 1, max(ys) - top or 1
    paths = []
    for ring in rings:
        points = [f'<a:pt x="{x - left}" y="{y - top}"/>' for x, y in ring]
        lines = "".join(f"<a:lnTo>{point}</a:lnTo>" for point in points[1:])
        paths.append(f"<a:moveTo>{points[0]}</a:moveTo>{lines}<a:close/>")
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="Area"/><p:cNvSpPr/><p:nvPr/>'
        f'</p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{wide}" cy="{tall}"/></a:xfrm>'
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path w="{wide}" h="{tall}">{"".join(paths)}</a:path></a:pathLst></a:custGeom>'
        "</p:spPr></p:sp>"
    )


def _rings(trace: Mapping[str, Any], across: Axis, down: Axis) -> Iterator[list[tuple[float, float]]]:
    ring: list[tuple[float, float]] = []
    for x, y in zip([*trace["x"], None], [*trace["y"], None], strict=True):
        left, top = across.place(x), down.place(y)
        if left is None or top is None:
            if ring:
                yield ring
            ring = []
        else:
            ring.append((left, top))


def _names_of_areas(slide: Any, box: Box, trace: Mapping[str, Any], across: Axis, down: Axis) -> None:
    """Write the names of areas where they have room; the shapes say the others."""
    colours = trace["textfont"]["color"]
    taken: list[Box] = []
    for place, (x, y, words) in enumerate(zip(trace["x"], trace["y"], trace["text"], strict=True)):
        left, top = across.place(x) or 0.0, down.place(y) or 0.0
        name = plain(words)
        wide, tall = width_of(name, _NAMES), _NAMES * LINE
        at = Box(box.left + left - wide / 2, box.top + top - tall / 2, wide, tall)
        # Widths are rather too wide, and the letters do not fill their line.
        inked = Box(at.left + wide * 0.08, at.top + 2, wide * 0.84, tall - 4)
        if any(_touch(inked, other) for other in taken):
            continue
        taken.append(inked)
        colour = colours[place] if isinstance(colours, list) else str(colours)
        words_at(slide, at, name, f"Name of {name}", size=_NAMES, colour=colour, align=PP_ALIGN.CENTER)


def _touch(one: Box, other: Box) -> bool:
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.bottom
        and other.top < one.bottom
    )


def _legend(slide: Any, box: Box, entries: Sequence[Entry]) -> None:
    for place, entry in enumerate(entries):
        top = box.top + place * _STEP
        left = box.left
        if entry.trace is not None:
            shape = block(slide, Box(left, top, _BLOCK, _BLOCK), _fill(entry.trace), f"Legend: {entry.words}")
            if pattern := entry.trace.get("fillpattern"):
                hatched(shape._element.spPr, str(first(pattern["fgcolor"])), str(first(pattern["bgcolor"])))
            left += _BLOCK + 8
        words = Box(left, top, box.left + box.width - left + 8, 14 * LINE)
        words_at(
            slide, words, entry.words, f"Legend: {entry.words}", size=14, bold=entry.trace is None, colour=INK
        )


def _fill(trace: Mapping[str, Any]) -> str:
    return str(trace.get("fillcolor") or theme.LIGHT.hidden)
