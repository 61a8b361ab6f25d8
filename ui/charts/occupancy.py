"""Places and how many are in use: an outline for the places, a filled bar inside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ui import format as text
from ui import theme
from ui.charts import rows

_PLACES_PIXELS = 20
_IN_USE_PIXELS = 12
_GAP_PIXELS = 16
_NUMBER_ROOM = 1.18


@dataclass(frozen=True)
class OccupancyRow:
    """One service or group; None where a number is not shown.

    `note` is said in the hover, such as "as of 31 December 2025".
    """

    label: str
    places: float | None
    in_use: float | None
    note: str = ""


def occupancy_chart(
    given: Sequence[OccupancyRow], *, palette: theme.Palette = theme.LIGHT, unit: str = "places"
) -> go.Figure:
    """Return one outline and one filled bar a row, in the order given, with the share in use in words.

    Parameters
    ----------
    given
        Rows.
    palette
        Colours of the theme.
    unit
        Such as "places" or "beds".

    Returns
    -------
    go.Figure
        Above capacity: a diamond at the end of the bar and the words "over capacity". A number that is not
        shown is a hatched stub of fixed length and has no share.
    """
    placed = _places(given)
    high = placed[-1][0] + _PLACES_PIXELS / 2 + _GAP_PIXELS if placed else 1
    top = max((number for row in given for number in (row.places, row.in_use) if number), default=1)
    both = [(y, row) for y, row in placed if row.places is not None]
    used = [(y, row) for y, row in placed if row.in_use is not None]
    hidden = [(y, row) for y, row in placed if row.in_use is None]
    over = [(y, row) for y, row in placed if _is_over(row)]
    traces = [
        _outlines(both, unit, palette),
        _fills(used, unit, palette),
        _stubs(hidden, top, unit, palette),
        _diamonds(over, unit, palette),
        _ends(placed, top, palette),
    ]
    names = [
        rows.name_above(_heading(row, unit, palette), y - _PLACES_PIXELS / 2, palette, yshift=1)
        for y, row in placed
    ]
    layout = theme.layout(
        palette,
        rows.height_of(high),
        barmode="overlay",
        xaxis=theme.axis(palette, range=[0, top * _NUMBER_ROOM], showticklabels=False, automargin=False),
        yaxis=rows.row_axis(high),
        annotations=names,
    )
    return go.Figure({"data": [trace for trace in traces if trace["y"]], "layout": layout})


def _places(given: Sequence[OccupancyRow]) -> list[tuple[float, OccupancyRow]]:
    placed = []
    down: float = 0
    for row in given:
        lines = rows.lines_of(text.wrapped(row.label, rows.NAME_WIDTH)) + (not _is_bare(row))
        middle = down + lines * rows.LINE_PIXELS + _PLACES_PIXELS / 2
        placed.append((middle, row))
        down = middle + _PLACES_PIXELS / 2 + _GAP_PIXELS
    return placed


def _is_over(row: OccupancyRow) -> bool:
    return row.places is not None and row.in_use is not None and row.in_use > row.places


def _is_bare(row: OccupancyRow) -> bool:
    return row.places is None and row.in_use is None


def _share(row: OccupancyRow) -> str:
    """Return "82%"; nothing where a number is not shown, or where there are no places."""
    if row.in_use is None or not row.places:
        return ""
    return f"{100 * row.in_use / row.places:.0f}%"


def _numbers(row: OccupancyRow, unit: str) -> str:
    if _is_bare(row):
        return text.NOT_SHOWN_LONG
    if row.in_use is None:
        return f"In use {text.NOT_SHOWN}, {text.number(row.places)} {text.plain(unit)}"
    if row.places is None:
        return f"{text.number(row.in_use)} in use, {text.plain(unit)} {text.NOT_SHOWN}"
    over = " · over capacity" if _is_over(row) else ""
    return f"{text.number(row.in_use)} of {text.number(row.places)} {text.plain(unit)} in use{over}"


def _heading(row: OccupancyRow, unit: str, palette: theme.Palette) -> str:
    name = text.wrapped(row.label, rows.NAME_WIDTH)
    if _is_bare(row):
        return name  # "Not shown" stands beside the hatch
    return f'{name}<br><span style="color:{palette.muted}">{_numbers(row, unit)}</span>'


def _hover(row: OccupancyRow, unit: str) -> str:
    said = [f"<b>{text.plain(row.label)}</b>", _numbers(row, unit), _share(row), text.plain(row.note)]
    return "<br>".join(part for part in said if part)


def _outlines(
    placed: Sequence[tuple[float, OccupancyRow]], unit: str, palette: theme.Palette
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": "places",
        "y": [y for y, _ in placed],
        "x": [row.places for _, row in placed],
        "width": _PLACES_PIXELS,
        "marker": {"color": palette.panel, "line": {"color": palette.muted, "width": 1.5}},
        "hovertext": [_hover(row, unit) for _, row in placed],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _fills(placed: Sequence[tuple[float, OccupancyRow]], unit: str, palette: theme.Palette) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": "in use",
        "y": [y for y, _ in placed],
        "x": [row.in_use for _, row in placed],
        "width": _IN_USE_PIXELS,
        "marker": {"color": palette.brand, "opacity": 0.9, "line": {"width": 0}},
        "hovertext": [_hover(row, unit) for _, row in placed],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _stubs(
    placed: Sequence[tuple[float, OccupancyRow]], top: float, unit: str, palette: theme.Palette
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": text.NOT_SHOWN,
        "y": [y for y, _ in placed],
        "x": [top * rows.STUB] * len(placed),
        "width": _IN_USE_PIXELS,
        "marker": theme.hatch(palette),
        "hovertext": [_hover(row, unit) for _, row in placed],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _diamonds(
    placed: Sequence[tuple[float, OccupancyRow]], unit: str, palette: theme.Palette
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "over capacity",
        "y": [y for y, _ in placed],
        "x": [row.in_use for _, row in placed],
        "marker": {
            "symbol": "diamond",
            "size": 15,
            "color": palette.amber,
            "line": {"color": palette.paper, "width": 1.5},
        },
        "text": [_hover(row, unit) for _, row in placed],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }


def _ends(placed: Sequence[tuple[float, OccupancyRow]], top: float, palette: theme.Palette) -> dict[str, Any]:
    """Return the words right of the bars: the share, or "Not shown" where nothing else stands."""
    said = [
        (y, max(row.places or 0, row.in_use or 0) or top * rows.STUB, _end_words(row)) for y, row in placed
    ]
    return {
        "type": "scatter",
        "mode": "text",
        "name": "shares",
        "y": [y for y, _, words in said if words],
        "x": [x for _, x, words in said if words],
        "text": [f"\u2002{words}" for _, _, words in said if words],
        "textposition": "middle right",
        "textfont": {"size": 14, "color": palette.ink},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _end_words(row: OccupancyRow) -> str:
    if row.in_use is None:
        return rows.HIDDEN_LABEL
    beside_the_diamond = "\u2002" if _is_over(row) else ""
    return beside_the_diamond + _share(row)
