"""What is still open of the open file: what a draft left open, less what has been answered since."""

import re
from typing import Any

from analysis.words import counted
from etl.config import read_deployment
from etl.contracts.tables import Column, contract, table_names
from etl.desk import drafts
from etl.desk.state import Desk
from etl.drafting import editing
from etl.drafting.naming import KINDS
from etl.drafting.writing import BLANK, SHAPED, TOGETHER

_WORDS = re.compile(r"\bwords?\b(?!.*is taken for).* of '(\w+)'")
_COLUMN = re.compile(r"^which column is '(\w+)'\?")
_FORMATS = re.compile(r"^no date tells which of (.*) is meant")


def open_questions(desk: Desk) -> list[str]:
    """Return what the desk was not sure of and nobody has answered yet, each once."""
    values = drafts.said(desk)
    # Of the layout step 2 offers a button; it is no question that must be answered.
    asked = [one for one in desk.questions if not one.startswith((SHAPED, BLANK, TOGETHER))]
    found = (_open(desk, question, values) for question in asked)
    return [question for question in dict.fromkeys(found) if question]


def lacks_geography(desk: Desk, values: dict[str, Any]) -> bool:
    """Return whether nothing says of which geography the areas are."""
    return not (values.get("source", {}).get("geography") or read_deployment(desk.home).geography)


def _open(desk: Desk, question: str, values: dict[str, Any]) -> str:
    """Return a question as this page says it; empty where it is answered."""
    file = values.get("file", {})
    if found := _WORDS.search(question):
        return _words(desk, found[1], values)
    if found := _COLUMN.search(question):
        filled = (
            one for table in editing.tables(values) for one in (table.get("columns"), table.get("constants"))
        )
        return "" if any(found[1] in (one or {}) for one in filled) else question
    if found := _FORMATS.search(question):
        given = file.get("date_format", [])
        formats = [given] if isinstance(given, str) else given
        return "" if set(found[1].split(", ")) & set(formats) else "how your dates are written"
    if question.startswith("whose areas"):
        return "whose areas the sheet names" if lacks_geography(desk, values) else ""
    if question.startswith("financial years"):
        return "" if "fiscal_year" in file else "in which month your financial years begin"
    return question


def _words(desk: Desk, target: str, values: dict[str, Any]) -> str:
    rows, label = 0, target
    for number, table in enumerate(editing.tables(values)):
        if table.get("name") not in table_names() or target not in editing.filled_by(values, number):
            continue
        rule, of = table["columns"][target], contract(str(table["name"]))
        if target not in of.names or (isinstance(rule, dict) and "unreadable" in rule):
            continue
        label = of.column(target).label
        rows += _open_words(desk, number, of.column(target))
    return f"{label}: {counted(rows, 'word')} to explain" if rows else ""


def _open_words(desk: Desk, number: int, column: Column) -> int:
    if column.codes:
        return sum(one.codes is None for one in drafts.words(desk, number, column))
    if column.kind in KINDS:
        return sum(one.word.codes is None for one in drafts.names(desk, number, column))
    return 0
