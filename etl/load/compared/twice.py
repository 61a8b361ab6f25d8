"""Records that are held already under another name: loaded again, the same people would be published twice.

A source is known by its id, and its people by its numbering. The same file under another source or collection
is thus another set of people. Here its rows are keyed as that other source would key them, and compared.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import duckdb
import polars as pl

from analysis.words import counted
from etl.contracts.tables import Contract
from etl.errors import EtlError
from etl.incoming import SourceInfo
from etl.load.compared.replacing import ACCEPTED, TWICE
from etl.load.staging import Context, staged
from etl.store.warehouse import first_row

_STOPS = 0.5  # of the rows of a table: they are the same people
_TOLD = 0.05
_FEWEST = 3  # rows below which being the same is chance
_FEWEST_CELLS = 4  # months and areas below which equal numbers are chance
_OF_THE_LOAD = frozenset({"load_id", "line", "source"})


@dataclass(frozen=True)
class Twice:
    """Rows of one table that another source holds already, or a source that a file takes elsewhere.

    Attributes
    ----------
    table, rows, of
        Its name, how many rows are held already, and of how many.
    source, collection
        Where they are held.
    is_moved
        The source is the file's own; so far it belonged to that other collection.
    """

    table: str
    rows: int
    of: int
    source: str
    collection: str
    is_moved: bool = False

    @property
    def sentence(self) -> str:
        """It as a person reads it."""
        where = f"under collection '{self.collection}'"
        if self.is_moved:
            return (
                f"source '{self.source}' was {where} so far, and all of it would go with this file; of its "
                f"{counted(self.of, 'row')} of {self.table}, {self.rows:,} are held there already"
            )
        return (
            f"{self.rows:,} of the {counted(self.of, 'row')} of {self.table} are held already {where}, from "
            f"source '{self.source}': the same number, period and details"
        )

    @property
    def stops(self) -> bool:
        """Whether it must be accepted."""
        return self.is_moved or self.rows >= _STOPS * self.of


class Comparison:
    """Compares typed rows of a file with those held under other names, before they count as loaded.

    Parameters
    ----------
    connection
        The warehouse as it was before the file.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._names: dict[str, list[tuple[str, str, str]]] = {}
        self._heights: dict[str, int] = {}

    def add(self, table: Contract, accepted: pl.DataFrame, context: Context) -> None:
        """Key a part of the rows as every other source of their table would have keyed them."""
        if not (table.personal and table.is_dated and accepted.height):
            return
        if table.name not in self._names:
            self._names[table.name] = _others(self._connection, table.name, context.source)
        self._heights[table.name] = self._heights.get(table.name, 0) + accepted.height
        for number, (source, _, scheme) in enumerate(self._names[table.name]):
            named = replace(context.source, person_scheme=scheme)
            if table.is_tally:  # its keys hold who sent it
                named = replace(named, source_id=source)
            rows = staged(table, accepted, replace(context, source=named))
            self._connection.register("other_rows", rows)
            self._connection.execute(
                f"CREATE TEMP TABLE IF NOT EXISTS {_as_other(number)} AS FROM other_rows LIMIT 0; "
                f"INSERT INTO {_as_other(number)} FROM other_rows"
            )
            self._connection.unregister("other_rows")
            self._heights[table.name] += rows.height - accepted.height if table.is_tally and not number else 0

    def found(self, table: Contract, context: Context) -> list[Twice]:
        """Return what other sources hold of a table of which all rows were added."""
        found, rows = [], self._heights.get(table.name, 0)
        for number, (source, collection, _) in enumerate(self._names.get(table.name, [])):
            same = _same(self._connection, table.name, source, _as_other(number))
            if table.is_tally and not _are_same_numbers(
                self._connection, table.name, source, _as_other(number)
            ):
                same = 0
            self._connection.execute(f"DROP TABLE {_as_other(number)}")
            is_moved = source == context.source.source_id
            if is_moved or (same >= _FEWEST and same >= _TOLD * rows):
                found.append(Twice(table.name, same, rows, source, collection, is_moved))
        return found


def _as_other(number: int) -> str:
    """Return the name of the table that holds the rows as another source would have keyed them."""
    return f"keyed_by_{number}"


def _others(connection: duckdb.DuckDBPyConnection, table: str, own: SourceInfo) -> list[tuple[str, str, str]]:
    """Return source, collection and numbering of what has rows in a table that would not be merged."""
    return connection.execute(
        "SELECT source_id, collection, coalesce(nullif(person_scheme, ''), source_id) AS scheme "
        "FROM stage.source WHERE NOT (collection = $1 AND (source_id = $2 OR scheme = $3)) "
        "AND (source_id = $2 OR source_id IN "
        f"(SELECT source_id FROM stage.load JOIN stage.{table} USING (load_id))) ORDER BY ALL",
        [own.collection, own.source_id, own.person_scheme or own.source_id],
    ).fetchall()


def _are_same_numbers(connection: duckdb.DuckDBPyConnection, table: str, source: str, new: str) -> bool:
    """Tell whether a source holds the same numbers: equal ones of few months are chance, and no sign."""
    key = f"{table}_key"
    row = first_row(
        connection,
        f"""
        WITH held AS (
            SELECT period_start, area_code, {key} FROM stage.{table} JOIN stage.load USING (load_id)
            WHERE source_id = ? AND period_start IN (SELECT period_start FROM {new})
        )
        SELECT count(DISTINCT (period_start, area_code)) AS cells, count(*) AS found,
            count(*) FILTER ({key} IN (SELECT {key} FROM held)), (SELECT count(*) FROM held)
        FROM {new}
        """,
        [source],
    )
    cells, found, same, there = row or (0, 0, 0, 0)
    return bool(cells >= _FEWEST_CELLS and found == same == there)


def _same(connection: duckdb.DuckDBPyConnection, table: str, source: str, new: str) -> int:
    """Count rows that a source holds, by all columns that are filled in both."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE held AS SELECT held.* FROM stage.{table} AS held "
        "JOIN stage.load USING (load_id) WHERE source_id = ?",
        [source],
    )
    columns = [
        name for (name, *_) in connection.execute(f"DESCRIBE {new}").fetchall() if name not in _OF_THE_LOAD
    ]
    filled = f"SELECT {', '.join(f'count({name})' for name in columns)} FROM"
    counts = zip(
        columns,
        first_row(connection, f"{filled} {new}") or (),
        first_row(connection, f"{filled} held") or (),
        strict=True,
    )
    both = [name for name, here, there in counts if here and there]
    alike = " AND ".join(f"held.{name} IS NOT DISTINCT FROM new.{name}" for name in both)
    same = (
        first_row(
            connection, f"SELECT count(*) FROM {new} AS new WHERE EXISTS (SELECT 1 FROM held WHERE {alike})"
        )
        if both
        else None
    )
    connection.execute("DROP TABLE held")
    return int(same[0]) if same else 0


def refuse_twice(found: Sequence[Twice], file: str, accepted: Collection[str]) -> None:
    """Refuse a file most of whose records are held already, unless that was accepted.

    Raises
    ------
    EtlError
        With where they are held, and the ways out. Nothing has changed then.
    """
    stopping = [one for one in found if one.stops]
    if not stopping or TWICE in accepted:
        return
    if any(one.is_moved for one in stopping):
        way_out = (
            "Write the collection that it had before; months of it that a release has closed stay published "
            "there."
        )
    else:
        way_out = (
            "If they are the same people, give this file the source id of the other (it then takes its "
            "place), or both one collection and one person_scheme (they are then counted once)."
        )
    raise EtlError(
        f"{file}: {ACCEPTED[TWICE]}. {'; '.join(one.sentence for one in stopping)}. Nothing was changed.",
        f"{way_out} If it is meant, run the command again with: --accept {TWICE}",
    )
