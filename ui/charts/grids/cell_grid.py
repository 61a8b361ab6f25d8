"""A grid of numbers in five classes, not shown hatched: what matrices and pairs are drawn with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.maps.classes import Classes

_ROW_PIXELS = 40
_LINE_PIXELS = 19
_MARGIN_PIXELS = 34
_SIDES_PIXELS = 16
_LABEL_WIDTH = 24
_LINE_LETTERS = 14
_LETTER_PIXELS = 7.6
_AVERAGE_LETTER_PIXELS = 6.2  # what decides whether a word fits at all
_WIDTH_STEP = 6  # a column is this much wider at most: the width of a card is told in steps
_UPRIGHT_WIDTH = 18
WIDTH = 1000


@dataclass(frozen=True)
class GridCell:
    """One cell: its value (None when not shown), what stands in it and what a pointer over it says."""

    value: float | None
    label: str
    hover: str


def cell_grid(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], GridCell],
    classes: Classes,
    palette: theme.Palette,
    *,
    width: int = WIDTH,
    heads_inside: bool = False,
) -> Figure:
    """Return a grid with the rows from top to bottom.

    Parameters
    ----------
    rows, columns
        Labels.
    cells
        By place (row, column). Places that are missing stay empty.
    classes
        Colour classes of the values.
    palette
        Colours of the theme.
    width
        Pixels of the card: headings are broken to fit, and stand upright where a word would not.
    heads_inside
        For a lower half: the heading of a column stands in the empty half, above its first cell.
    """
    colours = classes.colours(palette)
    depth, across = len(rows), len(columns)
    groups: list[list[int | None]] = [[None] * across for _ in range(depth)]
    hovers = [[""] * across for _ in range(depth)]
    for (row, column), cell in cells.items():
        hovers[row][column] = cell.hover
        groups[row][column] = None if cell.value is None else classes.index(cell.value)
    steps = [[edge / len(colours), colour] for n, colour in enumerate(colours) for edge in (n, n + 1)]
    heat = {
        "type": "heatmap",
        "x": list(range(across)),
        "y": list(range(depth)),
        "z": groups,
        "zmin": -0.5,
        "zmax": len(colours) - 0.5,
        "colorscale": steps,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "text": hovers,
        "hovertemplate": "%{text}<extra></extra>",
        "hoverongaps": False,
    }
    hidden = [place for place, cell in cells.items() if cell.value is None]
    traces = [heat, *([_hatched(hidden, cells, palette)] if hidden else [])]
    annotations = [
        _label(place, cell, colours[classes.index(cell.value)], palette)
        for place, cell in cells.items()
        if cell.value is not None
    ]
    names = [text.wrapped(label, _LABEL_WIDTH) for label in rows]
    room = (width - _longest(names) * _AVERAGE_LETTER_PIXELS - _SIDES_PIXELS) / max(across, 1)
    word = _longest_word(columns) * _AVERAGE_LETTER_PIXELS
    is_upright = not heads_inside and word > room + _WIDTH_STEP
    letters = _LINE_LETTERS if heads_inside else _UPRIGHT_WIDTH if is_upright else room / _LETTER_PIXELS
    heads = [text.wrapped(label, max(int(letters), 8)) for label in columns]
    lines = 1 if heads_inside else max((head.count("<br>") + 1 for head in heads), default=1)
    head_pixels = _longest(heads) * _LETTER_PIXELS if is_upright else _LINE_PIXELS * lines
    xaxis = _axis(palette, heads) | {"side": "top", "range": [-0.5, across - 0.5]}
    if is_upright:
        xaxis["tickangle"] = -90
    yaxis = _axis(palette, names)
    yaxis["range"] = [depth - 0.5, -0.5]
    layout = theme.layout(
        palette, _MARGIN_PIXELS + int(head_pixels) + _ROW_PIXELS * depth, annotations=annotations
    )
    if heads_inside:
        xaxis |= {"showticklabels": False, "range": [-0.5, across]}
        yaxis["range"] = [depth - 0.5, -1.5]
        layout["height"] += _ROW_PIXELS - _LINE_PIXELS
        layout["margin"] |= {"r": 64}
        layout["annotations"] += [_inner_head(n, head, palette) for n, head in enumerate(heads)]
    return {"data": traces, "layout": layout | {"xaxis": xaxis, "yaxis": yaxis}}


def _longest(labels: Sequence[str]) -> int:
    return max((len(line) for label in labels for line in label.split("<br>")), default=0)


def _longest_word(labels: Sequence[str]) -> int:
    return max((len(word) for label in labels for word in label.split()), default=0)


def _inner_head(column: int, words: str, palette: theme.Palette) -> dict[str, Any]:
    return {
        "x": column - 0.46,
        "y": column - 0.56,
        "text": words,
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "font": {"size": 14, "color": palette.ink},
    }


def _axis(palette: theme.Palette, labels: Sequence[str]) -> dict[str, Any]:
    return theme.axis(
        palette,
        tickvals=list(range(len(labels))),
        ticktext=list(labels),
        tickangle=0,
        tickfont={"size": 14, "color": palette.ink},
    )


def _hatched(
    places: Sequence[tuple[int, int]], cells: Mapping[tuple[int, int], GridCell], palette: theme.Palette
) -> dict[str, Any]:
    """Return hatched squares with a point in the middle of each, which carries its hover text."""
    x: list[float | None] = []
    y: list[float | None] = []
    for row, column in places:
        x += [column - 0.48, column + 0.48, column + 0.48, column - 0.48, column - 0.48, None]
        y += [row - 0.46, row - 0.46, row + 0.46, row + 0.46, row - 0.46, None]
    pattern = theme.HATCH | {"fgcolor": palette.hatch, "bgcolor": palette.hidden}
    said = [cells[place].hover for place in places for _ in range(6)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "fill": "toself",
        "fillpattern": pattern,
        "line": {"width": 0},
        "text": said,
        "hovertemplate": "%{text}<extra></extra>",
        "name": "not shown",
    }


def _label(place: tuple[int, int], cell: GridCell, fill: str, palette: theme.Palette) -> dict[str, Any]:
    row, column = place
    return {
        "x": column,
        "y": row,
        "text": cell.label,
        "showarrow": False,
        "font": {"size": 14, "color": theme.ink_on(palette, fill)},
    }
