"""Runs the SQL files of ``etl/mart/sql`` in name order: stage → core → mart → checks.

Files before ``20`` make the stage tables, so that rows can be put in; the rest makes the mart anew from all
current rows, but for what has no rows and would have none (`etl.mart.standing`). Everything happens in the
file that is being changed aside (`etl.store.warehouse`).
"""

import functools
from pathlib import Path

import duckdb

from analysis import Catalog, load_catalog
from etl.contracts.stage_tables import make_stage_tables, name_stage_rows, wanted_columns
from etl.errors import EtlError
from etl.mart import standing
from etl.mart.code_lists import definitions, drop_mart, listed, write_code_lists
from etl.mart.dangling import count_tables
from etl.mart.editions import draw_one_edition, recast
from etl.mart.own_figures import make_figure_table
from etl.progress import Progress
from etl.store import threads

SQL = Path(__file__).with_name("sql")
CHECKS = "90"


def files(first: str, last: str) -> list[Path]:
    """Return the SQL files whose number lies between two numbers, both included, in name order."""
    return [path for path in sorted(SQL.glob("[0-9][0-9]_*.sql")) if first <= path.name[:2] <= last]


@functools.cache
def _texts_of_files() -> tuple[str, ...]:
    return tuple(path.read_text("utf-8") for path in files("10", "99"))


def _maker(catalog: Catalog) -> str:
    """Return the fingerprint of this program's SQL, with what of it follows from the catalog."""
    follows = (repr(wanted_columns()), listed(catalog), *definitions(catalog))
    return standing.fingerprint((*follows, *_texts_of_files()))


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the stage tables where they are missing; nothing is missing where the same program made them."""
    if standing.made_by(connection) == _maker(load_catalog()):
        return
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
    threads.fit_to_rows(connection, "stage")
    catalog = load_catalog()
    maker = _maker(catalog)
    is_same = standing.made_by(connection) == maker
    stays = standing.that_stay(connection, files("20", "79")) if is_same else {}
    drop_mart(connection, frozenset().union(*stays.values()))
    if not is_same:
        name_stage_rows(connection)
        write_code_lists(connection, catalog)
    make_figure_table(connection, catalog)
    for path in files("20", "89"):
        progress.start(_title(path))
        if path in stays:
            continue
        try:
            connection.execute(path.read_text("utf-8"))
        except duckdb.ConversionException as error:
            # Its text holds the code, which is no value of a person; which one it is stays out all the same.
            raise EtlError(
                f"{path.name}: loaded rows hold a code that data/catalog/dimensions no longer has.",
                "Put the code back, or load the files again: python -m etl build",
            ) from error
    draw_one_edition(connection, catalog.editions)
    recast(connection, catalog.editions)
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
    standing.write_made_by(connection, maker)


def _title(path: Path) -> str:
    """Turn ``31_mart_person.sql`` into ``Mart: person``."""
    _, stage, *words = path.stem.split("_")
    return f"{stage.capitalize()}: {' '.join(words)}"
