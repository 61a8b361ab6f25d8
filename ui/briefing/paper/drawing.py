"""A figure as an SVG drawing, without a browser: what Plotly draws, for paper."""

from collections.abc import Mapping
from typing import Any

from ui import theme
from ui.briefing.paper import flow, fonts, legend, marks
from ui.briefing.paper.axes import Axis
from ui.briefing.paper.canvas import LINE_HEIGHT, Canvas, dashes
from ui.briefing.paper.frame import Frame, laid_out, natural_height, reference
from ui.briefing.paper.words import lines_of
from ui.charts.figure import Figure

WIDTH = 760
_WIDTH_OF_FLOW = 880
SIZE = 14
#: Ticks whose words would come closer to each other than this are left out.
_APART = 6.0
INK, PAPER = theme.LIGHT.ink, theme.LIGHT.paper


def svg_of(figure: Figure, width: float = WIDTH, height: float | None = None) -> str:
    """Return a figure as the text of an SVG drawing.

    Parameters
    ----------
    figure
        A Plotly figure as plain values, in the colours of the light theme: traces of the types scatter, bar,
        heatmap and sankey, with the shapes and labels of its layout.
    width
        Pixels; letters of the figure keep their size in them.
    height
        Pixels; without, what the figure asks for, and maps keep their shape.

    Returns
    -------
    str
        The same for the same figure. Words are words, in the typeface of `ui.briefing.paper.fonts`.
    """
    tall = natural_height(figure, width) if height is None else height
    canvas = Canvas(width, tall)
    canvas.rectangle(0, 0, width, tall, fill=PAPER)
    frame = laid_out(figure, width, tall)
    layout = figure["layout"]
    shapes = layout.get("shapes") or ()
    for shape in shapes:
        if shape.get("layer") == "below":
            _shape(canvas, frame, shape)
    for axis in frame.axes.values():
        _grid(canvas, frame, axis)
    _traces(canvas, frame, figure)
    for axis in frame.axes.values():
        _labels(canvas, frame, axis)
    for shape in shapes:
        if shape.get("layer") != "below":
            _shape(canvas, frame, shape)
    for annotation in layout.get("annotations") or ():
        _annotation(canvas, frame, flow.narrowed(figure, frame, annotation))
    if frame.entries:
        is_upright = frame.entries[0].is_upright
        left = frame.right + 12 if is_upright else frame.left
        corner = (left, frame.top if is_upright else 0.0)
        legend.draw(canvas, frame.entries, corner, frame.right - left, INK)
    return canvas.text()


def _traces(canvas: Canvas, frame: Frame, figure: Figure) -> None:
    bars = marks.Bars(canvas, frame, figure["layout"], INK)
    for trace in figure["data"]:
        if trace["type"] == "bar":
            bars.draw(trace)
        elif trace["type"] == "heatmap":
            marks.heatmap(canvas, frame, trace)
        elif trace["type"] == "sankey":
            flow.draw(canvas, frame, trace)
        elif trace["type"] == "scatter":
            marks.scatter(canvas, frame, trace, INK)
        else:
            raise ValueError(f"traces of type {trace['type']} cannot be drawn on paper")


def _span(frame: Frame, axis: Axis) -> tuple[float, float]:
    """Return from where to where the lines of an axis's grid run."""
    other = frame.partner(axis)
    if other is None or axis.spec.get("anchor") == "free":
        return (frame.top, frame.bottom) if axis.is_across else (frame.left, frame.right)
    return min(other.start, other.end), max(other.start, other.end)


def _grid(canvas: Canvas, frame: Frame, axis: Axis) -> None:
    if not axis.is_visible or not axis.spec.get("showgrid"):
        return
    low, high = _span(frame, axis)
    parts = []
    for unit, _ in axis.ticks():
        at = axis.at(unit)
        parts.append([(at, low), (at, high)] if axis.is_across else [(low, at), (high, at)])
    colour = axis.spec.get("gridcolor") or theme.LIGHT.grid
    canvas.lines(parts, stroke=colour, stroke_width=float(axis.spec.get("gridwidth", 1)))


def _labels(canvas: Canvas, frame: Frame, axis: Axis) -> None:
    """Write the ticks and the title of an axis."""
    if not axis.is_visible:
        return
    font = axis.spec.get("tickfont") or {}
    size, colour = float(font.get("size", SIZE)), str(font.get("color", INK))
    on_top = axis.spec.get("side") == "top"
    edge = frame.edge(axis)
    out = 4.0 + (float(axis.spec.get("ticklen", 5)) - 4 if axis.spec.get("ticks") == "outside" else 0)
    room = out
    if axis.has_labels:
        taken = -1e9
        for at, lines in frame.ticks(axis):
            wide = max(fonts.width(line, size) for line, _ in lines)
            if not axis.is_across:
                canvas.words(edge - out - 2, at, lines, size=size, colour=colour, across="end")
                room = max(room, out + wide + 2)
                continue
            if at - wide / 2 < taken + _APART:
                continue
            taken = at + wide / 2
            y = edge - out if on_top else edge + out
            down = "bottom" if on_top else "top"
            inside = min(max(at, wide / 2), frame.width - wide / 2)
            canvas.words(inside, y, lines, size=size, colour=colour, down=down)
            room = max(room, out + size * LINE_HEIGHT * len(lines))
    _title(canvas, axis, edge, room)


def _title(canvas: Canvas, axis: Axis, edge: float, room: float) -> None:
    title = axis.spec.get("title") or {}
    if not title.get("text"):
        return
    font = title.get("font") or {}
    style: dict[str, Any] = {"size": float(font.get("size", SIZE)), "colour": str(font.get("color", INK))}
    middle = (axis.start + axis.end) / 2
    away = room + float(title.get("standoff", 4)) / 2
    lines = lines_of(title["text"])
    if axis.is_across:
        is_top = axis.spec.get("side") == "top"
        y = edge - away if is_top else edge + away
        canvas.words(middle, y, lines, down="bottom" if is_top else "top", **style)
    else:
        canvas.words(edge - away, middle, lines, down="bottom", turned=True, **style)


def _shape(canvas: Canvas, frame: Frame, shape: Mapping[str, Any]) -> None:
    corners = {
        name: reference(frame, str(shape.get(f"{name[0]}ref") or name[0]), name[0], shape[name])
        for name in ("x0", "x1", "y0", "y1")
    }
    if any(corner is None for corner in corners.values()):
        return
    x0, x1, y0, y1 = (float(corner or 0) for corner in corners.values())
    line = shape.get("line") or {}
    wide = float(line.get("width", 2))
    style: dict[str, Any] = {
        "stroke": line.get("color", INK) if wide else "",
        "stroke_width": wide,
        "stroke_dasharray": dashes(str(line.get("dash", ""))),
        "opacity": float(shape.get("opacity", 1.0)),
    }
    if shape["type"] == "line":
        canvas.lines([[(x0, y0), (x1, y1)]], **style)
    else:
        left, top = min(x0, x1), min(y0, y1)
        fill = shape.get("fillcolor") or "none"
        canvas.rectangle(left, top, abs(x1 - x0), abs(y1 - y0), fill=fill, **style)


def _annotation(canvas: Canvas, frame: Frame, label: Mapping[str, Any]) -> None:
    x = reference(frame, str(label.get("xref") or "x"), "x", label["x"])
    y = reference(frame, str(label.get("yref") or "y"), "y", label["y"])
    if x is None or y is None or not label.get("text"):
        return
    font = label.get("font") or {}
    across = {"left": "start", "right": "end"}.get(str(label.get("xanchor")), "middle")
    x += float(label.get("xshift", 0))
    y -= float(label.get("yshift", 0))
    lines = lines_of(label["text"])
    size = float(font.get("size", SIZE))
    wide = max(fonts.width(line, size) for line, _ in lines)
    # A label that would leave the drawing is moved in: paper has no edge to scroll over.
    start = {"start": 0.0, "middle": wide / 2, "end": wide}[across]
    x = max(min(x, frame.width - wide + start), start)
    down = str(label.get("yanchor") or "middle")
    tall = size * LINE_HEIGHT * len(lines)
    above = {"top": 0.0, "middle": tall / 2, "bottom": tall}[down]
    y = max(min(y, frame.height - tall + above), above)
    canvas.words(
        x,
        y,
        lines,
        size=size,
        colour=str(font.get("color", INK)),
        across=across,
        down=down,
        behind=str(label.get("bgcolor") or ""),
    )


def width_of(figure: Figure) -> float:
    """Return how many pixels wide a figure is drawn for a sheet: flows need more room for their names."""
    return _WIDTH_OF_FLOW if any(trace["type"] == "sankey" for trace in figure["data"]) else WIDTH
