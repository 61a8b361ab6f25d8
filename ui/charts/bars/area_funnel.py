"""Areas against the whole: rate by number of residents, with the limits of chance and protection."""

import math
from typing import Any

from analysis.findings.areas.bands import Funnel
from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.maps.classes import BAND_LABELS
from ui.charts.time.series import Words

RESIDENTS = {"text": "Population added up over the years", "font": {"size": 14}}
_MIDDLE = 2
_MOST_NAMED = 8


def area_funnel_chart(
    funnel: Funnel, words: Words, *, palette: theme.Palette = theme.LIGHT, selected: str = "", unit: str = ""
) -> Figure:
    """Return a funnel plot: one point an area, the whole as a line, limits of 95 % and 99.8 % around it.

    Parameters
    ----------
    funnel
        From `analysis.findings.areas.bands.area_funnel`.
    words
        Names of areas.
    palette
        Colours of the theme.
    selected
        Area drawn with a ring and its name.
    unit
        Unit of the rate, for the hover text.

    Returns
    -------
    Figure
        Areas whose rate is not shown are left out. Names stand at areas outside the outer limits, unless
        there are many.
    """
    rows = [row for row in funnel.areas.iter_rows(named=True) if row["rate"] is not None and row["base"]]
    lines = funnel.lines
    traces: list[dict[str, Any]] = []
    for low, high, opacity in (("low998", "high998", 0.10), ("low95", "high95", 0.16)):
        base = lines["base"].to_list()
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [*base, *reversed(base)],
                "y": [*lines[high].to_list(), *reversed(lines[low].to_list())],
                "fill": "toself",
                "fillcolor": theme.transparent(palette.muted, opacity),
                "line": {"width": 0},
                "hoverinfo": "skip",
                "name": f"{low[3:]} limits",
            }
        )
    traces.append(_points(rows, words, palette, selected, unit))
    layout = theme.layout(
        palette,
        theme.HEIGHT,
        xaxis=theme.axis(palette, type="log", title=RESIDENTS, **_ticks(rows)),
        yaxis=theme.value_axis(palette, nticks=6, rangemode="normal"),
        shapes=[_whole_line(funnel, palette)],
        annotations=[
            _whole_label(funnel, palette),
            *_names(rows, funnel.whole_rate, words, palette, selected),
        ],
    )
    return {"data": traces, "layout": layout}


def _points(
    rows: list[dict[str, Any]], words: Words, palette: theme.Palette, selected: str, unit: str
) -> dict[str, Any]:
    rings = [row["area"] == selected for row in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["base"] for row in rows],
        "y": [row["rate"] for row in rows],
        "marker": {
            "size": [13 if ring else 9 for ring in rings],
            "color": [
                palette.not_recorded if row["band"] is None else palette.diverging[row["band"]]
                for row in rows
            ],
            "line": {
                "width": [2.5 if ring else 1 for ring in rings],
                "color": [palette.ink if ring else palette.muted for ring in rings],
            },
        },
        "text": [_hover(row, words, unit) for row in rows],
        "hovertemplate": "%{text}<extra></extra>",
        "name": "areas",
    }


def _hover(row: dict[str, Any], words: Words, unit: str) -> str:
    band = "no band" if row["band"] is None else BAND_LABELS[row["band"]]
    said = f"<b>{text.plain(words('area', row['area']))}</b><br>{text.significant(row['rate'])} {unit}"
    return f"{said}<br>{band}"


def _ticks(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return round ticks of a logarithmic axis: 1, 2, 5 in each power of ten, more where few fit."""
    bases = [row["base"] for row in rows]
    if not bases:
        return {}
    low, high = min(bases) * 0.7, max(bases) * 1.15
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    coarse, fine = (
        [step * 10**power for power in powers for step in steps if low <= step * 10**power <= high]
        for steps in ((1, 2, 5), (1, 2, 3, 4, 5, 6, 8))
    )
    ticks = coarse if len(coarse) > 1 else fine
    return {
        "tickvals": ticks,
        "ticktext": [text.number(tick) for tick in ticks],
        "range": [math.log10(low), math.log10(high)],
    }


def _whole_line(funnel: Funnel, palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": funnel.whole_rate,
        "y1": funnel.whole_rate,
        "line": {"color": palette.ink, "width": 1.5},
        "name": "whole",
    }


def _whole_label(funnel: Funnel, palette: theme.Palette) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 1,
        "y": funnel.whole_rate,
        "xanchor": "right",
        "yanchor": "bottom",
        "showarrow": False,
        "text": f"all areas: {text.significant(funnel.whole_rate)}",
        "font": {"size": 14, "color": palette.ink},
    }


def _names(
    rows: list[dict[str, Any]], whole: float, words: Words, palette: theme.Palette, selected: str
) -> list[dict[str, Any]]:
    """Return the names of areas, each on the side of its point on which fewer others lie."""
    outside = [row for row in rows if row["band"] in (0, 4)]
    named = outside if len(outside) <= _MOST_NAMED else []
    chosen = [row for row in rows if row["area"] == selected and row not in named]
    return [
        {
            "x": math.log10(row["base"]),
            "y": row["rate"],
            "showarrow": False,
            "yanchor": "top" if row["rate"] < whole else "bottom",
            "yshift": -6 if row["rate"] < whole else 6,
            "text": text.plain(words("area", row["area"])),
            "font": {"size": 14, "color": palette.ink},
        }
        for row in [*named, *chosen]
    ]
