"""What passes the door without noise: published figures, places, laws, and rounded counts of loads."""

from collections.abc import Callable, Sequence

import duckdb
import pyarrow as pa

from analysis.catalog.model import Catalog
from etl.release.cells.layout import FROZEN, WAREHOUSE, columns_of
from etl.release.cells.shapes import for_the_screen
from etl.release.publishing.schema import PASSED, SERIES, Columns
from etl.release.publishing.words import exact_text, held_text, rounded_text
from etl.release.unperturbed import organisation_rule as figures

Rows = Sequence[tuple[object, ...]]
AS_THEY_ARE = ("area", "area_population", "area_context", "law_provision", "coverage")


def pass_tables(connection: duckdb.DuckDBPyConnection, catalog: Catalog, *, is_exact: bool) -> None:
    """Make the temporary tables of a release that depend on the warehouse alone.

    Parameters
    ----------
    connection
        With the warehouse attached.
    catalog
        For figures and registers.
    is_exact
        Whether the rule for organisations is left out (the steward's release).
    """
    for table in AS_THEY_ARE:
        have = columns_of(connection, WAREHOUSE, f"mart.{table}")
        columns = [name if name in have else f"NULL AS {name}" for name in PASSED[table]]
        origin = f"FROM {WAREHOUSE}.mart.{table}" if have else "WHERE false"
        query = f"SELECT {', '.join(columns)} {origin}"
        make_table(connection, table, [])
        connection.execute(f"INSERT INTO {table} SELECT * FROM ({query}) ORDER BY ALL")
    _pass_shapes(connection)
    _pass_sources(connection)
    figures.pass_figures(connection, catalog, is_exact=is_exact)
    figures.pass_registers(connection, catalog)
    _summarise_loads(connection)
    _summarise_tables(connection)


def make_table(connection: duckdb.DuckDBPyConnection, name: str, rows: Rows) -> None:
    """Make one temporary table of a release from rows in the order of its columns."""
    columns = PASSED[name]
    typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({typed})")
    if rows:
        connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", list(rows))


def _pass_shapes(connection: duckdb.DuckDBPyConnection) -> None:
    make_table(connection, "area_shape", [])
    if not columns_of(connection, WAREHOUSE, "mart.area_shape"):
        return
    outlines = connection.execute(
        f"SELECT geography, code, level, wkb FROM {WAREHOUSE}.mart.area_shape "
        f"JOIN {WAREHOUSE}.mart.area USING (geography, code) ORDER BY ALL"
    ).fetchall()
    lighter = for_the_screen(outlines)
    if lighter:
        made = pa.table(dict(zip(PASSED["area_shape"], map(list, zip(*lighter, strict=True)), strict=True)))
        connection.register("made", made)
        connection.execute("INSERT INTO area_shape SELECT * FROM made ORDER BY geography, code")
        connection.unregister("made")


def _pass_sources(connection: duckdb.DuckDBPyConnection) -> None:
    make_table(connection, "source", [])
    connection.execute(
        f"INSERT INTO source SELECT {', '.join(PASSED['source'])} FROM {WAREHOUSE}.mart.source ORDER BY 1"
    )


def pass_series(connection: duckdb.DuckDBPyConnection) -> dict[str, Columns]:
    """Make the table of series that only a mapping describes; return it, or nothing where there are none."""
    have = columns_of(connection, WAREHOUSE, "mart.series")
    columns = SERIES["series"]
    if not have or not connection.execute(f"SELECT 1 FROM {WAREHOUSE}.mart.series LIMIT 1").fetchall():
        return {}
    listed = ", ".join(columns)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE series AS SELECT {listed} FROM {WAREHOUSE}.mart.series ORDER BY code"
    )
    return SERIES


def _summarise_loads(connection: duckdb.DuckDBPyConnection) -> None:
    """Count the rows of current loads by source, and rejected rows by rule; own records in rounded words."""
    loads = connection.execute(
        f"""
        SELECT source_id, is_own, sum(rows_in), sum(rows_accepted), sum(rows_rejected)
        FROM {WAREHOUSE}.mart.load JOIN {WAREHOUSE}.mart.source USING (source_id)
        WHERE is_current GROUP BY ALL ORDER BY source_id
        """
    ).fetchall()
    rejected = connection.execute(
        f"""
        SELECT
            source_id, is_own, refused.table_name, refused.rule, coalesce(refused.column_name, ''), count(*)
        FROM {WAREHOUSE}.mart.rejected_row AS refused JOIN {WAREHOUSE}.mart.load USING (load_id)
        JOIN {WAREHOUSE}.mart.source USING (source_id)
        WHERE is_current GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    make_table(
        connection,
        "load_summary",
        [(source, *map(_words(is_own), map(int, counts))) for source, is_own, *counts in loads],
    )
    make_table(
        connection,
        "rejected_summary",
        [
            (source, table, rule, column, _words(is_own)(count))
            for source, is_own, table, rule, column, count in rejected
        ],
    )


def _summarise_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Count rows, rejected rows and orphans by table; those of own records in rounded words.

    Of few rows it is not said whether there are any orphans: a plain zero would be an exact number.
    """
    tables: list[tuple[object, ...]] = []
    lost: list[tuple[object, ...]] = []
    if columns_of(connection, WAREHOUSE, "mart.table_load"):
        joined = f"JOIN (SELECT source_id, is_own FROM {WAREHOUSE}.mart.source) USING (source_id)"
        for own, *row in connection.execute(
            "SELECT is_own, source_id, table_name, label, rows_loaded, rows_rejected, period_from, "
            f"period_to, orphans FROM {WAREHOUSE}.mart.table_load {joined} ORDER BY label, source_id"
        ).fetchall():
            source, table, label, loaded, rejected, *months, orphans = row
            words = _words(own)
            said = "" if orphans is None else held_text(orphans) if own else words(orphans)
            tables.append((source, table, label, words(loaded), words(rejected), *months, said))
        lost = [
            (*row, (held_text if own else exact_text)(orphans))
            for own, orphans, *row in connection.execute(
                "SELECT is_own, orphans, source_id, table_name, label, column_label, refers_label "
                f"FROM {WAREHOUSE}.mart.orphan {joined} ORDER BY label, column_label, source_id"
            ).fetchall()
        ]
    make_table(connection, "table_summary", tables)
    make_table(connection, "orphan_summary", lost)


def _words(is_own: bool) -> Callable[[int], str]:
    return rounded_text if is_own else exact_text


def pass_revisions(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table of revisions from the frozen series."""
    rows = connection.execute(
        f"SELECT collection, subject, year, revision, strftime(as_of, '%Y-%m-%d') FROM {FROZEN}.revision "
        f"SEMI JOIN {WAREHOUSE}.mart.collection USING (collection, subject) ORDER BY ALL"
    ).fetchall()
    make_table(connection, "revision", rows)
