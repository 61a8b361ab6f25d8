"""What an export must say, read from an open release: the same for a button, the command line and a route."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import polars as pl

from analysis.answers.answer import Answer
from analysis.answers.plan import check
from analysis.catalog.model import PROTECTED, ROSTER, Catalog
from analysis.exports.context import Column, ExportContext, ExportItem, SourceFacts
from analysis.program import version
from analysis.questions.checked import Asked
from analysis.questions.filters import Filters
from analysis.release.archive import published_on
from analysis.release.places import Geography
from analysis.release.release import Release


def export_context(
    release: Release,
    catalog: Catalog,
    filters: Filters | None = None,
    link: str = "",
) -> ExportContext:
    """Return what every file of a release says about its figures, with the words for all codes.

    Parameters
    ----------
    release, catalog
        Where the figures come from.
    filters
        What the reader chose; none when None.
    link
        Address of the page that shows the same.
    """
    filters = filters or Filters()
    return ExportContext(
        place=release.place,
        as_of=str(release.as_of),
        release_id=release.release_id,
        published=published_on(release.folder, release.release_id),
        profile=release.profile,
        contact=release.info.get("contact", ""),
        version=version(),
        synthetic=release.synthetic,
        task_forces=len(release.task_forces),
        threshold=release.threshold,
        noise=release.d,
        permalink=link,
        filters=filters,
        columns=_columns(release, catalog, filters.collection),
        sources=_sources(release, catalog),
        protection_caveat=catalog.caveats[PROTECTED].text,
    )


def export_items(
    answers: Sequence[Answer], release: Release, catalog: Catalog, headlines: Sequence[str] = ()
) -> tuple[ExportItem, ...]:
    """Return answers with the names of their areas, their periods and their boundaries.

    Parameters
    ----------
    answers
        Answers of this release, none of them refused.
    release, catalog
        As they were asked.
    headlines
        What each answer says, in the caller's words, in the order of the answers; may be left out.
    """
    sentences = [*headlines, *[""] * (len(answers) - len(headlines))]
    return tuple(_item(one, release, catalog, words) for one, words in zip(answers, sentences, strict=True))


def _item(answer: Answer, release: Release, catalog: Catalog, headline: str) -> ExportItem:
    checked = check(answer.question, catalog, release)
    geography = checked.geography
    level = answer.question.area_level
    if geography is None:
        return ExportItem(answer, headline, checked.held, whole=_whole(checked))
    level = min(1, max(geography.level_names, default=0)) if level is None else level
    return ExportItem(
        answer,
        headline,
        checked.held,
        areas=geography.names,
        area_word=geography.level_names.get(level, "area") or "area",
        whole=_whole(checked),
        boundaries=partial(_boundaries, release, geography) if _has_boundaries(release, geography) else None,
    )


def _whole(checked: Asked) -> str | None:
    """Return the name of all areas together; None for the place of the release itself."""
    is_outside = checked.measure.door == "published" or bool(
        checked.collection and not checked.collection.is_own
    )
    if not is_outside:
        return None
    if checked.geography is None:
        return ""
    series = checked.release.observed.get((checked.measure.source, checked.measure.observation))
    tops = checked.geography.holding(series.areas if series else ())
    return checked.geography.names[tops[0]] if len(tops) == 1 else ""


def _has_boundaries(release: Release, geography: Geography) -> bool:
    if "area_shape" not in release.columns:
        return False
    return bool(release.rows("SELECT 1 FROM area_shape WHERE geography = ? LIMIT 1", [geography.code]))


def _boundaries(release: Release, geography: Geography) -> pl.DataFrame:
    rows = release.table("area_shape").filter(pl.col("geography") == geography.code).select("code", "wkb")
    return rows.with_columns(name=pl.col("code").replace(geography.names))


def _columns(release: Release, catalog: Catalog, collection: str | None) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for code, dimension in catalog.dimensions.items():
        codes = {one.code: one.label for one in dimension.categories}
        if not codes and dimension.codes_from not in ("", ROSTER):
            codes = dict(release.listed(dimension.codes_from))
        names = bool(dimension.codes_from or dimension.common)
        columns[code] = Column(dimension.label, dimension.description, codes, names, dimension.multi)
    choices = release.choices_of(collection)
    fields = {code: dimension.label for code, dimension in catalog.dimensions.items()}
    columns["period"] = Column("Period", "Year, quarter or month.")
    columns["area"] = Column("Area", "Area of the figures.", choices.areas, keeps_capitals=True)
    columns["source"] = Column("Contributor", "Who contributed the record.", choices.sources, True)
    columns["field"] = Column("Field", "What may have been recorded of a person.", fields)
    columns["collection"] = Column("Collection", "The register that is counted.", choices.collections, True)
    return columns


def _sources(release: Release, catalog: Catalog) -> dict[str, SourceFacts]:
    facts: dict[str, SourceFacts] = {}
    hashes = _files(release)
    for source_id, citation, publisher, licence, first, last in release.cited_sources:
        known = catalog.sources.get(source_id)
        cited = citation.removeprefix("Source: ").rstrip(". ")
        url, files = known.url if known else "", tuple(hashes.get(source_id, ()))
        found = SourceFacts(publisher, licence, url, source_id, first, last, files)
        if cited:
            facts[cited] = _together(facts[cited], found) if cited in facts else found
    return facts


def _files(release: Release) -> dict[str, list[str]]:
    """Return the SHA-256 of the files that others published and that figures were read from, by source."""
    hashes: dict[str, list[str]] = {}
    if "source_file" in release.columns:
        for source, sha256 in release.rows("SELECT source, sha256 FROM source_file ORDER BY ALL"):
            hashes.setdefault(source, []).append(sha256)
    return hashes


def _together(one: SourceFacts, other: SourceFacts) -> SourceFacts:
    """Return what is said of two sources with one citation, as contributors have: neither alone is meant."""
    begins = [text for text in (one.period_from, other.period_from) if text]
    ends = [text for text in (one.period_to, other.period_to) if text]
    return replace(
        other,
        code="",
        period_from=min(begins, default=""),
        period_to=max(ends, default=""),
        files_sha256=one.files_sha256 + other.files_sha256,
    )
