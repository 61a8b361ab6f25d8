"""What became of every row of a file: accepted, partly accepted, rejected or left out. They add up.

Rows are of the file, records are what was made of them: one row may become a person and a referral, and a
published table of thousands of rows a few hundred sums. The two are never added.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from analysis.words import counted
from etl.incoming import OUTLINES, Incoming
from etl.ledger import REASONS
from etl.lines import PART


@dataclass(frozen=True)
class Account:
    """Rows of a file and records made of them.

    Attributes
    ----------
    rows : int
        In the file: every line that is neither heading, blank nor continuation.
    accepted, partly, rejected : int
        Rows of which everything, something or nothing was taken.
    left_out : mapping
        Rows left out by reason (`etl.ledger.REASONS`).
    records_accepted, records_rejected : int
        Made of the rows, over all tables; outlines come with their areas and are not counted.
    """

    rows: int = 0
    accepted: int = 0
    partly: int = 0
    rejected: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    records_accepted: int = 0
    records_rejected: int = 0

    @property
    def taken(self) -> int:
        """Rows of which something was taken."""
        return self.accepted + self.partly

    def sentence(self) -> str:
        """Return the account as a person reads it."""
        parts = [f"{self.accepted:,} accepted"]
        parts += [f"{self.partly:,} partly accepted"] if self.partly else []
        parts.append(f"{self.rejected:,} rejected")
        parts += [f"{rows:,} left out, {REASONS[reason]}" for reason, rows in self.left_out.items()]
        return f"{counted(self.rows, 'row')} in the file: {', '.join(parts)}."


def account(
    incoming: Incoming,
    file: str,
    accepted: Mapping[str, pl.Series],
    rejected: pl.DataFrame,
    made: Mapping[str, int] | None = None,
) -> Account:
    """Return the account of a file.

    Parameters
    ----------
    incoming
        The file as it was read: its ledger says how many rows were to become something.
    file
        Its name, for the message.
    accepted, rejected
        Lines of the accepted records by table; table_name and line of the rejected ones.
    made
        Records by table, where one line stands for several (a number of records).

    Raises
    ------
    EtlError
        When rows of the file became neither.
    """
    taken = _rows_of(incoming, {table: lines for table, lines in accepted.items() if table != OUTLINES})
    refused = _rows_of(incoming, {table: part["line"] for (table,), part in rejected.group_by("table_name")})
    ledger = incoming.ledger
    both = refused.filter(refused.is_in(taken.implode())).len()
    partly, lost = both, refused.len() - both
    if not incoming.is_summed:
        ledger.hold(file, taken.len() + lost)
    return Account(
        ledger.rows,
        ledger.kept - partly - lost,
        partly,
        lost,
        ledger.left_out,
        sum((made or {}).get(table, lines.len()) for table, lines in accepted.items() if table != OUTLINES),
        rejected.height,
    )


def _rows_of(incoming: Incoming, lines: Mapping[str, pl.Series]) -> pl.Series:
    """Return each row once, whatever tables and parts it went to."""
    found = [pl.Series("line", [], pl.Int64)]
    for table, numbers in lines.items():
        origins = incoming.origins.get(table)
        distinct = numbers.drop_nulls().cast(pl.Int64).unique().alias("line")
        if origins is not None:
            parts = pl.Series(origins, dtype=pl.Int64)
            distinct = parts.gather(distinct // PART) * PART + distinct % PART
        found.append(distinct.alias("line"))
    return pl.concat(found).unique()
