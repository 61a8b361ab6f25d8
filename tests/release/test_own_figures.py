"""Own figures: the rule for organisations, sums at one division, and nothing of whose the amounts are."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import duckdb
import pytest

from analysis import Catalog, load_catalog
from analysis.catalog.model import Measure
from analysis.catalog.registers import Register, RegisterColumn
from etl.mart.own_figures import make_figure_table
from etl.release.closing import contributions
from etl.release.unperturbed import organisation_rule as figures
from etl.release.unperturbed.outward import Outward
from tests.release.support import small_catalog

BASE = load_catalog().measures["fbi_offences_known"]


def own(code: str, door: str) -> Measure:
    return replace(
        BASE,
        code=code,
        door=door,
        source="own",
        observation=code,
        kind="amount",
        dimensions=("service_type",),
    )


@pytest.fixture
def catalog() -> Catalog:
    return replace(
        small_catalog(),
        measures=MappingProxyType(
            {
                "money": own("money", "business"),
                "money_in_all": replace(own("money_in_all", "business"), dimensions=(), total_of="money"),
                "places": own("places", "none"),
            }
        ),
        registers=MappingProxyType(
            {
                "grant": Register(
                    "grant", "Grants", "", "mart.grant_list", (RegisterColumn("name", "Name"),), "Public."
                )
            }
        ),
    )


@pytest.fixture
def connection(catalog: Catalog) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("ATTACH ':memory:' AS w; ATTACH ':memory:' AS f; CREATE SCHEMA w.mart; USE w")
        make_figure_table(made, catalog)
        made.execute("USE memory")
        contributions.make_tables(made)
        yield made


def put(connection: duckdb.DuckDBPyConnection, measure: str, rows: list[tuple[str, str, float]]) -> None:
    for service, organisation, value in rows:
        connection.execute(
            "INSERT INTO w.mart.figure BY NAME SELECT ? AS measure, 'x' AS unit, 'year' AS period_level, "
            "'2025' AS period, ? AS service_type, ? AS organisation, ? AS value, '' AS marker",
            [measure, service, organisation, value],
        )


def passed_by(connection: duckdb.DuckDBPyConnection, catalog: Catalog, is_exact: bool = False) -> None:
    """Pass the figures as one release run does."""
    figures.pass_figures(connection, catalog, is_exact=is_exact)
    if not is_exact:
        day = datetime.date(2026, 1, 31)
        figures.pass_as_published(connection, catalog, newest=12 * 2026, as_of=day)


def passed(connection: duckdb.DuckDBPyConnection, catalog: Catalog, is_exact: bool = False) -> dict:
    passed_by(connection, catalog, is_exact)
    rows = connection.execute("SELECT measure, service_type, value, marker FROM observation").fetchall()
    return {(measure, service): (value, marker) for measure, service, value, marker in rows}


def test_money_passes_with_three_organisations_and_none_above_the_largest_share(connection, catalog) -> None:
    put(connection, "money", [("legal", "a", 40.0), ("legal", "b", 40.0), ("legal", "c", 20.0)])
    put(connection, "money", [("health", "a", 50.0), ("health", "b", 50.0)])
    put(connection, "money", [("housing", "a", 86.0), ("housing", "b", 7.0), ("housing", "c", 7.0)])
    put(connection, "money", [("other", "a", 80.0), ("other", "b", 11.0), ("other", "c", 9.0)])
    found = passed(connection, catalog)
    assert found["money", "legal"] == (100.0, "")
    assert found["money", "health"] == (None, "c")
    assert found["money", "housing"] == (None, "c")
    assert found["money", "other"] == (100.0, "")


@pytest.mark.parametrize(
    ("amounts", "value"),
    [
        ((80.0, 12.0, 8.0), None),  # b takes its own off: 88 is within 10 % of a's 80
        ((80.0, 11.0, 9.0), 100.0),
        ((50.0, 50.0, 5.0), None),
        ((50.0, 50.0, 0.0), None),  # who reports zero is nobody
        ((50.0, 30.0, 20.0, 0.0), 100.0),
        ((0.0, 0.0, 0.0), None),  # that each of them has none is known of each
        ((100.0, 50.0, -45.0), None),  # what the others give and take is near nothing
        ((90.0, 60.0, -30.0), 120.0),
    ],
)
def test_nobody_comes_near_another_ones_amount_by_taking_its_own_off(
    connection, catalog, amounts, value
) -> None:
    put(connection, "money", [("legal", name, amount) for name, amount in zip("abcd", amounts, strict=False)])
    assert passed(connection, catalog)["money", "legal"] == (value, "" if value else "c")


def test_the_rule_counts_organisations_and_not_rows_and_nameless_rows_are_nobody(connection, catalog) -> None:
    put(connection, "money", [("legal", "a", 10.0), ("legal", "a", 10.0), ("legal", "b", 10.0)])
    put(connection, "money", [("health", "", 10.0), ("health", "a", 10.0), ("health", "b", 10.0)])
    put(connection, "money", [("other", "a", 90.0), ("other", "b", 60.0), ("other", "c", -50.0)])
    found = passed(connection, catalog)
    assert found["money", "legal"] == (None, "c")
    assert found["money", "health"] == (None, "c")
    assert found["money", "other"] == (100.0, "")


def test_there_is_no_total_from_which_a_hidden_part_could_be_told(connection, catalog) -> None:
    """The attack: total less the shown parts. Every row of the release is a leaf; no total is among them."""
    put(connection, "money", [("legal", name, 10.0) for name in "abc"] + [("health", "a", 7.0)])
    passed_by(connection, catalog)
    rows = connection.execute(
        "SELECT service_type, value FROM observation WHERE measure = 'money'"
    ).fetchall()
    assert sorted(rows) == [("health", None), ("legal", 30.0)]
    columns = {
        name for (name,) in connection.execute("SELECT column_name FROM (DESCRIBE observation)").fetchall()
    }
    assert "organisation" not in columns


SHOWN = [("legal", name, 10.0) for name in "abc"]


@pytest.mark.parametrize(
    ("hidden", "total"),
    [
        ([], 30.0),
        ([("health", "a", 7.0)], None),  # less the shown part, one organisation's accounts would be known
        ([("health", "a", 7.0), ("other", "b", 7.0)], None),  # and b could take its own off
        ([("health", "a", 7.0), ("other", "a", 7.0), ("housing", "b", 7.0)], None),  # two, by three kinds
        ([("health", "a", 7.0), ("other", "b", 7.0), ("housing", "c", 7.0)], 51.0),
        ([("health", "a", 90.0), ("other", "b", 5.0), ("housing", "c", 5.0)], None),  # nearly all is a's
        ([("health", "a", 7.0), ("other", "b", 7.0), ("housing", "", 7.0)], None),  # nobody is nobody
        ([("health", "a", 7.0), ("health", "b", 7.0), ("other", "d", 7.0)], 51.0),
    ],
)
def test_a_total_passes_where_what_is_hidden_passes_together(connection, catalog, hidden, total) -> None:
    put(connection, "money", SHOWN + hidden)
    found = passed(connection, catalog)
    assert found["money", "legal"] == (30.0, "")
    assert all(found["money", service] == (None, "c") for service, *_ in hidden)
    assert found["money_in_all", None] == (total, "" if total else "c")
    whole = 30.0 + sum(value for *_, value in hidden)
    assert passed(connection, catalog, is_exact=True)["money_in_all", None] == (whole, "")


def test_a_total_alone_may_pass_and_each_year_is_by_itself(connection, catalog) -> None:
    put(connection, "money", [("legal", "a", 10.0), ("health", "b", 10.0), ("other", "c", 10.0)])
    connection.execute(
        "INSERT INTO w.mart.figure BY NAME SELECT * REPLACE ('2024' AS period) FROM w.mart.figure "
        "WHERE organisation <> 'c'"
    )
    passed_by(connection, catalog)
    assert connection.execute(
        "SELECT period, value FROM observation WHERE measure = 'money_in_all' ORDER BY ALL"
    ).fetchall() == [("2024", None), ("2025", 30.0)]


def test_places_pass_as_they_are_and_the_stewards_release_holds_everything(connection, catalog) -> None:
    put(connection, "places", [("housing", "a", 6.0)])
    put(connection, "money", [("housing", "a", 7.0)])
    assert passed(connection, catalog)["places", "housing"] == (6.0, "")
    assert passed(connection, catalog)["money", "housing"] == (None, "c")
    assert passed(connection, catalog, is_exact=True)["money", "housing"] == (7.0, "")


def test_a_figure_that_no_measure_describes_stays_behind(connection, catalog) -> None:
    put(connection, "secret_plan", [("housing", "a", 1.0)])
    assert passed(connection, catalog) == {}


def test_a_register_holds_only_the_columns_it_names(connection, catalog) -> None:
    connection.execute(
        "CREATE TABLE w.mart.grant_list AS SELECT 'Grant 1' AS name, 'Ann' AS contact, 5 AS load_id"
    )
    Outward(connection, catalog, None).pass_registers()
    assert connection.execute("SELECT * FROM register_grant").fetchall() == [("Grant 1",)]
    assert [d[0] for d in connection.description] == ["name"]
