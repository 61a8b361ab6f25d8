"""The code lists of the catalog inside the warehouse: a table, a type for each, and macros that use them.

The SQL files of ``etl/mart/sql`` name no band of a duration and write no rule for a missing value: both come
from ``data/catalog/dimensions``, which also says where a median is read, so that the two cannot disagree.
"""

from collections.abc import Collection, Sequence

import duckdb
import polars as pl

from analysis.catalog.model import NOT_RECORDED, Catalog, Dimension

#: Kept as attributes of a person although no release divides by them.
OTHER_ATTRIBUTES = ("known_to_agency", "entered_after")


def write_code_lists(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Write the code lists, one ENUM type for each and their macros.

    Nothing of the mart may be there (`drop_mart`): its tables use the types.
    """
    _write_codes(connection, catalog)
    _write_subjects(connection, catalog)
    for statement in definitions(catalog):
        connection.execute(statement)


def drop_mart(connection: duckdb.DuckDBPyConnection, kept: Collection[str]) -> None:
    """Drop the tables and views of the mart but those that are named (``mart.<name>``)."""
    for kind in ("view", "table"):
        old = connection.execute(
            f"SELECT {kind}_name FROM duckdb_{kind}s() WHERE schema_name = 'mart' AND NOT internal"
        ).fetchall()
        for (name,) in old:
            if f"mart.{name}" not in kept:
                connection.execute(f"DROP {kind} mart.{name}")


def definitions(catalog: Catalog) -> list[str]:
    """Return the statements that make types and macros of the catalog's code lists."""
    attributes = [dimension.code for dimension in catalog.dimensions.values() if dimension.multi]
    lists = {f"code_{code}": one.codes for code, one in catalog.dimensions.items() if one.codes}
    lists["attribute_kind"] = (*attributes, *OTHER_ATTRIBUTES)
    types = [statement for name, codes in lists.items() for statement in _type(name, codes)]
    casts = [_cast(one) for one in catalog.dimensions.values() if NOT_RECORDED in one.codes]
    return [*types, *casts, *bands(catalog)]


def listed(catalog: Catalog) -> str:
    """Return codes and subjects as text: what tells one catalog's lists from another's."""
    return repr([_codes(catalog), [(one.code, one.stages) for one in catalog.subjects.values()]])


def _codes(catalog: Catalog) -> list[tuple[str, str, int, str | None]]:
    return [
        (dimension.code, category.code, position, category.group)
        for dimension in catalog.dimensions.values()
        for position, category in enumerate(dimension.categories)
    ]


def _write_codes(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    codes = pl.DataFrame(
        _codes(catalog),
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


def _type(name: str, codes: Sequence[str]) -> tuple[str, str]:
    listed = ", ".join(f"'{code}'" for code in codes)  # catalog codes: letters, digits, underscores
    return f"DROP TYPE IF EXISTS mart.{name}", f"CREATE TYPE mart.{name} AS ENUM ({listed})"


def _cast(dimension: Dimension) -> str:
    """Return the statement for ``core.code_<dimension>(code)``: a missing code is "not recorded"."""
    name = dimension.code
    return (
        f"CREATE OR REPLACE MACRO core.code_{name}(code) AS "
        f"coalesce(code::VARCHAR, '{NOT_RECORDED}')::mart.code_{name}"
    )


def bands(catalog: Catalog) -> list[str]:
    """Return the statements for ``core.band_<dimension>(duration)``: the band that a duration falls in.

    NULL for a missing duration: what to call that differs (undecided, not started, not recorded), and stands
    in the SQL of the table.
    """
    return [
        f"CREATE OR REPLACE MACRO core.band_{dimension.code}({dimension.unit}) AS {_band(dimension)}"
        for dimension in catalog.dimensions.values()
        if dimension.bands
    ]


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
