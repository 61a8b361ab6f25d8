"""What is loaded table by table, and which rows point at nothing loaded.

A charge of an unknown investigation, or places of a service that nobody listed, are kept: they may be right,
and the other sheet late. They are counted, by source and column, so that nobody overlooks them. No value is
told.
"""

from typing import Any

import duckdb

from analysis.words import counted, first_few
from etl.contracts.stage_tables import key_name
from etl.contracts.tables import Column, Contract, contract, table_names

TABLES = """
CREATE OR REPLACE TABLE mart.table_load (
    source_id VARCHAR, table_name VARCHAR, label VARCHAR, rows_loaded BIGINT, rows_rejected BIGINT,
    period_from VARCHAR, period_to VARCHAR, orphans BIGINT
);
CREATE OR REPLACE TABLE mart.orphan (
    source_id VARCHAR, table_name VARCHAR, label VARCHAR, column_name VARCHAR, column_label VARCHAR,
    refers_table VARCHAR, refers_label VARCHAR, orphans BIGINT
);
"""

_LISTED = 6  # areas named in a note


def count_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``mart.table_load`` (a source and table) and ``mart.orphan`` (a source, table and column).

    Rows are those that are there now: a correction has taken the place of what it corrects. ``orphans`` of a
    table are its rows with at least one reference that points at nothing loaded; NULL when it has no
    references. Months are those that loads speak for, not those of records.
    """
    connection.execute(TABLES)
    present = connection.execute(
        "SELECT DISTINCT table_name FROM stage.load_table JOIN mart.load USING (load_id) WHERE is_current"
    ).fetchall()
    for name in sorted({name for (name,) in present} & set(table_names())):
        table = contract(name)
        lost = {column.name: _points_nowhere(column) for column in table.columns if column.refers}
        _count_rows(connection, table, list(lost.values()))
        for column, test in lost.items():
            _count_orphans(connection, table, table.column(column), test)


def orphans(connection: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    """Return every column with rows that point at nothing loaded, over all sources."""
    has_table = "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'mart' AND table_name = 'orphan'"
    if not connection.execute(has_table).fetchall():  # a warehouse of an earlier version
        return []
    found: list[dict[str, Any]] = (
        connection.sql(
            "SELECT table_name AS table, column_name AS column, refers_table AS refers_to, "
            "sum(orphans)::BIGINT AS rows FROM mart.orphan GROUP BY ALL HAVING sum(orphans) > 0 ORDER BY ALL"
        )
        .pl()
        .to_dicts()
    )
    return found


def _points_nowhere(column: Column) -> str:
    """Return the SQL test: the row names something, and it is not loaded."""
    name, (table, target) = stage_name(column), column.refers
    key = key_name(target) if is_hashed(column) else target
    known = f'SELECT "{key}" FROM stage.{table} WHERE "{key}" IS NOT NULL'
    return f'("{name}" IS NOT NULL AND "{name}" NOT IN ({known}))'


def is_hashed(column: Column) -> bool:
    """Whether the stage knows the column by its key."""
    return column.reference or column.keyed


def stage_name(column: Column) -> str:
    """Return the column of the stage in which a reference lies."""
    return key_name(column.name) if is_hashed(column) else column.name


def _count_rows(connection: duckdb.DuckDBPyConnection, table: Contract, lost: list[str]) -> None:
    orphan = f"count(*) FILTER ({' OR '.join(lost)})" if lost else "NULL"
    months = "strftime(min(month), '%Y-%m') AS first, strftime(max(month), '%Y-%m') AS last"
    connection.execute(
        f"""
        INSERT INTO mart.table_load
        WITH brought AS (
            SELECT DISTINCT source_id FROM mart.load JOIN stage.load_table USING (load_id)
            WHERE is_current AND table_name = $name
        ), counted AS (
            SELECT source_id, count(*) AS found, {orphan} AS orphans
            FROM stage.{table.name} JOIN (SELECT load_id, source_id FROM stage.load) USING (load_id)
            GROUP BY source_id
        ), refused AS (
            SELECT source_id, count(*) AS rejected FROM mart.rejected_row JOIN mart.load USING (load_id)
            WHERE is_current AND table_name = $name GROUP BY source_id
        ), covered AS (
            SELECT source_id, {months} FROM core.month_owner
            WHERE table_name = $name AND $is_dated GROUP BY source_id
        )
        SELECT source_id, $name, $label, coalesce(found, 0), coalesce(rejected, 0), first, last,
            {"coalesce(orphans, 0)" if lost else "NULL"}
        FROM brought LEFT JOIN counted USING (source_id) LEFT JOIN refused USING (source_id)
        LEFT JOIN covered USING (source_id) ORDER BY source_id
        """,
        {"name": table.name, "label": table.label, "is_dated": table.is_dated},
    )


def _count_orphans(connection: duckdb.DuckDBPyConnection, table: Contract, column: Column, test: str) -> None:
    connection.execute(
        f"""
        INSERT INTO mart.orphan
        SELECT source_id, ?, ?, ?, ?, ?, ?, count(*) FILTER ({test})
        FROM stage.{table.name} JOIN (SELECT load_id, source_id FROM stage.load) USING (load_id)
        GROUP BY source_id ORDER BY source_id
        """,
        [
            table.name,
            table.label,
            column.name,
            column.label,
            column.refers[0],
            contract(column.refers[0]).label,
        ],
    )


def figures_nowhere(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tell of published counts at areas that the warehouse does not know: no page can show them."""
    rows = connection.execute(
        """
        SELECT geography, area_code, count(*) FROM mart.observation
        ANTI JOIN (SELECT geography, code AS area_code FROM mart.area) USING (geography, area_code)
        WHERE area_code IS NOT NULL GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    if not rows:
        return []
    shown = first_few([f"{geography} {code}" for geography, code, _ in rows], _LISTED)
    together = counted(sum(count for *_, count in rows), "row")
    return [
        f"Figures at areas that are not known, {together}: {shown}. "
        "They are kept and shown once boundaries that have these areas are loaded."
    ]


def lines_of(found: list[dict[str, Any]]) -> list[str]:
    """Tell the rows that point at nothing loaded, a column a line."""
    if not found:
        return []
    said = [
        f"  {one['table']}.{one['column']}: {counted(one['rows'], 'row')}, no such {one['refers_to']}"
        for one in found
    ]
    return ["Kept, but pointing at nothing loaded:", *said]
