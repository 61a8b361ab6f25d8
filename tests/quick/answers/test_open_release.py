"""A release is opened read-only, alone, and only when it is whole."""

import json
import os
from pathlib import Path

import duckdb
import pytest

from analysis import open_release
from analysis.errors import ReleaseError, ReleaseMissing, ReleaseTooNew
from tests.example_release import build
from tests.release_states import changed

OUTSIDE = (
    "SELECT * FROM read_csv('{file}')",
    "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM '{file}'",
    "SELECT * FROM glob('/*')",
    "ATTACH '{file}' AS other",
    "ATTACH ':memory:' AS other",
    "COPY info TO '{file}.csv'",
    "COPY (SELECT 1) TO '{file}.parquet' (FORMAT parquet)",
    "EXPORT DATABASE '{file}.folder'",
    "CREATE TABLE mine AS SELECT 1",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE MACRO mine(x) AS x",
    "INSERT INTO info VALUES ('a', 'b')",
    "DELETE FROM info",
    "UPDATE info SET value = ''",
    "DROP TABLE info",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET threads = 1",
    "RESET lock_configuration",
    "PRAGMA enable_profiling",
    "INSTALL httpfs",
    "LOAD httpfs",
)


@pytest.fixture
def other_file(tmp_path: Path) -> Path:
    file = tmp_path / "records.csv"
    file.write_text("name\nnobody\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("statement", OUTSIDE)
def test_nothing_but_the_release_can_be_read_or_changed(release, other_file, statement):
    with pytest.raises(ReleaseError):
        release.rows(statement.format(file=other_file))
    assert sorted(path.name for path in other_file.parent.iterdir()) == ["records.csv"]


@pytest.mark.parametrize("statement", [one for one in OUTSIDE if not one.startswith("PRAGMA")])
def test_the_connection_itself_refuses_it_too(release, other_file, statement):
    """Not only the guard for SELECT: DuckDB's own locks hold without it."""
    with pytest.raises(duckdb.Error):
        release._connection.execute(statement.format(file=other_file)).fetchall()


@pytest.mark.parametrize("statement", ["SELECT 1; SELECT 2", "", "CREATE TEMP TABLE mine AS SELECT 1"])
def test_only_one_select_at_a_time(release, statement):
    with pytest.raises(ReleaseError, match="one SELECT"):
        release.rows(statement)


def test_opened_once_per_process(folder):
    assert open_release(folder) is open_release(str(folder))


def test_the_folder_comes_from_the_environment(folder, monkeypatch):
    monkeypatch.setenv("LTT_RELEASE", str(folder))
    assert open_release() is open_release(folder)


def test_a_newer_release_is_noticed_and_the_older_one_stays_open(tmp_path):
    folder = build(tmp_path, persons=300)
    first = open_release(folder)
    assert first.is_newest()
    build(folder, persons=300, seed=8)
    second = open_release(folder)
    assert second is not first and second.release_id != first.release_id
    assert not first.is_newest() and second.is_newest()
    assert first.rows("SELECT count(*) FROM info") and second.rows("SELECT count(*) FROM info")


def test_a_manifest_written_again_without_change_keeps_the_release(tmp_path):
    folder = build(tmp_path, persons=300)
    first = open_release(folder)
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()), indent=3))
    assert open_release(folder) is first


def changed_manifest(folder: Path, **values: object) -> Path:
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **values}))
    return folder


def test_no_release_says_how_to_make_one(tmp_path):
    with pytest.raises(ReleaseMissing, match=r"manifest.json is missing.*python -m etl"):
        open_release(tmp_path)


def test_a_newer_format_is_refused(tmp_path):
    folder = changed_manifest(build(tmp_path, persons=300), format=99)
    with pytest.raises(ReleaseTooNew, match="format 99"):
        open_release(folder)


@pytest.mark.parametrize(
    "values",
    [
        {"file": "missing.duckdb"},
        {"file": "../other/release.duckdb"},
        {"file": "manifest.json"},
        {"sha256": "0" * 64},
        {"as_of": "yesterday"},
        {"format": "one"},
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(tmp_path, values):
    folder = changed_manifest(build(tmp_path, persons=300), **values)
    with pytest.raises(ReleaseMissing, match="python -m etl"):
        open_release(folder)


@pytest.mark.parametrize("content", ["", "[]", "not json", '{"format": 1}'])
def test_a_damaged_manifest_is_refused(tmp_path, content):
    folder = build(tmp_path, persons=300)
    (folder / "manifest.json").write_text(content)
    with pytest.raises(ReleaseMissing):
        open_release(folder)


def test_a_changed_file_is_refused(tmp_path):
    folder = build(tmp_path, persons=300)
    [file] = folder.glob("release-*.duckdb")
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(content)
    with pytest.raises(ReleaseMissing, match="damaged"):
        open_release(folder)


def test_messages_do_not_show_where_the_folder_is(tmp_path):
    with pytest.raises(ReleaseMissing) as caught:
        open_release(tmp_path / "nothing")
    assert str(tmp_path) not in str(caught.value) and os.sep + "tmp" not in str(caught.value)


def test_tables_without_cells_can_be_read_whole_and_no_others(release):
    assert release.table("source").height == 5
    assert release.table("law_provision")["law_code"].to_list() == ["us_jvta_2015", "example_act_2023"]
    for name in ("cell_person", "cell_index", "sqlite_master", "area; DROP TABLE area"):
        with pytest.raises(ReleaseError):
            release.table(name)


def test_what_a_release_says_about_itself(release):
    assert (release.place, release.profile, release.threshold, release.v) == (
        "Example region",
        "public",
        10,
        3.0,
    )
    assert release.collections[0].collection == "own"
    assert release.contributors("own") == ("county_health", "harbour_ngo", "north_police")
    assert release.areas["example"].ancestors("D08") == ("C2", "R")
    assert release.choices.last_period == "2025-12"


def test_the_collection_that_shows_most_is_the_first_and_one_of_nothing_the_last(tmp_path: Path) -> None:
    built = build(tmp_path / "public")
    first, other = (one.collection for one in open_release(built).collections if one.subject == "person")
    statements = [
        "UPDATE collection SET is_own = true",
        "DELETE FROM cell_referral",
        f"DELETE FROM cell_person WHERE collection = '{first}' AND period_level <> 'month'",
    ]
    fewer = open_release(changed(built, tmp_path / "fewer", statements))
    assert fewer.collections[0].collection == other
    nothing = [f"DELETE FROM cell_person WHERE collection = '{first}'", "DELETE FROM cell_referral"]
    none = open_release(changed(built, tmp_path / "none", nothing))
    assert none.collections[0].collection == other
    assert none.collections[-1].collection == first


def test_periods_of_figures_that_others_publish_can_be_chosen_too(tmp_path: Path) -> None:
    built = build(tmp_path / "public")
    later = "UPDATE observation SET period = (period::INTEGER + 2)::VARCHAR"
    choices = open_release(changed(built, tmp_path / "later", [later])).choices
    assert (choices.last_period[:4], choices.widest[1]) == ("2025", "2027-12")
    assert choices.widest[0] == choices.first_period
