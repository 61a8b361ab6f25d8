"""Looks at the first rows of a file, cheaply and without ever raising, to tell what kind it is."""

import re
import zlib
from pathlib import Path

import fastexcel

from etl.errors import EtlError
from etl.readers.encoding import open_text
from etl.readers.limits import DEFAULT_LIMITS, Limits, check_kind, check_path
from etl.readers.packed import open_workbook

ROWS = 10
_HEAD = 65_536  # bytes of a text looked at


def first_rows(path: Path, limits: Limits = DEFAULT_LIMITS) -> list[list[str]]:
    """Return the cells of the first rows of a text table, or of every sheet of a workbook.

    Parameters
    ----------
    path
        Any file.
    limits
        Sizes above which a file is not looked into.

    Returns
    -------
    list of list of str
        Empty for what cannot or may not be opened: reading it says why, this does not.
    """
    try:
        real = check_path(path, None, limits)
        with real.open("rb") as stream:
            head = stream.read(_HEAD)
        kind = check_kind(path, head[:4096])
        if kind != "workbook":
            return _of_text(head, path.name, is_packed=kind == "gzip")
        open_workbook(real, limits).close()
        return _of_workbook(real)
    except (EtlError, OSError, zlib.error, fastexcel.FastExcelError):
        return []


def _of_text(head: bytes, name: str, *, is_packed: bool) -> list[list[str]]:
    if is_packed:
        head = zlib.decompressobj(wbits=31).decompress(head, _HEAD)
    # A character cut in two at the end makes one odd line, which is not among those looked at.
    text = open_text(lambda: [head[: len(head) // 2 * 2]], name, None).head
    return [[cell.strip(" \"'") for cell in re.split(r"[,;\t|]", line)] for line in text.splitlines()[:ROWS]]


def _of_workbook(path: Path) -> list[list[str]]:
    reader = fastexcel.read_excel(path)
    rows: list[list[str]] = []
    for name in reader.sheet_names:
        sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string", n_rows=ROWS)
        rows += [[cell or "" for cell in row] for row in sheet.to_polars().rows()]
    return rows
