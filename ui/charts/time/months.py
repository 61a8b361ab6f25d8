"""The average of each month of the year, with whiskers: whether there is a season."""

from typing import Any

import polars as pl

from analysis.periods import MONTH_NAMES
from analysis.words import counted
from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.hover import interval_words
from ui.charts.whiskers import whiskers


def months_chart(
    months: pl.DataFrame,
    *,
    palette: theme.Palette = theme.LIGHT,
    height: int = theme.HEIGHT_SMALL,
    narrow: bool = False,
) -> Figure:
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
    narrow
        On a phone: months are initials.
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
        "error_y": whiskers([(row["value"], row["lower"], row["upper"]) for row in shown], palette.ink),
        "text": [_hover(row) for row in shown],
        "textposition": "none",
        "hoverinfo": "x+text",
    }
    gaps: dict[str, Any] = {
        "type": "bar",
        "x": [_short(row) for row in hidden],
        "y": [top * 0.05] * len(hidden),
        "marker": theme.hatch(palette),
        "text": ["Shown in too few years"] * len(hidden),
        "textposition": "none",
        "hoverinfo": "x+text",
    }
    layout = theme.layout(
        palette,
        height,
        bargap=0.3,
        barmode="overlay",
        hovermode="x unified",
        xaxis=theme.axis(
            palette,
            type="category",
            categoryorder="array",
            categoryarray=month_ticks(),
            tickvals=month_ticks(),
            ticktext=month_ticks(narrow=narrow),
            tickangle=0,
        ),
        yaxis=theme.value_axis(palette, nticks=5, tickformat=",~r"),
    )
    return {"data": [columns, *([gaps] if hidden else [])], "layout": layout}


def month_ticks(*, narrow: bool = False) -> list[str]:
    """Return the months as an axis names them: "Jan", on a phone "J": twelve names would run together."""
    return [name[: 1 if narrow else 3] for name in MONTH_NAMES]


def _short(row: dict[str, Any]) -> str:
    return MONTH_NAMES[row["month"] - 1][:3]


def _hover(row: dict[str, Any]) -> str:
    limits = interval_words(row["lower"], row["upper"], "count")
    said = [f"{text.number(row['value'])} on average", limits, counted(row["years_shown"], "year")]
    return "<br>".join(part for part in said if part)
