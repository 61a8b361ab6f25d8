"""Before and after, one row a group: an open and a filled dot on one scale, with the change in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ui import format as text
from ui import theme

_ROW_PIXELS = 40
_FRAME_PIXELS = 84
_LABEL_WIDTH = 26
_DOT = 12


@dataclass(frozen=True)
class Pair:
    """One group: its words, both values, and the change as it is written beside them."""

    label: str
    before: float
    after: float
    change: str


def before_after_chart(
    pairs: Sequence[Pair], *, unit: str, palette: theme.Palette = theme.LIGHT, top: float = 100
) -> go.Figure:
    """Return rows with two dots each, the first row on top.

    Parameters
    ----------
    pairs
        Groups in the order in which they are drawn.
    unit
        What the scale is in, such as "points of 100".
    palette
        Colours of the theme.
    top
        End of the scale, which begins at zero.
    """
    labels = [text.wrapped(one.label, _LABEL_WIDTH) for one in pairs]
    traces = [
        _link(labels, pairs, palette),
        _dots(labels, [one.before for one in pairs], "Before", palette, is_filled=False),
        _dots(labels, [one.after for one in pairs], "After", palette, is_filled=True),
        _words(labels, pairs, palette),
    ]
    layout = theme.layout(
        palette,
        max(_ROW_PIXELS * len(pairs) + _FRAME_PIXELS, 160),
        xaxis=theme.value_axis(
            palette, range=[0, top * 1.3], tickvals=[0, 25, 50, 75, 100], title={"text": unit, "standoff": 8}
        ),
        yaxis=theme.axis(
            palette,
            type="category",
            categoryorder="array",
            categoryarray=labels[::-1],
            tickfont={"size": 14, "color": palette.ink},
        ),
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 14}},
    )
    return go.Figure({"data": traces, "layout": layout})


def _link(labels: list[str], pairs: Sequence[Pair], palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [value for one in pairs for value in (one.before, one.after, None)],
        "y": [value for label in labels for value in (label, label, None)],
        "line": {"color": palette.muted, "width": 3},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _dots(
    labels: list[str], values: list[float], name: str, palette: theme.Palette, *, is_filled: bool
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": values,
        "y": labels,
        "marker": {
            "size": _DOT,
            "color": palette.brand if is_filled else palette.paper,
            "line": {"color": palette.brand, "width": 2},
        },
        "hovertemplate": f"%{{y}}<br>{name}: %{{x:.0f}}<extra></extra>",
    }


def _words(labels: list[str], pairs: Sequence[Pair], palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [max(one.before, one.after) for one in pairs],
        "y": labels,
        "text": [f"\u2003{text.plain(one.change)}" for one in pairs],
        "textposition": "middle right",
        "textfont": {"size": 14, "color": palette.ink},
        "hoverinfo": "skip",
        "cliponaxis": False,
        "showlegend": False,
    }
