"""Has the release file written by a clean process: see `etl.release.publishing.writer_process` for why."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb

from etl.errors import EtlError
from etl.release.publishing.schema import Columns
from etl.release.publishing.writer_process import quoted

FILL = Path(__file__).with_name("writer_process.py")
ZEROED_MEMORY = {"DUCKDB_JE_MALLOC_CONF": "zero:true"}


def write_release(folder: Path, tables: dict[str, Columns], file: Path) -> None:
    """Write the tables of a folder (``<name>.parquet``, rows in final order) into a new DuckDB file.

    Parameters
    ----------
    folder
        Holds one Parquet file for each table.
    tables
        Columns and types, in the order in which the tables are written.
    file
        Must not exist.

    Raises
    ------
    EtlError
        When the file could not be written; its message holds no value.
    """
    plan = folder / "tables.json"
    plan.write_text(json.dumps(tables), "utf-8")
    ran = subprocess.run(  # noqa: S603 - our own interpreter and script, no shell
        [sys.executable, "-I", str(FILL), str(plan), str(file)],
        env={**os.environ, **ZEROED_MEMORY},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        reason = (ran.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise EtlError(
            f"The release could not be written: {reason}. The last release is unchanged.",
            f"Is there space under {file.parent.parent}? Then: python -m etl release",
        )


def hand_over(connection: duckdb.DuckDBPyConnection, folder: Path, tables: dict[str, Columns]) -> None:
    """Write what may be published, and only that, for the process that writes the release.

    A subject that this deployment does not load has a table without rows.
    """
    for name, columns in tables.items():
        typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({typed})")
        listed = ", ".join(f'"{column}"' for column in columns)
        target = quoted(folder / f"{name}.parquet")
        connection.execute(
            f"COPY (SELECT {listed} FROM {name}) TO {target} (FORMAT parquet, COMPRESSION uncompressed)"
        )
