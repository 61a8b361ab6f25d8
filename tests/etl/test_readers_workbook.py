"""Excel workbooks: sheets, dates, merged headers, formulas, macros."""

import datetime
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from etl.readers import TOTALS, read, read_table
from tests.etl.making_files import refusal, write_xlsx
from tests.support import real_data

ROWS = [["ref", "day", "n"], ["A1", datetime.date(2025, 3, 7), 1001], ["A2", "08/03/2025", "0012"]]


def test_cells_become_text_and_dates_iso(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet()
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            page.write(row, column, cell)
    book.close()
    frame = read_table(tmp_path / "a.xlsx")
    assert frame.rows() == [("A1", "2025-03-07", "1001", 2), ("A2", "08/03/2025", "0012", 3)]


def test_table_that_does_not_begin_in_the_first_cell(tmp_path: Path) -> None:
    rows = [[], [], [None, None, "ref", "n"], [None, None, "A1", 1], [], [None, None, "A2", 2]]
    frame = read_table(write_xlsx(tmp_path / "a.xlsx", rows))
    assert frame.columns == ["ref", "n", "_line"]
    assert frame["_line"].to_list() == [4, 6]


def test_merged_header_with_title_and_totals(tmp_path: Path) -> None:
    rows = [
        ["Clients 2025", None, None, None],
        [],
        ["Ref", "Form of\nexploitation", None, "Area"],
        [None, "Sexual", "Labour", None],
        ["A1", "Y", "N", "Quay"],
        ["A2", "N", "Y", "Moor"],
        [],
        ["TOTAL", 1, 1, None],
    ]
    merges = ["A1:D1", "A3:A4", "B3:C3", "D3:D4"]
    reading = read(write_xlsx(tmp_path / "a.xlsx", rows, merges=merges), totals=TOTALS)
    assert reading.frame.columns == [
        "Ref",
        "Form of exploitation / Sexual",
        "Form of exploitation / Labour",
        "Area",
        "_line",
    ]
    assert reading.frame["_line"].to_list() == [5, 6]
    assert dict(reading.ledger.left_out) == {"total": 1}


@pytest.mark.parametrize(
    ("file", "columns", "rows"),
    [
        ("Table_2_Human_Trafficking_Offenses_and_Clearances_by_State_2014.xlsx", 10, 29),
        ("Table_4_Human_Trafficking_Arrests_by_Race_by_State_2014.xlsx", 14, 20),
    ],
)
def test_real_tables_with_merged_headers(file: str, columns: int, rows: int) -> None:
    frame = read_table(real_data("fbi-ht-state-tables", file))
    assert (frame.height, frame.width - 1) == (rows, columns)
    assert frame.columns[0] == "State"
    assert "Commercial sex acts / Offenses" in frame.columns or "Juvenile / White" in frame.columns


def test_padded_sheet_of_the_standard_is_empty() -> None:
    frame = read_table(
        real_data("htcds-2.0", "HTCDS_Excel_single_select_validation_v2.0.xlsx"), sheet="Case Sheet"
    )
    assert frame.height == 1  # the row of labels; 1,000 numbered blank rows are padding
    assert "prs_FirstName" in frame.columns


def test_sheet_is_found_by_its_columns(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    for name, header in (("About", ["text"]), ("Data", ["ref", "n"])):
        page = book.add_worksheet(name)
        page.write_row(0, 0, header)
        page.write_row(1, 0, ["x"] * len(header))
    book.close()
    assert read_table(tmp_path / "a.xlsx", required=["ref"]).columns == ["ref", "n", "_line"]
    refusal(
        lambda: read(tmp_path / "a.xlsx", sheet="Dat"),
        "a.xlsx",
        "'Dat'",
        "About, Data",
        "Did you mean 'Data'?",
    )


def test_formula_in_another_sheet_does_no_harm(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = book.add_worksheet("Data")
    page.write_row(0, 0, ["ref", "n"])
    page.write_row(1, 0, ["A1", 1])
    page.data_validation(1, 1, 9, 1, {"validate": "list", "source": "=Sums!$A$1:$A$3"})
    book.add_worksheet("Sums").write_formula(0, 0, "=SUM(Data!B:B)")
    book.close()
    assert read_table(tmp_path / "a.xlsx", sheet="Data").height == 1
    refusal(lambda: read(tmp_path / "a.xlsx", sheet="Sums"), "'Sums'", "cell A1")


def test_sheet_names_with_special_characters(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [["ref", "n"], ["A1", "=1+1"]], sheet="Q&A <1>")
    refusal(lambda: read(tmp_path / "a.xlsx"), "'Q&A <1>'", "B2")


def rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Write a workbook again with its parts changed."""
    with zipfile.ZipFile(path) as book:
        parts = {name: change(name, book.read(name)) for name in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


def single_quotes(name: str, content: bytes) -> bytes:
    return content.replace(b'"', b"'") if name.endswith((".xml", ".rels")) else content


def lost_relation(name: str, content: bytes) -> bytes:
    return content.replace(b'Id="rId1"', b'Id="rId99"') if name.endswith("workbook.xml.rels") else content


@pytest.mark.parametrize("change", [single_quotes, lost_relation])
def test_formula_is_found_however_the_workbook_is_written(
    tmp_path: Path, change: Callable[[str, bytes], bytes]
) -> None:
    path = rewritten(write_xlsx(tmp_path / "a.xlsx", [["ref", "n"], ["A1", "=1+1"]], sheet="Cases"), change)
    error = refusal(lambda: read(path), "a.xlsx", unwanted=["1+1"])
    if change is single_quotes:
        assert "sheet 'Cases' holds a formula in cell B2" in error.message


def test_workbook_with_single_quotes_is_read(tmp_path: Path) -> None:
    path = rewritten(write_xlsx(tmp_path / "a.xlsx", [ROWS[0], ["A1", "x", 3]]), single_quotes)
    assert read_table(path).rows() == [("A1", "x", "3", 2)]


def test_overlapping_zip_sizes_are_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ROWS)
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 20, 2_000_000)  # a part that claims more bytes than the file has
    path.write_bytes(bytes(data))
    refusal(lambda: read(path), "a.xlsx")


def test_zip_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as book:
        book.writestr("data.csv", "ref,n\nA1,1\n")
    refusal(lambda: read(tmp_path / "a.xlsx"), "a.xlsx", "not an Excel workbook", unwanted=["A1"])
