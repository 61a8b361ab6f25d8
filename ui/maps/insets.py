"""Far-off parts of a geography, drawn in a row below the rest: Alaska, Hawaii, an overseas territory.

Without this, an ocean would be the largest thing on the map.
"""

from collections.abc import Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from analysis.release.places import Geography

#: An area of the first level this many times farther from the middle than three quarters of them is far off.
FAR = 2.2
_GAP = 0.03  # of the width of the main part
_ROW_HEIGHT = 0.3  # of the height of the main part
_FEWEST = 4  # with fewer areas there is no telling what is far


def bring_near(
    shapes: Mapping[str, BaseGeometry], places: Geography
) -> tuple[dict[str, BaseGeometry], tuple[str, ...]]:
    """Return the shapes with far-off areas of level 1, and all inside them, in a row below the others.

    Parameters
    ----------
    shapes
        Area code to geometry, in any flat coordinates.
    places
        Levels and parents.

    Returns
    -------
    (shapes, codes)
        All shapes but those of level 0 when something moved (their outline would be wrong), and the areas of
        level 1 that moved, the largest first.
    """
    far = _far_off(shapes, places)
    if not far:
        return dict(shapes), ()
    group_of = {
        code: next((up for up in (code, *places.ancestors(code)) if up in far), "") for code in shapes
    }
    near = {code: shape for code, shape in shapes.items() if not group_of[code] and places.levels[code] > 0}
    west, south, east, north = shapely.total_bounds(np.array(list(near.values())))
    gap, room = _GAP * (east - west), east - west
    groups = [[code for code in shapes if group_of[code] == top] for top in far]
    boxes = [shapely.total_bounds(np.array([shapes[code] for code in group])) for group in groups]
    height = _ROW_HEIGHT * (north - south)
    scales = [min(1.0, height / max(box[3] - box[1], 1e-12)) for box in boxes]
    needed = sum(scale * (box[2] - box[0]) for scale, box in zip(scales, boxes, strict=True))
    squeeze = min(1.0, (room - gap * (len(far) - 1)) / max(needed, 1e-12))
    drawn, left = dict(near), west
    for group, box, scale in zip(groups, boxes, scales, strict=True):
        corner = np.array([left, south - gap])
        drawn |= {code: _moved(shapes[code], box, scale * squeeze, corner) for code in group}
        left += scale * squeeze * (box[2] - box[0]) + gap
    return drawn, far


def _moved(
    shape: BaseGeometry, box: tuple[float, float, float, float], scale: float, corner: np.ndarray
) -> BaseGeometry:
    """Return a shape whose group's upper left corner lies at `corner`."""
    return shapely.transform(shape, lambda xy: (xy - np.array([box[0], box[3]])) * scale + corner)


def _far_off(shapes: Mapping[str, BaseGeometry], places: Geography) -> tuple[str, ...]:
    tops = [code for code in places.at(1) if code in shapes]
    if len(tops) < _FEWEST:
        return ()
    points = shapely.get_coordinates(shapely.centroid(np.array([shapes[code] for code in tops])))
    distance = np.hypot(*(points - np.median(points, axis=0)).T)
    reach = FAR * float(np.quantile(distance, 0.75))
    found = [(-shapes[code].area, code) for code, away in zip(tops, distance, strict=True) if away > reach]
    return tuple(code for _, code in sorted(found))
