"""Whether outlines lie where their geography does: latitude and longitude are easily swapped."""

from collections.abc import Sequence
from pathlib import Path

import shapely

from etl.errors import EtlError

Box = tuple[float, float, float, float]  # west, south, east, north
#: Where the areas of known geographies lie, with islands and territories.
BOXES: dict[str, tuple[Box, ...]] = {
    "us": ((-180.0, -15.0, -60.0, 72.0), (143.0, 12.0, 147.0, 21.0), (172.0, 50.0, 180.0, 56.0)),
    "uk": ((-9.5, 48.5, 3.0, 62.0),),
}
_POLE = 90.0
_MOST = 0.5  # of the outlines
_NEXT = "Write longitude first, as GeoJSON wants it, and load that file."


def where(path: Path, geography: str, outlines: Sequence[shapely.Geometry | None]) -> list[str]:
    """Return a note on where outlines of a geography of one's own lie.

    Raises
    ------
    EtlError
        When latitude and longitude are certainly swapped.
    """
    drawn = [outline.bounds for outline in outlines if outline is not None and not outline.is_empty]
    if not drawn:
        return []
    west, south = min(one[0] for one in drawn), min(one[1] for one in drawn)
    east, north = max(one[2] for one in drawn), max(one[3] for one in drawn)
    boxes = BOXES.get(geography, ())
    if max(-south, north) > _POLE or (boxes and _is_swapped(drawn, boxes)):
        raise EtlError(
            f"{path.name}: latitude and longitude are swapped: the outlines lie between longitude {west:.1f} "
            f"and {east:.1f}, latitude {south:.1f} and {north:.1f}. Nothing was changed.",
            _NEXT,
        )
    if boxes or max(-west, east) > _POLE:  # swapped, these would lie beyond the poles
        return []
    return [
        f"the outlines lie between latitude {south:.1f} and {north:.1f}, longitude {west:.1f} and "
        f"{east:.1f}; where that is another part of the world, latitude and longitude are swapped in the file"
    ]


def _is_swapped(drawn: Sequence[Box], boxes: Sequence[Box]) -> bool:
    middles = [((west + east) / 2, (south + north) / 2) for west, south, east, north in drawn]
    as_written = sum(_is_in(boxes, x, y) for x, y in middles)
    other_way = sum(_is_in(boxes, y, x) for x, y in middles)
    return as_written < _MOST * len(middles) <= other_way


def _is_in(boxes: Sequence[Box], x: float, y: float) -> bool:
    return any(west <= x <= east and south <= y <= north for west, south, east, north in boxes)
