"""Before and after, one row a group: an open and a filled dot on one scale, with the change in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ui import format as text
from ui import theme
from ui.charts.figure import Figure

_ROW_PIXELS = 40
_NARROW_PIXELS = 62
_FRAME_PIXELS = 84
_LABEL_WIDTH = 26
_DOT = 12
_ROOM = 0.6  # of the scale, for the words behind the largest dot


@dataclass(frozen=True)
class Pair:
    """One group: its words, both values, and the change as it is written beside them."""

    label: str
    before: float
    after: float
    change: str


def before_after_chart(
    pairs: Sequence[Pair],
    *,
    unit: str,
    names: tuple[str, str] = ("Before", "After"),
    palette: theme.Palette = theme.LIGHT,
    top: float = 100,
    narrow: bool = False,
) -> Figure:
    """Return rows with two dots each, the first row on top.

    Parameters
    ----------
    pairs
        Groups in the order in which they are drawn.
    unit
        What the scale is in, such as "points of 100".
    names
        Words for the open and the filled dot.
    palette
        Colours of the theme.
    top
        End of the scale, which begins at zero.
    narrow
        Whether there is little room: the change then stands under the group's words, not beside the dots.
    """
    furthest = max((max(one.before, one.after) for one in pairs), default=top)
    labels = [_label(one, palette, narrow=narrow) for one in pairs]
    traces = [
        _link(labels, pairs, palette),
        _dots(labels, [one.before for one in pairs], names[0], palette, is_filled=False),
        _dots(labels, [one.after for one in pairs], names[1], palette, is_filled=True),
    ]
    layout = theme.layout(
        palette,
        max((_NARROW_PIXELS if narrow else _ROW_PIXELS) * len(pairs) + _FRAME_PIXELS, 160),
        xaxis=theme.value_axis(
            palette,
            range=[0, top * 1.05 if narrow else max(top * 1.05, furthest + top * _ROOM)],
            nticks=5,
            title={"text": unit, "standoff": 8, "font": {"size": 14, "color": palette.muted}},
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
    if not narrow:
        traces.append(_words(labels, pairs, palette))
    return {"data": traces, "layout": layout}


def _label(one: Pair, palette: theme.Palette, *, narrow: bool) -> str:
    words = text.wrapped(one.label, _LABEL_WIDTH)
    change = f'<span style="color:{palette.muted}">{text.plain(one.change)}</span>'
    return f"{words}<br>{change}" if narrow else words


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
        "hovertemplate": f"%{{y}}<br>{text.plain(name)}: %{{x:,.0f}}<extra></extra>",
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
