"""The average of each month of the year, with whiskers: whether there is a season."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from analysis.periods import MONTH_NAMES
from ui import format as text
from ui import theme


def months_chart(
    months: pl.DataFrame, *, palette: theme.Palette = theme.LIGHT, height: int = theme.HEIGHT_SMALL
) -> go.Figure:
    """Return columns from zero, one a month.

    Parameters
    ----------
    months
        Columns ``month``, ``value``, ``lower``, ``upper``, ``years_shown``, ``years_total``
        (`analysis.findings.seasons.months_of_year`).
    palette
        Colours of the theme.
    height
        Pixels.
    """
    rows = list(months.iter_rows(named=True))
    shown = [row for row in rows if row["value"] is not None]
    hidden = [row for row in rows if row["value"] is None]
    top = max((row["upper"] for row in shown), default=1)
    columns: dict[str, Any] = {
        "type": "bar",
        "x": [_short(row) for row in shown],
        "y": [row["value"] for row in shown],
        "marker": {"color": palette.brand, "opacity": 0.9},
        "error_y": {
            "type": "data",
            "array": [row["upper"] - row["value"] for row in shown],
            "arrayminus": [row["value"] - row["lower"] for row in shown],
            "symmetric": False,
            "color": palette.ink,
            "thickness": 1.2,
            "width": 4,
        },
        "text": [_hover(row) for row in shown],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }
    gaps: dict[str, Any] = {
        "type": "bar",
        "x": [_short(row) for row in hidden],
        "y": [top * 0.05] * len(hidden),
        "marker": theme.hatch(palette),
        "text": [f"{MONTH_NAMES[row['month'] - 1]}: shown in too few years" for row in hidden],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }
    layout = theme.layout(
        palette,
        height,
        bargap=0.3,
        barmode="overlay",
        xaxis=theme.axis(
            palette,
            type="category",
            categoryorder="array",
            categoryarray=[name[:3] for name in MONTH_NAMES],
            tickangle=0,
        ),
        yaxis=theme.value_axis(palette, nticks=5, tickformat=",~r"),
    )
    return go.Figure({"data": [columns, *([gaps] if hidden else [])], "layout": layout})


def _short(row: dict[str, Any]) -> str:
    return MONTH_NAMES[row["month"] - 1][:3]


def _hover(row: dict[str, Any]) -> str:
    said = f"<b>{MONTH_NAMES[row['month'] - 1]}</b><br>{text.number(row['value'])} on average"
    return f"{said} ({text.interval_text(row['lower'], row['upper'], 'count')})<br>{row['years_shown']} years"
