"""Makes a release out of releases and puts it in place; nothing is changed unless all of it is right."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from analysis import load_catalog
from analysis.catalog.model import NOT_RECORDED, Catalog
from analysis.errors import ReleaseError
from analysis.release import archive
from analysis.release.archive import newest_of
from analysis.release.manifest import Manifest
from etl.config import Deployment, Home, read_deployment, secure
from etl.errors import EtlError, UsageError
from etl.hub import parts as reading
from etl.hub.cells import hub_columns, make_cells
from etl.hub.figures import make_figures
from etl.hub.memory import recall, refuse_records, remember
from etl.hub.parts import Part
from etl.hub.places import make_places
from etl.hub.registers import make_registers, told_apart
from etl.hub.tables import (
    as_of,
    is_synthetic,
    leave_out_estimates,
    make_info,
    make_laws,
    make_own_tables,
    make_sources,
    make_told_by_some,
)
from etl.progress import Progress
from etl.release.profiles import Profile, profile_named
from etl.release.publishing.schema import HUB_TABLES, Columns, release_tables
from etl.release.publishing.swap import published_file, put_release
from etl.release.publishing.verify import verify, verify_unchanged
from etl.release.publishing.write import hand_over, write_release
from etl.release.workspace import MEMORY_LIMIT, aside_folder
from etl.store import warehouse
from etl.surroundings import cure, reason

STEPS = 5
AGAIN = "python -m etl hub --out"


@dataclass
class HubReport:
    """What a run did; nothing in it may not be printed.

    Attributes
    ----------
    profile, release_id, file, is_new
        As of every release.
    parts
        Name, code, release and last month of each part.
    cells_shown
        By subject.
    left_out
        What could not be added, in words.
    """

    profile: str
    release_id: str = ""
    file: Path = field(default_factory=Path)
    is_new: bool = True
    parts: list[dict[str, str]] = field(default_factory=list)
    cells_shown: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def publish(
    home: Home,
    folders: Sequence[Path],
    profile: str = "public",
    place: str = "",
    progress: Progress | None = None,
    *,
    accept_same_code: bool = False,
) -> HubReport:
    """Make the release of a hub and put it in place. The caller holds the lock.

    Parameters
    ----------
    home
        The hub's own folder.
    folders
        Releases of task forces; those of the last run when empty.
    profile
        public or partner: that of every part.
    place
        Name of the whole; that of ``deployment.toml``, or of the last run, when empty.
    accept_same_code
        One code of a contributor in two parts means two offices.

    Raises
    ------
    EtlError
        With the reason; the published release is then as it was.
    """
    progress = progress or Progress()
    progress.expect(STEPS)
    refuse_records(home)
    catalog, before = load_catalog(), recall(home)
    chosen = profile_named(profile, catalog.protection)
    if not chosen.has_noise:
        raise UsageError(
            "A hub is made of public or partner releases: a steward's stays with its keepers.", AGAIN
        )
    given = [Path(one).expanduser().resolve() for one in folders]
    given = given or [Path(one) for one in (before.folders if before else ())]
    named = _named(home, place, before.place if before else "")
    if len(given) < 2:
        raise UsageError(
            "A hub adds the releases of two task forces or more.",
            f"python -m etl hub COUNTY_A COUNTY_B --place NAME --out {home.root}",
        )
    twice = next((one for one in given if given.count(one) > 1), None)
    if twice is not None:
        raise UsageError(f"{twice} is given twice; it would be counted twice.", "Give each part once.")
    secure(home)
    try:
        with aside_folder(home) as folder:
            report = _publish_from(
                folder, home, given, chosen, catalog, named, progress, accept_same_code=accept_same_code
            )
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise EtlError(
            f"The hub's release could not be made: {reason(error)}. The last release is unchanged.",
            f"{cure(error, home.root)} Then: {AGAIN} {home.root}",
        ) from error
    remember(home, given, named.place)
    return report


def _named(home: Home, place: str, remembered: str) -> Deployment:
    """Return what the hub's folder says of itself, with the name that was given, is written or was used."""
    deployment = read_deployment(home.root)
    name = place or deployment.place or remembered
    if not name:
        raise UsageError(
            "A hub needs a name: that of its state or region.",
            f'Add --place "NAME", or place = "NAME" in {home.root / "deployment.toml"}.',
        )
    return Deployment(
        place=name,
        contact=deployment.contact,
        next_update=deployment.next_update,
        fiscal_years=deployment.fiscal_years,
    )


def _publish_from(  # noqa: PLR0917
    folder: Path,
    home: Home,
    given: Sequence[Path],
    profile: Profile,
    catalog: Catalog,
    named: Deployment,
    progress: Progress,
    *,
    accept_same_code: bool,
) -> HubReport:
    report, target, file = HubReport(profile.name), home.release(profile.name), folder / "release.duckdb"
    progress.start("Copying and checking the parts")
    copies = _copies(folder, given, profile, catalog)
    config: dict[str, Any] = {"memory_limit": MEMORY_LIMIT, "temp_directory": str(folder / "spill")}
    with duckdb.connect(config=config) as connection:
        parts = _parts(connection, copies, accept_same_code)
        _refuse_older(target, parts)
        progress.start("Adding published figures")
        tables = _make_tables(connection, catalog, parts, profile, named, report)
        hand_over(connection, folder, tables)
    progress.start("Writing the release")
    write_release(folder, tables, file)
    progress.start("Checking the release")
    report.cells_shown = verify(file, tables, profile, catalog.protection.noise_js)
    published = published_file(target, is_synthetic(parts))
    if published is not None:
        # A sum changes when a part comes or goes; what one part publishes may change by its revision alone.
        try:
            of_one_part = f"old_cell.area_level > 0 AND old_cell.area <> '{NOT_RECORDED}'"
            verify_unchanged(file, published, tables, where=of_one_part)
        except EtlError as error:
            raise EtlError(
                f"A part has other numbers than when it was last added: {error.message}",
                "Ask the task forces which of them published again: a number that is out changes by a "
                "revision alone. Was the right folder given?",
            ) from None
    _refuse_withdrawn(file, target, home)
    progress.start("Publishing")
    says = {
        "as_of": as_of(parts),
        "place": named.place,
        "synthetic": is_synthetic(parts),
        "catalog_sha256": catalog.sha256,
    }
    report.release_id, report.is_new = put_release(file, target, profile, says, lambda _: None)
    report.file = target / f"release-{report.release_id}.duckdb"
    report.parts = [
        {
            "code": part.code,
            "label": part.label,
            "release_id": part.manifest.release_id,
            "as_of": part.manifest.as_of.isoformat(),
        }
        for part in parts
    ]
    report.left_out += [line for part in parts for line in part.left_out]
    return report


def _copies(
    folder: Path, given: Sequence[Path], profile: Profile, catalog: Catalog
) -> list[tuple[Path, Path, Manifest]]:
    """Copy every part aside and look into it before any is added."""
    copies = []
    for number, one in enumerate(given):
        target = folder / f"part{number}.duckdb"
        manifest = reading.copy_aside(one, reading.release_folder(one, profile.name), target, profile)
        reading.look_into(target, one, catalog, profile)
        copies.append((one, target, manifest))
    return copies


def _parts(
    connection: duckdb.DuckDBPyConnection,
    copies: Sequence[tuple[Path, Path, Manifest]],
    accept_same_code: bool,
) -> list[Part]:
    parts = []
    for number, (given, file, manifest) in enumerate(copies):
        reading.attach(connection, file, f"part{number}")
        parts.append(reading.read_part(connection, given, f"part{number}", manifest))
    reading.refuse_same(parts, accept_same_code=accept_same_code)
    return sorted(parts, key=lambda part: part.code)  # the same parts in another order are the same hub


def _make_tables(  # noqa: PLR0917
    connection: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    parts: Sequence[Part],
    profile: Profile,
    named: Deployment,
    report: HubReport,
) -> dict[str, Columns]:
    """Make every table of the release; return them with their columns."""
    report.left_out += make_places(connection, parts, named.place)
    renamed = told_apart(connection, catalog, parts)
    make_cells(connection, catalog, parts, renamed)
    report.left_out += make_figures(connection, catalog, parts)
    report.left_out += make_registers(connection, catalog, parts, renamed)
    report.left_out += leave_out_estimates(connection, parts)
    make_own_tables(connection, parts, named.place)
    make_sources(connection, parts, named.place)
    make_laws(connection, parts)
    make_info(connection, catalog, parts, profile, named)
    cells = {
        f"cell_{one.code}": hub_columns(one) for one in catalog.subjects.values() if one.door == "person"
    }
    return release_tables(catalog) | cells | HUB_TABLES | make_told_by_some(connection, parts)


def _refuse_older(target: Path, parts: Sequence[Part]) -> None:
    """Refuse a part that is older than the one of the last release, unless that one was withdrawn."""
    try:
        newest = newest_of(target)
        with duckdb.connect(str(newest.file), read_only=True) as opened:
            known = opened.execute("SELECT part, release_id, as_of FROM hub_part").fetchall()
    except (ReleaseError, duckdb.Error, OSError):
        return
    for code, release_id, day in known:
        part = next((one for one in parts if one.code == code), None)
        if part is None or part.manifest.as_of.isoformat() >= day:
            continue
        folder = reading.release_folder(part.given, part.manifest.profile)
        if not archive.is_withdrawn(folder, release_id):
            raise EtlError(
                f"{part.given} is as of {part.manifest.as_of}; this hub has its release {release_id}, as of "
                f"{day}. An older copy never takes the place of a newer one.",
                "Ask for its newest release. If that was withdrawn, ask for the whole folder, with archive/.",
            )


def _refuse_withdrawn(file: Path, target: Path, home: Home) -> None:
    release_id = warehouse.sha256(file)[:12]
    if archive.is_withdrawn(target, release_id):
        raise EtlError(
            f"The same parts would make the release {release_id} again, which was withdrawn. Nothing was "
            "released.",
            f"Ask the task force whose figures were wrong for a new release, then: {AGAIN} {home.root}",
        )
