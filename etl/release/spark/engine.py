"""Counts on Spark: records go out as Parquet, cells come back as Parquet, numbers only.

What leaves DuckDB is a number for each code, area, collection and record, never a text of a record. So
nothing depends on how Spark orders, compares or escapes texts, and a worker's disk holds no name. Freezing,
keys, thresholds and the file that is written stay where they are.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import expressions as sql

from etl.config import PRIVATE_FOLDER
from etl.errors import EtlError
from etl.release.cells import builders
from etl.release.cells.count import type_of
from etl.release.cells.layout import Layout
from etl.release.cells.plan import Family
from etl.release.publishing.writer_process import quoted
from etl.release.spark import faults, patience
from etl.release.spark.patience import NothingHappensError
from etl.release.spark.session import Running, session_at, to_read, to_write

ROWS_OF_A_PART = 500_000  # of a shuffle; Spark joins small parts itself
#: Columns of ``counted`` that are no dimension, with their types in Spark.
PLAIN = {"collection": "INT", "period_level": "STRING", "month": "INT", "area_level": "INT", "area": "INT"}
NUMBERS = {"n": "BIGINT", "key_sum": "BIGINT"}


@contextmanager
def opened(master: str, aside: Path) -> Iterator["OnSpark"]:
    """Start Spark and return the engine; end it and leave nothing behind but what the caller removes.

    Parameters
    ----------
    master
        As `etl.release.spark.master.checked` returned it.
    aside
        The folder of this release run in the restricted zone.
    """
    folder = aside / "spark"
    folder.mkdir(mode=PRIVATE_FOLDER)
    with session_at(master, folder) as running:
        yield OnSpark(running, folder, master)


class OnSpark:
    """Spark counts what it is handed.

    Parameters
    ----------
    running
        A session.
    folder
        Where Parquet files go out and come back; every worker sees it under the same path.
    master
        For messages.
    """

    def __init__(self, running: Running, folder: Path, master: str) -> None:
        self._running, self._folder, self._master = running, folder, master
        self._session = running.session

    def count(
        self, connection: duckdb.DuckDBPyConnection, layout: Layout, families: Sequence[Family]
    ) -> None:
        """Fill ``counted``, as `etl.release.cells.count.InPlace` does.

        Raises
        ------
        EtlError
            When Spark failed, or brought back other numbers of records than there are.
        """
        folder = self._folder / layout.code
        folder.mkdir(mode=PRIVATE_FOLDER)
        _hand_over(connection, layout, folder)
        (records,) = connection.execute("SELECT count(*) FROM records").fetchone() or (0,)
        try:
            self._running.watched(lambda: self._run(records, layout, families, folder))
        except NothingHappensError as error:
            raise self._failed(
                f"for {patience.WORKER_SECONDS} seconds no worker took what was left to do"
            ) from error
        except Exception as error:
            if not faults.is_of_spark(error):
                raise
            raise self._failed(faults.words(error)) from error
        for place, family in enumerate(families):
            if not is_whole(connection, family, folder / f"cells-{place}"):
                raise self._failed("not all cells came back")
            _bring_back(connection, layout, folder / f"cells-{place}")
        shutil.rmtree(folder)

    def _run(self, records: int, layout: Layout, families: Sequence[Family], folder: Path) -> None:
        for name in ("records", *(f"attribute_{kind}" for kind in layout.kinds)):
            self._session.read.parquet(to_read(folder / name)).createOrReplaceTempView(name)
        # Java that is written and compiled for each statement pays for itself with many records only.
        is_large = records > 2 * ROWS_OF_A_PART
        self._set("spark.sql.shuffle.partitions", max(4, records // ROWS_OF_A_PART))
        self._set("spark.sql.codegen.wholeStage", str(is_large).lower())
        self._set("spark.sql.codegen.factoryMode", "FALLBACK" if is_large else "NO_CODEGEN")
        dims = layout.subject.dimensions
        types = {**PLAIN, **dict.fromkeys(dims, "INT"), **NUMBERS}
        for place, family in enumerate(families):
            # Written down between the two statements: a lost worker costs the parts that it was working on.
            grains = folder / f"grains-{place}"
            self._session.sql(translated(builders.grains(family))).write.parquet(to_write(grains))
            self._session.read.parquet(to_read(grains)).createOrReplaceTempView("grain")
            cells = self._session.sql(translated(builders.roll_up(layout.subject, family)))
            typed = [f"CAST({name} AS {kind}) AS {name}" for name, kind in types.items()]
            cells.selectExpr(*typed).write.parquet(to_write(folder / f"cells-{place}"))

    def _set(self, name: str, value: object) -> None:
        self._session.conf.set(name, str(value))

    def _failed(self, why: str) -> EtlError:
        return faults.not_finished(self._master, self._folder, why)


def translated(statement: str) -> str:
    """Return a statement of `etl.release.cells.builders` in Spark's dialect."""
    tree = sqlglot.parse_one(statement, read="duckdb")
    # Spark's grouping() asks about one column. grouping_id() without any counts all columns that are grouped
    # by, in their order; the first, the collection, is in every set, and its bit is never set.
    for call in list(tree.find_all(sql.Grouping)):
        call.replace(sql.Anonymous(this="grouping_id", expressions=[]))
    return tree.sql(dialect="spark")


def _hand_over(connection: duckdb.DuckDBPyConnection, layout: Layout, folder: Path) -> None:
    coded = ["collection", "county", "district", *layout.columns]
    columns = ", ".join(f"enum_code({name})::INTEGER AS {name}" for name in coded)
    connection.execute(
        f"COPY (SELECT id, record_key, month, {columns}, month // 12 AS year FROM records) "
        f"TO {quoted(folder / 'records')} (FORMAT parquet, PARTITION_BY (year))"
    )
    for kind in layout.kinds:
        target = folder / f"attribute_{kind}"
        target.mkdir(mode=PRIVATE_FOLDER)
        connection.execute(
            f"COPY (SELECT id, enum_code({kind})::INTEGER AS {kind} FROM attribute_{kind}) "
            f"TO {quoted(target / 'part.parquet')} (FORMAT parquet)"
        )


def _bring_back(connection: duckdb.DuckDBPyConnection, layout: Layout, folder: Path) -> None:
    dims = layout.subject.dimensions
    types = {"collection": "collection_code", "area": "area_code", **{code: type_of(code) for code in dims}}
    columns = ", ".join(
        f"(enum_range(NULL::{types[name]}))[{name} + 1]::{types[name]} AS {name}" if name in types else name
        for name in (*PLAIN, *dims, *NUMBERS)
    )
    connection.execute(f"INSERT INTO counted BY NAME SELECT {columns} FROM read_parquet({_files(folder)})")


def _files(folder: Path) -> str:
    """Return the files of a folder as a list in SQL: its name may look like a pattern."""
    return f"[{', '.join(map(quoted, sorted(folder.glob('*.parquet'))))}]"


def is_whole(connection: duckdb.DuckDBPyConnection, family: Family, folder: Path) -> bool:
    """Tell whether each table of a family came back with all records: a worker may have written elsewhere.

    A record is in a table once for each combination of its codes. How many combinations there are is known
    from how many codes it has of each kind, without joining them, which is what Spark is for.
    """
    if not (folder / "_SUCCESS").is_file() or not list(folder.glob("*.parquet")):
        return False
    codes = " ".join(
        f"JOIN (SELECT id, count(*) AS of_{kind} FROM attribute_{kind} GROUP BY id) USING (id)"
        for kind in family.multi
    )
    times = " * ".join(["1::HUGEINT", *(f"of_{kind}" for kind in family.multi)])
    there = f"SELECT sum({times}), sum(record_key * {times}) FROM records {codes}"
    back = f"SELECT sum(n), sum(key_sum) FROM read_parquet({_files(folder)})"
    records, keys = connection.execute(there).fetchone() or (0, 0)
    tables = sum(map(len, family.tables.values()))
    expected = ((records or 0) * tables, (keys or 0) * tables)
    return tuple(number or 0 for number in connection.execute(back).fetchone() or ()) == expected
