"""The code lists of the catalog inside the warehouse: a table, a type for each, and macros that use them.

The SQL files of ``etl/mart/sql`` name no band of a duration and write no rule for a missing value: both come
from ``data/catalog/dimensions``, which also says where a median is read, so that the two cannot disagree.
"""

from collections.abc import Sequence

import duckdb
import polars as pl

from analysis.catalog.model import NOT_RECORDED, Catalog, Dimension

#: Kept as attributes of a person although no release divides by them.
OTHER_ATTRIBUTES = ("known_to_agency", "entered_after")


def write_code_lists(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Write the code lists, one ENUM type for each and their macros.

    The tables and views of the mart, which use the types, are dropped: all of them are made anew after this.
    """
    for kind in ("view", "table"):
        old = connection.execute(
            f"SELECT {kind}_name FROM duckdb_{kind}s() WHERE schema_name = 'mart' AND NOT internal"
        ).fetchall()
        for (name,) in old:
            connection.execute(f"DROP {kind} mart.{name}")
    _write_codes(connection, catalog)
    _write_subjects(connection, catalog)
    for dimension in catalog.dimensions.values():
        if dimension.codes:
            _write_type(connection, f"code_{dimension.code}", dimension.codes)
    attributes = [dimension.code for dimension in catalog.dimensions.values() if dimension.multi]
    _write_type(connection, "attribute_kind", [*attributes, *OTHER_ATTRIBUTES])
    for dimension in catalog.dimensions.values():
        if NOT_RECORDED in dimension.codes:
            _write_cast(connection, dimension)
    write_bands(connection, catalog)


def _write_codes(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    codes = pl.DataFrame(
        [
            (dimension.code, category.code, position, category.group)
            for dimension in catalog.dimensions.values()
            for position, category in enumerate(dimension.categories)
        ],
        schema={"dimension": pl.String, "code": pl.String, "position": pl.Int32, "code_group": pl.String},
        orient="row",
    )
    connection.register("codes", codes)
    connection.execute("DELETE FROM stage.code")
    connection.execute("INSERT INTO stage.code SELECT * FROM codes")
    connection.unregister("codes")


def _write_subjects(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    connection.execute("CREATE OR REPLACE TABLE stage.subject (subject VARCHAR, table_name VARCHAR)")
    for subject in catalog.subjects.values():
        if subject.stages:
            connection.execute(
                "INSERT INTO stage.subject SELECT ?, unnest(?)", [subject.code, list(subject.stages)]
            )


def _write_type(connection: duckdb.DuckDBPyConnection, name: str, codes: Sequence[str]) -> None:
    listed = ", ".join(f"'{code}'" for code in codes)  # catalog codes: letters, digits, underscores
    connection.execute(f"DROP TYPE IF EXISTS mart.{name}")
    connection.execute(f"CREATE TYPE mart.{name} AS ENUM ({listed})")


def _write_cast(connection: duckdb.DuckDBPyConnection, dimension: Dimension) -> None:
    """Make ``core.code_<dimension>(code)``: the code as its type, a missing one as "not recorded"."""
    name = dimension.code
    connection.execute(
        f"CREATE OR REPLACE MACRO core.code_{name}(code) AS "
        f"coalesce(code::VARCHAR, '{NOT_RECORDED}')::mart.code_{name}"
    )


def write_bands(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Make ``core.band_<dimension>(duration)``: the code of the band that a duration falls in.

    NULL for a missing duration: what to call that differs (undecided, not started, not recorded), and stands
    in the SQL of the table.
    """
    for dimension in catalog.dimensions.values():
        if dimension.bands:
            connection.execute(
                f"CREATE OR REPLACE MACRO core.band_{dimension.code}({dimension.unit}) AS {_band(dimension)}"
            )


def _band(dimension: Dimension) -> str:
    """Return the SQL for the band of a duration.

    A band ends where the next one begins (`Dimension.closed` says which of the two has the edge itself); the
    last one has no end, and takes what no WHEN before it took.
    """
    codes, lows = zip(*dimension.bands, strict=True)
    before = "<=" if dimension.closed == "right" else "<"
    whens = [
        f"WHEN {dimension.unit} {before} {next_low:g} THEN '{code}'"
        for code, next_low in zip(codes[:-1], lows[1:], strict=True)
    ]
    return f"CASE WHEN {dimension.unit} IS NULL THEN NULL {' '.join(whens)} ELSE '{codes[-1]}' END"
