"""Axes of a figure: what they count, from where to where, and where a value lies on paper."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ui.briefing.paper import numbers
from ui.briefing.paper.words import lines_of
from ui.charts.figure import Figure

#: Part of the span left free beyond the last value where the figure fixes no range.
_FREE = 0.05
_MOST_TICKS = 6
#: How much of the span of an axis a line of a label takes, about.
_LINE_OF_LABEL = 0.06


@dataclass
class Axis:
    """One axis.

    Attributes
    ----------
    name
        As traces name it: ``x``, ``y2``.
    spec
        Its part of the figure's layout.
    kind
        ``linear``, ``log``, ``date`` or ``category``.
    low, high
        Its ends in its own unit: numbers, their logarithms, milliseconds, or places in the list of names.
    names
        Names of a category axis, in order.
    start, end
        Where the ends lie on paper; set when the drawing is laid out.
    """

    name: str
    spec: Mapping[str, Any]
    kind: str
    low: float = 0.0
    high: float = 1.0
    names: tuple[str, ...] = ()
    start: float = 0.0
    end: float = 1.0
    index: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.index = {name: place for place, name in enumerate(self.names)}

    @property
    def is_across(self) -> bool:
        """Whether it runs from left to right."""
        return self.name.startswith("x")

    @property
    def is_visible(self) -> bool:
        """Whether anything of it is drawn."""
        return self.spec.get("visible", True) is not False

    @property
    def has_labels(self) -> bool:
        """Whether its ticks are written."""
        return self.is_visible and self.spec.get("showticklabels", True) is not False

    def unit_of(self, value: Any) -> float | None:
        """Return a value of a trace in the axis's own unit; None where it has no place."""
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return None
        if self.kind == "category":
            place = self.index.get(str(value))
            return float(place) if place is not None else _number(value)
        if self.kind == "date":
            return numbers.moment(value)
        number = _number(value)
        if self.kind == "log" and number is not None:
            return math.log10(number) if number > 0 else None
        return number

    def at(self, unit: float) -> float:
        """Return where a place in the axis's own unit lies on paper."""
        span = self.high - self.low
        return self.start + (unit - self.low) / span * (self.end - self.start) if span else self.start

    def place(self, value: Any) -> float | None:
        """Return where a value of a trace lies on paper."""
        unit = self.unit_of(value)
        return None if unit is None else self.at(unit)

    def place_of_layout(self, value: Any) -> float | None:
        """Return where a value of a shape or a label lies: on a log axis it is a logarithm already."""
        if self.kind == "log":
            return self.at(float(value))
        return self.place(value)

    def ticks(self) -> list[tuple[float, str]]:
        """Return the ticks, in the axis's own unit, with their words."""
        suffix = str(self.spec.get("ticksuffix", ""))
        prefix = str(self.spec.get("tickprefix", ""))
        given = self.spec.get("tickvals")
        if given is not None:
            words = self.spec.get("ticktext") or [self._written(value) for value in given]
            pairs = [(self.unit_of(value), str(text)) for value, text in zip(given, words, strict=False)]
        elif self.kind == "category":
            pairs = [(float(place), name) for place, name in enumerate(self.names)]
        elif self.kind == "date":
            pairs = [(day, str(numbers.day_of(day).year)) for day in self._days()]
        elif self.kind == "log":
            pairs = [
                (float(power), numbers.written(10.0**power))
                for power in range(math.ceil(self.low), math.floor(self.high) + 1)
            ]
        else:
            pattern = str(self.spec.get("tickformat", ""))
            most = int(self.spec.get("nticks") or _MOST_TICKS)
            pairs = [
                (value, numbers.written(value, pattern)) for value in numbers.ticks(self.low, self.high, most)
            ]
        low, high = sorted((self.low, self.high))
        slack = (high - low) * 1e-6
        return [
            (unit, f"{prefix}{text}{suffix}")
            for unit, text in pairs
            if unit is not None and low - slack <= unit <= high + slack
        ]

    def _written(self, value: Any) -> str:
        if self.kind == "linear" and isinstance(value, int | float):
            return numbers.written(value, str(self.spec.get("tickformat", "")))
        return str(value)

    def _days(self) -> list[float]:
        every = str(self.spec.get("dtick", ""))
        if every.startswith("M"):
            return numbers.dates(self.low, self.high, int(every[1:]), str(self.spec.get("tick0", "")))
        years = max(1, math.ceil((self.high - self.low) / numbers.MONTH / 12 / _MOST_TICKS))
        return numbers.dates(self.low, self.high, 12 * years)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def axes_of(figure: Figure) -> dict[str, Axis]:
    """Return the axes that a figure has or that its traces are drawn on."""
    layout = figure["layout"]
    traces = [trace for trace in figure["data"] if trace["type"] != "sankey"]
    names = {axis_of(trace, letter) for trace in traces for letter in "xy"}
    names |= {name.replace("axis", "") for name in layout if name[:5] in ("xaxis", "yaxis")}
    axes = {}
    for name in sorted(names):
        key = f"{name[0]}axis{name[1:]}"
        spec = layout.get(key) or {}
        mine = [trace for trace in traces if axis_of(trace, name[0]) == name]
        values = [value for trace in mine for value in _values(trace, name[0])]
        kind = spec.get("type") or _kind(values)
        axis = Axis(name, spec, kind, names=_names(spec, values) if kind == "category" else ())
        axis.low, axis.high = _range(axis, mine, layout)
        axes[name] = axis
    return axes


def axis_of(trace: Mapping[str, Any], letter: str) -> str:
    """Return the name of the axis a trace is drawn on."""
    return str(trace.get(f"{letter}axis") or letter)


def is_along(trace: Mapping[str, Any], letter: str) -> bool:
    """Return whether bars of a trace grow along an axis."""
    return trace["type"] == "bar" and (trace.get("orientation", "v") == "h") == (letter == "x")


def _values(trace: Mapping[str, Any], letter: str) -> Sequence[Any]:
    if trace["type"] == "bar" and is_along(trace, letter) and trace.get("base") is not None:
        base = trace["base"]
        return base if isinstance(base, list | tuple) else [base]
    return trace.get(letter) or []


def _kind(values: Sequence[Any]) -> str:
    words = [value for value in values if isinstance(value, str)]
    if not words:
        return "linear"
    return "date" if all(_is_day(value) for value in words) else "category"


def _is_day(words: str) -> bool:
    # Names such as "2024" are no days (`autotypenumbers` of the theme is strict).
    try:
        numbers.moment(words)
    except ValueError:
        return False
    return "-" in words


def _names(spec: Mapping[str, Any], values: Sequence[Any]) -> tuple[str, ...]:
    given = [str(name) for name in spec.get("categoryarray") or ()]
    seen = [str(value) for value in values if value is not None]
    return tuple(dict.fromkeys([*given, *seen]))


def _range(axis: Axis, traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> tuple[float, float]:
    if given := axis.spec.get("range"):
        low, high = given
        if axis.kind == "date":
            return numbers.moment(low), numbers.moment(high)
        return float(low), float(high)
    if axis.kind == "category":
        return -0.5, len(axis.names) - 0.5
    spans = [span for trace in traces for span in _reach(axis, trace)]
    if layout.get("barmode") == "stack":
        spans += _stacked(axis, traces)
    if not spans:
        return 0.0, 1.0
    low, high = min(low for low, _ in spans), max(high for _, high in spans)
    low, high = _with_labels(axis, layout, low, high)
    free = (high - low or abs(high) or 1.0) * _FREE
    if axis.spec.get("rangemode") == "tozero" and axis.kind == "linear" and low >= 0:
        return 0.0, high + (high or 1.0) * _FREE
    rests = any(is_along(trace, axis.name[0]) for trace in traces) and low >= 0
    is_time = axis.kind == "date" and any(trace["type"] == "bar" for trace in traces)
    low = low if rests or is_time else low - free
    return low, high if is_time else high + free


def _with_labels(axis: Axis, layout: Mapping[str, Any], low: float, high: float) -> tuple[float, float]:
    """Return a range in which the labels at values have room, as direct labels that were pushed apart."""
    letter = axis.name[0]
    reach = high - min(low, 0.0)
    for label in layout.get("annotations") or ():
        if str(label.get(f"{letter}ref") or letter) != axis.name:
            continue
        unit = axis.unit_of(label.get(letter))
        if unit is not None and axis.kind != "log":
            half = 0.0 if axis.is_across else reach * _LINE_OF_LABEL * len(lines_of(label["text"])) / 2
            low, high = min(low, unit), max(high, unit + half)
    return low, high


def _reach(axis: Axis, trace: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    letter = axis.name[0]
    yield from spans_of(axis, trace)
    error = trace.get(f"error_{letter}") or {}
    more = error.get("array")
    if more:
        less = error.get("arrayminus") or more
        for value, up, down in zip(trace[letter], more, less, strict=False):
            if (unit := axis.unit_of(value)) is not None:
                yield unit - (down or 0), unit + (up or 0)


def spans_of(axis: Axis, trace: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """Give from where to where each value of a trace reaches along an axis, in the axis's own unit."""
    letter = axis.name[0]
    values = trace.get(letter) or []
    if is_along(trace, letter):
        bases = each(trace.get("base"), len(values))
        for value, base in zip(values, bases, strict=False):
            if value is not None:
                start = axis.unit_of(base) if base is not None else 0.0
                yield start or 0.0, (start or 0.0) + float(value)
        return
    wide = widths_of(axis, trace, gap=0) if trace["type"] == "bar" else each(None, len(values))
    for value, width in zip(values, wide, strict=False):
        if (unit := axis.unit_of(value)) is not None:
            half = (width or 0.0) / 2
            yield unit - half, unit + half


def widths_of(axis: Axis, trace: Mapping[str, Any], gap: float = 0.2) -> list[float]:
    """Return how wide each bar of a trace is across its axis, in the axis's own unit."""
    values = [axis.unit_of(value) for value in trace.get(axis.name[0]) or []]
    if (given := trace.get("width")) is not None:
        return [float(width) for width in each(given, len(values))]
    known = sorted({value for value in values if value is not None})
    closest = min((b - a for a, b in pairwise(known)), default=1.0)
    if axis.kind == "category":
        closest = 1.0
    return [closest * (1 - gap)] * len(values)


def _stacked(axis: Axis, traces: Sequence[Mapping[str, Any]]) -> list[tuple[float, float]]:
    letter, other = axis.name[0], "y" if axis.is_across else "x"
    heights: dict[Any, float] = {}
    for trace in traces:
        if is_along(trace, letter):
            for place, value in zip(trace[other], trace[letter], strict=False):
                heights[place] = heights.get(place, 0.0) + (value or 0.0)
    return [(0.0, height) for height in heights.values()]


def each(value: Any, many: int) -> list[Any]:
    """Return one value for each mark, where Plotly takes a list or one for all.

    >>> each("a", 2), each(["a", "b"], 2)
    (['a', 'a'], ['a', 'b'])
    """
    if isinstance(value, list | tuple):
        return [*value, *[None] * (many - len(value))]
    return [value] * many


def first(value: Any) -> Any:
    """Return a value, or the first of a list of them."""
    if isinstance(value, list | tuple):
        return value[0] if value else None
    return value
