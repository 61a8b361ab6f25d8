"""Months that would close with far fewer records than before: asked about first, because closing is for good.

A file that came out empty, or half, is stopped when it is loaded. What was let through there, or was never
sent, shows here for the last time before it is published as "nobody".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.periods import MONTHS_IN, Span, code_of
from etl.errors import EtlError
from etl.falls import is_far_fewer, is_none_left, is_unlike_before
from etl.release.cells.layout import FROZEN, Layout, columns_of
from etl.release.closing.closed_periods import Closed, month_of
from etl.release.publishing.writer_process import quoted

PEOPLE = "person"
_EARLIER = "earlier"  # name under which an older warehouse is attached
_YEAR = 12
_LISTED = 6

Counts = dict[tuple[str, int], int]
"""Number of records by collection and month (counted from year 0)."""


@dataclass(frozen=True)
class _Witnesses:
    """Counts in the warehouse, in the frozen records, and the most that an earlier warehouse had."""

    now: Counts
    frozen: Counts
    kept: Counts


@dataclass(frozen=True)
class Fall:
    """A period that would close with far fewer records than there were.

    Attributes
    ----------
    subject, collection
        What is counted, in words, and in which collection.
    period
        Its code.
    now
        Records in the warehouse.
    before
        What it is held against, in words.
    """

    subject: str
    collection: str
    period: str
    now: int
    before: str

    def sentence(self) -> str:
        """Return it as a person reads it."""
        return f"{self.subject} ({self.collection}), {self.period}: {self.now:,}, {self.before}"


def growing(closed: Sequence[Closed], before: Mapping[str, Span]) -> list[Closed]:
    """Return the collections of which months close that earlier releases had not closed."""
    return [one for one in closed if one.span and one.span != before.get(one.collection)]


def most_kept(
    connection: duckdb.DuckDBPyConnection, layouts: Sequence[Layout], warehouses: Iterable[Path]
) -> dict[str, Counts]:
    """Return the most that any of these warehouses had, by subject, collection and month."""
    most: dict[str, Counts] = {layout.code: {} for layout in layouts}
    for path in warehouses:
        with _attached(connection, path) as is_there:
            for layout in layouts if is_there else ():
                if "period_start" not in columns_of(connection, _EARLIER, layout.subject.table):
                    continue
                kept = most[layout.code]
                for key, count in _counts(connection, f"{_EARLIER}.{layout.subject.table}").items():
                    kept[key] = max(count, kept.get(key, 0))
    return most


def falls(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    closed: Sequence[Closed],
    before: Mapping[str, Span],
    kept: Counts,
) -> list[Fall]:
    """Return the periods that would close now with far fewer records than before.

    Held against two things: the same months in the warehouses that are still kept; and, of people, the
    periods of the year before. Charges, people met in an operation and the like come in clusters, so that a
    month of few says little.

    Parameters
    ----------
    connection
        With the warehouse and the frozen records attached, the subject's views and frozen tables made.
    layout
        The subject.
    closed, before
        What is closed now, and what earlier releases closed.
    kept
        The most that earlier warehouses had, as `most_kept` returns it.
    """
    now = _counts(connection, f"mart_{layout.code}")
    frozen = _counts(connection, f"{FROZEN}.{layout.code}")
    counts = _Witnesses(now, frozen, kept)
    return [
        fall
        for one in growing(closed, before)
        for fall in _of(layout, one, before.get(one.collection), counts)
    ]


def _of(layout: Layout, one: Closed, before: Span | None, counts: _Witnesses) -> list[Fall]:
    assert one.span is not None  # only growing collections are looked at
    size = MONTHS_IN[one.resolution]
    starts = range(one.span.first, one.span.last + 1, size)

    def of_period(of: Counts, start: int) -> int:
        return sum(of.get((one.collection, month), 0) for month in range(start, start + size))

    def is_closed(start: int) -> bool:
        return before is not None and before.first <= start <= before.last

    series = [of_period(counts.frozen if is_closed(start) else counts.now, start) for start in starts]
    first = next((place for place, count in enumerate(series) if count), len(series))
    fallen = []
    for place, start in enumerate(starts):
        if is_closed(start):
            continue
        count, was = series[place], of_period(counts.kept, start)
        earlier = series[max(first, place - _YEAR // size) : place]
        if is_none_left(was, count) or is_far_fewer(was, count):
            words = f"where an earlier warehouse had {was:,}"
        elif layout.code == PEOPLE and is_unlike_before(earlier, count):
            words = f"and {min(earlier):,} to {max(earlier):,} in each of the {len(earlier)} periods before"
        else:
            continue
        fallen.append(
            Fall(layout.subject.label, one.collection, code_of(start, one.resolution), count, words)
        )
    return fallen


def refuse(fallen: Sequence[Fall], home: Path, profile: str) -> None:
    """Refuse to close periods that look like a loss.

    Raises
    ------
    EtlError
        With the periods, and the flag that accepts them. Nothing is frozen then.
    """
    if not fallen:
        return
    listed = "; ".join(one.sentence() for one in fallen[:_LISTED])
    more = len(fallen) - _LISTED
    raise EtlError(
        f"Far fewer records than before would be closed for good: {listed}"
        f"{f'; and {more} more' if more > 0 else ''}. Nothing was released.",
        f"Look at what is loaded: python -m etl status --home {home}. If it is right: "
        f"python -m etl release --profile {profile} --accept fewer --home {home}",
    )


def _counts(connection: duckdb.DuckDBPyConnection, table: str) -> Counts:
    rows = connection.execute(
        f"SELECT collection, period_start, count(*) FROM {table} GROUP BY ALL"
    ).fetchall()
    return {(collection, month_of(start)): count for collection, start, count in rows}


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[bool]:
    """Attach an older warehouse; one that is gone or damaged is no witness, and stops no release."""
    try:
        connection.execute(f"ATTACH {quoted(path)} AS {_EARLIER} (READ_ONLY)")
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException):
        yield False
        return
    try:
        yield True
    finally:
        connection.execute(f"DETACH {_EARLIER}")
