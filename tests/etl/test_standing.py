"""What a load leaves standing is what it would make again: empty tables, and nothing that holds a row."""

import shutil
from pathlib import Path

import duckdb
import pytest

from etl.mart import standing, steps
from etl.progress import Progress
from etl.store import warehouse
from tests.etl.made_home import CommandLine
from tests.etl.made_topics import Office

FILES = tuple(steps.files("20", "79"))


@pytest.fixture
def opened(tmp_path: Path, returns_office: Office) -> duckdb.DuckDBPyConnection:
    """The warehouse of an office that has sent records of several kinds, in many loads; a copy."""
    file = shutil.copyfile(warehouse.current(returns_office.run.home), tmp_path / "copy.duckdb")
    with duckdb.connect(str(file)) as connection:
        yield connection


def everything(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the rows of each table and view of the mart as text, and the columns, in no order."""
    names = connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE schema_name = 'mart' AND NOT internal "
        "UNION ALL SELECT table_name FROM duckdb_tables() WHERE schema_name = 'mart' ORDER BY ALL"
    ).fetchall()
    found = {}
    for (name,) in names:
        asked = connection.execute(f"FROM mart.{name}")
        columns = [repr(column[:2]) for column in asked.description]
        found[name] = [*columns, *sorted(map(repr, asked.fetchall()))]
    return found


def test_a_mart_of_many_loads_is_the_one_made_at_once(opened: duckdb.DuckDBPyConnection) -> None:
    kept = everything(opened)
    stay = standing.that_stay(opened, FILES)
    assert 5 < len(stay) < len(FILES)
    opened.execute("DELETE FROM meta.made")  # as a warehouse of an earlier version: all is made
    steps.rebuild(opened, Progress())
    assert everything(opened) == kept
    steps.rebuild(opened, Progress())
    assert everything(opened) == kept


def test_nothing_stays_for_another_catalog_or_program(
    opened: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "_texts_of_files", lambda: ("another program",))
    opened.execute("DROP TABLE mart.campaign")
    steps.rebuild(opened, Progress())
    assert opened.execute("FROM mart.campaign").fetchall() == []


def test_a_row_in_a_table_or_behind_it_makes_the_file_run(opened: duckdb.DuckDBPyConnection) -> None:
    """Of the two files that make and make over a table of referrals, neither runs alone."""
    referral, pathway, people = (
        next(path for path in FILES if path.stem.endswith(end))
        for end in ("mart_referral", "mart_pathway", "mart_survey")
    )
    for table in ("service_episode", "referral", "tip", "partnership", "organisation"):
        opened.execute(f"DELETE FROM stage.{table}")
    opened.execute("DELETE FROM meta.made")
    steps.rebuild(opened, Progress())
    assert {referral, pathway, people} <= standing.that_stay(opened, FILES).keys()
    opened.execute("INSERT INTO stage.service_episode (load_id, line) VALUES (1, 1)")
    assert not {referral, pathway} & standing.that_stay(opened, FILES).keys()
    opened.execute("DELETE FROM stage.service_episode")
    columns = opened.execute("FROM mart.survey_item").description
    opened.execute(f"INSERT INTO mart.survey_item VALUES ({', '.join('NULL' for _ in columns)})")
    stay = standing.that_stay(opened, FILES)
    assert {referral, pathway} <= stay.keys() and people not in stay


def test_what_rows_are_joined_to_gives_no_row_by_itself(run_with_areas: CommandLine) -> None:
    """Areas, loads and sources are there; nothing else is, and no file has made a row of them."""
    with warehouse.connect(warehouse.current(run_with_areas.home), read_only=False) as connection:
        connection.execute(
            "INSERT INTO stage.area_population BY NAME "
            "SELECT load_id, geography, code, 2024 AS year, 'all' AS age_group, 'all' AS sex, "
            "1000 AS population FROM stage.area"
        )
        steps.rebuild(connection, Progress())
        assert connection.execute("SELECT count(*) FROM mart.area_population").fetchone() == (6,)
        ran = {path.stem for path in FILES} - {path.stem for path in standing.that_stay(connection, FILES)}
        assert ran == {"30_mart_reference", "35_mart_organisation"}  # areas; the two names of no organisation
        assert connection.execute("SELECT count(*) FROM mart.figure").fetchone() == (0,)
