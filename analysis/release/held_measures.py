"""Which measures a release has figures for."""

from collections.abc import Mapping

from analysis.catalog.model import Catalog
from analysis.release.release import Release


def has_figures(release: Release, catalog: Catalog, measure: str, collection: str | None = None) -> bool:
    """Return whether a release has figures for a measure.

    Parameters
    ----------
    release, catalog
        What is asked.
    measure
        A code; False for one that is none.
    collection
        Whose records are looked at; any when None.
    """
    entry = catalog.measures.get(measure)
    if entry is None:
        return False
    if entry.kind == "ratio":
        return all(has_figures(release, catalog, part, collection) for part in (entry.above, entry.below))
    if entry.kind in ("rate", "context") and not release.population_years:
        return False
    if entry.is_figure:
        return (entry.source, entry.observation) in release.observed
    if not entry.subject:
        return entry.kind == "context"
    return any(
        one.subject == entry.subject and collection in (None, one.collection) for one in release.collections
    )


def joined_levels(release: Release, catalog: Catalog, measure: str, collection: str) -> Mapping[str, str]:
    """Return the half-years and fiscal years that a measure can be added up by, to their words.

    Only counts are, and none that is made once for a whole calendar year (`analysis.questions.joined`).
    """
    entry = catalog.measures[measure]
    own = (one for one in release.collections if (one.collection, one.subject) == (collection, entry.subject))
    resolutions = {one.period_resolution for one in own}
    if entry.kind != "count" or not resolutions or "year" in resolutions:
        return {}
    return release.joined_levels
