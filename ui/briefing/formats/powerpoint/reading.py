"""What a figure shows, as charts that an office program can draw: categories, series, limits.

A figure that has no such form gives nothing; its tables are shown then.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ui.briefing.formats.powerpoint import bars, lines, points
from ui.briefing.formats.powerpoint.series import BARS, Chart, Trace
from ui.briefing.paper.axes import Axis, axes_of, axis_of, first, is_along
from ui.briefing.paper.words import plain
from ui.charts.figure import Figure

#: Names of more bars than these have no room beside each other on a slide: their table has.
MOST_BARS = 16


def charts_of(figure: Figure) -> list[Chart]:
    """Return a figure as charts, one a panel; none where it has no such form."""
    axes = axes_of(figure)
    traces = [trace for trace in figure["data"] if not _is_empty(trace)]
    if not traces or any(_has_no_form(trace, axes) for trace in traces):
        return []
    hidden = [trace for trace in traces if _is_hatched(trace)]
    shown = [trace for trace in traces if not _is_hatched(trace)]
    panels: dict[str, list[Trace]] = defaultdict(list)
    for trace in shown:
        panels[axis_of(trace, "x")].append(trace)
    charts = []
    for name, members in panels.items():
        chart = _panel(figure, axes, members, hidden if len(panels) == 1 else ())
        if chart is None or (chart.kind == BARS and len(chart.categories) > MOST_BARS):
            return []
        title = _title(figure, axes[name]) if len(panels) > 1 else ""
        charts.append(replace(chart, title=title))
    return charts


def _is_empty(trace: Trace) -> bool:
    if trace["type"] in ("sankey", "heatmap"):
        return False
    letter = "x" if is_along(trace, "x") else "y"
    return all(value is None for value in trace.get(letter) or ())


def _is_hatched(trace: Trace) -> bool:
    pattern = (trace.get("marker") or {}).get("pattern") or {}
    return trace["type"] == "bar" and first(pattern.get("shape")) == "/"


def _has_no_form(trace: Trace, axes: Mapping[str, Axis]) -> bool:
    if trace["type"] not in ("scatter", "bar"):
        return True
    if trace["type"] == "bar" and not _is_hatched(trace):
        pattern = (trace.get("marker") or {}).get("pattern") or {}
        return trace.get("base") is not None or bool(first(pattern.get("shape")))
    if trace["type"] == "bar":
        return axes[axis_of(trace, "x")].kind == "date" and is_along(trace, "x")
    # Shapes of a map, and the stages of laws, are no values.
    axis = axes[axis_of(trace, "y")]
    return not axis.is_visible and trace.get("mode") != "text"


def _panel(
    figure: Figure, axes: Mapping[str, Axis], traces: Sequence[Trace], hidden: Sequence[Trace]
) -> Chart | None:
    x, y = axes[axis_of(traces[0], "x")], axes[axis_of(traces[0], "y")]
    upright = [trace for trace in traces if trace["type"] == "bar"]
    if upright and all(is_along(trace, "x") for trace in upright):
        return bars.bars(figure, traces, x, y, hidden)
    if upright:
        return bars.columns(figure, upright, x, y)
    if y.kind == "category":
        return bars.pairs(traces, x, y)
    if x.kind in ("date", "category") or _has_names(x):
        return lines.lines(figure, traces, x, y, hidden)
    return points.points(traces, x, y, figure)


def _has_names(axis: Axis) -> bool:
    """Whether every value has a name of its own, such as the months of a year."""
    texts = [str(text) for text in axis.spec.get("ticktext") or ()]
    return bool(texts) and axis.kind == "linear" and all(text[:1].isalpha() for text in texts)


def _title(figure: Figure, axis: Axis) -> str:
    """Return the words above a panel: those nearest to its corner."""
    low = float((axis.spec.get("domain") or (0, 1))[0])
    y_axis = figure["layout"].get(f"yaxis{axis.name[1:]}") or {}
    high = float((y_axis.get("domain") or (0, 1))[1])
    labels = [
        label
        for label in figure["layout"].get("annotations") or ()
        if label.get("xref") == "paper" and label.get("yref") == "paper"
    ]
    if not labels:
        return ""
    nearest = min(labels, key=lambda one: (float(one["x"]) - low) ** 2 + (float(one["y"]) - high) ** 2)
    return plain(nearest["text"])
