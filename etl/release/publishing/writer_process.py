"""Fills a release file, in a process of its own that has never seen a record (`write` starts it).

Why a process: DuckDB leaves unset bytes between the parts of a block, and they hold whatever lay in memory
before. Here that can only be published numbers. Memory comes zeroed (the caller's environment asks DuckDB's
allocator for it), one thread writes, and the random identifier in the headers is replaced: so equal content
gives equal bytes. Imports nothing of this project, so that it starts quickly.

    python fill.py TABLES.json FILE

TABLES.json: table to column to type; the rows lie beside it, one Parquet file a table, in their final order.
"""

import json
import os
import sys
from pathlib import Path

import duckdb

HEADER_BYTES = 4096
HEADERS = (0, 4096, 8192)
CHECKSUM_BYTES = 8
IDENTIFIER = slice(124, 140)
FIXED_IDENTIFIER = b"trends - release"
UNCLEAN = "bitpacking"
BLOCK_BYTES = 32_768  # every table fills whole blocks, and most tables are small: half the size of the usual
WORD, ALL_BITS = 0xBF58476D1CE4E5B9, 0xFFFFFFFFFFFFFFFF


class FormatError(Exception):
    """The file is not laid out as DuckDB 2.0 lays out its files."""


def fill(plan: Path, file: Path) -> None:
    """Create the file and its tables, rows as they come.

    Parameters
    ----------
    plan
        TABLES.json.
    file
        Must not exist.
    """
    tables: dict[str, dict[str, str]] = json.loads(plan.read_text("utf-8"))
    # Nothing waits for the disk here: `fix_identifier` flushes the whole file once its headers are right.
    with duckdb.connect(
        config={"threads": 1, "preserve_insertion_order": True, "fsync_mode": "NONE"}
    ) as connection:
        # Packed groups of 32 numbers are filled up with whatever lay on the stack: no two files were equal.
        connection.execute(f"SET disabled_compression_methods = '{UNCLEAN}'")
        connection.execute(f"ATTACH {quoted(file)} AS out (BLOCK_SIZE {BLOCK_BYTES})")
        for name, columns in tables.items():
            typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            connection.execute(f"CREATE TABLE out.{name} ({typed})")
            rows = [str(plan.with_name(f"{name}.parquet"))]
            connection.execute(f"INSERT INTO out.{name} SELECT * FROM read_parquet(?)", rows)
        connection.execute("CHECKPOINT out")
        connection.execute("DETACH out")


def quoted(path: Path) -> str:
    """Return a path as an SQL text: ATTACH and COPY take no bound values."""
    return "'" + str(path).replace("'", "''") + "'"


def fix_identifier(file: Path) -> None:
    """Replace the random identifier in the headers of a DuckDB file and correct their checksums.

    Raises
    ------
    FormatError
        When a header's checksum is not the one computed here; the file is left as it was.
    """
    with file.open("r+b") as opened:
        start = opened.read(HEADERS[-1] + HEADER_BYTES)
        headers = [bytearray(start[place : place + HEADER_BYTES]) for place in HEADERS]
        identifier = bytes(headers[0][IDENTIFIER])
        if any(_stored_checksum(header) != _checksum(header) for header in headers):
            raise FormatError("DuckDB has changed its file format; use the versions of requirements.lock")
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
        result ^= int.from_bytes(header[place : place + 8], "little") * WORD & ALL_BITS
    return result


if __name__ == "__main__":
    try:
        fill(Path(sys.argv[1]), Path(sys.argv[2]))
        fix_identifier(Path(sys.argv[2]))
    except (duckdb.Error, OSError, FormatError) as error:
        sys.exit(str(error).splitlines()[0])
