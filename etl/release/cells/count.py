"""Counts every cell of the closed list among the frozen records.

The records are made ready here, by DuckDB: their keys lie in the frozen file, their codes become ENUM types.
An `Engine` then runs the statements of `etl.release.cells.builders` over them. DuckDB does that in place; the
other one is `etl.release.spark`, for more records than one machine counts.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import duckdb

from analysis.catalog.model import NOT_RECORDED, Catalog
from analysis.questions.question import GroupingSet
from etl.release.cells import builders
from etl.release.cells.layout import FROZEN, WAREHOUSE, Layout, codes_of, texts
from etl.release.cells.plan import Family, plan


class Engine(Protocol):
    """Who counts."""

    def count(
        self, connection: duckdb.DuckDBPyConnection, layout: Layout, families: Sequence[Family]
    ) -> None:
        """Fill ``counted`` from ``records`` and ``attribute_<dimension>``, temporary tables."""


class InPlace:
    """DuckDB counts where the records lie."""

    def count(
        self, connection: duckdb.DuckDBPyConnection, layout: Layout, families: Sequence[Family]
    ) -> None:
        """Count one family after the other: their grains, then what is rolled up from each."""
        for family in families:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE grain AS {builders.grains(family)}")
            connection.execute(f"INSERT INTO counted {builders.roll_up(layout.subject, family)}")
        connection.execute("DROP TABLE IF EXISTS grain")


def count_cells(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    sets: Sequence[GroupingSet],
    catalog: Catalog,
    engine: Engine | None = None,
) -> None:
    """Fill the temporary table ``counted`` with every cell of a closed list that holds at least one record.

    Its columns: collection, month (first month of the period, from year 0), period_level, area_level, area,
    one for each dimension, ``n`` (distinct records) and ``key_sum``.

    Parameters
    ----------
    connection
        With the frozen records attached as `FROZEN` and the warehouse as `WAREHOUSE`.
    layout
        The subject.
    sets
        What to count: `analysis.questions.question.closed_list`.
    catalog
        Code lists and families of dimensions.
    engine
        Who counts; by default DuckDB, in place.
    """
    _make_records(connection, layout, catalog)
    dimensions = "".join(f"{code} {type_of(code)}, " for code in layout.subject.dimensions)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE counted (collection collection_code, period_level VARCHAR, "
        f"month INTEGER, area_level INTEGER, area area_code, {dimensions}n BIGINT, key_sum BIGINT)"
    )
    # Of a subject that nobody has sent yet, nothing is to be planned: `counted` is then empty.
    if connection.execute("SELECT 1 FROM records LIMIT 1").fetchone() is not None:
        (engine or InPlace()).count(connection, layout, plan(sets, catalog, layout.kinds))
    for table in ("records", *(f"attribute_{kind}" for kind in layout.kinds)):
        connection.execute(f"DROP TABLE IF EXISTS {table}")


def type_of(dimension: str) -> str:
    """Return the name of the ENUM type of a dimension's codes."""
    return f"code_{dimension}"


def _make_type(connection: duckdb.DuckDBPyConnection, name: str, codes: Iterable[str]) -> None:
    connection.execute(f"DROP TYPE IF EXISTS {name}")
    connection.execute(f"CREATE TYPE {name} AS ENUM ({texts(list(dict.fromkeys([*codes, NOT_RECORDED])))})")


def _make_records(connection: duckdb.DuckDBPyConnection, layout: Layout, catalog: Catalog) -> None:
    """Make ``records`` (a row a record, areas rolled up) and ``attribute_<dimension>``; codes as ENUM."""
    connection.execute("DROP TABLE IF EXISTS counted")
    collections = connection.execute(
        f"SELECT DISTINCT collection FROM {FROZEN}.{layout.code} ORDER BY 1"
    ).fetchall()
    _make_type(connection, "collection_code", [row[0] for row in collections])
    areas = connection.execute(f"SELECT DISTINCT code FROM {FROZEN}.area ORDER BY 1").fetchall()
    _make_type(connection, "area_code", [row[0] for row in areas])
    for code in layout.subject.dimensions:
        _make_type(connection, type_of(code), codes_of(connection, catalog, layout, code))
    columns = "".join(
        f", ({layout.outward(code, code)})::{type_of(code)} AS {code}" for code in layout.columns
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE records AS
        SELECT
            id, collection::collection_code AS collection,
            record_key::BIGINT AS record_key,
            (12 * year(period_start) + month(period_start) - 1)::INTEGER AS month,
            -- Known only to the county: no district. Known only to the region, or not at all: neither.
            coalesce(CASE place.level WHEN 1 THEN place.code WHEN 2 THEN place.parent END, '{NOT_RECORDED}')
                ::area_code AS county,
            coalesce(CASE place.level WHEN 2 THEN place.code END, '{NOT_RECORDED}')::area_code AS district
            {columns}
        FROM {FROZEN}.{layout.code} AS frozen
        JOIN {WAREHOUSE}.mart.collection AS origin USING (collection)
        LEFT JOIN {FROZEN}.area AS place
            ON place.geography = origin.geography AND place.code = frozen.area_code
        WHERE origin.subject = '{layout.code}'
        """
    )
    for kind in layout.kinds:
        connection.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE attribute_{kind} AS
            SELECT DISTINCT id, ({layout.outward(kind, "code")})::{type_of(kind)} AS {kind}
            FROM {FROZEN}.{layout.code}_attribute WHERE kind = '{kind}'
            """
        )
