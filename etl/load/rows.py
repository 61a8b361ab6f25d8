"""The rows of one load on their way into the stage.

Rows about people may be millions: each part of them goes into the warehouse that is being changed aside as
soon as it is checked, under the number of a load that is not listed yet, so that no rule takes them for what
is loaded. When the file is refused afterwards, the whole of that warehouse is thrown away. All other rows are
few, are compared figure by figure, and wait until nothing speaks against the file.
"""

from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from etl.contracts.tables import Contract


class Rows:
    """Rows as they will be stored, by table.

    Parameters
    ----------
    connection
        Of the warehouse being changed.
    load_id
        Of the load; it is not in ``stage.load`` yet.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, load_id: int) -> None:
        self.load_id = load_id
        self._connection = connection
        self._waiting: dict[str, list[pl.DataFrame]] = {}
        self._heights: dict[str, int] = {}
        self._columns: dict[str, list[str]] = {}

    def add(self, table: Contract, frame: pl.DataFrame) -> None:
        """Take a part of the rows of a table."""
        name = table.name
        self._heights[name] = self.height(name) + frame.height
        self._columns[name] = frame.columns
        if table.personal and table.is_dated:
            self._insert(name, frame)
        else:
            self._waiting.setdefault(name, []).append(frame)

    @property
    def waiting(self) -> Mapping[str, pl.DataFrame]:
        """Rows that are not in the warehouse yet, by table."""
        return {name: pl.concat(parts) for name, parts in self._waiting.items()}

    def height(self, table: str) -> int:
        """Return the number of rows of a table."""
        return self._heights.get(table, 0)

    def has(self, table: str, column: str) -> bool:
        """Tell whether rows of a table have a column."""
        return column in self._columns.get(table, ())

    def distinct(self, table: str) -> int | None:
        """Return how many references of their own the rows of a table have; None where it has none."""
        own = f"{table}_key"
        if not self.has(table, own):
            return None
        if table in self._waiting:
            return self.waiting[table][own].n_unique()
        of_load = f"FROM stage.{table} WHERE load_id = ?"
        # Where no two hashes are alike, no two keys are; that takes a quarter of the room that the keys take.
        [(rows, marks)] = self._ask(
            f"SELECT count({own}), count(DISTINCT hash({own})) FILTER ({own} IS NOT NULL) {of_load}"
        )
        if rows == marks:
            return int(rows)
        [(different,)] = self._ask(f"SELECT count(DISTINCT {own}) {of_load}")
        return int(different)

    def by_month(self, table: str) -> list[tuple[str, int]]:
        """Return the number of rows of each month; nothing where rows have none."""
        if not self.has(table, "period_start"):
            return []
        month = pl.col("period_start").dt.strftime("%Y-%m").alias("month")
        if table in self._waiting:
            return self.waiting[table].group_by(month).len().rows()
        months = "SELECT strftime(period_start, '%Y-%m'), count(*) FROM"
        return self._ask(f"{months} stage.{table} WHERE load_id = ? GROUP BY 1")

    def sources(self, table: str) -> set[str]:
        """Return the contributors that rows of a table name."""
        if table in self._waiting:
            return set(self.waiting[table]["source"].unique())
        return {code for (code,) in self._ask(f"SELECT DISTINCT source FROM stage.{table} WHERE load_id = ?")}

    def put_away(self) -> None:
        """Put what has waited into the warehouse."""
        for name, frame in self.waiting.items():
            self._insert(name, frame)
        self._waiting.clear()

    def _insert(self, table: str, frame: pl.DataFrame) -> None:
        self._connection.register("incoming_rows", frame)
        self._connection.execute(f"INSERT INTO stage.{table} BY NAME SELECT * FROM incoming_rows")
        self._connection.unregister("incoming_rows")

    def _ask(self, query: str) -> list[Any]:
        return self._connection.execute(query, [self.load_id]).fetchall()
