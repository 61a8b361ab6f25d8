"""The stage tables that follow from contracts alone: a new table needs no CREATE of its own.

A contract's columns become columns of ``stage.<table>``: a reference its key, an area its code, a period its
first day. Tables with a shape of their own are in ``etl/mart/sql/10_stage_tables.sql``.
"""

import duckdb

from analysis.catalog.load import load_catalog
from etl.contracts.tables import Column, Contract, contract, table_names
from etl.contracts.tallies import TABLES as TALLIED

#: Written by hand in SQL, because their mart needs names or types of its own.
BY_HAND = frozenset(
    {
        "person",
        "referral",
        "observation",
        "area",
        "area_shape",
        "area_population",
        "area_context",
        "law_provision",
    }
)
TYPES = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "codes": "VARCHAR[]",
    "binary": "BLOB",
}


def key_name(column: str) -> str:
    """Return the name of the hash of a reference: ``person_ref`` → ``person_key``."""
    return f"{column.removesuffix('_ref')}_key"


def stage_columns(table: Contract) -> dict[str, str]:
    """Return the columns of ``stage.<table>`` and their types, after ``load_id`` and ``line``.

    Examples
    --------
    >>> list(stage_columns(contract("referral")))[:4]
    ['referral_key', 'person_key', 'period_start', 'period_level']
    """
    found: dict[str, str] = {}
    for column in table.columns:
        found |= _columns_of(column)
    if table.name in TALLIED:
        found["is_tally"] = "BOOLEAN"
    return found


def _columns_of(column: Column) -> dict[str, str]:
    if column.reference:
        return {key_name(column.name): "VARCHAR"}
    if column.kind == "period":
        return {f"{column.name}_start": "DATE", f"{column.name}_level": "VARCHAR"}
    kind = TYPES.get(column.kind, "VARCHAR")
    name = f"{column.name}_code" if column.kind == "area" else column.name
    return {name: kind} | ({key_name(column.name): "VARCHAR"} if column.keyed else {})


def wanted_columns() -> dict[str, dict[str, str]]:
    """Return the columns and types that contracts and catalog ask for, by table of the stage."""
    wanted = {name: stage_columns(contract(name)) for name in table_names() if name not in BY_HAND}
    return wanted | {"observation": dict.fromkeys(load_catalog().published_dimensions, "VARCHAR")}


def make_stage_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create what is missing: tables, and columns that a newer version of a contract or the catalog has."""
    wanted = wanted_columns()
    for name, columns in wanted.items():
        if name in BY_HAND:
            continue
        listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS stage.{name} (load_id INTEGER NOT NULL, line BIGINT, {listed})"
        )
    # One look at what is there: to ask for each of some hundred columns took longer than a small file.
    known = set(
        connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'stage'"
        ).fetchall()
    )
    for name, columns in wanted.items():
        for column, kind in columns.items():
            if (name, column) not in known:
                connection.execute(f'ALTER TABLE stage.{name} ADD COLUMN "{column}" {kind}')


def name_stage_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the view ``core.stage_row``: the loads that still have rows in some table."""
    selects = [f"SELECT load_id FROM stage.{name}" for name in table_names()]
    connection.execute(f"CREATE OR REPLACE VIEW core.stage_row AS {' UNION '.join(selects)}")
