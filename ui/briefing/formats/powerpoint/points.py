"""Reads points: signs and curves over a scale of numbers."""

from collections.abc import Iterator, Sequence
from typing import Any

from ui.briefing.formats.powerpoint.series import (
    POINTS,
    Chart,
    Series,
    Trace,
    rounded,
    suffix_of,
    title_of,
)
from ui.briefing.paper.axes import Axis, each, first
from ui.briefing.paper.words import lines_of, plain
from ui.charts.figure import Figure


def points(traces: Sequence[Trace], x: Axis, y: Axis, figure: Figure) -> Chart:
    """Read signs and curves; signs of different colours are rows of their own."""
    series: list[Series] = []
    for trace in traces:
        if trace.get("fill"):
            series += _limits(trace)
        elif trace.get("mode") == "markers":
            series += _signs(trace, figure, x)
        else:
            series.append(_curve(trace))
    return Chart(
        POINTS,
        (),
        tuple(series),
        suffix=suffix_of(y),
        axis_title=title_of(y),
        across_title=title_of(x),
        low=0.0 if y.spec.get("rangemode") == "tozero" else None,
        high=y.high if y.spec.get("range") else None,
    )


def _row(name: str, pairs: Sequence[tuple[Any, Any]], colour: str, **more: Any) -> Series:
    values = tuple(rounded(float(y)) for _, y in pairs)
    return Series(name, values, colour, xs=tuple(rounded(float(x)) for x, _ in pairs), **more)


def _pairs(trace: Trace) -> list[tuple[Any, Any]]:
    both = zip(trace["x"], trace["y"], strict=True)
    return [(x, y) for x, y in both if x is not None and y is not None]


def _limits(trace: Trace) -> Iterator[Series]:
    """Give the upper limit, drawn forwards, and the lower one, drawn back."""
    pairs = _pairs(trace)
    half = len(pairs) // 2
    name = _words_of_limits(str(trace.get("name") or "interval"))
    colour = str((trace.get("line") or {}).get("color") or trace["fillcolor"])
    for words, part in (("upper", pairs[:half]), ("lower", pairs[half:][::-1])):
        yield _row(f"{name}, {words}", _thinned(part), colour, is_limit=True, has_signs=False)


def _curve(trace: Trace) -> Series:
    marker = trace.get("marker") or {}
    colour = str((trace.get("line") or {}).get("color") or first(marker.get("color")))
    name = plain(trace.get("name") or "Value")
    return _row(name, _pairs(trace), colour, has_signs="markers" in str(trace.get("mode")))


def _signs(trace: Trace, figure: Figure, x: Axis) -> Iterator[Series]:
    pairs = _pairs(trace)
    marker = trace.get("marker") or {}
    colours = [str(colour) for colour in each(marker.get("color"), len(pairs))]
    said = [lines_of(text) for text in each(trace.get("text", ""), len(pairs))]
    labels = _point_labels(figure, x, pairs)
    for colour in dict.fromkeys(colours):
        places = [place for place, other in enumerate(colours) if other == colour]
        last = said[places[0]][-1][0].strip()
        # What a colour means is the last line of what a pointer reads.
        name = last if len(set(colours)) > 1 and last else plain(trace.get("name") or "Value")
        yield _row(
            name[:1].upper() + name[1:],
            [pairs[place] for place in places],
            colour,
            has_line=False,
            labels=tuple(labels[place] for place in places),
        )


#: Limits are smooth: so many corners draw them.
_CORNERS = 24


def _thinned(pairs: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    if len(pairs) <= _CORNERS:
        return list(pairs)
    return [pairs[round(place * (len(pairs) - 1) / (_CORNERS - 1))] for place in range(_CORNERS)]


def _words_of_limits(name: str) -> str:
    """The funnel's limits are called "95 limits" and "998 limits"."""
    number, _, rest = name.partition(" ")
    if rest == "limits" and number.isdigit():
        return f"{number[:2]}{'.' + number[2:] if len(number) > 2 else ''}% limit"
    return plain(name)


def _point_labels(figure: Figure, x: Axis, pairs: Sequence[tuple[Any, Any]]) -> tuple[str, ...]:
    """Return the names that the figure writes at single points."""
    named = {}
    for label in figure["layout"].get("annotations") or ():
        if label.get("xref", "x") == x.name and label.get("yref", "y") != "paper":
            named[round(float(label["x"]), 6), float(label["y"])] = plain(label["text"])
    return tuple(named.get((round(x.unit_of(a) or 0.0, 6), float(b)), "") for a, b in pairs)
