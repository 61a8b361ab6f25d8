"""What is new in a release, for whoever writes to a mailing list."""

from pathlib import Path

from analysis.errors import ReleaseError
from analysis.exports.notices.what_changed import what_changed
from analysis.release.archive import read_archive
from analysis.release.release_file import open_published
from etl.commands import Outcome
from etl.config import Home
from etl.errors import EtlError, UsageError
from etl.store.released import SERVED

ENDINGS = (".txt", ".html")


def changes(home: Home, release_id: str, out: Path | None) -> Outcome:
    """Return what is new in a release since the one before it that is offered; write it where that is asked.

    Parameters
    ----------
    home
        The deployment.
    release_id
        Of any profile that is served; the newest public one when empty.
    out
        A file to write, whose ending says which form it has; None for the terminal alone.

    Raises
    ------
    EtlError
        When no such release is offered.
    """
    if out is not None and out.suffix not in ENDINGS:
        raise UsageError(f"{out.name} ends in neither {' nor '.join(ENDINGS)}.", "--out news.txt")
    folder = _folder_of(home, release_id)
    try:
        archive = read_archive(folder)
        chosen = archive.find(release_id) if release_id else archive.offered[0]
        before = archive.before(chosen.release_id)
        later = open_published(chosen.release_id, folder)
        text = what_changed(later, open_published(before.release_id, folder) if before else None)
    except ReleaseError as error:
        raise EtlError(error.message, f"python -m etl status --home {home.root}") from error
    values = {
        "release_id": chosen.release_id,
        "before": before.release_id if before else None,
        "text": text.as_text(),
    }
    if out is None:
        return Outcome(text.as_text().splitlines(), values)
    out.write_text(text.as_html() if out.suffix == ".html" else text.as_text(), "utf-8")
    return Outcome([f"Written: {out}"], values)


def _folder_of(home: Home, release_id: str) -> Path:
    """Return the folder that offers a release, or has withdrawn it; the public one where none does."""
    for folder in map(home.release, SERVED if release_id else ()):
        try:
            archive = read_archive(folder)
        except ReleaseError:
            continue
        known = {one.release_id for one in archive.offered} | archive.withdrawn.keys() | archive.older_rules
        if release_id in known:
            return folder
    return home.release("public")
