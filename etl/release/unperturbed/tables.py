"""What passes the door without noise: published figures, places, laws, and counts of loads."""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from analysis.catalog.model import Catalog
from etl.ledger import REASONS
from etl.release.cells.layout import FROZEN, WAREHOUSE, columns_of
from etl.release.cells.shapes import for_the_screen
from etl.release.publishing.schema import PASSED, SERIES, SOURCE_FILES, Columns
from etl.release.unperturbed import organisation_rule as figures
from etl.release.unperturbed.outward import Outward

Rows = Sequence[tuple[object, ...]]
AS_THEY_ARE = ("area", "area_population", "area_context", "law_provision")
#: Kinds of sources whose figures come from a file that anybody can fetch from its publisher.
OF_OTHERS = ("aggregate", "population")


def pass_tables(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, outward: Outward, *, is_exact: bool
) -> None:
    """Make the temporary tables of a release that depend on the warehouse alone.

    Parameters
    ----------
    connection
        With the warehouse attached.
    catalog
        For figures.
    outward
        For registers, laws and sources: how organisations and texts leave.
    is_exact
        The steward's release: the rule for organisations is left out, and rows of own records are counted.
    """
    for table in AS_THEY_ARE:
        pass_as_they_are(connection, table)
    _pass_shapes(connection)
    _pass_sources(connection)
    figures.pass_figures(connection, catalog, is_exact=is_exact)
    outward.hide_figures()
    outward.pass_registers()
    outward.pass_laws()
    _summarise_loads(connection, is_exact=is_exact)
    _summarise_tables(connection, is_exact=is_exact)
    outward.pass_sources()


def pass_as_they_are(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Make the temporary table of a table of the mart that passes row by row."""
    have = columns_of(connection, WAREHOUSE, f"mart.{table}")
    columns = [name if name in have else f"NULL AS {name}" for name in PASSED[table]]
    origin = f"FROM {WAREHOUSE}.mart.{table}" if have else "WHERE false"
    query = f"SELECT {', '.join(columns)} {origin}"
    make_table(connection, table, [])
    connection.execute(f"INSERT INTO {table} SELECT * FROM ({query}) ORDER BY ALL")


def make_table(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Rows, columns: Columns | None = None
) -> None:
    """Make one temporary table of a release from rows in the order of its columns."""
    columns = columns or PASSED[name]
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


def pass_source_files(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> dict[str, Columns]:
    """Make the table of hashes of files that others published; return it, or nothing where there are none.

    A hash says which file a figure was read from to whoever has that file. Of own files, and of a directory,
    it could confirm a guess of what is in them, so none leaves. A made-up region's files are nobody's.
    """
    public = [
        code
        for code, source in catalog.sources.items()
        if source.extra["kind"] in OF_OTHERS and not (source.extra["is_own"] or source.extra["is_synthetic"])
    ]
    rows = connection.execute(
        f"SELECT DISTINCT source_id, sha256 FROM {WAREHOUSE}.mart.load "
        f"JOIN (FROM {WAREHOUSE}.mart.source WHERE NOT is_own) USING (source_id) "
        "WHERE is_current AND sha256 <> '' AND list_contains($public, source_id) ORDER BY ALL",
        {"public": public},
    ).fetchall()
    if not rows:
        return {}
    make_table(connection, "source_file", rows, SOURCE_FILES["source_file"])
    return SOURCE_FILES


def _summarise_loads(connection: duckdb.DuckDBPyConnection, *, is_exact: bool) -> None:
    """Count the rows of current loads by source: what became of them, what was left out and why, what broke
    which rule. Of own records only for their keepers: a count of live records is a statistic before the door.
    """
    told = f"JOIN (FROM {WAREHOUSE}.mart.source WHERE NOT is_own OR {is_exact}) USING (source_id)"
    # A warehouse of an earlier version has neither rows in part nor a list of what was left out.
    have = columns_of(connection, WAREHOUSE, "mart.load")
    partly = "sum(rows_partly)" if "rows_partly" in have else "0"
    left = columns_of(connection, WAREHOUSE, "stage.load_left_out")
    out = f"(SELECT load_id, sum(rows) AS rows_out FROM {WAREHOUSE}.stage.load_left_out GROUP BY ALL)"
    loads = connection.execute(
        f"""
        SELECT
            source_id, sum(rows_in), sum(rows_accepted), {partly}, sum(rows_rejected),
            {"coalesce(sum(rows_out), 0)" if left else "0"}
        FROM {WAREHOUSE}.mart.load {told} {f"LEFT JOIN {out} USING (load_id)" if left else ""}
        WHERE is_current GROUP BY source_id ORDER BY source_id
        """
    ).fetchall()
    make_table(
        connection,
        "load_summary",
        [(source, *(f"{int(count):,}" for count in counts)) for source, *counts in loads],
    )
    reasons = (
        connection.execute(
            f"SELECT source_id, reason, sum(rows) FROM {WAREHOUSE}.stage.load_left_out "
            f"JOIN {WAREHOUSE}.mart.load USING (load_id) {told} WHERE is_current GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        if left
        else []
    )
    make_table(
        connection,
        "left_out_summary",
        [
            # The key of the mapping, in brackets, is for whoever writes mappings.
            (source, REASONS[reason].partition(" (")[0], f"{int(count):,}")
            for source, reason, count in reasons
        ],
    )
    rejected = connection.execute(
        f"""
        SELECT source_id, refused.table_name, refused.rule, coalesce(refused.column_name, ''), count(*)
        FROM {WAREHOUSE}.mart.rejected_row AS refused JOIN {WAREHOUSE}.mart.load USING (load_id) {told}
        WHERE is_current GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    make_table(connection, "rejected_summary", [(*row, f"{int(count):,}") for *row, count in rejected])


def _summarise_tables(connection: duckdb.DuckDBPyConnection, *, is_exact: bool) -> None:
    """Count rows, rejected rows and orphans by table; of own records only for their keepers.

    That a table is loaded, and which months its files speak for, is told of all: the keeper declared it.
    """
    tables: list[tuple[object, ...]] = []
    lost: list[tuple[object, ...]] = []
    if columns_of(connection, WAREHOUSE, "mart.table_load"):
        joined = f"JOIN (SELECT source_id, is_own FROM {WAREHOUSE}.mart.source) USING (source_id)"
        for own, *row in connection.execute(
            "SELECT is_own, source_id, table_name, label, rows_loaded, rows_rejected, period_from, "
            f"period_to, orphans FROM {WAREHOUSE}.mart.table_load {joined} ORDER BY label, source_id"
        ).fetchall():
            source, table, label, *counts, first, last, orphans = row
            is_told = is_exact or not own
            words = [f"{count:,}" if is_told and count is not None else "" for count in (*counts, orphans)]
            tables.append((source, table, label, *words[:2], first, last, words[2]))
        lost = [
            (*row, f"{count:,}")
            for count, *row in connection.execute(
                "SELECT orphans, source_id, table_name, label, column_label, refers_label "
                f"FROM {WAREHOUSE}.mart.orphan {joined} WHERE NOT is_own OR {is_exact} "
                "ORDER BY label, column_label, source_id"
            ).fetchall()
        ]
    make_table(connection, "table_summary", tables)
    make_table(connection, "orphan_summary", lost)


def pass_reports(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table of who reported in which closed month from the frozen series."""
    make_table(connection, "coverage", [])
    connection.execute(
        f"INSERT INTO coverage SELECT {', '.join(PASSED['coverage'])} FROM {FROZEN}.coverage "
        f"SEMI JOIN {WAREHOUSE}.mart.collection USING (collection) ORDER BY ALL"
    )


def pass_revisions(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table of revisions from the frozen series."""
    rows = connection.execute(
        f"SELECT collection, subject, year, revision, strftime(as_of, '%Y-%m-%d') FROM {FROZEN}.revision "
        f"SEMI JOIN {WAREHOUSE}.mart.collection USING (collection, subject) ORDER BY ALL"
    ).fetchall()
    make_table(connection, "revision", rows)
