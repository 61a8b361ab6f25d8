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
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from sqlglot import expressions as sql

from etl.config import PRIVATE_FOLDER
from etl.errors import EtlError
from etl.release.cells import builders
from etl.release.cells.count import type_of
from etl.release.cells.layout import Layout
from etl.release.cells.plan import Family
from etl.release.publishing.writer_process import quoted
from etl.release.spark.session import condition, session_at

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
    with session_at(master, folder) as session:
        yield OnSpark(session, folder, master)


class OnSpark:
    """Spark counts what it is handed.

    Parameters
    ----------
    session
        A running session.
    folder
        Where Parquet files go out and come back; every worker sees it under the same path.
    master
        For messages.
    """

    def __init__(self, session: SparkSession, folder: Path, master: str) -> None:
        self._session, self._folder, self._master = session, folder, master

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
        try:
            self._run(connection, layout, families, folder)
        except (PySparkException, OSError) as error:
            raise self._failed(condition(error)) from error
        except Exception as error:
            # py4j, through which PySpark speaks to Java, has an error class of its own; it is no dependency
            # of this module, and its text may hold rows.
            if not type(error).__module__.startswith(("py4j", "grpc")):
                raise
            raise self._failed(condition(error)) from error
        for place, family in enumerate(families):
            if not _is_whole(connection, family, folder / f"cells-{place}"):
                raise self._failed("not all cells came back")
            _bring_back(connection, layout, folder / f"cells-{place}")
        shutil.rmtree(folder)

    def _run(
        self, connection: duckdb.DuckDBPyConnection, layout: Layout, families: Sequence[Family], folder: Path
    ) -> None:
        for name in ("records", *(f"attribute_{kind}" for kind in layout.kinds)):
            self._session.read.parquet(str(folder / name)).createOrReplaceTempView(name)
        (records,) = connection.execute("SELECT count(*) FROM records").fetchone() or (0,)
        # Java that is written and compiled for each statement pays for itself with many records only.
        is_large = records > 2 * ROWS_OF_A_PART
        self._set("spark.sql.shuffle.partitions", max(4, records // ROWS_OF_A_PART))
        self._set("spark.sql.codegen.wholeStage", str(is_large).lower())
        self._set("spark.sql.codegen.factoryMode", "FALLBACK" if is_large else "NO_CODEGEN")
        dims = layout.subject.dimensions
        types = {**PLAIN, **dict.fromkeys(dims, "INT"), **NUMBERS}
        for place, family in enumerate(families):
            # Written down between the two statements: a lost worker costs the parts that it was working on.
            grains = str(folder / f"grains-{place}")
            self._session.sql(translated(builders.grains(family))).write.parquet(grains)
            self._session.read.parquet(grains).createOrReplaceTempView("grain")
            cells = self._session.sql(translated(builders.roll_up(layout.subject, family)))
            typed = [f"CAST({name} AS {kind}) AS {name}" for name, kind in types.items()]
            cells.selectExpr(*typed).write.parquet(str(folder / f"cells-{place}"))

    def _set(self, name: str, value: object) -> None:
        self._session.conf.set(name, str(value))

    def _failed(self, why: str) -> EtlError:
        return EtlError(
            f"Spark at {self._master} did not finish: {why}. The last release is unchanged.",
            f"Do all workers see {self._folder.parent.parent} under this path, as this user, and have they "
            f"space and memory? Then: python -m etl release --engine spark --master '{self._master}'",
        )


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
    files = quoted(folder / "*.parquet")
    connection.execute(f"INSERT INTO counted BY NAME SELECT {columns} FROM read_parquet({files})")


def _is_whole(connection: duckdb.DuckDBPyConnection, family: Family, folder: Path) -> bool:
    """Tell whether each table of a family came back with all records: a worker may have written elsewhere.

    Families of two dimensions with several codes are left out: to join those here is what Spark is for.
    """
    if not (folder / "_SUCCESS").is_file() or not list(folder.glob("*.parquet")):
        return False
    if len(family.multi) > 1:
        return True
    there = f"SELECT count(*), sum(record_key) FROM ({builders.records(family.multi)})"
    back = f"SELECT sum(n), sum(key_sum) FROM read_parquet({quoted(folder / '*.parquet')})"
    records, keys = connection.execute(there).fetchone() or (0, 0)
    tables = sum(map(len, family.tables.values()))
    return connection.execute(back).fetchone() == (records * tables, (keys or 0) * tables)
