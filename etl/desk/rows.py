"""Which rows of a sheet are kept, and which are headings of groups, as a mapping says it."""

from collections.abc import Mapping, Sequence
from typing import Any

from etl.drafting import editing
from etl.mapping.model import GROUP


def keep_only(values: dict[str, Any], number: int, name: str, words: Sequence[str]) -> None:
    """Keep only the rows in which a column of the file holds one of some words; no word keeps all."""
    only = editing.tables(values)[number].setdefault("only", {})
    for known in [one for one in only if one.casefold() == name.casefold()]:
        only.pop(known)
    if words:
        only[name] = list(words)
    if not only:
        editing.tables(values)[number].pop("only")


def kept_only(values: Mapping[str, Any], number: int) -> dict[str, list[str]]:
    """Return the columns of the file by which rows are kept, with the words that keep them."""
    return {name: list(words) for name, words in editing.tables(values)[number].get("only", {}).items()}


def group(values: dict[str, Any], number: int, target: str) -> None:
    """Say which column is filled by rows that have their first cell alone; none where there are no such rows.

    Parameters
    ----------
    values
        What the mapping says; changed.
    number
        Of its tables, from 0.
    target
        Of the contract; each such row fills it for the rows below.
    """
    table = editing.tables(values)[number]
    if before := grouped_by(values, number):
        editing.empty(values, number, before)
    table.pop("group_rows", None)
    if target:
        editing.empty(values, number, target)
        table["group_rows"] = True
        table.setdefault("columns", {})[target] = GROUP


def grouped_by(values: Mapping[str, Any], number: int) -> str:
    """Return the column that the headings of groups fill; empty where there are none."""
    columns = editing.tables(values)[number].get("columns", {})
    made = {name: said.get("column") if isinstance(said, dict) else said for name, said in columns.items()}
    return next((name for name, column in made.items() if column == GROUP), "")
