"""Reads the releases that a hub is made of: each copied aside, whole, and looked at before it counts."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.catalog.model import Catalog
from analysis.errors import ReleaseError
from analysis.periods import Span, span_of
from analysis.release import archive
from analysis.release.manifest import Manifest, read_manifest
from etl.errors import EtlError
from etl.hub.homes import Area, lowest_common
from etl.release.profiles import Profile
from etl.release.publishing.schema import SERIES, SOURCE_FILES, release_tables
from etl.release.publishing.verify import verify
from etl.release.publishing.writer_process import quoted
from etl.store import warehouse

HUB = "hub"  # key of `info`, and code of the hub's collection and geography
SENT = "Ask for the folder of its release again (release/public, whole), then repeat the command."


@dataclass(frozen=True)
class Register:
    """What a part says of one subject of its own register."""

    collection: str
    unit: str
    resolution: str
    span: Span
    citation: str


@dataclass(frozen=True)
class Part:
    """One release that is added up.

    Attributes
    ----------
    given
        Folder, as it was given.
    alias
        Name under which its file is attached.
    manifest, info
        What it says of itself.
    geography, home
        Geography of its register, and the innermost area that holds all of it: the part's code in the hub.
    registers
        By subject; the main register alone.
    contributors
        Codes of those who report to it, to their words.
    left_out
        Registers that are not added, in words.
    """

    given: Path
    alias: str
    manifest: Manifest
    info: Mapping[str, str]
    geography: str
    home: Area
    registers: Mapping[str, Register]
    contributors: Mapping[str, str]
    left_out: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Its code as a contributor."""
        return self.home.code

    @property
    def label(self) -> str:
        """Its name on screen."""
        return self.manifest.place or self.home.name

    @property
    def span(self) -> Span | None:
        """First and last month that it has figures of persons for."""
        spans = [one.span for one in self.registers.values()]
        return Span(min(one.first for one in spans), max(one.last for one in spans)) if spans else None


def release_folder(given: Path, profile: str) -> Path:
    """Return the folder of a release: the one given, or that of a profile in a home that was given.

    Raises
    ------
    EtlError
        When there is none.
    """
    for folder in (given, given / "release" / profile, given / profile):
        if (folder / "manifest.json").is_file():
            return folder
    raise EtlError(f"{given} holds no {profile} release: manifest.json is missing.", SENT)


def copy_aside(given: Path, folder: Path, target: Path, profile: Profile) -> Manifest:
    """Copy the release that a folder offers; what is copied is what its manifest says, or nothing is.

    The copy is read from here on: a folder that is replaced while the hub is made changes nothing.

    Raises
    ------
    EtlError
        When it is damaged, withdrawn, of another profile, or not to be reached.
    """
    try:
        manifest = read_manifest(folder)
        if archive.is_withdrawn(folder, manifest.release_id):
            raise EtlError(
                f"The release {manifest.release_id} in {given} was withdrawn by its task force.",
                "Ask for the release that it offers now, then repeat the command.",
            )
        if manifest.profile != profile.name:
            raise EtlError(
                f"{given} holds a {manifest.profile} release; this hub is made of {profile.name} ones.",
                f"Parts must be of one profile: ask for release/{profile.name}, or add --profile "
                f"{manifest.profile}.",
            )
        shutil.copyfile(folder / manifest.file, target)
    except ReleaseError as error:
        raise EtlError(f"{given}: {error.message}", SENT) from None
    except OSError as error:
        raise EtlError(
            f"{given}: its release cannot be read ({error.strerror or 'no answer'}). Was the stick "
            "pulled out, or the copy not finished?",
            SENT,
        ) from None
    if warehouse.sha256(target) != manifest.sha256:
        raise EtlError(
            f"{given}: {manifest.file} is damaged, or was replaced while it was copied: its content is not "
            "what manifest.json says.",
            SENT,
        )
    return manifest


def look_into(file: Path, given: Path, catalog: Catalog, profile: Profile) -> dict[str, str]:
    """Return what a copied release says of itself, after a look at its parameters, tables and numbers.

    Raises
    ------
    EtlError
        When it is a hub itself, was made with another catalog or other parameters, or is no release.
    """
    try:
        with duckdb.connect(str(file), read_only=True, config={"enable_external_access": "false"}) as opened:
            # A view or a macro would be run while the parts are added, and could read anything.
            [(strange,)] = opened.execute(
                "SELECT (SELECT count(*) FROM duckdb_views() WHERE NOT internal) "
                "+ (SELECT count(*) FROM duckdb_functions() WHERE NOT internal)"
            ).fetchall()
            info = dict(opened.execute("SELECT key, value FROM info").fetchall())
            listed = {row[0] for row in opened.execute("SHOW TABLES").fetchall()}
            told = {name: columns for name, columns in (SERIES | SOURCE_FILES).items() if name in listed}
    except duckdb.Error:
        raise EtlError(f"{given}: its file cannot be read as a release.", SENT) from None
    if info.get(HUB):
        raise EtlError(
            f"{given} is a hub itself, and a hub is made of releases of task forces only.",
            "Give the releases that it was made of.",
        )
    _compare(info, given, catalog)
    try:
        verify(file, release_tables(catalog) | told, profile, catalog.protection.noise_js)
    except (EtlError, duckdb.Error):
        strange = 1
    if strange:
        raise EtlError(
            f"{given}: its file is not as a release is written: other tables, or numbers that should be "
            "hidden.",
            SENT,
        )
    return info


def _compare(info: Mapping[str, str], given: Path, catalog: Catalog) -> None:
    """Refuse a release that was made by other rules than those of this program."""
    ours = {
        "methods_version": (str(catalog.protection.methods_version), "rules of protection"),
        "parameters_sha256": (catalog.protection.file_sha256, "parameters of protection (protection.toml)"),
        "catalog_sha256": (catalog.sha256, "catalog (measures, dimensions, code lists)"),
    }
    for key, (expected, words) in ours.items():
        if info.get(key) != expected:
            raise EtlError(
                f"{given} was made with another version of the {words} than this program has, so its figures "
                "cannot be added to the others.",
                "Use one version of the program everywhere: git pull here and there, then ask for a new "
                "release.",
            )


def read_part(connection: duckdb.DuckDBPyConnection, given: Path, alias: str, said: Manifest) -> Part:
    """Return what an attached release holds, as far as a hub needs it.

    Raises
    ------
    EtlError
        When it has no register of its own, or its areas lie in no one area.
    """
    info = dict(connection.execute(f"SELECT key, value FROM {alias}.info").fetchall())
    rows = connection.execute(
        "SELECT subject, collection, geography, unit, period_resolution, first_period, last_closed_month, "
        f"citation, label FROM {alias}.collection WHERE is_own "
        "ORDER BY subject <> 'person', collection, subject"
    ).fetchall()
    if not rows:
        raise EtlError(f"{given}: this release has no register of its own, so there is nothing to add.", SENT)
    main, geography = rows[0][1], rows[0][2]
    registers = {
        subject: Register(name, unit, resolution, _months(first, last), citation or "")
        for subject, name, _, unit, resolution, first, last, citation, _ in rows
        if name == main
    }
    areas = [
        Area(*row)
        for row in connection.execute(
            f"SELECT code, name, level, level_name, parent FROM {alias}.area WHERE geography = ? "
            "ORDER BY level, code",
            [geography],
        ).fetchall()
    ]
    home = lowest_common(areas)
    if home is None:
        raise EtlError(
            f"{given}: its areas do not lie in one area, so it has no place in a hub.",
            "Its task force names the areas it covers in deployment.toml (areas = […]) and releases again.",
        )
    contributors = connection.execute(
        f"SELECT DISTINCT source, coalesce(label, source) FROM {alias}.coverage LEFT JOIN {alias}.source "
        "ON source_id = source WHERE collection = ? ORDER BY ALL",
        [main],
    ).fetchall()
    others = connection.execute(
        f"SELECT DISTINCT label FROM {alias}.collection WHERE collection <> ? ORDER BY 1", [main]
    ).fetchall()
    left_out = tuple(f"{given}: the register '{label}' is not added" for (label,) in others)
    return Part(given, alias, said, info, geography, home, registers, dict(contributors), left_out)


def _months(first: str, last: str) -> Span:
    return Span(span_of(first).first, span_of(last).last)


def attach(connection: duckdb.DuckDBPyConnection, file: Path, alias: str) -> None:
    """Attach a copied release."""
    connection.execute(f"ATTACH {quoted(file)} AS {alias} (READ_ONLY)")


def refuse_same(parts: Sequence[Part], *, accept_same_code: bool) -> None:
    """Refuse parts that would count the same records twice, or mean different things by one code.

    Parameters
    ----------
    parts
        All of them.
    accept_same_code
        Two offices that are called by one code in two task forces are two offices.

    Raises
    ------
    EtlError
        Naming the two, and what they share.
    """
    for place, one in enumerate(parts):
        for other in parts[:place]:
            both = f"{other.given} and {one.given}"
            if other.manifest.sha256 == one.manifest.sha256:
                raise EtlError(f"{both} are the same release; a part is given once.", "Give each part once.")
            if other.code == one.code:
                raise EtlError(
                    f"{both} are both of the area {one.code} ({one.home.name}); two counties cannot have one "
                    "code, and two releases of one county are not added.",
                    "Give the newest release of each county once. Two counties with one code: one of them "
                    "names its areas by other codes.",
                )
            for key, words in (
                ("home_country", "home country"),
                ("synthetic", "kind of records (made up or real)"),
            ):
                if other.info.get(key, "") != one.info.get(key, ""):
                    raise EtlError(
                        f"{both} are not of the same {words}; their figures mean different things.",
                        "Leave one of them out.",
                    )
            shared = sorted(set(one.contributors) & set(other.contributors))
            if shared and not accept_same_code:
                raise EtlError(
                    f"The contributor {shared[0]} reports to two parts: {both}. Its records would be counted "
                    "twice.",
                    "Ask both which of them keeps its records. Where two offices only happen to have one "
                    "code, add --accept same-code.",
                )
