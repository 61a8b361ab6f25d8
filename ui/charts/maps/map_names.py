"""Where the names of areas stand on a map: inside where there is room, else beside it with a line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Box = tuple[float, float, float, float]
"""West, south, east, north in screen coordinates."""

MOST_BESIDE = 60
_LETTER, _LINE = 0.52, 1.2  # of the size of the type: what a letter and a line take
_PAD_PIXELS = 4.0  # what is kept free around a name
_INSIDE = 0.85  # of a name: what lies in its own area
_TOUCHED = 0.08  # of a name: less of it over another colour is still read
#: Places beside an area, in widths and lines of its name, nearest first.
_NEAR = (
    (0.0, 0.0),
    *((across, line) for line in (0.5, -0.5, 1.0, -1.0) for across in (0.0, -0.25, 0.25, -0.4, 0.4)),
    *((across, 0.0) for across in (-0.65, 0.65)),
    *((across, line) for line in (2.0, -2.0) for across in (0.0, -0.6, 0.6)),
)
#: Long lines cross other areas: only for areas that a reader looks for.
_FAR = tuple((across, line) for line in (3.0, -3.0, 4.0, -4.0) for across in (0.0, -0.6, 0.6))
_SOUGHT = -3


@dataclass(frozen=True)
class Named:
    """One area that is to be named.

    `ink` is the colour of words that reads on its fill. Areas of a higher `rank` are named first: 0 less the
    number of areas of the same colour.
    """

    code: str
    name: str
    shape: BaseGeometry
    ink: str
    rank: int = -1


@dataclass(frozen=True)
class Label:
    """A name, the point it is written at and its colour; `tail` is where its line ends, for one beside."""

    code: str
    name: str
    x: float
    y: float
    ink: str
    tail: tuple[float, float] | None = None


@dataclass(frozen=True)
class Type:
    """The size of names.

    Attributes
    ----------
    size
        Pixels.
    pixel
        Size of one pixel in degrees.
    """

    size: float
    pixel: float

    def extent(self, name: str) -> tuple[float, float]:
        """Return width and height of a name in degrees, with what is kept free around it."""
        wide = len(name) * _LETTER * self.size + _PAD_PIXELS
        return wide * self.pixel, (_LINE * self.size + _PAD_PIXELS) * self.pixel

    def box(self, name: str, x: float, y: float) -> BaseGeometry:
        """Return the place that a name takes around a point."""
        wide, high = self.extent(name)
        return shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def labels(areas: Sequence[Named], letters: Type, view: Box, paper_ink: str) -> list[Label]:
    """Return names for as many areas as can be read.

    Parameters
    ----------
    areas
        Those of the highest rank are named first, then the largest. Areas too small for their name get it
        beside them, where it lies on colours that one ink reads on, and touches no other name.
    letters
        The size of names.
    view
        The part of the map that is seen.
    paper_ink
        The colour of words outside of all areas.
    """
    ordered = sorted(areas, key=lambda area: (-area.rank, -area.shape.area))
    taken: list[BaseGeometry] = []
    placed: list[Label] = []
    small: list[tuple[Named, shapely.Point]] = []
    for area in ordered:
        at = _roomy_point(area.shape)
        box = letters.box(area.name, at.x, at.y)
        is_inside = area.shape.intersection(box).area >= _INSIDE * box.area
        if is_inside and not any(box.intersects(other) for other in taken):
            taken.append(box)
            placed.append(Label(area.code, area.name, round(at.x, 4), round(at.y, 4), area.ink))
        else:
            small.append((area, at))
    if len(areas) > MOST_BESIDE:
        return placed
    ground = _Ground(ordered, paper_ink, view, taken)
    beside = [_beside(area, at, letters, ground) for area, at in small]
    return [*placed, *(label for label in beside if label is not None)]


class _Ground:
    """What lies under names: which colours of words can be read there, and what is taken."""

    def __init__(self, areas: Sequence[Named], paper_ink: str, view: Box, taken: list[BaseGeometry]) -> None:
        self.areas, self.paper_ink, self.view, self.taken = areas, paper_ink, view, taken
        self.tree = shapely.STRtree([area.shape for area in areas])

    def is_free(self, box: BaseGeometry) -> bool:
        """Return whether a box is seen and touches no other name."""
        west, south, east, north = box.bounds
        is_seen = west >= self.view[0] and south >= self.view[1] and east <= self.view[2]
        return is_seen and north <= self.view[3] and not any(box.intersects(other) for other in self.taken)

    def is_own(self, box: BaseGeometry, area: Named) -> bool:
        """Return whether a name's middle lies in its own area or in none: in another it would name that."""
        return all(self.areas[int(place)] is area for place in self.tree.query(box.centroid, "intersects"))

    def ink(self, box: BaseGeometry) -> str | None:
        """Return the one colour of words that reads all over a box, or None."""
        under: dict[str, float] = {}
        for place in self.tree.query(box):
            area = self.areas[int(place)]
            under[area.ink] = under.get(area.ink, 0.0) + area.shape.intersection(box).area
        outside = box.area - sum(under.values())
        under[self.paper_ink] = under.get(self.paper_ink, 0.0) + outside
        inks = [ink for ink, part in under.items() if part > _TOUCHED * box.area]
        return inks[0] if len(inks) == 1 else None


def _beside(area: Named, at: shapely.Point, letters: Type, ground: _Ground) -> Label | None:
    """Return the nearest place for a name that is free, and take it."""
    for x, y in _places(area, at, letters):
        box = letters.box(area.name, x, y)
        ink = ground.ink(box) if ground.is_free(box) and ground.is_own(box, area) else None
        if ink is None:
            continue
        tail = None if box.contains(at) else (round(at.x, 4), round(at.y, 4))
        ground.taken.append(box if tail is None else box.union(at.buffer(2 * letters.pixel)))
        return Label(area.code, area.name, round(x, 4), round(y, 4), ink, tail)
    return None


def _places(area: Named, at: shapely.Point, letters: Type) -> Iterator[tuple[float, float]]:
    wide, high = letters.extent(area.name)
    for across, lines in (*_NEAR, *_FAR) if area.rank >= _SOUGHT else _NEAR:
        yield at.x + across * wide, at.y + lines * high


def _roomy_point(shape: BaseGeometry) -> shapely.Point:
    part = max(shapely.get_parts(shape), key=lambda one: one.area)
    centre = shapely.centroid(part)
    if part.contains(centre):
        return shapely.Point(centre.x, centre.y)
    inside = shapely.point_on_surface(part)
    return shapely.Point(inside.x, inside.y)


def tails(
    placed: Sequence[Label], letters: Type
) -> Mapping[str, tuple[list[float | None], list[float | None]]]:
    """Return the lines from names to their areas, by colour; None lifts the pen."""
    lines: dict[str, tuple[list[float | None], list[float | None]]] = {}
    for label in placed:
        if label.tail is None:
            continue
        x, y = lines.setdefault(label.ink, ([], []))
        end = np.array(label.tail)
        start = np.array([label.x, label.y])
        edge = start + _to_the_edge(label, letters) * (end - start)
        x += [round(float(edge[0]), 4), label.tail[0], None]
        y += [round(float(edge[1]), 4), label.tail[1], None]
    return lines


def _to_the_edge(label: Label, letters: Type) -> float:
    """Return what part of the way from a name's middle to its area lies under the name itself."""
    if label.tail is None:
        return 0.0
    wide, high = (side / 2 for side in letters.extent(label.name))
    across, up = abs(label.tail[0] - label.x), abs(label.tail[1] - label.y)
    ways = [half / way for half, way in ((wide, across), (high, up)) if way > 0]
    return min([*ways, 1.0])
