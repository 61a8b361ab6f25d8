"""Taking over held records: a whole year at once, with new keys, seldom, and marked.

Two releases that differ by a few records give those records away. So a revision needs many corrections,
gives every record of the year a new key (all noise of that year is drawn anew), and a year is revised at
most twice: each revision is one more draw of the noise over mostly the same people, and draws average out.
"""

from datetime import date

import duckdb

from analysis.catalog.model import Protection
from analysis.periods import Span
from etl.errors import EtlError
from etl.release.cells.layout import FROZEN, Layout
from etl.release.closing import reports
from etl.release.closing.closed_periods import first_day, month_code, month_of
from etl.release.closing.freeze import copy_records
from etl.release.closing.pending import count_held, held_of_year

_WHOSE = "collection = ? AND subject = ?"


def revise(
    connection: duckdb.DuckDBPyConnection,
    layouts: list[Layout],
    year: int,
    *,
    as_of: date,
    protection: Protection,
    secret: bytes,
) -> list[tuple[str, str, int]]:
    """Take over the held records of a year, for every collection and subject that may be revised.

    Parameters
    ----------
    connection
        With warehouse and frozen records attached, newly closed months already copied.
    layouts
        All subjects.
    year
        Reference year.
    as_of
        Date of the release, recorded with the revision.
    protection
        Gives the smallest number of corrections and the largest number of revisions.
    secret
        For the new keys.

    Returns
    -------
    list of (collection, subject, revision)
        What was revised.

    Raises
    ------
    EtlError
        When nothing may be revised, with the reason.
    """
    # Each collection and subject on its own: one with too few corrections does not keep another from its
    # revision. Too few are refused because the new noise hides a few changed records only among many. Why
    # none could be revised is told by what can be helped least: after the last revision, more corrections
    # help nothing.
    done, too_few, too_many = [], 0, 0
    for layout in layouts:
        for collection, held in sorted(held_of_year(count_held(connection, layout), year).items()):
            before = _last_revision(connection, layout.code, collection, year)
            if held < protection.minimum_corrections:
                too_few += 1
            elif before >= protection.revisions_per_year:
                too_many += 1
            else:
                _replace(
                    connection, layout, collection, year, revision=before + 1, as_of=as_of, secret=secret
                )
                done.append((collection, layout.code, before + 1))
    if done:
        return done
    if too_many:
        raise EtlError(
            f"{year} was revised {protection.revisions_per_year} times, the most that is allowed: each time "
            "draws new noise over mostly the same people, and draws average out. Nothing was released.",
            "Release without --revise; later corrections stay held: python -m etl release",
        )
    raise EtlError(
        f"{year} cannot be revised: {'fewer than' if too_few else 'there are none of the'} "
        f"{protection.minimum_corrections} corrections are held that a revision needs. Nothing was released.",
        "Release without --revise; held records wait for more: python -m etl release. A register with fewer "
        "records a year than that stays as it closed.",
    )


def repair(
    connection: duckdb.DuckDBPyConnection,
    layouts: list[Layout],
    month: int,
    *,
    as_of: date,
    protection: Protection,
    secret: bytes,
) -> list[tuple[str, str, int]]:
    """Take over the records of a month that closed empty by a failed load, in a register too small to revise.

    A register with fewer records a year than a revision needs could never mend such a month. It gets one
    repair, ever, written down, which counts as a revision of the year: all its keys are drawn anew.

    Parameters
    ----------
    connection, layouts, as_of, protection, secret
        As for `revise`.
    month
        The month, counted from year 0.

    Returns
    -------
    list of (collection, subject, revision)
        What was repaired.

    Raises
    ------
    EtlError
        When nothing may be repaired, with the reason.
    """
    year, day = month // 12, first_day(month)
    done, reasons = [], []
    for layout in layouts:
        for collection in sorted(held_of_year(count_held(connection, layout), year)):
            whose: list[object] = [collection, layout.code]
            before = _last_revision(connection, layout.code, collection, year)
            frozen, now, of_year = _around(connection, layout, collection, day)
            if not now:
                continue
            if frozen:
                reasons.append("it did not close empty")
            elif of_year >= protection.minimum_corrections:
                reasons.append(f"{year} holds enough records for a revision: --revise {year}")
            elif before >= protection.revisions_per_year:
                reasons.append(f"{year} was revised {before} times, the most that is allowed")
            elif _one(connection, f"SELECT count(*) FROM {FROZEN}.repair WHERE {_WHOSE}", whose):
                reasons.append("this register had its one repair")
            else:
                connection.execute(f"INSERT INTO {FROZEN}.repair VALUES (?, ?, ?, ?)", [*whose, day, as_of])
                _replace(
                    connection, layout, collection, year, revision=before + 1, as_of=as_of, secret=secret
                )
                done.append((collection, layout.code, before + 1))
    if done:
        return done
    because = "; ".join(dict.fromkeys(reasons)) or "no record of a closed month waits there"
    raise EtlError(
        f"{month_code(month)} cannot be repaired: {because}. Nothing was released.",
        "Release without --repair; held records wait for a revision: python -m etl release",
    )


def _around(
    connection: duckdb.DuckDBPyConnection, layout: Layout, collection: str, day: date
) -> tuple[int, int, int]:
    """Return how many records a month has: frozen, in the warehouse; and its year in the warehouse."""
    whose: list[object] = [collection, day]
    of_year = "collection = ? AND reference_year = year(?::DATE)"
    of_month = "collection = ? AND period_start = ?"
    return (
        _one(connection, f"SELECT count(*) FROM {FROZEN}.{layout.code} WHERE {of_month}", whose),
        _one(connection, f"SELECT count(*) FROM mart_{layout.code} WHERE {of_month}", whose),
        _one(connection, f"SELECT count(*) FROM mart_{layout.code} WHERE {of_year}", whose),
    )


def _last_revision(connection: duckdb.DuckDBPyConnection, subject: str, collection: str, year: int) -> int:
    query = f"SELECT coalesce(max(revision), 0) FROM {FROZEN}.revision WHERE {_WHOSE} AND year = ?"
    return _one(connection, query, [collection, subject, year])


def _one(connection: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> int:
    row = connection.execute(query, values).fetchone()
    return int(row[0]) if row else 0


def _replace(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    collection: str,
    year: int,
    *,
    revision: int,
    as_of: date,
    secret: bytes,
) -> None:
    # The revision is written down first: the keys of the records that are copied below depend on its number.
    connection.execute(
        f"INSERT INTO {FROZEN}.revision VALUES (?, ?, ?, ?, ?)",
        [collection, layout.code, year, revision, as_of],
    )
    connection.execute(
        f"DELETE FROM {FROZEN}.{layout.code}_attribute WHERE id IN "
        f"(SELECT id FROM {FROZEN}.{layout.code} WHERE collection = $collection AND reference_year = $year)",
        {"collection": collection, "year": year},
    )
    connection.execute(
        f"DELETE FROM {FROZEN}.{layout.code} WHERE collection = $collection AND reference_year = $year",
        {"collection": collection, "year": year},
    )
    of_year = Span(12 * year, 12 * year + 11)
    reports.forget(connection, collection, of_year)
    reports.forget_tallies(connection, collection, layout.code, of_year)
    # Of the year, only months that are closed: the others freeze when their time comes.
    row = connection.execute(
        f"SELECT first, last FROM {FROZEN}.closed WHERE collection = ? AND subject = ?",
        [collection, layout.code],
    ).fetchone()
    if row:
        inside = "collection = ? AND reference_year = ? AND period_start BETWEEN ? AND ?"
        copy_records(connection, layout, inside, [collection, year, *row], secret)
        first, last = (month_of(day) for day in row)
        closed = Span(max(first, of_year.first), min(last, of_year.last))
        reports.keep_tallies(connection, collection, layout.code, closed)
