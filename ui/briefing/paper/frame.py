"""Lays a figure out: margins with room for labels and legend, and where each axis lies."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ui.briefing.paper import fonts
from ui.briefing.paper.axes import Axis, axes_of
from ui.briefing.paper.canvas import LINE_HEIGHT
from ui.briefing.paper.legend import Entry, height_of, legend_of, width_of
from ui.briefing.paper.words import lines_of
from ui.charts.figure import Figure

SIZE = 14
_AROUND = 8
#: A map alone is never wider than its legend leaves it.
_BESIDE = 16
_BETWEEN_NAMES = 8


@dataclass
class Frame:
    """A figure laid out: its axes have their places; the box is what lies inside the margins."""

    axes: dict[str, Axis]
    entries: list[Entry]
    width: float
    height: float
    left: float
    top: float
    right: float
    bottom: float

    def partner(self, axis: Axis) -> Axis | None:
        """Return the axis that an axis stands on."""
        anchor = axis.spec.get("anchor") or ("y" if axis.is_across else "x") + axis.name[1:]
        return self.axes.get(str(anchor)) or self.axes.get("y" if axis.is_across else "x")

    def ticks(self, axis: Axis) -> list[tuple[float, list[tuple[str, bool]]]]:
        """Return where the ticks of an axis lie, with their words in lines that leave each other room."""
        return [(axis.at(unit), lines) for unit, lines in _ticks(axis, abs(axis.end - axis.start))]

    def edge(self, axis: Axis) -> float:
        """Return where the line of an axis runs: below or above, left or right of what is drawn on it."""
        other = self.partner(axis)
        if axis.is_across:
            on_top = axis.spec.get("side") == "top"
            if axis.spec.get("anchor") == "free" or other is None:
                return self.top if on_top else self.bottom
            return min(other.start, other.end) if on_top else max(other.start, other.end)
        if axis.spec.get("anchor") == "free" or other is None:
            return self.left
        return min(other.start, other.end)


def laid_out(figure: Figure, width: float, height: float) -> Frame:
    """Return where everything of a figure lies on a drawing of a width and a height."""
    layout = figure["layout"]
    axes = axes_of(figure)
    margin = layout.get("margin") or {}
    pad = float(margin.get("pad", 0))
    left, top = float(margin.get("l", _AROUND)), float(margin.get("t", _AROUND))
    right, bottom = float(margin.get("r", _AROUND)), float(margin.get("b", _AROUND))
    for axis in sorted(axes.values(), key=lambda one: one.is_across):
        if not axis.is_visible or axis.spec.get("automargin") is False:
            continue
        low, high = _domain(axis)
        room = _room(axis, pad, (width - left - right) * (high - low))
        if not axis.is_across:
            left = max(left, room + 6) if _is_first(axis, axes) else left
        elif axis.spec.get("side") == "top":
            top = max(top, room)
        elif _is_lowest(axis, axes):
            bottom = max(bottom, room)
    entries = legend_of(figure)
    legend = layout.get("legend") or {}
    if entries and legend.get("orientation") == "h":
        top = max(top, height_of(entries, width - left - right) + 6)
    elif entries:
        right = max(right, width_of(entries) + _BESIDE)
    frame = Frame(axes, entries, width, height, left, top, width - right, height - bottom)
    _spread(frame)
    return frame


def natural_height(figure: Figure, width: float) -> float:
    """Return the height of a figure when it is as wide as given: maps keep their shape."""
    layout = figure["layout"]
    height = float(layout.get("height") or 320)
    maps = [key for key in layout if key.startswith("yaxis") and layout[key].get("scaleanchor")]
    if not maps:
        return height
    if len(maps) > 1:
        return height * max(0.72, min(1.0, width / 1_000))
    across, down = layout["xaxis"]["range"], layout["yaxis"]["range"]
    entries = legend_of(figure)
    room = width - (width_of(entries) + _BESIDE if entries else 0)
    shape = abs(down[1] - down[0]) / (abs(across[1] - across[0]) or 1)
    return min(height, max(room * shape, 200.0))


def _ticks(axis: Axis, length: float) -> list[tuple[float, list[tuple[str, bool]]]]:
    """Return the ticks of an axis in lines: names that would run into each other are broken."""
    ticks = [(unit, lines_of(words)) for unit, words in axis.ticks()]
    if not axis.is_across or len(ticks) < 2 or not any(_is_name(lines) for _, lines in ticks):
        return ticks
    size = float((axis.spec.get("tickfont") or {}).get("size", SIZE))
    units = sorted(unit for unit, _ in ticks)
    closest = min(b - a for a, b in pairwise(units))
    room = closest / (abs(axis.high - axis.low) or 1.0) * length - _BETWEEN_NAMES
    if all(fonts.width(line, size) <= room for _, lines in ticks for line, _ in lines):
        return ticks
    return [
        (
            unit,
            [(part, bold) for line, bold in lines for part in fonts.wrapped(line, size, max(room, size * 3))],
        )
        for unit, lines in ticks
    ]


def _is_name(lines: list[tuple[str, bool]]) -> bool:
    return any(letter.isalpha() for line, _ in lines for letter in line) and len(lines[0][0]) > len("2024 Q1")


def _room(axis: Axis, pad: float, length: float) -> float:
    """Return how much room the words of an axis need outside."""
    room = 0.0
    if axis.has_labels and (ticks := _ticks(axis, length)):
        size = float((axis.spec.get("tickfont") or {}).get("size", SIZE))
        lines = [label for _, label in ticks]
        if axis.is_across:
            room += size * LINE_HEIGHT * max(len(label) for label in lines)
        else:
            room += max(fonts.width(line, size) for label in lines for line, _ in label)
        room += pad + (float(axis.spec.get("ticklen", 5)) if axis.spec.get("ticks") == "outside" else 2)
    if title := (axis.spec.get("title") or {}).get("text"):
        room += SIZE * LINE_HEIGHT * len(lines_of(title)) + float(axis.spec["title"].get("standoff", 4))
    return room


def _domain(axis: Axis) -> tuple[float, float]:
    low, high = axis.spec.get("domain") or (0, 1)
    return float(low), float(high)


def _is_first(axis: Axis, axes: dict[str, Axis]) -> bool:
    anchor = axes.get(str(axis.spec.get("anchor") or f"x{axis.name[1:]}")) or axes.get("x")
    return anchor is None or _domain(anchor)[0] < 0.01


def _is_lowest(axis: Axis, axes: dict[str, Axis]) -> bool:
    anchor = axes.get(str(axis.spec.get("anchor") or f"y{axis.name[1:]}"))
    return anchor is None or _domain(anchor)[0] < 0.01


def _spread(frame: Frame) -> None:
    for axis in frame.axes.values():
        low, high = _domain(axis)
        if axis.is_across:
            wide = frame.right - frame.left
            axis.start, axis.end = frame.left + low * wide, frame.left + high * wide
        else:
            tall = frame.bottom - frame.top
            axis.start, axis.end = frame.bottom - low * tall, frame.bottom - high * tall
    for axis in frame.axes.values():
        other = frame.axes.get(str(axis.spec.get("scaleanchor") or ""))
        if other is not None:
            _same_scale(axis, other)


def _same_scale(one: Axis, other: Axis) -> None:
    """Widen the range of whichever axis has room, so that a mile is a mile in both directions."""
    scales = [abs(axis.end - axis.start) / (abs(axis.high - axis.low) or 1.0) for axis in (one, other)]
    scale = min(scales)
    for axis in (one, other):
        middle, half = (axis.low + axis.high) / 2, abs(axis.end - axis.start) / scale / 2
        sign = 1 if axis.high >= axis.low else -1
        axis.low, axis.high = middle - sign * half, middle + sign * half


def reference(frame: Frame, name: str, letter: str, value: Any) -> float | None:
    """Return where a shape or label lies that refers to an axis, or to the whole box as ``paper``."""
    if name == "paper":
        if letter == "x":
            return frame.left + float(value) * (frame.right - frame.left)
        return frame.bottom - float(value) * (frame.bottom - frame.top)
    axis = frame.axes.get(name.replace(" domain", ""))
    if axis is None:
        return None
    if name.endswith(" domain"):
        return axis.start + float(value) * (axis.end - axis.start)
    return axis.place_of_layout(value)
