"""Which months of a collection are closed: over, settled, and reported on. Months count from year 0."""

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from analysis.periods import MONTHS_IN, PERIOD_LEVELS, Span, code_of, periods_inside, span_of
from etl.release.cells.layout import WAREHOUSE, Layout


@dataclass(frozen=True)
class Closed:
    """The closed months of one collection and subject; none when `span` is None.

    Attributes
    ----------
    collection, resolution
        Code of the collection and its finest period: month, quarter or year.
    span
        First and last closed month. The first is a January: an earlier year can still be added as a whole.
    """

    collection: str
    resolution: str
    span: Span | None

    def periods(self) -> list[tuple[str, str]]:
        """Return level and code of every closed period, finest level first."""
        if self.span is None:
            return []
        levels = PERIOD_LEVELS[PERIOD_LEVELS.index(self.resolution) :]
        return [(level, code) for level in levels for code in periods_inside(self.span, level)]


def month_of(day: date) -> int:
    """Return the number of the month in which a day lies."""
    return 12 * day.year + day.month - 1


def first_day(month: int) -> date:
    """Return the first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def last_over(as_of: date, settle_months: int) -> int:
    """Return the last month that was over, and settled, at the end of a day."""
    tomorrow = as_of + timedelta(days=1)
    return month_of(tomorrow) - 1 - settle_months


def close(reported: Span, resolution: str, limit: int, before: Span | None) -> Span | None:
    """Return the closed months, given what was closed before.

    Parameters
    ----------
    reported
        First and last month on which a contributor reported.
    resolution
        month, quarter or year: only whole periods of that size close.
    limit
        Last month that is over and settled.
    before
        What earlier releases closed. It never shrinks, whatever happens to the warehouse.
    """
    # From January on, so that a year can be published as a whole. At the end only whole periods of the
    # source's own size: a quarter of which one month is not over would change when the month is.
    size = MONTHS_IN[resolution]
    first = reported.first // 12 * 12
    last = (min(reported.last, limit) + 1) // size * size - 1
    # What was published once stays closed, even when the warehouse that it came from has been emptied since.
    if before is not None:
        first, last = min(first, before.first), max(last, before.last)
    return Span(first, last) if last >= first else None


def closed_months(
    connection: duckdb.DuckDBPyConnection, layout: Layout, limit: int, before: dict[str, Span]
) -> list[Closed]:
    """Return the closed months of every collection of a subject, in the order of their codes."""
    rows = connection.execute(
        f"""
        WITH reported AS (
            SELECT collection, min(period) AS first, max(period) AS last
            FROM {WAREHOUSE}.mart.coverage WHERE status = 'reported' GROUP BY collection
        ), recorded AS (
            SELECT collection, min(period_start) AS first, max(period_start) AS last
            FROM mart_{layout.code} GROUP BY collection
        )
        SELECT
            collection, period_resolution, reported.first, reported.last, recorded.first, recorded.last
        FROM {WAREHOUSE}.mart.collection
        LEFT JOIN reported USING (collection) LEFT JOIN recorded USING (collection)
        WHERE subject = ? ORDER BY collection
        """,
        [layout.code],
    ).fetchall()
    closed = []
    for collection, resolution, first_report, last_report, first_record, last_record in rows:
        # Records may be older than any month that somebody reported on: a person of last year in this year's
        # file. The first closed month is the earlier of the two, or these records would never be counted.
        firsts = [span_of(first_report).first] if first_report else []
        firsts += [month_of(first_record)] if first_record else []
        if not firsts:
            closed.append(Closed(collection, resolution, before.get(collection)))
            continue
        # The last one follows reports alone: a month that was reported on without anybody in it is closed,
        # and zero. A source without reports goes as far as its records do, to the end of the last one's
        # period.
        last = span_of(last_report).last if last_report else month_of(last_record) + MONTHS_IN[resolution] - 1
        span = close(Span(min(firsts), last), resolution, limit, before.get(collection))
        closed.append(Closed(collection, resolution, span))
    return closed


def marker_of(code: str, newest: int, provisional_months: int, is_revised: bool) -> str:
    """Return the marker of a period: ``r`` revised, ``p`` provisional, both or none.

    Parameters
    ----------
    code
        The period.
    newest
        The newest month that is over; the last `provisional_months` up to it are provisional.
    is_revised
        Whether the period's year was revised.
    """
    is_provisional = span_of(code).last > newest - provisional_months
    return ("r" if is_revised else "") + ("p" if is_provisional else "")


def month_code(month: int) -> str:
    """Return a month as ``YYYY-MM``."""
    return code_of(month, "month")
