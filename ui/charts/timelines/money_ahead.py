"""Money by quarter, behind and ahead of a day: one purpose and the rest, lighter where it lies ahead."""

import datetime
from collections.abc import Sequence
from typing import Any

from analysis.periods import label_of
from analysis.topics.awards import Quarter
from ui import format as text
from ui import theme
from ui.charts.figure import Figure

_BEHIND, _AHEAD = 0.9, 0.45
_MILLION = 1_000_000
_LABEL_WIDTH, _LABEL_PIXELS = 12, 96
_REST = "Everything else"


def money_chart(
    quarters: Sequence[Quarter],
    group: str,
    name: str,
    day: datetime.date,
    *,
    currency: str = "dollars",
    palette: theme.Palette = theme.LIGHT,
    height: int = theme.HEIGHT,
) -> Figure:
    """Return stacked bars of money by quarter.

    Parameters
    ----------
    quarters
        Of `analysis.topics.awards.by_quarter`.
    group, name
        The purpose drawn in the brand colour at the bottom, and its words; all others stand on it in grey.
    day
        The day of looking: a dotted vertical.
    currency
        Word for the unit.
    palette, height
        Colours of the theme; pixels.
    """
    rows = [(one, one.money.get(group, 0.0)) for one in quarters]
    mine = [value for _, value in rows]
    rest = [sum(one.money.values()) - value for one, value in rows]
    millions = max((sum(one.money.values()) for one in quarters), default=0.0) >= _MILLION
    scale, unit = (_MILLION, f"million {currency}") if millions else (1, currency)
    opacity = [_AHEAD if one.is_ahead else _BEHIND for one in quarters]
    first = quarters[0].first
    parts = [(mine, palette.brand, name), (rest, palette.other, _REST)]
    traces = [
        _bars(quarters, values, colour, opacity, words, unit=unit, scale=scale, known_on=text.date_text(day))
        for values, colour, words in (parts if any(rest) else parts[:1])
    ]
    at = (mine[-1] / scale / 2, (mine[-1] + rest[-1] / 2) / scale)
    colours = (palette.brand, palette.muted)
    labels = [
        *(_label(y, trace["name"], colour) for y, trace, colour in zip(at, traces, colours, strict=False)),
        {
            "x": day.isoformat(),
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "text": text.date_text(day),
            "showarrow": False,
            "font": {"size": 14, "color": palette.muted},
        },
    ]
    layout = theme.layout(
        palette,
        height,
        barmode="stack",
        bargap=0.12,
        annotations=labels,
        shapes=[
            {
                "type": "line",
                "x0": day.isoformat(),
                "x1": day.isoformat(),
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": palette.muted, "width": 1, "dash": theme.DASH_EVENT},
            }
        ],
        margin={"l": 8, "r": _LABEL_PIXELS, "t": 28, "b": 8, "pad": 4},
        xaxis=theme.axis(palette, type="date", dtick="M12", tick0=f"{first.year}-01-01", tickformat="%Y"),
        yaxis=theme.value_axis(palette, nticks=6, title=_title(f"{unit} a quarter", palette)),
    )
    return {"data": traces, "layout": layout}


def _title(words: str, palette: theme.Palette) -> dict[str, Any]:
    return {"text": words, "font": {"size": 14, "color": palette.muted}, "standoff": 8}


def _bars(
    quarters: Sequence[Quarter],
    values: Sequence[float],
    colour: str,
    opacity: Sequence[float],
    words: str,
    *,
    unit: str,
    scale: float,
    known_on: str,
) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": words,
        "x": [(one.first + datetime.timedelta(days=45)).isoformat() for one in quarters],
        "y": [value / scale for value in values],
        "marker": {"color": colour, "opacity": list(opacity), "line": {"width": 0}},
        "text": [
            f"<b>{words}</b><br>{label_of(one.period)}: {value / scale:,.2f} {unit}"
            + (f"<br>awards known on {known_on}" if one.is_ahead else "")
            for one, value in zip(quarters, values, strict=True)
        ],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _label(height: float, words: str, colour: str) -> dict[str, Any]:
    return {
        "x": 1,
        "xref": "paper",
        "xanchor": "left",
        "xshift": 8,
        "y": height,
        "align": "left",
        "text": text.wrapped(words, _LABEL_WIDTH),
        "showarrow": False,
        "font": {"size": 14, "color": colour},
    }
