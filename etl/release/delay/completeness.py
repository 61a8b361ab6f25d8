"""Works out how complete a month is once, when it closes, keeps what may be told of it, and passes it on.

A month's records are frozen when it closes, so its number stays as incomplete as it was on that day. How
much was missing is learnt from closed years, for the whole region and everybody together. What was told of a
month is never made anew, whatever later years say, unless a revision of its year takes its late records over.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import duckdb

from analysis.periods import Span
from etl.release.cells.layout import FROZEN, Layout
from etl.release.cells.ptable import build
from etl.release.closing.closed_periods import Closed, first_day, last_over, month_code, month_of
from etl.release.context import Job
from etl.release.delay.counts import MONTHS, counts_of
from etl.release.delay.told import learn, told
from etl.release.publishing.schema import DELAY
from etl.release.unperturbed.tables import make_table

KEPT = "completeness"
_WHOSE = "collection = ? AND subject = ?"
_YEAR = 12


def make_completeness(
    job: Job,
    layouts: Sequence[Layout],
    closed: Mapping[str, Sequence[Closed]],
    before: Mapping[tuple[str, str], Span],
) -> None:
    """Make the temporary table ``completeness``.

    Parameters
    ----------
    job
        The run. The steward's release shows what the next public one would, and its copy is thrown away.
    layouts
        Of all subjects.
    closed
        Closed months by subject.
    before
        What earlier releases closed, by collection and subject.
    """
    job.connection.execute(
        f"CREATE TABLE IF NOT EXISTS {FROZEN}.{KEPT} (collection VARCHAR, subject VARCHAR, month DATE, "
        "revision BIGINT, closed_on DATE, years VARCHAR, months_since BIGINT, complete BIGINT, base BIGINT, "
        "spread DOUBLE, PRIMARY KEY (collection, subject, month, revision))"
    )
    rows: list[tuple[object, ...]] = []
    for layout in layouts:
        if not layout.subject.entered:
            continue
        for one in closed[layout.code]:
            # A quarter has no months of its own.
            if one.span is not None and one.resolution == "month":
                _keep(job, layout, one.collection, one.span, before.get((one.collection, layout.code)))
                rows += _told_of(job.connection, layout, one)
    make_table(job.connection, KEPT, rows, DELAY[KEPT])


def forget_completeness(
    connection: duckdb.DuckDBPyConnection, collection: str, subject: str, months: Span
) -> None:
    """Forget what was worked out for months that open again, and that no release held."""
    query = "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND table_name = ?"
    if connection.execute(query, [FROZEN, KEPT]).fetchall():
        connection.execute(
            f"DELETE FROM {FROZEN}.{KEPT} WHERE {_WHOSE} AND month >= ?",
            [collection, subject, first_day(months.first)],
        )


def months_since(month: int, day: date) -> float:
    """Return how many months lie between the end of a month and the end of a day; a part counts as a part.

    >>> months_since(12 * 2025 + 11, date(2025, 12, 31)), months_since(12 * 2025 + 10, date(2026, 2, 14))
    (0.0, 2.5)
    """
    morning = day + timedelta(days=1)
    first = first_day(month_of(morning))
    length = (first_day(month_of(morning) + 1) - first).days
    return last_over(day, 0) - month + (morning - first).days / length


def _keep(job: Job, layout: Layout, collection: str, span: Span, before: Span | None) -> None:
    """Write down of each month that has no row yet on which day it closed, and what is told of it."""
    connection, whose = job.connection, [collection, layout.code]
    revised = {
        year: (int(number), day)
        for year, number, day in connection.execute(
            f"SELECT year, max(revision), max(as_of) FROM {FROZEN}.revision WHERE {_WHOSE} GROUP BY year",
            whose,
        ).fetchall()
    }
    days = {
        (month_of(month), revision): day
        for month, revision, day in connection.execute(
            f"SELECT month, revision, closed_on FROM {FROZEN}.{KEPT} WHERE {_WHOSE}", whose
        ).fetchall()
    }
    new: dict[tuple[int, int], date | None] = {}
    for month in range(span.first, span.last + 1):
        number, day = revised.get(month // _YEAR, (0, None))
        if (month, number) not in days:
            # Its records are as they came in up to today, or up to the revision. Of a month that an earlier
            # version closed nobody wrote down when that was.
            is_old = before is not None and before.first <= month <= before.last
            new[month, number] = day if is_old else job.as_of
    if not new:
        return
    current = {
        month: day
        for (month, number), day in (days | new).items()
        if number == revised.get(month // _YEAR, (0, None))[0]
    }
    protection = job.catalog.protection
    noise = build(job.secret, protection.noise_d, protection.noise_v, protection.noise_js, protection.keys)
    years, came_in = counts_of(
        connection,
        layout,
        collection,
        seen=_seen(current, span),
        noise=noise,
        threshold=protection.threshold["public"],
    )
    learnt = learn(years, came_in)
    for (month, number), day in new.items():
        since = months_since(month, day) if day else float(MONTHS)
        found = told(learnt, since)
        connection.execute(
            f"INSERT INTO {FROZEN}.{KEPT} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(collection, layout.code, first_day(month), number, day),
                *(
                    (found.years, int(since), found.complete, found.base, found.spread)
                    if found
                    else [None] * 5
                ),
            ],
        )


def _seen(days: Mapping[int, date | None], span: Span) -> dict[int, int]:
    """Return of each closed year for how many whole months after its last month its records came in."""
    seen = {}
    for year in range(-(-span.first // _YEAR), (span.last + 1) // _YEAR):
        months = range(_YEAR * year, _YEAR * year + _YEAR)
        closed_on = [(month, days.get(month)) for month in months]
        if all(day is not None for _, day in closed_on):
            seen[year] = min(int(months_since(month, day)) for month, day in closed_on if day is not None)
    return {year: months for year, months in seen.items() if months > 0}


def _told_of(
    connection: duckdb.DuckDBPyConnection, layout: Layout, closed: Closed
) -> list[tuple[object, ...]]:
    """Return the rows of the newest revision of each month of which something is told."""
    rows = connection.execute(
        f"SELECT month, years, months_since, complete, base, spread FROM {FROZEN}.{KEPT} WHERE {_WHOSE} "
        "QUALIFY revision = max(revision) OVER (PARTITION BY month) ORDER BY month",
        [closed.collection, layout.code],
    ).fetchall()
    return [
        (closed.collection, layout.code, month_code(month_of(month)), *rest)
        for month, *rest in rows
        if rest[0] is not None
    ]
