"""Opens every kind of file safely and returns its table as text columns plus ``_line``.

Nothing is guessed about meaning here: every cell stays text, so ``<5`` is never a number, a code keeps its
leading zeros, and a date is still what was typed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import polars as pl

from etl.errors import EtlError
from etl.readers.grid import count_totals, name_columns, show_name, tidy
from etl.readers.limits import DEFAULT_LIMITS, Limits, check_kind, check_path
from etl.readers.packed import unpack_gzip
from etl.readers.text import Grid, read_text
from etl.readers.workbook import read_workbook

__all__ = [
    "DEFAULT_LIMITS",
    "MISSING",
    "TOTALS",
    "Limits",
    "Reading",
    "read",
    "read_table",
    "show_name",
    "tidy",
]

MISSING = ("(null)", "null", "NULL", "NA", "N/A", "n/a", "#N/A", "-99")
TOTALS = ("Total", "Totals", "Grand total", "Sum")
_BOTTOM_ROWS = 30  # among which totals are looked for
_COUNTRY_WORDS = ("country", "countries", "citizen", "nation")  # there "NA" is Namibia


@dataclass(frozen=True)
class Reading:
    """A table as it was found.

    Attributes
    ----------
    frame : polars.DataFrame
        String columns named as in the file, null where missing, plus ``_line`` (Int64).
    notes : tuple of str
        What was found or left out, in words without values: encoding, totals, empty columns.
    """

    frame: pl.DataFrame
    notes: tuple[str, ...]


def read_table(path: Path, **options: Any) -> pl.DataFrame:
    """Return only the frame of :func:`read`; takes the same options."""
    return read(path, **options).frame


def read(
    path: Path,
    *,
    folder: Path | None = None,
    required: Collection[str] = (),
    sheet: str | None = None,
    header_row: int | None = None,
    header_rows: int | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    missing: Collection[str] = MISSING,
    totals: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> Reading:
    """Read one table from a .csv, .tsv, .txt (also .gz) or .xlsx file.

    Parameters
    ----------
    path
        The file.
    folder
        Folder that the file must lie in once links are followed; None allows any.
    required
        Columns that must be there, in small or capital letters. They also help to find header and sheet.
    sheet
        Sheet of a workbook; None takes the one that holds the required columns, or the first.
    header_row, header_rows
        Row of the header, counted from 1 as a spreadsheet does, and its height (1 or 2); None finds them.
    delimiter, encoding
        None finds them.
    missing
        Cells that mean "missing". ``NA`` is kept in columns of countries, where it is Namibia.
    totals
        First cells that mark total rows at the bottom; such rows and footnotes under them are left out.
        Nothing is left out by default, as ``Total`` may be a category.
    limits
        Sizes above which the file is refused.

    Returns
    -------
    Reading

    Raises
    ------
    EtlError
        Anything that keeps the table from being read, in words without values.
    """
    path = Path(path)
    real = check_path(path, folder, limits)
    with real.open("rb") as stream:
        kind = check_kind(path, stream.read(4096))
    row = None if header_row is None else header_row - 1
    if kind == "workbook":
        grid = read_workbook(
            real,
            limits,
            sheet=sheet,
            expected=required,
            header_row=row,
            header_rows=header_rows,
        )
    else:
        grid = read_text(
            unpack_gzip(real, limits) if kind == "gzip" else real.read_bytes(),
            path.name,
            encoding=encoding,
            delimiter=delimiter,
            expected=required,
            header_row=row,
            header_rows=header_rows,
            tab_first=".tsv" in path.suffixes or ".tab" in path.suffixes,
        )
    return _tidy(path.name, grid, required=required, missing=missing, totals=totals, limits=limits)


def _tidy(
    file: str,
    grid: Grid,
    *,
    required: Collection[str],
    missing: Collection[str],
    totals: Collection[str],
    limits: Limits,
) -> Reading:
    if len(grid.header.names) > limits.columns:
        raise EtlError(
            f"{file}: the table has {len(grid.header.names):,} columns; at most {limits.columns} are read.",
            "Delete the empty columns on the right, or keep only the columns that are needed.",
        )
    notes = list(grid.notes)
    frame = grid.frame.with_columns(pl.exclude("_line").str.strip_chars())
    headings = list(grid.header.names) + [""] * (frame.width - 1 - len(grid.header.names))
    is_country = [any(word in name.casefold() for word in _COUNTRY_WORDS) for name in headings]
    frame = frame.with_columns(
        _blank_missing(f"c{i}", [m for m in missing if not (m == "NA" and is_country[i])])
        for i in range(len(headings))
    )
    frame, headings = _drop_empty_columns(frame, headings, notes)
    frame = _drop_padding(frame, headings, notes)
    frame = _drop_totals(frame, totals, notes)
    _require(file, headings, required)
    frame.columns = [*name_columns(file, headings), "_line"]
    return Reading(frame, tuple(notes))


def _blank_missing(column: str, missing: Collection[str]) -> pl.Expr:
    cell = pl.col(column)
    return pl.when(~cell.is_in(["", *missing])).then(cell).alias(column)


def _drop_empty_columns(
    frame: pl.DataFrame, headings: list[str], notes: list[str]
) -> tuple[pl.DataFrame, list[str]]:
    """Drop columns without a heading or with a sentence for a heading when nothing is in them."""
    filled = (
        frame.select(pl.exclude("_line").is_not_null().any()).row(0)
        if frame.height
        else (False,) * len(headings)
    )
    keep = [
        position
        for position, heading in enumerate(headings)
        if filled[position] or (heading and not _is_sentence(heading))
    ]
    if any(headings[i] for i in range(len(headings)) if i not in keep):
        notes.append("an empty column whose heading is a sentence was left out")
    return frame.select([f"c{i}" for i in keep] + ["_line"]), [headings[i] for i in keep]


def _is_sentence(heading: str) -> bool:
    return len(heading.split()) >= 8


def _drop_padding(frame: pl.DataFrame, headings: list[str], notes: list[str]) -> pl.DataFrame:
    """Drop rows with nothing in any column that has a heading."""
    named = [column for column, heading in zip(frame.columns, headings, strict=False) if heading]
    if not named or not frame.height:
        return frame
    kept = frame.filter(pl.any_horizontal(pl.col(named).is_not_null()))
    if kept.height < frame.height:
        notes.append(f"{frame.height - kept.height} blank rows were left out")
    return kept


def _drop_totals(frame: pl.DataFrame, totals: Collection[str], notes: list[str]) -> pl.DataFrame:
    """Drop total rows at the bottom with what stands under them; one in the middle stays for the contract."""
    if not totals or not frame.height:
        return frame
    dropped = count_totals(frame.tail(_BOTTOM_ROWS).drop("_line").rows(), totals)
    if not dropped:
        return frame
    notes.append(f"{dropped} rows of totals or footnotes at the bottom were left out")
    return frame.head(frame.height - dropped)


def _require(file: str, names: list[str], required: Collection[str]) -> None:
    written = {name.casefold() for name in names}
    absent = [name for name in required if name.casefold() not in written]
    if not absent:
        return
    near = {name: get_close_matches(name, names, n=1, cutoff=0.75) for name in absent}
    hints = [
        f"'{name}' (did you mean '{show_name(found[0])}'?)" if found else f"'{name}'"
        for name, found in near.items()
    ]
    # With no required name found, the "header" may be a record: its cells are not shown.
    known = len(absent) < len(required) or any(near.values())
    found_words = (
        ", ".join(f"'{show_name(name)}'" for name in names[:40]) if known else f"{len(names)} columns"
    )
    raise EtlError(
        f"{file}: columns are missing: {', '.join(hints)}. Found: {found_words}.",
        "Correct the names in the mapping or in the file, or give 'header_row', then run the command again.",
    )
