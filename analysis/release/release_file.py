"""Finds and opens the file of a release, the newest or an earlier one: whole, read-only, with locks closed.

The locks are DuckDB's own: no other file can be read, and no setting changed.
"""

import hashlib
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

import duckdb

from analysis.catalog.load import load_catalog
from analysis.errors import ReleaseError, ReleaseMissing, ReleaseNotOffered
from analysis.release.archive import ARCHIVE, Published, is_withdrawn, newest_of, read_archive
from analysis.release.index import file as index_file
from analysis.release.index.cells import CellIndex
from analysis.release.manifest import MAKE_ONE, first_line
from analysis.release.release import Release

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "data" / "release" / "public"
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "threads": 1,  # look-ups are small: a second thread costs more than it brings
    "lock_configuration": "true",
}


#: Earlier releases that are open at once: one of before there were indexes holds its own in memory.
MOST_EARLIER = 4

_open: dict[Path, tuple[tuple[int, ...], Release]] = {}
_earlier: OrderedDict[tuple[Path, str], Release] = OrderedDict()
_opening = threading.Lock()


def open_release(folder: Path | str | None = None) -> Release:
    """Open the newest release of a folder; one per process and folder.

    Parameters
    ----------
    folder
        Folder of ``manifest.json``; ``LTT_RELEASE``, or the project's public release, when None.

    Returns
    -------
    Release
        The one already open, unless the manifest has been replaced or the release withdrawn meanwhile.

    Raises
    ------
    ReleaseMissing
        No release, a damaged one, or one whose hash is not that of its manifest; also when it was withdrawn
        and no earlier one is offered.
    ReleaseTooNew
        A release of a newer format.
    """
    path = folder_of(folder)
    with _opening:
        stamp = _stamp(path)
        held = _open.get(path)
        if held and held[0] == stamp and not is_withdrawn(path, held[1].release_id):
            return held[1]
        newest = newest_of(path)
        is_same = held is not None and held[1].manifest == newest.manifest
        release = held[1] if held and is_same else _open_file(path, newest)
        _open[path] = (stamp, release)
        return release


def open_published(release_id: str, folder: Path | str | None = None) -> Release:
    """Open one of the releases that a folder offers, by its id.

    Parameters
    ----------
    release_id
        As its footer and its files say it.
    folder
        As `open_release`.

    Raises
    ------
    ReleaseNotOffered
        If there is none such to read, in words why; an id of another role reads as one that never was.
    ReleaseError
        As `open_release`; and when its file is damaged.
    """
    path = folder_of(folder)
    chosen = read_archive(path).find(release_id)
    if chosen.is_newest:
        return open_release(path)
    with _opening:
        key = (path, release_id)
        release = _earlier.get(key)
        if release is None or release.manifest != chosen.manifest:
            release = _open_file(path, chosen)
            _refuse_other_rules(release)
            _earlier[key] = release
        _earlier.move_to_end(key)
        # Not closed: somebody may be reading it. It goes when nobody does.
        while len(_earlier) > MOST_EARLIER:
            _earlier.popitem(last=False)
        return release


def folder_of(folder: Path | str | None = None) -> Path:
    """Return the folder of releases that is meant; ``LTT_RELEASE``, or the project's own, when None."""
    return Path(folder or os.environ.get("LTT_RELEASE") or DEFAULT_FOLDER).resolve()


def _refuse_other_rules(release: Release) -> None:
    """Refuse a release that is not what the archive's file says: its own table counts."""
    rules = str(load_catalog().protection.methods_version)
    if release.info.get("methods_version") != rules or release.info.get("profile") != release.profile:
        raise ReleaseNotOffered(
            f"The release {release.release_id} was made under other rules of protection and is not offered."
        )


def _stamp(folder: Path) -> tuple[int, ...]:
    try:
        manifest = (folder / "manifest.json").stat()
    except OSError:
        return ()
    try:  # a release that is withdrawn puts a file here
        kept = (folder / ARCHIVE).stat().st_mtime_ns
    except OSError:
        kept = 0
    return (manifest.st_mtime_ns, manifest.st_size, kept)


def _open_file(folder: Path, published: Published) -> Release:
    file, manifest = published.file, published.manifest
    try:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        raise ReleaseMissing(f"{manifest.file} is missing from {folder.name}.", MAKE_ONE) from None
    if digest != manifest.sha256:
        raise ReleaseMissing(
            f"{manifest.file} is damaged: its contents are not what the manifest says.", MAKE_ONE
        )
    try:
        # `python -m analysis` loads this before Python has said which file runs, and DuckDB takes a program
        # without a file for a person at a prompt: after two seconds its first connection draws a progress bar
        # into what the command prints. A cursor is a connection of its own and draws none.
        connection = duckdb.connect(file, read_only=True, config=LOCKED).cursor()
    except duckdb.Error as error:
        raise ReleaseMissing(f"{manifest.file} cannot be opened: {first_line(error)}.", MAKE_ONE) from None
    try:
        return Release(folder, manifest, connection, _indexes(file, manifest.sha256))
    except ReleaseError as error:
        connection.close()
        raise ReleaseMissing(error.message, MAKE_ONE) from None


def _indexes(file: Path, sha256: str) -> Mapping[str, CellIndex]:
    """Return the indexes that the release job made; none where they cannot be used, and then it is logged."""
    try:
        return index_file.read(index_file.beside(file), sha256)
    except index_file.IndexFaultError as fault:
        logging.getLogger(__name__).info(
            "%s It is made anew in memory, by each process. Next: python -m etl release", fault
        )
        return {}
