"""Figures of organisations stay as they were published: kept contributions, and what is made of them."""

import datetime
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import duckdb
import pytest

from analysis import Catalog
from analysis.periods import Span
from etl.config import Home
from etl.errors import EtlError
from etl.release import publish
from etl.release.closing import contributions
from etl.release.closing.contributions import OWN_FIGURES
from etl.release.unperturbed import organisation_rule as figures
from etl.release.unperturbed.rule_of_three import RuleOfThree
from etl.store import keeping, released
from tests.release.support import Amount, Mart, home_with, made_up_people, release_file
from tests.release.test_own_figures import catalog as own_catalog
from tests.release.test_own_figures import connection as own_connection

catalog, connection = own_catalog, own_connection
NEWEST = 12 * 2025 + 11
DAY = datetime.date(2026, 1, 31)
RULE = RuleOfThree(3, 0.85, 0.10)
THREE = {"a": 40.0, "b": 30.0, "c": 30.0}


def put(
    connection: duckdb.DuckDBPyConnection, kinds: dict[str, dict[str, float]], year: str = "2025"
) -> None:
    """Replace what the warehouse holds of a year."""
    connection.execute("DELETE FROM w.mart.figure WHERE period = ?", [year])
    for kind, parts in kinds.items():
        for organisation, value in parts.items():
            connection.execute(
                "INSERT INTO w.mart.figure BY NAME SELECT 'money' AS measure, 'x' AS unit, 'year' AS "
                "period_level, ? AS period, ? AS service_type, ? AS organisation, ? AS value, '' AS marker",
                [year, kind, organisation, value],
            )


def passed(
    connection: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    published: tuple[Path, ...] = (),
    *,
    newest: int = NEWEST,
) -> dict[str, float | None]:
    """Return the figures of one more release, by kind; the total without one."""
    figures.pass_figures(connection, catalog, is_exact=False)
    figures.pass_as_published(connection, catalog, newest=newest, as_of=DAY, published=published)
    rows = connection.execute(
        "SELECT coalesce(service_type, ''), value FROM observation WHERE source = 'own' AND period = '2025'"
    ).fetchall()
    return dict(rows)


@pytest.mark.parametrize(
    ("after", "passes"),
    [
        (THREE, True),
        (THREE | {"d": 7.0}, False),  # one late return
        (THREE | {"d": 7.0, "e": 7.0}, False),
        (THREE | {"d": 7.0, "e": 7.0, "f": 6.0}, True),
        (THREE | {"d": 90.0, "e": 5.0, "f": 5.0}, False),  # nearly all of it one's
        (THREE | {"d": 50.0, "e": 50.0, "f": 1.0}, False),  # each of two knows the other's
        ({"a": 38.0, "b": 27.0, "c": 28.0}, True),  # all three corrected
        ({"a": 45.0, "b": 26.0, "c": 30.0}, False),
        ({"a": 46.0, "b": 26.0, "c": 45.0}, True),  # up and down, by three that were and are there
        ({"a and b": 75.0, "c": 30.0}, False),  # two became one, with 5 more
        ({"a": 40.0, "b1": 20.0, "b2": 13.0, "c": 30.0}, False),  # one became two, with 3 more
        ({"a": 40.0, "b": 30.0, "z": 35.0}, False),  # one has another name, and 5 more
        ({"a and b": 75.0, "c and d": 30.0, "e": 10.0, "f": 9.0, "g": 8.0}, False),
        ({"a": 40.0, "b": 30.0}, False),  # one is gone
        (THREE | {"d": 0.0}, True),  # whoever reports nothing changes nothing
    ],
)
def test_a_change_passes_where_it_gives_nobody_away(after: dict[str, float], passes: bool) -> None:
    assert RULE.change_passes(THREE, after) == passes


def test_a_change_is_held_against_every_earlier_figure(connection, catalog) -> None:
    put(connection, {"legal": THREE})
    assert passed(connection, catalog)["legal"] == 100.0
    put(connection, {"legal": THREE | {"d": 9.0, "e": 8.0, "f": 7.0}})
    assert passed(connection, catalog)["legal"] == 124.0
    # Against the last figure three changes; against the first one, d alone and hardly anybody else.
    put(connection, {"legal": THREE | {"d": 90.0, "e": 0.5, "f": 0.5}})
    assert passed(connection, catalog)["legal"] == 124.0
    put(connection, {"legal": THREE})  # all withdrawn again: a number that is known
    assert passed(connection, catalog)["legal"] == 100.0


def test_a_total_moves_with_its_parts_and_what_is_left_by_the_rule_alone(connection, catalog) -> None:
    hidden = {"health": {"a": 9.0, "b": 8.0}, "other": {"d": 7.0}}
    put(connection, {"legal": THREE, **hidden})
    assert passed(connection, catalog) == {"legal": 100.0, "health": None, "other": None, "": 124.0}
    # A kind that was hidden could be shown now: then the total less it would be what d has.
    put(connection, {"legal": THREE, **hidden, "health": {"a": 9.0, "b": 8.0, "c": 8.0}})
    assert passed(connection, catalog) == {"legal": 100.0, "health": None, "other": None, "": 124.0}
    put(connection, {"legal": THREE | {"x": 30.0, "y": 20.0, "z": 20.0}, **hidden})
    assert passed(connection, catalog)["legal"] == 170.0
    assert passed(connection, catalog)[""] == 194.0
    late = {"other": {"d": 7.0, "e": 3.0}}  # of one, in a kind that is hidden
    put(connection, {"legal": THREE | {"x": 30.0, "y": 20.0, "z": 20.0}, **hidden, **late, "new": {"q": 5.0}})
    now = passed(connection, catalog)
    assert now[""] == 194.0
    assert "new" not in now, "nor that somebody reported late"


def test_a_running_year_is_not_published_and_an_older_one_is(connection, catalog) -> None:
    put(connection, {"legal": THREE}, "2026")
    put(connection, {"legal": THREE}, "2024")
    passed(connection, catalog)
    rows = connection.execute("SELECT period, value FROM observation WHERE measure = 'money'").fetchall()
    assert rows == [("2024", 100.0)]


def test_figures_of_an_earlier_program_are_taken_up_as_they_were_printed(
    connection, catalog, tmp_path: Path
) -> None:
    """Nothing is kept of them: what the warehouse still gives is known now, and anything else stays."""
    put(connection, {"legal": THREE, "health": {"a": 30.0, "b": 30.0, "c": 31.0}})
    figures.pass_figures(connection, catalog, is_exact=True)
    connection.execute(f"ATTACH '{tmp_path / 'old.duckdb'}' AS old")
    connection.execute("CREATE TABLE old.observation AS FROM observation; DETACH old")
    put(connection, {"legal": THREE, "health": {"a": 30.0, "b": 30.0, "c": 31.0, "d": 7.0}})
    now = passed(connection, catalog, (tmp_path / "old.duckdb",))
    assert now == {"legal": 100.0, "health": 91.0, "": 191.0}
    put(connection, {"legal": THREE | {"x": 8.0, "y": 7.0, "z": 7.0}, "health": {"a": 1.0}})
    now = passed(connection, catalog, (tmp_path / "old.duckdb",))
    assert now == {"legal": 122.0, "health": 91.0, "": 213.0}


@pytest.mark.parametrize(
    ("at_the_end", "value"),
    [
        (THREE, 100.0),  # nothing more came
        (THREE | {"d": 7.0}, None),  # less what was printed of the running year, the amount of d
        (THREE | {"d": 7.0, "e": 7.0, "f": 6.0}, 120.0),
    ],
)
def test_a_running_year_that_an_earlier_program_printed_is_held_against_the_full_one(
    connection, catalog, tmp_path: Path, at_the_end: dict[str, float], value: float | None
) -> None:
    put(connection, {"legal": THREE})
    figures.pass_figures(connection, catalog, is_exact=True)
    connection.execute(f"ATTACH '{tmp_path / 'old.duckdb'}' AS old")
    connection.execute("CREATE TABLE old.observation AS FROM observation; DETACH old")
    old = (tmp_path / "old.duckdb",)
    assert passed(connection, catalog, old, newest=NEWEST - 6) == {}
    put(connection, {"legal": at_the_end})
    now = passed(connection, catalog, old)
    assert now["legal"] == value
    assert now[""] == value


def test_who_reports_nothing_is_none_of_three_and_figures_that_were_not_read_are_decided_again(
    connection, catalog
) -> None:
    put(connection, {"legal": {"a": 40.0, "b": 30.0, "c": 0.0}})
    assert passed(connection, catalog)["legal"] is None
    put(connection, {"legal": THREE})
    assert passed(connection, catalog)["legal"] == 100.0
    spans = contributions.spans_of_figures(connection)
    assert spans[OWN_FIGURES, "money"] == Span(12 * 2025, NEWEST)
    assert contributions.forget(connection, "money", NEWEST + 1) == 0
    assert contributions.forget(connection, "money", NEWEST) > 0
    put(connection, {"legal": THREE | {"d": 7.0}})
    assert passed(connection, catalog)["legal"] == 107.0


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalog: Catalog) -> Home:
    few = {"person": replace(catalog.subjects["person"], core=("form", "source"), detail=())}
    subjects, nothing = MappingProxyType(few), MappingProxyType({})
    smaller = replace(catalog, subjects=subjects, registers=nothing, sha256="figures stay")
    monkeypatch.setattr("etl.release.run.load_catalog", lambda: smaller)
    return home_with(tmp_path / "home", mart_of(THREE))


def mart_of(parts: dict[str, float]) -> Mart:
    given = [Amount("money", "2024", {"service_type": "legal"}, name, value) for name, value in parts.items()]
    return Mart(made_up_people(30, "2024-01", "2024-12"), amounts=given)


def legal(home: Home, profile: str) -> float | None:
    with duckdb.connect(str(release_file(home.release(profile))), read_only=True) as connection:
        found = connection.execute("SELECT value FROM observation WHERE measure = 'money'").fetchall()
    return found[0][0] if found else None


def test_kept_amounts_are_backed_up_restored_and_never_made_anew(home: Home, tmp_path: Path) -> None:
    publish(home, "public")
    assert (OWN_FIGURES, "money") in released.stored(home.released(False)).spans
    keeping.back_up(home, tmp_path / "copy")
    home_with(home.root, mart_of(THREE | {"d": 7.0}))
    publish(home, "partner")  # of a later day than the public one
    assert legal(home, "partner") == legal(home, "public") == 100.0
    home.frozen(False).unlink()
    with pytest.raises(EtlError, match="is gone"):
        publish(home, "public")
    keeping.restore(home, tmp_path / "copy", replace=True)
    assert not [one for one in keeping.verify(home) if one.fault]
    home_with(home.root, mart_of(THREE | {"d": 7.0}))
    publish(home, "public")
    assert legal(home, "public") == 100.0
    publish(home, "steward")
    assert legal(home, "steward") == 107.0
