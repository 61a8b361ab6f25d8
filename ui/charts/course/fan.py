"""A forecast as a fan: the newest counts, the middle of what would follow, and two bands round it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.periods import label_of
from ui import theme
from ui.charts.figure import Figure
from ui.charts.time import series as lines

_OPACITY = (0.34, 0.16)  # of the narrow band, and of the wide one


def fan_chart(
    known: tuple[Sequence[str], np.ndarray],
    codes: Sequence[str],
    middle: np.ndarray,
    bands: Sequence[tuple[str, np.ndarray, np.ndarray]],
    *,
    palette: theme.Palette = theme.LIGHT,
    height: int = theme.HEIGHT,
) -> Figure:
    """Return the counts as a line that goes on, dashed, inside of its bands.

    Parameters
    ----------
    known
        Periods in order and their counts: as many as the fan needs beside it.
    codes, middle
        Periods to come, and the middle of each.
    bands
        Name, lower and upper limits of each band, the narrow one first.
    palette, height
        Colours of the theme; pixels.
    """
    before, values = known
    joint = (lines.middle(before[-1]), float(values[-1]))
    ahead = [lines.middle(code) for code in codes]
    traces: list[dict[str, Any]] = []
    for (name, lower, upper), opacity in zip(bands, _OPACITY, strict=True):
        x = [joint[0], *ahead]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": [*x, *reversed(x)],
                "y": [joint[1], *upper.tolist(), *reversed(lower.tolist()), joint[1]],
                "fill": "toself",
                "fillcolor": theme.transparent(palette.brand, opacity),
                "line": {"width": 0, "color": palette.brand},
                "hoverinfo": "skip",
            }
        )
    traces.append(
        _line(
            before,
            values,
            palette.brand,
            [f"{label_of(c)}: {v:,.0f}" for c, v in zip(before, values, strict=True)],
        )
    )
    says = [
        f"{label_of(code)}: about {middle[place]:,.0f}"
        + "".join(f"<br>{name}: {low[place]:,.0f}–{high[place]:,.0f}" for name, low, high in bands)
        for place, code in enumerate(codes)
    ]
    traces.append(
        _line([before[-1], *codes], np.array([values[-1], *middle]), palette.ink, ["", *says], "dash")
    )
    layout = theme.layout(
        palette,
        height,
        **theme.ALONG,
        xaxis=theme.axis(palette),
        yaxis=theme.value_axis(palette, nticks=6, tickformat=",~r"),
    )
    return {"data": traces, "layout": layout}


def _line(
    codes: Sequence[str], values: np.ndarray, colour: str, says: list[str], dash: str = "solid"
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "forecast" if dash != "solid" else "published",
        "x": [lines.middle(code) for code in codes],
        "y": [float(one) for one in values],
        "line": {"color": colour, "width": 2, "dash": dash},
        "text": says,
        "hoverinfo": ["text" if one else "skip" for one in says],
    }
