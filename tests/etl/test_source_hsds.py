"""Service directories: HSDS 1.1 and 3.0 in every form, orphans kept and counted, nothing personal kept."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from etl.errors import EtlError
from etl.incoming import Incoming
from etl.sources import recognise
from etl.sources.registers._hsds_words import eligibility, service_type
from tests.etl.made_home import CommandLine
from tests.etl.making_files import refusal
from tests.etl.reading_sources import checked, incoming, write
from tests.support import real_data

ORGANISATIONS = "id,name,email\no1,Harbour Aid,mail@example.org\n"
SERVICES = (
    "id,organization_id,name,description,status\n"
    "s1,o1,Night shelter,Beds for women and families,active\n"
    "s2,gone,Legal clinic,Advice,active\n"
    ",o1,,Without a code,active\n"
)
LOCATIONS = "id,organization_id,name,latitude,longitude\nl1,o1,A,44.5,-39.1\nl2,o1,B,,\nl3,o1,C,0,0\n"
LINKS = "id,service_id,location_id\n1,s1,l1\n2,s2,l2\n3,s2,l3\n"


def folder(path: Path, links: str = "services_at_location.csv", bom: str = "") -> Path:
    path.mkdir(exist_ok=True)
    for name, text in (
        ("organizations.csv", ORGANISATIONS),
        ("services.csv", SERVICES),
        ("locations.csv", LOCATIONS),
        (links, LINKS),
    ):
        write(path, name, bom + text)
    return path


def rows(read: Incoming, table: str) -> list[dict]:
    return next(one.frame for one in read.batches if one.table == table).to_dicts()


@pytest.mark.parametrize(
    ("links", "version"), [("services_at_location.csv", "1.1"), ("service_at_location.csv", "3.0")]
)
def test_orphans_and_blank_places_are_kept_and_counted(tmp_path: Path, links: str, version: str) -> None:
    read = incoming("hsds", folder(tmp_path / "directory", links))
    notes = " | ".join(read.notes)
    assert f"version {version} of HSDS" in notes
    assert "services kept whose organisation is not in the directory: 1 of 3" in notes
    assert "sites kept without a place, their coordinates being blank or 0: 2 of 3" in notes
    services = rows(read, "service")
    assert [one["organisation"] for one in services] == ["o1", "gone", "o1"]
    assert [one["service_type"] for one in services[:2]] == ["housing", "legal"]
    sites = rows(read, "service_site")
    assert [(one["service"], one["longitude"], one["latitude"]) for one in sites] == [
        ("s1", "-39.1", "44.5"),
        ("s2", None, None),
        ("s2", None, None),
    ]


def test_a_row_without_a_code_is_rejected_by_line_rule_and_column(tmp_path: Path) -> None:
    result = checked(incoming("hsds", folder(tmp_path / "directory")), "service")
    assert result.accepted.height == 2
    assert result.rejected.rows() == [("service", 4, "missing", "service")]


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    plain = incoming("hsds", folder(tmp_path / "plain"))
    marked = incoming("hsds", folder(tmp_path / "marked", bom="\ufeff"))
    for table in ("service", "organisation", "service_site"):
        assert rows(plain, table) == rows(marked, table)


def test_only_names_of_organisations_are_kept(tmp_path: Path) -> None:
    read = incoming("hsds", folder(tmp_path / "directory"))
    everything = json.dumps([one.frame.to_dicts() for one in read.batches])
    assert "Harbour Aid" in everything
    assert "example.org" not in everything


def test_coordinates_off_the_globe_are_rejected(tmp_path: Path) -> None:
    place = folder(tmp_path / "directory")
    write(place, "locations.csv", "id,latitude,longitude\nl1,100,101\nl2,1,2\nl3,3,4\n")
    result = checked(incoming("hsds", place), "service_site")
    assert result.rejected.rows() == [("service_site", 2, "above_maximum", "latitude")]


def test_nested_json_holds_the_same(tmp_path: Path) -> None:
    nested = {
        "contents": [
            {
                "id": "s1",
                "name": "Night shelter",
                "alternate_name": "",
                "organization": {"id": "o1", "name": "Harbour Aid"},
                "service_at_locations": [
                    {"id": "1", "location": {"id": "l1", "latitude": 44.5, "longitude": -39.1}}
                ],
            }
        ]
    }
    path = write(tmp_path, "services.json", json.dumps(nested))
    read = incoming("hsds", path)
    assert rows(read, "service")[0]["organisation"] == "o1"
    assert rows(read, "service_site")[0]["latitude"] == "44.5"
    assert recognise(path) == ["hsds"]


def test_a_folder_of_json_is_read_whole_and_each_record_once(tmp_path: Path) -> None:
    """As an HSDS server answers: lists beside full records, taxonomies, a description of the package."""
    one = {"id": "s1", "name": "Night shelter", "organization": {"id": "o1", "name": "Harbour Aid"}}
    two = {"id": "s2", "name": "Legal desk", "organization_id": "o1"}
    write(tmp_path, "service_full.json", json.dumps(one))
    write(tmp_path, "service_list.json", json.dumps({"contents": [one, two]}))
    write(tmp_path, "taxonomy.json", json.dumps({"id": "t1", "name": "Kinds of help", "uri": "x"}))
    write(tmp_path, "datapackage.json", "../datapackage.json")
    read = incoming("hsds", tmp_path)
    assert sorted(row["service"] for row in rows(read, "service")) == ["s1", "s2"]
    assert [row["organisation"] for row in rows(read, "organisation")] == ["o1"]
    with pytest.raises(EtlError):
        incoming("hsds", tmp_path / "taxonomy.json")


def test_folders_are_recognised_and_other_files_are_not(tmp_path: Path) -> None:
    assert recognise(folder(tmp_path / "directory")) == ["hsds"]
    other = write(tmp_path, "shapes.json", '{"type": "Topology", "objects": {}}')
    assert "hsds" not in recognise(other)
    assert "hsds" not in recognise(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"id": 1}', '"services"'])
def test_what_is_no_directory_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(EtlError) as caught:
        incoming(
            "hsds", write(tmp_path, "x.json", text if text != '{"id": 1}' else '{"latitude": 1, "id": 1}')
        )
    assert caught.value.next_step


def test_a_package_cannot_name_a_file_outside(tmp_path: Path) -> None:
    place = folder(tmp_path / "directory")
    write(tmp_path, "secret.csv", "id,name\ns9,Outside\n")
    package = {"resources": [{"name": "service", "path": "../secret.csv"}]}
    write(place, "datapackage.json", json.dumps(package))
    read = incoming("hsds", place)
    assert "Outside" not in json.dumps([one.frame.to_dicts() for one in read.batches])


def test_words_become_codes() -> None:
    assert service_type(None, "Refuge for families") == "housing"
    assert service_type("Immigration services", "Legal clinic") == "immigration"
    assert service_type("", "Something else") == "other"
    assert eligibility("Open to women and girls") == ["girls", "women"]
    assert eligibility("Only for boys") == ["men_and_boys"]
    assert eligibility("") == []


@pytest.mark.parametrize(
    ("name", "description", "code"),
    [
        ("Low Income Tax Clinic", "Direct representation", "legal"),
        ("Low Income Tax Clinic", None, "legal"),
        ("Divorce Clinic", "", "legal"),
        ("Order of Protection Clinic", "Direct representation", "legal"),
        ("McHenry Office - Walk-in clinic", "Direct representation", "legal"),
        ("School fee waiver project", "Direct representation", "legal"),
        ("Employment rights helpline", "Direct representation", "legal"),
        ("Legal services for people who are homeless", "", "legal"),
        ("Walk-in clinic", "For women", "health"),
        ("Street medical clinic", "", "health"),
        ("Never Homeless Helpline", "Refers any persons without access to housing", "housing"),
        ("Outreach for homeless people", "", "housing"),
        ("Food Safety Program", "A training program for nonprofit organisations", "other"),
        ("Meals To-Go", "A healthy bag lunch", "other"),
        ("Free legal advice for immigrants", "Direct representation", "immigration"),
        ("After-school club", "", "education"),
    ],
)
def test_a_word_that_says_what_a_service_is_comes_before_a_weak_one(name, description, code) -> None:
    assert service_type(None, name, description) == code


@pytest.mark.real
def test_sample_of_the_first_generation() -> None:
    read = incoming("hsds", real_data("hsds-1.1-sample", "simple"))
    types = {one["name"]: one["service_type"] for one in rows(read, "service")}
    assert types["Never Homeless Helpline"] == "housing"
    assert types["Food Safety Program"] == "other"
    assert types["Meals To-Go at The Cross"] == "other"
    heights = {one.table: one.frame.height for one in read.batches}
    assert heights == {"organisation": 10, "service": 13, "service_site": 13}
    assert sum(one["is_active"] == "no" for one in rows(read, "service")) == 3
    assert sum(one["latitude"] is not None for one in rows(read, "service_site")) == 1
    assert "version 1.1 of HSDS" in read.notes


@pytest.mark.real
@pytest.mark.parametrize(
    "form", [".", "csv", "json/service_full.json", "json/organization_full.json", "json/tabular.json"]
)
def test_examples_of_the_third_generation(form: str) -> None:
    read = incoming("hsds", real_data("hsds-3.0-examples", *form.split("/")))
    assert [one["service_type"] for one in rows(read, "service")] == ["counselling"]
    assert checked(read, "service_site").rejected["column_name"].to_list() == ["latitude"], (
        "100 is off the globe"
    )
    assert "version 3.0 of HSDS" in read.notes


@pytest.mark.real
def test_illinois_legal_aid_keeps_its_orphans() -> None:
    read = incoming("hsds", real_data("hsds-illinois-legal-aid"))
    notes = " | ".join(read.notes)
    assert "services kept whose organisation is not in the directory: 341 of 430" in notes
    assert "locations without coordinates: 520 of 520" in notes
    types = [one["service_type"] for one in rows(read, "service")]
    assert "health" not in types, "legal aid: a clinic of lawyers is no health care"
    assert types.count("legal") > 400
    assert checked(read, "service").accepted.height == 429, "one service has neither code nor name"
    assert checked(read, "organisation").accepted.height == 33


@pytest.mark.real
def test_a_real_directory_reaches_the_release(run: CommandLine) -> None:
    assert run("load", real_data("hsds-illinois-legal-aid"), "--source", "hsds").code == 0
    assert run.query("SELECT count(*), count_if(NOT has_organisation) FROM mart.service_listed") == [
        (429, 340)
    ]
    assert run("release").code == 0


def test_files_that_are_not_read_are_named_with_their_rows(tmp_path: Path) -> None:
    place = folder(tmp_path / "directory", "service_at_location.csv")
    write(place, "url.csv", "id,service_id,url\n1,s1,x\n2,s1,y\n")
    notes = incoming("hsds", place).notes
    assert "url: 2 rows, not read" in notes


def test_terms_are_read_where_a_package_lists_its_taxonomies_too(tmp_path: Path) -> None:
    place = folder(tmp_path / "directory", "service_at_location.csv")
    write(place, "services.csv", "id,organization_id,name,status\ns1,o1,Door,active\n")
    write(place, "taxonomies.csv", "id,name\nx,Kinds of help\n")
    write(place, "taxonomy_terms.csv", "id,name,taxonomy_id\nt1,Emergency shelter,x\n")
    write(place, "attributes.csv", "id,link_id,taxonomy_term_id,link_entity\na1,s1,t1,service\n")
    listed = [
        {"name": "taxonomy", "path": "taxonomies.csv"},
        {"name": "taxonomy_term", "path": "taxonomy_terms.csv"},
        {"name": "attribute", "path": "attributes.csv"},
    ]
    write(place, "datapackage.json", json.dumps({"title": "Directory", "resources": listed}))
    [service] = rows(incoming("hsds", place), "service")
    assert service["service_type"] == "housing"


def packed(source: Path, kind: str) -> Path:
    """Pack a folder: each table by itself, or all into a .zip, below a folder."""
    if kind == "zip":
        target = source.with_name("packed.zip")
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(source.iterdir()):
                archive.write(file, f"directory/{file.name}")
        return target
    target = source.with_name("packed")
    target.mkdir()
    for file in sorted(source.iterdir()):
        (target / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
    return target


@pytest.mark.parametrize("kind", ["zip", "gz"])
def test_a_packed_directory_is_the_same_directory(tmp_path: Path, kind: str) -> None:
    plain = folder(tmp_path / "directory")
    write(plain, "phones.csv", "id,number\n1,555\n")
    write(
        plain,
        "service_capacity.csv",
        "id,service_id,unit_id,available,maximum,updated\n1,s1,u1,2,6,2025-06-01\n",
    )
    write(plain, "unit.csv", "id,name\nu1,bed\n")
    whole, other = incoming("hsds", plain), incoming("hsds", packed(plain, kind))
    assert [batch.frame.rows() for batch in other.batches] == [batch.frame.rows() for batch in whole.batches]
    assert "version 3.1 of HSDS" in other.notes[0]
    assert "phones: 1 row, not read" in other.notes
    assert other.source.source_id == "hsds_packed"
    assert kind == "gz" or recognise(tmp_path / "packed.zip") == ["hsds"]


def test_a_zip_without_services_or_with_two_directories_is_refused(tmp_path: Path) -> None:
    for names, words in (
        (("a.csv",), "no table of services"),
        (("x/services.csv", "y/services.csv"), "twice"),
    ):
        with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
            for name in names:
                archive.writestr(name, SERVICES)
        with pytest.raises(EtlError, match=words) as caught:
            incoming("hsds", tmp_path / "bad.zip")
        assert "bad.zip" in caught.value.message
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 no zip")
    with pytest.raises(EtlError, match="damaged"):
        incoming("hsds", tmp_path / "bad.zip")
    assert "hsds" not in recognise(tmp_path / "bad.zip")


HEADED = """[headings.services]
id = "Program no."
organization_id = "Agency no."
description = "What it offers"

[headings.Organization]
id = "Agency no."
name = "Agency"
"""


def headed_otherwise(path: Path) -> Path:
    folder(path)
    for name, words in (
        (
            "services.csv",
            ("id", "Program no.", "organization_id", "Agency no.", "description", "What it offers"),
        ),
        ("organizations.csv", ("id", "Agency no.", "name", "Agency")),
    ):
        text = (path / name).read_text("utf-8")
        header, rows = text.split("\n", 1)
        columns = header.split(",")
        for ours, theirs in zip(words[::2], words[1::2], strict=True):
            columns[columns.index(ours)] = theirs
        write(path, name, ",".join(columns) + "\n" + rows)
    return path


def test_a_mapping_says_how_the_columns_of_each_file_are_headed(tmp_path: Path) -> None:
    plain = incoming("hsds", folder(tmp_path / "directory"))
    path = headed_otherwise(tmp_path / "headed_directory")
    mapping = write(tmp_path, "m.toml", HEADED)
    told = incoming("hsds", path, mapping=mapping)
    assert [batch.frame.rows() for batch in told.batches] == [batch.frame.rows() for batch in plain.batches]
    zipped = packed(path, "zip")
    again = incoming("hsds", zipped, mapping=mapping)
    assert [batch.frame.rows() for batch in again.batches] == [batch.frame.rows() for batch in plain.batches]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('[headings]\nid = "Program no."\n', ("'headings.id'", "service, organization")),
        ('[headings.phones]\nnumber = "Phone"\n', ("'headings.phones'", "service, organization")),
        ('[headings]\nservices = "Program"\n', ("'headings.services'", "a table headed")),
        ('[headings.services]\nfees = "Cost"\n', ("'headings.services.fees'", "organization_id")),
        ('[headings.services]\nid = "Number"\n', ("'Number'", "no column of services.csv", "'Program no.'")),
        ('[headings.services]\nid = "Agency no."\norganization_id = "agency  no."\n',
         ("means 'id' already",)),
        ('[headings.services]\nid = "Program no."\n[headings.service]\nname = "name"\n',
         ("'headings.service'", "the same file as 'services'")),
        ('[headings.units]\nname = "Unit"\n', ("'headings.units'", "does not have", "organization")),
    ],
)  # fmt: skip
def test_headings_that_cannot_be_are_refused(tmp_path: Path, said: str, words: tuple[str, ...]) -> None:
    path = headed_otherwise(tmp_path / "directory")
    refusal(lambda: incoming("hsds", path, mapping=write(tmp_path, "m.toml", said)), "m.toml", *words)


def test_a_directory_in_json_has_no_headings(tmp_path: Path) -> None:
    path = write(tmp_path, "d.json", json.dumps({"contents": []}))
    mapping = write(tmp_path, "m.toml", HEADED)
    refusal(lambda: incoming("hsds", path, mapping=mapping), "d.json", "JSON", "Leave [headings] out")


def test_two_columns_may_be_headed_by_the_names_of_each_other(tmp_path: Path) -> None:
    path = folder(tmp_path / "directory")
    said = '[headings.services]\nname = "description"\ndescription = "name"\n'
    read = incoming("hsds", path, mapping=write(tmp_path, "m.toml", said))
    assert [one["name"] for one in rows(read, "service")][:2] == ["Beds for women and families", "Advice"]
