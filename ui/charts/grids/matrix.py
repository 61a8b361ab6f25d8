"""Two dimensions together: a grid of published numbers."""

import plotly.graph_objects as go

from analysis import Answer
from ui import format as text
from ui import theme
from ui.charts.grids.cell_grid import WIDTH, GridCell, cell_grid
from ui.charts.maps.classes import value_classes
from ui.charts.time.series import Words

#: Stands beside a sum of which some numbers cannot be shown.
PARTIAL = "*"
PARTIAL_NOTE = "* The sum of only those yearly numbers that can be shown."


def matrix_chart(
    answer: Answer, *, words: Words, palette: theme.Palette = theme.LIGHT, width: int = WIDTH
) -> go.Figure:
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

    Raises
    ------
    ValueError
        If the answer is not by two dimensions; a programming error.
    """
    if len(answer.question.by) != 2:
        raise ValueError(f"a matrix needs exactly two dimensions, not {answer.question.by}")
    down, across = answer.question.by
    rows, columns = (list(dict.fromkeys(answer.frame[name])) for name in (down, across))
    kind, unit = answer.measure.kind, answer.unit
    cells = {}
    for row in answer.frame.iter_rows(named=True):
        place = (rows.index(row[down]), columns.index(row[across]))
        name = f"{words(down, row[down])}, {words(across, row[across])}"
        cells[place] = grid_cell(row, name, kind, unit)
    classes = value_classes(answer.frame["value"].to_list(), kind)
    labels = [[words(name, code) for code in codes] for name, codes in ((down, rows), (across, columns))]
    return cell_grid(labels[0], labels[1], cells, classes, palette, width=width)


def grid_cell(row: dict[str, object], name: str, kind: str, unit: str) -> GridCell:
    """Return the cell of one row of an answer."""
    value, lower, upper = (_number(row[key]) for key in ("value", "lower", "upper"))
    said = f"<b>{text.plain(name)}</b><br>"
    if value is None:
        return GridCell(None, "", said + text.NOT_SHOWN_LONG)
    interval = text.interval_text(lower, upper, kind)
    shown, total = _number(row["cells_shown"]) or 0, _number(row["cells_total"]) or 0
    said += f"{text.value_text(value, kind)} {unit}"
    said += f"<br>95% interval {interval}" if interval else ""
    if shown < total:
        said += f"<br>sum of the {shown:.0f} of {total:.0f} numbers that can be shown"
    marker = text.marker_text(str(row["marker"] or ""))
    said += f"<br>{marker}" if marker else ""
    return GridCell(value, text.value_text(value, kind) + (PARTIAL if shown < total else ""), said)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
