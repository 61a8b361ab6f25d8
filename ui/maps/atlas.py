"""Boundaries of a release, drawn for the screen: equal-area, simplified, sent to the browser once.

There is no basemap, so nothing ties the map to the web's Mercator projection. Every geography is projected to
equal area around its own middle (Lambert azimuthal; Snyder 1987, eq. 24-2 to 24-4) and scaled to `EXTENT`
degrees around the point (0, 0), where Mercator is nearly flat. High latitudes are not blown up, Alaska is
whole, and a pixel is the same area everywhere. These screen coordinates never leave in an export.
"""

import json
import math
from collections.abc import Iterable, Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from analysis.release.places import Geography
from analysis.release.release import Release
from ui.maps import insets

#: Longer side of a geography on screen, in degrees around (0, 0).
EXTENT = 8.0
#: More corners than this at one level are thinned out; the eye cannot tell at 1,400 pixels.
MOST_CORNERS = 40_000
_DECIMALS = 4

Box = tuple[float, float, float, float]
"""West, south, east, north in screen coordinates."""


class Atlas:
    """The shapes of one geography in screen coordinates.

    Attributes
    ----------
    key
        Names release and geography; part of the address of the boundaries.
    places
        Names, levels and parents of the areas.
    shapes
        Area code to geometry; areas without a shape are absent.
    moved
        Names of areas that are drawn below the others at a scale of their own.
    """

    def __init__(
        self,
        key: str,
        places: Geography,
        shapes: Mapping[str, BaseGeometry],
        moved: tuple[str, ...] = (),
    ) -> None:
        self.key, self.places, self.shapes, self.moved = key, places, shapes, moved
        self._texts: dict[int, str] = {}

    @property
    def release_id(self) -> str:
        """Id of the release."""
        return self.key.partition("-")[0]

    def at(self, level: int) -> tuple[str, ...]:
        """Return the codes of one level that have a shape."""
        return tuple(code for code in self.places.at(level) if code in self.shapes)

    def box(self, codes: Iterable[str]) -> Box:
        """Return the rectangle around some areas; the whole picture when none has a shape."""
        boxes = np.array([self.shapes[code].bounds for code in codes if code in self.shapes])
        if not len(boxes):
            return (-EXTENT / 2, -EXTENT / 2, EXTENT / 2, EXTENT / 2)
        west, south = boxes[:, :2].min(axis=0)
        east, north = boxes[:, 2:].max(axis=0)
        return (float(west), float(south), float(east), float(north))

    def geojson_text(self, level: int) -> str:
        """Return the areas of a level as GeoJSON; the id of a feature is the code of its area."""
        if level not in self._texts:
            features = [
                {
                    "type": "Feature",
                    "id": code,
                    "properties": {},
                    "geometry": json.loads(shapely.to_geojson(self.shapes[code])),
                }
                for code in self.at(level)
            ]
            collection = {"type": "FeatureCollection", "features": features}
            self._texts[level] = json.dumps(collection, separators=(",", ":"))
        return self._texts[level]


_atlases: dict[str, Atlas | None] = {}


def atlas_of(release: Release, geography: str) -> Atlas | None:
    """Return the atlas of a geography, made once a release.

    Parameters
    ----------
    release
        An open release.
    geography
        A code of the table ``area``.

    Returns
    -------
    Atlas or None
        None when the release has no shapes of this geography.
    """
    key = f"{release.release_id}-{geography}"
    if key not in _atlases:
        if len(_atlases) >= 8:
            _atlases.pop(next(iter(_atlases)))
        _atlases[key] = _make(release, geography, key)
    return _atlases[key]


def _make(release: Release, geography: str, key: str) -> Atlas | None:
    places = release.areas.get(geography)
    table = release.table("area_shape")
    if places is None or table.is_empty():
        return None
    rows = table.filter(table["geography"] == geography)
    found = dict(zip(rows["code"], shapely.from_wkb(rows["wkb"].to_list()), strict=True))
    known = {
        code: shape for code, shape in found.items() if code in places.areas and shape and not shape.is_empty
    }
    if not known:
        return None
    screen, moved = _to_screen(known, places)
    for level in sorted(set(places.levels.values())):
        _thin(screen, [code for code in screen if places.levels[code] == level])
    there = {code: shape for code, shape in screen.items() if not shape.is_empty}
    return Atlas(key, places, there, tuple(places.areas[code].name for code in moved))


def _to_screen(
    shapes: Mapping[str, BaseGeometry], places: Geography
) -> tuple[dict[str, BaseGeometry], tuple[str, ...]]:
    """Return the shapes in screen coordinates, and the areas that had to be brought near."""
    codes, geometries = list(shapes), np.array(list(shapes.values()))
    points = np.radians(shapely.get_coordinates(shapely.centroid(geometries)))
    middle = (_middle_longitude(points[:, 0]), float(np.median(points[:, 1])))
    flat = shapely.transform(geometries, lambda xy: _equal_area(np.radians(xy), middle))
    drawn, moved = insets.bring_near(dict(zip(codes, flat, strict=True)), places)
    west, south, east, north = shapely.total_bounds(np.array(list(drawn.values())))
    scale = EXTENT / max(east - west, north - south, 1e-12)
    shift = np.array([(west + east) / 2, (south + north) / 2])
    screen = {
        code: shapely.transform(shape, lambda xy: (xy - shift) * scale) for code, shape in drawn.items()
    }
    return screen, moved


def _middle_longitude(longitudes: np.ndarray) -> float:
    # The direction of the summed unit vectors: right on both sides of the date line.
    return math.atan2(float(np.sin(longitudes).sum()), float(np.cos(longitudes).sum()))


def _equal_area(radians: np.ndarray, middle: tuple[float, float]) -> np.ndarray:
    east, north = radians[:, 0] - middle[0], radians[:, 1]
    sin0, cos0 = math.sin(middle[1]), math.cos(middle[1])
    sin, cos = np.sin(north), np.cos(north)
    scale = np.sqrt(2 / np.maximum(1 + sin0 * sin + cos0 * cos * np.cos(east), 1e-9))
    return np.column_stack([scale * cos * np.sin(east), scale * (cos0 * sin - sin0 * cos * np.cos(east))])


def _thin(shapes: dict[str, BaseGeometry], codes: list[str]) -> None:
    """Thin out and round the shapes of one level, keeping shared borders shared."""
    if not codes:
        return
    level = np.array([shapes[code] for code in codes])
    corners = int(shapely.get_num_coordinates(level).sum())
    if corners > MOST_CORNERS:
        tolerance = EXTENT / 1400 * math.sqrt(corners / MOST_CORNERS)
        level = shapely.coverage_simplify(level, tolerance)
    rounded = shapely.transform(level, lambda xy: np.round(xy, _DECIMALS))
    shapes.update(zip(codes, (_polygons(shape) for shape in rounded), strict=True))


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """Return a valid shape: real boundaries cross themselves, and rounding can make a thin neck do so."""
    if shape.is_valid:
        return shape
    mended = shapely.make_valid(shape, method="structure")
    return shapely.multipolygons([part for part in shapely.get_parts(mended) if part.geom_type == "Polygon"])
