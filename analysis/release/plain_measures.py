"""Measures that only a release knows: published counts by mapping that no file of the catalog describes."""

from analysis.catalog.model import Measure
from analysis.release.release import Release

PAGES = ("trends", "geography", "explore")
#: Figures of several years together are no course over time.
PAGES_OF_YEARS = ("geography", "explore")
CAVEATS = ("reported_not_prevalence", "not_reporting_not_zero", "published_as_is")
_FORMULA = "Sum of the figures as they were published."
_FORMULA_OF_YEARS = (
    "The figure as it was published, of several years together: it is not divided over the years, and "
    "figures of other years are not added to it."
)
_COLUMNS = "code, label, unit, definition, over_time, source"
_ORDER = 900  # after those of the catalog


def plain_measures(release: Release) -> tuple[Measure, ...]:
    """Return a measure for each series that the table ``series`` of a release describes.

    Notes
    -----
    Its words are those of a keeper's mapping; label, unit and publisher are plain text of limited length
    (`etl.mapping.published`). It is divided by whatever divides its figures.
    """
    if "series" not in release.columns:
        return ()
    publishers = {code: publisher for code, _, publisher, *_ in release.cited_sources}
    found = []
    for code, label, unit, definition, over_time, source in release.rows(
        f"SELECT {_COLUMNS} FROM series ORDER BY code"
    ):
        series = release.observed.get((source, code))
        if series is None:
            continue
        publisher = publishers.get(source) or release.source_labels.get(source, source)
        found.append(
            Measure(
                code=code,
                label=label,
                short=label,
                unit=unit,
                kind="published",
                door="published",
                definition=definition or f"{label}, as published by {publisher}.",
                formula=_FORMULA_OF_YEARS if series.spans else _FORMULA,
                sources=(publisher,),
                owner=publisher,
                reviewed=release.as_of,
                source=source,
                observation=code,
                dimensions=tuple(sorted(series.codes)),
                over_time="last" if series.spans else over_time,
                caveats=CAVEATS,
                pages=PAGES_OF_YEARS if series.spans else PAGES,
                order=_ORDER,
            )
        )
    return tuple(found)
