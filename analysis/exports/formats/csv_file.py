"""Tables as CSV that every program reads and no spreadsheet can be attacked by."""

import polars as pl

from analysis.exports.formats.format import (
    Contents,
    DataFile,
    Format,
    Reading,
    described,
    python_types,
    r_types,
)
from analysis.exports.formats.safe_cells import harmless_frame
from analysis.exports.tables import ExportTable


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """Return ``frame`` as CSV in UTF-8.

    Parameters
    ----------
    frame : polars.DataFrame
        Text and number columns. Nulls become empty fields.

    Returns
    -------
    bytes
        Without a byte order mark: base R would take it for a part of the first column's name. Excel, which
        needs one to read accents, has a format of its own.
    """
    return harmless_frame(frame).write_csv().encode()


def _write(contents: Contents) -> list[DataFile]:
    return [
        DataFile(f"{table.name}.csv", csv_bytes(table.frame), table.title, described(table))
        for table in contents.tables
    ]


def _reading(table: ExportTable) -> Reading:
    name = f"{table.name}.csv"
    return Reading(
        python=[
            "import pandas as pd",
            f'path = "{name}"',
            f"types = {python_types(table)}",
            'data = pd.read_csv(path, dtype=types, keep_default_na=False, na_values=[""])',
        ],
        r=[
            f'path <- "{name}"',
            f"types <- {r_types(table)}",
            'data <- read.csv(path, na.strings = "", encoding = "UTF-8", colClasses = types)',
        ],
    )


CSV = Format("csv", "CSV", "text/csv", is_binary=False, write=_write, reading=_reading)
