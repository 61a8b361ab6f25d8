"""A series and its levels: steps over the counts, and a shade where a change of level can lie."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.periods import label_of
from ui import theme
from ui.charts.figure import Figure
from ui.charts.time import series as lines

_SHADE = 0.10


def steps_chart(
    codes: Sequence[str],
    values: np.ndarray,
    pieces: Sequence[tuple[int, int, float]],
    between: Sequence[tuple[str, str]],
    *,
    palette: theme.Palette = theme.LIGHT,
    height: int = theme.HEIGHT,
) -> Figure:
    """Return the counts as a thin line, their levels as steps, and a shade for each interval of when.

    Parameters
    ----------
    codes, values
        Periods in order, and their counts.
    pieces
        First and last place and level of each stretch of one level.
    between
        First and last period in which each change can lie.
    palette, height
        Colours of the theme; pixels.
    """
    middles = [lines.middle(code) for code in codes]
    counts: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "name": "published",
        "x": middles,
        "y": values.tolist(),
        "line": {"color": palette.other, "width": 1.5},
        "text": [f"{label_of(code)}: {value:,.0f}" for code, value in zip(codes, values, strict=True)],
        "hoverinfo": "text",
    }
    steps = [_step(codes, piece, palette) for piece in pieces]
    shades = [
        {
            "type": "rect",
            "layer": "below",
            "xref": "x",
            "yref": "paper",
            "x0": lines.first_day(first).isoformat(),
            "x1": lines.end_day(last).isoformat(),
            "y0": 0,
            "y1": 1,
            "fillcolor": theme.transparent(palette.amber, 2 * _SHADE),
            "line": {"width": 0},
            "name": "when",
        }
        for first, last in between
    ]
    notes = [
        {
            "x": middles[(first + last) // 2],
            "y": level,
            "xref": "x",
            "yref": "y",
            "yanchor": "bottom",
            "yshift": 10,
            "showarrow": False,
            "text": f"about {level:,.0f}",
            "font": {"size": 13, "color": palette.ink},
            "bgcolor": theme.transparent(palette.paper, 0.7),
        }
        for first, last, level in pieces
    ]
    layout = theme.layout(
        palette,
        height,
        **theme.ALONG,
        xaxis=theme.axis(palette),
        yaxis=theme.value_axis(palette, nticks=6, tickformat=",~r"),
        shapes=shades,
        annotations=notes,
    )
    return {"data": [counts, *steps], "layout": layout}


def _step(codes: Sequence[str], piece: tuple[int, int, float], palette: theme.Palette) -> dict[str, Any]:
    first, last, level = piece
    words = f"{label_of(codes[first])} to {label_of(codes[last])}: about {level:,.0f}"
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "level",
        "x": [lines.first_day(codes[first]).isoformat(), lines.end_day(codes[last]).isoformat()],
        "y": [level, level],
        "line": {"color": palette.brand, "width": 3},
        "text": [words, words],
        "hoverinfo": "text",
    }
