"""Two dimensions together: a grid of published numbers."""

from collections.abc import Mapping
from typing import Any

from analysis import Answer
from ui import format as text
from ui import theme
from ui.charts.figure import Figure
from ui.charts.grids.cell_grid import WIDTH, GridCell, cell_grid
from ui.charts.hover import Unit, row_words, unit_of, value_words
from ui.charts.maps.classes import value_classes
from ui.charts.time.series import Words


def matrix_chart(
    answer: Answer,
    *,
    words: Words,
    palette: theme.Palette = theme.LIGHT,
    width: int = WIDTH,
    totals: Mapping[str, str] | None = None,
) -> Figure:
    """Return a grid of an answer by exactly two dimensions, in the order of the code lists.

    Parameters
    ----------
    answer
        By two dimensions: the first gives the rows, the second the columns.
    words
        Words for codes.
    palette
        Colours of the theme.
    width
        Pixels of the card.
    totals
        What the heading of a column says of all its rows together, by code: "(730 in all)".

    Raises
    ------
    ValueError
        If the answer is not by two dimensions; a programming error.
    """
    if len(answer.question.by) != 2:
        raise ValueError(f"a matrix needs exactly two dimensions, not {answer.question.by}")
    down, across = answer.question.by
    rows, columns = (list(dict.fromkeys(answer.frame[name])) for name in (down, across))
    unit = unit_of(answer)
    cells = {}
    for row in answer.frame.iter_rows(named=True):
        place = (rows.index(row[down]), columns.index(row[across]))
        name = f"{words(down, row[down])}, {words(across, row[across])}"
        cells[place] = grid_cell(row, name, unit)
    classes = value_classes(answer.frame["value"].to_list(), unit.kind)
    beside = totals or {}
    heads = [" ".join(filter(None, (words(across, code), beside.get(code, "")))) for code in columns]
    names = [words(down, code) for code in rows]
    return cell_grid(names, heads, cells, classes, palette, width=width)


def grid_cell(row: Mapping[str, Any], name: str, unit: Unit) -> GridCell:
    """Return the cell of one row of an answer; a sum of only a part carries its star."""
    words = row_words(row, unit, name=name)
    if row["value"] is None:
        return GridCell(None, "", words)
    return GridCell(row["value"], value_words(row["value"], unit) + text.star(row), words)
