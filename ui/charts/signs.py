"""Figures of areas side by side, each marked where it lies clearly below that of all other areas together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ui import theme
from ui.charts.figure import Figure
from ui.charts.grids.cell_grid import WIDTH, GridCell, cell_grid
from ui.charts.maps.classes import BAND_LABELS, Classes

BELOW = "▼ "
_BELOW, _OTHER = 1.0, 2.0
#: Two of the five bands are used: a figure above the others says nothing here and stays plain.
_CLASSES = Classes((_BELOW, _OTHER, 3.0, 4.0), BAND_LABELS, is_diverging=True)


@dataclass(frozen=True)
class Mark:
    """One figure: its words (None: not shown), what a pointer over it says, whether it is clearly below."""

    words: str | None
    hover: str
    is_below: bool = False


def signs_chart(
    areas: Sequence[str],
    columns: Sequence[str],
    marks: Mapping[tuple[int, int], Mark],
    *,
    palette: theme.Palette = theme.LIGHT,
    width: int = WIDTH,
) -> Figure:
    """Return a grid of areas (rows, in the order given) and figures (columns).

    Parameters
    ----------
    areas, columns
        Words.
    marks
        By place (row, column). Columns have different units, so only the mark has a colour, not the size.
    palette
        Colours of the theme.
    width
        Pixels of the card.
    """
    cells = {place: _cell(mark) for place, mark in marks.items()}
    return cell_grid(areas, columns, cells, _CLASSES, palette, width=width)


def _cell(mark: Mark) -> GridCell:
    if mark.words is None:
        return GridCell(None, "", mark.hover)
    label = f"{BELOW}{mark.words}" if mark.is_below else mark.words
    return GridCell(_BELOW if mark.is_below else _OTHER, label, mark.hover)
