"""Rows of one table on their way to the stage, with the contract that says what they should be."""

from dataclasses import dataclass

import polars as pl

from etl.contracts.tables import Contract, contract


@dataclass(frozen=True)
class Batch:
    """Rows for one canonical table.

    Attributes
    ----------
    contract : Contract
        What a row of the table is; it goes with the rows, so that nobody looks it up again.
    frame : polars.DataFrame
        The contract's columns as text or lists of text, plus ``_line`` (Int64, line or row in the file; of
        further parts of the table, `etl.lines.PART` is added for each).
    """

    contract: Contract
    frame: pl.DataFrame

    @classmethod
    def of(cls, table: str, frame: pl.DataFrame) -> "Batch":
        """Return rows with the contract of a table of ``data/catalog/tables``."""
        return cls(contract(table), frame)

    @property
    def table(self) -> str:
        """Name of the table."""
        return self.contract.name
