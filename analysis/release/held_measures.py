"""Which measures a release has figures for."""

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
