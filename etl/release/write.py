"""Writes the release file, in a process of its own that has never seen a record.

Why a process: DuckDB leaves unset bytes between the parts of a block, and they hold whatever lay in memory before.
Here that can only be published numbers. The process asks DuckDB's allocator for zeroed memory and uses one
thread, and the random identifier in the file's headers is replaced, so that equal content gives equal bytes.

Run as ``python -m etl.release.write TABLES.json FILE``; the tables lie beside TABLES.json as Parquet.
"""

import json
import os
import subprocess  # our own interpreter, fixed arguments
import sys
from pathlib import Path

import duckdb

from etl.errors import EtlError
from etl.release.schema import Columns

PROJECT = Path(__file__).resolve().parents[2]
HEADER_BYTES = 4096
HEADERS = (0, 4096, 8192)
CHECKSUM_BYTES = 8
IDENTIFIER = slice(124, 140)
FIXED_IDENTIFIER = b"trends - release"
ZEROED_MEMORY = {"DUCKDB_JE_MALLOC_CONF": "zero:true"}
NOT_EQUAL = "DuckDB has changed its file format: rebuilt releases would not be equal byte for byte."


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
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "etl.release.write", str(plan), str(file)],
        cwd=PROJECT,
        env={**os.environ, **ZEROED_MEMORY},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        reason = (ran.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise EtlError(
            f"The release could not be written: {reason}. The last release is unchanged.",
            f"Free space under {file.parent}, then: python -m etl release",
        )


def fill(plan: Path, file: Path) -> None:
    """Create the file and its tables, one thread, rows as they come."""
    tables: dict[str, Columns] = json.loads(plan.read_text("utf-8"))
    with duckdb.connect(config={"threads": 1, "preserve_insertion_order": True}) as connection:
        connection.execute(f"ATTACH {quoted(file)} AS out")
        for name, columns in tables.items():
            typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            connection.execute(f"CREATE TABLE out.{name} ({typed})")
            connection.execute(
                f"INSERT INTO out.{name} SELECT * FROM read_parquet(?)",
                [str(plan.with_name(f"{name}.parquet"))],
            )
        connection.execute("CHECKPOINT out")
        connection.execute("DETACH out")


def quoted(path: Path) -> str:
    """Return a path as an SQL text: ATTACH and COPY take no bound values."""
    return "'" + str(path).replace("'", "''") + "'"


def fix_identifier(file: Path) -> None:
    """Replace the random identifier in the headers of a DuckDB file and correct their checksums.

    Raises
    ------
    EtlError
        When the headers are not as DuckDB 2.0 writes them; the file is left as it was.
    """
    with file.open("r+b") as opened:
        start = opened.read(HEADERS[-1] + HEADER_BYTES)
        headers = [bytearray(start[place : place + HEADER_BYTES]) for place in HEADERS]
        identifier = bytes(headers[0][IDENTIFIER])
        if any(
            _stored_checksum(header) != _checksum(header)
            for header in headers
            if any(header[CHECKSUM_BYTES:])
        ):
            raise EtlError(
                NOT_EQUAL, "Use the versions of requirements.lock: pip install -r requirements.lock"
            )
        for place, header in zip(HEADERS, headers, strict=True):
            if header[IDENTIFIER] == identifier:
                header[IDENTIFIER] = FIXED_IDENTIFIER
                header[:CHECKSUM_BYTES] = _checksum(header).to_bytes(CHECKSUM_BYTES, "little")
                opened.seek(place)
                opened.write(header)
        opened.flush()
        os.fsync(opened.fileno())


def _stored_checksum(header: bytes | bytearray) -> int:
    return int.from_bytes(header[:CHECKSUM_BYTES], "little")


def _checksum(header: bytes | bytearray) -> int:
    """Return DuckDB's checksum of a header: 5381, XOR over its 64-bit words of word · 0xbf58476d1ce4e5b9."""
    result = 5381
    for place in range(CHECKSUM_BYTES, len(header), 8):
        word = int.from_bytes(header[place : place + 8], "little")
        result ^= word * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    return result


if __name__ == "__main__":
    try:
        fill(Path(sys.argv[1]), Path(sys.argv[2]))
        fix_identifier(Path(sys.argv[2]))
    except (duckdb.Error, OSError, EtlError) as error:
        sys.exit(str(error).splitlines()[0])
