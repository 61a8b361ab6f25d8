"""Every bad file of the list gets a clear error or a counted rejection; nothing is lost, no value is shown.

Each test goes the way a file of a task force goes: the source ``own`` with a mapping, then the contract.
"""

import gzip
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from etl.contracts.check import Checked, check
from etl.incoming import Incoming, ReadOptions
from etl.readers import Limits, read
from etl.sources.records import own
from tests.etl.making_files import Rows, refusal, write_csv, write_xlsx

MAPPING = """
period = "2025"
[source]
id = "office"
label = "Office"
{top}
[[table]]
name = "person"
[table.columns]
period = "When"
gender = "Sex"
age = "Age"
"""
HEADER = ["When", "Sex", "Age"]
ROWS = [HEADER, ["2025-01-10", "female", "17"], ["2025-02-11", "male", "34"]]
VALUES = ("2025-01-10", "2025-02-11", "female", "34")
AS_OF = date(2025, 12, 31)


def load(path: Path, top: str = "") -> Incoming:
    mapping = path.parent / "office.toml"
    mapping.write_text(MAPPING.format(top=top), encoding="utf-8")
    return own.read(path, ReadOptions(mapping=mapping, as_of=AS_OF))


def checked(tmp_path: Path, rows: Rows) -> Checked:
    incoming = load(write_csv(tmp_path / "list.csv", rows))
    found = check(incoming.batches[0], AS_OF, period=(incoming.period_from, incoming.period_to))
    assert found.accepted.height + found.rejected.height == incoming.ledger.kept == len(rows) - 1
    return found


def rejected(tmp_path: Path, row: list[str]) -> list[tuple[int, str, str]]:
    """Load two good rows and a bad one; return line, rule and column of what was rejected."""
    found = checked(tmp_path, [*ROWS, row])
    assert found.accepted.height == 2
    assert found.rejected.columns == ["table_name", "line", "rule", "column_name"]
    return found.rejected.drop("table_name").rows()


def test_good_rows_are_good(tmp_path: Path) -> None:
    assert checked(tmp_path, ROWS).accepted.height == 2


def test_wrong_delimiter(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", ROWS)
    refusal(
        lambda: load(path, '[file]\ndelimiter = ";"'),
        "list.csv", "a semicolon", "a comma", "'delimiter'", unwanted=VALUES,
    )  # fmt: skip


def test_encoding_byte_order_mark_and_latin_1(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(
        b"\xef\xbb\xbf" + "When,Sex,Age,Office\n2025-01-10,female,17,Peñasco\n".encode("latin-1")
    )
    incoming = load(path)
    assert incoming.ledger.kept == 1
    assert any("Windows-1252" in note for note in incoming.notes)


def test_wrong_stated_encoding(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("When,Sex,Age,Office\n2025-01-10,female,17,Peñasco\n".encode("latin-1"))
    refusal(
        lambda: load(path, '[file]\nencoding = "utf-8"'), "list.csv", "line 2", "'encoding'", unwanted=VALUES
    )


def test_header_sentence(tmp_path: Path) -> None:
    sentence = "By using these data you agree to the terms of use of the office"
    rows = [[sentence, *HEADER], ["", "2025-01-10", "female", "17"]]
    incoming = load(write_csv(tmp_path / "list.csv", rows))
    assert incoming.ledger.kept == 1
    assert "an empty column whose heading is a sentence was left out" in incoming.notes


def test_missing_column(tmp_path: Path) -> None:
    rows = [["When", "Sexx", "Age"], *ROWS[1:]]
    refusal(
        lambda: load(write_csv(tmp_path / "list.csv", rows)),
        "list.csv", "columns are missing: 'Sex' (did you mean 'Sexx'?)", "Found: 'When', 'Sexx', 'Age'",
        "mapping", unwanted=VALUES,
    )  # fmt: skip


def test_missing_header_shows_no_record(tmp_path: Path) -> None:
    refusal(
        lambda: load(write_csv(tmp_path / "list.csv", ROWS[1:])),
        "list.csv", "columns are missing", "3 columns", unwanted=VALUES,
    )  # fmt: skip


def test_missing_header_with_repeated_cells_shows_no_record(tmp_path: Path) -> None:
    rows = [["2025-01-10", "female", "female"], ["2025-02-11", "male", "male"]]
    refusal(lambda: load(write_csv(tmp_path / "list.csv", rows)), "columns are missing", unwanted=VALUES)


def test_extra_column_is_noted_and_not_kept(tmp_path: Path) -> None:
    rows = [[*HEADER, "Shoe size"], ["2025-01-10", "female", "17", "44"]]
    incoming = load(write_csv(tmp_path / "list.csv", rows))
    assert "columns that the mapping does not use, not kept: 'Shoe size'" in incoming.notes
    assert "Shoe size" not in incoming.batches[0].frame.columns


def test_duplicated_column(tmp_path: Path) -> None:
    rows = [[*HEADER, "Sex"], ["2025-01-10", "female", "17", "male"]]
    refusal(
        lambda: load(write_csv(tmp_path / "list.csv", rows)),
        "list.csv", "comes twice", "'Sex' (columns 2 and 4)", unwanted=VALUES,
    )  # fmt: skip


def test_rows_wider_than_the_header(tmp_path: Path) -> None:
    rows = [*ROWS, ["2025-03-01", "female", "17", "spilled over"]]
    refusal(
        lambda: load(write_csv(tmp_path / "list.csv", rows)),
        "list.csv", "line 4", "quotation marks", unwanted=(*VALUES, "spilled"),
    )  # fmt: skip


def test_quotation_mark_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('When,Sex,Age\n"2025-01-10,female,17\n' + "2025-02-11,male,34\n" * 80, encoding="utf-8")
    refusal(lambda: load(path), "list.csv", "quotation mark", "lines 2 to 82", unwanted=VALUES)


def test_impossible_date(tmp_path: Path) -> None:
    assert rejected(tmp_path, ["2025-02-30", "female", "17"]) == [(4, "impossible_period", "period")]


def test_dates_whose_order_is_not_known(tmp_path: Path) -> None:
    rows = [HEADER, ["03/04/2025", "female", "17"]]
    refusal(
        lambda: load(write_csv(tmp_path / "list.csv", rows)),
        "list.csv", "'When'", 'date_format = "dd/mm/yyyy"', unwanted=["03/04"],
    )  # fmt: skip


def test_future_period(tmp_path: Path) -> None:
    assert rejected(tmp_path, ["2026-02-01", "female", "17"]) == [(4, "future_period", "period")]


def test_period_outside_the_declared_one(tmp_path: Path) -> None:
    assert rejected(tmp_path, ["2024-12-31", "female", "17"]) == [(4, "outside_declared_period", "period")]


def test_unknown_code(tmp_path: Path) -> None:
    assert rejected(tmp_path, ["2025-02-01", "femal", "17"]) == [(4, "unknown_code", "gender")]


def test_negative_number(tmp_path: Path) -> None:
    assert rejected(tmp_path, ["2025-02-01", "female", "-3"]) == [(4, "negative", "age")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,282", [(4, "above_maximum", "age")]),  # one thousand two hundred and eighty-two, not 1 or 1.282
        ("0.71 %", [(4, "not_a_number", "age")]),
        ("<5", [(4, "hidden_by_publisher", "age")]),
        ("17.5", [(4, "not_a_whole_number", "age")]),
    ],
)
def test_numbers_that_are_none(tmp_path: Path, cell: str, expected: list[tuple[int, str, str]]) -> None:
    assert rejected(tmp_path, ["2025-02-01", "female", cell]) == expected


@pytest.mark.parametrize("cell", ["(null)", "NA", "-99", "", "   "])
def test_missing_cells_are_missing_and_not_rejected(tmp_path: Path, cell: str) -> None:
    found = checked(tmp_path, [*ROWS, ["2025-02-01", "female", cell]])
    assert found.accepted["age"].to_list() == [17, 34, None]


@pytest.mark.parametrize("content", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_workbook_with_macros(tmp_path: Path, content: str) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", ROWS)
    with zipfile.ZipFile(path, "a") as book:
        book.writestr(content, b"macro")
    refusal(lambda: load(path), "list.xlsx", "macros", "Save as", unwanted=VALUES)


def test_macro_workbook_by_its_ending(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", ROWS).rename(tmp_path / "list.xlsm")
    refusal(lambda: load(path), "list.xlsm", "macros", ".xlsx", unwanted=VALUES)


def test_formula_cell(tmp_path: Path) -> None:
    rows = [HEADER, ["2025-01-10", "female", "=10+7"]]
    refusal(
        lambda: load(write_xlsx(tmp_path / "list.xlsx", rows, sheet="Cases")),
        "list.xlsx", "sheet 'Cases'", "cell C2", "Paste special", unwanted=(*VALUES, "10+7"),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx", "list.csv.gz"])
def test_empty_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    refusal(lambda: load(tmp_path / name), name, "empty (0 bytes)")


def test_file_of_blanks_and_sheet_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(" \n\n \t\n", encoding="utf-8")
    refusal(lambda: load(tmp_path / "list.csv"), "list.csv", "only blanks")
    refusal(
        lambda: load(write_xlsx(tmp_path / "list.xlsx", [], sheet="Cases")), "list.xlsx", "'Cases' is empty"
    )


def test_gzip_cut_off(tmp_path: Path) -> None:
    data = gzip.compress(b"When,Sex,Age\n" * 500)
    (tmp_path / "list.csv.gz").write_bytes(data[:-12])
    refusal(lambda: load(tmp_path / "list.csv.gz"), "list.csv.gz", "damaged")


def test_empty_gzip(tmp_path: Path) -> None:
    (tmp_path / "list.csv.gz").write_bytes(gzip.compress(b""))
    refusal(lambda: load(tmp_path / "list.csv.gz"), "list.csv.gz", "only blanks")


def test_header_without_rows(tmp_path: Path) -> None:
    incoming = load(write_csv(tmp_path / "list.csv", [HEADER]))
    assert incoming.ledger.kept == incoming.batches[0].frame.height == 0


def test_directory(tmp_path: Path) -> None:
    (tmp_path / "inputs").mkdir()
    refusal(lambda: load(tmp_path / "inputs"), "inputs", "folder", "python -m etl build")


def test_file_that_is_not_there(tmp_path: Path) -> None:
    refusal(lambda: load(tmp_path / "lost.csv"), "lost.csv", "no such file")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("list.csv", b"PK\x03\x04rest", "an Excel workbook"),
        ("list.csv", b"%PDF-1.7", "a PDF"),
        ("list.csv", b"When,Sex\x00,Age", "not a table at all"),
        ("list.xlsx", b"When,Sex,Age\n2025-01-10,female,17\n", "plain text"),
        ("list.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password-protected"),
        ("list.csv.gz", b"When,Sex,Age\n", "plain text"),
        # No clock in the bytes: every worker must collect a test of the same name.
        ("list.csv", gzip.compress(b"When,Sex,Age\n", mtime=0), "a gzip file"),
    ],
)
def test_file_that_is_not_what_its_ending_says(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    refusal(lambda: load(tmp_path / name), name, "ending says", words, unwanted=VALUES)


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"PK\x03\x04rest"])
def test_old_workbook_is_to_be_saved_as_a_new_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "list.xls").write_bytes(content)
    words = ("list.xls", "old Excel workbooks (.xls)", "allowed", ".xlsx", "Save as")
    refusal(lambda: load(tmp_path / "list.xls"), *words)


@pytest.mark.parametrize("name", ["list.ods", "list", "list.docx", "list.zip"])
def test_kind_that_is_not_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"anything")
    refusal(lambda: load(tmp_path / name), name, ".csv", ".xlsx")


@pytest.mark.parametrize(
    ("name", "content"), [("list.xlsx", b"PK\x03\x04 cut off"), ("list.csv.gz", b"\x1f\x8b\x08cut")]
)
def test_damaged_packed_file(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    refusal(lambda: load(tmp_path / name), name, "damaged")


def test_gzip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "list.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"0" * 40_000_000))
    assert path.stat().st_size < 100_000
    refusal(lambda: load(path), "list.csv.gz", "larger than allowed", "250 times")


def test_gzip_above_the_limit_of_size(tmp_path: Path) -> None:
    path = tmp_path / "list.csv.gz"
    path.write_bytes(gzip.compress(b"When,Sex\n" + b"2025-01-10,female\n" * 1000))
    refusal(lambda: read(path, limits=Limits(unpacked_bytes=5_000)), "list.csv.gz", "larger than allowed")


def test_zip_bomb(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", ROWS)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/picture.bin", b"0" * 60_000_000)
    assert path.stat().st_size < 200_000
    refusal(lambda: load(path), "list.xlsx", "larger than allowed", unwanted=VALUES)


def test_zip_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b"0" * 60_000_000)
    data = path.read_bytes()
    true_size, lie = (60_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert data.count(true_size) == 2
    path.write_bytes(data.replace(true_size, lie))
    refusal(lambda: load(path), "list.xlsx", "larger than allowed")


def test_file_larger_than_allowed(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", ROWS)
    refusal(lambda: read(path, limits=Limits(file_bytes=10)), "list.csv", "largest allowed", unwanted=VALUES)


def test_path_outside_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inputs"
    inside.mkdir()
    outside = write_csv(tmp_path / "list.csv", ROWS)
    refusal(lambda: read(outside, folder=inside), "list.csv", "outside the folder", "inputs", unwanted=VALUES)
    (inside / "link.csv").symlink_to(outside)
    refusal(lambda: read(inside / "link.csv", folder=inside), "link.csv", "outside", unwanted=VALUES)
    refusal(lambda: read(inside / ".." / "list.csv", folder=inside), "list.csv", "outside")
    assert read(write_csv(inside / "good.csv", ROWS), folder=inside).frame.height == 2


@pytest.mark.parametrize(
    "name", ["first_name", "prs_FirstName", "Surname", "DOB", "Téléphone", "E-mail", "SSN"]
)
def test_column_that_names_people(tmp_path: Path, name: str) -> None:
    rows = [[*HEADER, name], ["2025-01-10", "female", "17", "Ana"]]
    refusal(
        lambda: load(write_csv(tmp_path / "list.csv", rows)),
        "list.csv", f"'{name}'", "told by its name", f'drop = ["{name}"]', unwanted=(*VALUES, "Ana"),
    )  # fmt: skip


def test_empty_column_of_names_is_let_pass(tmp_path: Path) -> None:
    assert load(write_csv(tmp_path / "list.csv", [[*HEADER, "first_name"], [*ROWS[1], ""]])).ledger.kept == 1


def test_phone_numbers_inside_notes(tmp_path: Path) -> None:
    rows = [[*HEADER, "Notes"], [*ROWS[1], "call 555-123-4567"]]
    refusal(
        lambda: load(write_csv(tmp_path / "list.csv", rows)),
        "list.csv", "'Notes'", "free text", unwanted=(*VALUES, "555"),
    )  # fmt: skip


def test_phone_numbers_inside_a_harmless_column(tmp_path: Path) -> None:
    rows = [
        [*HEADER, "Where seen"],
        *([*ROWS[1], "office"] for _ in range(40)),
        [*ROWS[1], "call 555-123-4567"],
    ]
    refusal(
        lambda: load(write_csv(tmp_path / "list.csv", rows)),
        "list.csv", "'Where seen'", "phone numbers", "by its content", unwanted=(*VALUES, "555", "office"),
    )  # fmt: skip


def test_dropped_column_is_recorded_and_gone(tmp_path: Path) -> None:
    rows = [[*HEADER, "Notes"], [*ROWS[1], "call 555-123-4567"]]
    incoming = load(write_csv(tmp_path / "list.csv", rows), '[file]\ndrop = ["Notes"]')
    assert "columns dropped as the mapping says, never kept: 'Notes'" in incoming.notes
    assert "555" not in str(incoming)
    assert all("Notes" not in batch.frame.columns for batch in incoming.batches)


def test_mapped_column_cannot_carry_an_identifier(tmp_path: Path) -> None:
    """A mapping cannot talk a column of names or mail into the warehouse, not even as the reference."""
    mapping = MAPPING.format(top="") + 'person_ref = "Passport"\n'
    (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
    path = write_csv(tmp_path / "list.csv", [[*HEADER, "Passport"], [*ROWS[1], "X1234567"]])
    refusal(
        lambda: own.read(path, ReadOptions(mapping=tmp_path / "m.toml", as_of=AS_OF)),
        "'Passport'",
        unwanted=["X12"],
    )


def test_names_in_a_sheet_that_is_not_read_are_not_read(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "list.xlsx"))
    for name, rows in (("Private", [["first_name"], ["Ana"]]), ("Cases", ROWS)):
        page = book.add_worksheet(name)
        for number, cells in enumerate(rows):
            page.write_row(number, 0, cells)
    book.close()
    incoming = load(tmp_path / "list.xlsx")
    assert incoming.ledger.kept == 2
    assert "Ana" not in str(incoming)


def test_too_many_columns(tmp_path: Path) -> None:
    rows = [[*HEADER, *(f"c{i}" for i in range(600))], [*ROWS[1], *("x" * 600)]]
    refusal(
        lambda: load(write_csv(tmp_path / "list.csv", rows)),
        "list.csv",
        "603 columns",
        "500",
        unwanted=VALUES,
    )


def test_bad_rows_do_not_harm_the_good(tmp_path: Path) -> None:
    bad = [
        ["2025-02-30", "female", "17"],
        ["2025-01-05", "x", "17"],
        ["", "female", "17"],
        ["2025-01-06", "male", "-1"],
    ]
    found = checked(tmp_path, [HEADER, bad[0], ROWS[1], bad[1], bad[2], ROWS[2], bad[3]])
    assert found.accepted["age"].to_list() == [17, 34]
    by_rule = found.rejected.group_by("rule", "column_name").len().sort("rule").rows()
    assert by_rule == [
        ("impossible_period", "period", 1),
        ("missing", "period", 1),
        ("negative", "age", 1),
        ("unknown_code", "gender", 1),
    ]
    assert found.rejected["line"].to_list() == [2, 4, 5, 7]
    assert found.rejected.schema["line"] == pl.Int64
