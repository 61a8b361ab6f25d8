"""What a file would take the place of: rows, people and months now and after, and when that needs a yes.

A file replaces what its source sent before for the same months (docs/adding.md). A correction does so without
ceremony. What looks like a loss stops the load until somebody says it is meant: an empty export would
otherwise be published as months without anybody.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from analysis.errors import echo
from analysis.periods import SEVERAL
from analysis.words import counted, first_few
from etl.contracts.batch import Batch
from etl.errors import EtlError
from etl.falls import FEW, is_far_fewer, is_none_left
from etl.incoming import Incoming
from etl.load.rows import Rows
from etl.mapping.published import OBSERVATION
from etl.store.warehouse import first_row

PUBLISHED_AS = ("measure", "geography", "responder")
EMPTY, FEWER, MORE, OLDER, REJECTED, RENAMED, TALLY, TWICE = (
    "empty", "fewer", "more", "older", "rejected", "renamed", "tally", "twice",
)  # fmt: skip
#: What can be accepted on the command line, and what is meant by it.
ACCEPTED: Mapping[str, str] = {
    EMPTY: "a file without rows takes the place of rows",
    FEWER: "far fewer rows or people than before, or a month that falls to none",
    MORE: "far more rows than before",
    OLDER: "an older edition takes the place of a newer one",
    REJECTED: "more than a fifth of the rows is rejected",
    RENAMED: "the code of the source is known under another name, and may be another office's",
    TALLY: "numbers take the place of listed records, or listed records that of numbers",
    TWICE: "the same people would be published twice, under another source or collection",
}
TRIPLE = 3
_LISTED = 8


@dataclass(frozen=True)
class Replacement:
    """What one table of a file takes the place of.

    Attributes
    ----------
    table
        Its name.
    rows, people
        Now and after; ``people`` is None where the table has no references of its own.
    months
        Month, rows now, rows after: of every month with rows in either. Empty without months.
    newest
        Last month of the loads that would lose rows, and of this file; empty texts where there is none.
    whose
        Name of the source whose rows they are, as it was loaded.
    """

    table: str
    rows: tuple[int, int]
    people: tuple[int, int] | None
    months: tuple[tuple[str, int, int], ...]
    newest: tuple[str, str]
    whose: str = ""

    @property
    def changed(self) -> list[tuple[str, int, int]]:
        """Months in which the number of rows changes."""
        return [one for one in self.months if one[1] != one[2]]

    def sentence(self) -> str:
        """Return it as a person reads it: rows, people, months that change."""
        whose = f" of {echo(self.whose)}" if self.whose else ""
        parts = [f"{self.table}{whose}: {counted(self.rows[0], 'row')} now, {self.rows[1]:,} after"]
        if self.people:
            parts.append(f"{self.people[0]:,} with a number of their own now, {self.people[1]:,} after")
        months = [f"{month} {now:,} to {after:,}" for month, now, after in self.changed]
        if months:
            parts.append(f"by month {first_few(months, _LISTED)}")
        return "; ".join(parts)


def older_rows(
    connection: duckdb.DuckDBPyConnection,
    incoming: Incoming,
    batch: Batch,
    rows: Rows,
    *,
    file_name: str,
) -> tuple[str, list[Any]]:
    """Return the SQL condition, with its values, for the rows of ``stage.<table>`` that a batch stands for.

    Records: the same source and table, in the months the file covers (`in_its_months`). Published counts:
    besides, the same measure, geography and kind of responder, because a publisher splits one quarter over
    several files.
    Registers, sent whole: all rows of the same source. Areas and laws: the same source and file name.

    Notes
    -----
    For published counts the view ``incoming_rows`` is registered on the connection.
    """
    older = "load_id IN (SELECT load_id FROM stage.load WHERE source_id = ?"
    values: list[Any] = [incoming.source.source_id]
    if batch.contract.replaces == "months":
        covered, months = in_its_months(incoming, batch.table)
        older += f") AND {covered}"
        values += months
        if batch.table == OBSERVATION:
            connection.register("incoming_rows", rows.waiting[batch.table].select(PUBLISHED_AS).unique())
            older += f" AND {_same(PUBLISHED_AS)}"
    elif batch.contract.replaces == "file":
        older += " AND file_name = ?)"
        values.append(file_name)
    else:
        older += ")"
    return older, values


def in_its_months(incoming: Incoming, table: str) -> tuple[str, list[str]]:
    """Return the SQL condition, with its values, for rows in the months that a file covers.

    Years that a publisher gives together begin in one of them, and may end after the last.
    """
    condition, values = (
        "period_start BETWEEN ? AND ?",
        [f"{incoming.period_from}-01", f"{incoming.period_to}-01"],
    )
    if table == OBSERVATION:
        condition += f" AND (period_level <> '{SEVERAL}' OR right(period, 4) || '-12' <= ?)"
        values.append(incoming.period_to)
    return f"({condition})", values


def _same(columns: Sequence[str]) -> str:
    """Return the SQL for "a row of ``incoming_rows`` is the same in these columns"; NULL equals NULL."""
    tests = " AND ".join(f"new.{column} IS NOT DISTINCT FROM observation.{column}" for column in columns)
    return f"EXISTS (SELECT 1 FROM incoming_rows AS new WHERE {tests})"


def replacements(
    connection: duckdb.DuckDBPyConnection,
    incoming: Incoming,
    rows: Rows,
    *,
    file_name: str,
) -> list[Replacement]:
    """Return what each table of a file would take the place of; tables that replace nothing are left out."""
    found = []
    for batch in incoming.batches:
        where, values = older_rows(connection, incoming, batch, rows, file_name=file_name)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE giving_way AS SELECT * FROM stage.{batch.table} WHERE {where}",
            values,
        )
        connection.unregister("incoming_rows")
        if first_row(connection, "SELECT 1 FROM giving_way LIMIT 1"):
            one = _replacement(connection, batch.table, rows, incoming.period_to)
            found.append(replace(one, whose=label_of(connection, incoming.source.source_id)))
    return found


def label_of(connection: duckdb.DuckDBPyConnection, source_id: str) -> str:
    """Return the name that a source was loaded under last; empty for one that is new."""
    row = first_row(connection, "SELECT label FROM stage.source WHERE source_id = ?", [source_id])
    return str(row[0]) if row else ""


def _replacement(connection: duckdb.DuckDBPyConnection, table: str, new: Rows, period_to: str) -> Replacement:
    people = f"count(DISTINCT {table}_key)" if new.has(table, f"{table}_key") else "NULL"
    [(now, known, newest)] = connection.execute(
        f"SELECT count(*), {people}, max(period_to) FROM giving_way JOIN stage.load USING (load_id)"
        if not new.has(table, "period_to")
        else f"SELECT count(*), {people}, NULL FROM giving_way"
    ).fetchall()
    months: dict[str, list[int]] = {}
    if new.has(table, "period_start"):
        by_month = "SELECT strftime(period_start, '%Y-%m'), count(*) FROM giving_way GROUP BY 1"
        for month, count in connection.execute(by_month).fetchall():
            months.setdefault(month or "", [0, 0])[0] = count
        for month, count in new.by_month(table):
            months.setdefault(month or "", [0, 0])[1] = count
    return Replacement(
        table,
        (now, new.height(table)),
        None if known is None else (known, new.distinct(table) or 0),
        tuple((month, now, after) for month, (now, after) in sorted(months.items()) if month),
        (newest or "", period_to),
    )


def refuse_loss(found: Sequence[Replacement], file: str, accepted: Collection[str]) -> None:
    """Refuse a file that looks like a loss, unless that was accepted.

    Raises
    ------
    EtlError
        With what is there now and after, and the flag that accepts it. Nothing has changed then.
    """
    for one in found:
        what = _looks_like(one)
        if what and what not in accepted:
            raise EtlError(
                f"{file}: {ACCEPTED[what]}. {one.sentence()}. Nothing was changed.",
                f"Look at the file. If it is meant, run the command again with: --accept {what}",
            )


def refuse_renamed(
    connection: duckdb.DuckDBPyConnection, incoming: Incoming, file: str, accepted: Collection[str]
) -> tuple[str, ...]:
    """Refuse a file whose source is known under another name, unless that was accepted.

    Two offices of one code would replace each other's rows, and people of one number would become one.

    Returns
    -------
    tuple of str
        A note with both names where it was accepted; nothing where the name is the same.

    Raises
    ------
    EtlError
        With both names. Nothing has changed then.
    """
    source = incoming.source
    before = label_of(connection, source.source_id)
    if not before or _same_name(before, source.label):
        return ()
    both = (
        f"source '{source.source_id}' is loaded as {echo(before)}, and this file says that it is "
        f"{echo(source.label)}"
    )
    if RENAMED in accepted:
        return (f"{both}: taken as the same office",)
    raise EtlError(
        f"{file}: {both}. Its rows would take the place of those of {echo(before)}. Nothing was changed.",
        "Another office needs a code of its own: [source] id in its mapping. If it is the same office under "
        f"another name, run the command again with: --accept {RENAMED}",
    )


def _same_name(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()


def _looks_like(one: Replacement) -> str:
    now, after = one.rows
    if not after:
        return EMPTY
    if one.table == OBSERVATION and one.newest[0] > one.newest[1]:
        return OLDER
    if any(is_none_left(before, later) for _, before, later in one.months):
        return FEWER
    counts = [one.rows, one.people] if one.people else [one.rows]
    if any(is_far_fewer(before, later) for before, later in counts):
        return FEWER
    return MORE if now >= FEW and after > TRIPLE * now else ""
