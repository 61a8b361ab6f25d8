"""The restricted warehouse: one writer at a time, changed aside, swapped in whole, five kept.

A change copies the current file aside, works on the copy and, only when the work and its checks went
well, names the copy in ``manifest.json`` by one atomic rename. A killed process, a full disk or an exception
before that moment leaves the last warehouse as it was; the half-made file is removed by the next run.
"""

import functools
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from etl.config import PRIVATE_FILE, Home, secure
from etl.errors import EtlError
from etl.surroundings import cure, reason

KEEP = 5
_RESTORE = "python -m etl restore FOLDER --replace"
ASIDE = "aside-"  # begins the name of what is being written: nobody's until the swap
FORMAT = 1  # of the stage tables: raise it when their columns change
MEMORY_LIMIT = "1GiB"
# A file is written aside and nobody's until `flush` has put the whole of it on the disk and a rename has made
# it current. Waiting for the disk at each of some hundred statements before would protect nothing.
NOT_FLUSHED = {"fsync_mode": "NONE"}
# What DuckDB raises when it cannot write: at once, at the commit, or on a connection that failed before.
NOT_WRITTEN = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.TransactionException,
    duckdb.FatalException,
)


@dataclass(frozen=True)
class Version:
    """One kept warehouse.

    Attributes
    ----------
    number, file, sha256
        Running number, file name in the restricted folder, and its hash when it was swapped in.
    parent : int or None
        The version that a rollback goes back to.
    made_at, what
        When (UTC, ISO 8601) and by which command.
    is_synthetic : bool
        Whether it holds made-up records.
    """

    number: int
    file: str
    sha256: str
    parent: int | None
    made_at: str
    what: str
    is_synthetic: bool


@dataclass(frozen=True)
class Manifest:
    """Which version is current and which are kept, oldest first; the format all of them have."""

    current: int
    versions: tuple[Version, ...]
    format: int = FORMAT

    def version(self, number: int) -> Version | None:
        """Return a kept version by its number."""
        return next((version for version in self.versions if version.number == number), None)


class ManifestError(EtlError):
    """The manifest is lost or damaged: what the home holds is not known, and nothing of it may be removed."""


class DamagedError(EtlError):
    """A kept warehouse is gone, or is not what was written."""


class Change:
    """A warehouse being changed aside.

    ``connection`` is open for the change; set ``is_wanted`` to False to leave everything as it was without an
    error (a load that finds nothing new). ``is_synthetic`` and ``what`` are recorded at the swap.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, is_synthetic: bool, what: str) -> None:
        self.connection = connection
        self.is_synthetic = is_synthetic
        self.what = what
        self.is_wanted = True


def read_manifest(home: Home) -> Manifest | None:
    """Return the manifest, or None when nothing was ever loaded.

    Raises
    ------
    EtlError
        When the manifest is damaged or the current file is not there.
    """
    manifest = parse_manifest(home)
    if manifest is None:
        return None
    version = manifest.version(manifest.current)
    if version is None or not (home.restricted / version.file).is_file():
        raise DamagedError(
            f"The current warehouse (version {manifest.current}) of {home.root} is not there any more.",
            way_back(home, manifest),
        )
    return manifest


def parse_manifest(home: Home) -> Manifest | None:
    """Return what the manifest says, whether or not its files are there; None for a home without warehouses.

    Raises
    ------
    ManifestError
        When it is damaged, or not there beside warehouses. Not knowing is no permission: taken for an empty
        home, the next load would remove them all.
    """
    path = home.restricted / "manifest.json"
    again = f"python -m etl verify --repair --home {home.root}"
    if not path.exists():
        left = sorted(home.restricted.glob("warehouse-*.duckdb"))
        if left:
            raise ManifestError(
                f"{path} is not there, but {len(left)} warehouses are. Nothing was changed.", again
            )
        return None
    try:
        values = json.loads(path.read_text("utf-8"))
        versions = tuple(Version(**version) for version in values["versions"])
        return Manifest(int(values["current"]), versions, int(values["format"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(f"{path} is damaged. Nothing was changed.", again) from error


def current(home: Home) -> Path:
    """Return the path of the current warehouse file.

    Raises
    ------
    EtlError
        When nothing has been loaded yet, or another version of this program has made it.
    DamagedError
        When its content is not what was written: a database reads on past a damage until it meets it, and a
        load would copy it into the next version.
    """
    manifest = read_manifest(home)
    if manifest is None:
        raise EtlError(
            f"There is no warehouse in {home.root} yet.",
            f"python -m etl build --demo --home {home.root} (or your own file: python -m etl load --help)",
        )
    if manifest.format != FORMAT:
        raise EtlError(
            f"The warehouse in {home.root} was made by another version of this program "
            f"(format {manifest.format}, needed: {FORMAT}).",
            f"Build it again from your files: python -m etl build --home {home.root}",
        )
    version = manifest.version(manifest.current)
    assert version is not None  # read_manifest has checked it
    if fault(home, version):
        raise DamagedError(
            f"restricted/{version.file}, the current warehouse, is {fault(home, version)}.",
            way_back(home, manifest),
        )
    return home.restricted / version.file


def fault(home: Home, version: Version) -> str:
    """Return what is wrong with a kept warehouse; nothing where it is as it was written."""
    path = home.restricted / version.file
    if not path.is_file():
        return "not there"
    facts = path.stat()
    is_whole = _hashed(path, facts.st_size, facts.st_mtime_ns) == version.sha256
    return "" if is_whole else "damaged: its content is not what was written"


@functools.lru_cache(maxsize=KEEP)
def _hashed(path: Path, _size: int, _changed: int) -> str:
    """Return the hash of a file, worked out once a command: several of its steps open the same warehouse."""
    return sha256(path)


def way_back(home: Home, manifest: Manifest) -> str:
    """Say what helps where the current warehouse is damaged: the version before it, or a copy."""
    now = manifest.version(manifest.current)
    before = manifest.version(now.parent) if now and now.parent is not None else None
    copy, made_up = f"{_RESTORE} --home {home.root}", bool(now and now.is_synthetic)
    again = f"python -m etl build{' --demo' if made_up else ''} --home {home.root}"
    if before is not None and not fault(home, before):
        return f"python -m etl rollback --home {home.root}, then load what came after it; or a copy: {copy}"
    return f"{copy}; or build it again: {again}"


@contextmanager
def connect(path: Path, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse file, with memory bounded so that a large load spills instead of failing."""
    settings: dict[str, Any] = {
        **NOT_FLUSHED,
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(path.with_name(f"{path.name}.spill")),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=settings)
    except duckdb.Error as error:  # its text may quote what it found in the file
        if not path.exists() or not read_only:
            raise
        raise EtlError(
            f"{path.name} cannot be opened: it is damaged, or another program holds it.",
            "python -m etl verify (names what is damaged, and what to do)",
        ) from error
    try:
        yield connection
    finally:
        connection.close()


def first_row(
    connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()
) -> tuple[Any, ...] | None:
    """Return the first row of a query, or None; read to its end, so that the connection is free again."""
    rows = connection.execute(query, list(values)).fetchall()
    return rows[0] if rows else None


@contextmanager
def open_for_change(
    home: Home, what: str, fresh: bool = False, is_synthetic: bool = False
) -> Iterator[Change]:
    """Hand over a copy of the current warehouse; swap it in when the block ends without an exception.

    The caller holds the lock (`etl.store.locking.exclusive`).

    Parameters
    ----------
    what
        The command, for the manifest.
    fresh
        Start from an empty file instead of a copy. The current version stays, for a rollback.
    is_synthetic
        What the fresh file will hold; a copy keeps what it was.

    Raises
    ------
    EtlError
        When the disk is full or the copy cannot be made; nothing has changed then.
    """
    secure(home)
    # What starts fresh needs nothing of the current file, which may be what is damaged.
    manifest = parse_manifest(home) if fresh else read_manifest(home)
    clean_aside(home, manifest)
    number = 1 + max((version.number for version in manifest.versions), default=0) if manifest else 1
    aside = home.restricted / f"{ASIDE}{number}.duckdb"
    before = manifest.version(manifest.current) if manifest else None
    try:
        if before is not None and not fresh:
            shutil.copyfile(current(home), aside)
            aside.chmod(PRIVATE_FILE)
            is_synthetic = before.is_synthetic
        with connect(aside, read_only=False) as connection:
            change = Change(connection, is_synthetic, what)
            yield change
            if change.is_wanted:
                connection.execute("CHECKPOINT")
        if change.is_wanted:
            _swap_in(home, manifest, aside, number, change)
    except (OSError, *NOT_WRITTEN) as error:
        raise EtlError(
            f"The warehouse could not be written: {reason(error)}. Nothing was changed.",
            cure(error, home.restricted),
        ) from error
    finally:
        clean_aside(home, parse_manifest(home))


def _swap_in(home: Home, manifest: Manifest | None, aside: Path, number: int, change: Change) -> None:
    aside.chmod(PRIVATE_FILE)
    flush(aside)
    file = aside.with_name(f"warehouse-{number}.duckdb")
    aside.replace(file)
    version = Version(
        number=number,
        file=file.name,
        sha256=sha256(file),
        parent=manifest.current if manifest else None,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        what=change.what,
        is_synthetic=change.is_synthetic,
    )
    # Versions of another format cannot be gone back to, so they are not kept.
    before = manifest.versions if manifest and manifest.format == FORMAT else ()
    write_manifest(home, Manifest(number, _last((*before, version), number)))


def _last(versions: tuple[Version, ...], newest: int) -> tuple[Version, ...]:
    """Return the versions to keep: the line back from the newest first, then others, newest first."""
    by_number = {version.number: version for version in versions}
    line = []
    step: int | None = newest
    while step in by_number:
        line.append(step)
        step = by_number[step].parent
    others = sorted(set(by_number) - set(line), reverse=True)
    return tuple(by_number[number] for number in sorted((line + others)[:KEEP]))


def write_manifest(home: Home, manifest: Manifest) -> None:
    """Publish the manifest: write aside, flush to disk, rename over the old one."""
    path = home.restricted / "manifest.json"
    values = {
        "format": FORMAT,
        "current": manifest.current,
        "versions": [asdict(v) for v in manifest.versions],
    }
    write_private(path, json.dumps(values, indent=1))


def write_private(path: Path, text: str) -> None:
    """Write a file of the restricted zone: aside, flushed to the disk, renamed over the old one."""
    aside = path.with_name(f"{path.name}.tmp")
    aside.write_text(text, "utf-8")
    aside.chmod(PRIVATE_FILE)
    flush(aside)
    aside.replace(path)
    flush(path.parent)


def holds_something(home: Home) -> bool:
    """Tell whether a home has warehouses, frozen months of real records or a secret, whatever its state."""
    kept = ("manifest.json", "secret", home.frozen(is_synthetic=False).name)
    return any((home.restricted / name).exists() for name in kept) or any(
        home.restricted.glob("warehouse-*.duckdb")
    )


def has_secret_outside() -> bool:
    """Tell whether the secret is given by the surroundings and not by a file."""
    return bool(os.environ.get("LTT_SECRET"))


def rollback(home: Home, to: int | None = None) -> tuple[Version, Version]:
    """Make an earlier version current; return (left, now current).

    Parameters
    ----------
    to
        Number of a kept version; without it, the one that the current version was made from.

    Raises
    ------
    EtlError
        When it is not among the versions kept, or damaged. Nothing has changed then.
    """
    secure(home)
    manifest = parse_manifest(home)  # the current file may be what is missing
    left = manifest.version(manifest.current) if manifest else None
    number = to if to is not None else left.parent if left else None
    wanted = manifest.version(number) if manifest and number is not None else None
    if manifest is None or left is None or wanted is None or wanted.number == left.number:
        kept = ", ".join(str(one.number) for one in manifest.versions) if manifest else "none"
        what = f"no version {to} to go to" if to is not None else "no earlier warehouse to go back to"
        raise EtlError(
            f"There is {what} in {home.root} (kept: {kept}; the last {KEEP} are).",
            f"python -m etl status --home {home.root}",
        )
    if fault(home, wanted):
        raise DamagedError(
            f"restricted/{wanted.file} is {fault(home, wanted)}. Nothing was changed.",
            f"{_RESTORE} --home {home.root}; or another version: python -m etl rollback --to NUMBER",
        )
    write_manifest(home, Manifest(wanted.number, manifest.versions))
    return left, wanted


def clean_aside(home: Home, manifest: Manifest | None) -> None:
    """Remove what a killed run left behind and, where a manifest says which are kept, the other versions."""
    known = {version.file for version in manifest.versions} if manifest else set()
    left = list(home.restricted.glob(f"{ASIDE}*"))
    left += home.restricted.glob("warehouse-*") if manifest else ()
    for path in left:
        if path.name in known or path.name.removesuffix(".wal") in known:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    (home.restricted / "manifest.json.tmp").unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Wait until a file or folder is on the disk (folders cannot be opened on Windows)."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
