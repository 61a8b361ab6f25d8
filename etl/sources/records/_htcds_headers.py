"""Finds the fields of the standard among the headers: names, labels, survey groups, tick columns."""

from collections.abc import Collection
from dataclasses import dataclass, field

import polars as pl

from etl.lines import LINE
from etl.sources._catalogued import key
from etl.sources.records._htcds_codes import AMBIGUOUS, FIELDS, LISTS, PREFIXES, VOCABULARIES

# Names with their prefix, and those labels that no other kind of sheet has, tell a sheet of the standard.
_NAMES = {key(name) for names in FIELDS.values() for name in names if name.partition("_")[0] in PREFIXES}
_LABELS = {key(name) for meaning in (*LISTS, "status") for name in FIELDS[meaning] if " " in name}


@dataclass(frozen=True)
class Sheet:
    """A sheet whose fields are known.

    Attributes
    ----------
    frame : polars.DataFrame
        Rows of people: the row of labels under the names is gone.
    fields : dict
        Meaning → column.
    ticks : dict
        Column → (meaning, code), for survey exports with one column a choice.
    """

    frame: pl.DataFrame
    fields: dict[str, str]
    ticks: dict[str, tuple[str, str]] = field(default_factory=dict)


def is_header(cells: Collection[str]) -> bool:
    """Tell whether a row is a header of the standard: two of its own names or labels, in any layout."""
    parts = {_name(part) for cell in cells for part in cell.split("/")}
    return len(parts & _NAMES) > 1 or len(parts & _LABELS) > 1


def find_fields(frame: pl.DataFrame) -> Sheet:
    """Find the fields of a sheet.

    The templates have names in row 1 and labels in row 2; other sheets have only one of them. A column whose
    name is empty is called by its label.
    """
    fields: dict[str, str] = {}
    ticks: dict[str, tuple[str, str]] = {}
    by_name = {_name(column): column for column in reversed(frame.columns) if column != LINE}
    rows = _without_labels(frame, by_name)
    for meaning in FIELDS:
        columns = [by_name[name] for name in _names(meaning) if name in by_name]
        filled = [column for column in columns if rows[column].null_count() < rows.height]
        if columns:
            fields[meaning] = (filled or columns)[0]
    for column in frame.columns:
        found = _tick(column)
        if found is not None:
            ticks[column] = found
    return Sheet(rows, fields, ticks)


def _names(meaning: str) -> list[str]:
    """Return the keys a field goes by: with its prefix, and without it where that is unambiguous."""
    keys: dict[str, None] = {}
    for name in FIELDS[meaning]:
        keys[key(name)] = None
        bare = _bare(name)
        if bare not in AMBIGUOUS:
            keys[bare] = None
    return list(keys)


def _bare(name: str) -> str:
    prefix, _, rest = name.partition("_")
    return key(rest) if prefix.lower() in PREFIXES and rest else key(name)


def _name(column: str) -> str:
    """Return the key of a header; groups of a survey before the last slash do not matter."""
    last = key(column.rsplit("/", 1)[-1])
    return last.replace("traffickinstatus", "traffickingstatus")  # as misspelt in the templates


def _tick(column: str) -> tuple[str, str] | None:
    """Return meaning and code of a column such as ``vic_MethodsOfControl/DebtBondage``."""
    parts = [part.strip() for part in column.split("/")]
    for position in range(1, len(parts)):
        name, choice = _name(parts[position - 1]), key("".join(parts[position:]))
        for meaning in LISTS:
            if name in _names(meaning) and choice in VOCABULARIES[meaning]:
                return meaning, VOCABULARIES[meaning][choice]
    return None


def _without_labels(frame: pl.DataFrame, by_name: dict[str, str]) -> pl.DataFrame:
    """Drop the row of labels that the templates have under the names."""
    if frame.is_empty():
        return frame
    first = frame.row(0, named=True)
    labels = 0
    cells = 0
    for meaning in FIELDS:
        names = _names(meaning)
        written = [first[by_name[name]] for name in names if name in by_name and first[by_name[name]]]
        cells += len(written)
        labels += sum(_name(cell) in names for cell in written)
    return frame.tail(-1) if cells and labels > cells / 2 else frame
