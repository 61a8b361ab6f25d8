"""Takes a release out of everything that readers reach (`python -m etl withdraw`), and keeps it out."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analysis.errors import ReleaseError, echo
from analysis.release import archive
from analysis.release.index.file import beside
from analysis.words import date_text
from etl.config import PRIVATE_FILE, PRIVATE_FOLDER, Home, secure
from etl.errors import EtlError
from etl.release.publishing.archive import write_public
from etl.release.publishing.swap import archive_kept, name_newest
from etl.store import released, warehouse

FOLDER = "withdrawn"  # in the restricted zone: what was seen may have to be looked up


@dataclass(frozen=True)
class Withdrawn:
    """What was done.

    Attributes
    ----------
    release_id, profile
        Of the release.
    was_newest
        Whether readers saw it unasked.
    newest
        Id of the release that they see now; empty where none is offered.
    others
        Profiles whose releases were made of the same records and stay.
    """

    release_id: str
    profile: str
    was_newest: bool
    newest: str
    others: tuple[str, ...]


def withdraw(home: Home, release_id: str) -> Withdrawn:
    """Take a release out of archive, feed, pages and interfaces. The caller has the lock.

    What is done twice does no harm: a run that ended half-way is finished by the next.

    Parameters
    ----------
    home
        The deployment.
    release_id
        As the footer of its pages and the names of its files say it.

    Raises
    ------
    EtlError
        When no such release is or was here; nothing has changed then.
    """
    profile = _profile_of(home, release_id)
    folder = home.release(profile)
    archive_kept(folder)
    was_newest = _newest(folder) == release_id
    moment = archive.withdrawn_ids(folder).get(release_id) or datetime.now(UTC).isoformat(timespec="seconds")
    # Written first: from here on nobody is shown it, whatever happens to the rest.
    _mark(folder, release_id, moment)
    for is_synthetic in (True, False):
        known = released.stored(home.released(is_synthetic))
        if known is not None and any(one["release_id"] == release_id for one in known.releases):
            known.withdrawn.setdefault(release_id, moment)
            released.write(home, is_synthetic, known)
    newest = name_newest(folder)
    _move_files(home, folder, release_id)
    others = tuple(name for name in released.SERVED if name != profile and _newest(home.release(name)))
    return Withdrawn(release_id, profile, was_newest, newest, others)


def refuse_withdrawn(file: Path, folder: Path, known: released.Released, home: Home) -> None:
    """Refuse to put a release in place that was withdrawn: the same records make the same release.

    Parameters
    ----------
    file
        The new release, aside.
    folder
        Where it would go.
    known
        What was released of the home; a mark that is lost is written again from it.

    Raises
    ------
    EtlError
        With the ways to another release.
    """
    lost = {one["release_id"] for one in known.releases if one["profile"] == folder.name}
    for release_id in lost & known.withdrawn.keys():
        if not archive.is_withdrawn(folder, release_id):
            _mark(folder, release_id, known.withdrawn[release_id])
    release_id = warehouse.sha256(file)[:12]
    if archive.is_withdrawn(folder, release_id):
        day = archive.withdrawn_ids(folder)[release_id]
        on = f" on {date_text(day)}" if day else ""
        raise EtlError(
            f"The same records would make the release {release_id} again, which was withdrawn{on}. Nothing "
            "was released.",
            archive.AFTER_WITHDRAWAL,
        )


def _profile_of(home: Home, release_id: str) -> str:
    """Return the profile whose folder has, or had, a release."""
    if archive.is_id(release_id):
        for profile in released.SERVED:
            folder = home.release(profile)
            places = (
                folder / f"release-{release_id}.duckdb",
                folder / archive.ARCHIVE / f"{release_id}.json",
            )
            if archive.is_withdrawn(folder, release_id) or any(place.exists() for place in places):
                return profile
    offered = [one.release_id for profile in released.SERVED for one in _offered(home.release(profile))]
    listed = f"There are: {', '.join(offered)}." if offered else "There is none."
    raise EtlError(
        f"There is no release {echo(release_id)} in {home.root}. {listed}",
        f"python -m etl status --home {home.root}",
    )


def _mark(folder: Path, release_id: str, moment: str) -> None:
    mark = archive.mark_of(folder, release_id)
    mark.parent.mkdir(parents=True, exist_ok=True)
    if not mark.exists():
        write_public(mark, {"release_id": release_id, "withdrawn": moment})


def _offered(folder: Path) -> tuple[archive.Published, ...]:
    try:
        return archive.read_archive(folder).offered
    except ReleaseError:
        return ()


def _newest(folder: Path) -> str:
    offered = _offered(folder)
    return offered[0].release_id if offered else ""


def _move_files(home: Home, folder: Path, release_id: str) -> None:
    """Move what readers could copy to where only the keepers look."""
    secure(home)
    target = home.restricted / FOLDER
    target.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    name = f"release-{release_id}.duckdb"
    for place in (folder, folder / archive.ARCHIVE):
        file = place / name
        beside(file).unlink(missing_ok=True)  # all that is in it is in the file too
        if file.is_file():
            shutil.move(file, target / name)
            file.unlink(missing_ok=True)  # a second name of the same file is left by moving it over the first
            (target / name).chmod(PRIVATE_FILE)
    (folder / archive.ARCHIVE / f"{release_id}.json").unlink(missing_ok=True)
