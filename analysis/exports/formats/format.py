"""What a format of a file is: one module of this folder makes one, and the registry lists it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analysis.exports.context import ExportContext, ExportItem
from analysis.exports.tables import ExportTable


@dataclass(frozen=True)
class Contents:
    """What is to be written: answers, and the table of each, in the same order."""

    items: tuple[ExportItem, ...]
    tables: tuple[ExportTable, ...]
    context: ExportContext


@dataclass(frozen=True)
class DataFile:
    """One file with numbers.

    Attributes
    ----------
    path : str
        Its name; the ending is the code of its format.
    content : bytes
        What is in it.
    meaning : str
        One line for the list of files.
    described : Mapping[str, object]
        What ``datapackage.json`` says of it beside name, size and hash.
    name : str
        Name of the resource, where one file holds several; made from the path when empty.
    media_type : str
        Its name for programs, where the ending is not that of a format.
    """

    path: str
    content: bytes
    meaning: str
    described: Mapping[str, object]
    name: str = ""
    media_type: str = ""


@dataclass(frozen=True)
class Reading:
    """Lines that read the first table of a package into ``data``, in two languages."""

    python: Sequence[str]
    r: Sequence[str]


@dataclass(frozen=True)
class Format:
    """One format of a file.

    Attributes
    ----------
    code : str
        What it is asked for by, and the ending of its files.
    label : str
        Its name on screen.
    media_type : str
        Its name for programs.
    is_binary : bool
        Whether its files hold no text.
    write : callable
        Makes the data files; the first one holds the first table.
    reading : callable
        Lines that read the first table.
    needs_boundaries : bool
        Whether it can only be made of tables by area that have boundaries.
    """

    code: str
    label: str
    media_type: str
    is_binary: bool
    write: Callable[[Contents], list[DataFile]]
    reading: Callable[[ExportTable], Reading]
    needs_boundaries: bool = False

    def fits(self, items: Sequence[ExportItem]) -> bool:
        """Return whether these answers can be written in it."""
        return not self.needs_boundaries or all(item.by_area and item.boundaries for item in items)


def described(table: ExportTable) -> dict[str, object]:
    """Return the columns of a table as ``datapackage.json`` describes them."""
    return {"type": "table", "schema": {"fields": list(table.fields), "missingValues": [""]}}


def python_types(table: ExportTable) -> str:
    """Return the columns that hold text as an argument for pandas: an area 06037 must keep its zero."""
    return json.dumps(dict.fromkeys(_texts(table), "str"))


def r_types(table: ExportTable) -> str:
    """Return the columns that hold text as a vector of R."""
    pairs = ", ".join(f'{name} = "character"' for name in _texts(table))
    return f"c({pairs})"


def _texts(table: ExportTable) -> list[str]:
    return [name for name, kind in table.frame.schema.items() if kind == pl.String]
