"""Makes the estimate once for each year that closes, keeps what may be told of it, and passes it on.

It is of all whole years that are closed and no longer filling up, together: of no area and no single year.
Its records are the frozen ones: what comes later changes nothing, unless a revision of the year takes it.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from analysis.periods import MONTHS_IN, Span
from analysis.statistics.hidden.bootstrap import RESAMPLES
from analysis.statistics.hidden.estimate import estimate
from etl.progress import Progress
from etl.release.cells.layout import FROZEN, Layout
from etl.release.closing.closed_periods import Closed, marker_of
from etl.release.closing.freeze import OPENED_AGAIN
from etl.release.context import Job
from etl.release.hidden.lists import keep_lists, lists_of
from etl.release.hidden.told import Told, refused, told
from etl.release.publishing.schema import HIDDEN
from etl.release.unperturbed.tables import make_table

KEPT = "hidden_estimate"
STEP = "Estimating people on no list"
NO_YEAR = "no_year"
SEED_BYTES = 8


def make_estimates(
    job: Job, layout: Layout, closed: Sequence[Closed], progress: Progress, *, draws: int = RESAMPLES
) -> None:
    """Make the temporary tables ``hidden_population``, ``hidden_overlap`` and ``hidden_agreement``.

    Parameters
    ----------
    job
        The run. The steward's release shows what the next public one would, and its copy of the frozen
        records is thrown away.
    layout
        Of the subject that has `lists`.
    closed
        Its closed months, by collection.
    progress
        Told how many resamples are done, never of what.
    draws
        How many resamples.
    """
    progress.start(STEP)
    _make_kept(job.connection, layout)
    rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in HIDDEN}
    for one in closed:
        if one.span is None:
            continue
        years, found, period = _whole_years(job, one), refused(NO_YEAR), ""
        if years is not None:
            which = _Which(one.collection, years, _revision(job, layout, one.collection, years))
            found = _kept(job, which) or _made(job, layout, which, progress=progress, draws=draws)
            period = which.period
        parts = ((found.population,), found.overlaps, found.agreements)
        for name, told_rows in zip(HIDDEN, parts, strict=True):
            rows[name] += [(one.collection, period, *row) for row in told_rows]
    for name, columns in HIDDEN.items():
        make_table(job.connection, name, rows[name], columns)


@dataclass(frozen=True)
class _Which:
    """Which estimate: of whom, of which years, and how often these were revised."""

    collection: str
    years: tuple[int, int]
    revision: int

    @property
    def period(self) -> str:
        """The years as the release has them: ``2016..2024``."""
        return f"{self.years[0]}..{self.years[1]}"

    @property
    def key(self) -> tuple[str, str, int]:
        """What it is kept under."""
        return self.collection, self.period, self.revision


def _whole_years(job: Job, closed: Closed) -> tuple[int, int] | None:
    """Return the first and the last closed year that is not filling up any more."""
    months = job.catalog.protection.provisional_months
    years = [
        int(code)
        for level, code in closed.periods()
        if level == "year" and "p" not in marker_of(code, job.newest, months, is_revised=False)
    ]
    return (min(years), max(years)) if years else None


def _make_kept(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Make the table of what was told, and freeze lists where an earlier version did not."""
    if not _is_kept(connection):
        connection.execute(
            f"CREATE TABLE {FROZEN}.{KEPT} (collection VARCHAR, period VARCHAR, revision BIGINT, "
            "told VARCHAR, PRIMARY KEY (collection, period, revision))"
        )
        keep_lists(connection, layout)


def forget_estimates(connection: duckdb.DuckDBPyConnection, collection: str, months: Span) -> None:
    """Forget what was worked out from months that open again, and that no release held."""
    if _is_kept(connection):
        connection.execute(
            f"DELETE FROM {FROZEN}.{KEPT} WHERE collection = ? AND right(period, 4)::BIGINT >= ?",
            [collection, months.first // MONTHS_IN["year"]],
        )


def _is_kept(connection: duckdb.DuckDBPyConnection) -> bool:
    query = "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND table_name = ?"
    return bool(connection.execute(query, [FROZEN, KEPT]).fetchall())


def _revision(job: Job, layout: Layout, collection: str, years: tuple[int, int]) -> int:
    """Return how often the years were revised or opened again, in all: each time makes a new estimate."""
    [(number,)] = job.connection.execute(
        f"""
        WITH revised AS (FROM {FROZEN}.revision WHERE year BETWEEN $first AND $last),
             redrawn AS (FROM {FROZEN}.redrawn WHERE year BETWEEN $first AND $last)
        SELECT (SELECT count(*) FROM revised WHERE collection = $collection AND subject = $subject)
             + (SELECT coalesce(sum(times), 0) FROM redrawn WHERE collection = $collection) * {OPENED_AGAIN}
        """,
        {"collection": collection, "subject": layout.code, "first": years[0], "last": years[1]},
    ).fetchall()
    return int(number)


def _kept(job: Job, which: _Which) -> Told | None:
    rows = job.connection.execute(
        f"SELECT told FROM {FROZEN}.{KEPT} WHERE collection = ? AND period = ? AND revision = ?", which.key
    ).fetchall()
    if not rows:
        return None
    population, overlaps, agreements = json.loads(rows[0][0])
    return Told(tuple(population), tuple(map(tuple, overlaps)), tuple(map(tuple, agreements)))


def _made(job: Job, layout: Layout, which: _Which, *, progress: Progress, draws: int) -> Told:
    """Estimate, and keep what may be told."""
    listed = lists_of(job.connection, layout, which.collection, which.years)
    if listed.table is None:
        found = refused(listed.reason)
    else:
        # The seed is the deployment's own: whoever knew it could draw the same resamples of a guessed table.
        name = "|".join(("hidden population", *map(str, which.key)))
        seed = hmac.new(job.secret, name.encode(), hashlib.sha256).digest()[:SEED_BYTES]
        made = estimate(
            listed.table,
            draws=draws,
            seed=int.from_bytes(seed),
            progress=lambda done, of: progress.so_far(f"resample {done:,} of {of:,}"),
        )
        found = told(listed.table, made, layout.subject.list_names, job.secret)
    job.connection.execute(
        f"INSERT INTO {FROZEN}.{KEPT} VALUES (?, ?, ?, ?)",
        [*which.key, json.dumps([found.population, found.overlaps, found.agreements])],
    )
    return found
