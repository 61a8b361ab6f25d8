"""Rows of one table on their way to the stage, with the contract that says what they should be."""

from dataclasses import dataclass

import polars as pl

from etl.contracts.by_distinct import SEPARATOR, encoded
from etl.contracts.tables import Contract, contract


@dataclass(frozen=True)
class Batch:
    """Rows for one canonical table.

    Attributes
    ----------
    contract : Contract
        What a row of the table is; it goes with the rows, so that nobody looks it up again.
    frame : polars.DataFrame
        The contract's columns as text (as it is or by its distinct values; several codes as a list, or with
        `SEPARATOR` between them), plus ``_line`` (Int64, line or row in the file; of
        further parts of the table, `etl.lines.PART` is added for each).
    """

    contract: Contract
    frame: pl.DataFrame

    @classmethod
    def of(cls, table: str, frame: pl.DataFrame) -> "Batch":
        """Return rows with the contract of a table of ``data/catalog/tables``."""
        return cls(contract(table), frame)

    def encoded(self) -> "Batch":
        """Return the same with its text by its distinct values, codes of a list as one text."""
        columns = (
            column.list.join(SEPARATOR) if column.dtype == pl.List(pl.String) else column
            for column in self.frame.get_columns()
        )
        return Batch(self.contract, pl.DataFrame([encoded(column) for column in columns]))

    @property
    def table(self) -> str:
        """Name of the table."""
        return self.contract.name
