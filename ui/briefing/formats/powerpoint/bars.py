"""Reads bars: of a figure with bars, or with two signs a name."""

from collections.abc import Sequence
from typing import Any

from ui.briefing.formats.powerpoint.series import (
    BARS,
    COLUMNS,
    NOT_SHOWN,
    STACKED,
    Chart,
    Series,
    Trace,
    period_names,
    shown,
    suffix_of,
    title_of,
)
from ui.briefing.paper.axes import Axis, each, first
from ui.briefing.paper.words import plain
from ui.charts.figure import Figure


def bars(figure: Figure, traces: Sequence[Trace], x: Axis, y: Axis, hidden: Sequence[Trace]) -> Chart | None:
    """Read bars beside each other, with the words at their ends and the names of what is not shown."""
    bars = [trace for trace in traces if trace["type"] == "bar"]
    if len(bars) > 1 or any(trace.get("mode") != "text" for trace in traces if trace["type"] == "scatter"):
        return None
    bar = bars[0]
    names = _names_of_bars(figure, bar, y)
    if names is None:
        return None
    words = {
        key: plain(text).strip()
        for trace in traces
        if trace["type"] == "scatter"
        for key, text in zip(trace["y"], trace["text"], strict=True)
    }
    unseen = [key for trace in hidden for key in trace["y"]]
    keys = [key for key in _order(y, [*bar["y"], *unseen]) if key in {*bar["y"], *unseen}]
    values = dict(zip(bar["y"], bar["x"], strict=True))
    place = {key: number for number, key in enumerate(bar["y"])}
    error = bar.get("error_x") or {}
    marker = bar.get("marker") or {}
    colours = each(marker.get("color"), len(place))
    opacities = each(marker.get("opacity", 1.0), len(place))

    def of(row: Sequence[Any], default: Any) -> tuple[Any, ...]:
        return tuple(row[place[key]] if key in place else default for key in keys)

    more = error.get("array")
    series = Series(
        name=plain(bar.get("name") or "Value"),
        values=tuple(shown(values.get(key)) for key in keys),
        colour=str(colours[0]),
        colours=of(colours, str(colours[0])),
        opacities=tuple(1.0 if one is None else float(one) for one in of(opacities, 1.0)),
        more=of(more, None) if more else (),
        less=of(error.get("arrayminus") or more, None) if more else (),
        labels=tuple(words.get(key, "") if key in values else "" for key in keys),
    )
    titles = tuple(
        f"{names.get(key, plain(key))} ({NOT_SHOWN})" if key not in values else names[key] for key in keys
    )
    return Chart(BARS, titles, (series,), suffix=suffix_of(x), across_title=title_of(x), high=x.high)


def _names_of_bars(figure: Figure, bar: Trace, y: Axis) -> dict[Any, str] | None:
    """Return the name of each bar: its category, or the words that stand above it."""
    if y.kind == "category":
        return {key: plain(key) for key in bar["y"]}
    labels = [
        (float(label["y"]), plain(label["text"]))
        for label in figure["layout"].get("annotations") or ()
        if label.get("yref") == "y" and label.get("yanchor") == "bottom"
    ]
    if len(labels) < len(bar["y"]):
        return None
    return {key: min(labels, key=lambda label: abs(label[0] - float(key)))[1] for key in bar["y"]}


def _order(axis: Axis, keys: Sequence[Any]) -> list[Any]:
    """Return the categories from the top down."""
    if axis.kind == "category":
        return list(reversed(axis.names))
    return sorted(dict.fromkeys(keys), reverse=axis.high > axis.low)


def pairs(traces: Sequence[Trace], x: Axis, y: Axis) -> Chart | None:
    """Read two signs a name, joined by a line, as two bars a name."""
    signs = [trace for trace in traces if trace.get("mode") == "markers"]
    words = {
        key: plain(text).strip()
        for trace in traces
        if trace.get("mode") == "text"
        for key, text in zip(trace["y"], trace["text"], strict=True)
    }
    keys = list(reversed(y.names))
    series = []
    for number, trace in enumerate(signs):
        values = dict(zip(trace["y"], trace["x"], strict=True))
        is_last = number == len(signs) - 1
        colour = str(first((trace["marker"].get("line") or {}).get("color")) or trace["marker"]["color"])
        series.append(
            Series(
                plain(trace.get("name") or ""),
                tuple(shown(values.get(key)) for key in keys),
                colour,
                opacities=() if is_last else (0.45,) * len(keys),
                labels=tuple(words.get(key, "") for key in keys) if is_last else (),
            )
        )
    if not series:
        return None
    names = tuple(plain(key) for key in keys)
    return Chart(BARS, names, tuple(series), suffix=suffix_of(x), across_title=title_of(x), high=x.high)


def columns(figure: Figure, bars: Sequence[Trace], x: Axis, y: Axis) -> Chart:
    """Read upright bars, beside or on top of each other."""
    keys = list(dict.fromkeys(key for trace in bars for key in trace["x"]))
    if x.kind == "category":
        keys = [name for name in x.names if name in keys]
    names = period_names(keys) if x.kind == "date" else [plain(key) for key in keys]
    series = []
    for trace in bars:
        values = dict(zip(trace["x"], trace["y"], strict=True))
        marker, error = trace.get("marker") or {}, trace.get("error_y") or {}
        opacities = dict(zip(trace["x"], each(marker.get("opacity", 1.0), len(values)), strict=True))
        more = error.get("array") or ()
        series.append(
            Series(
                plain(trace.get("name") or "Value"),
                tuple(shown(values.get(key)) for key in keys),
                str(first(marker.get("color"))),
                opacities=tuple(float(opacities.get(key) or 1.0) for key in keys),
                more=tuple(more),
                less=tuple(error.get("arrayminus") or more),
            )
        )
    kind = STACKED if figure["layout"].get("barmode") == "stack" and len(bars) > 1 else COLUMNS
    return Chart(kind, tuple(names), tuple(series), suffix=suffix_of(y), axis_title=title_of(y))
