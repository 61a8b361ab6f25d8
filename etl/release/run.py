"""Makes a release and puts it in place: frozen records first, then the release that is computed from them.

Everything is built and checked aside. Then two renames: the frozen file, and the manifest. A kill between
them leaves frozen records that are ahead of the published release; the next run publishes exactly those.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from analysis import closed_list, load_catalog
from analysis.catalog.model import Catalog
from etl.config import PRIVATE_FILE, PRIVATE_FOLDER, Home, secret, secure
from etl.errors import EtlError
from etl.progress import Progress
from etl.release.cells.keys import apart
from etl.release.cells.layout import (
    FROZEN,
    WAREHOUSE,
    Layout,
    check_codes,
    check_records,
    layouts,
    name_records,
)
from etl.release.cells.protect import ClosedPeriod, count_cells, protect
from etl.release.cells.ptable import build as build_noise
from etl.release.closing import freeze
from etl.release.closing.closed_periods import Closed, closed_months, marker_of
from etl.release.closing.revise import revise as revise_year
from etl.release.context import Job, ReleaseReport
from etl.release.profiles import Profile, profile_named
from etl.release.publishing.info import describe, describe_held
from etl.release.publishing.schema import Columns, release_tables
from etl.release.publishing.swap import published_file, put_frozen, put_release
from etl.release.publishing.verify import verify, verify_unchanged
from etl.release.publishing.write import write_release
from etl.release.publishing.writer_process import quoted
from etl.release.unperturbed import tables as passing
from etl.store import warehouse

MEMORY_LIMIT = "2500MiB"
STEPS = 8


def publish(
    home: Home, profile: str, revise: int | None = None, progress: Progress | None = None
) -> ReleaseReport:
    """Make the release of a profile from the current warehouse and put it in place.

    The caller holds the lock (`etl.store.locking`). The steward's release shows what the next public
    release would be computed from, and freezes nothing.

    Parameters
    ----------
    home
        The deployment.
    profile
        public, partner or steward.
    revise
        Year whose held records are taken over (not for the steward).
    progress
        Told which step runs.

    Raises
    ------
    EtlError
        With the reason; the published release and the frozen records are then as they were.
    """
    progress = progress or Progress()
    progress.expect(STEPS)
    catalog = load_catalog()
    chosen = profile_named(profile, catalog.protection)
    if revise is not None and not chosen.has_noise:
        raise EtlError(
            "The steward's release freezes and revises nothing.",
            f"python -m etl release --revise {revise} --home {home.root}",
        )
    secure(home)
    try:
        with _aside(home) as folder:
            return _publish_from(folder, home, chosen, catalog, revise=revise, progress=progress)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise EtlError(
            f"The release could not be made: {reason}. The last release is unchanged.",
            f"Free space under {home.root}, then: python -m etl release --profile {profile}",
        ) from error


def _publish_from(
    folder: Path, home: Home, profile: Profile, catalog: Catalog, *, revise: int | None, progress: Progress
) -> ReleaseReport:
    is_synthetic = _is_synthetic(home)
    # All work is on a copy of the frozen records: a run that fails half way must not have frozen a month that
    # no release was computed from.
    frozen, target = home.frozen(is_synthetic), home.release(profile.name)
    aside, file = folder / frozen.name, folder / "release.duckdb"
    report = ReleaseReport(profile.name)
    if frozen.exists():
        shutil.copyfile(frozen, aside)
    with _connect(folder, warehouse.current(home), aside) as connection:
        info = dict(connection.execute(f"SELECT key, value FROM {WAREHOUSE}.meta.info").fetchall())
        job = Job(connection, catalog, profile, secret(home, is_synthetic), info, report)
        _make_tables(job, home, revise, progress)
        tables = release_tables(catalog) | passing.pass_series(connection)
        progress.start("Writing the release")
        _hand_over(connection, folder, tables)
    # Another process writes the file: it is handed the protected tables alone and never had a true count in
    # its memory, so none can be left in the unused bytes of the file.
    write_release(folder, tables, file)
    progress.start("Checking the release")
    report.cells_shown = verify(file, tables, profile, catalog.protection.noise_js)
    # The steward's release has no noise and freezes nothing. Of the others, whatever was published before and
    # is not revised must come out the same; only then the frozen records take their place, before the release
    # that follows from them does (why in this order: top of this module).
    if profile.has_noise:
        before = published_file(target, is_synthetic)
        if before is not None:
            verify_unchanged(file, before, tables)
        put_frozen(aside, frozen)
    says: dict[str, Any] = {
        "as_of": job.as_of,
        "place": info.get("place", ""),
        "synthetic": is_synthetic,
        "catalog_sha256": catalog.sha256,
    }
    report.release_id, report.is_new = put_release(file, target, profile, says)
    report.file = target / f"release-{report.release_id}.duckdb"
    return report


def _is_synthetic(home: Home) -> bool:
    manifest = warehouse.read_manifest(home)
    version = manifest.version(manifest.current) if manifest else None
    return bool(version and version.is_synthetic)


@contextmanager
def _aside(home: Home) -> Iterator[Path]:
    """Make an empty folder in the restricted zone; remove it, and what a killed run left."""
    folder = home.restricted / "release-aside"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=PRIVATE_FOLDER)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _connect(folder: Path, origin: Path, frozen: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory database with warehouse and frozen records attached; true counts die with it."""
    config: dict[str, Any] = {
        **warehouse.NOT_FLUSHED,  # `put_frozen` flushes the copy before it takes the place of the last one
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(folder / "spill"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(config=config) as connection:
        connection.execute(f"ATTACH {quoted(origin)} AS {WAREHOUSE} (READ_ONLY)")
        connection.execute(f"ATTACH {quoted(frozen)} AS {FROZEN}")
        frozen.chmod(PRIVATE_FILE)
        yield connection
        connection.execute(f"CHECKPOINT {FROZEN}; DETACH {FROZEN}")


def _make_tables(job: Job, home: Home, revise: int | None, progress: Progress) -> None:
    """Freeze, revise, count and protect; leave one temporary table for each table of the release."""
    connection, catalog, protection = job.connection, job.catalog, job.catalog.protection
    progress.start("Freezing closed months")
    freeze.open_series(connection, job.secret, protection, job.info.get("is_synthetic") == "true")
    freeze.keep_areas(connection)
    subjects = layouts(connection, catalog)
    # Newly closed months are copied before a revision, which then finds only what came after a month had
    # closed.
    closed = {layout.code: _freeze_subject(job, layout) for layout in subjects}
    if revise is not None:
        progress.start(f"Revising {revise}")
        done = revise_year(
            connection, subjects, revise, as_of=job.as_of, protection=protection, secret=job.secret
        )
        job.report.revised = [f"{name}/{code}: {revise}, revision {number}" for name, code, number in done]
    # One table of noise for all subjects and for public and partner: two tables over the same people would
    # give two draws, and draws average out.
    noise, shift = None, apart(job.secret, protection.keys)
    if job.profile.has_noise:
        noise = build_noise(
            job.secret, protection.noise_d, protection.noise_v, protection.noise_js, protection.keys
        )
    for layout in subjects:
        progress.start(f"Counting: {layout.subject.label.lower()}")
        check_codes(connection, layout, catalog)
        count_cells(connection, layout, closed_list(layout.subject, catalog), catalog)
        protect(
            connection, layout, _periods(job, layout, closed[layout.code]), job.profile, noise, apart=shift
        )
    progress.start("Passing published figures")
    passing.pass_tables(connection, catalog, is_exact=not job.profile.has_noise)
    passing.pass_revisions(connection)
    describe_held(job, subjects)
    describe(job, home, closed)


def _freeze_subject(job: Job, layout: Layout) -> list[Closed]:
    connection = job.connection
    name_records(connection, layout)
    check_records(connection, layout)
    freeze.make_tables(connection, layout)
    closed = closed_months(connection, layout, job.newest, freeze.closed_before(connection, layout))
    for collection, months in freeze.extend(connection, layout, closed, job.secret).items():
        job.report.newly_closed_months[f"{collection}/{layout.code}"] = months
    return closed


def _periods(job: Job, layout: Layout, closed: list[Closed]) -> list[ClosedPeriod]:
    """Return the closed periods with their markers."""
    revised = set(
        job.connection.execute(
            f"SELECT DISTINCT collection, year FROM {FROZEN}.revision WHERE subject = ?", [layout.code]
        ).fetchall()
    )
    newest, months = job.newest, job.catalog.protection.provisional_months
    return [
        (
            one.collection,
            level,
            code,
            marker_of(code, newest, months, (one.collection, int(code[:4])) in revised),
        )
        for one in closed
        for level, code in one.periods()
    ]


def _hand_over(connection: duckdb.DuckDBPyConnection, folder: Path, tables: dict[str, Columns]) -> None:
    """Write what may be published, and only that, for the process that writes the release.

    A subject that this deployment does not load has a table without rows.
    """
    for name, columns in tables.items():
        typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({typed})")
        listed = ", ".join(f'"{column}"' for column in columns)
        target = quoted(folder / f"{name}.parquet")
        connection.execute(
            f"COPY (SELECT {listed} FROM {name}) TO {target} (FORMAT parquet, COMPRESSION uncompressed)"
        )
