"""What the documents show works: names, commands in their order, TOML, lines of Python."""

import ast
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis.catalog.load import load_catalog
from analysis.cli import _parser as analysis_parser
from etl import sources
from etl.cli import COMMANDS
from etl.cli import parser as etl_parser
from etl.config import read_deployment
from etl.contracts.tables import contract
from etl.incoming import ReadOptions
from etl.returns.reading import read_return
from etl.sources.areas import boundaries
from etl.sources.published import us_hotline
from etl.sources.records import hud_hmis, own
from etl.sources.registers import hsds, laws
from tests.etl.made_home import CommandLine, command_line
from tests.etl.making_files import write_csv, write_sheets
from tests.support import PROJECT

pytestmark = pytest.mark.usefixtures("fewer_questions")

PAGES = sorted([PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *(PROJECT / "docs").rglob("*.md")])
CODE = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+"
SPAN = re.compile(r"`([^`]+)`")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"python -m (etl|analysis) +([^#`]+)")
#: Names of files that people bring, of columns in them, and what is made from the two.
OF_FILES = re.compile(
    r"texas_hb_1|nrm_referrals_(?:la|longitudinal)\w*|global_dataset_\w+|ctdc_(?:kanon|synthetic)_\d{4}|"
    r"(?:pfa|ltla)\d\d_\w+|cell_\w+"
)
STARTS = ("fbi_offences_", "us_hotline_", "nrm_")


def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def blocks(language: str) -> list[tuple[Path, str]]:
    return [(page, body) for page in PAGES for name, body in FENCE.findall(text_of(page)) if name == language]


def commands(page: Path) -> Iterator[tuple[str, str]]:
    """Yield program and words of each command that a page shows, in order."""
    text = text_of(page)
    for line in text.splitlines():
        found = COMMAND.search(line) if line.startswith("    ") else None
        if found:
            yield found[1], re.split(r" {6,}", found[2])[0].strip()
    for span in SPAN.findall(re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)):
        found = COMMAND.search(" ".join(span.split()))
        if found:
            yield found[1], found[2].strip()
        elif re.match(r"load \S+ --source \w+$", span):
            yield "etl", span


SHOWN = [(page.name, program, words) for page in PAGES for program, words in commands(page)]


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Every name of several words in the program, the catalog and the reference data."""
    files = [*PROJECT.glob("*.py"), *PROJECT.glob("*.toml"), PROJECT / "Makefile"]
    for room in ("analysis", "etl", "ui", "pages", "data"):
        files += [path for kind in ("py", "toml", "sql") for path in (PROJECT / room).rglob(f"*.{kind}")]
    names = {name for path in files for name in re.findall(CODE, path.name)}
    return names.union(*(re.findall(CODE, path.read_text("utf-8")) for path in files))


def series_of_docs() -> set[str]:
    return {one["code"] for _, body in blocks("toml") for one in tomllib.loads(body).get("series", [])}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_name_in_code_is_one_that_the_program_knows(page: Path, known: set[str]) -> None:
    mine = {name for _, body in blocks("toml") for name in re.findall(CODE, body)}
    for span in SPAN.findall(text_of(page)):
        for name in re.findall(rf"(?<![\w/.-]){CODE}(?![\w/-])", span):
            is_known = name in known or name in mine or OF_FILES.fullmatch(name)
            assert is_known, f"{page.name} names {name}, which is nowhere in the program"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_measure_named_exists(page: Path) -> None:
    catalog = load_catalog()
    measures = {*catalog.measures, *catalog.derived, *series_of_docs()}
    text = text_of(page)
    named = set(re.findall(r"--measure\s+(\w+)", text)) - {"M"}
    for listed in re.findall(r"Measures: ((?:`\w+`(?:, | and )?)+)", text):
        named |= set(re.findall(CODE, listed))
    for span in SPAN.findall(text):
        is_file = re.search(r"\.\w|--source", span)
        named |= {name for name in re.findall(CODE, span) if name.startswith(STARTS) and not is_file}
    for _, body in [one for one in blocks("python") if one[0] == page]:
        named |= set(re.findall(r'Card\("\w+", "(\w+)"', body))
    named -= {name for name in named if name in catalog.sources or OF_FILES.fullmatch(name)}
    assert named <= measures, f"{page.name} names measures that are not there: {named - measures}"


def test_the_documents_show_commands() -> None:
    assert len(SHOWN) > 30
    assert {"template", "check", "load", "release", "status", "backup"} <= {
        words.split()[0] for _, _, words in SHOWN
    }


@pytest.mark.parametrize(("page", "program", "words"), SHOWN, ids=lambda one: str(one)[:60])
def test_every_command_has_the_options_it_is_shown_with(page: str, program: str, words: str) -> None:
    measure = "--measure detected_persons"
    plain = re.sub(r"[\[\]]", "", words).replace("…", measure if "answer" in words else "")
    given = shlex.split(plain)
    if program == "analysis":
        analysis_parser(print).parse_args(given)
        return
    assert given[0] in COMMANDS, page
    if "--source" in given:
        assert given[given.index("--source") + 1] in {*sources.available(), "NAME"}, page
    if len(given) > 1:
        etl_parser(given[0]).parse_args(given)


def block_with(*wanted: str) -> str:
    """Return the one TOML block of the documents that holds some texts."""
    found = [body for _, body in blocks("toml") if all(text in body for text in wanted)]
    assert len(found) == 1, wanted
    return found[0]


ROWS = [
    ["Date referred", "Sex"],
    *([f"2024-{1 + n % 12:02d}", ("female", "male")[n % 2]] for n in range(120)),
]
CLIENTS = """\
Client no.|Date referred|County code|Age|Nationality|Sex|\
Agency|Types|Sector 1|Sector 2|Threatened?|Papers taken?|Role
C-1001|07/01/2025|1001|17|Romanian|F|Harbour Shelter|forced_labour; other|agriculture||Y|N|Victim
C-1002|mar 2025|12086|?|GB|Prefers not to say|Harbour Shelter|other||||Yes|Survivor
C-1003|08/01/2025|12086|20|GB|M|Harbour Shelter|other|||||Witness
"""
#: Commands that the documents themselves say are refused on a home like this one, and by which words.
REFUSED = {
    "release --revise 2024": "50",
    "release --repair": "cannot be repaired",
    "unfreeze": "written to a folder that is served",
    "restore": "--replace",
    "verify --repair": "nothing to repair",
    "withdraw": "There is no release",
}


def bring(folder: Path) -> None:
    """Write the files that the commands of the documents name."""
    for name, rows in {"ours.xlsx": ROWS, "new-file.xlsx": [*ROWS, ["2024-12", "female"]]}.items():
        write_sheets(folder / name, {"Clients": rows})
    (folder / "ours.toml").write_text(block_with('"harbour_office"', '"Sex"', "# what one row is"), "utf-8")
    (folder / "texas_hb_1.toml").write_text(block_with("us_tx_example_2019"), "utf-8")


def run_shown(run: CommandLine, folder: Path, words: str) -> None:
    """Run one command of a document in a folder of its own; check that it does what it is shown for."""
    moved = words.replace("/other/disk/2026-06", str(folder / "copy"))
    given = [
        str(folder / word) if re.fullmatch(r"[\w-]+\.(xlsx|toml)", word) else word
        for word in shlex.split(moved)
    ]
    if given[0] != "template":
        given += ["--home", str(run.home.root)]
    told = run.plain(*given)
    said = told.out + told.err
    assert "Traceback" not in said and "defect" not in said, (words, said)
    reason = next((why for start, why in REFUSED.items() if words.startswith(start)), None)
    if told.code == 1 and reason is not None:
        assert reason in said, (words, said)
    else:
        assert told.code == 0, (words, said)


@pytest.mark.parametrize("name", ["README.md", "docs/adding.md", "docs/operations.md"])
def test_the_commands_of_a_document_run_in_their_order(name: str, tmp_path: Path) -> None:
    bring(tmp_path)
    run = command_line(tmp_path / "home")
    if "new-file.xlsx" in text_of(PROJECT / name):  # a later month's round: the last one is loaded
        assert run.load((tmp_path / "ours.xlsx", tmp_path / "ours.toml")).code == 0
    shown = [" ".join(words.split()) for program, words in commands(PROJECT / name) if program == "etl"]
    shown = list(dict.fromkeys(words.removesuffix(" --home DATA") for words in shown))
    # Alone a verb is a reference to a command that stands elsewhere with its words.
    whole = [
        words
        for words in shown
        if len(words.split()) > 1 and not re.search(r"FILE|TABLE|\bID\b|<|build", words)
    ]
    alone = [words for words in shown if words in ("release", "status", "rollback", "verify")]
    assert whole, name
    for words in [one for one in shown if one in whole or one in alone]:
        if words.startswith("restore"):
            assert run.plain("release", "--home", run.home.root).code == 0
        run_shown(run, tmp_path, words)


def test_the_smallest_mapping_reads_a_sheet(run: CommandLine, tmp_path: Path) -> None:
    bring(tmp_path)
    told = run("check", tmp_path / "ours.xlsx", "--source", "own", "--mapping", tmp_path / "ours.toml")
    assert told.code == 0, told.out
    assert told.values["files"][0]["rows_accepted"] == len(ROWS) - 1


def test_the_mapping_with_everything_reads_a_workbook(run: CommandLine, tmp_path: Path) -> None:
    mapping = tmp_path / "everything.toml"
    mapping.write_text(block_with('"joint_register"'), "utf-8")
    clients = CLIENTS.splitlines()
    rows: list[list[object]] = [["Clients of the office"], [], [], [None] * len(clients[0].split("|"))]
    rows += [[cell or None for cell in line.split("|")] for line in clients]
    rows.append(["Total", 3])
    referrals = ["Client no.", "Year", "Month", "Service", "Sent", "Decided", "Open?"]
    sheet: list[list[object]] = [[None] * len(referrals), referrals]
    sheet.append(["C-1001", 2025, 2, "housing", "03/02/2025", "10/02/2025", "N"])
    book = write_sheets(tmp_path / "everything.xlsx", {"Clients": rows, "Referrals": sheet})
    told = run("check", book, "--source", "own", "--mapping", mapping, "--as-of", "2025-06-30")
    assert told.code == 0, told.out
    [file] = told.values["files"]
    assert file["rejected"] == [], file
    assert file["tables"] == {"person": 2, "referral": 1}


def checked_example(run: CommandLine, book: Path, mapping: str) -> dict[str, Any]:
    """Check a file with one of the mappings shown; return what is told of it."""
    toml = book.with_suffix(".toml")
    toml.write_text(block_with(mapping), "utf-8")
    told = run("check", book, "--source", "own", "--mapping", toml, "--as-of", "2025-12-31")
    assert told.code == 0, told.out
    return dict(told.values["files"][0])


def test_the_mapping_of_cells_as_people_write_them_reads_a_sheet(run: CommandLine, tmp_path: Path) -> None:
    rows = [
        ["Case #", "Intake", "County FIPS", "Age", "Sex", "Type(s)"],
        ["V-1", "3-Jan-25", "1001.0", "mid 20s", "F", "sex and labor"],
        ["V-2", "02/14/2025 9:15 AM", "12086", "17 yrs", "M", "sex\nlabor"],
        ["V-3", "FY25 Q2", "12086", "teen", "unclear", "labor, sex"],
    ]
    assert checked_example(run, write_csv(tmp_path / "a.csv", rows[:3]), '"valley_house"')["rejected"] == []
    file = checked_example(run, write_csv(tmp_path / "b.csv", rows), '"valley_house"')
    assert [one["rule"] for one in file["rejected"]] == ["period_too_coarse"], file


def test_the_mapping_of_months_as_columns_reads_two_tabs(run: CommandLine, tmp_path: Path) -> None:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    head: list[list[object]] = [
        ["Agency", "Kind", "2025", *[None] * 11],
        [None, None, "Spent", *[None] * 11],
        [None, None, *months],
    ]
    north = [*head, ["a", "housing", "$1,200.50", *[None] * 11], [None, "legal", None, 7, *[None] * 10]]
    south = [*head, ["b", "housing", *["$5"] * 12], ["All", None, *["$5"] * 12]]
    book = write_sheets(tmp_path / "spending.xlsx", {"North": north, "South": south})
    file = checked_example(run, book, '"valley_spending"')
    assert (file["tables"], file["rejected"]) == ({"expenditure": 14}, [])


def test_the_mapping_of_a_tab_for_each_county_reads_them(run: CommandLine, tmp_path: Path) -> None:
    tab = [["When", "Who"], ["By phone"], ["Q1 2025", "x"], ["Online"], ["March 2025", "x"]]
    sheets = {"Miami-Dade": tab, "Broward County, FL": tab, "Summary": [["Total"], [4]], "Notes 1": [["-"]]}
    book = write_sheets(tmp_path / "tips.xlsx", sheets)
    file = checked_example(run, book, '"valley_tips"')
    assert file["tables"] == {"tip": 2}, "a register by months takes no quarters"
    assert [(one["rule"], one["rows"]) for one in file["rejected"]] == [("period_too_coarse", 2)]


def test_the_mapping_of_dates_and_figures_of_every_kind_reads_two_tabs(
    run: CommandLine, tmp_path: Path
) -> None:
    money: list[list[object]] = [["Year", "Agency no.", "Kind", "Spent"]]
    money += [["FY2024", "6037.0", "housing", "12,34,567"], ["2024-25", "6037", "legal", "2.5 lakh"]]
    money += [["2023-24", "412", "legal", "(500)"], ["2023-24", "x-1", "legal", "₹ 7"]]
    survey: list[list[object]] = [["Asked on", "Question", "Answers", "Agree"]]
    survey += [["7 de marzo de 2024", "knows_help_line", 412, "45%"]]
    survey += [
        ["45292.5", "knows_signs", 300, "30 per cent"],
        ["2024-05-01T10:00:00Z", "knows_signs", 300, 31],
    ]
    book = write_sheets(tmp_path / "programme.xlsx", {"Money": money, "Survey": survey})
    file = checked_example(run, book, '"valley_programme"')
    assert file["tables"] == {"expenditure": 3, "survey_item": 3}
    assert [(one["rule"], one["column"]) for one in file["rejected"]] == [("negative", "amount")]
    toml = ReadOptions(mapping=book.with_suffix(".toml"))
    spent, asked = (batch.frame for batch in own.read(book, toml).batches)
    assert spent["organisation"].to_list() == ["06037", "06037", "00412", "x-1"]
    assert spent["period"].to_list()[:2] == ["2023", "2024"]
    assert [text[:7] for text in asked["period"].cast(pl.String)] == ["2024-03", "2024-01", "2024-05"]


def test_the_mapping_of_services_for_several_areas_reads_a_sheet(run: CommandLine, tmp_path: Path) -> None:
    rows = [
        ["Program code", "Program", "Kind", "Counties", "Palm Beach too?"],
        ["p1", "Legal clinic", "legal", "Miami-Dade\nBroward", "Y"],
        ["p2", "Legal line", "legal", "North end", "N"],
        ["p3", "Legal desk", "legal", "North end; Broward", ""],
    ]
    file = checked_example(run, write_csv(tmp_path / "d.csv", rows), '"valley_directory"')
    assert (file["tables"], [one["rule"] for one in file["rejected"]]) == ({"service": 2}, ["area_twice"])


def test_the_mapping_of_several_needs_in_a_cell_reads_a_sheet(run: CommandLine, tmp_path: Path) -> None:
    rows = [
        ["Client #", "Intake", "Needs at intake"],
        ["V-1", "2025-03", "a bed; Legal"],
        ["V-2", "2025-03", "start package"],
        ["V-3", "2025-04", ""],
    ]
    file = checked_example(run, write_csv(tmp_path / "n.csv", rows), '"valley_needs"')
    assert (file["tables"], file["rejected"]) == ({"service_need": 4}, [])


def test_the_mapping_of_ticked_needs_makes_a_record_of_each_tick(run: CommandLine, tmp_path: Path) -> None:
    rows = [
        ["Client #", "Intake", "Labor", "A bed", "A lawyer"],
        ["V-1", "2025-03", "x", "x", "x"],
        ["V-2", "2025-03", "", "Yes", "No"],
        ["V-3", "2025-04", "x", "", ""],
    ]
    file = checked_example(run, write_csv(tmp_path / "t.csv", rows), '"valley_ticks"')
    assert (file["tables"], file["rejected"]) == ({"person": 3, "service_need": 3}, [])


def test_the_mapping_of_numbers_in_place_of_records_loads(run: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "line.toml").write_text(block_with("valley_line"), "utf-8")
    months = [
        f"{month} 2025" for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct")
    ]
    head = ["County", "How", *months, "Nov 2025", "Dec 2025"]
    book = write_sheets(tmp_path / "line.xlsx", {"2025": [head, ["Miami-Dade", "Calls", 14, *[2, 3] * 5, 0]]})
    run.home.root.mkdir()
    (run.home.root / "deployment.toml").write_text('geography = "us"\nareas = ["12"]\n', "utf-8")
    done = run.load((book, tmp_path / "line.toml"), "--as-of", "2025-12-31")
    assert done.code == 0, done.out
    found = "SELECT area_code, channel, count(*), count(DISTINCT tip_key) FROM mart.tip GROUP BY ALL"
    assert run.query(found) == [("12086", "phone", 39, 39)]


def test_the_mapping_of_published_counts_reads_a_sheet(run: CommandLine, tmp_path: Path) -> None:
    mapping = tmp_path / "helpline.toml"
    mapping.write_text(block_with("state_helpline"), "utf-8")
    rows = [
        ["Year", "County", "What", "Number", "Note"],
        ["2022", "Miami-Dade County", "Calls", "12", ""],
        ["2023", "12086", "Calls", "", "suppressed"],
        ["2023", "12011", "Calls", "*", ""],
    ]
    told = run.load((write_csv(tmp_path / "helpline.csv", rows), mapping))
    assert told.code == 0, told.out
    assert told.values["files"][0]["rows_accepted"] == 3
    assert run("release").code == 0


def test_the_deployment_and_the_lookup_are_valid(tmp_path: Path) -> None:
    (tmp_path / "deployment.toml").write_text(block_with('place = "Our county"'), "utf-8")
    assert read_deployment(tmp_path).areas == ("12086",)
    shown = tomllib.loads(block_with("[[lookup]]"))["lookup"][0]
    lookups = [
        {"table": one.table, "column": one.column, "key": one.key, "adds": list(one.adds)}
        for one in contract("outreach_event").lookups
    ]
    assert shown in lookups


def test_the_law_is_read(tmp_path: Path) -> None:
    (tmp_path / "texas_hb_1.toml").write_text(block_with("us_tx_example_2019"), "utf-8")
    [batch] = laws.read(tmp_path / "texas_hb_1.toml", ReadOptions()).batches
    assert batch.frame["law_code"].to_list() == ["us_tx_example_2019"]


def test_the_headings_are_read(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(block_with('"Reporting year"'), "utf-8")
    rows = [["Reporting year", "Jurisdiction", "Contacts made with us"], ["2019", "Ohio", "7"]]
    path = write_csv(tmp_path / "h.csv", rows)
    [batch] = us_hotline.read(path, ReadOptions(mapping=tmp_path / "m.toml")).batches
    assert batch.frame.filter(pl.col("area_code") == "39")["value"].to_list() == ["7"]


def test_the_mapping_of_several_years_loads(run_with_areas: CommandLine, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(block_with("three_year_referrals"), "utf-8")
    rows = [["State", "Years", "Referrals"], ["Ohio*", "2014-2016", "12"], ["Utah", "2019 to 2021", "7*"]]
    told = run_with_areas.load((write_csv(tmp_path / "t.csv", rows), mapping))
    assert told.code == 0, told.out
    found = "SELECT area_code, period, value FROM mart.observation ORDER BY ALL"
    assert run_with_areas.query(found) == [("39", "2014-2016", 12), ("49", "2019-2021", 7)]


def test_the_headings_and_units_of_a_directory_are_read(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(block_with('"Program no."'), "utf-8")
    unit = "187a37a2-7b40-11ef-9790-dbf7623d4407"
    for name, rows in {
        "services": [["Program no.", "Agency no.", "name"], ["p1", "a1", "Night shelter"]],
        "organizations": [["Agency no.", "Agency"], ["a1", "Harbour House"]],
        "units": [["id", "name"], ["u1", "Bed night"]],
        "service_capacity": [
            ["id", "service_id", "unit_id", "available", "maximum", "updated"],
            ["c1", "p1", unit, "2", "9", "2025-03-01"],
            ["c2", "p1", "u1", "2", "9", "2025-03-01"],
        ],
    }.items():
        write_csv(tmp_path / f"{name}.csv", rows)
    read = hsds.read(tmp_path, ReadOptions(mapping=tmp_path / "m.toml"))
    tables = {batch.table: batch.frame.to_dicts() for batch in read.batches}
    assert tables["service"][0]["organisation"] == tables["organisation"][0]["organisation"] == "a1"
    assert [row["places"] for row in tables["service_capacity"]] == ["9"]


def test_the_headings_of_an_hmis_export_are_read(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(block_with('"Client key"'), "utf-8")
    for name, rows in {
        "Export": [["CSVVersion", "ExportStartDate", "ExportEndDate"], ["2024", "2025-01-01", "2025-03-31"]],
        "Client": [["Client key", "DOB"], ["P1", "2009-06-01"]],
        "Enrollment": [
            ["EnrollmentID", "PersonalID", "ProjectID", "EntryDate"],
            ["E1", "P1", "A", "2025-02-01"],
        ],
        "Exit": [
            ["EnrollmentID", "ExitDate", "Destination", "Sex for something"],
            ["E1", "2025-03-01", "410", "1"],
        ],
        "Project": [["ProjectID", "ProjectType"], ["A", "0"]],
    }.items():
        write_csv(tmp_path / f"{name}.csv", rows)
    people = hud_hmis.read(tmp_path, ReadOptions(mapping=tmp_path / "m.toml")).batches[0].frame
    assert people.select("person_ref", "age").rows() == [("P1", "15")]


def test_the_headings_of_a_boundary_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(block_with('"PARISH_NO"'), "utf-8")
    features = [
        {
            "type": "Feature",
            "properties": {"PARISH_NO": f"P{x}", "PARISH": f"Parish {x}", "ISLAND": "I1"},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 0]]]},
        }
        for x in (1, 2)
    ]
    path = tmp_path / "isle.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    areas = boundaries.read(path, ReadOptions(mapping=tmp_path / "m.toml")).batches[0].frame
    assert {("P1", "Parish 1"), ("P2", "Parish 2")} <= set(areas.select("code", "name").rows())
    assert {row["parent"] for row in areas.to_dicts() if row["code"] in ("P1", "P2")} != {None}


def test_the_return_is_read(tmp_path: Path) -> None:
    text = block_with("county_board")
    (tmp_path / "county_board.toml").write_text(text, "utf-8")
    assert [sheet.code for sheet in read_return("county_board", tmp_path).sheets] == ["clients"]
    with_comments = re.sub(r"^# (?=\w+ = )", "", text, flags=re.MULTILINE)
    (tmp_path / "county_board.toml").write_text(with_comments, "utf-8")
    [block] = read_return("county_board", tmp_path).sheets[0].blocks
    assert (block.apart, block.only) == ("gender", {"age_group": ("child", "adult")})


def test_every_block_of_toml_is_one_that_a_test_here_reads() -> None:
    marks = (
        '"Sex"',
        '"joint_register"',
        "state_helpline",
        "valley_house",
        "valley_spending",
        "valley_tips",
        "valley_directory",
        "valley_needs",
        "valley_ticks",
        "valley_programme",
        "valley_line",
        "FL-600",
        'place = "Our county"',
        "[[lookup]]",
        "us_tx_example",
        "county_board",
        '"Reporting year"',
        "three_year_referrals",
        '"Program no."',
        '"Client key"',
        '"PARISH_NO"',
    )
    for page, body in blocks("toml"):
        assert any(mark in body for mark in marks), f"{page.name} shows TOML that nothing reads"
        tomllib.loads(body)


@pytest.mark.parametrize(
    ("page", "body"), blocks("python"), ids=lambda one: str(getattr(one, "name", "block"))
)
def test_the_imports_of_python_blocks_work(page: Path, body: str) -> None:
    for line in body.splitlines():
        if line.startswith(("from ", "import ")):
            exec(compile(ast.parse(line), page.name, "exec"), {})
