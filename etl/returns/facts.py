"""What the warehouse can say about a period: which sheets cover it, and who has not reported."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from analysis.words import counted
from etl.errors import UsageError
from etl.returns.periods import Period
from etl.returns.questions import table_label
from etl.store.warehouse import first_row

APART = ("confirmed", "presumed")  # statuses that a funder wants apart: confirmed and potential people
Reported = Mapping[str, Mapping[str, frozenset[str]]]
"""Months by contributor, by table."""


@dataclass(frozen=True)
class Facts:
    """What is known of a period before anything is counted.

    Attributes
    ----------
    info : dict
        What the warehouse says of itself: place, contact, reporting date, whether its people are made up.
    reported : dict
        Months by contributor, by table.
    loaded : frozenset of str
        Tables that were loaded at all.
    straddling : dict
        Rows whose quarter or year reaches beyond the period, by table.
    labels : dict
        Names of contributors by their codes.
    statuses : frozenset of str
        Those of `APART` that the register has ever used.
    """

    info: Mapping[str, str]
    reported: Reported
    loaded: frozenset[str]
    straddling: Mapping[str, int]
    labels: Mapping[str, str]
    statuses: frozenset[str]

    @property
    def is_synthetic(self) -> bool:
        """Whether the people are made up."""
        return self.info.get("is_synthetic") == "true"

    def missing_months(self, table: str, period: Period) -> list[str]:
        """Return the months of a period that no contributor's sheet covers."""
        months = frozenset[str]().union(*self.reported.get(table, {}).values())
        return [month for month in period.months if month not in months]

    def first_month(self, table: str) -> str:
        """Return the first month that anybody's sheet covers; empty where none does."""
        return min((min(months) for months in self.reported.get(table, {}).values()), default="")

    def silent(self, tables: Collection[str], period: Period) -> dict[tuple[str, str], list[str]]:
        """Return who has sent a table before and not for all months of a period: months by table and who."""
        found = {}
        for table in sorted(tables):
            for contributor, months in sorted(self.reported.get(table, {}).items()):
                lacking = [month for month in period.months if month not in months]
                if lacking and min(months) <= period.months[-1]:
                    found[(table, contributor)] = lacking
        return found


def facts_of(connection: duckdb.DuckDBPyConnection, period: Period) -> Facts:
    """Return what the warehouse says about a period."""
    rows = connection.execute(
        "SELECT table_name, sender.source, strftime(month, '%Y-%m') FROM core.month_owner "
        "JOIN stage.source USING (source_id) JOIN stage.load_contributor AS sender USING (load_id) "
        "WHERE is_own AND strftime(month, '%Y-%m') BETWEEN sender.period_from AND sender.period_to "
        "ORDER BY ALL"
    ).fetchall()
    reported: dict[str, dict[str, set[str]]] = {}
    for table, contributor, month in rows:
        reported.setdefault(table, {}).setdefault(contributor, set()).add(month)
    loaded = connection.execute(
        "SELECT DISTINCT table_name FROM stage.load_table JOIN mart.load USING (load_id) "
        "JOIN stage.source USING (source_id) WHERE is_own AND is_current"
    ).fetchall()
    statuses = connection.execute(
        "SELECT DISTINCT status FROM stage.person JOIN stage.load USING (load_id) "
        "JOIN stage.source USING (source_id) WHERE is_own AND list_contains(?::VARCHAR[], status)",
        [list(APART)],
    ).fetchall()
    return Facts(
        info=dict(connection.execute("SELECT key, value FROM meta.info").fetchall()),
        reported={
            table: {who: frozenset(months) for who, months in senders.items()}
            for table, senders in reported.items()
        },
        loaded=frozenset(table for (table,) in loaded),
        straddling=_straddling(connection, period),
        labels=dict(connection.execute("SELECT source_id, label FROM stage.source").fetchall()),
        statuses=frozenset(status for (status,) in statuses),
    )


def _straddling(connection: duckdb.DuckDBPyConnection, period: Period) -> dict[str, int]:
    """Count rows dated by a quarter or year that lies partly in the period."""
    tables = connection.execute(
        "SELECT DISTINCT table_name FROM duckdb_columns() "
        "WHERE schema_name = 'stage' AND column_name = 'period_level' AND table_name <> 'observation' "
        "ORDER BY ALL"
    ).fetchall()
    found = {}
    for (table,) in tables:
        row = first_row(
            connection,
            f"""
            SELECT count(*) FROM stage.{table}
            WHERE period_start < $2 AND core.period_end(period_start, period_level) > $1
              AND NOT (period_start >= $1 AND core.period_end(period_start, period_level) <= $2)
            """,
            [period.first_month, period.after],
        )
        if row and row[0]:
            found[table] = int(row[0])
    return found


def refuse_period(facts: Facts, tables: Collection[str], period: Period, home: str) -> None:
    """Refuse a period that the warehouse does not hold to its end.

    Parameters
    ----------
    facts, period
        What is known, and what was asked for.
    tables
        The sheets that the return counts.
    home
        For the next step.

    Raises
    ------
    UsageError
        Before the data, after them, not over, or loaded in part only.
    """
    months = [month for table in tables for sent in facts.reported.get(table, {}).values() for month in sent]
    status = f"python -m etl status --home {home}"
    if not months:
        labels = ", ".join(sorted(table_label(table) for table in tables))
        raise UsageError(
            f"Nothing that this return counts is loaded in {home}. It counts: {labels}.",
            "python -m etl template person (and load it: docs/adding.md)",
        )
    first, last = min(months), max(months)
    held = f"what it counts is loaded from {first} to {last}"
    if period.months[0] > last:
        raise UsageError(f"{period.code} lies after the data: {held}.", status)
    if period.months[-1] < first:
        raise UsageError(f"{period.code} lies before the data: {held}.", status)
    if period.months[0] < first or period.months[-1] > last:
        raise UsageError(
            f"{period.code} ({period.label}) is loaded only in part: {held}. A return needs all of it.",
            f"Load the missing months, or ask for another period. {status}",
        )
    as_of = date.fromisoformat(facts.info["as_of"])
    if as_of < period.after and (period.after - as_of).days > 1:
        raise UsageError(
            f"{period.code} ({period.label}) is not over: the warehouse is as of {as_of}.",
            f"Load what has come since, or ask for an earlier period. {status}",
        )


def month_words(months: Collection[str]) -> str:
    """Return months as a reader takes them in: a few by name, more by their number."""
    listed = sorted(months)
    if len(listed) <= 3:
        return ", ".join(listed)
    return f"{counted(len(listed), 'month')} from {listed[0]} to {listed[-1]}"
