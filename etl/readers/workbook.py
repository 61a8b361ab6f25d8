"""Reads one sheet of an Excel workbook after making sure that it holds neither macros nor formulas."""

import re
import zipfile
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

import fastexcel
import polars as pl

from etl.errors import EtlError
from etl.readers.grid import LOOK_AHEAD, Merge, find_header, refuse_header_row
from etl.readers.limits import Limits
from etl.readers.packed import open_workbook
from etl.readers.text import Grid

_FORMULA = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,3}\d{1,7})[\"'][^>]*>\s*<(?:\w+:)?f[\s>/]")
_ANY_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_FILLED = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,3})\d{1,7}[\"'][^>]*?(?<!/)>")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)[\"']")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def read_workbook(
    path: Path,
    limits: Limits,
    *,
    sheet: str | None,
    expected: Collection[str],
    header_row: int | None,
    header_rows: int | None,
) -> Grid:
    """Read one sheet as text.

    Parameters
    ----------
    path
        An .xlsx.
    sheet
        Its name; None takes the only sheet, or the first that holds ``expected`` columns.
    header_row, header_rows
        Index (from 0) and height of the header; None finds them.

    Raises
    ------
    EtlError
        Macros, a formula cell (sheet and cell are named), no such sheet, nothing in it, damaged.
    """
    book = open_workbook(path, limits)
    try:
        reader = fastexcel.read_excel(path)
        names = reader.sheet_names
        chosen = _choose_sheet(path.name, reader, names, sheet, expected)
    except fastexcel.FastExcelError:
        raise _cannot_be_opened(path.name) from None
    xml = _sheet_xml(book, chosen)
    _refuse_formulas(path.name, chosen, xml)
    try:
        cells = reader.load_sheet(chosen, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except fastexcel.FastExcelError:
        raise _cannot_be_opened(path.name) from None
    cells.columns = [f"c{i}" for i in range(cells.width)]
    header = find_header(cells.head(LOOK_AHEAD).rows(), expected, header_row, header_rows, _merges(xml))
    if header is None and any(cell for row in cells.head(LOOK_AHEAD).rows() for cell in row):
        refuse_header_row(path.name, header_row)
    if header is None:
        raise EtlError(
            f"{path.name}: the sheet '{chosen}' is empty; sheets: {', '.join(names)}.",
            "Name another sheet in the mapping ('sheet'), or fill this one.",
        )
    first = header.row + header.height
    body = cells.slice(first).with_columns(
        # fastexcel writes a date as 2025-03-04 00:00:00; the time of day is never needed
        pl.all().str.replace(r"^(\d{4}-\d\d-\d\d)[ T]\d\d:\d\d:\d\d(?:\.\d+)?$", "$1")
    )
    line = pl.int_range(first + 1, first + 1 + body.height, dtype=pl.Int64, eager=True)
    notes = (f"sheet '{chosen}' was chosen among {len(names)}",) if len(names) > 1 and not sheet else ()
    return Grid(body.with_columns(line.alias("_line")), header, notes)


def _cannot_be_opened(file: str) -> EtlError:
    return EtlError(
        f"{file}: the workbook cannot be opened; it may be damaged or protected by a password.",
        "Remove the password, save it as .xlsx, and load that file.",
    )


def _choose_sheet(
    file: str, reader: fastexcel.ExcelReader, names: list[str], sheet: str | None, expected: Collection[str]
) -> str:
    if sheet is not None:
        if sheet in names:
            return sheet
        near = get_close_matches(sheet, names, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise EtlError(
            f"{file}: there is no sheet '{sheet}'; sheets: {', '.join(names)}.{hint}",
            "Correct 'sheet' in the mapping, then run the command again.",
        )
    if len(names) == 1 or not expected:
        return names[0]
    best, most = names[0], -1
    for name in names:
        head = reader.load_sheet(
            name, header_row=None, skip_rows=0, dtypes="string", n_rows=LOOK_AHEAD
        ).to_polars()
        header = find_header(head.rows(), expected)
        wanted = {text.casefold() for text in expected}
        count = sum(1 for text in header.names if text.casefold() in wanted) if header else 0
        if count > most:
            best, most = name, count
    return best


def _sheet_xml(book: zipfile.ZipFile, sheet: str) -> bytes:
    """Return the XML of a sheet, found by its name through the relations; of all sheets if not found."""
    relation_id = b""
    for attributes in _tags(_SHEET, _part(book, "xl/workbook.xml")):
        if _unescape(attributes.get(b"name", b"")) == sheet:
            relation_id = next((value for key, value in attributes.items() if key.endswith(b":id")), b"")
    for attributes in _tags(_RELATION, _part(book, "xl/_rels/workbook.xml.rels")):
        if relation_id and attributes.get(b"Id") == relation_id:
            target = _unescape(attributes.get(b"Target", b""))
            return _part(book, target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    return b"".join(_part(book, name) for name in book.namelist() if name.startswith("xl/worksheets/sheet"))


def _part(book: zipfile.ZipFile, name: str) -> bytes:
    """Return a part of the workbook as UTF-8, whatever it was written in; empty when it is not there."""
    if name not in book.namelist():
        return b""
    xml = book.read(name)
    return xml.decode("utf-16").encode() if xml.startswith((b"\xff\xfe", b"\xfe\xff")) else xml


def _tags(pattern: re.Pattern[bytes], xml: bytes) -> list[dict[bytes, bytes]]:
    """Return the attributes of every tag that fits a pattern."""
    return [
        {key: double or single for key, double, single in _ATTRIBUTE.findall(tag)}
        for tag in pattern.findall(xml)
    ]


def _unescape(text: bytes) -> str:
    plain = text.decode("utf-8", "replace")
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        plain = plain.replace(entity, character)
    return plain


def _refuse_formulas(file: str, sheet: str, xml: bytes) -> None:
    # Lists of allowed values, kept after the cells, are formulas too, and harmless.
    xml = xml[: xml.rfind(b"sheetData>")]
    if not _ANY_FORMULA.search(xml):
        return
    cells = [cell.decode() for cell in _FORMULA.findall(xml)]
    shown = ", ".join(cells[:3]) or "unknown"
    more = f" and {len(cells) - 3} more" if len(cells) > 3 else ""
    raise EtlError(
        f"{file}: sheet '{sheet}' holds a formula in cell {shown}{more}. Only typed values are read, "
        "as the last result of a formula may be stale.",
        "Copy the sheet and paste it as values (Paste special, Values), save, and load that file.",
    )


def _merges(xml: bytes) -> list[Merge]:
    """Return merged cells, their columns counted from the first that holds anything (as fastexcel does)."""
    found = _MERGE.findall(xml)
    if not found:
        return []
    first = min((_column(letters) for letters in set(_FILLED.findall(xml))), default=0)
    return [
        (int(top) - 1, _column(left) - first, int(bottom) - 1, _column(right) - first)
        for left, top, right, bottom in found
    ]


def _column(letters: bytes) -> int:
    number = 0
    for byte in letters:
        number = number * 26 + byte - 64
    return number - 1
