"""Lines that lie over the colours of a map, in screen coordinates."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Coordinates = tuple[list[float | None], list[float | None]]
"""Longitudes and latitudes; None lifts the pen."""


def joined(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return neighbouring areas as one shape."""
    try:
        return shapely.coverage_union_all(np.array(shapes))
    except shapely.errors.GEOSException:  # borders that do not match: slower, and never wrong
        return shapely.union_all(np.array(shapes))


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
