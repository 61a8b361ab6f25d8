"""Keeps what was published: a link to each release file and its index, and a file that says what it is.

Readers find it by `analysis.release.archive`, which also says how its files are called.
"""

import json
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from analysis.release import archive
from analysis.release.archive import ARCHIVE
from analysis.release.index.file import beside
from analysis.release.manifest import FORMAT
from etl.store import warehouse


def keep_published(folder: Path, files: Iterable[str]) -> None:
    """Put into the archive what was published and is not in it yet.

    Parameters
    ----------
    folder
        Of one profile.
    files
        Names of its release files, the earliest first. What is damaged, or says too little of itself, is
        left out: it is offered to nobody.
    """
    target = folder / ARCHIVE
    target.mkdir(exist_ok=True)
    for name in files:
        release_id = name.removeprefix("release-").removesuffix(".duckdb")
        entry, file = target / f"{release_id}.json", folder / name
        if archive.is_withdrawn(folder, release_id) or not file.is_file():
            continue
        kept = target / name
        if entry.exists() and (known := archive.read_entry(entry)) is not None:
            is_there = kept.is_file() and kept.samefile(file)
            if not is_there and warehouse.sha256(file) == known.manifest.sha256:  # lost, and published again
                link_release(file, kept)
            continue
        values = _facts(file, release_id)
        if values is None:
            continue
        link_release(file, kept)
        number = 1 + max((one.number for one in _entries(target)), default=0)
        values |= {"number": number, "published": datetime.now(UTC).isoformat(timespec="seconds")}
        write_public(entry, values)


def forget_archive(folder: Path) -> None:
    """Empty the archive of made-up releases, whose people are others now: nothing of them compares."""
    for path in (folder / ARCHIVE).glob("*"):
        if not path.name.startswith("withdrawn-"):
            path.unlink()


def write_public(path: Path, values: dict[str, Any]) -> None:
    """Write a file beside releases, for whoever may read them: aside, flushed, renamed over the old one."""
    aside = path.with_name(f"{path.name}.tmp")
    text = json.dumps(values, indent=1, ensure_ascii=False, default=date.isoformat) + "\n"
    aside.write_text(text, "utf-8")
    warehouse.flush(aside)
    aside.replace(path)
    warehouse.flush(path.parent)


def _entries(target: Path) -> list[archive.Published]:
    found = [archive.read_entry(path) for path in target.glob("*.json")]
    return [one for one in found if one is not None]


def link_release(file: Path, target: Path) -> None:
    """Give a release file a second name, and its index the name beside that one."""
    if beside(file).is_file():  # releases of earlier versions of this program have none
        _link(beside(file), beside(target))
    _link(file, target)


def _link(file: Path, target: Path) -> None:
    """Give a file a second name; a copy where the disk or the system has no links."""
    aside = target.with_name(f"{target.name}.tmp")
    aside.unlink(missing_ok=True)
    try:
        os.link(file, aside)
    except OSError:
        shutil.copyfile(file, aside)
        warehouse.flush(aside)
    aside.replace(target)
    aside.unlink(missing_ok=True)  # two names of one file: the rename has left both
    warehouse.flush(target.parent)


def _facts(file: Path, release_id: str) -> dict[str, Any] | None:
    """Return what a release file says of itself; None when it is not whole, or does not say enough."""
    sha256 = warehouse.sha256(file)
    if not archive.is_id(release_id) or not sha256.startswith(release_id):
        return None
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            info = dict(connection.execute("SELECT key, value FROM info").fetchall())
        return {
            "format": FORMAT,
            "file": file.name,
            "sha256": sha256,
            "profile": info["profile"],
            "release_id": release_id,
            "as_of": info["as_of"],
            "place": info["place"],
            "synthetic": info["synthetic"] == "true",
            "catalog_sha256": info["catalog_sha256"],
            "rules": int(info["methods_version"]),
        }
    except (duckdb.Error, KeyError, ValueError):
        return None
