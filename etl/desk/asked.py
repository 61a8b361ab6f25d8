"""What is still open of the open file: what a draft left open, less what has been answered since."""

import re
from collections.abc import Iterator
from typing import Any

from analysis.words import counted
from etl.config import read_deployment
from etl.contracts.tables import Column, contract, table_names
from etl.desk import drafts
from etl.desk.state import Desk
from etl.drafting import editing
from etl.drafting.naming import KINDS
from etl.drafting.source import LONGER
from etl.drafting.writing.lines import APART, BLANK, COUNTED, FINANCIAL, SHAPED, TOGETHER, YEAR
from etl.protect.identifiers import WORDS

_WORDS = re.compile(r"\bwords?\b(?!.*is taken for).* of '(\w+)'")
_COLUMN = re.compile(r"^which column is '(\w+)'\?")
_FORMATS = re.compile(r"^no date tells which of (.*) is meant")


def open_questions(desk: Desk) -> list[str]:
    """Return what the desk was not sure of and nobody has answered yet, each once.

    What a draft asked of words is told by what is open now, of every table and of areas and countries too.
    """
    values = drafts.said(desk)
    # Of the layout step 2 offers a button; it is no question that must be answered.
    asked = [one for one in desk.questions if not one.startswith((SHAPED, BLANK, TOGETHER))]
    found = [_open(desk, question, values) for question in asked]
    found += [*_dates(desk, values), *_words(desk, values)]
    return [question for question in dict.fromkeys(found) if question]


def lacks_geography(desk: Desk, values: dict[str, Any]) -> bool:
    """Return whether nothing says of which geography the areas are."""
    return not (values.get("source", {}).get("geography") or read_deployment(desk.home).geography)


def _open(desk: Desk, question: str, values: dict[str, Any]) -> str:
    """Return a question as this page says it; empty where it is answered."""
    file = values.get("file", {})
    if _WORDS.search(question):
        return ""
    if found := _COLUMN.search(question):
        is_filled = any(found[1] in editing.filled(table) for table in editing.tables(values))
        return "" if is_filled else _labelled(question, found[1], values)
    if found := _FORMATS.search(question):
        given = file.get("date_format", [])
        formats = [given] if isinstance(given, str) else given
        return "" if set(found[1].split(", ")) & set(formats) else "how your dates are written"
    source = values.get("source", {})
    for says, is_answered, told in (
        ("whose areas does it name", not lacks_geography(desk, values), "whose areas the sheet names"),
        (LONGER, "period_resolution" in source, question),
        (APART, any("only" in table for table in editing.tables(values)), question),
        (FINANCIAL, "fiscal_year" in file, "in which month your financial years begin"),
        (COUNTED, all("tally" in one for one in editing.tables(values) if editing.counts(one)), question),
        (YEAR, any("period" in (one.get("columns") or {}) for one in editing.tables(values)), question),
    ):
        if says in question:
            return "" if is_answered else told
    return question


def _labelled(question: str, name: str, values: dict[str, Any]) -> str:
    """Return a question with what the desk calls a column of ours, in place of its name in a mapping."""
    tables = [
        contract(str(one["name"])) for one in editing.tables(values) if one.get("name") in table_names()
    ]
    labels = (of.column(name).label for of in tables if name in of.names)
    return question.replace(f"'{name}'", f"‘{next(labels, name)}’")


def _words(desk: Desk, values: dict[str, Any]) -> Iterator[str]:
    """Yield the columns, of each table, with words that nothing explains."""
    tables = editing.tables(values)
    for number, table in enumerate(tables):
        if table.get("name") not in table_names():
            continue
        of = contract(str(table["name"]))
        whose = f"{of.label}, " if len(tables) > 1 else ""
        for target in table.get("columns", {}):
            rule = table["columns"][target]
            if editing.alike(values, number, target)[0] != number:
                continue  # asked for by the table before, and answered for both
            if target not in of.names or (isinstance(rule, dict) and "unreadable" in rule):
                continue
            column = of.column(target)
            if not editing.words_from(values, number, column):
                continue
            if words := _open_words(desk, number, column):
                yield f"{whose}{column.label}: {counted(words, 'word')} to explain"


def _open_words(desk: Desk, number: int, column: Column) -> int:
    if column.codes:
        return sum(one.codes is None for one in drafts.words(desk, number, column))
    if column.kind in KINDS:
        return sum(one.word.codes is None for one in drafts.names(desk, number, column))
    return 0


def _dates(desk: Desk, values: dict[str, Any]) -> Iterator[str]:
    """Yield the columns that are taken and hold exact dates that fill nothing: a check refuses them."""
    for number, table in enumerate(editing.tables(values)):
        if table.get("name") in table_names():
            out = {name.casefold() for name in editing.dropped(values, number)}
            for one in drafts.looked(desk, number).columns:
                if one.rule == WORDS["exact_date"] and one.name.casefold() not in out:
                    yield f"‘{one.shown}’ holds exact dates: match it, or take its tick away in step 2"
