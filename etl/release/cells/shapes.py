"""Outlines of areas, made light enough to travel to a browser. Neighbours keep their common border."""

import math
from collections.abc import Iterable, Mapping

import numpy as np
import shapely

BYTES_OF_A_MAP = 90_000
BYTES_OF_AN_AREA = 400  # about 25 corners; only maps of very many areas are larger than BYTES_OF_A_MAP
FINEST_SHARE = 1 / 4000  # first tolerance, as a share of the map's size
COARSER = 1.4
TRIALS = 30
DECIMALS = 4  # of a degree: 11 metres


def for_the_screen(outlines: Iterable[tuple[str, str, int, bytes]]) -> list[tuple[str, str, bytes]]:
    """Simplify the outlines of each geography and level together.

    Parameters
    ----------
    outlines
        Geography, code, level and WKB (EPSG:4326) of every area.

    Returns
    -------
    list of (geography, code, wkb)
        In the order of geography and code.
    """
    maps: dict[tuple[str, int], dict[str, bytes]] = {}
    for geography, code, level, wkb in outlines:
        maps.setdefault((geography, level), {})[code] = wkb
    lighter = [
        (geography, code, wkb)
        for (geography, _), areas in sorted(maps.items())
        for code, wkb in lighten(areas).items()
    ]
    return sorted(lighter)


def lighten(areas: Mapping[str, bytes]) -> dict[str, bytes]:
    """Simplify one map until it is light enough: at most 90 kB, or 400 bytes an area where that is more."""
    codes = sorted(areas)
    shapes = shapely.from_wkb([areas[code] for code in codes])
    budget = max(BYTES_OF_A_MAP, BYTES_OF_AN_AREA * len(codes))
    west, south, east, north = shapely.total_bounds(shapes)
    tolerance = math.hypot(east - west, north - south) * FINEST_SHARE
    lighter = _rounded(shapes)
    for _ in range(TRIALS):
        if _weight(lighter) <= budget:
            break
        simpler = shapely.coverage_simplify(shapes, tolerance)
        lost = shapely.is_empty(simpler) | ~shapely.is_valid(simpler)  # a small island keeps its outline
        lighter = _rounded(np.where(lost, shapes, simpler))
        tolerance *= COARSER
    return dict(zip(codes, shapely.to_wkb(lighter), strict=True))


def _rounded(shapes: np.ndarray) -> np.ndarray:
    rounded = shapely.transform(shapes, lambda points: np.round(points, DECIMALS))
    return np.where(shapely.is_valid(rounded), rounded, shapes)


def _weight(shapes: np.ndarray) -> int:
    return sum(len(wkb) for wkb in shapely.to_wkb(shapes))
