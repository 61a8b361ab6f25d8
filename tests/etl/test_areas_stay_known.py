"""Boundary files of any edition: no area is lost, and no figure stands at an area that is not known."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis import Question, answer, load_catalog, open_release
from etl.config import home_at
from etl.mart.dangling import figures_nowhere
from etl.mart.editions import draw_one_edition
from etl.release import publish
from tests.etl.made_home import CommandLine, command_line

FBI = (
    "DATA_YEAR,ORI,PUB_AGENCY_NAME,PUB_AGENCY_UNIT,AGENCY_TYPE_NAME,STATE_ABBR,COUNTY_NAME,"
    "OFFENSE_SUBCAT_ID,OFFENSE_NAME,OFFENSE_SUBCAT_NAME,ACTUAL_COUNT,UNFOUNDED_COUNT,CLEARED_COUNT\n"
    "2021,O,X,,County,CT,FAIRFIELD,82,Human Trafficking,Involuntary Servitude,7,0,0\n"
    "2022,O,X,,County,CT,HARTFORD,82,Human Trafficking,Involuntary Servitude,8,0,0\n"
    "2023,O,X,,State Police,CT,,82,Human Trafficking,Involuntary Servitude,9,0,0\n"
)


def square(x: float, *height: float) -> dict[str, Any]:
    corners = [[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]
    return {"type": "Polygon", "coordinates": [[[*corner, *height] for corner in corners]]}


def boundaries(path: Path, outlines: dict[str, dict[str, Any] | None], key: str = "code") -> Path:
    features = [
        {"type": "Feature", "properties": {key: code, "name": f"Area {code}"}, "geometry": outline}
        for code, outline in outlines.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def planning_regions(folder: Path) -> Path:
    """Return Connecticut as the edition of 2022 divides it."""
    return boundaries(folder / "counties.geojson", {"09110": square(0), "09120": square(1)}, "GEOID")


def offences(folder: Path) -> Path:
    path = folder / "fbi.csv"
    path.write_text(FBI, "utf-8")
    return path


def test_outlines_of_one_edition_are_drawn_whichever_came_first(tmp_path: Path) -> None:
    """The old counties come with the project, the planning regions from a boundary file."""
    drawn = []
    for name, is_first in (("first", True), ("last", False)):
        run = command_line(tmp_path / name)
        loads = [(planning_regions(tmp_path), "boundaries"), (offences(tmp_path), "fbi_offences")]
        for path, source in loads if is_first else loads[::-1]:
            assert run("load", path, "--source", source).code == 0
        drawn.append(
            run.query(
                "SELECT code FROM mart.area_shape WHERE geography = 'us' AND code LIKE '09%' ORDER BY 1"
            )
        )
    counties = [[code for (code,) in rows if len(code) > 2] for rows in drawn]
    assert counties == [["09110", "09120"]] * 2


@pytest.mark.parametrize(
    ("readers", "left"),
    [
        ({"09001": "geography", "09110": "boundaries"}, "09110"),
        ({"09001": "boundaries", "09110": "geography"}, "09001"),
        ({"09001": "boundaries", "09110": "boundaries"}, "09110"),
        ({"09001": "geography", "09110": "geography"}, "09110"),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_a_keepers_outlines_go_before_and_then_the_newer_edition(
    readers: dict[str, str], left: str, is_turned: bool
) -> None:
    with duckdb.connect() as scratch:
        scratch.execute(
            "CREATE SCHEMA mart; CREATE SCHEMA stage;"
            "CREATE TABLE stage.load (load_id INTEGER, reader VARCHAR);"
            "CREATE TABLE stage.area_shape (load_id INTEGER, geography VARCHAR, code VARCHAR);"
        )
        for number, (code, reader) in enumerate(sorted(readers.items(), reverse=is_turned)):
            scratch.execute("INSERT INTO stage.load VALUES (?, ?)", [number, reader])
            scratch.execute("INSERT INTO stage.area_shape VALUES (?, 'us', ?)", [number, code])
        scratch.execute("CREATE TABLE mart.area_shape AS SELECT geography, code FROM stage.area_shape")
        draw_one_edition(scratch, load_catalog().editions)
        assert scratch.execute("SELECT code FROM mart.area_shape").fetchall() == [(left,)]


@pytest.mark.parametrize("areas_first", [True, False])
def test_counts_of_old_counties_stay_in_their_state_in_either_order(
    run: CommandLine, tmp_path: Path, areas_first: bool
) -> None:
    loads = [(planning_regions(tmp_path), "boundaries"), (offences(tmp_path), "fbi_offences")]
    for path, source in loads if areas_first else loads[::-1]:
        done = run("load", path, "--source", source)
        assert done.code == 0, done.out
        assert not any("not known" in note for note in done.values["notes"])
    publish(home_at(run.home.root), "public")
    release = open_release(run.home.release("public"))
    [found] = answer([Question("fbi_offences_known", ("period",), {"area": ("09",)})], release)
    assert found.frame["value"].to_list() == [7, 8, 9]


def test_figures_at_areas_that_nobody_knows_are_told() -> None:
    with duckdb.connect() as scratch:
        scratch.execute("CREATE SCHEMA mart; CREATE TABLE mart.area (geography VARCHAR, code VARCHAR)")
        scratch.execute("CREATE TABLE mart.observation (geography VARCHAR, area_code VARCHAR)")
        scratch.execute("INSERT INTO mart.observation VALUES ('us', '09110'), ('us', '09110'), ('us', NULL)")
        [note] = figures_nowhere(scratch)
    assert "2 rows: us 09110" in note


@pytest.mark.parametrize("height", [(), (12.0,)])
def test_polygons_with_heights_are_polygons(
    run: CommandLine, tmp_path: Path, height: tuple[float, ...]
) -> None:
    run.home.root.mkdir(parents=True, exist_ok=True)
    (run.home.root / "deployment.toml").write_text('geography = "land"\n', "utf-8")
    path = boundaries(tmp_path / "in.geojson", {"R1": square(0, *height), "R2": square(1, *height)})
    done = run("load", path, "--source", "boundaries")
    assert done.code == 0, done.out
    assert run.query("SELECT code FROM mart.area WHERE level = 1 ORDER BY 1") == [("R1",), ("R2",)]


def test_a_feature_without_geometry_keeps_its_area_and_is_told(run: CommandLine, tmp_path: Path) -> None:
    run.home.root.mkdir(parents=True, exist_ok=True)
    (run.home.root / "deployment.toml").write_text('geography = "land"\n', "utf-8")
    done = run(
        "load", boundaries(tmp_path / "in.geojson", {"R1": square(0), "R2": None}), "--source", "boundaries"
    )
    assert done.code == 0, done.out
    assert run.query("SELECT code FROM mart.area WHERE level = 1 ORDER BY 1") == [("R1",), ("R2",)]
    assert any("without an outline" in note for note in done.values["files"][0]["notes"])
    assert done.values["files"][0]["rows_in"] == 2
