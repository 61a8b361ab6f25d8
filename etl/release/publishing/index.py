"""Makes the index of a release's cells, so that no reader's process has to: from the file, as it was written.

It holds what the file holds, the published cells, and nothing that the file does not.
"""

import stat
from pathlib import Path

import duckdb

from analysis import load_catalog
from analysis.release.index import file as index_file
from analysis.release.index.build import build
from analysis.release.index.cells import PARTS
from etl.store import warehouse


def write_index(file: Path) -> Path:
    """Write the index of a release file beside it, and return where it is.

    Parameters
    ----------
    file
        A release, whole and checked. Who may read it may read its index.
    """
    target = index_file.beside(file)
    with duckdb.connect(str(file), read_only=True) as connection:
        columns = set(
            connection.execute(
                "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
            ).fetchall()
        )
        indexes = {
            code: build(
                connection,
                code,
                _held(columns, code, subject.dimensions),
                are_sums=(f"cell_{code}", PARTS) in columns,
            )
            for code, subject in load_catalog().subjects.items()
            if (f"cell_{code}", "value") in columns
        }
    index_file.write(target, warehouse.sha256(file), indexes)
    target.chmod(stat.S_IMODE(file.stat().st_mode))
    warehouse.flush(target)
    return target


def _held(columns: set[tuple[str, str]], subject: str, dimensions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the dimensions that a subject's cells have in this release."""
    return tuple(name for name in dimensions if (f"cell_{subject}", name) in columns)
