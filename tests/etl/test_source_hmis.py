"""HMIS CSV exports, made up: who is counted, what is never read, ages and durations, and what is refused."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from etl.incoming import Incoming, ReadOptions
from etl.ledger import CONTINUED, DELETED, EARLIER, SUBJECT
from etl.sources import recognise
from etl.sources.records import hud_hmis
from etl.sources.records._hmis_codes import FILES, IDENTIFIERS
from etl.sources.registers import hsds
from tests.etl.made_home import CommandLine
from tests.etl.making_files import refusal
from tests.etl.reading_sources import AS_OF, checked
from tests.support import PROJECT

Table = Sequence[Mapping[str, object]]


def stay(enrollment: str, person: str, project: str, entry: str, **more: object) -> dict[str, object]:
    """Return a row of Enrollment.csv."""
    row = {"EnrollmentID": enrollment, "PersonalID": person, "ProjectID": project, "EntryDate": entry}
    return row | more


EXPORT = {"ExportID": "e1", "SourceContactFirst": "Zelda", "CSVVersion": "2024 v1.4",
          "ExportStartDate": "2025-01-01", "ExportEndDate": "2025-03-31"}  # fmt: skip
NAMED = {"FirstName": "Zelda", "LastName": "Quimby", "SSN": "123456789", "UserID": "staff7"}
CLIENTS: Table = [
    {"PersonalID": "P1", **NAMED, "DOB": "2008-02-10", "DOBDataQuality": 1, "Woman": 1, "Transgender": 0},
    {"PersonalID": "P2", **NAMED, "DOB": "1990-06-30", "DOBDataQuality": 2, "Man": 1, "Transgender": 0},
    {"PersonalID": "P3", **NAMED, "DOB": "1995-01-01", "DOBDataQuality": 99, "Woman": 1, "Transgender": 1},
    {"PersonalID": "P4", **NAMED, "DOB": "1980-01-01", "DOBDataQuality": 1, "Woman": 1, "Transgender": 0},
]
ENROLLED: Table = [
    stay("E1", "P1", "A", "2025-02-09", ReferralSource=35, EnrollmentCoC="FL-600", HouseholdID="H"),
    stay("E2", "P2", "A", "2025-01-15", ReferralSource=1),
    stay("E3", "P3", "B", "2025-03-01"),
    stay("E4", "P4", "B", "2025-03-02"),
    stay("E5", "P1", "B", "2024-11-02"),
    stay("E6", "P2", "B", "2025-02-02", DateDeleted="2025-02-03"),
]
EXITS: Table = [
    {"EnrollmentID": "E1", "ExitDate": "2025-03-01", "Destination": 410, "ExchangeForSex": 1,
     "OtherDestination": "Zelda's aunt"},
    {"EnrollmentID": "E2", "ExitDate": "2025-01-20", "Destination": 30, "WorkplaceViolenceThreats": 1,
     "ProjectCompletionStatus": 2},
    {"EnrollmentID": "E4", "ExitDate": "2025-03-05", "Destination": 116, "ExchangeForSex": 1},
]  # fmt: skip
PROJECTS: Table = [
    {"ProjectID": "A", "ProjectName": "Harbour beds", "ProjectType": 0},
    {"ProjectID": "B", "ProjectName": "Street team", "ProjectType": 4},
]
SERVICES: Table = [
    {"EnrollmentID": "E1", "DateProvided": "2025-02-10", "RecordType": 142, "TypeProvided": 7},
    {"EnrollmentID": "E1", "DateProvided": "2025-02-20", "RecordType": 142, "TypeProvided": 7},
    {"EnrollmentID": "E1", "DateProvided": "2025-02-20", "RecordType": 200, "TypeProvided": 200},
    {"EnrollmentID": "E4", "DateProvided": "2025-03-03", "RecordType": 142, "TypeProvided": 14},
]
FUNDERS: Table = [
    {"ProjectID": "A", "Funder": 24, "OtherFunder": ""},
    {"ProjectID": "B", "Funder": 46, "OtherFunder": "OVC grant"},
]


def text(rows: Table, needed: Sequence[str]) -> str:
    names = list(dict.fromkeys([*needed, *(name for row in rows for name in row), "DateDeleted"]))
    lines = [",".join(names), *(",".join(f'"{row.get(name, "")}"' for name in names) for row in rows)]
    return "\n".join(lines) + "\n"


def export(folder: Path, as_zip: bool = False, **changed: Table | None) -> Path:
    """Write an export; a file can be changed, or left out."""
    tables: dict[str, Table | None] = {
        "Export": [EXPORT], "Client": CLIENTS, "Enrollment": ENROLLED, "Exit": EXITS, "Project": PROJECTS,
        "Services": SERVICES, "Funder": FUNDERS, "IncomeBenefits": [{"IncomeBenefitsID": "1"}],
    } | changed  # fmt: skip
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        if rows is not None:
            (folder / f"{name}.csv").write_text(text(rows, FILES.get(name, ((), ()))[0]), "utf-8-sig")
    if not as_zip:
        return folder
    with zipfile.ZipFile(folder.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"hmis/{file.name}")
    return folder.with_suffix(".zip")


def read(path: Path, mapping: str = "") -> Incoming:
    toml = path.parent / "m.toml"
    toml.write_text(mapping, "utf-8")
    return hud_hmis.read(path, ReadOptions(mapping=toml if mapping else None, as_of=AS_OF))


def rows(found: Incoming, table: str) -> list[dict[str, Any]]:
    return next(batch.frame for batch in found.batches if batch.table == table).to_dicts()


@pytest.mark.parametrize("as_zip", [False, True])
def test_people_are_counted_by_their_answers_at_exit(tmp_path: Path, as_zip: bool) -> None:
    path = export(tmp_path / "hmis", as_zip)
    found = read(path, '[areas]\n"FL-600" = "12086"\n')
    people = {row["person_ref"]: row for row in rows(found, "person")}
    assert set(people) == {"P1", "P2"}, "an adult whom nobody made do it was not trafficked"
    child, man = people["P1"], people["P2"]
    assert (child["age"], child["gender"], child["form"]) == ("16", "female", ["sexual_exploitation"]), (
        "a day before 17"
    )
    assert (child["period"], child["area"], child["identified_by"]) == ("2025-02", "12086", "police")
    assert (man["age"], man["gender"], man["form"]) == ("34", "male", ["forced_labour"])
    assert (man["area"], man["identified_by"], man["status"]) == (None, "self_or_public", "presumed")
    assert (found.period_from, found.period_to) == ("2025-01", "2025-03")
    assert as_zip is False or recognise(path) == ["hud_hmis"]


def test_a_record_was_entered_when_it_could_first_be_counted(tmp_path: Path) -> None:
    """By project: when the enrollment was made. By answers at exit: when the answer was, if later."""
    made = {"E1": "2025-02-11 09:30:00", "E2": "2025-03-01 09:30:00", "E3": "2025-03-02 10:00:00"}
    answers = {"E1": "2025-03-05 11:00:00", "E2": "2025-02-03 12:00:00"}

    def dated(rows: Table, days: Mapping[str, str]) -> Table:
        return [{**row, "DateCreated": days.get(str(row["EnrollmentID"]), "")} for row in rows]

    path = export(tmp_path / "hmis", Enrollment=dated(ENROLLED, made), Exit=dated(EXITS, answers))
    found = read(path)
    assert {row["person_ref"]: row["entered"] for row in rows(found, "person")} == {
        "P1": "2025-03",
        "P2": "2025-03",
    }
    assert "2025-03-05" not in str([batch.frame.to_dicts() for batch in found.batches])
    named = rows(read(path, 'projects = ["A", "B"]\n'), "person")
    assert {(row["person_ref"], row["entered"]) for row in named} == {
        ("P1", "2025-02"),
        ("P2", "2025-03"),
        ("P3", "2025-03"),
        ("P4", None),
    }
    assert all(row["entered"] is None for row in rows(read(export(tmp_path / "plain")), "person"))


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    found = read(export(tmp_path / "hmis"))
    assert found.ledger.left_out == {DELETED: 1, SUBJECT: 4, EARLIER: 1, CONTINUED: 1}
    assert (found.ledger.rows, found.ledger.kept) == (len(ENROLLED) + len(SERVICES), 3)
    for table in ("person", "service_episode"):
        assert checked(found, table).rejected.rows() == []


def test_stays_and_services_become_spells_with_days_and_no_dates(tmp_path: Path) -> None:
    spells = rows(read(export(tmp_path / "hmis")), "service_episode")
    told = {row["service_episode_ref"]: row for row in spells}
    assert {
        name: (row["service_type"], row["days_in_service"], row["exit_type"]) for name, row in told.items()
    } == {
        "E1": ("housing", "20", "stable_outcome"),
        "E2": ("housing", "5", "own_choice"),
        "E1/legal": ("legal", "10", None),
    }
    for row in spells:
        assert not any("-01-15" in str(cell) or "-02-" in str(cell) for cell in row.values())


def test_names_and_free_text_are_never_read_past_the_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    real = pl.read_csv

    def spied(*given: Any, **options: Any) -> pl.DataFrame:
        frame = real(*given, **options)
        taken.extend(frame.columns)
        return frame

    monkeypatch.setattr(pl, "read_csv", spied)
    found = read(export(tmp_path / "hmis"))
    assert "DOB" in taken and not set(taken) & IDENTIFIERS
    said = " | ".join(found.notes)
    assert "Client.csv: not read past the header: FirstName, LastName, SSN, UserID" in said
    assert "files that are not read: IncomeBenefits.csv" in said
    for value in ("Zelda", "Quimby", "123456789", "staff7"):
        assert value not in said
        assert all(value not in str(row) for batch in found.batches for row in batch.frame.rows())


@pytest.mark.parametrize(
    ("mapping", "people"),
    [
        ("everyone = true", {"P1", "P2", "P3", "P4"}),
        ('projects = ["A"]', {"P1", "P2"}),
        ('other_funders = ["ovc grant"]', {"P1", "P2", "P3", "P4"}),
        ('funders = ["24"]', {"P1", "P2"}),
    ],
)
def test_a_mapping_says_whose_clients_are_counted(tmp_path: Path, mapping: str, people: set[str]) -> None:
    found = read(export(tmp_path / "hmis"), mapping)
    told = {row["person_ref"]: row for row in rows(found, "person")}
    assert set(told) == people
    if "P3" in people:
        assert (told["P3"]["gender"], told["P3"]["age"], told["P3"]["form"]) == ("other", None, [])
        assert "counted because of the projects" in " ".join(found.notes)


def test_fy2026_has_one_question_for_sex(tmp_path: Path) -> None:
    clients = [{"PersonalID": row["PersonalID"], "DOB": row["DOB"], "Sex": number % 2}
               for number, row in enumerate(CLIENTS)]  # fmt: skip
    about = [EXPORT | {"CSVVersion": "2026 v1.0"}]
    found = rows(read(export(tmp_path / "hmis", Export=about, Client=clients)), "person")
    assert {row["person_ref"]: row["gender"] for row in found} == {"P1": "female", "P2": "male"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"Exit": None}, ("no HMIS CSV export", "Exit.csv missing")),
        ({"Export": [EXPORT | {"CSVVersion": "2022 v1.3"}]}, ("another version", "FY2024")),
        ({"Exit": []}, ("nobody is counted", "everyone = true")),
        ({"Export": [EXPORT | {"ExportEndDate": ""}]}, ("which days it covers", "period =")),
    ],
)
def test_what_is_no_export_or_counts_nobody_is_refused(
    tmp_path: Path, changed: dict[str, Table | None], words: Sequence[str]
) -> None:
    path = export(tmp_path / "hmis", **changed)
    refusal(lambda: read(path), *words, unwanted=("Zelda", "P1"))


def test_a_missing_column_and_a_damaged_file_are_named(tmp_path: Path) -> None:
    path = export(tmp_path / "hmis")
    (path / "Exit.csv").write_text("EnrollmentID,ExitDate\nE1,2025-03-01\n", "utf-8")
    refusal(lambda: read(path), "Exit.csv has no column Destination")
    (path / "Exit.csv").write_text('EnrollmentID,ExitDate,Destination\nE1,2025-03-01,410,1,"Zelda\n', "utf-8")
    refusal(lambda: read(path), "Exit.csv cannot be read as CSV", unwanted=("Zelda",))
    refusal(lambda: read(path, 'projects = ["Z"]'), "Exit.csv")


def test_an_unknown_project_and_key_of_the_mapping_are_refused(tmp_path: Path) -> None:
    path = export(tmp_path / "hmis")
    refusal(lambda: read(path, 'projects = ["Z"]'), "no enrollment in the export: Z")
    refusal(lambda: read(path, "every = true"), "everyone")


def test_an_export_loads_by_one_command_and_an_entry_without_a_date_is_rejected(
    run_with_areas: CommandLine, tmp_path: Path
) -> None:
    mapping = tmp_path / "shelter.toml"
    mapping.write_text(
        'source = "harbour"\nlabel = "Harbour"\ngeography = "riverland"\narea = "R11"\n', "utf-8"
    )
    enrolled = [*ENROLLED, stay("E7", "P2", "A", "soon")]
    path = export(tmp_path / "hmis", Enrollment=enrolled)
    words = ("load", path, "--source", "hud_hmis", "--mapping", mapping, "--as-of", "2025-03-31")
    done = run_with_areas(*words)
    assert done.code == 0, done.out
    [file] = done.values["files"]
    assert file["tables"] == {"person": 2, "service_episode": 3}
    assert {rule["column"] for rule in file["rejected"]} == {"period"}
    people = "SELECT area_code, age_group::VARCHAR, gender::VARCHAR FROM mart.person ORDER BY 2"
    assert run_with_areas.query(people) == [("R11", "adult", "male"), ("R11", "child", "female")]


def test_the_mapping_of_the_documents_is_read(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "sources.md").read_text("utf-8")
    shown = page.partition("## HMIS CSV exports")[2].partition("```toml\n")[2].partition("```")[0]
    found = read(export(tmp_path / "hmis"), shown)
    assert (found.source.source_id, rows(found, "person")[0]["area"]) == ("harbour_shelter", "12086")
    every = re.sub(r"^# (?=\w+ = )", "", shown, flags=re.MULTILINE).replace('"112"', '"A"')
    assert len(rows(read(export(tmp_path / "hmis"), every), "person")) == 4


@pytest.mark.parametrize("as_zip", [False, True])
def test_an_export_is_no_directory_of_services(tmp_path: Path, as_zip: bool) -> None:
    path = export(tmp_path / "hmis", as_zip)
    assert "hsds" not in recognise(path)
    next_step = f"python -m etl load {path.name} --source hud_hmis"
    refusal(lambda: hsds.read(path, ReadOptions(as_of=AS_OF)), path.name, "HMIS export", next_step)


HEADED = """[headings.Client]
PersonalID = "Client key"
DOB = "Birth date"
[headings.Exit]
ExchangeForSex = "Sex for something"
"""


def headed_otherwise(folder: Path, **more: Table) -> Path:
    def renamed(rows: Table, names: Mapping[str, str]) -> Table:
        return [{names.get(name, name): cell for name, cell in row.items()} for row in rows]

    clients = renamed(CLIENTS, {"PersonalID": "Client key", "DOB": "Birth date"})
    exits = renamed(EXITS, {"ExchangeForSex": "Sex for something"})
    path = export(folder, **({"Exit": exits} | more))
    (path / "Client.csv").write_text(text(clients, ()), "utf-8-sig")
    return path


def test_a_mapping_says_how_the_columns_of_each_file_are_headed(tmp_path: Path) -> None:
    plain = read(export(tmp_path / "plain"))
    told = read(headed_otherwise(tmp_path / "headed"), HEADED)
    assert [batch.frame.rows() for batch in told.batches] == [batch.frame.rows() for batch in plain.batches]
    assert "Client.csv: not read past the header: FirstName, LastName, SSN, UserID" in told.notes


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", ("Client.csv has no column PersonalID, DOB",)),
        ('[headings]\nDOB = "Birth date"\n', ("'headings.DOB'", "Export, Client")),
        ('[headings.IncomeBenefits]\nPersonalID = "x"\n', ("'headings.IncomeBenefits'", "Export, Client")),
        ('[headings.Client]\nPersonalID = "SSN"\n', ("'headings.Client.PersonalID'", "never read")),
        ('[headings.Client]\nFirstName = "Birth date"\n', ("'headings.Client.FirstName'", "PersonalID, DOB")),
        ('[headings.Client]\nPersonalID = "key"\n', ("'key', which no column of Client.csv", "'client key'")),
        ('[headings.Client]\nPersonalID = "birth date"\nDOB = "Birth date"\n',
         ("means 'PersonalID' already",)),
        ('[headings.client]\nDOB = "Birth date"\n[headings.Client]\nDOB = "Birth date"\n',
         ("the same file",)),
    ],
)  # fmt: skip
def test_headings_that_cannot_be_are_refused(tmp_path: Path, said: str, words: tuple[str, ...]) -> None:
    path = headed_otherwise(tmp_path / "headed")
    refusal(lambda: read(path, said), *words, unwanted=("Zelda", "123456789"))


def test_headings_of_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    path = export(tmp_path / "hmis", Funder=None)
    said = '[headings.Funder]\nFunder = "Paid by"\n'
    refusal(lambda: read(path, said), "'headings.Funder'", "hmis does not have", "Client")


@pytest.mark.parametrize(
    ("heading", "cells", "words"),
    [
        ("ClientName", "", "'clientname', which identifies people"),
        ("Social Security No.", "", "which identifies people"),
        ("Client key", "123-45-678", "'Client key', which holds document or account numbers"),
        ("Client key", "zelda@home", "'Client key', which holds e-mail addresses"),
    ],
)
def test_a_column_that_identifies_people_is_no_key_under_any_heading(
    tmp_path: Path, heading: str, cells: str, words: str
) -> None:
    path = headed_otherwise(tmp_path / "headed")
    file = path / "Client.csv"
    made = file.read_text("utf-8-sig").replace("Client key", heading)
    for number in range(1, 5) if cells else ():
        key = f"{cells}{number}" if "@" not in cells else f"{cells}{number}.org"
        made = made.replace(f'"P{number}"', f'"{key}"')
    file.write_text(made, "utf-8-sig")
    refusal(lambda: read(path, HEADED.replace("Client key", heading)), words, unwanted=("Zelda", "123456789"))


def test_a_record_in_place_of_the_headings_is_not_shown(tmp_path: Path) -> None:
    path = headed_otherwise(tmp_path / "headed")
    file = path / "Client.csv"
    for cells in ('"P1","Zelda","Quimby","123456789","2008-02-10"', '"P1","Zelda","Zelda","2008-02-10"'):
        file.write_text(f"{cells}\n", "utf-8")
        refusal(
            lambda: read(path, HEADED), "Client.csv", unwanted=("elda", "uimby", "123456789", "2008-02-10")
        )
