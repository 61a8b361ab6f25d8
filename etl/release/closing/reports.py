"""Who reported in which closed month, and for which somebody sent numbers, frozen with the month.

Which months a contributor's file speaks for may follow from the records in it, so a late record can move the
first or the last one. Two releases would then differ by that record.
"""

import duckdb

from analysis.periods import Span
from etl.release.cells.layout import FROZEN, WAREHOUSE, columns_of
from etl.release.closing.closed_periods import month_code

_INSIDE = "collection = ? AND period BETWEEN ? AND ?"


def keep(connection: duckdb.DuckDBPyConnection, closed: dict[tuple[str, str], Span]) -> None:
    """Copy the reports of months that are closed and not kept yet.

    Parameters
    ----------
    connection
        With warehouse and frozen records attached.
    closed
        Closed months by collection and subject; reports are of a collection, over all its subjects.
    """
    for collection, span in _of_collections(closed).items():
        connection.execute(
            f"INSERT INTO {FROZEN}.coverage SELECT collection, source, period, status "
            f"FROM {WAREHOUSE}.mart.coverage WHERE {_INSIDE} AND period NOT IN "
            f"(SELECT period FROM {FROZEN}.coverage WHERE collection = ?)",
            [collection, month_code(span.first), month_code(span.last), collection],
        )


def forget(connection: duckdb.DuckDBPyConnection, collection: str, months: Span) -> None:
    """Forget the reports of months that are revised, or open again."""
    connection.execute(
        f"DELETE FROM {FROZEN}.coverage WHERE {_INSIDE}",
        [collection, month_code(months.first), month_code(months.last)],
    )


def forget_open(connection: duckdb.DuckDBPyConnection, closed: dict[tuple[str, str], Span]) -> None:
    """Forget the reports of months that are closed no more for any subject."""
    ends = {collection: month_code(span.last) for collection, span in _of_collections(closed).items()}
    for (collection,) in connection.execute(f"SELECT DISTINCT collection FROM {FROZEN}.coverage").fetchall():
        connection.execute(
            f"DELETE FROM {FROZEN}.coverage WHERE collection = ? AND period > ?",
            [collection, ends.get(collection, "")],
        )


def keep_tallies(
    connection: duckdb.DuckDBPyConnection,
    collection: str,
    subject: str,
    months: Span,
    old: Span | None = None,
) -> None:
    """Copy for which newly closed months a contributor sent numbers of records (tallies) in place of records.

    Parameters
    ----------
    connection
        With warehouse and frozen records attached.
    collection, subject
        Whose months.
    months, old
        Closed months, and those of them that were closed before.
    """
    if not columns_of(connection, WAREHOUSE, "mart.tally"):  # a warehouse of an earlier version
        return
    connection.execute(
        f"INSERT INTO {FROZEN}.tally SELECT collection, subject, period FROM {WAREHOUSE}.mart.tally "
        "WHERE collection = ? AND subject = ? AND period BETWEEN ? AND ? AND period NOT BETWEEN ? AND ?",
        [
            *(collection, subject, month_code(months.first), month_code(months.last)),
            *((month_code(old.first), month_code(old.last)) if old else ("", "")),
        ],
    )


def forget_tallies(
    connection: duckdb.DuckDBPyConnection, collection: str, subject: str, months: Span
) -> None:
    """Forget for which months numbers were sent: they are revised, or open again."""
    connection.execute(
        f"DELETE FROM {FROZEN}.tally WHERE collection = ? AND subject = ? AND period BETWEEN ? AND ?",
        [collection, subject, month_code(months.first), month_code(months.last)],
    )


def _of_collections(closed: dict[tuple[str, str], Span]) -> dict[str, Span]:
    spans: dict[str, Span] = {}
    for (collection, _), span in closed.items():
        spans[collection] = span.joined(spans.get(collection, span))
    return spans
