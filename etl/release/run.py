"""Makes a release and puts it in place: frozen records first, then the release that is computed from them.

Everything is built and checked aside. Then two renames: the frozen file, and the manifest. A kill between
them leaves frozen records that are ahead of the published release; the next run publishes exactly those.
"""

import importlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from analysis import closed_list, load_catalog
from analysis.catalog.model import Catalog
from etl.config import Home, secret, secure
from etl.errors import EtlError
from etl.progress import Progress
from etl.release import preview
from etl.release.cells.count import Engine, InPlace, count_cells
from etl.release.cells.keys import apart
from etl.release.cells.layout import (
    FROZEN,
    WAREHOUSE,
    Layout,
    check_codes,
    check_records,
    has_records,
    layouts,
    name_records,
)
from etl.release.cells.protect import ClosedPeriod, protect, protect_nothing
from etl.release.cells.ptable import build as build_noise
from etl.release.closing import contributions, falls, freeze, reports
from etl.release.closing.closed_periods import Closed, closed_months, marker_of, month_code
from etl.release.closing.revise import repair as repair_month
from etl.release.closing.revise import revise as revise_year
from etl.release.closing.unfreeze import closed_spans
from etl.release.context import Job, ReleaseReport
from etl.release.delay.completeness import make_completeness
from etl.release.hidden.estimates import make_estimates
from etl.release.profiles import Profile, profile_named
from etl.release.publishing.index import write_index
from etl.release.publishing.info import describe, describe_held
from etl.release.publishing.schema import release_tables
from etl.release.publishing.swap import published_file, put_frozen, put_release
from etl.release.publishing.verify import is_of_same_people, verify, verify_unchanged
from etl.release.publishing.write import hand_over, write_release
from etl.release.spark.master import require
from etl.release.unperturbed import organisation_rule
from etl.release.unperturbed import tables as passing
from etl.release.unperturbed.outward import Outward
from etl.release.unperturbed.texts import Texts, named_columns
from etl.release.withdrawing import refuse_withdrawn
from etl.release.workspace import ancestors, aside_folder, connected, is_synthetic_home
from etl.store import confirmed, released, warehouse
from etl.surroundings import cure, reason

STEPS = 9


def publish(
    home: Home,
    profile: str,
    revise: int | None = None,
    progress: Progress | None = None,
    *,
    repair: int | None = None,
    accept_fewer: bool = False,
    spark: str = "",
    is_preview: bool = False,
    expected: str = "",
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
    repair
        Month, counted from year 0, that a failed load let close empty (not for the steward).
    accept_fewer
        Close months although they hold far fewer records than before.
    spark
        Address of the Spark master that counts; DuckDB counts when empty.
    is_preview
        Do all but put it in place: nothing is frozen or published, and everything that would be refused is.
    expected
        Id of the release that a preview told of; another one is refused. Empty: any.

    Raises
    ------
    EtlError
        With the reason; the published release and the frozen records are then as they were.
    """
    progress = progress or Progress()
    progress.expect(STEPS)
    catalog = load_catalog()
    chosen = profile_named(profile, catalog.protection)
    if (revise is not None or repair is not None) and not chosen.has_noise:
        raise EtlError(
            "The steward's release freezes and revises nothing.",
            f"python -m etl release --revise YEAR --home {home.root}",
        )
    secure(home)
    try:
        with aside_folder(home) as folder:
            changes = Changes(revise, repair, accept_fewer, is_preview, expected)
            return _publish_from(
                folder, home, chosen, catalog, changes=changes, progress=progress, spark=spark
            )
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise EtlError(
            f"The release could not be made: {reason(error)}. The last release is unchanged.",
            f"{cure(error, home.root)} Then: python -m etl release --profile {profile} --home {home.root}",
        ) from error


@contextmanager
def _engine(spark: str, folder: Path) -> Iterator[Engine]:
    """Return who counts. Spark's module is imported by nobody else: most environments lack what it needs."""
    if not spark:
        yield InPlace()
        return
    require(spark)
    module = importlib.import_module("etl.release.spark.engine")
    with module.opened(spark, folder) as engine:
        yield engine


@dataclass(frozen=True)
class Changes:
    """What a release may change of closed months: nothing, a year, a month; and what it may close.

    Nothing at all when it is a preview; and nothing but what was expected, when that is said.
    """

    revise: int | None
    repair: int | None
    accept_fewer: bool
    is_preview: bool
    expected: str


def _publish_from(
    folder: Path,
    home: Home,
    profile: Profile,
    catalog: Catalog,
    *,
    changes: Changes,
    progress: Progress,
    spark: str,
) -> ReleaseReport:
    is_synthetic = is_synthetic_home(home)
    # All work is on a copy of the frozen records: a run that fails half way must not have frozen a month that
    # no release was computed from.
    frozen, target = home.frozen(is_synthetic), home.release(profile.name)
    aside, file = folder / frozen.name, folder / "release.duckdb"
    report = ReleaseReport(profile.name, is_preview=changes.is_preview)
    released.refuse_lost(home, is_synthetic)
    if frozen.exists():
        shutil.copyfile(frozen, aside)
    with _engine(spark, folder) as engine, connected(folder, warehouse.current(home), aside) as connection:
        info = dict(connection.execute(f"SELECT key, value FROM {WAREHOUSE}.meta.info").fetchall())
        job = Job(connection, catalog, profile, secret(home, is_synthetic), info, report, engine)
        known = _make_tables(job, home, changes, progress)
        closed = _spans(connection)
        tables = release_tables(catalog) | passing.pass_series(connection)
        if not is_synthetic:
            tables |= passing.pass_source_files(connection, catalog)
        progress.start("Writing the release")
        hand_over(connection, folder, tables)
    # Another process writes the file: it is handed the protected tables alone and never had a true count in
    # its memory, so none can be left in the unused bytes of the file.
    write_release(folder, tables, file)
    progress.start("Checking the release")
    report.cells_shown = verify(file, tables, profile, catalog.protection.noise_js)
    write_index(file)
    preview.refuse_unexpected(file, changes.expected, profile.name, home)
    says: dict[str, Any] = {
        "as_of": job.as_of,
        "place": info.get("place", ""),
        "synthetic": is_synthetic,
        "catalog_sha256": catalog.sha256,
    }
    # The steward's release has no noise and freezes nothing. Of the others, whatever was published before and
    # is not revised must come out the same; only then the frozen records take their place, before the release
    # that follows from them does (why in this order: top of this module).
    follows = True
    if profile.has_noise:
        refuse_withdrawn(file, target, known, home)
        before = published_file(target, is_synthetic)
        if before is not None:
            verify_unchanged(file, before, tables)
    if changes.is_preview:
        progress.start("Looking at what can be shown")
        report.release_id, report.is_new = preview.release_id(file), not preview.is_published(file, target)
        report.topics = preview.topics(file, catalog, profile.name, says["place"], job.as_of)
        return report
    if profile.has_noise:
        follows = not is_synthetic or is_of_same_people(file, target, tables)
        # Either of the two is whole until the other has taken its place.
        known.frozen = [warehouse.sha256(path) for path in (frozen, aside) if path.exists()]
        released.write(home, is_synthetic, known)
        put_frozen(aside, frozen)

    def record(release_id: str) -> None:
        if profile.has_noise:
            known.add(closed, release_id, profile.name, job.as_of)
            known.frozen = known.frozen[-1:]
            released.write(home, is_synthetic, known)

    report.release_id, report.is_new = put_release(file, target, profile, says, record, follows=follows)
    report.file = target / f"release-{report.release_id}.duckdb"
    return report


def _make_tables(job: Job, home: Home, changes: Changes, progress: Progress) -> released.Released:
    """Freeze, revise, count and protect; leave one temporary table for each table of the release.

    Returns
    -------
    Released
        Which closed months a release was written for before this one.
    """
    connection, catalog, protection = job.connection, job.catalog, job.catalog.protection
    progress.start("Freezing closed months")
    is_synthetic = job.info.get("is_synthetic") == "true"
    freeze.open_series(connection, job.secret, protection, is_synthetic)
    closed_so_far = _spans(connection)
    released.refuse_older(home, is_synthetic, closed_so_far)
    known = released.read(home, is_synthetic, closed_so_far)
    freeze.keep_areas(connection)
    subjects = layouts(connection, catalog)
    # Newly closed months are copied before a revision, which then finds only what came after a month had
    # closed.
    closed = _freeze(job, home, subjects, changes.accept_fewer)
    _revise(job, subjects, changes, progress)
    reports.keep(connection, closed_spans(connection))
    # One table of noise for all subjects and for public and partner: two tables over the same people would
    # give two draws, and draws average out.
    noise, shift = None, apart(job.secret, protection.keys)
    if job.profile.has_noise:
        noise = build_noise(
            job.secret, protection.noise_d, protection.noise_v, protection.noise_js, protection.keys
        )
    outward = Outward(connection, catalog, _texts(job, home, is_synthetic))
    for layout in map(outward.named, subjects):
        if not has_records(connection, layout):
            protect_nothing(connection, layout)
            continue
        progress.start(f"Counting: {layout.subject.label.lower()}")
        check_codes(connection, layout, catalog)
        count_cells(connection, layout, closed_list(layout.subject, catalog), catalog, job.engine)
        protect(
            connection, layout, _periods(job, layout, closed[layout.code]), job.profile, noise, apart=shift
        )
        outward.withdraw_few(layout)
    for layout in subjects:
        if layout.subject.lists:
            make_estimates(job, layout, closed[layout.code], progress)
    make_completeness(job, subjects, closed, closed_so_far)
    progress.start("Passing published figures")
    passing.pass_tables(connection, catalog, outward, is_exact=not job.profile.has_noise)
    if job.profile.has_noise:
        files = (published_file(home.release(name), is_synthetic) for name in released.SERVED)
        organisation_rule.pass_as_published(
            connection,
            catalog,
            newest=job.newest,
            as_of=job.as_of,
            published=[file for file in files if file is not None],
        )
    passing.pass_reports(connection)
    passing.pass_revisions(connection)
    describe_held(job, subjects)
    describe(job, home, closed)
    outward.pass_reports()
    outward.name_collections()
    if outward.texts is not None:
        job.report.are_texts_made_up = outward.texts.is_made_up
        job.report.texts_waiting = len(outward.texts.waiting)
        job.report.texts_not_named = {name: len(found) for name, found in outward.texts.not_named.items()}
    return known


def _spans(connection: duckdb.DuckDBPyConnection) -> released.Spans:
    """Return what is closed in the frozen records: months of persons, and figures of organisations."""
    return closed_spans(connection) | contributions.spans_of_figures(connection)


def _texts(job: Job, home: Home, is_synthetic: bool) -> Texts | None:
    """Return which texts may leave; None for the steward, who sees them all."""
    if not job.profile.has_noise:
        return None
    named = named_columns(job.catalog, home, job.info)
    return Texts(job.secret, confirmed.read(home), named, is_made_up=is_synthetic)


def _freeze(job: Job, home: Home, subjects: list[Layout], accept_fewer: bool) -> dict[str, list[Closed]]:
    """Copy the records of newly closed months of all subjects; refuse months that look like a loss."""
    connection, closed, before = job.connection, {}, {}
    for layout in subjects:
        name_records(connection, layout)
        check_records(connection, layout)
        freeze.make_tables(connection, layout)
        before[layout.code] = freeze.closed_before(connection, layout)
        closed[layout.code] = closed_months(connection, layout, job.newest, before[layout.code])
    # The steward's release closes nothing that stays closed: it is where such a month is looked at.
    if job.profile.has_noise and not accept_fewer:
        growing = [one for one in subjects if falls.growing(closed[one.code], before[one.code])]
        earlier = [home.restricted / version.file for version in ancestors(home)] if growing else []
        kept = falls.most_kept(connection, growing, earlier)
        fallen = [
            fall
            for one in growing
            for fall in falls.falls(connection, one, closed[one.code], before[one.code], kept[one.code])
        ]
        falls.refuse(fallen, home.root, job.profile.name)
    for layout in subjects:
        new = freeze.extend(connection, layout, closed[layout.code], job.secret)
        spans = {one.collection: one.span for one in closed[layout.code]}
        for collection, months in new.items():
            name = f"{collection}/{layout.code}"
            job.report.newly_closed_months[name] = months
            job.report.newly_closed[name] = preview.months_text(
                before[layout.code].get(collection), spans[collection]
            )
    return closed


def _revise(job: Job, subjects: list[Layout], changes: Changes, progress: Progress) -> None:
    """Take over held records: of a year, or of a month that closed empty."""
    connection, protection = job.connection, job.catalog.protection
    if changes.revise is not None:
        progress.start(f"Revising {changes.revise}")
        year = changes.revise
        done = revise_year(
            connection, subjects, year, as_of=job.as_of, protection=protection, secret=job.secret
        )
        job.report.revised += [f"{name}/{code}: {year}, revision {number}" for name, code, number in done]
    if changes.repair is not None:
        month = month_code(changes.repair)
        progress.start(f"Repairing {month}")
        done = repair_month(
            connection, subjects, changes.repair, as_of=job.as_of, protection=protection, secret=job.secret
        )
        job.report.revised += [
            f"{name}/{code}: {month} repaired, revision {number} of {month[:4]}"
            for name, code, number in done
        ]


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
