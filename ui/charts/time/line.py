"""A measure over time: lines with direct labels, intervals, provisional stretches, gaps and events."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis import Answer, Catalog
from analysis.findings.compare import Value
from ui import theme
from ui.charts.figure import Figure
from ui.charts.hover import unit_of
from ui.charts.labels import direct_labels
from ui.charts.time import series as lines
from ui.charts.time.event import Event
from ui.charts.time.expected import expected_label, expected_trace
from ui.charts.time.levels import Level, level_labels, level_shapes
from ui.charts.time.series import Series, Words
from ui.charts.time.strokes import hidden_trace, line_traces, suffix

_LANE_SHARE = 0.05
_LABEL_SPACE = 0.04  # of the time shown: room that a number needs beside the next
_SHADE = 0.06


def line_chart(
    answer: Answer,
    catalog: Catalog,
    *,
    words: Words,
    palette: theme.Palette = theme.LIGHT,
    events: Sequence[Event] = (),
    levels: Sequence[Level] = (),
    later: Mapping[str, Value] | None = None,
    height: int = theme.HEIGHT,
) -> Figure:
    """Return a line chart of an answer by period and at most one other dimension of up to four codes.

    Parameters
    ----------
    answer
        By ``period``, or ``period`` and one dimension. More than four lines: use
        `ui.charts.time.small_multiples.small_multiples`.
    catalog, words
        Give colours and words: `View.catalog`, `View.words`.
    palette
        Colours of the theme: `View.palette`.
    events
        Thin dotted verticals with a number; explain them below with `ui.cards.events.listed`.
    levels
        Means that the headline names, from `analysis.findings.changes.mean_values`.
    later
        What incomplete periods are expected to come to, from `analysis.findings.series.later.expected`.
    height
        Pixels.

    Returns
    -------
    Figure
        Values that are not shown are gaps, marked by hatched blocks in a lane under the plot.
    """
    shown, unit = lines.split(answer, words), unit_of(answer)
    dimension = catalog.dimensions.get(shown[0].dimension)
    traces: list[dict[str, Any]] = []
    hidden = [one for one in shown if any(row["value"] is None for row in one.rows)]
    for one in shown:
        colour = theme.colour_of(palette, dimension, one.code or "")
        traces += line_traces(one, unit, colour, alone=len(shown) == 1)
    if later:
        traces.append(expected_trace(later, answer.measure, palette))
    for lane, one in enumerate(hidden):
        traces.append(hidden_trace(one, lane, unit, palette))
    share = _LANE_SHARE * len(hidden)
    ticks = lines.year_ticks(shown[0].rows, answer.question.period_level)
    lanes = {"range": [0, max(len(hidden), 1)], "showticklabels": False}
    layout = theme.layout(
        palette,
        height,
        **theme.ALONG,
        xaxis=theme.axis(palette, anchor="free", position=0, **ticks),
        yaxis=theme.value_axis(
            palette,
            domain=[share + 0.02 if share else 0, 1],
            nticks=6,
            **suffix(unit.kind, is_money=unit.is_money),
        ),
        yaxis2=theme.axis(palette, domain=[0, max(share, 0.01)], **lanes),
        shapes=[
            *_provisional_shape(shown, palette),
            *(_event_shape(event, palette) for event in events),
            *level_shapes(levels, palette),
        ],
        annotations=[
            *(_event_number(group, palette) for group in _close_together(events, shown)),
            *level_labels(levels, answer.measure, palette),
            *expected_label(later or {}, answer.measure, palette),
        ],
        barmode="overlay",
    )
    if len(shown) > 1:
        wanted = [(one, theme.colour_of(palette, dimension, one.code or "")) for one in shown]
        labels, width = direct_labels(wanted, height)
        layout["annotations"] += labels
        layout["margin"] = {**layout["margin"], "r": width}
    if events:
        layout["margin"] = {**layout["margin"], "t": 26}
    return {"data": traces, "layout": layout}


def _provisional_shape(shown: list[Series], palette: theme.Palette) -> list[dict[str, Any]]:
    late = [row["period"] for one in shown for row in one.rows if lines.is_provisional(row)]
    if not late:
        return []
    return [
        {
            "type": "rect",
            "layer": "below",
            "xref": "x",
            "yref": "paper",
            "x0": lines.first_day(min(late)).isoformat(),
            "x1": lines.end_day(max(late)).isoformat(),
            "y0": 0,
            "y1": 1,
            "fillcolor": theme.transparent(palette.ink, _SHADE),  # see-through, so that it also prints
            "line": {"width": 0},
            "name": "provisional",
        }
    ]


def _event_shape(event: Event, palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": event.day.isoformat(),
        "x1": event.day.isoformat(),
        "y0": 0,
        "y1": 1,
        "line": {"color": palette.muted, "width": 1, "dash": theme.DASH_EVENT},
        "name": f"event {event.number}",
    }


def _close_together(events: Sequence[Event], shown: list[Series]) -> list[list[Event]]:
    """Return events in groups whose numbers would print over each other; each group gets one label."""
    periods = [row["period"] for one in shown for row in one.rows]
    if not periods:
        return [[event] for event in events]
    whole = lines.end_day(max(periods)) - lines.first_day(min(periods))
    groups: list[list[Event]] = []
    for event in events:
        if groups and event.day - groups[-1][0].day < whole * _LABEL_SPACE:
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups


def _event_number(group: Sequence[Event], palette: theme.Palette) -> dict[str, Any]:
    first, last = group[0], group[-1]
    return {
        "x": (first.day + (last.day - first.day) / 2).isoformat(),
        "y": 1,
        "xref": "x",
        "yref": "paper",
        "yanchor": "bottom",
        "text": str(first.number) if first is last else f"{first.number}–{last.number}",
        "showarrow": False,
        "font": {"size": 14, "color": palette.muted},
    }
