"""Text tables: encodings, delimiters, headers, totals, lines."""

import gzip
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.readers import MISSING, TOTALS, Limits, read, read_table
from tests.etl.making_files import refusal, write_csv
from tests.support import real_data

ROWS = [["ref", "town", "n"], ["A1", "Zoë's Quay", "3"], ["A2", "Łomża", "1,282"]]


def test_every_cell_stays_text(tmp_path: Path) -> None:
    cells = ["0012", "<5", "0.71 %", "1,282", "-3", "007", "2025-03-07", "1e5", "TRUE"]
    frame = read_table(write_csv(tmp_path / "a.csv", [[f"c{i}" for i in range(9)], cells]))
    assert frame.row(0) == (*cells, 2)
    assert set(frame.drop("_line").dtypes) == {pl.String}
    assert frame.schema["_line"] == pl.Int64


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    frame = read_table(write_csv(tmp_path / "a.txt", ROWS, delimiter))
    assert frame.columns == ["ref", "town", "n", "_line"]
    assert frame["n"].to_list() == ["3", "1,282"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_unicode_encodings_are_found(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    text = "ref,town\nA1,Zoë\nA2,Łomża\n"
    path.write_bytes(
        b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    )
    assert read_table(path)["town"].to_list() == ["Zoë", "Łomża"]
    assert read_table(path).columns[0] == "ref"


def test_windows_1252_is_read_when_it_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("ref,town\nA1,Zoë – “quay”\n".encode("cp1252"))
    reading = read(path)
    assert reading.frame["town"].to_list() == ["Zoë – “quay”"]
    assert any("Windows-1252" in note for note in reading.notes)


def test_byte_order_mark_with_latin1_inside(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "ref,town\nA1,Łomża\n".encode() + "A2,Peñasco\n".encode("latin-1"))
    reading = read(path)
    assert reading.frame.columns == ["ref", "town", "_line"]
    assert reading.frame["town"].to_list() == ["Łomża", "Peñasco"]
    assert "1 lines are not UTF-8 and were read as Windows-1252 (Western European)" in reading.notes


def test_stated_encoding_that_does_not_fit_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("ref,town\nA1,Quay\nA2,Zoë\n".encode("latin-1"))
    refusal(lambda: read(path, encoding="utf-8"), "a.csv", "line 3", "encoding", unwanted=["Zo"])
    refusal(lambda: read(path, encoding="utf-88"), "utf-88", "windows-1252")


def test_wrong_delimiter_is_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    refusal(
        lambda: read(path, delimiter=";"), "a.csv", "a semicolon", "a comma", "'delimiter'", unwanted=["A1"]
    )


def test_header_sentence_over_an_empty_column_is_left_out() -> None:
    reading = read(real_data("ctdc-kanon-2020-raw-head", "global_dataset_14_apr_2020_rows.csv"))
    assert reading.frame.columns[0] == "yearOfRegistration"
    assert reading.frame.height == 24
    assert reading.frame["gender"].unique().to_list() == ["Female"]
    assert reading.frame["citizenship"].unique().sort().to_list() == ["00", "CO", "MD"]  # the zeros stay
    assert reading.frame["majorityEntry"].null_count() == 19  # -99 is missing


def test_blank_lines_at_the_end_are_no_rows() -> None:
    frame = read_table(real_data("statcan-alberta-trafficking-2017-2021", "trafficking_data.csv"))
    assert frame.height == 80
    assert frame.columns[0] == "REF_DATE"  # behind a byte-order mark


def test_title_rows_above_the_header(tmp_path: Path) -> None:
    rows = [["List of clients 2025"], ["printed 14 January"], [], *ROWS]
    frame = read_table(write_csv(tmp_path / "a.csv", rows))
    assert frame.columns[:3] == ["ref", "town", "n"]
    assert frame["_line"].to_list() == [5, 6]


def test_header_row_can_be_given(tmp_path: Path) -> None:
    rows = [["a", "b", "c"], ["ref", "town", "n"], ["A1", "Quay", "3"]]
    frame = read_table(write_csv(tmp_path / "a.csv", rows), header_row=2)
    assert frame.columns[:3] == ["ref", "town", "n"]
    assert frame["_line"].to_list() == [3]


def test_two_header_rows_without_merge_marks(tmp_path: Path) -> None:
    rows = [["Ref", "Form", "", "Area"], ["", "Sexual\nharm", "Labour", ""], ["A1", "Y", "N", "Quay"]]
    frame = read_table(write_csv(tmp_path / "a.csv", rows))
    assert frame.columns == ["Ref", "Form / Sexual harm", "Form / Labour", "Area", "_line"]
    assert frame["_line"].to_list() == [4]  # the header holds a line break


def test_totals_and_footnotes_at_the_bottom_only_when_named(tmp_path: Path) -> None:
    rows = [*ROWS, [], ["Total", "", "1285"], ["of them new:", "", "2"]]
    path = write_csv(tmp_path / "a.csv", rows)
    assert read_table(path, totals=TOTALS)["ref"].to_list() == ["A1", "A2"]
    assert read_table(path)["ref"].to_list() == ["A1", "A2", "Total", "of them new:"]


def test_a_total_in_the_middle_goes_alone_and_the_rows_below_it_are_read(tmp_path: Path) -> None:
    rows = [["Client", "Month"], ["1", "2024-01"], ["2", "2024-01"], ["Total", "2"], ["3", "2024-02"]]
    path = write_csv(tmp_path / "a.csv", [*rows, ["Total:", "checked by the office"], ["4", "2024-02"]])
    reading = read(path, totals=TOTALS)
    assert reading.frame["Client"].to_list() == ["1", "2", "3", "4"]
    assert (reading.ledger.rows, dict(reading.ledger.left_out)) == (6, {"total": 2})
    assert any("first on line 4, 6" in note for note in reading.notes)


def test_sparse_rows_below_a_total_are_data(tmp_path: Path) -> None:
    rows = [
        ["ref", "town", "n", "form"],
        ["A1", "Quay", "3", "x"],
        ["Total", "", "3", ""],
        ["A2", "", "", ""],
    ]
    rows += [["* numbers below five are rounded", "", "", ""], ["Source: the office", "", "", ""]]
    reading = read(write_csv(tmp_path / "a.csv", rows), totals=TOTALS)
    assert reading.frame["ref"].to_list() == ["A1", "A2"]
    assert dict(reading.ledger.left_out) == {"total": 1, "note": 2}


def test_data_that_begins_like_a_total_is_kept(tmp_path: Path) -> None:
    rows = [["office", "when", "sex"], ["Total Care", "2025-01", "female"], ["Total", "2025-02", "male"]]
    path = write_csv(tmp_path / "a.csv", [*rows, ["Sum Wah", "2025-03", "male"], ["Total", "3", ""]])
    assert read_table(path, totals=TOTALS)["office"].to_list() == ["Total Care", "Sum Wah"]
    assert read_table(path)["office"].to_list() == ["Total Care", "Total", "Sum Wah", "Total"]


def test_total_as_a_category_is_kept() -> None:
    police = read_table(real_data("uk-nrm-2023q3", "nrm_referrals_police_2023_q3.csv.gz"))
    assert police.height == 94_000
    assert (police["Exploitation type"] == "Total").any()


def test_missing_words_and_namibia(tmp_path: Path) -> None:
    rows = [["ref", "status", "citizenship"], ["A1", "NA", "NA"], ["A2", "(null)", "-99"], ["A3", " ", "RO "]]
    frame = read_table(write_csv(tmp_path / "a.csv", rows))
    assert frame["status"].to_list() == [None, None, None]
    assert frame["citizenship"].to_list() == ["NA", None, "RO"]
    kept = read_table(tmp_path / "a.csv", missing=())
    assert kept["status"].to_list() == ["NA", "(null)", None]
    assert "NA" in MISSING


def test_lines_count_line_breaks_inside_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('ref,address\nA1,"two\nlines"\nA2,x\n\nA3,y\n', encoding="utf-8")
    frame = read_table(path)
    assert frame["ref"].to_list() == ["A1", "A2", "A3"]
    assert frame["_line"].to_list() == [2, 4, 6]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(end.join(["title", "ref,n", "A1,1", "A2,2", ""]).encode())
    frame = read_table(path)
    assert frame["n"].to_list() == ["1", "2"]
    assert frame["_line"].to_list() == [3, 4]


def test_quotation_marks_inside_cells_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('ref,town\nA1,5" pipe\nA2,Quay\n', encoding="utf-8")
    assert read_table(path)["town"].to_list() == ['5" pipe', "Quay"]


def test_gzip_is_read_and_several_members_are_joined(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"ref,n\nA1,1\n") + gzip.compress(b"A2,2\n"))
    assert read_table(path)["ref"].to_list() == ["A1", "A2"]


def test_column_without_heading_is_kept_only_with_data(tmp_path: Path) -> None:
    rows = [["ref", "", "n", ""], ["A1", "x", "1", ""], ["A2", "", "2", ""]]
    frame = read_table(write_csv(tmp_path / "a.csv", rows))
    assert frame.columns == ["ref", "no_heading_2", "n", "_line"]


def test_many_rows_are_quick_and_numbered(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ref,n\n" + "".join(f"A{i},{i}\n" for i in range(200_000)), encoding="utf-8")
    frame = read_table(path)
    assert frame.height == 200_000
    assert frame["_line"].to_list()[-1] == 200_001


def test_limit_of_columns(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [[f"c{i}" for i in range(12)], ["x"] * 12])
    refusal(lambda: read(path, limits=Limits(columns=10)), "a.csv", "12 columns", "at most 10")


def test_too_many_lines_are_refused_before_they_are_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("client,month\n" + "1,2024-01\n" * 20, "utf-8")
    refusal(
        lambda: read(path, limits=Limits(lines=20)), "a.csv", "21 lines", "at most 20", "Split it by year"
    )


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)


@given(
    rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=15),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], delimiter: str
) -> None:
    path = tmp_path_factory.mktemp("t") / "a.csv"
    write_csv(path, [["first", "second"], *rows], delimiter)
    frame = read_table(path, delimiter=delimiter, header_row=1, missing=())
    expected = [(first.strip() or None, second.strip() or None) for first, second in rows]
    expected = [row for row in expected if row != (None, None)]
    assert frame.drop("_line").rows() == expected
