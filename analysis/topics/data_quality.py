"""What a release says about itself: who reported, what was turned away, what is held, how alike people are.

Everything here is read from the release's own tables. Counts of rows are those of figures that others had
published; of own records only the steward's release has any.
"""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass

from analysis import periods
from analysis.answers.answer import Answer
from analysis.catalog.model import Catalog
from analysis.release.release import Collection, Release

UNIQUE_RECORDS = "records_unique"  # a metric of `anonymity`


@dataclass(frozen=True)
class Contributor:
    """One contributor to one collection.

    Attributes
    ----------
    source, label
        Code and words.
    reported
        For each month of the collection in order: (month code, whether it reported).
    last_month
        Last month it reported, or an empty text.
    has_stopped
        It reported once and has been silent in every month since `last_month`, up to the end.
    """

    source: str
    label: str
    reported: tuple[tuple[str, bool], ...]
    last_month: str
    has_stopped: bool

    @property
    def months(self) -> int:
        """Number of months with a report."""
        return sum(said for _, said in self.reported)


@dataclass(frozen=True)
class Load:
    """One source of the release: what was read from it, and what became of its rows.

    `covers` is the first and the last month that it speaks for; None for what has no period, such as a list.
    `rows` is empty where the counts stay with the keepers: those of own records.
    """

    label: str
    publisher: str
    covers: tuple[str, str] | None
    loaded_on: str
    rows: "RowCounts | None"


@dataclass(frozen=True)
class RowCounts:
    """Rows of a source's files, in words; all but the first add up to the first."""

    in_file: str
    accepted: str
    partly: str
    rejected: str
    left_out: str


@dataclass(frozen=True)
class LeftOut:
    """Rows that the mapping or the reader left out for one reason."""

    label: str
    reason: str
    rows: str


@dataclass(frozen=True)
class Rejection:
    """Rows that were turned away by one rule."""

    label: str
    table: str
    rule: str
    column: str
    rows: str


@dataclass(frozen=True)
class TableLoad:
    """One table of the data model, from one source, as `Load`.

    `rows`, `rejected` and `orphans` are empty where the counts stay with the keepers; `orphans` also where
    the table refers to no other.
    """

    table: str
    label: str
    covers: tuple[str, str] | None
    rows: str
    rejected: str
    orphans: str


@dataclass(frozen=True)
class Orphans:
    """Rows of one column that point at nothing loaded."""

    table: str
    column: str
    refers: str
    label: str
    rows: str


@dataclass(frozen=True)
class Published:
    """Figures of one measure that were public before they were loaded.

    Attributes
    ----------
    label, source, unit
        The measure and its source in words; what is counted.
    covers
        First and last period.
    areas
        Number of places for which there is a row.
    missing_share
        Share of place and period for which the publisher had no figure, 0 to 1.
    """

    label: str
    source: str
    unit: str
    covers: tuple[str, str]
    areas: int
    missing_share: float


@dataclass(frozen=True)
class Doubt:
    """Why published figures of one source may be wrong, as it was found when they were loaded."""

    label: str
    note: str


def contributors(release: Release, collection: str) -> tuple[Contributor, ...]:
    """Return the roster of one collection, in order of their codes.

    Parameters
    ----------
    release
        An open release.
    collection
        A collection of it; an unknown one has no contributors.
    """
    frame = release.table("coverage")
    if frame.is_empty():
        return ()
    found: dict[str, dict[str, bool]] = {}
    for name, source, period, status in frame.select("collection", "source", "period", "status").rows():
        if name == collection:
            found.setdefault(source, {})[period] = status == "reported"
    return tuple(
        _contributor(source, release.source_labels.get(source, source), found[source])
        for source in sorted(found)
    )


def _contributor(source: str, label: str, months: dict[str, bool]) -> Contributor:
    ordered = tuple(sorted(months.items()))
    last = max((month for month, said in ordered if said), default="")
    return Contributor(source, label, ordered, last, has_stopped=bool(last) and last < ordered[-1][0])


def newest_figures(release: Release) -> tuple[tuple[str, str, datetime.date | None], ...]:
    """Return each source of figures: its words, the newest period it has any of, the day of loading."""
    days = {row["source_id"]: row["loaded_on"] for row in release.table("source").to_dicts()}
    newest: dict[str, str] = {}
    for series in release.observed.values():
        known = newest.setdefault(series.source, series.last)
        newest[series.source] = max(known, series.last, key=lambda code: periods.span_of(code).last)
    return tuple(
        (release.source_labels.get(source, source), last, days.get(source)) for source, last in newest.items()
    )


def loads(release: Release) -> tuple[Load, ...]:
    """Return one entry for each source that rows were read from."""
    counted = {row["source_id"]: row for row in release.table("load_summary").to_dicts()}
    loaded = {*counted, *(row["source_id"] for row in release.table("table_summary").to_dicts())}
    return tuple(
        Load(
            label=source["label"],
            publisher=source["publisher"],
            covers=_covers(source["period_from"], source["period_to"]),
            loaded_on=str(source["loaded_on"] or ""),
            rows=_row_counts(counted.get(source["source_id"])),
        )
        for source in release.table("source").to_dicts()
        if source["source_id"] in loaded
    )


def _row_counts(row: Mapping[str, str] | None) -> RowCounts | None:
    if row is None:
        return None
    names = ("rows_in", "rows_accepted", "rows_partly", "rows_rejected", "rows_left_out")
    return RowCounts(*(row[f"{name}_text"] for name in names))


def left_out(release: Release) -> tuple[LeftOut, ...]:
    """Return the rows that were left out, by source and reason."""
    labels = release.source_labels
    return tuple(
        LeftOut(labels.get(row["source_id"], row["source_id"]), row["reason_text"], row["rows_text"])
        for row in release.table("left_out_summary").to_dicts()
    )


def _covers(first: str | None, last: str | None) -> tuple[str, str] | None:
    return (first, last) if first and last else None


def table_loads(release: Release) -> tuple[TableLoad, ...]:
    """Return one entry for each table and source, by table."""
    labels = release.source_labels
    return tuple(
        TableLoad(
            table=row["label"],
            label=labels.get(row["source_id"], row["source_id"]),
            covers=_covers(row["period_from"], row["period_to"]),
            rows=row["rows_text"],
            rejected=row["rejected_text"],
            orphans=row["orphans_text"],
        )
        for row in release.table("table_summary").to_dicts()
    )


def orphans(release: Release) -> tuple[Orphans, ...]:
    """Return the columns of which rows point at nothing loaded; never a value."""
    labels = release.source_labels
    return tuple(
        Orphans(
            row["label"],
            row["column_label"],
            row["refers_label"],
            labels.get(row["source_id"], row["source_id"]),
            row["orphans_text"],
        )
        for row in release.table("orphan_summary").to_dicts()
        if row["orphans_text"] != "0"
    )


def rejections(release: Release) -> tuple[Rejection, ...]:
    """Return the rules that turned rows away, by source; never a value of a row."""
    labels = release.source_labels
    tables = {row["table_name"]: row["label"] for row in release.table("table_summary").to_dicts()}
    return tuple(
        Rejection(
            labels.get(row["source_id"], row["source_id"]),
            tables.get(row["table_name"], row["table_name"].replace("_", " ").capitalize()),
            row["rule"],
            row["column_name"] or "",
            row["rows_text"],
        )
        for row in release.table("rejected_summary").to_dicts()
    )


def doubts(release: Release) -> tuple[Doubt, ...]:
    """Return what was found strange in published figures; they are shown as they were published."""
    labels = release.source_labels
    try:
        listed = [(str(source), str(note)) for source, note in json.loads(release.info.get("doubts", "[]"))]
    except (TypeError, ValueError):
        return ()
    return tuple(Doubt(labels.get(source, source), note) for source, note in listed)


def completeness_measures(release: Release, catalog: Catalog, collection: Collection) -> dict[str, str]:
    """Return what completeness can be asked of: measure to what is counted, people first.

    A subject joins by a measure with ``per_field`` and records of the same collection in the release.
    """
    loaded = {one.subject for one in release.collections if one.collection == collection.collection}
    found = [
        one
        for one in catalog.measures.values()
        if one.per_field and one.door == "person" and one.subject in loaded
    ]
    ordered = sorted(found, key=lambda one: (one.subject != "person", catalog.subjects[one.subject].label))
    return {one.code: catalog.subjects[one.subject].label for one in ordered}


def held(release: Release) -> tuple[tuple[str, str], ...]:
    """Return (subject, number) of the late and corrected records that wait; of the steward's release."""
    return tuple((row["subject"], row["records_text"]) for row in release.table("held").to_dicts())


def waiting(release: Release) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what is held, by how much of it there is: (number, subjects).

    Of a dozen subjects most have none or a few: one entry a number says so once.
    """
    subjects: dict[str, list[str]] = {}
    for subject, number in held(release):
        subjects.setdefault(number, []).append(subject)
    return tuple((number, tuple(found)) for number, found in subjects.items())


def revisions(release: Release) -> tuple[tuple[str, str, int, str], ...]:
    """Return (subject, year, revision number, day) of each revised year."""
    return tuple(
        (row["subject"], str(row["year"]), int(row["revision"]), str(row["as_of"]))
        for row in release.table("revision").to_dicts()
        if int(row["revision"]) > 0
    )


def anonymity(release: Release) -> tuple[tuple[str, str], ...]:
    """Return (metric, rounded value) of the report on how alike the records are; for their keepers alone."""
    return tuple((row["metric"], row["value_text"]) for row in release.table("anonymity").to_dicts())


def measure_counting(catalog: Catalog, collection: Collection) -> str:
    """Return the measure that counts the records of a collection, or the first of those that are of them."""
    own = [one for one in catalog.measures.values() if one.subject == collection.subject]
    return next((one.code for one in (*(one for one in own if one.kind == "count"), *own)), "")


def provisional(answer: Answer) -> tuple[str, ...]:
    """Return the periods of an answer by ``period`` that are marked provisional, in order."""
    rows = answer.frame.select("period", "marker").rows()
    return tuple(period for period, marker in rows if "p" in (marker or ""))


def published(release: Release, catalog: Catalog) -> tuple[Published, ...]:
    """Return the figures that were already public, one entry for each measure of the catalog."""
    if "observation" not in release.columns:
        return ()
    rows = release.rows(
        "SELECT source, measure, period_level, count(DISTINCT area_code), "
        "count(DISTINCT (area_code, period)), "
        "count(DISTINCT (area_code, period)) FILTER (value IS NOT NULL) "
        "FROM observation GROUP BY source, measure, period_level ORDER BY source, measure"
    )
    found = {(source, name, level): counts for source, name, level, *counts in rows}
    entries = []
    for measure in catalog.measures.values():
        series = release.observed.get((measure.source, measure.observation))
        if measure.door != "published" or measure.kind == "share" or series is None:
            continue
        areas, total, shown = found[series.source, series.measure, series.stored_level]
        label = release.source_labels.get(series.source, series.source)
        covers = (series.first, series.last)
        entries.append(Published(measure.label, label, measure.unit, covers, areas, 1 - shown / total))
    return tuple(entries)
