"""Nothing that leaves was worked out before the door: each table of a release has a rule, and keeps to it."""

from pathlib import Path

import duckdb
import pytest

from analysis import Catalog, load_catalog
from analysis.periods import span_of
from etl.config import Home
from etl.release import publish
from etl.release.closing import reports
from etl.release.publishing.schema import (
    CELLS,
    HUB_TABLES,
    REGISTERS,
    RULES,
    SERIES,
    SOURCE_FILES,
    release_tables,
)
from tests.release.support import Mart, home_with, made_up_people, release_file


def test_every_table_has_a_rule() -> None:
    every = {**release_tables(load_catalog()), **SERIES, **SOURCE_FILES, **HUB_TABLES}
    tables = {name for name in every if not name.startswith((CELLS, REGISTERS))}
    assert tables == set(RULES)


def everything_but_cells(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {
            name: sorted(connection.execute(f"FROM {name}").fetchall(), key=repr)
            for name in names
            if not name.startswith(CELLS)
        }


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("profile", ["public", "partner"])
def test_late_people_change_nothing_that_two_releases_could_be_compared_by(
    tmp_path: Path, profile: str
) -> None:
    """Forty people who came late, all alike: the attacker holds every table of two releases together."""
    people = made_up_people(400, "2023-01", "2024-06", seed=1)
    home = home_with(tmp_path, Mart(people, as_of="2024-06-30", reported=("2023-01", "2024-06")))
    publish(home, profile)
    before = everything_but_cells(release_file(home.release(profile)))
    late = made_up_people(40, "2023-02", "2023-02", seed=2, prefix="late")
    home = home_with(tmp_path, Mart(people + late, as_of="2024-06-30", reported=("2023-01", "2024-06")))
    publish(home, profile)
    assert everything_but_cells(release_file(home.release(profile))) == before


@pytest.mark.usefixtures("catalog")
def test_live_counts_of_own_records_reach_no_table_of_a_public_release(tmp_path: Path) -> None:
    home: Home = home_with(tmp_path, Mart(made_up_people(100), as_of="2024-12-31"))
    publish(home, "public")
    tables = everything_but_cells(release_file(home.release("public")))
    own = {source for source, *_ in tables["load_summary"]} & {"harbour_ngo", "north_police"}
    assert own == set()
    assert tables["held"] == tables["anonymity"] == tables["rejected_summary"] == []


def test_reports_of_closed_months_stay_as_they_were(catalog: Catalog) -> None:
    del catalog
    with duckdb.connect() as connection:
        connection.execute(
            """
            ATTACH ':memory:' AS w; ATTACH ':memory:' AS f; CREATE SCHEMA w.mart;
            CREATE TABLE w.mart.coverage (collection VARCHAR, source VARCHAR, period VARCHAR, status VARCHAR);
            CREATE TABLE f.coverage AS FROM w.mart.coverage;
            INSERT INTO w.mart.coverage VALUES
                ('own', 'ngo', '2024-01', 'not_reported'), ('own', 'ngo', '2024-02', 'reported'),
                ('own', 'ngo', '2024-03', 'reported');
            """
        )
        first = {("own", "person"): span_of("2024-Q1")._replace(last=span_of("2024-02").last)}
        reports.keep(connection, first)
        kept = connection.execute("FROM f.coverage ORDER BY period").fetchall()
        assert [row[2] for row in kept] == ["2024-01", "2024-02"]
        connection.execute("UPDATE w.mart.coverage SET status = 'reported'")  # a record of January came late
        connection.execute("INSERT INTO w.mart.coverage VALUES ('own', 'late', '2024-01', 'reported')")
        reports.keep(connection, {("own", "person"): span_of("2024-Q1")})
        now = connection.execute("FROM f.coverage ORDER BY period").fetchall()
        assert now[:2] == kept
        assert [row[2:] for row in now[2:]] == [("2024-03", "reported")]
        reports.forget_open(connection, first)
        assert connection.execute("FROM f.coverage ORDER BY period").fetchall() == kept
        reports.forget(connection, "own", span_of("2024"))
        reports.keep(connection, first)
        assert ("own", "late", "2024-01", "reported") in connection.execute("FROM f.coverage").fetchall()
