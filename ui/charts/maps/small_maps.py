"""Small maps side by side, one a period, all in the same classes. Drawn as shapes, so they print."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.maps.classes import Classes
from ui.charts.maps.map import Cell
from ui.maps.atlas import Atlas

COLUMNS = 4
MOST_AREAS = 400
_LOWEST, _TALLEST = 80, 230
_TITLE_PIXELS = 26
_PIXELS_WIDE = 240
#: Part of its column that a panel fills.
_FILLED = 0.94


def small_maps(
    panels: Sequence[tuple[str, Sequence[Cell]]],
    atlas: Atlas,
    classes: Classes,
    *,
    palette: theme.Palette = theme.LIGHT,
    columns: int = COLUMNS,
    width: int = 1_000,
) -> Figure:
    """Return one small map a panel.

    Parameters
    ----------
    panels
        Title (the period) and the areas with their classes, from `ui.charts.maps.map.cells_of`.
    atlas
        Shapes.
    classes
        The same for all panels.
    palette
        Colours of the theme.
    columns
        Panels in a row: fewer on a narrow page.
    width
        Pixels of the whole drawing.

    Returns
    -------
    Figure
        Not shown is hatched, not available is dotted. Numbers are in the card's table.
    """
    columns = min(columns, len(panels))
    rows = math.ceil(len(panels) / columns)
    box = atlas.box(cell.code for _, cells in panels for cell in cells)
    wide = min(_PIXELS_WIDE, round(_FILLED * width / columns))
    pixel = max((box[2] - box[0]) / wide, (box[3] - box[1]) / _TALLEST)
    high = round(min(max((box[3] - box[1]) / pixel, _LOWEST), _TALLEST))
    rings = {cell.code: _rings(atlas, cell.code, pixel) for _, cells in panels for cell in cells}
    traces: list[dict[str, Any]] = []
    layout = theme.layout(palette, rows * (high + _TITLE_PIXELS), annotations=[])
    for number, (title, cells) in enumerate(panels):
        suffix = "" if number == 0 else str(number + 1)
        across, down = _domains(number, columns, rows, high)
        quiet = {"visible": False, "fixedrange": True}
        layout[f"xaxis{suffix}"] = {
            "domain": across,
            "range": [box[0], box[2]],
            "anchor": f"y{suffix}",
            **quiet,
        }
        layout[f"yaxis{suffix}"] = {
            "domain": down,
            "range": [box[1], box[3]],
            "anchor": f"x{suffix}",
            "scaleanchor": f"x{suffix}",
            **quiet,
        }
        traces += _panel(cells, rings, classes, palette, (f"x{suffix}", f"y{suffix}"))
        layout["annotations"].append(_title(title, across[0], down[1], palette))
    return {"data": traces, "layout": layout}


def _rings(atlas: Atlas, code: str, pixel: float) -> tuple[list[float | None], list[float | None]]:
    """Return the outer borders of an area as one path, as fine as a small map can show."""
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in outlines(atlas, code, pixel):
        corners = np.round(ring, 3)
        x += [*corners[:, 0].tolist(), None]
        y += [*corners[:, 1].tolist(), None]
    return x, y


def outlines(atlas: Atlas, code: str, pixel: float) -> Iterator[np.ndarray]:
    """Give the corners (n, 2) of each outer border of an area, as fine as a pixel of that size can show."""
    shape = atlas.shapes.get(code)
    for part in shapely.get_parts(shape) if shape is not None else []:
        thin = shapely.simplify(part, pixel / 2, preserve_topology=False)
        for piece in shapely.get_parts(thin):
            if not piece.is_empty and piece.geom_type == "Polygon":
                yield shapely.get_coordinates(piece.exterior)


def _panel(
    cells: Sequence[Cell],
    rings: dict[str, tuple[list[float | None], list[float | None]]],
    classes: Classes,
    palette: theme.Palette,
    axes: tuple[str, str],
) -> list[dict[str, Any]]:
    by_group: dict[int | str, list[str]] = {}
    for cell in cells:
        by_group.setdefault(cell.group, []).append(cell.code)
    colours = classes.colours(palette)
    traces = []
    for group, codes in sorted(by_group.items(), key=lambda pair: str(pair[0])):
        fill: dict[str, Any] = {"fillcolor": colours[group] if isinstance(group, int) else palette.hidden}
        if isinstance(group, str):
            shape = "/" if group == "hidden" else "."
            paper = palette.hidden if group == "hidden" else palette.panel
            fill["fillpattern"] = {
                "shape": shape,
                "size": 6,
                "solidity": 0.2,
                "fgcolor": palette.hatch,
                "bgcolor": paper,
            }
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [one for code in codes for one in rings[code][0]],
                "y": [one for code in codes for one in rings[code][1]],
                "fill": "toself",
                "line": {"color": palette.paper, "width": 0.6},
                "hoverinfo": "skip",
                "xaxis": axes[0],
                "yaxis": axes[1],
                "name": str(group),
                **fill,
            }
        )
    return traces


def _domains(number: int, columns: int, rows: int, high: int) -> tuple[list[float], list[float]]:
    column, row = number % columns, number // columns
    title = _TITLE_PIXELS / (high + _TITLE_PIXELS) / rows
    left, top = column / columns, 1 - row / rows
    return [left, left + _FILLED / columns], [top - 1 / rows + 0.01, top - title]


def _title(words: str, x: float, y: float, palette: theme.Palette) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "text": text.plain(words),
        "font": {"size": 14, "color": palette.ink},
    }
