"""How long it took: the share that waited no longer than so long, as one rising line.

Bands of a wait differ in width, so bars of them would show the widest as the most frequent.
"""

from typing import Any

from analysis.findings.within import Reached, Within
from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.hover import interval_words

_SHARES = (0, 25, 50, 75, 100)
_TOP = 104  # per cent: room for the line of those who need longest
_RIGHT_UP_TO = 0.55  # of the axis: words right of a point have room
_LEAST_APART = 0.07  # of the axis: what the number of one end takes
Mark = tuple[float, str, float]
"""A share, its words, and how long it took."""
_MARKS = ((50.0, "half"), (90.0, "nine in ten"))


def cumulative_chart(
    found: Within, *, unit: str = "days", palette: theme.Palette = theme.LIGHT, height: int = theme.HEIGHT
) -> Figure:
    """Return the share within so many days (or hours) as a line through the ends of the published bands.

    Parameters
    ----------
    found
        From `analysis.findings.within.within`.
    unit
        Words of the duration: "days" or "hours".
    palette
        Colours of the theme.
    height
        Pixels.

    Returns
    -------
    Figure
        With its interval as a band, and a mark each where half and nine in ten are reached. The line ends at
        the beginning of the open band: how long the rest took is not known.
    """
    points = found.reached
    edges = [point.edge for point in points]
    marks = [
        (share, words, place)
        for (share, words), place in zip(_MARKS, (found.half, found.nine_in_ten), strict=True)
        if place is not None
    ]
    layout = theme.layout(
        palette,
        height,
        hovermode="x unified",
        margin={"l": 8, "r": 20, "t": 12, "b": 8, "pad": 4},
        xaxis=theme.axis(
            palette,
            range=[0, edges[-1]],
            tickvals=_ticks(edges),
            tickangle=0,
            **theme.POINTER_LINE,
            unifiedhovertitle={"text": f"%{{x}} {unit}"},
            title={"text": unit, "standoff": 8, "font": {"size": 14, "color": palette.muted}},
        ),
        yaxis=theme.value_axis(
            palette, range=[0, _TOP], tickvals=_SHARES, ticktext=[f"{one}%" for one in _SHARES]
        ),
        shapes=[shape for share, _, place in marks for shape in _guides(share, place, palette)],
        annotations=[_mark_words(mark, unit, edges[-1], palette) for mark in marks],
    )
    return {"data": [_band(points, palette), _line(points, unit, palette)], "layout": layout}


def _ticks(edges: list[float]) -> list[float]:
    """Return the ends of the bands that have room for their number: the last, and back from it."""
    kept = [edges[-1]]
    for edge in reversed(edges[:-1]):
        if kept[-1] - edge >= edges[-1] * _LEAST_APART:
            kept.append(edge)
    return kept[::-1]


def _line(points: tuple[Reached, ...], unit: str, palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "share within",
        "x": [point.edge for point in points],
        "y": [point.share for point in points],
        "line": {"color": palette.brand, "width": 2},
        "marker": {"color": palette.brand, "size": 6},
        "cliponaxis": False,
        "text": [_hover(point, unit) for point in points],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _hover(point: Reached, unit: str) -> str:
    limits = interval_words(round(point.lower), round(point.upper), "share")
    said = f"{text.share(point.share)} took less than {point.edge:g} {unit}"
    return f"{said}<br>{limits}" if limits else said


def _band(points: tuple[Reached, ...], palette: theme.Palette) -> dict[str, Any]:
    edges = [point.edge for point in points]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "95% interval",
        "x": [*edges, *reversed(edges)],
        "y": [*(point.upper for point in points), *(point.lower for point in reversed(points))],
        "fill": "toself",
        "fillcolor": theme.transparent(palette.brand, theme.BAND_OPACITY),
        "line": {"width": 0, "color": palette.brand},
        "hoverinfo": "skip",
    }


def _guides(share: float, place: float, palette: theme.Palette) -> list[dict[str, Any]]:
    """Return the lines from the axes to the point where a share is reached."""
    look = {"color": palette.muted, "width": 1, "dash": theme.DASH_EVENT}
    ends = ((0.0, place, share, share), (place, place, 0.0, share))
    return [
        {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": look, "name": "reached"}
        for x0, x1, y0, y1 in ends
    ]


def _mark_words(mark: Mark, unit: str, last: float, palette: theme.Palette) -> dict[str, Any]:
    """Return "half within 27 days" beside its point: right of it where there is room, else left."""
    share, words, place = mark
    is_right = place < last * _RIGHT_UP_TO
    return {
        "x": place,
        "y": share,
        "xanchor": "left" if is_right else "right",
        "yanchor": "top" if is_right else "bottom",
        "xshift": 8 if is_right else -8,
        "yshift": 0 if is_right else 4,
        "text": f"{words} within {text.value_text(place, 'quantile')} {unit}",
        "showarrow": False,
        "font": {"size": 14, "color": palette.ink},
    }
