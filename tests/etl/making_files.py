"""Makes small files, good and bad, for the tests of readers and mappings."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from etl.errors import EtlError

Rows = Sequence[Sequence[Any]]


def write_csv(path: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def write_xlsx(path: Path, rows: Rows, sheet: str = "Sheet1", merges: Sequence[str] = ()) -> Path:
    """Write rows; a text that begins with ``=`` becomes a formula; ``merges`` are ranges like ``A1:B1``."""
    return write_sheets(path, {sheet: rows}, merges)


def write_sheets(path: Path, sheets: Mapping[str, Rows], merges: Sequence[str] = ()) -> Path:
    """Write a workbook of several sheets, as `write_xlsx` writes one."""
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for place in merges:
            page.merge_range(place, "")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell is not None:
                    page.write(row, column, cell)
    book.close()
    return path


def refusal(action: Any, *wanted: str, unwanted: Sequence[str] = ()) -> EtlError:
    """Run an action that must be refused; check the words of its error and that no value is in it."""
    with pytest.raises(EtlError) as caught:
        action()
    words = str(caught.value)
    for part in wanted:
        assert part in words, words
    for value in unwanted:
        assert value not in words, words
    assert caught.value.message
    assert caught.value.next_step, "an error says what to do next"
    return caught.value
