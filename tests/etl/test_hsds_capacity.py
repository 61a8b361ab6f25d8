"""Places of services in HSDS 3.1: taken where they are places of one month, else counted and told."""

import csv
import io
import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from analysis import Question, answer, open_release
from etl.ledger import OTHER_MONTH, OTHER_UNIT
from tests.etl.made_directory import UNIT, made_directory
from tests.etl.made_home import CommandLine
from tests.etl.making_files import refusal
from tests.etl.reading_sources import checked, incoming, write
from tests.support import real_data

HEADER = "id,service_id,unit_id,available,maximum,description,updated\n"
UNITS = "id,name\nu1,Bed\nu2,Kilogram\nu3,Bed night\nu4,People\n"
SEPTEMBER = "2024-09-25T14:23:06.5+01:00"


def directory(path: Path, capacity: str, units: str = UNITS) -> Path:
    path.mkdir(exist_ok=True)
    write(path, "organizations.csv", "id,name\no1,Harbour House\n")
    write(path, "services.csv", "id,organization_id,name,status\n" + "".join(
        f"s{n},o1,Shelter {n},active\n" for n in range(1, 7)
    ))  # fmt: skip
    write(path, "service_capacity.csv", HEADER + capacity)
    write(path, "units.csv", units)
    return path


def places(path: Path) -> list[dict]:
    return next(
        one.frame for one in incoming("hsds", path).batches if one.table == "service_capacity"
    ).to_dicts()


def test_free_and_all_places_become_places_and_places_in_use(run: CommandLine, tmp_path: Path) -> None:
    path = directory(tmp_path / "in", f"c1,s1,u1,4,12,Beds for adults,{SEPTEMBER}\n")
    done = run("load", path, "--source", "hsds")
    assert done.code == 0, done.out
    assert "version 3.1 of HSDS" in done.out
    assert run.query(
        "SELECT service, period_start, places, places_in_use, eligibility FROM mart.service_capacity"
    ) == [("s1", date(2024, 9, 1), 12, 8, "not_recorded")]
    assert run.query("SELECT place_state, count(*) FROM mart.place_use GROUP BY 1") == [("in_use", 8)]
    assert run("release").code == 0


@pytest.mark.parametrize(
    ("unit", "description", "told"),
    [
        ("u2", "Beds", "'Kilogram'"), ("u3", "Beds", "'Bed night'"), ("u5", "Beds", "'Bed' or 'Household'"),
        ("gone", "Rooms", "unit 'gone', which is not listed"), ("gone", "", "unit 'gone'"),
        ("gone", "Bed nights a year", "unit 'gone'"), ("gone", "Beds for seven nights", "unit 'gone'"),
        ("gone", "Rooms with beds", "unit 'gone'"), ("gone", "Clients a day", "unit 'gone'"),
        ("u6", "Houses", "unit 'u6', which is not listed"), ("", "Families", "no unit"),
        ("", "2 bed flats", "no unit"), ("", "Bed linen", "no unit"), ("Room", "Beds for men", "unit 'Room'"),
        ("Family", "12 beds", "unit 'Family'"), ("", "Slots for households", "no unit"),
    ],
)  # fmt: skip
def test_what_is_no_place_for_one_person_is_never_a_place_and_is_told_by_name(
    tmp_path: Path, unit: str, description: str, told: str
) -> None:
    units = UNITS + "u5,Bed\nu5,Household\nu6,\n"
    path = directory(tmp_path / "in", f"c1,s1,{unit},4,12,{description},{SEPTEMBER}\n", units)
    read = incoming("hsds", path)
    assert "service_capacity" not in {one.table for one in read.batches}
    assert read.ledger.left_out == {OTHER_UNIT: 1}
    [note] = [one for one in read.notes if "in other units than places" in one]
    assert "not taken: 1 of 1" in note and told in note and "[units]" in note


@pytest.mark.parametrize(
    ("unit", "description"),
    [
        ("gone", "Beds for women"),
        ("", "12 beds"),
        ("gone", "places"),
        ("unit-1", "Bed spaces (women only)"),
        ("gone", "Plätze für Frauen"),
        ("Beds", ""),
        ("Plätze", ""),
        ("u7", ""),
    ],
)
def test_a_unit_that_is_not_listed_is_read_from_the_words_there_are(
    tmp_path: Path, unit: str, description: str
) -> None:
    units = "id,name,identifier\nu7,,bed\n"
    path = directory(tmp_path / "in", f"c1,s1,{unit},4,12,{description},{SEPTEMBER}\n", units)
    assert [(one["places"], one["places_in_use"]) for one in places(path)] == [("12", "8")]
    told = "capacity whose unit is not listed, taken as places by its description: 1 of 1"
    assert (told in incoming("hsds", path).notes) == bool(description)


def test_a_mapping_says_what_a_unit_is_by_its_id_or_its_name(tmp_path: Path) -> None:
    rows = (
        f"c1,s1,gone,1,5,Rooms,{SEPTEMBER}\nc2,s2,u3,1,6,,{SEPTEMBER}\nc3,s3,u1,1,7,,{SEPTEMBER}\n"
        f"c4,s4,,1,8,,{SEPTEMBER}\nc5,s5,other,1,9,Beds,{SEPTEMBER}\n"
    )
    path = directory(tmp_path / "in", rows)
    said = '[units]\ngone = "places"\n"BED  night" = "places"\nu1 = "no_places"\n"" = "places"\n'
    said += 'other = "no_places"\nkennel = "no_places"\n'
    read = incoming("hsds", path, mapping=write(tmp_path, "m.toml", said))
    frame = next(one.frame for one in read.batches if one.table == "service_capacity")
    assert frame["service"].to_list() == ["s1", "s2", "s4"]
    assert read.ledger.left_out == {OTHER_UNIT: 2}
    assert "units of the mapping that no capacity has: 'kennel'" in read.notes


def test_of_several_names_of_a_unit_each_must_be_one_of_places(tmp_path: Path) -> None:
    units = "id,name\nu5,Bed\nu5,Household\nu6,Cot\nu6,Bed\n"
    rows = f"c1,s1,u5,4,12,,{SEPTEMBER}\nc2,s2,u6,1,6,,{SEPTEMBER}\n"
    path = directory(tmp_path / "in", rows, units)
    said = write(tmp_path, "m.toml", '[units]\nbed = "places"\ncot = "places"\nhousehold = "no_places"\n')
    read = incoming("hsds", path, mapping=said)
    frame = next(one.frame for one in read.batches if one.table == "service_capacity")
    assert frame["service"].to_list() == ["s2"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('[units]\nbed = "beds"\n', ("'units.bed'", "'beds'", "places, no_places")),
        ('[units]\nbed = "places"\nBed = "no_places"\n', ("named twice", "each unit once")),
        ('[units]\nbed = 4\n', ("'units.bed'", "wrong type")),
        ('units = "beds"\n', ("'units'", "a table headed [units]")),
        ('[unit]\nbed = "places"\n', ("'unit'", "Did you mean 'units'")),
    ],
)  # fmt: skip
def test_a_mapping_that_says_a_unit_wrongly_is_refused(
    tmp_path: Path, said: str, words: tuple[str, ...]
) -> None:
    path = directory(tmp_path / "in", f"c1,s1,u1,1,5,,{SEPTEMBER}\n")
    refusal(lambda: incoming("hsds", path, mapping=write(tmp_path, "m.toml", said)), "m.toml", *words)


@pytest.mark.parametrize(
    ("available", "maximum", "rule"),
    [("12", "10", "more_free_than_there_are"), ("1", "0", "more_free_than_there_are"),
     ("some", "10", "not_a_number"), ("4.5", "10", "not_a_whole_number"),
     ("-1", "10", "negative"), ("4", "", "missing"), ("4", "ten", "not_a_number")],
)  # fmt: skip
def test_an_impossible_number_is_rejected_by_its_line(
    tmp_path: Path, available: str, maximum: str, rule: str
) -> None:
    rows = f"c1,s1,u1,{available},{maximum},,{SEPTEMBER}\nc2,s2,u1,0,3,,{SEPTEMBER}\n"
    read = incoming("hsds", directory(tmp_path / "in", rows))
    result = checked(read, "service_capacity", period=(read.period_from, read.period_to))
    assert [(line, found) for _, line, found, _ in result.rejected.rows()] == [(2, rule)]
    assert result.accepted.select("places", "places_in_use").rows() == [(3, 3)]
    told = "capacity with more free than there are, which cannot be, rejected: 1 of 2"
    assert (told in read.notes) == (rule == "more_free_than_there_are")


def test_only_the_newest_month_is_taken_and_the_others_are_counted(tmp_path: Path) -> None:
    rows = (
        f"c1,s1,u1,1,5,,{SEPTEMBER}\nc2,s2,u4,1,6,,2024-09-01\nc3,s3,u1,1,7,,2024-08-31T23:59:59Z\n"
        "c4,s4,u1,1,8,,\nc5,s5,u1,1,9,,soon\nc6,s6,u1,1,4,,2031-01-01\n"
    )
    path = directory(tmp_path / "in", rows)
    read = incoming("hsds", path)
    assert (read.period_from, read.period_to) == ("2024-09", "2024-09")
    assert [one["service"] for one in places(path)] == ["s1", "s2"]
    assert read.ledger.left_out == {OTHER_MONTH: 4}
    assert read.ledger.rows == sum(one.frame.height for one in read.batches) + 4


def test_a_later_directory_keeps_the_months_before(run: CommandLine, tmp_path: Path) -> None:
    for month in ("2024-09", "2024-10"):
        path = directory(tmp_path / "in", f"c1,s1,u1,4,12,,{month}-25\nc2,s2,u1,1,3,,2024-09-02\n")
        assert run("load", path, "--source", "hsds").code == 0
    found = "SELECT strftime(period_start, '%Y-%m'), service, places FROM mart.service_capacity ORDER BY ALL"
    assert run.query(found) == [("2024-09", "s1", 12), ("2024-09", "s2", 3), ("2024-10", "s1", 12)]


def test_two_capacities_of_a_service_are_not_added_up_unless_their_groups_differ(tmp_path: Path) -> None:
    rows = (
        f"c1,s1,u1,1,5,Beds for women,{SEPTEMBER}\nc2,s1,u1,1,6,Beds for families,{SEPTEMBER}\n"
        f"c3,s2,u1,1,7,Beds,{SEPTEMBER}\nc4,s2,u1,1,8,More beds,{SEPTEMBER}\n"
    )
    result = checked(incoming("hsds", directory(tmp_path / "in", rows)), "service_capacity")
    assert result.accepted.select("service", "eligibility", "places").rows() == [
        ("s1", "women", 5), ("s1", "with_children", 6), ("s2", None, 7),
    ]  # fmt: skip
    assert [(line, rule) for _, line, rule, _ in result.rejected.rows()] == [(5, "duplicate_key")]


@pytest.mark.parametrize("name", ["capacities", "service_capacities"])
def test_places_are_read_from_nested_json_too(tmp_path: Path, name: str) -> None:
    one = {
        "id": "c1", "available": 4, "maximum": 12, "updated": SEPTEMBER, "unit": {"id": "u1", "name": "Beds"},
    }  # fmt: skip
    service = {"id": "s1", "organization_id": "o1", "name": "Shelter", "status": "active", name: [one]}
    path = write(tmp_path, "in.json", json.dumps({"contents": [service]}))
    assert "version 3.1 of HSDS" in incoming("hsds", path).notes
    [row] = places(path)
    assert (row["service"], row["places"], row["places_in_use"]) == ("s1", "12", "8")


def test_units_without_an_id_are_their_own_in_nested_json(tmp_path: Path) -> None:
    """Once, the last unit without an id stood for all of them."""
    made = [
        {"id": f"c{n}", "available": 1, "maximum": 5, "updated": SEPTEMBER, "unit": {"name": name}}
        for n, name in enumerate(("Bed", "Kilogram"), 1)
    ]
    services = [
        {"id": f"s{n}", "name": "Shelter", "status": "active", "capacities": [one]}
        for n, one in enumerate(made, 1)
    ]
    path = write(tmp_path, "in.json", json.dumps({"contents": services}))
    assert [one["service"] for one in places(path)] == ["s1"]


def test_no_capacity_of_nested_json_is_lost_for_want_of_an_id(tmp_path: Path) -> None:
    """Once, the second capacity of a service stood for the first, and a unit for another of its id."""
    unit = {"id": "u1", "name": "Bed"}
    made = [
        {"available": 1, "maximum": size, "updated": SEPTEMBER, "description": text, "unit": unit}
        for size, text in ((5, "Women"), (7, "Men"))
    ]
    other = {"id": "c3", "available": 1, "maximum": 9, "updated": SEPTEMBER}
    services = [
        {"id": "s1", "name": "Shelter", "status": "active", "capacities": made},
        {
            "id": "s2",
            "name": "Flats",
            "status": "active",
            "capacities": [{**other, "unit": {"id": "u2", "name": "Bed"}}],
        },
        {
            "id": "s3",
            "name": "Homes",
            "status": "active",
            "capacities": [{**other, "id": "c4", "unit": {"id": "u2", "name": "Household"}}],
        },
    ]
    path = write(tmp_path, "in.json", json.dumps({"contents": services}))
    assert [(one["service"], one["places"]) for one in places(path)] == [("s1", "5"), ("s1", "7")]
    assert incoming("hsds", path).ledger.left_out == {OTHER_UNIT: 2}


@pytest.mark.real
def test_the_impossible_row_of_the_standards_own_example_is_rejected_and_counted(
    run: CommandLine, tmp_path: Path
) -> None:
    done = run("load", real_data("hsds-3.1-example"), "--source", "hsds")
    assert done.code == 0, done.out
    told = {(one["table"], one["rule"]): one["lines"] for one in done.values["files"][0]["rejected"]}
    assert told["service_capacity", "more_free_than_there_are"] == [2]
    assert "taken as places by its description: 1 of 1" in done.out
    assert run.query("SELECT count(*) FROM mart.service_capacity") == [(0,)]
    assert run.query("SELECT count(*) FROM mart.service") == [(1,)]


@pytest.mark.real
def test_houses_beside_the_standards_own_example_become_places(run: CommandLine, tmp_path: Path) -> None:
    """Rows that are made up are written below those of the example, in its own files."""
    path, made = tmp_path / "example", made_directory(tmp_path / "made")
    path.mkdir()
    for file in real_data("hsds-3.1-example").glob("*.csv"):
        shutil.copyfile(file, path / file.name)
    for name in ("organizations", "services", "service_capacity"):
        here = (path / f"{name}.csv", made / f"{name}.csv")
        given, more = (list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))) for file in here)
        with here[0].open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, list(given[0]), extrasaction="ignore")
            writer.writeheader()
            writer.writerows([*given, *more])
    done = run("load", path, "--source", "hsds")
    assert done.code == 0, done.out
    # u1 is listed in the made-up directory's units alone, so that only what descriptions say is taken.
    assert run.query("SELECT service, places, places_in_use FROM mart.service_capacity ORDER BY ALL") == [
        ("s3", 52, 40),
    ]
    told = {(one["table"], one["rule"]): one["rows"] for one in done.values["files"][0]["rejected"]}
    assert told["service_capacity", "more_free_than_there_are"] == 2


def test_a_loaded_directory_reaches_the_release(run: CommandLine, tmp_path: Path) -> None:
    said = write(tmp_path, "m.toml", f'[units]\n"{UNIT}" = "places"\n')
    path = made_directory(tmp_path / "hsds_houses")
    done = run("load", path, "--source", "hsds", "--mapping", said)
    assert done.code == 0, done.out
    assert run("release").code == 0
    release = open_release(run.home.release("public"))
    [listed, full] = answer([Question("places", ("service_type",)), Question("occupancy")], release)
    assert listed.frame.filter(listed.frame["service_type"] == "housing")["value"].to_list() == [210.0]
    [share] = full.frame["value"].to_list()
    assert abs(share - 100 * 160 / 210) <= 100 * 5 / 210 + 1, "but for the noise of people in places"
