"""A map of areas in five classes: hatch where not shown, dots where not collected, neighbours in grey.

The figure is Plotly's in form, so that tests can check it; `ui/cards/face/map.js` draws it, as SVG. It fits
the map to its place, hatches and dots, says which area was clicked, and draws the map for paper in the
colours of the layout's ``meta``.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis import Answer
from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.hover import row_words, unit_of
from ui.charts.maps import map_marks as marks
from ui.charts.maps import map_names as names
from ui.charts.maps.classes import Classes
from ui.charts.time.series import Words
from ui.maps.atlas import Atlas, Box

HEIGHT = 440
WIDTH = 700
_TYPE, _SMALL_TYPE, _NARROW = 13, 12, 480
MARGIN_PIXELS = 22  # a name has room above and below the areas
#: More areas than this are not listed under the map on paper.
MOST_ON_PAPER = 400
_NEIGHBOUR, _NOT_COLLECTED, _HIDDEN, _FIRST_CLASS = 0, 1, 2, 3
Boundaries = Callable[[int], str | None]
"""Level of areas to the address of their boundaries; None puts them into the figure."""


@dataclass(frozen=True)
class Cell:
    """One area of the map.

    `group` is the index of its class, or one of ``hidden`` and ``not_collected``; `hover` is HTML.
    """

    code: str
    group: int | str
    hover: str


def map_chart(
    cells: Iterable[Cell],
    atlas: Atlas,
    level: int,
    classes: Classes,
    *,
    palette: theme.Palette = theme.LIGHT,
    selected: Sequence[str] = (),
    unit: str = "",
    boundaries: Boundaries = lambda _level: None,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> Figure:
    """Return a map.

    Parameters
    ----------
    cells
        From `cells_of`. Areas of the level that are not among them are drawn as neighbours.
    atlas, level
        Shapes, and the level of the areas.
    classes
        Ranges and colours.
    palette
        Colours of the theme.
    selected
        Areas drawn with a thick outline.
    unit
        Words that on paper stand above the map and are not said with each number.
    boundaries
        Where the browser finds them (`ui.maps.boundary_route.address`).
    width, height
        Pixels of the drawing: the view is fitted to them.

    Returns
    -------
    Figure
        One ``choroplethmap`` trace, the borders of the coarser level as another, then outlines and names.
        ``meta`` of its layout: what is mapped in screen coordinates, pixels left free around it, the colours
        of what is not shown and not available, and what paper needs.
    """
    codes = atlas.at(level)
    inside = frozenset(codes)
    known = {cell.code: cell for cell in cells if cell.code in inside}
    box = atlas.box(known or codes)
    pixel = _pixel(box, width, height)
    groups = [_place(known.get(code)) for code in codes]
    fills = [palette.neighbour, palette.panel, palette.hidden, *classes.colours(palette)]
    areas = _areas(atlas, level, boundaries) | {
        "z": groups,
        "zmin": -0.5,
        "zmax": len(fills) - 0.5,
        "colorscale": _steps(fills),
        "marker": {"line": {"color": palette.paper, "width": _border_width(codes, atlas, pixel)}},
        "text": [known[code].hover if code in known else _name(atlas, code) for code in codes],
        "hovertemplate": "%{text}<extra></extra>",
    }
    traces = [areas, *_borders(atlas, level, boundaries, palette)]
    traces += _edge_of_missing(known, atlas, pixel, palette)
    traces += _outline(atlas, selected, pixel, palette)
    inks = {code: theme.ink_on(palette, fills[group]) for code, group in zip(codes, groups, strict=True)}
    letters = names.Type(_SMALL_TYPE if width < _NARROW else _TYPE, pixel)
    traces += _names(known, atlas, letters, inks, palette)
    layout = theme.layout(palette, height, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    layout |= {
        "meta": {
            "box": [round(side, 4) for side in box],
            "margin": MARGIN_PIXELS,
            "hidden": palette.hidden,
            "missing": palette.panel,
            "hatch": palette.hatch,
            "paper": list(classes.colours(theme.LIGHT)),
            "unit": unit,
        },
    }
    return {"data": traces, "layout": layout}


def paper() -> dict[str, Any]:
    """Return how a map looks on paper, but for the colours of its classes: what `map.js` is told once."""
    return {
        "hidden": theme.LIGHT.hidden,
        "hatch": theme.LIGHT.hatch,
        "missing": theme.LIGHT.paper,
        "most": MOST_ON_PAPER,
        "alt": "Map of the areas in the classes of the legend",
        "tooMany": "The numbers of its areas are in the table of this card.",
        "keys": "Areas: the arrow keys lead from one to the next, Enter chooses",
        "noOutlines": "The outlines of the areas did not arrive; their numbers are in the table.",
    }


def cells_of(
    answer: Answer, classes: Classes, words: Words, bands: Mapping[str, int] | None = None
) -> list[Cell]:
    """Return the areas of an answer with their classes and hover texts.

    Parameters
    ----------
    answer
        By ``area`` alone, or a frame of one period of it.
    classes, words
        Classes of the values; words of the areas.
    bands
        Class of each area when it is not made from the value: the bands around the whole. Areas that are
        not in it are hatched.
    """
    return [_cell(row, answer, classes, words, bands) for row in answer.frame.iter_rows(named=True)]


def _cell(
    row: dict[str, Any], answer: Answer, classes: Classes, words: Words, bands: Mapping[str, int] | None
) -> Cell:
    code, value, marker = row["area"], row["value"], row["marker"] or ""
    base = "population added up over the years: {}" if answer.measure.kind == "rate" else "n = {}"
    said = row_words(row, unit_of(answer), name=words("area", code), base=base)
    if value is None:
        return Cell(code, "not_collected" if set(marker) & set("xz") else "hidden", said)
    if bands is None:
        return Cell(code, classes.index(value), said)
    if code not in bands:
        return Cell(code, "hidden", f"{said}<br>no band: too few, or no population")
    return Cell(code, bands[code], f"{said}<br>{classes.labels[bands[code]].capitalize()}")


def map_legend(classes: Classes, palette: theme.Palette, title: str, cells: Iterable[Cell]) -> str:
    """Return the legend as HTML: a block a class, then hatch and dots where the map has them."""
    groups = {cell.group for cell in cells}
    blocks = [
        _block(f"background:{colour}", words)
        for colour, words in zip(classes.colours(palette), classes.labels, strict=True)
    ]
    if "hidden" in groups:
        lines = f"repeating-linear-gradient(135deg,{palette.hatch} 0 1px,{palette.hidden} 1px 5px)"
        blocks.append(_block(f"background:{lines}", "not shown"))
    if "not_collected" in groups:
        spots = f"radial-gradient({palette.hatch} 1px,{palette.panel} 1.5px) 0 0/6px 6px"
        blocks.append(_block(f"background:{spots}", "not available"))
    name = f'<span class="ltt-legend-title">{text.plain(title)}</span>'
    return f'<div class="ltt-legend">{name}{"".join(blocks)}</div>'


def _block(style: str, words: str) -> str:
    return f'<span class="ltt-legend-item"><i style="{style}"></i>{text.plain(words)}</span>'


def _place(cell: Cell | None) -> int:
    if cell is None:
        return _NEIGHBOUR
    named = {"hidden": _HIDDEN, "not_collected": _NOT_COLLECTED}
    return named[cell.group] if isinstance(cell.group, str) else _FIRST_CLASS + cell.group


def _border_width(codes: Sequence[str], atlas: Atlas, pixel: float) -> float:
    """Return a border that leaves room for colour: thin where areas are a few pixels wide."""
    sizes = sorted(math.sqrt(atlas.shapes[code].area) / pixel for code in codes)
    typical = sizes[len(sizes) // 2] if sizes else 0
    return round(min(1.0, max(0.15, typical / 40)), 2)


def _steps(fills: list[str]) -> list[list[Any]]:
    """Return a colour scale of equal steps, one per group."""
    size = 1 / len(fills)
    return [[edge, fill] for n, fill in enumerate(fills) for edge in (n * size, min((n + 1) * size, 1.0))]


def _pixel(box: Box, width: int, height: int) -> float:
    """Return the size of a pixel in degrees where a rectangle fits its place."""
    west, south, east, north = box
    room = (max(width - 2 * MARGIN_PIXELS, 50), max(height - 2 * MARGIN_PIXELS, 50))
    return max((east - west) / room[0], (north - south) / room[1], 1e-6)


def _edge_of_missing(
    known: Mapping[str, Cell], atlas: Atlas, pixel: float, palette: theme.Palette
) -> list[dict[str, Any]]:
    """Return a line around the areas for which nothing was collected: their paper is the page's, nearly."""
    missing = [atlas.shapes[code] for code, cell in known.items() if cell.group == "not_collected"]
    if not missing:
        return []
    edge = marks.outlines([marks.joined(missing)], pixel)
    return [_lines(edge, palette.hatch, 1, "edge of not available")]


def _areas(atlas: Atlas, level: int, boundaries: Boundaries) -> dict[str, Any]:
    return {
        "type": "choroplethmap",
        "geojson": boundaries(level) or json.loads(atlas.geojson_text(level)),
        "featureidkey": "id",
        "locations": list(atlas.at(level)),
        "showscale": False,
    }


def _borders(
    atlas: Atlas, level: int, boundaries: Boundaries, palette: theme.Palette
) -> list[dict[str, Any]]:
    """Return the areas of the coarser level, of which only the borders are seen."""
    if level <= 1 or not (coarser := atlas.at(level - 1)):
        return []
    nothing = theme.transparent(palette.paper, 0)
    line = {"color": palette.muted, "width": 1.2}
    shown = {"z": [0] * len(coarser), "colorscale": [[0, nothing], [1, nothing]], "marker": {"line": line}}
    return [_areas(atlas, level - 1, boundaries) | shown | {"name": "borders", "hoverinfo": "skip"}]


def _outline(
    atlas: Atlas, selected: Sequence[str], pixel: float, palette: theme.Palette
) -> list[dict[str, Any]]:
    chosen = [atlas.shapes[code] for code in selected if code in atlas.shapes]
    if not chosen:
        return []
    outline = marks.outlines(
        chosen, pixel
    )  # a pale line under the dark one: it shows on the darkest class too
    return [
        _lines(outline, palette.paper, 6, "around the selected"),
        _lines(outline, palette.ink, 3, "selected"),
    ]


def _names(
    known: Mapping[str, Cell],
    atlas: Atlas,
    letters: names.Type,
    inks: Mapping[str, str],
    palette: theme.Palette,
) -> list[dict[str, Any]]:
    """Return the names and the lines to the areas that they stand beside, each in the ink that reads.

    Areas of a colour that few have are named first: a reader asks for those.
    """
    alike = Counter(cell.group for cell in known.values())
    areas = [
        names.Named(code, atlas.places.areas[code].name, atlas.shapes[code], inks[code], -alike[cell.group])
        for code, cell in known.items()
    ]
    west, south, east, north = atlas.box(known)
    edge = (MARGIN_PIXELS - 1) * letters.pixel
    seen = (west - edge, south - edge, east + edge, north + edge)
    placed = names.labels(areas, letters, seen, theme.ink_on(palette, palette.paper))
    by_ink: dict[str, list[names.Label]] = {}
    for label in placed:
        by_ink.setdefault(label.ink, []).append(label)
    traces = [
        _lines(coordinates, ink, 1, "lines to names")
        for ink, coordinates in names.tails(placed, letters).items()
    ]
    return traces + [
        _over("names", [label.x for label in labels], [label.y for label in labels])
        | {
            "mode": "text",
            "text": [label.name for label in labels],
            "textfont": {"family": "Source Sans", "size": letters.size, "color": ink},
        }
        for ink, labels in by_ink.items()
    ]


def _name(atlas: Atlas, code: str) -> str:
    return text.plain(atlas.places.areas[code].name)


def _lines(coordinates: marks.Coordinates, colour: str, width: float, name: str) -> dict[str, Any]:
    return _over(name, *coordinates) | {"mode": "lines", "line": {"color": colour, "width": width}}


def _over(name: str, x: Sequence[float | None], y: Sequence[float | None]) -> dict[str, Any]:
    return {"type": "scattermap", "name": name, "lon": x, "lat": y, "hoverinfo": "skip"}
