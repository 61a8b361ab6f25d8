"""Draws the borders of the fictional region: believable, and shared to the last digit.

The cells of a Voronoi diagram give the districts. Each border is then drawn once, as a fractal line, and used
by the areas on both sides, so neighbours touch exactly and a county is the exact union of its districts.
Method: midpoint displacement (Fournier, Fussell & Carpenter 1982, Communications of the ACM 25:371–384).
"""

from itertools import pairwise

import numpy as np
import shapely
from scipy.spatial import Voronoi

from etl.demonstration.region import Region
from etl.demonstration.streams import Floats, stream

DECIMALS = 4  # of a degree: about ten metres


def districts(region: Region) -> dict[str, shapely.Polygon]:
    """Draw every district.

    Returns
    -------
    dict
        District code to polygon, longitude and latitude in degrees (EPSG:4326). Neighbours share their
        border point by point; the outer border is a coast where it faces the sea.
    """
    sites = np.array(
        [(d.x, d.y) for d in region.districts] + list(region.sea) + list(region.land), dtype=np.float64
    )
    names = [d.code for d in region.districts]
    names += [f"sea{i}" for i in range(len(region.sea))] + [f"land{i}" for i in range(len(region.land))]
    diagram = Voronoi(sites)
    lines = []
    for (one, two), ends in zip(diagram.ridge_points, diagram.ridge_vertices, strict=True):
        if min(one, two) < len(region.districts):
            pair = (names[min(one, two)], names[max(one, two)])
            lines.append(shapely.LineString(_border(region, pair, diagram.vertices[ends])))
    return _assign(region, shapely.polygonize(lines))


def merged(shapes: list[shapely.Polygon]) -> shapely.Geometry:
    """Return the exact union of areas that share their borders."""
    return shapely.coverage_union_all(shapes)


def _border(region: Region, pair: tuple[str, str], ends: Floats) -> Floats:
    """Draw the border between two neighbours once, whichever of them asks, in degrees."""
    ends = np.round(ends, 6)
    start, end = sorted(map(tuple, ends.tolist()))
    plan = _fractal(
        np.array([start, end]), region.roughness_of(pair), region.halvings, region.outline_seed, pair
    )
    return np.round(region.to_degrees(plan), DECIMALS)


def _fractal(line: Floats, roughness: float, halvings: int, seed: int, pair: tuple[str, str]) -> Floats:
    """Shift the midpoint of every piece sideways, then of its halves, and so on."""
    uniform = stream(seed, "border", *pair)
    for _ in range(halvings):
        start, end = line[:-1], line[1:]
        along = end - start
        sideways = np.stack([-along[:, 1], along[:, 0]], axis=1)
        shift = (uniform.random(len(along)) * 2 - 1) * roughness
        middle = (start + end) / 2 + sideways * shift[:, None]
        line = np.concatenate([np.stack([start, middle], axis=1).reshape(-1, 2), line[-1:]])
    return line


def _assign(region: Region, polygons: shapely.GeometryCollection) -> dict[str, shapely.Polygon]:
    """Give each polygon to the district whose point it holds, in the order of the code list."""
    found = {}
    for district in region.districts:
        point = shapely.Point(*region.to_degrees(np.array([[district.x, district.y]]))[0])
        found[district.code] = next(p for p in polygons.geoms if p.contains(point))
    return found


def river(region: Region) -> list[tuple[str, str]]:
    """Return the pairs of districts on either bank, from the spring to the mouth."""
    for upper, lower in pairwise(region.river_banks):
        if not set(upper) & set(lower):
            raise ValueError(f"region.toml: the river leaps from {upper} to {lower}")
    return list(region.river_banks)
