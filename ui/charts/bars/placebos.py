"""One effect among those found where nothing happened: dots on one line, on a scale of ratios."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.whiskers import whiskers

_ROW, _FRAME = 56, 90
_TICKS = (0.1, 0.2, 0.25, 0.33, 0.5, 0.67, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0)


def placebos_chart(
    rows: Mapping[str, Sequence[float]],
    real: tuple[str, float, float, float],
    *,
    unit: str,
    palette: theme.Palette = theme.LIGHT,
    narrow: bool = False,
) -> Figure:
    """Return rows of open dots, and the real effect below them as a filled one with its interval.

    Parameters
    ----------
    rows
        Words to ratios above 0, such as those at earlier times.
    real
        Words, ratio, lower and upper limit.
    unit
        Words under the axis.
    palette
        Colours of the theme.
    narrow
        Whether labels are broken for a phone.
    """
    width = 16 if narrow else 30
    name, ratio, lower, upper = real
    label = text.wrapped(name, width)
    traces = [_dots(text.wrapped(one, width), values, palette) for one, values in rows.items()]
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": text.plain(name),
            "x": [ratio],
            "y": [label],
            "marker": {"color": palette.brand, "size": 13},
            "error_x": whiskers([(ratio, lower, upper)], palette.brand, thickness=2),
            "text": [f"{ratio:.1f} times ({lower:.1f}–{upper:.1f})"],
            "hoverinfo": "text",
        }
    )
    every = [one for values in rows.values() for one in values] + [ratio, max(lower, ratio / 20), upper]
    low, high = min(*every, 0.8) * 0.9, max(*every, 1.25) * 1.1
    layout = theme.layout(
        palette,
        _ROW * (len(rows) + 1) + _FRAME,
        margin={"l": 8, "r": 16, "t": 12, "b": 8, "pad": 4},
        showlegend=False,
        xaxis=theme.axis(
            palette,
            type="log",
            range=[math.log10(low), math.log10(high)],
            tickvals=[one for one in _TICKS if low <= one <= high],
            ticktext=[f"{one:g}" for one in _TICKS if low <= one <= high],
            title={
                "text": text.wrapped(unit, 26) if narrow else unit,
                "font": {"size": 14, "color": palette.muted},
            },
        ),
        yaxis=theme.axis(
            palette,
            type="category",
            showspikes=False,
            categoryorder="array",
            categoryarray=[label, *(text.wrapped(one, width) for one in list(rows)[::-1])],
            tickfont={"size": 14, "color": palette.ink},
        ),
        shapes=[
            {
                "type": "line",
                "x0": 1,
                "x1": 1,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {"color": palette.muted, "width": 1, "dash": theme.DASH_EVENT},
                "name": "no difference",
            }
        ],
    )
    return {"data": traces, "layout": layout}


def _dots(label: str, values: Sequence[float], palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": text.plain(label),
        "x": list(values),
        "y": [label] * len(values),
        "marker": {"color": palette.muted, "size": 9, "symbol": "circle-open", "line": {"width": 1.5}},
        "text": [f"{one:.1f} times" for one in values],
        "hoverinfo": "text",
    }
