"""Runs the SQL files of ``etl/mart/sql`` in name order: stage → core → mart → checks.

Files before ``20`` make the stage tables, so that rows can be put in; the rest makes the mart anew from all
current rows. Everything happens in the file that is being changed aside (`etl.store.warehouse`).
"""

from pathlib import Path

import duckdb

from analysis import load_catalog
from etl.contracts.stage_tables import make_stage_tables, name_stage_rows
from etl.errors import EtlError
from etl.mart.code_lists import write_code_lists
from etl.mart.dangling import count_tables
from etl.mart.editions import draw_one_edition, recast
from etl.mart.own_figures import make_figure_table
from etl.progress import Progress

SQL = Path(__file__).with_name("sql")
CHECKS = "90"


def files(first: str, last: str) -> list[Path]:
    """Return the SQL files whose number lies between two numbers, both included, in name order."""
    return [path for path in sorted(SQL.glob("[0-9][0-9]_*.sql")) if first <= path.name[:2] <= last]


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the stage tables where they are missing."""
    for path in files("10", "19"):
        connection.execute(path.read_text("utf-8"))
    make_stage_tables(connection)


def rebuild(connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
    """Make core and mart anew from the current rows of the stage, then check them.

    Raises
    ------
    EtlError
        When a rule of the mart is broken; the caller throws the changed file away.
    """
    progress.start("Code lists")
    name_stage_rows(connection)
    write_code_lists(connection, load_catalog())
    make_figure_table(connection, load_catalog())
    for path in files("20", "89"):
        progress.start(_title(path))
        try:
            connection.execute(path.read_text("utf-8"))
        except duckdb.ConversionException as error:
            # Its text holds the code, which is no value of a person; which one it is stays out all the same.
            raise EtlError(
                f"{path.name}: loaded rows hold a code that data/catalog/dimensions no longer has.",
                "Put the code back, or load the files again: python -m etl build",
            ) from error
    draw_one_edition(connection, load_catalog().editions)
    recast(connection, load_catalog().editions)
    count_tables(connection)
    progress.start("Checks")
    for path in files(CHECKS, "99"):
        broken = connection.execute(path.read_text("utf-8")).fetchall()
        if broken:
            found = "; ".join(f"{rule} ({count})" for rule, count in broken)
            raise EtlError(
                f"The new warehouse breaks a rule and was thrown away: {found}. Nothing was changed.",
                "This is a defect or a damaged file: report it with this message (it holds no record).",
            )


def _title(path: Path) -> str:
    """Turn ``31_mart_person.sql`` into ``Mart: person``."""
    _, stage, *words = path.stem.split("_")
    return f"{stage.capitalize()}: {' '.join(words)}"
