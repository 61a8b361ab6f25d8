"""Places of services in HSDS 3.1: taken where they are places of one month, else counted and told."""

import json
from datetime import date
from pathlib import Path

import pytest

from etl.ledger import OTHER_MONTH, OTHER_UNIT
from tests.etl.made_home import CommandLine
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


@pytest.mark.parametrize("unit", ["u2", "u3", "gone", ""])
def test_what_is_no_place_for_one_person_is_never_a_place(tmp_path: Path, unit: str) -> None:
    read = incoming("hsds", directory(tmp_path / "in", f"c1,s1,{unit},4,12,Beds,{SEPTEMBER}\n"))
    assert "service_capacity" not in {one.table for one in read.batches}
    assert read.ledger.left_out == {OTHER_UNIT: 1}
    assert "capacity in other units than places for people, not taken: 1 of 1" in read.notes


@pytest.mark.parametrize(
    ("available", "maximum", "rule"),
    [("12", "10", "negative"), ("some", "10", "not_a_number"), ("4.5", "10", "not_a_whole_number"),
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
    told = "capacity with more free than there are, which cannot be: 1 of 2"
    assert (told in read.notes) == (available == "12")


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


@pytest.mark.real
def test_the_standards_own_example_is_told_and_not_taken() -> None:
    read = incoming("hsds", real_data("hsds-3.1-example"))
    assert read.ledger.left_out == {OTHER_UNIT: 1}  # its unit is the kilogram
    assert "capacity with more free than there are, which cannot be: 1 of 1" in read.notes
