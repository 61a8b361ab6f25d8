"""Figures and registers: what is not about persons and passes without noise, each by its own rule.

Figures of others pass as they were published. Own figures are sums of rows of ``mart.figure`` at one fixed
division each. Behind the door "business" a sum passes only when enough organisations stand behind it and none
of them makes up most of it; behind "none" every sum passes, for the reason its measure gives. Coarser totals
are sums of what passed: a total of its own would give a hidden part away. Two measures behind "business" must
not divide the same amounts in two ways, for the same reason. A measure with `total_of` is the one exception:
it passes only where what is hidden, taken together, passes the rule as well, and tells no more than that.
"""

import duckdb

from analysis.catalog.model import Catalog, Measure, Protection, Register
from etl.release.cells.layout import WAREHOUSE, columns_of
from etl.release.publishing.schema import observation_columns, register_columns


def pass_figures(connection: duckdb.DuckDBPyConnection, catalog: Catalog, *, is_exact: bool) -> None:
    """Make the temporary table ``observation``: figures of others, then own ones.

    Parameters
    ----------
    connection
        With the warehouse attached as `WAREHOUSE`.
    catalog
        Measures and their doors; a figure of a measure that it does not have stays behind.
    is_exact
        Whether the rule for organisations is left out.
    """
    columns = observation_columns(catalog)
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE observation ({typed})")
    have = columns_of(connection, WAREHOUSE, "mart.observation")
    if have:
        chosen = ", ".join(name if name in have else f"NULL AS {name}" for name in columns)
        connection.execute(
            f"INSERT INTO observation SELECT {chosen} FROM {WAREHOUSE}.mart.observation ORDER BY ALL"
        )
    have = columns_of(connection, WAREHOUSE, "mart.figure")
    if not have:
        return
    rows = connection.execute(f"SELECT DISTINCT measure FROM {WAREHOUSE}.mart.figure").fetchall()
    known = {name for (name,) in rows}
    for measure in _own_figures(catalog).values():
        if measure.total_of:
            _pass_total(connection, catalog, measure, is_exact=is_exact)
        elif known & {measure.observation, measure.observation_base}:
            _pass_own(connection, catalog, measure, have, is_exact=is_exact)


def _own_figures(catalog: Catalog) -> dict[str, Measure]:
    """Return one measure for each own figure, by the figure's name; the stricter door where two differ."""
    found: dict[str, Measure] = {}
    for measure in catalog.measures.values():
        if not measure.is_own_figure:
            continue
        for name in filter(None, (measure.observation, measure.observation_base)):
            if name not in found or measure.door == "business":
                found[name] = measure
    return dict(sorted(found.items()))


def _pass_own(
    connection: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    measure: Measure,
    have: set[str],
    *,
    is_exact: bool,
) -> None:
    names = [name for name in (measure.observation, measure.observation_base) if name]
    columns = observation_columns(catalog)
    keys = [name for name in columns if name not in ("source", "value", "marker")]
    chosen = ", ".join(name if name in have else f"NULL AS {name}" for name in keys)
    listed = ", ".join(keys)
    is_shown = "true" if measure.door == "none" or is_exact else _rule(catalog.protection)
    connection.execute(
        f"""
        INSERT INTO observation ({listed}, source, value, marker)
        SELECT {listed}, 'own', CASE WHEN {is_shown} THEN sum(value) END,
            coalesce(string_agg(DISTINCT marker, '' ORDER BY marker), '')
                || CASE WHEN {is_shown} THEN '' ELSE 'c' END
        FROM (
            SELECT {listed}, coalesce(organisation, '') AS organisation, sum(value) AS value,
                max(marker) AS marker
            FROM (
                SELECT {chosen}, organisation, value, marker FROM {WAREHOUSE}.mart.figure
                WHERE list_contains($names, measure)
                    AND measure NOT IN (SELECT DISTINCT measure FROM observation WHERE source = 'own')
            )
            GROUP BY {listed}, organisation
        )
        GROUP BY {listed} ORDER BY ALL
        """,
        {"names": names},
    )


def _pass_total(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, measure: Measure, *, is_exact: bool
) -> None:
    """Add the total over all divisions of another figure, where its hidden parts together pass the rule."""
    parts = catalog.measures[measure.total_of]
    over, protection = ["unit", "period_level", "period", "geography", "area_code"], catalog.protection
    listed, divided = ", ".join(over), ", ".join([*over, *parts.dimensions])
    passes = "true" if is_exact else f"count(value) = 0 OR {_rule(protection)}"
    connection.execute(
        f"""
        INSERT INTO observation ({listed}, source, measure, value, marker)
        WITH given AS (
            SELECT {divided}, coalesce(organisation, '') AS organisation, sum(value) AS value
            FROM {WAREHOUSE}.mart.figure WHERE measure = $parts GROUP BY ALL
        ), told AS (
            SELECT *, {_rule(protection, f" OVER (PARTITION BY {divided})")} AS is_shown FROM given
        ), hidden AS (
            SELECT {listed}, organisation, sum(value) AS whole,
                sum(value) FILTER (WHERE NOT is_shown) AS value
            FROM told GROUP BY ALL
        )
        SELECT {listed}, 'own', $total, CASE WHEN is_passed THEN whole END,
            CASE WHEN is_passed THEN '' ELSE 'c' END
        FROM (
            SELECT {listed}, sum(whole) AS whole, {passes} AS is_passed
            FROM (
                SELECT * REPLACE (CASE WHEN value IS NOT NULL THEN organisation END AS organisation)
                FROM hidden
            )
            GROUP BY {listed}
        ) ORDER BY ALL
        """,
        {"parts": parts.observation, "total": measure.observation},
    )


def _rule(protection: Protection, over: str = "") -> str:
    """Return the SQL for the rule: over the rows of a group, or of a window."""
    return (
        f"count(DISTINCT nullif(organisation, '')){over} >= {protection.business_minimum_organisations} "
        f"AND max(abs(value)){over} <= {protection.business_largest_share} * sum(abs(value)){over}"
    )


def pass_registers(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    """Make one temporary table ``register_<code>`` for each register: only the columns that it names."""
    for register in catalog.registers.values():
        _pass_register(connection, register)


def _pass_register(connection: duckdb.DuckDBPyConnection, register: Register) -> None:
    columns = register_columns(register)
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    table = f"register_{register.code}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({typed})")
    have = columns_of(connection, WAREHOUSE, register.table)
    if have:
        chosen = ", ".join(
            f"{name}::{kind}" if name in have else f"NULL::{kind}" for name, kind in columns.items()
        )
        connection.execute(
            f"INSERT INTO {table} SELECT {chosen} FROM {WAREHOUSE}.{register.table} ORDER BY ALL"
        )
