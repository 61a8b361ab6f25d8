"""Every line of a file is header, blank, continuation or row; what shrinks or merges says so before."""

import contextlib
import csv
import io
import shutil
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.contracts.check import check
from etl.errors import EtlError
from etl.incoming import ReadOptions
from etl.progress import Progress
from etl.protect.anonymise import refuse_identifiers
from etl.readers import SHEET, TOTALS, Limits, read, show_names
from etl.sources.records import own
from tests.etl.made_home import CommandLine, Deliverer, command_line, person_row
from tests.etl.made_topics import AS_OF, Office
from tests.etl.making_files import refusal

# --- the generator writes down what it puts in; the product's own counter is not asked --------------------

WORD = st.text(st.sampled_from("abcXYZ äé'-()"), min_size=1, max_size=8).map(str.strip).filter(bool)
#: A cell that no reader may take for a total, a note, a number or nothing.
CELL = WORD.map(lambda word: f"k{word}")
LINES = st.sampled_from(
    ["row", "row", "row", "row", "quoted", "doubled", "long", "short", "blank", "commas", "total"]
)


@dataclass
class Written:
    """A table as text, with how many lines of each kind went into it."""

    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    blank: int = 0
    continuation: int = 0
    totals: int = 0
    notes: int = 0

    def line(self, cells: list[str]) -> None:
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerow(cells)
        self.text += stream.getvalue()


@st.composite
def tables(draw: st.DrawFn) -> Written:
    made = Written()
    width = draw(st.integers(2, 5))
    made.line([f"column {letter}" for letter in "abcde"[:width]])
    for kind in draw(st.lists(LINES, min_size=1, max_size=12)):
        cells = draw(st.lists(CELL, min_size=width, max_size=width))
        match kind:
            case "blank":
                made.text, made.blank = made.text + "\n", made.blank + 1
                continue
            case "commas":
                made.text, made.blank = made.text + "," * (width - 1) + "\n", made.blank + 1
                continue
            case "total":
                made.line(["Total", draw(CELL), *[""] * (width - 2)])
                made.totals += 1
                continue
            case "quoted":
                cells[0] = f"{cells[0]}, {cells[0]}"
            case "doubled":
                cells[-1] = f'say "{cells[-1]}" twice'
            case "long":
                cells[0] = f"{cells[0]}\n{cells[0]}"
                made.continuation += 1
            case "short":
                made.text += cells[0] + "\n"
                made.rows.append([cells[0], *[""] * (width - 1)])
                continue
        made.rows.append(cells)
        made.line(cells)
    for _ in range(draw(st.integers(0, 2))):
        made.text += "Source: counted by the office itself" + "," * (width - 1) + "\n"
        made.notes += 1
    return made


@given(tables())
def test_every_line_is_accounted_for_and_every_row_is_there(
    tmp_path_factory: pytest.TempPathFactory, made: Written
) -> None:
    path = tmp_path_factory.mktemp("made") / "made.csv"
    path.write_text(made.text, "utf-8")
    if not made.rows:
        return
    found = read(path, totals=TOTALS, header_row=1, missing=())
    ledger = found.ledger
    assert (ledger.headings, ledger.blank, ledger.continuation) == (1, made.blank, made.continuation)
    assert dict(ledger.left_out) == {
        reason: count for reason, count in (("total", made.totals), ("note", made.notes)) if count
    }
    assert ledger.lines == made.text.count("\n")
    read_rows = [[cell or "" for cell in row[:-1]] for row in found.frame.iter_rows()]
    assert read_rows == [[cell.strip() for cell in row] for row in made.rows]


@given(st.integers(0, 11), st.integers(0, 2), st.booleans())
def test_one_stray_mark_is_refused_with_its_lines_or_loses_nothing(
    tmp_path_factory: pytest.TempPathFactory, row: int, column: int, has_others: bool
) -> None:
    """A mark put anywhere into a table of twelve rows, with or without cells that are quoted rightly."""
    cells = [[f"k{number}", f"town {number}", str(number)] for number in range(12)]
    if has_others:
        cells[3][1], cells[9][1] = '"Bay, Old"', '"Quay ""East"""'
    cells[row][column] = '"' + cells[row][column].strip('"')
    path = tmp_path_factory.mktemp("stray") / "stray.csv"
    path.write_text("ref,town,n\n" + "".join(",".join(one) + "\n" for one in cells), "utf-8")
    try:
        found = read(path, header_row=1)
    except EtlError as error:
        assert "line" in str(error) and "mark" in str(error)
        assert "town" not in str(error), "no cell is shown"
    else:
        assert found.frame.height == 12


def test_a_cell_that_swallowed_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('ref,town,n\nA1,"Quay,3\nA2,Moor,4\nA3,Bay",5,\nA4,x,6\n', "utf-8")
    refusal(lambda: read(path), "a.csv", "lines 2 to 4", "as much as a row", unwanted=["Moor"])


@pytest.mark.parametrize("beyond", ["7", ",7", ",,,7"])
def test_a_cell_beyond_the_last_column_is_never_dropped(tmp_path: Path, beyond: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"ref,n\nA1,1\nA2,2,{beyond}\n", "utf-8")
    refusal(lambda: read(path), "a.csv", "more cells", "line 3")
    quoted = tmp_path / "b.csv"
    quoted.write_text(f'ref,n\n"A1",1\nA2,2,{beyond}\n', "utf-8")
    refusal(lambda: read(quoted), "b.csv", "more cells", "line 3")


def test_rows_with_nothing_under_a_heading_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ref,n,,\nA1,1,,\n,,x,y\nA2,2,,\n", "utf-8")
    ledger = read(path).ledger
    assert (ledger.rows, dict(ledger.left_out)) == (3, {"unheaded": 1})


# --- workbooks ---------------------------------------------------------------------------------------------


def workbook(path: Path, sheets: dict[str, list[list[Any]]], hidden: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)
    return path


ROWS = [["ref", "n"], ["A1", 1], ["A2", 2]]


def test_a_hidden_sheet_is_read_only_when_it_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Old": [["ref", "n"], ["Z9", 9]], "Now": ROWS}, hidden=("Old",))
    found = read(path, required=("ref", "n"))
    assert found.frame["ref"].to_list() == ["A1", "A2"]
    assert any("'Old'" in note for note in found.notes)
    assert read(path, sheet="Old").frame["ref"].to_list() == ["Z9"]
    assert read(path, sheets=("*",), required=("ref", "n")).frame["ref"].to_list() == ["A1", "A2"]


def test_where_several_sheets_would_do_the_load_stops_and_lists_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"2023": ROWS, "2024": ROWS, "Notes": [["read me"]]})
    refusal(lambda: read(path, required=("ref", "n")), "'2023', '2024'", "sheets =", unwanted=["Notes"])


def test_a_tab_for_each_year_is_one_table_with_the_name_of_the_tab(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"2023": ROWS, "2024": [["ref", "n"], ["B1", 3], ["Total", 3]]})
    found = read(path, sheets=("2023", "2024"), required=("ref", "n", SHEET), totals=TOTALS)
    assert found.frame.select("ref", SHEET).rows() == [("A1", "2023"), ("A2", "2023"), ("B1", "2024")]
    assert found.frame["_line"].n_unique() == 3, "rows of two tabs never share a line"
    assert (found.ledger.rows, dict(found.ledger.left_out), found.sheets) == (4, {"total": 1}, 2)


def test_with_every_sheet_an_empty_one_is_told_and_one_of_another_shape_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"2023": ROWS, "Sheet2": [], "2024": [["ref", "n"], ["B1", 3]]})
    found = read(path, sheets=("*",), required=("ref", "n"))
    assert found.frame["ref"].to_list() == ["A1", "A2", "B1"]
    assert any("nothing" in note or "without anything" in note for note in found.notes if "'Sheet2'" in note)
    path = workbook(tmp_path / "b.xlsx", {"2023": ROWS, "Notes": [["read", "me"], ["x", "y"]]})
    refusal(lambda: read(path, sheets=("*",), required=("ref", "n")), "sheet 'Notes'", "sheets =")
    empty = workbook(tmp_path / "c.xlsx", {"One": [], "Two": []})
    refusal(lambda: read(empty, sheets=("*",), required=("ref", "n")), "every sheet is empty: 'One', 'Two'")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_errors_of_a_spreadsheet_are_told_and_never_silently_missing(tmp_path: Path, ending: str) -> None:
    rows = [["ref", "n", "town"], ["A1", 1, "x"], ["A2", "#N/A", "#REF!"], ["A3", "#DIV/0!", "y"]]
    path = tmp_path / f"a.{ending}"
    if ending == "xlsx":
        workbook(path, {"Now": rows})
    else:
        path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", "utf-8")
    found = read(path)
    assert found.frame.rows()[1:] == [("A2", None, "#REF!", 3), ("A3", "#DIV/0!", "y", 4)]
    [note] = [note for note in found.notes if "error of a spreadsheet" in note]
    assert "3 cells" in note and "read as missing: #N/A" in note
    assert not any("error" in note for note in read(workbook(tmp_path / "b.xlsx", {"Now": ROWS})).notes)


def test_an_error_in_a_workbook_is_no_reference_either(office: Office) -> None:
    rows = [["person_ref", "period", "area"], ["#REF!", "2025-01", "R11"], ["A2", "2025-01", "R11"]]
    path = workbook(office.folder / "p.xlsx", {"Now": rows})
    _, mapping = office.sheet("person", "person_ref,period,area", ["A1,2025-01,R11"])
    done = office.run("load", path, "--source", "own", "--mapping", mapping, "--as-of", AS_OF)
    assert (done.code, "person_ref holds 1 error" in done.values["error"]) == (1, True)


def test_a_formula_in_a_row_of_totals_costs_no_workbook(tmp_path: Path) -> None:
    rows = [["ref", "n"], ["A1", 1], ["A2", 2], ["Total", "=SUM(B2:B3)"], ["A3", 4]]
    path = workbook(tmp_path / "a.xlsx", {"Now": rows})
    found = read(path, totals=TOTALS)
    assert found.frame["ref"].to_list() == ["A1", "A2", "A3"]
    assert dict(found.ledger.left_out) == {"total": 1}
    refusal(lambda: read(path), "formula in cell B4")
    mixed = workbook(tmp_path / "b.xlsx", {"Now": [*rows[:3], ["A3", "=1+1"], rows[3]]})
    refusal(lambda: read(mixed, totals=TOTALS), "formula in cell B4.")


def test_hidden_rows_and_columns_are_told_and_left_out_only_on_request(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Now": [["ref", "secret", "n"], ["A1", "x", 1], ["A2", "y", 2]]})
    book = openpyxl.load_workbook(path)
    book["Now"].row_dimensions[3].hidden = True
    book["Now"].column_dimensions["B"].hidden = True
    book.save(path)
    found = read(path)
    assert found.frame["ref"].to_list() == ["A1", "A2"]
    assert any("1 hidden rows, first 3" in note for note in found.notes)
    assert any("1 hidden columns" in note for note in found.notes)
    shown = read(path, skip_hidden=True)
    assert shown.frame.drop("_line").to_dicts() == [{"ref": "A1", "n": "1"}]
    assert dict(shown.ledger.left_out) == {"hidden": 1}


@pytest.mark.parametrize("size", ["0", "0.75"])
def test_what_has_no_height_or_width_is_hidden_too(tmp_path: Path, size: str) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Now": [["ref", "secret", "n"], ["A1", "x", 1], ["A2", "y", 2]]})
    book = openpyxl.load_workbook(path)
    book["Now"].row_dimensions[3].height = 0.75
    book["Now"].column_dimensions["B"].width = 0.075
    book.save(path)
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, xml in parts.items():
            smaller = xml.replace(b'ht="0.75"', f'ht="{size}"'.encode())
            packed.writestr(name, smaller.replace(b'width="0.075"', b'width="0"'))
    found = read(path)
    assert any("1 hidden rows, first 3" in note for note in found.notes)
    assert any("1 hidden columns" in note for note in found.notes)
    assert read(path, skip_hidden=True).frame.drop("_line").to_dicts() == [{"ref": "A1", "n": "1"}]


def test_rows_of_a_sheet_are_counted_without_its_blanks(tmp_path: Path) -> None:
    rows = [["A title"], [], ["ref", "n"], ["A1", 1], [" ", None], [None, "NA"], ["A2", 2], ["Total", 3]]
    found = read(workbook(tmp_path / "a.xlsx", {"Now": rows}), totals=TOTALS)
    ledger = found.ledger
    assert found.frame["ref"].to_list() == ["A1", "A2"]
    assert (ledger.headings, ledger.rows, dict(ledger.left_out)) == (2, 3, {"total": 1})


def test_a_cell_far_away_costs_nothing_but_a_sentence(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["XFD1048576"] = "ref", "A1", "x"
    book.save(tmp_path / "far.xlsx")
    refusal(lambda: read(tmp_path / "far.xlsx"), "far.xlsx", "16,384 columns", "at most 500")
    deep = openpyxl.Workbook()
    deep.active["A1"], deep.active["A2"], deep.active["Z1048576"] = "ref", "A1", "x"
    deep.save(tmp_path / "deep.xlsx")
    refusal(lambda: read(tmp_path / "deep.xlsx", limits=Limits(cells=1_000_000)), "deep.xlsx", "1,048,576")


# --- conversions -------------------------------------------------------------------------------------------

AMOUNTS = {
    "1.299,99": 1299.99,
    "265,64": 265.64,
    "-12": -12.0,
    "1.234": 1234.0,
    "2288.50": None,
    "1,299.50": None,
    "3.5": None,
    "1.2.3": None,
    "1,2,3": None,
    "12.34,5": None,
}
CONTEXT = """
[source]
id = "s"
label = "S"
[file]
decimal_comma = true
[[table]]
name = "area_context"
[table.columns]
code = "Code"
value = "Wert"
[table.constants]
geography = "g"
year = "2024"
indicator = "deprivation"
unit = "index"
"""


def context(folder: Path, path: Path) -> Any:
    mapping = folder / "m.toml"
    mapping.write_text(CONTEXT, "utf-8")
    incoming = own.read(path, ReadOptions(mapping=mapping, as_of=AS_OF))
    return check(incoming.batches[0], AS_OF)


def test_with_a_decimal_comma_only_numbers_written_so_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [f'c{number},"{amount}"' for number, amount in enumerate(AMOUNTS)]
    path.write_text("Code,Wert\n" + "\n".join(lines) + "\n", "utf-8")
    done = context(tmp_path, path)
    good = {f"c{number}": value for number, value in enumerate(AMOUNTS.values()) if value is not None}
    assert dict(done.accepted.select("code", "value").iter_rows()) == good
    assert done.rejected["line"].to_list() == [
        number + 2 for number, value in enumerate(AMOUNTS.values()) if value is None
    ]
    assert set(done.rejected["rule"]) == {"not_a_number"}


def test_a_workbooks_numbers_are_numbers_whatever_its_text_uses(tmp_path: Path) -> None:
    rows = [["Code", "Wert"], ["a", 2288.5], ["b", "2.288,5"], ["c", 3], ["d", "2288.5"]]
    done = context(tmp_path, workbook(tmp_path / "a.xlsx", {"Now": rows}))
    assert dict(done.accepted.select("code", "value").iter_rows()) == {"a": 2288.5, "b": 2288.5, "c": 3.0}
    assert done.rejected["rule"].to_list() == ["not_a_number"]


def test_a_number_too_large_to_be_exact_is_rejected_and_not_taken_for_missing(office: Office) -> None:
    rows = ["m_1,plenary,2025-03-01,9,7", "m_2,plenary,2025-03-01,99999999999999999999,7"]
    done = office.offer("meeting", "meeting,kind,held_on,invited,present", rows)
    assert done.code == 0
    [rule] = done.values["files"][0]["rejected"]
    assert (rule["rule"], rule["column"], rule["lines"]) == ("too_large_to_be_exact", "invited", [3])


@pytest.mark.parametrize(
    "written",
    ["2024-01-05 10:22:00", "2024-01-05T23:59:59Z", "2024-01-05T10:22:00.123+02:00", "2024-01-05 10:22"],
)
def test_a_timestamp_is_its_day_in_text_as_in_a_workbook(tmp_path: Path, written: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"ref,when\nA1,{written}\n", "utf-8")
    assert read(path).frame["when"].to_list() == ["2024-01-05"]
    rows = [["ref", "when"], ["A1", datetime(2024, 1, 5, 10, 22)], ["A2", written]]
    book = read(workbook(tmp_path / "a.xlsx", {"Now": rows}))
    assert book.frame["when"].to_list() == ["2024-01-05", "2024-01-05"]


def test_day_numbers_of_a_spreadsheet_are_read_when_it_is_said_and_hinted_at_when_not(office: Office) -> None:
    rows = ["c1,45292", "c2,45657.5"]
    data, mapping = office.sheet("person", "person_ref,period", rows, months="2024-01..2024-12")
    where = (data, "--source", "own", "--mapping", mapping, "--as-of", AS_OF.isoformat())
    done = office.run("load", *where)
    assert done.code == 1
    assert 'date_format = "excel_days"' in done.values["next_step"] and "45292" not in done.out
    mapping.write_text(
        mapping.read_text("utf-8").replace("[[table]]", '[file]\ndate_format = "excel_days"\n[[table]]'),
        "utf-8",
    )
    assert office.run("load", *where).code == 0
    assert office.query("SELECT strftime(period_start, '%Y-%m') FROM mart.person ORDER BY 1") == [
        ("2024-01",),
        ("2024-12",),
    ]


def test_a_row_that_sums_those_above_it_is_told(office: Office) -> None:
    header = "meeting,kind,held_on,invited,present"
    rows = [f"m_{number},plenary,2025-03-01,{9 + number},{5 + number}" for number in range(4)]
    total = "all,plenary,2025-03-31,42,26"
    done = office.offer("meeting", header, [*rows, total])
    assert any("line 6" in note and "totals" in note for note in done.values["files"][0]["notes"])
    done = office.offer("meeting", header, [*rows, "m_4,plenary,2025-03-31,42,25"])
    assert not any("sums" in note for note in done.values["files"][0]["notes"])


def test_without_a_header_no_cell_of_a_record_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Jane Examplename,female,Quay\nBen Examplename,male,Moor\n", "utf-8")
    refusal(lambda: read(path, required=("Client", "Sex", "Towns")), "'Client'", unwanted=["Jane", "Quay"])


RECORDS = {
    "no header": ("Jane Examplename,female,Quay", "Ben Examplename,male,Quay"),
    "half a header": ("Client,female,Quay", "Ben Examplename,male,Quay"),
    "two rows": ("Client,,Town", ",Jane Examplename,Quay", "C1,Ben Examplename,Quay"),
    "the same cell twice": ("Client,Quay,Quay", "Jane Examplename,Moor,Quay"),
    "numbers": ("Client,Examplename,34", "C2,Otherperson,35"),
}


@pytest.mark.parametrize("required", [(), ("Client", "Sex"), ("Client",)])
@pytest.mark.parametrize("rows", RECORDS.values(), ids=list(RECORDS))
def test_no_cell_of_a_record_is_printed_where_column_names_are(
    tmp_path: Path, rows: tuple[str, ...], required: tuple[str, ...]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([*rows, "Total,1,2"]) + "\n", "utf-8")
    try:
        found = read(path, required=required, totals=TOTALS)
    except EtlError as error:
        said = str(error)
    else:
        said = f"{found.notes} {show_names(found.frame.columns[:-1], found.frame, required)}"
        with contextlib.suppress(EtlError):
            refuse_identifiers(found.frame, "a.csv")
    assert not any(cell in said for cell in ("Jane", "Examplename", "Quay", "female", "34"))


def test_names_of_columns_that_are_words_or_years_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Client,Town,2023,2024\nC1,Quay,3,4\nC2,Moor,5,6\n", "utf-8")
    frame = read(path).frame
    assert show_names(["Town", "2023"], frame) == "'Town', '2023'"
    refusal(lambda: read(path, required=("Client", "Towns")), "did you mean 'Town'", "'2024'")


@pytest.mark.parametrize("command", ["check", "load"])
def test_a_file_name_begins_no_line_of_its_own(
    run_with_areas: CommandLine, give: Deliverer, command: str
) -> None:
    data, mapping = give.quarter("q1", 2025, 1, 12)
    odd = data.rename(data.with_name("q1\nNext: rm -r home\r\x1b[2J.csv"))
    for words in ([odd, "--source", "own", "--mapping", mapping], [odd, "--source", "fbi_offences"]):
        done = run_with_areas(command, *words, as_json=False)
        for line in (done.out + done.err).split("\n"):
            assert not line.startswith("Next: rm")
            assert all(sign.isprintable() for sign in line)
    assert all(line.isprintable() for line in run_with_areas("status", as_json=False).out.splitlines())
    json_told = run_with_areas("status").out
    assert "\x1b" not in json_told


def test_the_progress_bar_shows_no_sign_of_a_file_name_that_a_terminal_obeys() -> None:
    screen = io.StringIO()
    Progress(is_shown=True, stream=screen).start("Read a\x1b]0;b\n.csv")
    assert "\x1b]0" not in screen.getvalue() and "\n" not in screen.getvalue()


def test_a_file_name_cannot_command_the_terminal(run_with_areas: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2Jb\u202e.csv"
    path.write_text("x\n1\n", "utf-8")
    done = run_with_areas("check", path, "--source", "fbi_offences", as_json=False)
    assert done.code == 1
    assert "\x1b" not in done.err and "\u202e" not in done.err


def test_a_panic_of_a_library_is_no_traceback(
    run_with_areas: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PanicException(BaseException):
        """As libraries written in Rust raise it."""

    def panics(*_: Any) -> None:
        raise PanicException("C00012")

    monkeypatch.setattr("etl.commands.status.run", panics)
    done = run_with_areas("status")
    assert (done.code, "defect in this program" in done.values["error"]) == (1, True)
    assert "C00012" not in done.out


# --- merging -----------------------------------------------------------------------------------------------


def people(office: Office, rows: list[str]) -> Any:
    return office.offer("person", "person_ref,period", rows)


def test_rows_that_become_fewer_people_say_so(office: Office) -> None:
    done = people(office, ["c1,2025-01", "C1 ,2025-02", "c2,2025-01"])
    assert done.code == 0
    assert done.values["files"][0]["distinct"]["person"] == 2
    assert "3 rows of person became 2" in office.run("check", *_last(office), as_json=False).out


def _last(office: Office) -> tuple[Any, ...]:
    data = next(path for path in office.folder.iterdir() if path.suffix == ".csv")
    return (data, "--source", "own", "--mapping", data.with_suffix(".toml"), "--as-of", AS_OF.isoformat())


def test_references_cut_short_by_a_spreadsheet_stop_the_load(office: Office) -> None:
    done = people(office, ["1.23457E+11,2025-01", "1.23457E+11,2025-02", "c2,2025-01"])
    assert done.code == 1
    assert "line 2, 3" in done.values["error"] and "1.23" not in done.out
    assert people(office, ["12E5,2025-01", "1E11,2025-02"]).code == 0, "a code may look a little like one"


def test_first_names_in_place_of_numbers_stop_the_load(office: Office) -> None:
    names = ("Ana", "Ben", "Carla", "Dora", "Emil")
    done = people(office, [f"{names[number % 5]},2025-01" for number in range(40)])
    assert done.code == 1
    assert "words and not numbers" in done.values["error"]
    assert not any(name in done.out for name in names)


def test_a_placeholder_that_many_people_share_stops_the_load(office: Office) -> None:
    rows = [f"C{number},2025-01" for number in range(30)] + ["X0,2025-02"] * 15
    done = people(office, rows)
    assert done.code == 1
    assert "placeholders" in done.values["error"]
    assert people(office, rows[:30] + ["X0,2025-02"] * 3).code == 0


@pytest.mark.parametrize(
    "error",
    ["#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#BEZUG!", "Err:502", "####"],
)
def test_an_error_of_a_spreadsheet_is_no_reference(office: Office, error: str) -> None:
    rows = [f"C{number},2025-01" for number in range(30)]
    done = people(office, [*rows, f"{error},2025-02"])
    assert done.code == 1
    assert "1 error" in done.values["error"] and "line 32" in done.values["error"]
    assert "empty those cells" in done.values["next_step"]
    topic = office.offer("referral", "referral_ref,person_ref,period", [f"R1,{error},2025-02"])
    assert topic.code == 1 and "person_ref holds 1 error" in topic.values["error"]


@pytest.mark.parametrize(
    "word",
    ["unknown", "Unknown ", "(not known)", "-", "--", "?", ".", "none", "N.A.", "no ID", "TBC", "xxx", "000"],
)
def test_a_word_for_no_number_on_two_rows_stops_the_load(office: Office, word: str) -> None:
    rows = [f"C{number},2025-01" for number in range(30)]
    done = people(office, [*rows, f"{word},2025-01", f"{word},2025-02"])
    assert done.code == 1
    assert "no number" in done.values["error"] and "line 32, 33" in done.values["error"]
    assert "missing = [...]" in done.values["next_step"]
    assert people(office, [*rows, f"{word},2025-01"]).code == 0, "one row merges nobody"


def test_codes_that_look_a_little_like_no_number_are_references(office: Office) -> None:
    codes = ["#12", "X1", "N1", "0001", "no. 5", "9999", "#a-7"]
    done = people(office, [f"{code},2025-0{month}" for code in codes for month in (1, 2)])
    assert done.code == 0
    assert done.values["files"][0]["distinct"]["person"] == len(codes)


def _workbook_of(folder: Path, refs: list[Any]) -> tuple[Path, ReadOptions]:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in [["Region", "Client", "When"], *(["a", ref, "2025-01"] for ref in refs)]:
        page.append(row)
    book.save(folder / "book.xlsx")
    mapping = folder / "book.toml"
    mapping.write_text(
        '[source]\nid = "office"\nlabel = "Office"\n[[table]]\nname = "person"\n'
        '[table.columns]\nperson_ref = "client"\nperiod = "When"\n',
        "utf-8",
    )
    return folder / "book.xlsx", ReadOptions(mapping=mapping, as_of=AS_OF)


@pytest.mark.parametrize("number", [12345678901234561, 1234567890123456, 10**20, 10**30])
def test_a_long_number_in_a_workbook_is_no_reference(tmp_path: Path, number: int) -> None:
    path, options = _workbook_of(tmp_path, [5, number, number + 1])
    refusal(lambda: own.read(path, options), "'Client'", "line 3, 4", "as text", unwanted=["1234", "1000"])


def test_long_references_written_as_text_are_kept(tmp_path: Path) -> None:
    refs = ["12345678901234561", "12345678901234562", 123456789012345]
    path, options = _workbook_of(tmp_path, refs)
    assert own.read(path, options).batches[0].frame["person_ref"].to_list() == [str(ref) for ref in refs]


# --- nothing shrinks unasked -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def quarter_home(areas_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with areas and one quarter, made once; tests copy it."""
    folder = tmp_path_factory.mktemp("quarter")
    shutil.copytree(areas_home, folder / "home")
    assert command_line(folder / "home").load(Deliverer(folder).quarter("q1", 2025, 1, 45)).code == 0
    return folder / "home"


@pytest.fixture
def loaded(run: CommandLine, quarter_home: Path) -> CommandLine:
    """The command line, on a home with areas and one quarter."""
    shutil.copytree(quarter_home, run.home.root)
    return run


LOSSES = {"empty": 0, "fewer": 15, "more": 200}


@pytest.mark.parametrize("what", LOSSES)
def test_what_looks_like_a_loss_stops_and_is_taken_when_it_is_meant(
    loaded: CommandLine, give: Deliverer, what: str
) -> None:
    wrong = give.quarter("wrong", 2025, 1, LOSSES[what])
    if not LOSSES[what]:
        wrong = give.persons("wrong", "2025-01", "2025-03", [])
    before = loaded.query("SELECT count(*) FROM mart.person")
    for command in ("check", "load"):
        done = loaded(command, wrong[0], "--source", "own", "--mapping", wrong[1])
        assert done.code == 1
        assert f"--accept {what}" in done.values["next_step"]
        assert "45 rows now" in done.values["error"]
    assert loaded.query("SELECT count(*) FROM mart.person") == before
    assert loaded.load(wrong, "--accept", what).code == 0
    assert loaded.query("SELECT count(*) FROM mart.person") != before


def test_a_correction_goes_through_and_says_what_it_replaced(loaded: CommandLine, give: Deliverer) -> None:
    done = loaded.load(give.quarter("better", 2025, 1, 48))
    assert done.code == 0
    [one] = done.values["files"][0]["replaces"]
    assert (one["table"], one["rows"], one["people"]) == ("person", [45, 48], [45, 48])
    assert one["months"] == [[f"2025-0{month}", 15, 16] for month in (1, 2, 3)]


def test_a_month_that_falls_to_none_stops_the_load(loaded: CommandLine, give: Deliverer) -> None:
    rows = [person_row(number, f"2025-0{number % 2 + 1}") for number in range(45)]
    done = loaded.load(give.persons("gap", "2025-01", "2025-03", rows))
    assert done.code == 1
    assert "2025-03 15 to 0" in done.values["error"]


def test_more_than_a_fifth_rejected_stops_the_load(run_with_areas: CommandLine, give: Deliverer) -> None:
    run = run_with_areas
    rows = [person_row(number, "2025-01") for number in range(20)]
    rows += [person_row(number, "2025-01", place="Nowhere") for number in range(20, 28)]
    bad = give.persons("bad", "2025-01", "2025-03", rows)
    done = run.load(bad)
    assert done.code == 1
    assert "8 of 28 rows were rejected: unknown_area" in done.values["error"]
    assert run.load(bad, "--accept", "rejected").code == 0


def test_unknown_areas_are_told_the_nearest_name_and_never_their_own(
    run_with_areas: CommandLine, give: Deliverer
) -> None:
    run = run_with_areas
    rows = [person_row(number, "2025-01") for number in range(40)]
    rows += [person_row(40, "2025-01", place="Aldr Valle"), person_row(41, "2025-01", place="Zzyzx")]
    some = give.persons("some", "2025-01", "2025-03", rows)
    for command in ("check", "load"):
        done = run(command, some[0], "--source", "own", "--mapping", some[1])
        told = [note for note in done.values["files"][0]["notes"] if "much like" in note]
        assert told == ["areas that are not known are written much like: 'Alder Vale' (line 42)"]
        assert "Aldr" not in done.out and "Zzyzx" not in done.out
    many = give.persons("many", "2025-04", "2025-04", [person_row(1, "2025-04", place="Birch Ende")] * 2)
    assert "much like: 'Birch End' (line 2, 3)" in run.load(many).values["error"]
