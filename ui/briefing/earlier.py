"""The release that a briefing was kept with, to say what has changed since."""

from analysis.briefing.briefing import Briefing
from analysis.errors import ReleaseError
from analysis.release.release import Release
from analysis.release.release_file import open_published

CANNOT = "What has changed since this briefing was kept cannot be said: {}"
OTHER_READERS = "it was kept with figures for other readers."


def earlier_release(briefing: Briefing, release: Release) -> tuple[Release | None, tuple[str, ...]]:
    """Return the release that a briefing was kept with, as far as readers of this role may open it.

    Parameters
    ----------
    briefing
        Says which release that was.
    release
        What is shown now. Only the archive of its own folder is looked into: that of the reader's role.

    Returns
    -------
    (Release or None, notices)
        None where nothing can have changed, or where it cannot be said, with the reason.
    """
    if not briefing.release_id or briefing.release_id == release.release_id:
        return None, ()
    if briefing.profile and briefing.profile != release.profile:
        return None, (CANNOT.format(OTHER_READERS),)
    try:
        return open_published(briefing.release_id, release.folder), ()
    except ReleaseError as problem:
        reason = problem.message[:1].lower() + problem.message[1:]
        return None, (CANNOT.format(reason),)
