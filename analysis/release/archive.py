"""What was published when: the releases of a folder that can still be read, newest first.

    manifest.json                     names the newest
    archive/<id>.json                 one for each release that was published here, with its file beside it
    archive/withdrawn-<id>.json       it was taken out: not offered, whatever copy of it comes back

The archive stands apart from the last files that publishing keeps (`etl.release.publishing.swap`). Each of
its files is written once, whole, and never changed, so that a copy that is laid over a folder adds to what
is known and takes back nothing.
"""

import datetime
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from analysis.catalog.load import load_catalog
from analysis.errors import ReleaseError, ReleaseMissing, ReleaseNotOffered, echo
from analysis.release.manifest import Manifest, manifest_of, read_manifest
from analysis.words import date_text

ARCHIVE = "archive"
_ID = re.compile(r"[0-9a-f]{12}")
_MARK = "withdrawn-"
#: What leads to figures again: the same records would make the same release, which stays withdrawn.
AFTER_WITHDRAWAL = (
    "Correct what was wrong first: load corrected records and release with --revise YEAR, or take back a "
    "text with python -m etl texts --forget FILE and release."
)


@dataclass(frozen=True)
class Published:
    """A release that was published.

    Attributes
    ----------
    manifest
        What it says of itself.
    file
        Its file.
    number
        Its place in the order of publication; 0 where that was not written down.
    moment
        When it was published; None where that was not written down.
    rules
        Version of the rules of protection it was made under (`Protection.methods_version`).
    is_newest
        Whether it is what is read until another one is chosen.
    """

    manifest: Manifest
    file: Path
    number: int = 0
    moment: datetime.datetime | None = None
    rules: int = 0
    is_newest: bool = False

    release_id = property(lambda self: self.manifest.release_id)
    as_of = property(lambda self: self.manifest.as_of)

    @property
    def day(self) -> datetime.date | None:
        """The day it was published."""
        return self.moment.date() if self.moment else None

    @property
    def words(self) -> str:
        """Return it for a list of choices: "31 December 2025, published 4 January 2026"."""
        published = f", published {date_text(self.day)}" if self.day else ""
        return f"{date_text(self.as_of)}{published}"


@dataclass(frozen=True)
class Archive:
    """The releases of one folder at one moment.

    Attributes
    ----------
    offered
        Those that can be read, newest first.
    older_rules
        Ids of those that were made under other rules of protection than today's.
    withdrawn
        Ids of those that were taken out, to the day.
    manifest
        What the folder says of its newest release, which may be withdrawn; None for no folder.
    """

    offered: tuple[Published, ...] = ()
    older_rules: frozenset[str] = frozenset()
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    manifest: Manifest | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of those that can be read, newest first."""
        return tuple(one.release_id for one in self.offered)

    @property
    def newest(self) -> Published | None:
        """The newest release that can be read."""
        return self.offered[0] if self.offered else None

    def before(self, release_id: str) -> Published | None:
        """Return the release before one; None for the first."""
        later = self.ids.index(release_id) + 1 if release_id in self.ids else len(self.ids)
        return self.offered[later] if later < len(self.ids) else None

    def find(self, release_id: str) -> Published:
        """Return a release that is offered.

        Raises
        ------
        ReleaseNotOffered
            In words why not; an id of another role reads as one that never was.
        """
        for one in self.offered:
            if one.release_id == release_id:
                return one
        if release_id in self.withdrawn:
            raise ReleaseNotOffered(
                f"The release {release_id} was withdrawn{_on(self.withdrawn[release_id])}. Its figures must "
                "not be used any more."
            )
        if release_id in self.older_rules:
            raise ReleaseNotOffered(
                f"The release {release_id} was made under earlier rules of protection and is not offered any "
                "more."
            )
        raise ReleaseNotOffered(f"There is no release {echo(release_id)} to read here.")


def is_id(text: str) -> bool:
    """Tell whether a text has the form of a release's id."""
    return bool(_ID.fullmatch(text))


def mark_of(folder: Path, release_id: str) -> Path:
    """Return the file that says of a release of a folder that it was withdrawn."""
    return folder / ARCHIVE / f"{_MARK}{release_id}.json"


def is_withdrawn(folder: Path, release_id: str) -> bool:
    """Tell whether a release of a folder was withdrawn; asked anew each time, for it holds at once."""
    return mark_of(folder, release_id).exists()


def withdrawn_ids(folder: Path) -> Mapping[str, str]:
    """Return the releases of a folder that were withdrawn, to the day."""
    found: dict[str, str] = {}
    for path in sorted((folder / ARCHIVE).glob(f"{_MARK}*.json")):
        release_id = path.stem.removeprefix(_MARK)
        if is_id(release_id):  # what cannot be read was withdrawn all the same
            found[release_id] = str(_read(path).get("withdrawn", ""))[:10]
    return found


def read_archive(folder: Path) -> Archive:
    """Return what is offered of a folder.

    Raises
    ------
    ReleaseMissing, ReleaseTooNew
        As `read_manifest`; also when the newest release was withdrawn and none before it is offered.
    """
    found = whole_archive(folder)
    if not found.offered and found.manifest is not None:
        last = found.manifest.release_id
        raise ReleaseMissing(
            f"The release {last} was withdrawn{_on(found.withdrawn[last])}, and no earlier one is offered.",
            AFTER_WITHDRAWAL,
        )
    return found


def whole_archive(folder: Path) -> Archive:
    """Return what is known of the releases of a folder, also where not one of them is offered any more.

    Raises
    ------
    ReleaseMissing, ReleaseTooNew
        As `read_manifest`.
    """
    manifest = read_manifest(folder)
    withdrawn = withdrawn_ids(folder)
    kept = _kept(folder, manifest)
    rules = load_catalog().protection.methods_version
    # A release is offered under the rules of today alone. The newest one is shown whatever they were: it is
    # what the keepers publish now.
    named = next((one for one in kept if one.manifest.sha256 == manifest.sha256), None)
    earlier = [
        one
        for one in kept
        if one is not named and one.rules == rules and one.release_id not in withdrawn and one.file.is_file()
    ]
    offered = sorted(earlier, key=lambda one: one.number, reverse=True)
    if manifest.release_id not in withdrawn:
        newest = Published(manifest, folder / manifest.file)
        if named is not None:
            newest = Published(manifest, newest.file, named.number, named.moment, named.rules)
        offered.insert(0, newest)
    first = [Published(**{**vars(one), "is_newest": True}) for one in offered[:1]]
    return Archive(
        (*first, *offered[1:]),
        frozenset(one.release_id for one in kept if one.rules != rules),
        MappingProxyType(withdrawn),
        manifest,
    )


def newest_of(folder: Path) -> Published:
    """Return the newest release of a folder that can be read.

    Raises
    ------
    ReleaseError
        As `read_archive`.
    """
    newest = read_archive(folder).newest
    assert newest is not None  # `read_archive` has raised otherwise
    return newest


def _kept(folder: Path, manifest: Manifest) -> list[Published]:
    """Return what the archive of a folder keeps of the profile and the kind of its newest release."""
    found = []
    for path in sorted((folder / ARCHIVE).glob("*.json")):
        one = read_entry(path)
        if one is not None and (one.manifest.profile, one.manifest.synthetic) == (
            manifest.profile,
            manifest.synthetic,
        ):
            found.append(one)
    return found


def read_entry(path: Path) -> Published | None:
    """Return what the archive's file on a release says; None for one that is none, or damaged."""
    if not is_id(path.stem):
        return None
    facts = path.stat()
    return _entry(path, facts.st_mtime_ns, facts.st_size)


def published_on(folder: Path, release_id: str) -> str:
    """Return the day on which a release of a folder was published, as YYYY-MM-DD; empty where not known.

    It stands beside the release and is never changed, so that it is the same whenever it is asked for.
    """
    path = folder / ARCHIVE / f"{release_id}.json"
    entry = read_entry(path) if path.is_file() else None
    return entry.day.isoformat() if entry and entry.day else ""


@lru_cache(maxsize=512)
def _entry(path: Path, _changed: int, _size: int) -> Published | None:
    values = _read(path)
    try:
        manifest = manifest_of(values, path.name)
        number, rules = int(values["number"]), int(values["rules"])
        moment = datetime.datetime.fromisoformat(str(values["published"]))
    except (ReleaseError, KeyError, TypeError, ValueError):
        return None
    is_itself = manifest.release_id == path.stem and manifest.file == f"release-{path.stem}.duckdb"
    if not is_itself or not manifest.sha256.startswith(path.stem):
        return None
    return Published(manifest, path.parent / manifest.file, number, moment, rules)


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def _on(day: str) -> str:
    try:
        return f" on {date_text(datetime.date.fromisoformat(day))}"
    except ValueError:
        return ""
