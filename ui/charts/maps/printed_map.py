"""A map for paper: the map on the screen is drawn by the graphics card, and a printer gets nothing of it."""

import base64
from collections.abc import Sequence

import numpy as np

from ui import theme
from ui.charts.maps.classes import Classes
from ui.charts.maps.map import Cell
from ui.charts.maps.small_maps import MOST_AREAS, outlines
from ui.maps.atlas import Atlas

_WIDE = 640
TOO_MANY = "The map is drawn on screens only; its numbers are in the table of this card."
_HATCH = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="{paper}"/><path d="M0 0V6" stroke="{ink}"/></pattern>'
)


def printed_map(cells: Sequence[Cell], atlas: Atlas, classes: Classes, unit: str = "") -> str:
    """Return a map as HTML that is shown on paper only, in the colours of the light theme.

    Parameters
    ----------
    cells, atlas, classes
        As `ui.charts.maps.map.map_chart`.
    unit
        Words that stand above the map and are not said with each number.

    Returns
    -------
    str
        A picture and the areas with their numbers, which a printer cannot be hovered over for; for more than
        `MOST_AREAS` areas a sentence instead. Not shown is hatched, not collected is left empty.
    """
    known = [cell for cell in cells if cell.code in atlas.shapes]
    if not known or len(known) > MOST_AREAS:
        return f'<p class="ltt-print-only">{TOO_MANY}</p>'
    west, south, east, north = atlas.box(cell.code for cell in known)
    pixel = max(east - west, north - south) / _WIDE
    wide, high = (east - west) / pixel, (north - south) / pixel
    colours = classes.colours(theme.LIGHT)
    fills = {"hidden": "url(#hatch)", "not_collected": theme.LIGHT.paper}
    paths = "".join(
        f'<path d="{_path(atlas, cell.code, (west, north), pixel)}" '
        f'fill="{fills[cell.group] if isinstance(cell.group, str) else colours[cell.group]}" '
        f'stroke="{theme.LIGHT.hatch}" stroke-width="0.7"/>'
        for cell in known
    )
    hatch = _HATCH.format(paper=theme.LIGHT.hidden, ink=theme.LIGHT.hatch)
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {wide + 4:.0f} {high + 4:.0f}" '
        f'width="{wide:.0f}" height="{high:.0f}"><defs>{hatch}</defs>{paths}</svg>'
    )
    packed = base64.b64encode(drawing.encode()).decode()  # an inline <svg> is taken out by st.html
    told = "".join(
        f"<li>{_words(cell, unit)}</li>" for cell in sorted(known, key=lambda cell: cell.hover.casefold())
    )
    return (
        f'<div class="ltt-print-only"><img alt="Map of the areas in the classes of the legend" '
        f'src="data:image/svg+xml;base64,{packed}"><ul>{told}</ul></div>'
    )


def _words(cell: Cell, unit: str) -> str:
    """Return the name and the number of an area, or that it is not shown."""
    name, said, *_ = cell.hover.split("<br>")
    return f"{name} {said.removesuffix(f' {unit}')}"


def _path(atlas: Atlas, code: str, corner: tuple[float, float], pixel: float) -> str:
    """Return the outer borders of an area in pixels from the upper left corner."""
    rings = []
    for points in outlines(atlas, code, pixel):
        across, down = (points[:, 0] - corner[0]) / pixel, (corner[1] - points[:, 1]) / pixel
        told = " ".join(f"{x:g},{y:g}" for x, y in zip(np.round(across, 1), np.round(down, 1), strict=True))
        rings.append(f"M{told}Z")
    return "".join(rings)
