"""Puts what was built aside in its place: a few renames, each of them whole or not at all.

A release file and its index take their names first; what readers are shown changes with the manifest alone.
"""

import json
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from analysis.errors import ReleaseError
from analysis.release import archive
from analysis.release.index.file import beside
from analysis.release.manifest import read_manifest
from etl.config import PRIVATE_FILE, PRIVATE_FOLDER
from etl.release.profiles import Profile
from etl.release.publishing.archive import forget_archive, keep_published, link_release, write_public
from etl.release.publishing.index import write_index
from etl.store import warehouse

KEEP = 5
FORMAT = 1


def published_file(folder: Path, synthetic: bool) -> Path | None:
    """Return the release file that a folder's manifest names, when it is whole and of the same kind.

    Parameters
    ----------
    folder
        Folder of one profile.
    synthetic
        Made-up releases are not compared: the demonstration may be built anew with other people.
    """
    if synthetic:
        return None
    try:
        manifest = read_manifest(folder)
    except ReleaseError:
        return _newest_whole(folder)
    file = folder / manifest.file
    if not file.is_file() or manifest.synthetic:
        return None
    # A damaged file is no witness of what was published; the frozen records still are, and make it anew.
    return file if warehouse.sha256(file) == manifest.sha256 else None


def _newest_whole(folder: Path) -> Path | None:
    """Return the newest release file whose content is what its name says: without a manifest, the witness."""
    for name in _kept(folder):
        file = folder / name
        if file.is_file() and warehouse.sha256(file).startswith(file.stem.removeprefix("release-")):
            return file
    return None


def put_frozen(new: Path, frozen: Path) -> None:
    """Replace the frozen records."""
    new.chmod(PRIVATE_FILE)
    warehouse.flush(new)
    new.replace(frozen)
    warehouse.flush(frozen.parent)


def put_release(
    file: Path,
    folder: Path,
    profile: Profile,
    says: dict[str, Any],
    record: Callable[[str], None],
    *,
    follows: bool = True,
) -> tuple[str, bool]:
    """Give a release file its name and let the manifest name it; keep the last five, and all in the archive.

    Parameters
    ----------
    file
        The file, aside; its index lies beside it, or is made now.
    folder
        Folder of the profile; the steward's is private.
    profile
        Its name goes into the manifest.
    says
        ``as_of``, ``place``, ``synthetic`` and ``catalog_sha256`` of the manifest.
    record
        Told the id once the file is in the folder, before the manifest names it.
    follows
        Whether its numbers continue those before. Made-up people may be others: what was before is then not
        kept, since nothing of it compares.

    Returns
    -------
    (str, bool)
        Id of the release, and whether it is another one than was published before.
    """
    sha256 = warehouse.sha256(file)
    name = f"release-{sha256[:12]}.duckdb"
    folder.mkdir(parents=True, exist_ok=True)
    if not profile.has_noise:
        folder.chmod(PRIVATE_FOLDER)
        file.chmod(PRIVATE_FILE)
    index = beside(file) if beside(file).is_file() else write_index(file)
    index.chmod(stat.S_IMODE(file.stat().st_mode))
    manifest = folder / "manifest.json"
    remove_withdrawn(folder)
    before = [one for one in _kept(folder) if one != name] if follows else []
    kept = [name, *before][:KEEP]
    values = {
        "format": FORMAT,
        "file": name,
        "sha256": sha256,
        "profile": profile.name,
        "release_id": sha256[:12],
        **says,
        "kept": kept,
    }
    text = json.dumps(values, indent=1, ensure_ascii=False, default=date.isoformat) + "\n"
    is_new = not (manifest.is_file() and manifest.read_text("utf-8") == text)
    warehouse.flush(file)
    index.replace(beside(folder / name))
    file.replace(folder / name)
    warehouse.flush(folder)
    record(sha256[:12])
    aside = folder / "manifest.json.tmp"
    aside.write_text(text, "utf-8")
    if not profile.has_noise:
        aside.chmod(PRIVATE_FILE)
    warehouse.flush(aside)
    aside.replace(manifest)
    warehouse.flush(folder)
    if not follows:
        forget_archive(folder)
    if profile.has_noise:  # the steward's is for today alone
        keep_published(folder, reversed(kept))
    _forget_old(folder, kept)
    return sha256[:12], is_new


def name_newest(folder: Path) -> str:
    """Let the manifest name the newest release that is offered, where the one it names was withdrawn.

    Returns
    -------
    str
        Its id; empty where there is none. The manifest then stays as it is: readers are told what it was.
    """
    try:
        newest = archive.newest_of(folder)
    except ReleaseError:
        return ""
    manifest = folder / "manifest.json"
    if read_manifest(folder) == newest.manifest:
        return newest.release_id
    if not (folder / newest.manifest.file).is_file():
        link_release(newest.file, folder / newest.manifest.file)
    kept = [newest.manifest.file, *(one for one in _kept(folder) if one != newest.manifest.file)]
    there = [one for one in kept if (folder / one).is_file()][:KEEP]
    write_public(manifest, {**vars(newest.manifest), "kept": there})
    return newest.release_id


def archive_kept(folder: Path) -> None:
    """Put into the archive what a version of this program without one has published."""
    keep_published(folder, reversed(_kept(folder)))


def remove_withdrawn(folder: Path) -> None:
    """Remove files of releases that were withdrawn: copies that came back."""
    for release_id in archive.withdrawn_ids(folder):
        for place in (folder, folder / archive.ARCHIVE):
            file = place / f"release-{release_id}.duckdb"
            file.unlink(missing_ok=True)
            beside(file).unlink(missing_ok=True)


def _kept(folder: Path) -> list[str]:
    """Return the release files that a folder keeps, newest first, by the order in which they were published.

    Order is what the manifest says and not the time of a file: a clock that is set back would otherwise make
    the newest release the oldest. A folder of an earlier version of this program has only the times.
    """
    try:
        said = json.loads((folder / "manifest.json").read_text("utf-8"))
        names = [str(name) for name in said["kept"]] if "kept" in said else [str(said["file"])]
    except (OSError, ValueError, KeyError, TypeError):
        names = []
    there = sorted(folder.glob("release-*.duckdb"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return list(dict.fromkeys([*names, *(path.name for path in there)]))


def _forget_old(folder: Path, kept: list[str]) -> None:
    """Remove the release files that are no longer kept: a page that is open goes on reading its own."""
    for path in [*folder.glob("release-*.duckdb"), *folder.glob("release-*.index")]:
        if path.with_suffix(".duckdb").name not in kept:
            path.unlink(missing_ok=True)
