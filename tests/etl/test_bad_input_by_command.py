"""Bad files from the command line: a clear refusal, or rejected rows that are counted; nothing is lost."""

import gzip
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.etl.made_home import CommandLine, Ran, command_line, snapshot
from tests.etl.making_files import write_sheets, write_xlsx

HEAD = "client,month,sex,years,forms"
GOOD = [f"C{i},2025-0{1 + i % 3},{('male', 'female')[i % 2]},{10 + i},forced_labour" for i in range(8)]
TEXT = "\n".join([HEAD, *GOOD]) + "\n"
CELLS = [line.split(",") for line in [HEAD, *GOOD]]
SECRETS = ("C3", "Ileana", "555-123", "robot")
PERSONS = """\
period = "2025-01..2025-03"
[source]
id = "shelter"
label = "Shelter"
[file]
{file}
[[table]]
name = "person"
[table.columns]
person_ref = "client"
period = "month"
gender = "sex"
age = "years"
form = {{ column = "forms", split = ";" }}
"""
COUNTS = """\
[source]
id = "counts"
label = "Counts"
publisher = "Counts office"
geography = "us"
unit = "offences"
period_resolution = "year"
[[series]]
code = "county_offences"
label = "Offences"
unit = "offences"
[[table]]
name = "observation"
[table.columns]
period = "year"
value = "n"
[table.constants]
measure = "county_offences"
"""
HTCDS = "prs_Gender,vic_TypeOfExploitation,cas_IncomingReferralDate\n"
CTDC = "yearOfRegistration,Datasource,gender,isForcedLabour\n"
FBI = "DATA_YEAR,STATE_ABBR,COUNTY_NAME,ACTUAL_COUNT,OFFENSE_SUBCAT_ID\n"

Write = Callable[[Path], object]


def load(run: CommandLine, file: Path, mapping: str = "", source: str = "own") -> Ran:
    """Load a file as people do; check that nobody meets a traceback or a value of a record."""
    words: list[object] = ["load", file, "--source", source, "--as-of", "2025-12-31"]
    if mapping:
        toml = file.parent / "map.toml"
        toml.write_text(mapping, "utf-8")
        words += ["--mapping", toml]
    told = run(*words)
    said = told.out + told.err
    assert "Traceback" not in said
    assert "A defect in this program" not in said
    assert not any(secret in said for secret in SECRETS)
    return told


def persons(file: str = "") -> str:
    return PERSONS.format(file=file)


def with_column(name: str, *values: str) -> str:
    """Return the good text with one more column; the last value is that of all further rows."""
    rows = [f"{line},{values[min(i, len(values) - 1)]}" for i, line in enumerate(GOOD)]
    return "\n".join([f"{HEAD},{name}", *rows]) + "\n"


def with_macros(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet().write_column(0, 0, ["client", "C1"])
    binary = path.with_name("vba.bin")
    binary.write_bytes(b"made-up macros")
    book.add_vba_project(str(binary))
    book.close()


def with_a_formula(path: Path) -> None:
    write_xlsx(path, CELLS)
    book = openpyxl.load_workbook(path)
    book.active["D3"] = "=1+1"
    book.save(path)


def bomb(path: Path) -> None:
    write_xlsx(path, CELLS)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/picture.bin", b"0" * 60_000_000)


def with_a_broken_sheet(path: Path) -> None:
    write_xlsx(path, CELLS)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["xl/worksheets/sheet1.xml"] = b'<worksheet><sheetData><row><c r="A1"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)


def cut(path: Path) -> None:
    write_xlsx(path, CELLS)
    path.write_bytes(path.read_bytes()[:2000])


REFUSED: dict[str, tuple[str, str | bytes | Write, str]] = {
    "missing column": ("a.csv", TEXT.replace("sex", "gender_x"), "columns are missing: 'sex'"),
    "missing date": ("a.csv", TEXT.replace("month", "when"), "columns are missing: 'month'"),
    "duplicated column": ("a.csv", with_column("sex", "male"), "'sex' (columns 3 and 6)"),
    "duplicated in a workbook": (
        "a.xlsx",
        lambda path: write_xlsx(path, [[*row, "sex"] for row in CELLS]),
        "'sex' (columns 3 and 6)",
    ),
    "first_name": ("a.csv", with_column("first_name", "Ileana"), "'first_name' (names of people"),
    "phones in notes": ("a.csv", with_column("Notes", "call 555-123-4567"), "'Notes' (free text"),
    "one phone somewhere": (
        "a.csv",
        with_column("Where", "office", "555-123-4567", "office"),
        "'Where' (phone numbers, told by its content",
    ),
    "macros": ("a.xlsx", with_macros, "holds macros"),
    "macro workbook": ("a.xlsm", with_macros, "workbooks with macros"),
    "formula": ("a.xlsx", with_a_formula, "sheet 'Sheet1' holds a formula in cell D3"),
    "empty": ("a.csv", b"", "the file is empty (0 bytes)"),
    "empty workbook": ("a.xlsx", b"", "the file is empty (0 bytes)"),
    "blanks": ("a.csv", "\n \n\n", "holds only blanks"),
    "directory": ("a.csv", lambda path: path.mkdir(), "no data file in the folder"),
    "zip bomb": ("a.xlsx", bomb, "larger than allowed"),
    "gzip bomb": ("a.csv.gz", gzip.compress(TEXT.encode() + b"0" * 60_000_000), "larger than allowed"),
    "cut gzip": ("a.csv.gz", gzip.compress(TEXT.encode())[:40], "damaged"),
    "cut workbook": ("a.xlsx", cut, "damaged"),
    "broken sheet": ("a.xlsx", with_a_broken_sheet, "may be damaged"),
    "text called workbook": ("a.xlsx", f"{TEXT}\n", "the ending says an Excel workbook"),
    "workbook called text": ("a.csv", lambda path: write_xlsx(path, CELLS), "the ending says a text table"),
    "bytes": ("a.csv", TEXT.encode() + b"\x00\x00", "not a table at all"),
    "open quotation mark": ("a.csv", f'{HEAD}\nC1,2025-01,"male,20,x\n' + TEXT * 30, "quotation mark"),
    "rows too wide": ("a.csv", TEXT + "C9,2025-01,male,20,forced_labour,more\n", "line 10"),
    "day and month": ("a.csv", TEXT + "C9,03/04/2025,male,20,forced_labour\n", "order of day and month"),
}


@pytest.fixture(scope="module")
def good_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the good file, made once; tests copy it."""
    folder = tmp_path_factory.mktemp("good")
    good = folder / "good.csv"
    good.write_text(TEXT, "utf-8")
    assert load(command_line(folder / "home"), good, persons()).code == 0
    return folder / "home"


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_and_nothing_changes(
    run: CommandLine, good_home: Path, tmp_path: Path, name: str
) -> None:
    shutil.copytree(good_home, run.home.root)
    before = snapshot(run.home.root)
    file_name, content, words = REFUSED[name]
    file = tmp_path / "bad" / file_name
    file.parent.mkdir()
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif isinstance(content, str):
        file.write_text(content, "utf-8")
    else:
        content(file)
    told = load(run, file, persons())
    assert told.code == 1
    assert file_name in told.values["error"]
    assert words in told.values["error"]
    assert told.values["next_step"]
    assert snapshot(run.home.root) == before


REJECTED = {
    "2025-02-30,male,20,forced_labour": ("impossible_period", "period"),
    "2031-02,male,20,forced_labour": ("future_period", "period"),
    "2024-02,male,20,forced_labour": ("outside_declared_period", "period"),
    ",male,20,forced_labour": ("missing", "period"),
    "2025-02,robot,20,forced_labour": ("unknown_code", "gender"),
    "2025-02,male,20,slavery;forced_labour": ("unknown_code", "form"),
    "2025-02,male,-4,forced_labour": ("negative", "age"),
    '2025-02,male,"1,282",forced_labour': ("above_maximum", "age"),
    "2025-02,male,0.71 %,forced_labour": ("not_a_number", "age"),
    "2025-02,male,<5,forced_labour": ("hidden_by_publisher", "age"),
}


#: So many that the bad ones beside them do not look like a file that was misread.
MANY_GOOD = [f"D{i},2025-0{1 + i % 3},male,{10 + i},forced_labour" for i in range(50)]


def test_bad_rows_are_counted_by_rule_and_line_and_the_good_ones_are_kept(
    run: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    bad = [f"C{90 + n},{row}" for n, row in enumerate(REJECTED)]
    file.write_text("\n".join([HEAD, *MANY_GOOD, *bad]) + "\n", "utf-8")
    told = load(run, file, persons())
    assert told.code == 0, told.out
    (found,) = told.values["files"]
    assert (found["rows_in"], found["rows_accepted"], found["rows_rejected"]) == (60, 50, 10)
    first = 2 + len(MANY_GOOD)
    rules = {line: rule for line, (rule, _) in enumerate(REJECTED.values(), first)}
    assert dict(run.query("SELECT line, rule FROM mart.rejected_row")) == rules
    wanted: dict[tuple[str, str], list[int]] = {}
    for line, reason in enumerate(REJECTED.values(), first):
        wanted.setdefault(reason, []).append(line)
    assert {(one["rule"], one["column"]): one["lines"] for one in found["rejected"]} == wanted
    assert {(one["table"], one["rows"] - len(one["lines"])) for one in found["rejected"]} == {("person", 0)}
    assert run.query("SELECT count(*) FROM mart.person") == [(50,)]


def test_one_bad_row_of_few_is_counted_alone(run: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{TEXT}C99,2025-02,robot,20,forced_labour\n", "utf-8")
    told = load(run, file, persons())
    assert told.code == 0, told.out
    (found,) = told.values["files"]
    assert (found["rows_in"], found["rows_accepted"], found["rows_rejected"]) == (9, 8, 1)
    assert found["rejected"] == [
        {"table": "person", "rule": "unknown_code", "column": "gender", "rows": 1, "lines": [10]}
    ]
    assert run.query("SELECT count(*) FROM mart.person") == [(8,)]


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (TEXT.replace(",", ";").encode(), ""),
        (b"\xef\xbb\xbf" + TEXT.encode(), ""),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xef\xbb\xbf" + with_column("Centre", "Caf\u00e9").encode("latin-1"), "Windows-1252"),
        (b"The people our made-up shelter met in the first quarter of 2025\n" + TEXT.encode(), ""),
        (with_column("colour", "red").encode(), "not kept: 'colour'"),
        (TEXT.replace(",10,", ",(null),").encode(), ""),
    ],
    ids=["semicolon", "byte-order mark", "UTF-16", "mark and Latin-1", "title", "extra column", "null"],
)
def test_odd_files_are_read_whole(run: CommandLine, tmp_path: Path, content: bytes, note: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    told = load(run, file, persons())
    assert told.code == 0, told.out
    (found,) = told.values["files"]
    assert (found["rows_in"], found["rows_accepted"], found["rows_rejected"]) == (8, 8, 0)
    assert note in " ".join(found["notes"])


#: Counts as they are written, with the number or the rule that rejects it.
WRITTEN: dict[str, float | str] = {
    "1,282": 1282.0,
    "0.71 %": "not_a_number",
    "<5": "hidden_by_publisher",
    "(null)": "value_or_marker",
    "-7": "negative",
    "NaN": "not_a_number",
    "inf": "not_a_number",
    "*": "not_a_number",
}


def test_published_counts_are_read_exactly_or_rejected(run: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    good = [f"{year};12" for year in range(1950, 2000)]
    other = [f"{year};{written}" for year, written in enumerate(WRITTEN, 2001)]
    file.write_text("\n".join(["year;n", *good, *other]) + "\n", "utf-8")
    told = load(run, file, 'period = "1950-01..2008-12"\n' + COUNTS)
    assert told.code == 0, told.out
    found = dict(run.query("SELECT period, value FROM mart.observation"))
    meant = {str(year): value for year, value in enumerate(WRITTEN.values(), 2001)}
    exact = {year: value for year, value in meant.items() if isinstance(value, float)}
    assert found == {str(year): 12.0 for year in range(1950, 2000)} | exact
    rules = {2 + len(good) + n: rule for n, rule in enumerate(WRITTEN.values()) if isinstance(rule, str)}
    assert dict(run.query("SELECT line, rule FROM mart.rejected_row")) == rules


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('delimiter = "xx"', "'file.delimiter' is 'xx'; allowed: one sign"),
        ('delimiter = "a"', "allowed: one sign"),
        ('delimiter = ";"', "it looks delimited by a comma"),
        ("header_row = 50", "there are no column names in row 50"),
        ("header_row = 99", "allowed: 1 to 60"),
        ('encoding = "base64"', "there is no encoding 'base64'"),
        ('encoding = "klingon"', "there is no encoding 'klingon'"),
        ("sheet = 5", "'file.sheet' is of the wrong type"),
    ],
)
def test_a_mapping_that_makes_no_sense_says_which_key(
    run: CommandLine, tmp_path: Path, line: str, words: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(TEXT, "utf-8")
    told = load(run, file, persons(line))
    assert told.code == 1
    assert words in told.values["error"]
    assert told.values["next_step"]


def test_a_header_row_that_a_workbook_lacks_is_named(run: CommandLine, tmp_path: Path) -> None:
    told = load(run, write_xlsx(tmp_path / "a.xlsx", CELLS), persons("header_row = 50"))
    assert told.code == 1
    assert "a.xlsx: there are no column names in row 50" in told.values["error"]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("drop = 5", "'drop' is of the wrong type"),
        ("period = 5", "'period' is of the wrong type"),
        ('period = "soon"', "'period' is 'soon'; allowed: first and last month"),
        ('source = "Our Shelter"', "'source' is 'Our Shelter'; allowed: small letters"),
    ],
)
def test_a_mapping_of_case_sheets_says_which_key(
    run: CommandLine, tmp_path: Path, mapping: str, words: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{HTCDS}Feminine,Servitude,2025-01-01\n", "utf-8")
    told = load(run, file, mapping, "htcds")
    assert told.code == 1
    assert words in told.values["error"]
    assert "--source htcds" in told.values["next_step"]


def test_one_column_to_drop_may_be_written_without_a_list(run: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"prs_FirstName,{HTCDS}Ileana,Feminine,Servitude,2025-01-01\n", "utf-8")
    assert load(run, file, source="htcds").code == 1
    assert load(run, file, 'drop = "prs_FirstName"', "htcds").code == 0


ONE_BAD_YEAR = {
    "htcds": ("a.csv", f"{HTCDS}Feminine,Servitude,2025-01-01\nFeminine,Servitude,2031-01-01\n"),
    "ctdc": ("ctdc_2020.csv", f"{CTDC}2019,Hotline,Male,1\n2031,Hotline,Male,1\n"),
    "fbi_offences": ("HT.csv", f"{FBI}2019,NY,KINGS,3,81\n2031,NY,KINGS,1,81\n"),
}


@pytest.mark.parametrize("source", ONE_BAD_YEAR)
def test_a_mistyped_year_is_one_rejected_row(run: CommandLine, tmp_path: Path, source: str) -> None:
    name, text = ONE_BAD_YEAR[source]
    file = tmp_path / name
    file.write_text(text, "utf-8")
    told = load(run, file, source=source)
    assert told.code == 0, told.out
    (found,) = told.values["files"]
    assert [(one["rule"], one["rows"]) for one in found["rejected"]] == [("future_period", 1)]
    assert found["period_to"] < "2026"


@pytest.mark.parametrize(
    ("source", "name", "text"),
    [
        ("htcds", "a.csv", f"{HTCDS}Feminine,Servitude,31/31/2024\n"),
        ("ctdc", "ctdc_2020.csv", f"{CTDC}20x9,Hotline,Male,1\n"),
    ],
)
def test_a_file_without_a_readable_date_says_so(
    run: CommandLine, tmp_path: Path, source: str, name: str, text: str
) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    told = load(run, file, source=source)
    assert told.code == 1
    assert "no row has a period that can be read" in told.values["error"]


def test_an_input_outside_its_folder_is_refused(run: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text(TEXT, "utf-8")
    run.home.root.mkdir()
    (run.home.root / "deployment.toml").write_text(
        '[[input]]\nfile = "../outside.csv"\nsource = "own"\n', "utf-8"
    )
    told = run("build")
    assert told.code == 1
    assert "lies outside the folder" in told.values["error"]
    assert "input_folders" in told.values["next_step"]


def test_rows_of_two_sheets_are_all_loaded_and_a_bad_one_is_found_in_its_sheet(
    run: CommandLine, tmp_path: Path
) -> None:
    north, south = ([cells[1:] for cells in CELLS] for _ in range(2))
    south[3] = ["2025-01", "robot", "20", "forced_labour"]
    file = write_sheets(tmp_path / "sites.xlsx", {"North": north, "South": south})
    table = PERSONS.format(file='sheet = "North"').replace('person_ref = "client"\n', "")
    head, first = table.split("[[table]]")
    second = first.replace('name = "person"', 'name = "person"\nsheet = "South"')
    told = load(run, file, f"{head}[[table]]{first}[[table]]{second}")
    assert told.code == 0, told.out
    (found,) = told.values["files"]
    assert (found["rows_in"], found["rows_accepted"], found["rows_rejected"]) == (16, 15, 1)
    wanted = {"table": "person", "rule": "unknown_code", "column": "gender", "rows": 1}
    assert found["rejected"] == [wanted | {"lines": [4], "parts": [2]}]
    assert run.query("SELECT count(*) FROM mart.person") == [(15,)], "nobody is merged with anybody"
    status = run("status", "--rejected", as_json=False).out
    assert "line 4 of part 2: unknown_code in person.gender" in status
