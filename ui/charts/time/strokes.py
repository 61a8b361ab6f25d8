"""The strokes of a time chart: the firm line, the provisional line, the interval, the hatched gaps."""

from typing import Any

from analysis.catalog.model import PERCENT
from ui import format as text
from ui import theme
from ui.charts.hover import Unit
from ui.charts.time import series as lines
from ui.charts.time.series import Series
from ui.charts.whiskers import are_drawn, whiskers

_MOST_POINTS_WITH_MARKS = 40
_WHISKER_OPACITY = 0.6


def suffix(kind: str, *, is_money: bool = False) -> dict[str, Any]:
    """Return axis settings for the unit: a percent sign for shares, 2M for money."""
    if is_money:
        return {"tickformat": "~s"}
    return {"ticksuffix": "%"} if kind in ("share", PERCENT) else {"tickformat": ",~r"}


def line_traces(
    one: Series, unit: Unit, colour: str, *, alone: bool, axes: tuple[str, str] = ("x", "y")
) -> list[dict[str, Any]]:
    """Return the traces of one line: the interval band, the firm stretch, the provisional stretch.

    Parameters
    ----------
    one, unit, colour
        The line, how its numbers are written, and its colour.
    alone
        Only a line by itself gets a filled band; several bands would hide each other, so theirs is fainter.
    axes
        Names of the axes, for small multiples.
    """
    axis = {"xaxis": axes[0], "yaxis": axes[1]}
    traces = [_band(one, colour, theme.BAND_OPACITY if alone else theme.BAND_OPACITY / 2) | axis]
    firm = [row if not lines.is_provisional(row) else {**row, "value": None} for row in one.rows]
    newest = max((n for n, row in enumerate(firm) if row["value"] is not None), default=-1)
    late = [row if n >= newest else {**row, "value": None} for n, row in enumerate(one.rows)]
    traces.append(_stroke(one, firm, unit, colour) | axis)
    if any(lines.is_provisional(row) and row["value"] is not None for row in one.rows):
        traces.append(_stroke(one, late, unit, colour, dash=theme.DASH_PROVISIONAL) | axis)
    return traces


def _stroke(
    one: Series, rows: list[dict[str, Any]], unit: Unit, colour: str, dash: str = "solid"
) -> dict[str, Any]:
    few = len(rows) <= _MOST_POINTS_WITH_MARKS
    alone = {run[0]["period"] for run in lines.runs(tuple(rows)) if len(run) == 1}
    says = [lines.is_provisional(row) or dash == "solid" for row in rows]  # the joint is said and marked once
    marked = [said and (few or row["period"] in alone) for row, said in zip(rows, says, strict=True)]
    sizes = [6 if mark else 0 for mark in marked]
    told = [row if said else {**row, "value": None} for row, said in zip(rows, says, strict=True)]
    return {
        "type": "scatter",
        "mode": "lines+markers" if any(marked) else "lines",  # a mark of no size still costs the browser
        "name": text.plain(one.label),
        "x": [lines.middle(row["period"]) for row in rows],
        "y": [row["value"] for row in rows],
        "line": {"color": colour, "width": 2, "dash": dash},
        "marker": {
            "color": colour,
            "size": sizes,
            "symbol": "circle-open" if dash != "solid" else "circle",
            "line": {"width": 1.5 if dash != "solid" else 0, "color": colour},
        },
        **_whiskers(one, told, colour),
        "connectgaps": False,
        "cliponaxis": False,
        "text": [
            lines.hover(one, row, unit) if row["value"] is not None and said else ""
            for row, said in zip(rows, says, strict=True)
        ],
        "hoverinfo": "x+text" if all(says) else ["x+text" if said else "skip" for said in says],
    }


def _whiskers(one: Series, rows: list[dict[str, Any]], colour: str) -> dict[str, Any]:
    """Return whiskers for values without a neighbour: a band needs two points to show an interval."""
    apart = {run[0]["period"] for run in lines.runs(one.rows) if len(run) == 1}

    kept = [row if row["period"] in apart else {} for row in rows]
    limits = whiskers(
        ((row.get("value"), row.get("lower"), row.get("upper")) for row in kept),
        theme.transparent(colour, _WHISKER_OPACITY),
        thickness=1.5,
    )
    return {"error_y": limits} if are_drawn(limits) else {}


def _band(one: Series, colour: str, opacity: float) -> dict[str, Any]:
    x: list[str | None] = []
    y: list[float | None] = []
    for run in lines.runs(one.rows):
        ranged = [row for row in run if row["lower"] is not None and row["upper"] is not None]
        there = [lines.middle(row["period"]) for row in ranged]
        x += [*there, *reversed(there), None]
        y += [*(row["upper"] for row in ranged), *(row["lower"] for row in reversed(ranged)), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x[:-1],
        "y": y[:-1],
        "fill": "toself",
        "fillcolor": theme.transparent(colour, opacity),
        "line": {"width": 0, "color": colour},
        "hoverinfo": "skip",
        "name": "95% interval",
    }


def hidden_trace(one: Series, lane: int, unit: Unit, palette: theme.Palette) -> dict[str, Any]:
    """Return hatched blocks for the periods of one line that are not shown, in its lane on ``y2``."""
    rows = [row for row in one.rows if row["value"] is None]
    spans = [(lines.end_day(row["period"]) - lines.first_day(row["period"])).days for row in rows]
    return {
        "type": "bar",
        "name": "not shown",
        "x": [lines.middle(row["period"]) for row in rows],
        "y": [0.8] * len(rows),
        "base": [lane + 0.1] * len(rows),
        "width": [days * lines.DAY_MS for days in spans],
        "marker": theme.hatch(palette),
        "yaxis": "y2",
        "text": [lines.hover(one, row, unit) for row in rows],
        "textposition": "none",
        "hoverinfo": "x+text",
    }
