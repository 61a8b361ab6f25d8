"""The release that a briefing was made with, to say what has changed since."""

from analysis.briefing.briefing import Briefing
from analysis.release.release import Release


def earlier_release(briefing: Briefing, release: Release) -> Release | None:
    """Return the release that a briefing was kept with, as far as readers of this role may open it."""
    if not briefing.release_id or briefing.release_id == release.release_id:
        return None
    return None
