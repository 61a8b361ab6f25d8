"""Tables as one workbook: data, then what it means."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

import polars as pl
import xlsxwriter

from analysis.exports.about import about_lines, dictionary_frame
from analysis.exports.archive import zip_bytes
from analysis.exports.formats.format import (
    Contents,
    DataFile,
    Format,
    Reading,
    described,
    python_types,
)
from analysis.exports.formats.safe_cells import harmless_frame
from analysis.exports.formats.sheet_rows import with_rows
from analysis.exports.tables import ExportTable

#: A fixed date, so that two equal exports are equal files.
_CREATED = datetime(2000, 1, 1)
_WIDEST = 44


def xlsx_bytes(
    tables: Sequence[ExportTable], dictionary: pl.DataFrame, about: Sequence[str], stamp: str
) -> bytes:
    """Return a workbook with one sheet per table, then ``Dictionary`` and ``About``.

    Parameters
    ----------
    tables : sequence of ExportTable
        Each becomes a sheet whose first row is the header.
    dictionary : polars.DataFrame
        Meaning of columns and codes.
    about : sequence of str
        Lines of text.
    stamp : str
        Printed at the top of every sheet; empty for releases that are not restricted.

    Returns
    -------
    bytes
    """
    buffer = io.BytesIO()
    # No text is ever turned into a formula, a link or a number.
    workbook = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    workbook.set_properties({"created": _CREATED, "title": tables[0].title[:255], "comments": stamp})
    bold = workbook.add_format({"bold": True, "bottom": 1})
    names = sheet_names(tables)
    for table, name in zip(tables, names, strict=True):
        _sheet(workbook, name, table.frame, bold, stamp)
    _sheet(workbook, "Dictionary", dictionary, bold, stamp)
    lines = pl.DataFrame({"About this file": list(about)}, schema={"About this file": pl.String})
    _sheet(workbook, "About", lines, bold, stamp)
    workbook.close()
    frames = [*(table.frame for table in tables), dictionary, lines]
    return _filled(buffer.getvalue(), [harmless_frame(frame) for frame in frames])


def _filled(workbook: bytes, frames: Sequence[pl.DataFrame]) -> bytes:
    """Return a workbook whose sheets, so far headers only, hold the rows of the frames."""
    sheets = {f"xl/worksheets/sheet{number}.xml": frame for number, frame in enumerate(frames, start=1)}
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return zip_bytes(
        {n: with_rows(content, sheets[n]) if n in sheets else content for n, content in files.items()}
    )


def sheet_names(tables: Sequence[ExportTable]) -> list[str]:
    """Return a sheet name for each table: ``Data``, or ``Data 1``, ``Data 2`` …"""
    if len(tables) == 1:
        return ["Data"]
    return [f"Data {number}" for number in range(1, len(tables) + 1)]


def _sheet(workbook: xlsxwriter.Workbook, name: str, frame: pl.DataFrame, bold: object, stamp: str) -> None:
    sheet = workbook.add_worksheet(name)
    safe = harmless_frame(frame)
    for position, column in enumerate(safe.columns):
        sheet.set_column(position, position, _width(safe[column]))
    sheet.freeze_panes(1, 0)
    if stamp:
        sheet.set_header(f"&C{stamp}")
        sheet.set_footer(f"&C{stamp}")
    if safe.height:
        sheet.autofilter(0, 0, safe.height, safe.width - 1)
    sheet.write_row(0, 0, safe.columns, bold)


def _width(column: pl.Series) -> int:
    longest = column.cast(pl.String).str.len_chars().max()
    return min(_WIDEST, max(len(column.name), int(str(longest or 0))) + 2)


def _write(contents: Contents) -> list[DataFile]:
    """One workbook for all tables."""
    tables, context = contents.tables, contents.context
    stamp = context.stamp
    content = xlsx_bytes(tables, dictionary_frame(tables), about_lines(contents.items, context), stamp)
    return [
        DataFile(
            f"{tables[0].name}.xlsx",
            content,
            table.title,
            {**described(table), "dialect": {"excel": {"sheet": sheet}}},
            name=f"{table.name}-sheet",
        )
        for table, sheet in zip(tables, sheet_names(tables), strict=True)
    ]


def _reading(table: ExportTable) -> Reading:
    name = f"{table.name}.xlsx"
    return Reading(
        python=[
            "import pandas as pd",
            f'path = "{name}"',
            f"types = {python_types(table)}",
            'data = pd.read_excel(path, sheet_name=0, dtype=types, keep_default_na=False, na_values=[""])',
        ],
        r=[f'path <- "{name}"', "data <- as.data.frame(readxl::read_excel(path, sheet = 1))"],
    )


XLSX = Format(
    "xlsx",
    "Excel (XLSX)",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    is_binary=True,
    write=_write,
    reading=_reading,
)
