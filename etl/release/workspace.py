"""Where a release is worked out: a folder of its own in the restricted zone, and an in-memory database."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from etl.config import PRIVATE_FILE, PRIVATE_FOLDER, Home
from etl.errors import EtlError
from etl.release.cells.layout import FROZEN, WAREHOUSE
from etl.release.publishing.writer_process import quoted
from etl.store import threads, warehouse

MEMORY_LIMIT = "2500MiB"


def is_synthetic_home(home: Home) -> bool:
    """Tell whether the current warehouse of a home holds made-up records."""
    manifest = warehouse.read_manifest(home)
    version = manifest.version(manifest.current) if manifest else None
    return bool(version and version.is_synthetic)


def ancestors(home: Home) -> list[warehouse.Version]:
    """Return the kept warehouses of real records that the current one was made from, newest first.

    One that is gone or damaged is left out: it is no witness of what was there, and stops no release.
    """
    manifest = warehouse.read_manifest(home)
    version = manifest.version(manifest.current) if manifest else None
    found: list[warehouse.Version] = []
    while manifest and version and version.parent is not None:
        version = manifest.version(version.parent)
        if version is None or version.is_synthetic:
            break
        if not warehouse.fault(home, version):
            found.append(version)
    return found


@contextmanager
def aside_folder(home: Home) -> Iterator[Path]:
    """Make an empty folder in the restricted zone; remove it, and what a killed run left."""
    folder = home.restricted / "release-aside"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=PRIVATE_FOLDER)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def connected(folder: Path, origin: Path, frozen: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory database with warehouse and frozen records attached; true counts die with it."""
    config: dict[str, Any] = {
        **warehouse.NOT_FLUSHED,  # `put_frozen` flushes the copy before it takes the place of the last one
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(folder / "spill"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(config=config) as connection:
        connection.execute(f"ATTACH {quoted(origin)} AS {WAREHOUSE} (READ_ONLY)")
        try:
            connection.execute(f"ATTACH {quoted(frozen)} AS {FROZEN}")
        except duckdb.Error as error:  # its text may quote what it found in the file
            raise EtlError(
                f"restricted/{frozen.name} cannot be read: it is damaged.",
                "python -m etl verify (names what is damaged, and what to do)",
            ) from error
        frozen.chmod(PRIVATE_FILE)
        threads.fit_to_rows(connection, "mart", WAREHOUSE)
        yield connection
        connection.execute(f"CHECKPOINT {FROZEN}; DETACH {FROZEN}")
