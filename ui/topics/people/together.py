"""Choices of two dimensions that are crossed; each says beforehand how much of it could be shown."""

from analysis.answers.finest_level import shown
from analysis.errors import QuestionError
from ui.cards.card import Choice
from ui.view.view import View

MEASURE = "detected_persons"
DIMENSIONS = ("form", "age_group", "age_band", "gender", "citizenship_group", "status")


def _rows(view: View) -> dict[str, str]:
    return {code: view.header(code) for code in DIMENSIONS}


def _columns(view: View, row: str) -> dict[str, str]:
    """Return the dimensions that can be crossed with a row's: never itself or one of its family."""
    offered = {}
    for code in ("gender", *(name for name in DIMENSIONS if name != "gender")):
        if not _is_same(view, row, code) and (part := _could_be_shown(view, row, code)):
            offered[code] = f"{view.header(code)} ({part})"
    return offered


def _is_same(view: View, row: str, column: str) -> bool:
    family, other = (view.catalog.dimensions[name].family for name in (row, column))
    return row == column or (bool(family) and family == other)


def _could_be_shown(view: View, row: str, column: str) -> str:
    if not view.has(MEASURE):
        return ""
    try:
        can = shown(view.question(MEASURE, [row, column]), view.release)
    except QuestionError:
        return ""
    return f"{can.rows_shown} of {can.rows_total} shown"


ROWS = Choice("rows", "Rows", _rows, style="select")
COLUMNS = Choice("columns", "Columns", _columns, style="select", under=ROWS)
