"""What lies over the colours of a map: hatch, dots, outlines. All in screen coordinates."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Coordinates = tuple[list[float | None], list[float | None]]
"""Longitudes and latitudes; None lifts the pen."""

HATCH_PIXELS = 7.0
DOT_PIXELS = 11.0


def joined(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return neighbouring areas as one shape."""
    try:
        return shapely.coverage_union_all(np.array(shapes))
    except shapely.errors.GEOSException:  # borders that do not match: slower, and never wrong
        return shapely.union_all(np.array(shapes))


def hatch(whole: BaseGeometry, pixel: float) -> Coordinates:
    """Return diagonal lines clipped to a shape.

    Parameters
    ----------
    whole
        The areas whose values are not shown, as one.
    pixel
        Size of one pixel in degrees, so that the hatch is equally dense at every zoom.
    """
    area = shapely.simplify(whole, pixel / 4)
    if area.is_empty:
        return [], []
    west, south, east, north = area.bounds
    height, step = north - south, HATCH_PIXELS * 2**0.5 * pixel
    # Anchored to the grid, not to the areas, so that the hatch of neighbours runs through.
    starts = np.arange(np.floor((west - height) / step), np.ceil(east / step) + 1) * step
    ends = np.column_stack([starts + height, np.full_like(starts, north)])
    lines = shapely.linestrings(
        np.stack([np.column_stack([starts, np.full_like(starts, south)]), ends], axis=1)
    )
    # Line by line against the small parts it meets: one cut against the whole is ten times slower.
    parts = shapely.get_parts(area)
    which_line, which_part = shapely.STRtree(parts).query(lines, predicate="intersects")
    clipped = shapely.get_parts(shapely.intersection(lines[which_line], parts[which_part]))
    return pen(clipped[shapely.length(clipped) > pixel], pixel)


def dots(area: BaseGeometry, pixel: float) -> Coordinates:
    """Return a grid of points inside a shape: the areas for which nothing was collected."""
    shapely.prepare(area)
    west, south, east, north = area.bounds
    step, digits = DOT_PIXELS * pixel, _digits(pixel)
    across, up = (
        np.arange(np.ceil(low / step), high / step) * step for low, high in ((west, east), (south, north))
    )
    x, y = (grid.ravel() for grid in np.meshgrid(across, up))
    inside = shapely.contains_xy(area, x, y)
    return x[inside].round(digits).tolist(), y[inside].round(digits).tolist()


def outlines(shapes: Iterable[BaseGeometry], pixel: float) -> Coordinates:
    """Return the borders of some areas as lines, no finer than the eye can see."""
    rings: list[BaseGeometry] = []
    for shape in shapes:
        rings += shapely.get_parts(shapely.boundary(shape)).tolist()
    return pen([shapely.simplify(ring, pixel / 2) for ring in rings if ring.length > 4 * pixel], pixel)


def pen(lines: Iterable[BaseGeometry], pixel: float) -> Coordinates:
    """Return the corners of lines, with None where the pen is lifted; digits below a pixel are dropped."""
    x: list[float | None] = []
    y: list[float | None] = []
    corners, owner = shapely.get_coordinates(list(lines), return_index=True)
    if len(corners):
        breaks = np.flatnonzero(np.diff(owner)) + 1
        for line in np.split(corners.round(_digits(pixel)), breaks):
            x += [*line[:, 0].tolist(), None]
            y += [*line[:, 1].tolist(), None]
    return x, y


def _digits(pixel: float) -> int:
    return max(0, math.ceil(-math.log10(pixel / 4)))
