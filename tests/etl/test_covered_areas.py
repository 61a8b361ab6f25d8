"""A county's own register inside a large geography lists its own areas only, from the command line on."""

import contextlib
import io
import shutil
from pathlib import Path

import pytest

from analysis import Question, answer, open_release, published_count
from etl.cli import main
from etl.config import read_deployment
from etl.errors import EtlError
from etl.load.scope import covered
from tests.etl.made_home import CommandLine, Deliverer, command_line

DEPLOYMENT = """\
place = "A made-up register of one county"
geography = "us"
areas = ["12086"]

[[input]]
file = "clients.csv"
source = "own"
mapping = "clients.toml"
"""
CLIENTS = """\
[source]
id = "harbour_office"
label = "Harbour office"
[[table]]
name = "person"
[table.columns]
person_ref = "client"
period = "month"
area = "county"
gender = "sex"
"""
COUNTS = """\
[source]
id = "made_up_counts"
label = "Made-up published counts"
publisher = "Counts office"
geography = "us"
unit = "offences"
period_resolution = "year"
[[series]]
code = "county_offences"
label = "Offences"
unit = "offences"
rest = true
[[table]]
name = "observation"
[table.columns]
area_code = "county"
period = "year"
value = "offences"
[table.constants]
measure = "county_offences"
"""
INSIDE, OUTSIDE = 80, 3


def register() -> str:
    """Return 80 people of Miami-Dade, by code, name or state, and 3 of elsewhere."""
    here = ("12086", "Miami-Dade County", "Florida", "")
    rows = [f"C{i},2024-{1 + i % 12:02d},{here[i % 4]},{('female', 'male')[i % 2]}" for i in range(INSIDE)]
    away = ("48201", "Broward County", "Georgia")
    rows += [f"C9{i},2024-05,{away[i]},female" for i in range(OUTSIDE)]
    return "\n".join(["client,month,county,sex", *rows]) + "\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with the register of one county, built once, and what the command said."""
    home = tmp_path_factory.mktemp("county")
    (home / "deployment.toml").write_text(DEPLOYMENT, "utf-8")
    (home / "clients.toml").write_text(CLIENTS, "utf-8")
    (home / "clients.csv").write_text(register(), "utf-8")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main(["build", "--home", str(home)]) == 0
    return home, said.getvalue()


@pytest.fixture
def run(built: tuple[Path, str], tmp_path: Path) -> CommandLine:
    """A copy of that home."""
    shutil.copytree(built[0], tmp_path / "home")
    return command_line(tmp_path / "home")


def test_only_the_county_and_what_it_lies_in_are_listed(built: tuple[Path, str]) -> None:
    release = open_release(built[0] / "release" / "public")
    assert release.rows("SELECT code, level, parent FROM area ORDER BY level") == [
        ("US", 0, None),
        ("12", 1, "US"),
        ("12086", 2, "12"),
    ]
    assert release.rows("SELECT count(*) FROM area_shape") == [(3,)]
    areas = {area for (area,) in release.rows("SELECT DISTINCT area FROM cell_person")}
    assert areas <= {None, "US", "12", "12086", "not_recorded"}
    question = Question("detected_persons", ("area",), area_level=2, periods=("2024", "2024"))
    [by_county] = answer([question], release)
    assert by_county.frame["area"].to_list() == ["12086"]
    everybody = published_count({"area": "12"}, "2024", release=release)
    assert everybody is not None
    assert abs(everybody - INSIDE * 3 // 4) <= 5


def test_a_record_of_an_area_outside_is_rejected_and_counted(built: tuple[Path, str]) -> None:
    assert f"{INSIDE + OUTSIDE} rows in the file: {INSIDE} accepted, {OUTSIDE} rejected" in built[1]
    assert f"{OUTSIDE} × unknown_area in person.area" in built[1]


def test_a_later_load_and_a_check_judge_by_the_same_areas(run: CommandLine) -> None:
    more = run.home.root / "more.csv"
    more.write_text("client,month,county,sex\nD1,2025-01,12086,female\nD2,2025-01,12011,male\n", "utf-8")
    mapping = run.home.root / "clients.toml"
    for command in ("check", "load"):
        told = run(command, more, "--source", "own", "--mapping", mapping)
        assert told.code == 0, told.out
        assert told.values["files"][0]["rejected"] == [
            {"table": "person", "rule": "unknown_area", "column": "area", "rows": 1, "lines": [3]}
        ]
    assert run.query("SELECT count(*) FROM mart.area") == [(3,)]


def test_published_totals_stay_whole(run: CommandLine, tmp_path: Path) -> None:
    data, mapping = tmp_path / "counts.csv", tmp_path / "counts.toml"
    data.write_text(
        "county,year,offences\n12086,2024,7\n12011,2024,20\n12,2024,1\n13121,2024,100\nUS,2024,3\n"
        "12086,2024,7\nBroward County,2024,2\n",
        "utf-8",
    )
    mapping.write_text(COUNTS, "utf-8")
    checked = run("check", data, "--source", "own", "--mapping", mapping)
    told = run.load((data, mapping))
    assert told.code == 0, told.out
    assert told.values["files"][0]["rows_accepted"] == 5
    [moved] = [note for note in checked.values["files"][0]["notes"] if "area above" in note]
    assert moved.startswith("3 counts of areas that the deployment does not cover go to the area above")
    assert moved.endswith("Florida (2), United States (1)")
    assert moved in told.values["files"][0]["notes"]
    [again] = told.values["files"][0]["rejected"]
    assert (again["rule"], again["lines"]) == ("duplicate_key", [7, 8])
    found = run.query("SELECT area_code, sum(value) FROM mart.observation GROUP BY ALL ORDER BY ALL")
    assert found == [("12", 21.0), ("12086", 7.0), ("US", 103.0)]


def test_population_of_areas_outside_is_left_out_and_said(run: CommandLine, tmp_path: Path) -> None:
    people = tmp_path / "population.csv"
    people.write_text(
        "code,year,population\n12086,2024,2700000\n12011,2024,1900000\n12,2024,23000000\n", "utf-8"
    )
    told = run("load", people, "--source", "population")
    assert told.code == 0, told.out
    assert told.values["files"][0]["rows_left_out"] == {"elsewhere": 1}
    assert run.query("SELECT code FROM mart.area_population ORDER BY code") == [("12",), ("12086",)]


def test_other_areas_need_a_new_warehouse(run: CommandLine) -> None:
    deployment = run.home.root / "deployment.toml"
    deployment.write_text(DEPLOYMENT.replace('["12086"]', '["12"]'), "utf-8")
    mapping = run.home.root / "clients.toml"
    told = run("load", run.home.root / "clients.csv", "--source", "own", "--mapping", mapping, "--again")
    assert told.code == 1
    assert "areas is 12, but the warehouse was built with 12086" in told.values["error"]
    assert "python -m etl build" in told.values["next_step"]
    assert run("build").code == 0
    assert run.query("SELECT count(*) FROM mart.area") == [(1 + 1 + 67,)]
    assert run.query("SELECT count(*) FROM mart.person") == [(INSIDE + 1,)], "Broward County is in Florida"


@pytest.mark.parametrize(
    ("areas", "words"),
    [
        ('["12O86"]', ("'12O86'", "level 0: US", "codes from 01001", "12086")),
        ('["Florida"]', ("'Florida'", "level 1:")),
    ],
)
def test_an_unknown_code_names_the_key_and_what_is_allowed(
    run: CommandLine, areas: str, words: tuple[str, ...]
) -> None:
    deployment = run.home.root / "deployment.toml"
    deployment.write_text(DEPLOYMENT.replace('["12086"]', areas), "utf-8")
    told = run("build")
    assert told.code == 1
    assert f"{deployment}: areas" in told.values["error"]
    for word in words:
        assert word in told.values["error"]
    assert run.query("SELECT count(*) FROM mart.area") == [(3,)], "the last warehouse is as it was"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('areas = ["12"]\n', "'geography' is missing"),
        ('geography = "us"\nareas = "12"\n', "'areas' is of the wrong type .*a list of texts"),
        ('geography = "us"\nareas = [12]\n', "'areas' is .*a list of texts"),
    ],
)
def test_a_wrong_list_of_areas_names_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "deployment.toml").write_text(text, "utf-8")
    with pytest.raises(EtlError, match=words) as caught:
        read_deployment(tmp_path)
    assert str(tmp_path / "deployment.toml") in caught.value.message
    assert caught.value.next_step


def test_areas_of_a_file_of_ones_own_are_limited_too(tmp_path: Path) -> None:
    run = command_line(tmp_path / "home")
    run.home.root.mkdir()
    (run.home.root / "deployment.toml").write_text('geography = "riverland"\nareas = ["R1"]\n', "utf-8")
    give = Deliverer(tmp_path)
    told = run.load(give.areas())
    assert told.code == 0, told.out
    assert run.query("SELECT code FROM mart.area ORDER BY code") == [("R",), ("R1",), ("R11",), ("R12",)]
    told = run.load(give.quarter("q1", 2025, 1, 40), "--accept", "rejected")
    assert told.values["files"][0]["rejected"] == [
        {"table": "person", "rule": "unknown_area", "column": "area", "rows": 10, "lines": [4, 8, 12, 16, 20]}
    ]


def test_what_lies_in_an_area_and_what_it_lies_in_are_covered() -> None:
    parents = {"n": None, "s": "n", "t": "n", "s1": "s", "s2": "s", "t1": "t"}
    assert covered(["s"], parents) == {"n", "s", "s1", "s2"}
    assert covered(["s1"], parents) == {"n", "s", "s1"}
    assert covered(["s1", "t"], parents) == {"n", "s", "s1", "t", "t1"}
    assert covered(["n"], parents) == set(parents)
    assert covered(["a"], {"a": "b", "b": "a"}) == {"a", "b"}


def test_published_counts_by_name_are_found_among_all_areas_of_the_geography(
    run: CommandLine, tmp_path: Path
) -> None:
    data, mapping = tmp_path / "names.csv", tmp_path / "names.toml"
    data.write_text(
        "county,year,offences\nMiami-Dade County,2023,7\nBroward County,2023,20\nFulton County,2023,100\n"
        '"Fulton County, Georgia",2023,40\nOrange County,2023,9\nFlorida,2023,1\nAtlantis,2023,3\n',
        "utf-8",
    )
    mapping.write_text(COUNTS, "utf-8")
    told = run.load((data, mapping), "--accept", "rejected")
    assert told.code == 0, told.out
    found = {one["rule"]: one["lines"] for one in told.values["files"][0]["rejected"]}
    assert found == {"ambiguous_area": [4, 6], "unknown_area": [8]}, "several states have such a county"
    rows = run.query("SELECT area_code, sum(value) FROM mart.observation GROUP BY ALL ORDER BY ALL")
    assert rows == [("12", 21.0), ("12086", 7.0), ("US", 40.0)]


def test_of_several_areas_those_outside_are_left_off_where_one_is_covered(run: CommandLine) -> None:
    (run.home.root / "services.toml").write_text(
        '[source]\nid = "directory"\nlabel = "Directory"\n[[table]]\nname = "service"\n[table.columns]\n'
        'service = "code"\nname = "name"\narea = { column = "counties", split = ["/"], pad = 5 }\n'
        '[table.values.area]\n"South" = ["12086", "12087"]\n[table.flags.area]\n"Pinellas?" = "12103"\n',
        "utf-8",
    )
    rows = ["here,A,Miami-Dade / Broward/12011,", "both,B,South,Y", "away,C,Broward,", "12086,D,12086.0,"]
    (run.home.root / "s.csv").write_text("\n".join(["code,name,counties,Pinellas?", *rows]) + "\n", "utf-8")
    loaded = run.load((run.home.root / "s.csv", run.home.root / "services.toml"))
    assert loaded.code == 0, loaded.out
    assert run.query(
        "SELECT service, area FROM mart.service JOIN mart.service_listed USING (name) ORDER BY 1"
    ) == [
        ("12086", "12086"),
        ("both", "12086"),
        ("here", "12086"),
    ]
    [file] = loaded.values["files"]
    assert [(one["rule"], one["lines"]) for one in file["rejected"]] == [("unknown_area", [4])]
    assert any("left off 2 rows that also name covered ones" in note for note in file["notes"])
