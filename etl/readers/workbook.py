"""Reads sheets of an Excel workbook after making sure that they hold neither macros nor formulas."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import NoReturn

import fastexcel
import polars as pl

from analysis.words import counted, first_few
from etl.errors import EtlError
from etl.ledger import HIDDEN, Ledger
from etl.lines import LINE, first_lines_words
from etl.readers.grid import LOOK_AHEAD, Header, find_header, is_total, refuse_header_row
from etl.readers.headings import show_name
from etl.readers.limits import Limits, refuse_width
from etl.readers.packed import open_workbook
from etl.readers.sheet_xml import SheetXml, Tab, tabs
from etl.readers.text import Grid

KEPT_DIGITS = 15  # of a number in a workbook
_LONG_NUMBER = r"^-?\d{16,}(?:\.\d+)?$|^-?\d(?:\.\d+)?[eE]\+?(?:1[5-9]|[2-9]\d|\d{3})$"


@dataclass(frozen=True)
class Sheets:
    """Which sheets of a workbook are read, and how.

    Attributes
    ----------
    name : str or None
        One sheet; None takes the only one that is not hidden and holds the expected columns.
    every : tuple of str
        Several by name, each a part of one table; ``("*",)`` takes all that are not hidden, ``("2024*",)``
        those whose names begin so.
    skipped : tuple of str
        Names (or patterns) of sheets that a pattern does not take.
    skip_hidden : bool
        Leave out hidden rows and columns; they are read otherwise.
    decimal_comma : bool
        Whether text writes numbers so: what is stored as a number is then written so too.
    references : tuple of str
        Columns that hold references: a number of more digits than a workbook keeps is refused in them.
    totals : tuple of str
        First cells that mark rows of totals, which are left out; a formula in such a row does no harm.
    """

    name: str | None = None
    every: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    skip_hidden: bool = False
    decimal_comma: bool = False
    references: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()


def read_workbook(
    path: Path,
    limits: Limits,
    sheets: Sheets,
    *,
    expected: Collection[str],
    header_row: int | None,
    header_rows: int | None,
) -> dict[str, Grid]:
    """Read one sheet, or several, as text.

    Parameters
    ----------
    path
        An .xlsx.
    sheets
        Which.
    expected
        Columns by which a sheet is found when none is named.
    header_row, header_rows
        Index (from 0) and height of the header; None finds them.

    Returns
    -------
    dict of str to Grid
        By the name of the sheet, in the order of the workbook.

    Raises
    ------
    EtlError
        Macros, a formula cell (sheet and cell are named), no such sheet, several that would do, nothing in
        it, damaged, too large.
    """
    with open_workbook(path, limits) as book:
        listed = tabs(book)
        xml = {tab.name: SheetXml.of(book, tab.name) for tab in listed}
    for name, sheet in xml.items():
        _refuse_width(path.name, name, sheet, limits)
    try:
        reader = fastexcel.read_excel(path)
        chosen, notes = _choose(path.name, reader, listed, sheets, expected)
    except fastexcel.FastExcelError:
        raise _cannot_be_opened(path.name) from None
    look = partial(find_header, expected=expected, row=header_row, height=header_rows)
    found = {}
    empty = []
    for name in chosen:
        cells = _cells(path.name, reader, name)
        _refuse_formulas(path.name, name, xml[name], cells, sheets.totals)
        header = look(cells.head(LOOK_AHEAD).rows(), merges=xml[name].merges)
        if header is None and any(_is_pattern(one) for one in sheets.every) and not _is_anything(cells):
            empty.append(name)
        elif header is None:
            _refuse_no_header(path.name, name, cells, header_row)
        else:
            place = f"{path.name}: sheet '{name}'"
            _refuse_long_numbers(place, cells, header, xml[name], sheets.references)
            grid = _grid(name, cells, header, xml[name], sheets)
            found[name] = replace(grid, notes=(*notes, *grid.notes))
    if not found:
        raise EtlError(f"{path.name}: every sheet is empty: {_quoted(empty)}.", "Load a file with rows.")
    if empty:
        last = next(reversed(found))
        told = f"sheets without anything in them, passed over: {_quoted(empty)}"
        found[last] = replace(found[last], notes=(*found[last].notes, told))
    return found


def _is_anything(cells: pl.DataFrame) -> bool:
    return any(cells[name].is_not_null().any() for name in cells.columns)


def _refuse_width(file: str, sheet: str, xml: SheetXml, limits: Limits) -> None:
    """Refuse a sheet that unfolds to more than its file: every cell up to the last takes room when read."""
    last_row, first, last = xml.span
    refuse_width(f"{file}: sheet '{sheet}'", last - first + 1, limits)
    if last_row * (last - first + 1) > limits.cells:
        raise EtlError(
            f"{file}: sheet '{sheet}' reaches down to row {last_row:,}; at most {limits.cells:,} cells are "
            "read, blank ones included.",
            "Delete the rows below the table, or save the sheet as .csv and load that.",
        )


def _cells(file: str, reader: fastexcel.ExcelReader, name: str) -> pl.DataFrame:
    try:
        cells = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except fastexcel.FastExcelError:
        raise _cannot_be_opened(file) from None
    cells.columns = [f"c{i}" for i in range(cells.width)]
    return cells


def _refuse_no_header(file: str, name: str, cells: pl.DataFrame, header_row: int | None) -> NoReturn:
    if any(cell for row in cells.head(LOOK_AHEAD).rows() for cell in row):
        refuse_header_row(file, header_row)
    raise EtlError(
        f"{file}: the sheet '{name}' is empty.",
        "Name another sheet in the mapping ('sheet'), or fill this one.",
    )


def _grid(name: str, cells: pl.DataFrame, header: Header, xml: SheetXml, sheets: Sheets) -> Grid:
    first = header.row + header.height
    line = pl.int_range(first + 1, cells.height + 1, dtype=pl.Int64, eager=True)
    body = cells.slice(first).with_columns(line.alias(LINE))
    body = _with_errors(body, xml)
    if sheets.decimal_comma:
        body = _with_comma(body, xml)
    headings = sum(1 for number in xml.filled_rows if number <= first)
    ledger = Ledger(len(xml.filled_rows), headings, stores_no_blanks=True)
    hidden = _hidden(name, xml, first)
    if hidden and sheets.skip_hidden:
        body, header, ledger = _without_hidden(body, header, ledger, xml)
    return Grid(body, header, tuple(hidden), ledger)


def _refuse_long_numbers(
    place: str, cells: pl.DataFrame, header: Header, xml: SheetXml, references: Collection[str]
) -> None:
    """Refuse references stored as numbers of more than 15 digits: a workbook rounds different ones alike."""
    wanted, first = {name.casefold() for name in references}, header.row + header.height
    for position, name in enumerate(header.names):
        if name.casefold() not in wanted or f"c{position}" not in cells.columns:
            continue
        long = cells[f"c{position}"].str.contains(_LONG_NUMBER).fill_null(False).arg_true() + 1
        if long.is_empty():
            continue
        stored = set(xml.numbers().get(position + xml.span[1], ()))
        rows = [row for row in long.to_list() if row > first and row in stored]
        if rows:
            raise EtlError(
                f"{place}, column '{show_name(name)}' holds {counted(len(rows), 'reference')} stored as a "
                f"number of more than {KEPT_DIGITS} digits, first on line {first_lines_words(rows)}. "
                "A workbook rounds such numbers: different people get the same one. Nothing was loaded.",
                "Format that column as text, write or export the references again, and load that file.",
            )


def _with_errors(body: pl.DataFrame, xml: SheetXml) -> pl.DataFrame:
    """Write errors as they stand in the sheet: read as blank, nobody would know of them."""
    first = xml.span[1]
    changed = []
    for column, signs in xml.errors().items():
        name = f"c{column - first}"
        if name in body.columns:
            sign = pl.col(LINE).replace_strict(signs, default=None, return_dtype=pl.String)
            changed.append(pl.coalesce(sign, pl.col(name)).alias(name))
    return body.with_columns(changed)


def _with_comma(body: pl.DataFrame, xml: SheetXml) -> pl.DataFrame:
    """Write what is stored as a number as text writes numbers in this file: with a comma."""
    first = xml.span[1]
    changed = []
    for column, rows in xml.numbers().items():
        name = f"c{column - first}"
        if name in body.columns:
            with_comma = pl.col(name).str.replace(r"^(-?\d+)\.(\d+)$", "$1,$2")
            changed.append(pl.when(pl.col(LINE).is_in(rows)).then(with_comma).otherwise(name).alias(name))
    return body.with_columns(changed)


def _hidden(sheet: str, xml: SheetXml, first: int) -> list[str]:
    """Return notes on hidden rows and columns of a table; ``first`` is the last row of its header."""
    notes = []
    rows = sorted(number for number in xml.hidden_rows if number > first)
    if rows:
        shown = first_lines_words(rows)
        notes.append(
            f"sheet '{sheet}': {len(rows):,} hidden rows, first {shown} (skip_hidden leaves them out)"
        )
    _, left, right = xml.span
    columns = [number for number in xml.hidden_columns if left <= number <= right]
    if columns:
        notes.append(f"sheet '{sheet}': {len(columns)} hidden columns (skip_hidden leaves them out)")
    return notes


def _without_hidden(
    body: pl.DataFrame, header: Header, ledger: Ledger, xml: SheetXml
) -> tuple[pl.DataFrame, Header, Ledger]:
    rows = [number for number in xml.hidden_rows if number > header.row + header.height]
    left, width = xml.span[1], body.width - 1
    columns = [i for i in range(width) if i + left not in xml.hidden_columns]
    renamed = [pl.col(f"c{i}").alias(f"c{position}") for position, i in enumerate(columns)]
    kept = body.filter(~pl.col(LINE).is_in(rows)).select(*renamed, LINE)
    padded = [*header.names, *[""] * (width - len(header.names))]
    shown = replace(header, names=tuple(padded[i] for i in columns))
    return kept, shown, ledger.without(HIDDEN, len(rows))


def _cannot_be_opened(file: str) -> EtlError:
    return EtlError(
        f"{file}: the workbook cannot be opened; it may be damaged or protected by a password.",
        "Remove the password, save it as .xlsx, and load that file.",
    )


def _choose(
    file: str, reader: fastexcel.ExcelReader, listed: list[Tab], sheets: Sheets, expected: Collection[str]
) -> tuple[list[str], list[str]]:
    """Return the names of the sheets to read, and notes on the choice.

    A hidden sheet is read only when it is named: people hide what is left over.
    """
    names = [tab.name for tab in listed if tab.name in reader.sheet_names] or list(reader.sheet_names)
    hidden = [tab.name for tab in listed if tab.is_hidden]
    visible = [name for name in names if name not in hidden]
    asked = [name for name in sheets.every if not _is_pattern(name)] + (
        [sheets.name] if sheets.name is not None else []
    )
    for name in (*asked, *(one for one in sheets.skipped if not _is_pattern(one))):
        _refuse_unknown_sheet(file, name, names)
    if any(_is_pattern(one) for one in sheets.every):
        return _matching(file, visible, hidden, sheets, asked)
    if asked:
        return [name for name in names if name in asked], []
    passed = [f"hidden sheets passed over: {_quoted(hidden)}"] if hidden else []
    if not visible:
        raise EtlError(
            f"{file}: every sheet is hidden: {_quoted(names)}.",
            "Show the one with your table, or name it in the mapping ('sheet').",
        )
    if len(visible) == 1:
        return visible, passed
    fits = {name: _fitting(reader, name, expected) for name in visible}
    most = max(fits.values())
    best = [name for name in visible if fits[name] == most and (most or not expected)]
    if expected and len(best) > 1:
        raise EtlError(
            f"{file}: several sheets would do: {_quoted(best)}.",
            'Say in the mapping which one: sheet = "NAME". Several, such as one a year or county: '
            'sheets = ["NAME", "NAME"] or sheets = "*".',
        )
    chosen = best[0] if best else visible[0]
    return [chosen], [f"sheet '{chosen}' was chosen among {len(names)}", *passed]


def _is_pattern(name: str) -> bool:
    return "*" in name


def _matching(
    file: str, visible: Collection[str], hidden: Collection[str], sheets: Sheets, asked: Collection[str]
) -> tuple[list[str], list[str]]:
    """Return the visible sheets that a pattern takes, beside those asked for, and notes on all others."""
    taken = [
        name
        for name in (*visible, *(name for name in hidden if name in asked))
        if name in asked
        or (
            any(fnmatchcase(name, one) for one in sheets.every)
            and not any(fnmatchcase(name, one) for one in sheets.skipped)
        )
    ]
    if not taken:
        raise EtlError(
            f"{file}: no visible sheet is called like {_quoted(list(sheets.every))}; "
            f"sheets: {_quoted([*visible, *hidden])}.",
            "Correct 'sheets' in the mapping, then run the command again.",
        )
    passed = [name for name in visible if name not in taken]
    notes = [f"sheets passed over: {_quoted(passed)}"] if passed else []
    left = [name for name in hidden if name not in taken]
    return taken, [*notes, *([f"hidden sheets passed over: {_quoted(left)}"] if left else [])]


def _fitting(reader: fastexcel.ExcelReader, name: str, expected: Collection[str]) -> int:
    """Return how many of the expected columns a sheet has."""
    if not expected:
        return 0
    head = reader.load_sheet(
        name, header_row=None, skip_rows=0, dtypes="string", n_rows=LOOK_AHEAD
    ).to_polars()
    header = find_header(head.rows(), expected)
    wanted = {text.casefold() for text in expected}
    return sum(1 for text in header.names if text.casefold() in wanted) if header else 0


def _refuse_unknown_sheet(file: str, sheet: str, names: list[str]) -> None:
    if sheet in names:
        return
    near = get_close_matches(sheet, names, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    raise EtlError(
        f"{file}: there is no sheet '{sheet}'; sheets: {', '.join(names)}.{hint}",
        "Correct 'sheet' in the mapping, then run the command again.",
    )


def _quoted(names: Collection[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _is_in_total(cell: str, frame: pl.DataFrame, totals: Collection[str]) -> bool:
    row = int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or "0") if cell.isalnum() and cell.isupper() else 0
    return bool(totals) and 0 < row <= frame.height and is_total(frame.row(row - 1), totals)


def _refuse_formulas(
    file: str, sheet: str, xml: SheetXml, frame: pl.DataFrame, totals: Collection[str]
) -> None:
    """Refuse formulas but those in rows of totals, which are left out."""
    cells = [cell for cell in xml.formulas if not _is_in_total(cell, frame, totals)]
    if not cells:
        return
    raise EtlError(
        f"{file}: sheet '{sheet}' holds a formula in cell {first_few(cells, 3)}. Only typed values are read, "
        "as the last result of a formula may be stale.",
        "Copy the sheet and paste it as values (Paste special, Values), save, and load that file.",
    )
