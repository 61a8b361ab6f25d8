"""Writes one examined file into the stage: older rows of the same source and months give way."""

from collections.abc import Sequence
from datetime import datetime

import duckdb
import polars as pl

from analysis.periods import SEVERAL
from etl.contracts.area_words import ways_to_write
from etl.contracts.areas import Areas, areas_of
from etl.contracts.tables import looked_up_tables
from etl.errors import EtlError
from etl.incoming import Incoming
from etl.load.account import Account
from etl.load.check import FileId, Loaded
from etl.load.compared.replacing import older_rows
from etl.load.rows import Rows
from etl.mapping.published import OBSERVATION
from etl.store.warehouse import first_row

REFERENCE = ("area", "area_shape", "area_population", "area_context", "law_provision")
SOURCE_COLUMNS = (
    "source_id",
    "label",
    "collection",
    "collection_label",
    "geography",
    "unit",
    "is_own",
    "is_synthetic",
    "period_resolution",
    "publisher",
    "licence",
    "citation",
    "rule",
    "person_scheme",
)


def already_loaded(connection: duckdb.DuckDBPyConnection, file: FileId, source_name: str) -> Loaded | None:
    """Return the current load of the same file, source and mapping, if there is one."""
    row = first_row(
        connection,
        "SELECT load_id, source_id, period_from, period_to, rows_in, rows_accepted, rows_partly, "
        "rows_rejected, coalesce(records_accepted, rows_accepted), coalesce(records_rejected, rows_rejected) "
        "FROM mart.load WHERE is_current AND sha256 = ? AND mapping_sha256 = ? AND reader = ? "
        "ORDER BY load_id DESC LIMIT 1",
        [file.sha256, file.mapping_sha256, source_name],
    )
    if row is None:
        return None
    load_id, source_id, first, last, rows, accepted, partly, rejected, *records = row
    left_out = connection.execute(
        "SELECT reason, rows FROM stage.load_left_out WHERE load_id = ? ORDER BY ALL", [load_id]
    ).fetchall()
    known = Account(rows, accepted, partly, rejected, dict(left_out), *records)
    return Loaded(file.name, source_id, load_id, False, first, last, known)


def store(
    connection: duckdb.DuckDBPyConnection,
    incoming: Incoming,
    found: Loaded,
    rows: Rows,
    *,
    file: FileId,
    reader: str,
    loaded_at: datetime,
) -> None:
    """Write one examined file into the stage; rows of the same source and months give way.

    Parameters
    ----------
    found, rows
        As `etl.load.check.examine` leaves them; ``found.replaced`` is filled in.
    reader
        Name of the source module.
    """
    _write_source(connection, incoming)
    _write_series(connection, incoming)
    _replace(connection, incoming, file, found, rows)
    contributors = _contributors(incoming, rows)
    rows.put_away()
    rows_of_file = found.rows
    kept: dict[str, object] = {
        "load_id": found.load_id,
        "source_id": found.source_id,
        "reader": reader,
        "file_name": found.file_name,
        "sha256": file.sha256,
        "mapping_sha256": file.mapping_sha256,
        "rows_in": rows_of_file.rows,
        "rows_accepted": rows_of_file.accepted,
        "rows_rejected": rows_of_file.rejected,
        "loaded_at": loaded_at,
        "period_from": found.period_from,
        "period_to": found.period_to,
        "rows_partly": rows_of_file.partly,
        "records_accepted": rows_of_file.records_accepted,
        "records_rejected": rows_of_file.records_rejected,
    }
    connection.execute(
        f"INSERT INTO stage.load ({', '.join(kept)}) VALUES ({', '.join('?' for _ in kept)})",
        list(kept.values()),
    )
    for reason, count in rows_of_file.left_out.items():
        connection.execute("INSERT INTO stage.load_left_out VALUES (?, ?, ?)", [found.load_id, reason, count])
    for doubt in found.doubts:
        told = [found.load_id, doubt.check, doubt.series, doubt.label, doubt.words]
        connection.execute("INSERT INTO stage.load_doubt VALUES (?, ?, ?, ?, ?)", told)
    for table, count in found.tables.items():
        told_of = [found.load_id, table, count, table in found.tallies]
        connection.execute("INSERT INTO stage.load_table VALUES (?, ?, ?, ?)", told_of)
    for contributor in contributors:
        connection.execute(
            "INSERT INTO stage.load_contributor VALUES (?, ?, ?, ?)",
            [found.load_id, contributor, found.period_from, found.period_to],
        )
    connection.register("rejected_rows", found.rejected)
    connection.execute("INSERT INTO stage.rejected_row SELECT ?, * FROM rejected_rows", [found.load_id])
    connection.unregister("rejected_rows")


def _write_source(connection: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Write what is known of the source; a collection keeps one resolution, unit and geography."""
    source = incoming.source
    others = connection.execute(
        "SELECT source_id, period_resolution, geography FROM stage.source "
        "WHERE collection = ? AND source_id <> ?",
        [source.collection, source.source_id],
    ).fetchall()
    for other, resolution, geography in others:
        if (resolution, geography) != (source.period_resolution, source.geography):
            raise EtlError(
                f"Source '{source.source_id}' (by {source.period_resolution}, areas of '{source.geography}') "
                f"does not fit '{other}' (by {resolution}, areas of '{geography}') in '{source.collection}'.",
                "Give it a collection of its own, or the same period and geography.",
            )
    _refuse_years_beside_records(connection, incoming)
    marks = ", ".join("?" for _ in SOURCE_COLUMNS)
    connection.execute(
        f"INSERT OR REPLACE INTO stage.source ({', '.join(SOURCE_COLUMNS)}) VALUES ({marks})",
        [getattr(source, column) for column in SOURCE_COLUMNS],
    )


def _refuse_years_beside_records(connection: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Refuse counts of several years beside records under one code: its records would be of such a period."""
    source = incoming.source
    is_published = any(batch.table == OBSERVATION for batch in incoming.batches)
    of_others = "<>" if is_published else "="
    other = first_row(
        connection,
        "SELECT period_resolution FROM stage.source JOIN stage.load USING (source_id) "
        f"JOIN stage.load_table USING (load_id) WHERE source_id = ? AND table_name {of_others} ? LIMIT 1",
        [source.source_id, OBSERVATION],
    )
    if other and SEVERAL in (source.period_resolution, other[0]) and source.period_resolution != other[0]:
        raise EtlError(
            f"Source '{source.source_id}' holds records and published counts of several years together "
            "(period_resolution), and records are of no such period.",
            "Give the published counts a source of their own: [source] id in their mapping.",
        )


def _write_series(connection: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Write the words of the series of published counts in a file; the mapping read last holds."""
    for one in incoming.series:
        connection.execute(
            "INSERT OR REPLACE INTO stage.series (source_id, code, label, unit, definition, over_time) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [incoming.source.source_id, one.code, one.label, one.unit, one.definition, one.over_time],
        )


def _replace(
    connection: duckdb.DuckDBPyConnection,
    incoming: Incoming,
    file: FileId,
    found: Loaded,
    rows: Rows,
) -> None:
    """Delete older rows that this file stands for; note the loads they came from.

    Earlier versions of the warehouse keep the rows until those versions are dropped.
    """
    for batch in incoming.batches:
        table = batch.table
        older, values = older_rows(connection, incoming, batch, rows, file_name=file.name)
        touched = connection.execute(
            f"SELECT DISTINCT load_id FROM stage.{table} WHERE {older}", values
        ).fetchall()
        connection.execute(f"DELETE FROM stage.{table} WHERE {older}", values)
        connection.unregister("incoming_rows")
        found.replaced = sorted({*found.replaced, *(load_id for (load_id,) in touched)})


def _contributors(incoming: Incoming, rows: Rows) -> Sequence[str]:
    """Return who reported in a file: contributors named in its rows, or its source when no row names one."""
    personal = [batch.table for batch in incoming.batches if batch.contract.personal]
    named = {code for table in personal for code in rows.sources(table)}
    is_dated = any(batch.contract.is_dated for batch in incoming.batches)
    return sorted(named) or ([incoming.source.source_id] if is_dated else [])


def next_load_id(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the next load."""
    row = first_row(connection, "SELECT coalesce(max(load_id), 0) + 1 FROM stage.load")
    return int(row[0]) if row else 1


def areas_for(connection: duckdb.DuckDBPyConnection, incoming: Incoming) -> Areas:
    """Return the areas that the records of a file may name: those loaded and those in the file itself."""
    geography = incoming.source.geography
    for batch in incoming.batches:
        if batch.table == "area":
            listed = batch.frame.filter(pl.col("geography") == geography).select("code", "name", "parent")
            return Areas(listed.drop_nulls(["code", "name"]).rows(), ways_to_write(geography))
    is_published = any(batch.table == OBSERVATION for batch in incoming.batches)
    return areas_of(connection, geography, with_outside=is_published)


def known_for(connection: duckdb.DuckDBPyConnection, incoming: Incoming) -> dict[str, pl.DataFrame]:
    """Return loaded rows of the tables that the contracts of a file's tables look things up in."""
    found: dict[str, pl.DataFrame] = {}
    for lookup in (one for batch in incoming.batches for one in batch.contract.lookups):
        columns = ", ".join(f'"{name}"' for name in (lookup.key, *lookup.adds))
        rows = connection.sql(f"SELECT {columns} FROM stage.{lookup.table} ORDER BY load_id, line").pl()
        if rows.height:
            found[lookup.table] = rows
    return found


def is_looked_up(incoming: Incoming) -> bool:
    """Tell whether a file brings rows that rules about other files' rows need."""
    return any(batch.table in looked_up_tables() for batch in incoming.batches)


def is_reference(incoming: Incoming) -> bool:
    """Tell whether a file brings areas, population or laws, which records refer to."""
    return any(batch.table in REFERENCE for batch in incoming.batches)
