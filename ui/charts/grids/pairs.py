"""Two forms for the same person: a half grid of published pair numbers."""

from analysis import Answer
from ui import theme
from ui.charts.figure import Figure
from ui.charts.grids.cell_grid import cell_grid
from ui.charts.grids.matrix import grid_cell
from ui.charts.hover import unit_of
from ui.charts.maps.classes import value_classes
from ui.charts.time.series import Words

JOINT = "__"


def pairs_chart(answer: Answer, single: str, *, words: Words, palette: theme.Palette = theme.LIGHT) -> Figure:
    """Return the pairs of a dimension as the lower half of a grid.

    Parameters
    ----------
    answer
        By one dimension whose codes are two codes joined by ``__``.
    single
        The dimension of the two codes, such as ``form``.
    words
        Words for codes.
    palette
        Colours of the theme.
    """
    [name] = answer.question.by
    parts = [code.split(JOINT) for code in answer.frame[name]]
    order = list(dict.fromkeys(part for pair in parts for part in pair))
    rows, columns = order[1:], order[:-1]
    unit = unit_of(answer)
    cells = {
        (rows.index(second), columns.index(first)): grid_cell(row, words(name, row[name]), unit)
        for row, (first, second) in zip(answer.frame.iter_rows(named=True), parts, strict=True)
    }
    classes = value_classes(answer.frame["value"].to_list(), unit.kind)
    labels = [[words(single, code) for code in codes] for codes in (rows, columns)]
    return cell_grid(labels[0], labels[1], cells, classes, palette, heads_inside=True)
