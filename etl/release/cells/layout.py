"""Where the records of one subject lie, and their codes: the same columns for every subject.

A subject of ``data/catalog/subjects`` names its table in the mart. Each of its dimensions is a column of that
table, or a ``kind`` of the bridge table ``<table>_attribute`` (a person can have several codes of a kind).
So a new subject joins the release by its TOML file alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from analysis.catalog.model import NOT_RECORDED, Catalog, Subject
from etl.errors import EtlError
from etl.release.cells.keys import keyed

WAREHOUSE, FROZEN = "w", "f"  # names under which the two files are attached
RECORD = "collection, record, reference_year"  # what makes a record one
BASE_COLUMNS = ("collection", "record", "reference_year", "period_start", "area_code")


@dataclass(frozen=True)
class Layout:
    """The records of one subject.

    Attributes
    ----------
    subject
        What is counted.
    columns, kinds
        Dimensions that are columns of the subject's table; dimensions in its bridge table.
    bridge
        All kinds that are frozen from the bridge table: `kinds`, lists of agencies, months until entry.
    finer
        Dimensions that divide the categories of another one, as age bands divide children and adults.
    renamed
        Dimension → code of the frozen records → code under which it leaves, where that is another one.
    """

    subject: Subject
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    finer: tuple[str, ...] = ()
    bridge: tuple[str, ...] = ()
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def outward(self, dimension: str, column: str) -> str:
        """Return the SQL for the code under which a record is counted in a dimension.

        Parameters
        ----------
        dimension
            Its code.
        column
            Column with the code of the frozen records.
        """
        pairs = self.renamed.get(dimension, {}).items()
        whens = " ".join(f"WHEN {texts([code])} THEN {texts([shown])}" for code, shown in pairs)
        return f"CASE {column} {whens} ELSE {column} END" if whens else column

    @property
    def code(self) -> str:
        """Code of the subject; also the name of its frozen table."""
        return self.subject.code


def columns_of(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> set[str]:
    """Return the columns of a table (schema and name in one); empty when there is none."""
    schema, _, name = table.rpartition(".")
    # The table itself is asked: `duckdb_columns()` goes through the columns of every table there is.
    try:
        rows = connection.execute(f"DESCRIBE {database}.{schema or 'main'}.{name}").fetchall()
    except duckdb.CatalogException:
        return set()
    return {row[0] for row in rows}


def layouts(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> list[Layout]:
    """Return the layouts of all protected subjects whose table this warehouse has.

    Raises
    ------
    EtlError
        When the warehouse has neither a column nor a bridge table for a dimension, or no column for the
        person of a record.
    """
    found = []
    for subject in catalog.subjects.values():
        have = columns_of(connection, WAREHOUSE, subject.table)
        if subject.door != "person" or not have:
            continue
        columns = tuple(code for code in subject.dimensions if code in have)
        kinds = tuple(code for code in subject.dimensions if code not in have)
        has_bridge = bool(columns_of(connection, WAREHOUSE, f"{subject.table}_attribute"))
        if kinds and not has_bridge:
            raise EtlError(
                f"data/catalog/subjects/{subject.code}.toml: '{kinds[0]}' is no column of {subject.table}, "
                f"and there is no table {subject.table}_attribute.",
                "Correct 'core' or 'detail' in that file, or build the warehouse again: python -m etl build",
            )
        if subject.person and subject.person not in have:
            raise EtlError(
                f"data/catalog/subjects/{subject.code}.toml: person = '{subject.person}' is no column of "
                f"{subject.table}.",
                "Correct 'person' in that file, or build the warehouse again: python -m etl build",
            )
        finer = tuple(code for code in subject.dimensions if catalog.dimensions[code].divides_another)
        # A warehouse of an earlier version has no month of entry of some subjects: nothing is told of it.
        bridge = (*kinds, *filter(None, (subject.lists, subject.entered))) if has_bridge else ()
        found.append(Layout(subject, columns, kinds, finer, bridge=bridge))
    return found


def name_records(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Make the views ``mart_<subject>`` and ``mart_<subject>_attribute``, with columns as in the frozen
    tables.

    No code is there twice for a record: `etl/mart/sql/90_check_mart.sql` keeps such a mart out, and to look
    again
    costs more than to count (6.5 million rows: 4 s).
    """
    subject, plain = layout.subject, ("collection", "reference_year", "period_start", "area_code")
    identity = [f"{subject.key} AS record", f"{keyed(subject.key, subject.person)} AS keyed"]
    columns = ", ".join([*plain, *identity, *(f"{code}::VARCHAR AS {code}" for code in layout.columns)])
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW mart_{subject.code} AS "
        f"SELECT {columns} FROM {WAREHOUSE}.{subject.table}"
    )
    if layout.bridge:
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW mart_{subject.code}_attribute AS "
            f"SELECT collection, {subject.key} AS record, reference_year, kind::VARCHAR AS kind, "
            f"code::VARCHAR AS code FROM {WAREHOUSE}.{subject.table}_attribute "
            f"WHERE kind::VARCHAR IN ({texts(layout.bridge)})"
        )


def check_records(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Refuse records that cannot be counted rightly.

    Raises
    ------
    EtlError
        For a record twice in one year, a year that is not its period's, a missing value or an unknown area.
    """
    subject = layout.subject
    empty = " OR ".join(f"{code} IS NULL" for code in (*BASE_COLUMNS, *layout.columns))
    rules = {
        "a record twice in one collection and year": (
            f"SELECT count(*) FROM (SELECT 1 FROM mart_{subject.code} GROUP BY {RECORD} HAVING count(*) > 1)"
        ),
        "a reference year that is not the year of its period": (
            f"SELECT count(*) FROM mart_{subject.code} WHERE reference_year <> year(period_start)"
        ),
        f"a missing value (it should be '{NOT_RECORDED}')": (
            f"SELECT count(*) FROM mart_{subject.code} WHERE {empty}"
        ),
        "an area that is not in its geography": (
            f"SELECT count(*) FROM mart_{subject.code} AS record "
            f"JOIN {WAREHOUSE}.mart.collection AS origin ON origin.collection = record.collection "
            f"AND origin.subject = '{subject.code}' ANTI JOIN {WAREHOUSE}.mart.area AS area "
            f"ON area.geography = origin.geography AND area.code = record.area_code "
            f"WHERE area_code <> '{NOT_RECORDED}'"
        ),
    }
    for rule, query in rules.items():
        if _one(connection, query):
            raise EtlError(f"{subject.table} holds {rule}.", "Build the warehouse again: python -m etl build")


def has_records(connection: duckdb.DuckDBPyConnection, layout: Layout) -> bool:
    """Tell whether any record of a subject is frozen."""
    return connection.execute(f"SELECT 1 FROM {FROZEN}.{layout.code} LIMIT 1").fetchone() is not None


def check_codes(connection: duckdb.DuckDBPyConnection, layout: Layout, catalog: Catalog) -> None:
    """Refuse frozen records with a code that is not in its code list.

    Raises
    ------
    EtlError
        Naming the dimension; never the code, which came from a record.
    """
    for code in layout.subject.dimensions:
        if catalog.dimensions[code].codes_from:
            continue
        query = f"SELECT count(*) FROM ({codes_query(layout, code)}) WHERE code NOT IN (SELECT unnest(?))"
        if _one(connection, query, [list(catalog.dimensions[code].codes)]):
            raise EtlError(
                f"{layout.subject.table}: '{code}' holds a code that is not in "
                f"data/catalog/dimensions/{code}.toml. Records of closed months keep their codes.",
                f"Put the code back into data/catalog/dimensions/{code}.toml, then: python -m etl release",
            )


def codes_query(layout: Layout, dimension: str) -> str:
    """Return the query for the different codes of a dimension among the frozen records."""
    if dimension in layout.columns:
        return f"SELECT DISTINCT {dimension} AS code FROM {FROZEN}.{layout.code}"
    return f"SELECT DISTINCT code FROM {FROZEN}.{layout.code}_attribute WHERE kind = '{dimension}'"


def codes_of(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, layout: Layout, dimension: str
) -> list[str]:
    """Return the code list of a dimension; contributors (an open list) are those of the frozen records."""
    if not catalog.dimensions[dimension].codes_from:
        return list(catalog.dimensions[dimension].codes)
    outward = layout.outward(dimension, "code")
    rows = connection.execute(
        f"SELECT DISTINCT {outward} AS code FROM ({codes_query(layout, dimension)}) ORDER BY code"
    ).fetchall()
    return [row[0] for row in rows]


def texts(codes: Sequence[str]) -> str:
    """Return codes of the catalog as a list of SQL texts."""
    return ", ".join("'" + code.replace("'", "''") + "'" for code in codes)


def _one(connection: duckdb.DuckDBPyConnection, query: str, values: list[object] | None = None) -> int:
    row = connection.execute(query, values or []).fetchone()
    return int(row[0]) if row else 0
