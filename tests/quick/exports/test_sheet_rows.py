"""Rows of a worksheet made at once are the rows a spreadsheet reads back."""

import io
import string

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.exports.formats.safe_cells import harmless_frame
from analysis.exports.formats.sheet_rows import letters
from analysis.exports.formats.xlsx_file import xlsx_bytes
from analysis.exports.tables import ExportTable
from tests.support import examples

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from("<>&\"'=+-@"), max_size=20
)
ROWS = st.lists(
    st.tuples(st.none() | TEXT, st.none() | st.integers(-(10**9), 10**9), st.none() | st.floats(-1e6, 1e6)),
    max_size=12,
)


@settings(max_examples=examples(40))
@given(ROWS)
def test_a_workbook_reads_back_as_written(rows) -> None:
    schema = {"label": pl.String, "value": pl.Int64, "lower": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    dictionary = pl.DataFrame({"table": ["t"]})
    book = openpyxl.load_workbook(
        io.BytesIO(xlsx_bytes([ExportTable("t", "Title", frame, ())], dictionary, ["Line"], ""))
    )
    found = [
        tuple(cell.value for cell in row)
        for row in book["Data"].iter_rows(min_row=2, max_col=3, max_row=len(rows) + 1)
    ][: len(rows)]
    safe = harmless_frame(frame).rows()
    assert found == [(label or None, value, pytest.approx(low)) for label, value, low in safe]
    assert {cell.data_type for row in book["Data"].iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_letters_count_as_a_spreadsheet_does() -> None:
    assert [letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    assert [letters(n) for n in range(26)] == list(string.ascii_uppercase)


def test_letters_that_xml_cannot_hold_become_spaces() -> None:
    frame = pl.DataFrame({"label": ["a\x00b\x0bc\ud7ff\ufffe"]})
    content = xlsx_bytes([ExportTable("t", "Title", frame, ())], pl.DataFrame({"table": ["t"]}), ["Line"], "")
    assert openpyxl.load_workbook(io.BytesIO(content))["Data"]["A2"].value == "a b c\ud7ff "
