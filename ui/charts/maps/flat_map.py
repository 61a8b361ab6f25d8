"""A map drawn as shapes, for paper, slides and files: it needs no graphics card and fetches nothing."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.maps.classes import Classes
from ui.charts.maps.map import Cell
from ui.charts.maps.small_maps import outlines
from ui.maps.atlas import Atlas

WIDTH = 900
#: Names are written on the map when there are no more areas than this.
MOST_NAMED = 40
_LOWEST, _TALLEST = 300, 620
#: Sides of the legend's blocks, in parts of the height.
_PATTERNS = {"hidden": ("/", "not shown"), "not_collected": (".", "not available")}


def flat_map(
    cells: Sequence[Cell],
    atlas: Atlas,
    classes: Classes,
    *,
    title: str = "",
    selected: Sequence[str] = (),
    palette: theme.Palette = theme.LIGHT,
) -> Figure:
    """Return a map as filled lines: one trace an area, then one of the names.

    Parameters
    ----------
    cells, atlas, classes
        As `ui.charts.maps.map.map_chart`.
    title
        What the classes are of: the title of the legend.
    selected
        Codes of areas with a thick outline.
    palette
        Colours of the theme.

    Returns
    -------
    Figure
        Not shown is hatched, not available is dotted. The legend has a line for each class that is there.
    """
    known = [cell for cell in cells if cell.code in atlas.shapes]
    west, south, east, north = atlas.box(cell.code for cell in known)
    pixel = max((east - west) / WIDTH, (north - south) / _TALLEST, 1e-9)
    height = round(min(max((north - south) / pixel, _LOWEST), _TALLEST))
    told: set[int | str] = set()
    traces: list[dict[str, Any]] = []
    for cell in sorted(known, key=lambda one: str(one.group)):
        traces.append(_area(cell, atlas, classes, pixel, palette, is_chosen=cell.code in selected))
        traces[-1]["showlegend"] = cell.group not in told
        told.add(cell.group)
    if len(known) <= MOST_NAMED:
        traces.append(_names(known, atlas, classes, palette))
    layout = theme.layout(palette, height, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    quiet = {"visible": False, "fixedrange": True}
    layout |= {
        "xaxis": {"range": [west, east], **quiet},
        "yaxis": {"range": [south, north], "scaleanchor": "x", **quiet},
        "showlegend": True,
        "legend": {"title": {"text": text.plain(title)}, "orientation": "v", "x": 1.01, "y": 1},
    }
    return {"data": traces, "layout": layout}


def _area(
    cell: Cell, atlas: Atlas, classes: Classes, pixel: float, palette: theme.Palette, *, is_chosen: bool
) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in outlines(atlas, cell.code, pixel):
        corners = np.round(ring, 4)
        x += [*corners[:, 0].tolist(), None]
        y += [*corners[:, 1].tolist(), None]
    line = {"color": palette.ink if is_chosen else palette.paper, "width": 3 if is_chosen else 0.8}
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "fill": "toself",
        "line": line,
        "hoveron": "fills",
        "hoverinfo": "text",
        "text": cell.hover,
        "legendgroup": str(cell.group),
        "meta": {"area": atlas.places.areas[cell.code].name},
    }
    if isinstance(cell.group, str):
        shape, words = _PATTERNS[cell.group]
        paper = palette.hidden if cell.group == "hidden" else palette.panel
        pattern = {"shape": shape, "size": 6, "solidity": 0.2, "fgcolor": palette.hatch, "bgcolor": paper}
        return trace | {"name": words, "fillcolor": paper, "fillpattern": pattern}
    return trace | {"name": classes.labels[cell.group], "fillcolor": classes.colours(palette)[cell.group]}


def _names(cells: Sequence[Cell], atlas: Atlas, classes: Classes, palette: theme.Palette) -> dict[str, Any]:
    colours = classes.colours(palette)
    inks = [
        theme.ink_on(palette, palette.hidden if isinstance(cell.group, str) else colours[cell.group])
        for cell in cells
    ]
    spots = [atlas.shapes[cell.code].representative_point() for cell in cells]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [round(spot.x, 4) for spot in spots],
        "y": [round(spot.y, 4) for spot in spots],
        "text": [text.plain(atlas.places.areas[cell.code].name) for cell in cells],
        "textfont": {"size": 13, "color": inks},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "names",
    }
