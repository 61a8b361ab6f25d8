"""The legend of a figure, where it has one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ui.briefing.paper import fonts, signs
from ui.briefing.paper.axes import first
from ui.briefing.paper.canvas import Canvas, Point
from ui.briefing.paper.words import plain
from ui.charts.figure import Figure

SIZE = 14
_BLOCK, _GAP, _LINE, _BETWEEN = 16.0, 8.0, 24.0, 22.0


@dataclass(frozen=True)
class Entry:
    """A line of the legend: its words and the trace it stands for; None for the title."""

    words: str
    trace: Mapping[str, Any] | None
    is_upright: bool


def legend_of(figure: Figure) -> list[Entry]:
    """Return the lines of a figure's legend: one a group of traces, the title first; none without legend."""
    layout = figure["layout"]
    if not layout.get("showlegend"):
        return []
    legend = layout.get("legend") or {}
    is_upright = legend.get("orientation", "v") == "v"
    entries = []
    if title := (legend.get("title") or {}).get("text"):
        entries.append(Entry(plain(title), None, is_upright))
    told: set[str] = set()
    for trace in figure["data"]:
        name = plain(trace.get("name") or "")
        group = str(trace.get("legendgroup") or name)
        if name and trace.get("showlegend") is not False and group not in told:
            told.add(group)
            entries.append(Entry(name, trace, is_upright))
    return entries


def width_of(entries: Sequence[Entry]) -> float:
    """Return how wide an upright legend is."""
    return max(_width(entry) for entry in entries)


def height_of(entries: Sequence[Entry], room: float) -> float:
    """Return how high a legend in rows is."""
    return _LINE * len(_rows(entries, room))


def _width(entry: Entry) -> float:
    wide = fonts.width(entry.words, SIZE, fonts.SEMIBOLD if entry.trace is None else fonts.REGULAR)
    return wide + (_BLOCK + _GAP if entry.trace is not None else 0)


def _rows(entries: Sequence[Entry], room: float) -> list[list[Entry]]:
    rows: list[list[Entry]] = [[]]
    used = 0.0
    for entry in entries:
        wide = _width(entry) + _BETWEEN
        if rows[-1] and used + wide > room + _BETWEEN:
            rows.append([])
            used = 0.0
        rows[-1].append(entry)
        used += wide
    return rows


def draw(canvas: Canvas, entries: Sequence[Entry], corner: Point, room: float, ink: str) -> None:
    """Draw a legend from a corner on: in rows above the figure, or upright beside it."""
    left, top = corner
    if entries[0].is_upright:
        for place, entry in enumerate(entries):
            _line(canvas, entry, left, top + _LINE * (place + 0.5), ink)
        return
    for place, row in enumerate(_rows(entries, room)):
        x = left
        for entry in row:
            _line(canvas, entry, x, top + _LINE * (place + 0.5), ink)
            x += _width(entry) + _BETWEEN


def _line(canvas: Canvas, entry: Entry, x: float, y: float, ink: str) -> None:
    if entry.trace is not None:
        _sign(canvas, entry.trace, x, y)
        x += _BLOCK + _GAP
    canvas.words(x, y, [(entry.words, entry.trace is None)], size=SIZE, colour=ink, across="start")


def _sign(canvas: Canvas, trace: Mapping[str, Any], x: float, y: float) -> None:
    marker = trace.get("marker") or {}
    if trace["type"] == "bar" or trace.get("fill"):
        pattern = trace.get("fillpattern") or marker.get("pattern") or {}
        fill = trace.get("fillcolor") or first(marker.get("color")) or ""
        if shape := first(pattern.get("shape")):
            fill = canvas.hatch(shape, float(pattern.get("size", 6)), pattern["fgcolor"], pattern["bgcolor"])
        line = marker.get("line") or {}
        canvas.rectangle(
            x,
            y - _BLOCK / 2,
            _BLOCK,
            _BLOCK,
            fill=fill,
            opacity=first(marker.get("opacity")) or 1.0,
            stroke=first(line.get("color")) or "",
            stroke_width=first(line.get("width")) or 0,
        )
        return
    colour = first((trace.get("line") or {}).get("color")) or first(marker.get("color")) or ""
    if "lines" in trace.get("mode", ""):
        canvas.lines([[(x, y), (x + _BLOCK, y)]], stroke=colour, stroke_width=2)
    if "markers" in trace.get("mode", ""):
        line = marker.get("line") or {}
        edge = (first(line.get("color")) or colour, first(line.get("width")))
        symbol = str(first(marker.get("symbol")) or "circle")
        look = signs.Look(symbol, 4.5, first(marker.get("color")) or colour, edge)
        signs.draw(canvas, (x + _BLOCK / 2, y), look)
