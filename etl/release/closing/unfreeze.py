"""Opening months again that closed by mistake and that nobody has read."""

from collections.abc import Mapping
from datetime import date

import duckdb

from analysis.periods import MONTHS_IN, Span
from etl.errors import EtlError
from etl.release.cells.layout import FROZEN, WAREHOUSE, Layout, columns_of
from etl.release.closing import reports
from etl.release.closing.closed_periods import first_day, month_code, month_of

Key = tuple[str, str]


def closed_spans(connection: duckdb.DuckDBPyConnection) -> dict[Key, Span]:
    """Return the closed months by collection and subject."""
    rows = connection.execute(f"SELECT collection, subject, first, last FROM {FROZEN}.closed").fetchall()
    return {
        (collection, subject): Span(month_of(first), month_of(last))
        for collection, subject, first, last in rows
    }


def resolutions(connection: duckdb.DuckDBPyConnection) -> dict[Key, str]:
    """Return the finest period of each collection and subject that the warehouse has."""
    rows = connection.execute(
        f"SELECT collection, subject, period_resolution FROM {WAREHOUSE}.mart.collection"
    ).fetchall()
    return {(collection, subject): resolution for collection, subject, resolution in rows}


def months_to_open(
    closed: Mapping[Key, Span], month: int, resolutions: Mapping[Key, str], home: str
) -> dict[Key, Span]:
    """Return what would be opened, by collection and subject: from a month's period to the last closed one.

    Later months cannot stay closed while an earlier one opens: closed months have no gaps.

    Raises
    ------
    EtlError
        When the month is closed nowhere.
    """
    opened = {}
    for key, span in closed.items():
        size = MONTHS_IN[resolutions.get(key, "month")]
        start = max(span.first, month // size * size)
        if span.first <= month <= span.last:
            opened[key] = Span(start, span.last)
    if not opened:
        raise EtlError(
            f"{month_code(month)} is not closed: nothing is frozen that could be opened.",
            f"python -m etl status --home {home}",
        )
    return opened


def open_again(
    connection: duckdb.DuckDBPyConnection, layout: Layout, collection: str, months: Span, as_of: date
) -> int:
    """Forget the frozen records of months that no release held; return how many.

    The caller has made sure of that (`etl.store.released`).

    Parameters
    ----------
    connection
        With the frozen records attached for writing.
    layout, collection
        Whose months.
    months
        From the first that opens to the last closed one.
    as_of
        Written into the log.
    """
    code = layout.code
    ends = [collection, first_day(months.first), first_day(months.last)]
    inside = "collection = ? AND period_start BETWEEN ? AND ?"
    connection.execute(
        f"DELETE FROM {FROZEN}.{code}_attribute WHERE id IN (SELECT id FROM {FROZEN}.{code} WHERE {inside})",
        ends,
    )
    row = connection.execute(f"DELETE FROM {FROZEN}.{code} WHERE {inside}", ends).fetchone()
    if columns_of(connection, FROZEN, "tally"):
        reports.forget_tallies(connection, collection, code, months)
    whose = [collection, code]
    connection.execute(
        f"UPDATE {FROZEN}.closed SET last = ? WHERE collection = ? AND subject = ?",
        [first_day(months.first - 1), *whose],
    )
    connection.execute(
        f"DELETE FROM {FROZEN}.closed WHERE collection = ? AND subject = ? AND last < first", whose
    )
    connection.execute(
        f"INSERT INTO {FROZEN}.opened VALUES (?, ?, ?, ?, ?)",
        [*whose, first_day(months.first), first_day(months.last), as_of],
    )
    return int(row[0]) if row else 0


def draw_new_keys(connection: duckdb.DuckDBPyConnection, collection: str, months: Span) -> list[int]:
    """Let the years of a collection of which nothing is closed any more get new keys; return these years.

    Whoever saw the noise of a release that never reached its folder learns nothing for the next one. A year
    of which earlier months were published keeps its keys: another noise over the same people would be a
    second draw, and draws average out.

    Parameters
    ----------
    connection
        With the frozen records attached for writing, the months of all subjects opened.
    collection
        Whose years; its subjects share the keys of people, so a year is drawn anew for all or for none.
    months
        What was opened.
    """
    row = connection.execute(
        f"SELECT max(year(last)) FROM {FROZEN}.closed WHERE collection = ?", [collection]
    ).fetchone()
    after = row[0] if row and row[0] is not None else 0
    years = [year for year in range(months.first // 12, months.last // 12 + 1) if year > after]
    for year in years:
        connection.execute(
            f"INSERT INTO {FROZEN}.redrawn VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1",
            [collection, year],
        )
    return years
