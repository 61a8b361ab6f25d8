"""Which country a release is of: as its deployment says, else as its geographies tell."""

from analysis.release.release import Release

OF_GEOGRAPHY = {"us": "US", "uk": "GB"}
"""Geographies that lie in one country; a region of one's own and the world tell nothing."""


def home_country(release: Release) -> str:
    """Return the alpha-2 code of the country a release is of; empty where it cannot be told.

    What the deployment says comes first, then where the task force's own records lie, then where everything
    else lies, records and published figures. Two countries are no answer: whose laws hold is not guessed.

    Parameters
    ----------
    release
        The open release.
    """
    said = release.info.get("home_country", "")
    if said:
        return said
    own = {one.geography for one in release.collections if one.is_own}
    every = {one.geography for one in release.collections} | _of_figures(release)
    for geographies in (own, every):
        found = {OF_GEOGRAPHY[one] for one in geographies if one in OF_GEOGRAPHY}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def _of_figures(release: Release) -> set[str]:
    if "observation" not in release.columns:
        return set()
    return {row[0] for row in release.rows("SELECT DISTINCT geography FROM observation") if row[0]}
