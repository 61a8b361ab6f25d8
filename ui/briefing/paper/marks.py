"""What traces draw: lines, areas, signs, words, bars, fields of a grid."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ui.briefing.paper import signs
from ui.briefing.paper.axes import Axis, axis_of, each, first, is_along, widths_of
from ui.briefing.paper.canvas import Canvas, Point, dashes
from ui.briefing.paper.frame import Frame
from ui.briefing.paper.words import lines_of

SIZE = 14
_BESIDE = 3.0
Trace = Mapping[str, Any]


def scatter(canvas: Canvas, frame: Frame, trace: Trace, ink: str) -> None:
    """Draw lines, filled areas, signs and words of a trace."""
    across, down = frame.axes[axis_of(trace, "x")], frame.axes[axis_of(trace, "y")]
    mode = str(trace.get("mode") or "lines")
    parts = list(_parts(trace, across, down))
    opacity = float(trace.get("opacity", 1.0))
    line = trace.get("line") or {}
    wide = float(line.get("width", 2))
    if trace.get("fill"):
        pattern = trace.get("fillpattern") or {}
        fill = trace.get("fillcolor") or ""
        if shape := first(pattern.get("shape")):
            fill = canvas.hatch(shape, float(pattern.get("size", 6)), pattern["fgcolor"], pattern["bgcolor"])
        style = {"stroke": line.get("color", ""), "stroke_width": wide} if wide else {}
        canvas.lines(parts, closed=True, fill=fill, opacity=opacity, fill_rule="evenodd", **style)
    elif "lines" in mode and wide:
        canvas.lines(
            parts,
            stroke=line.get("color", ink),
            stroke_width=wide,
            stroke_dasharray=dashes(str(line.get("dash", ""))),
            stroke_linejoin="round",
            opacity=opacity,
        )
    _whiskers_of_points(canvas, trace, across, down, ink)
    if "markers" in mode:
        _signs(canvas, trace, across, down, opacity)
    if "text" in mode:
        _words(canvas, trace, across, down, ink)


def _parts(trace: Trace, across: Axis, down: Axis) -> Iterator[list[Point]]:
    """Give the pieces of a line: where a value is not shown, there is a gap."""
    part: list[Point] = []
    for x, y in zip(trace.get("x") or (), trace.get("y") or (), strict=False):
        left, top = across.place(x), down.place(y)
        if left is None or top is None:
            if part and not trace.get("connectgaps"):
                yield part
                part = []
        else:
            part.append((left, top))
    if part:
        yield part


def _signs(canvas: Canvas, trace: Trace, across: Axis, down: Axis, opacity: float) -> None:
    marker = trace.get("marker") or {}
    many = len(trace.get("x") or ())
    line = marker.get("line") or {}
    columns = zip(
        trace.get("x") or (),
        trace.get("y") or (),
        each(marker.get("size", 6), many),
        each(marker.get("color", ""), many),
        each(marker.get("symbol", "circle"), many),
        each(line.get("width", 0), many),
        each(line.get("color", ""), many),
        each(marker.get("opacity", 1.0), many),
        strict=False,
    )
    for x, y, size, colour, symbol, wide, edge, faint in columns:
        left, top = across.place(x), down.place(y)
        if left is None or top is None or not size:
            continue
        opaque = opacity * float(1.0 if faint is None else faint)
        look = signs.Look(str(symbol), float(size) / 2, colour, (edge or colour, wide), opaque)
        signs.draw(canvas, (left, top), look)


def _words(canvas: Canvas, trace: Trace, across: Axis, down: Axis, ink: str) -> None:
    font = trace.get("textfont") or {}
    many = len(trace.get("x") or ())
    columns = zip(
        trace.get("x") or (),
        trace.get("y") or (),
        each(trace.get("text", ""), many),
        each(trace.get("textposition", "middle center"), many),
        each(font.get("color", ink), many),
        each(font.get("size", SIZE), many),
        strict=False,
    )
    for x, y, words, position, colour, size in columns:
        left, top = across.place(x), down.place(y)
        if left is None or top is None or not words:
            continue
        vertical, _, horizontal = str(position).partition(" ")
        edge = {"right": "start", "left": "end"}.get(horizontal, "middle")
        left += {"start": _BESIDE, "end": -_BESIDE}.get(edge, 0.0)
        canvas.words(
            left,
            top,
            lines_of(words),
            size=float(size or SIZE),
            colour=colour or ink,
            across=edge,
            down={"top": "bottom", "bottom": "top"}.get(vertical, "middle"),
        )


class Bars:
    """Draws the bars of one figure after each other: those of a stack stand on the ones before."""

    def __init__(self, canvas: Canvas, frame: Frame, layout: Mapping[str, Any], ink: str) -> None:
        self._canvas, self._frame, self._ink = canvas, frame, ink
        self._gap = float(layout.get("bargap", 0.2))
        self._is_stack = layout.get("barmode") in ("stack", "relative")
        self._ends: dict[tuple[str, Any], float] = {}

    def draw(self, trace: Trace) -> None:
        """Draw the bars of a trace with their whiskers and words."""
        letter = "x" if is_along(trace, "x") else "y"
        along = self._frame.axes[axis_of(trace, letter)]
        other = "y" if letter == "x" else "x"
        beside = self._frame.axes[axis_of(trace, other)]
        many = len(trace.get(letter) or ())
        widths = widths_of(beside, trace, self._gap)
        bases = each(trace.get("base"), many)
        whiskers = []
        for place, (value, name) in enumerate(zip(trace[letter], trace[other], strict=False)):
            middle = beside.unit_of(name)
            if value is None or middle is None:
                continue
            start = self._start(along, bases[place], (beside.name, name), float(value))
            half = widths[place] / 2
            ends = along.at(start), along.at(start + float(value))
            sides = beside.at(middle - half), beside.at(middle + half)
            self._bar(trace, place, letter, ends, sides)
            self._words(trace, place, letter, ends[1], beside.at(middle))
            whiskers.append((place, start + float(value), beside.at(middle)))
        _whiskers(self._canvas, trace, letter, along, whiskers, ink=self._ink)

    def _start(self, along: Axis, base: Any, key: tuple[str, Any], value: float) -> float:
        if base is not None:
            return along.unit_of(base) or 0.0
        if not self._is_stack:
            return 0.0
        start = self._ends.get(key, 0.0)
        self._ends[key] = start + value
        return start

    def _bar(self, trace: Trace, place: int, letter: str, ends: Point, sides: Point) -> None:
        marker = trace.get("marker") or {}
        pattern = marker.get("pattern") or {}
        line = marker.get("line") or {}

        def of(value: Any) -> Any:
            return each(value, place + 1)[place]

        fill = of(marker.get("color")) or self._ink
        if shape := of(pattern.get("shape")):
            size = float(of(pattern.get("size")) or 6)
            fill = self._canvas.hatch(shape, size, of(pattern["fgcolor"]), of(pattern.get("bgcolor")) or fill)
        low, high = sorted(ends)
        first_side, last_side = sorted(sides)
        box = (low, first_side, high - low, last_side - first_side)
        if letter == "y":
            box = (first_side, low, last_side - first_side, high - low)
        opacity = of(marker.get("opacity"))
        self._canvas.rectangle(
            *box,
            fill=fill,
            opacity=1.0 if opacity is None else float(opacity),
            stroke=of(line.get("color")) if of(line.get("width")) else "",
            stroke_width=float(of(line.get("width")) or 0),
        )

    def _words(self, trace: Trace, place: int, letter: str, end: float, middle: float) -> None:
        if trace.get("textposition") in (None, "none"):
            return
        words = each(trace.get("text"), place + 1)[place]
        if not words:
            return
        font = trace.get("textfont") or {}
        colour, size = first(font.get("color")) or self._ink, float(first(font.get("size")) or SIZE)
        if letter == "x":
            self._canvas.words(
                end + _BESIDE, middle, lines_of(words), size=size, colour=colour, across="start"
            )
        else:
            self._canvas.words(
                middle, end - _BESIDE, lines_of(words), size=size, colour=colour, down="bottom"
            )


def _whiskers(
    canvas: Canvas,
    trace: Trace,
    letter: str,
    along: Axis,
    marks: Sequence[tuple[int, float, float]],
    *,
    ink: str,
) -> None:
    """Draw the intervals of marks: which one of the trace, its value, and where it lies across the axis."""
    error = trace.get(f"error_{letter}") or {}
    more = error.get("array")
    if not more:
        return
    less = error.get("arrayminus") or more
    cap = float(error.get("width", 4))
    parts: list[list[Point]] = []
    for place, value, middle in marks:
        if more[place] is None or less[place] is None or not (more[place] or less[place]):
            continue
        low, high = along.at(value - less[place]), along.at(value + more[place])
        whisker = [
            [(low, middle), (high, middle)],
            [(low, middle - cap), (low, middle + cap)],
            [(high, middle - cap), (high, middle + cap)],
        ]
        parts += whisker if letter == "x" else [[(y, x) for x, y in part] for part in whisker]
    wide = float(error.get("thickness", 1.5))
    canvas.lines(parts, stroke=error.get("color", ink), stroke_width=wide)


def _whiskers_of_points(canvas: Canvas, trace: Trace, across: Axis, down: Axis, ink: str) -> None:
    for letter, along, other in (("x", across, down), ("y", down, across)):
        beside = "y" if letter == "x" else "x"
        marks = [
            (place, float(value), middle)
            for place, (value, where) in enumerate(
                zip(trace.get(letter) or (), trace.get(beside) or (), strict=False)
            )
            if isinstance(value, int | float) and (middle := other.place(where)) is not None
        ]
        _whiskers(canvas, trace, letter, along, marks, ink=ink)


def heatmap(canvas: Canvas, frame: Frame, trace: Trace) -> None:
    """Draw the fields of a grid in the colours of their classes."""
    across, down = frame.axes[axis_of(trace, "x")], frame.axes[axis_of(trace, "y")]
    colour = shades(trace)
    gap_x, gap_y = float(trace.get("xgap", 0)), float(trace.get("ygap", 0))
    wide, tall = (abs(axis.at(1) - axis.at(0)) for axis in (across, down))
    for y, row in zip(trace["y"], trace["z"], strict=False):
        for x, value in zip(trace["x"], row, strict=False):
            left, top = across.place(x), down.place(y)
            if value is None or left is None or top is None:
                continue
            canvas.rectangle(
                left - wide / 2 + gap_x / 2,
                top - tall / 2 + gap_y / 2,
                wide - gap_x,
                tall - gap_y,
                fill=colour(float(value)),
            )


def shades(trace: Trace) -> Callable[[float], str]:
    """Return the colour of each value of a grid."""
    low, high = float(trace["zmin"]), float(trace["zmax"])
    stops = [(float(stop), str(colour)) for stop, colour in trace["colorscale"]]

    def colour(value: float) -> str:
        # Classes are steps: each colour stands twice, at the beginning and at the end of its step.
        part = (value - low) / (high - low) if high > low else 0.0
        return next((shade for stop, shade in reversed(stops) if stop <= part), stops[0][1])

    return colour
