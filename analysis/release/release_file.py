"""Finds and opens the file of a release: whole, read-only, and with DuckDB's own locks closed."""

import hashlib
import os
import threading
from pathlib import Path

import duckdb

from analysis.errors import ReleaseError, ReleaseMissing
from analysis.release.manifest import MAKE_ONE, Manifest, first_line, read_manifest
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


_open: dict[Path, tuple[tuple[int, int], Release]] = {}
_opening = threading.Lock()


def open_release(folder: Path | str | None = None) -> Release:
    """Open the release that a folder's manifest names; one per process and folder.

    Parameters
    ----------
    folder
        Folder of ``manifest.json``; ``LTT_RELEASE``, or the project's public release, when None.

    Returns
    -------
    Release
        The one already open, unless the manifest has been replaced meanwhile.

    Raises
    ------
    ReleaseMissing
        No release, a damaged one, or one whose hash is not that of its manifest.
    ReleaseTooNew
        A release of a newer format.
    """
    path = Path(folder or os.environ.get("LTT_RELEASE") or DEFAULT_FOLDER).resolve()
    with _opening:
        stamp = _stamp(path)
        held = _open.get(path)
        if held and held[0] == stamp:
            return held[1]
        manifest = read_manifest(path)
        is_same = held is not None and held[1].manifest == manifest
        release = held[1] if held and is_same else _open_file(path, manifest)
        _open[path] = (stamp, release)
        return release


def _stamp(folder: Path) -> tuple[int, int]:
    try:
        found = (folder / "manifest.json").stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


def _open_file(folder: Path, manifest: Manifest) -> Release:
    file = folder / manifest.file
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
        connection = duckdb.connect(file, read_only=True, config=LOCKED)
    except duckdb.Error as error:
        raise ReleaseMissing(f"{manifest.file} cannot be opened: {first_line(error)}.", MAKE_ONE) from None
    try:
        return Release(folder, manifest, connection)
    except ReleaseError as error:
        connection.close()
        raise ReleaseMissing(error.message, MAKE_ONE) from None
