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
from analysis.exports.formats.sheet_rows import Texts, with_rows
from analysis.exports.tables import ExportTable

#: A fixed date, so that two equal exports are equal files.
_CREATED = datetime(2000, 1, 1)
_WIDEST = 44
_OF_A_NUMBER = 12
_TEXTS = "xl/sharedStrings.xml"


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
    return _filled(buffer.getvalue(), [*(table.frame for table in tables), dictionary, lines])


def _filled(workbook: bytes, frames: Sequence[pl.DataFrame]) -> bytes:
    """Return a workbook whose sheets, so far headers only, hold the rows of the frames."""
    sheets = {f"xl/worksheets/sheet{number}.xml": frame for number, frame in enumerate(frames, start=1)}
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    texts = Texts(files[_TEXTS])
    filled = {name: with_rows(files[name], frame, texts) for name, frame in sheets.items()}
    return zip_bytes({**files, **filled, _TEXTS: texts.xml()}, quickly=True)


def sheet_names(tables: Sequence[ExportTable]) -> list[str]:
    """Return a sheet name for each table: ``Data``, or ``Data 1``, ``Data 2`` …"""
    if len(tables) == 1:
        return ["Data"]
    return [f"Data {number}" for number in range(1, len(tables) + 1)]


def _sheet(workbook: xlsxwriter.Workbook, name: str, frame: pl.DataFrame, bold: object, stamp: str) -> None:
    sheet = workbook.add_worksheet(name)
    for position, column in enumerate(frame):
        sheet.set_column(position, position, _width(column))
    sheet.freeze_panes(1, 0)
    if stamp:
        sheet.set_header(f"&C{stamp}")
        sheet.set_footer(f"&C{stamp}")
    if frame.height:
        sheet.autofilter(0, 0, frame.height, frame.width - 1)
    sheet.write_row(0, 0, frame.columns, bold)


def _width(column: pl.Series) -> int:
    is_text = column.dtype == pl.String
    longest = column.unique().str.len_chars().max() if is_text else _OF_A_NUMBER
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
