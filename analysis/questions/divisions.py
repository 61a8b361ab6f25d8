"""What a measure can be divided by, what it has to be, and the step of its rows by period.

Pages, the command line and the API ask these here, so that the same choices give the same table everywhere.
"""

from collections.abc import Iterable

from analysis.catalog.model import Catalog, Measure
from analysis.release.observed import newest_whole
from analysis.release.release import Release


def dimensions_of(measure: Measure, catalog: Catalog) -> tuple[str, ...]:
    """Return what a measure can be divided by, besides the period and the area."""
    if measure.kind == "ratio":
        above, below = (
            dimensions_of(catalog.measures[code], catalog) for code in (measure.above, measure.below)
        )
        return tuple(name for name in above if name in below)
    if not measure.subject:
        return measure.dimensions
    own = {code for code, _ in (*measure.numerator, *measure.denominator)}
    own |= {measure.share_of} if measure.kind == "quantile" else set()
    return tuple(name for name in catalog.subjects[measure.subject].dimensions if name not in own)


def needed_division(measure: Measure) -> str:
    """Return the dimension without which a measure is no number: that of its shares; empty for none."""
    if measure.has_one_value:
        return ""
    return "field" if measure.per_field else measure.share_of


def with_needed(measure: Measure, by: Iterable[str]) -> tuple[str, ...]:
    """Return the rows of a table with the one that its measure cannot do without."""
    rows, needed = tuple(by), needed_division(measure)
    return (*rows, needed) if needed and needed not in rows else rows


def usual_level(measure: Measure | None, release: Release) -> str:
    """Return years, or the level of a published series in which no whole year lies."""
    series = release.observed.get((measure.source, measure.observation)) if measure else None
    return series.period_level if series and not newest_whole(series, "year") else "year"
