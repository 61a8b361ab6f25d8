"""What was loaded, turned away and left unlinked; what others published; how alike the records are."""

from collections.abc import Mapping
from dataclasses import astuple, fields

from analysis import Answer, Catalog, periods
from analysis.answers.tallied import months_of_numbers
from analysis.findings.finding import Finding
from analysis.findings.topics import quality as findings
from analysis.release.release import Release
from analysis.topics import data_quality as quality
from analysis.topics.rule_words import rule_words
from analysis.words import date_text, percent_text
from ui.cards.card import FactCard, Facts
from ui.cards.special_card import scope_of_register
from ui.cards.table import Table
from ui.view.view import View

GROUP = "area, year, age band, gender and citizenship group"
METRIC_WORDS = {
    "k_smallest_group": f"Records in the smallest group of the same {GROUP}",
    quality.UNIQUE_RECORDS: "Records that are alone in their group: unique on these five facts",
    "records_in_groups_below_5": "Records in groups of fewer than 5",
    "records_in_groups_below_11": "Records in groups of fewer than 11",
    "l_smallest": "Fewest different answers on ‘{field}’ in any group",
    "records_undivided": "Records in groups that all have the same ‘{field}’",
}
NO_LINKS = "names no other table"
WITH_THE_KEEPERS = "–"
NUMBERS = "A number sent in place of records is one row of its file, and here as many rows as it says."
KEPT = "–: how many rows our own records have stays with their keepers."


def are_listed(view: View) -> bool:
    """Return whether the release tells where its figures come from."""
    return view.release is not None and bool(
        quality.loads(view.release) or quality.published(view.release, view.catalog)
    )


def sources(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return each source: what was read from it, accepted and turned away."""
    loads = quality.loads(_release(view))
    rows = tuple((one.label, _span(one.covers), *_counts(one.rows), _day(one.loaded_on)) for one in loads)
    header = ("Source", "Covers", "Rows in file", "Accepted", "In part", "Turned away", "Left out", "Loaded")
    return _facts(
        view,
        findings.sources_loaded(_release(view), loads),
        Table(header, (False, False, *[True] * 5, False), rows),
        "What became of each row, by source",
        KEPT
        if any(one.rows is None for one in loads)
        else "Accepted, in part, turned away and left out add up to the rows in the file.",
    )


def _counts(rows: quality.RowCounts | None) -> tuple[str, ...]:
    return astuple(rows) if rows else (WITH_THE_KEEPERS,) * len(fields(quality.RowCounts))


def left_out(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return the rows that are no figures of their own, such as totals and notes, by source and reason."""
    reasons = quality.left_out(_release(view))
    rows = tuple((one.label, one.reason.capitalize(), one.rows) for one in reasons)
    return _facts(
        view,
        findings.rows_left_out(reasons),
        Table(("Source", "Rows", "Left out"), (False, False, True), rows),
        "Rows left out, by source and reason",
        "They are no figures of their own, or are not asked for here.",
    )


def tables(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return each table of the data model and source: what is loaded now."""
    loads = quality.table_loads(_release(view))
    rows = tuple(
        (
            *(one.table, one.label, _span(one.covers)),
            one.rows or WITH_THE_KEEPERS,
            one.rejected or WITH_THE_KEEPERS,
            one.orphans or (NO_LINKS if one.rows else WITH_THE_KEEPERS),
        )
        for one in loads
    )
    header = ("Table", "Source", "Covers", "Rows loaded", "Turned away", "Name something not held")
    kept = KEPT if any(not one.rows for one in loads) else "A correction takes the place of what it corrects."
    return _facts(
        view,
        findings.tables_loaded(loads),
        Table(header, (False, False, False, True, True, True), rows),
        "Rows loaded and turned away, by table",
        " ".join([kept, NUMBERS] if months_of_numbers(_release(view)) else [kept]),
    )


def unlinked(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return each column of which rows name something that was not loaded."""
    orphans = quality.orphans(_release(view))
    rows = tuple((one.table, one.column, one.refers, one.label, one.rows) for one in orphans)
    header = ("Table", "Column", "Should be among", "Source", "Rows")
    return _facts(
        view,
        findings.rows_unlinked(orphans),
        Table(header, (*[False] * 4, True), rows),
        "Rows that name something we do not hold, by column",
        "They are kept and counted.",
    )


def turned_away(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return each rule that turned rows away, by rule; never what a row held."""
    rejections = quality.rejections(_release(view))
    rows = sorted(
        (rule_words(one.rule), one.table, one.column.replace("_", " ").capitalize(), one.label, one.rows)
        for one in rejections
    )
    header = ("Why", "Table", "Column", "Source", "Rows")
    return _facts(
        view,
        findings.rows_turned_away(rejections),
        Table(header, (*[False] * 4, True), tuple(rows)),
        "Rows turned away, by reason",
        "Line and reason are kept, never what a row held.",
    )


def published(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return each measure that was public before it was loaded."""
    entries = quality.published(_release(view), view.catalog)
    rows = tuple(
        (
            one.label,
            one.source,
            periods.label_of_range(*one.covers),
            f"{one.areas:,}",
            one.unit,
            percent_text(100 * one.missing_share),
        )
        for one in entries
    )
    header = ("Measure", "Source", "Covers", "Areas", "Unit", "Without a figure")
    return _facts(
        view,
        findings.figures_published(entries),
        Table(header, (False, False, False, True, False, True), rows),
        "Figures of others, shown as they were published",
        "Without a figure: the publisher had none for that area and period, which is not zero.",
    )


def doubted(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return what is strange in figures of others, such as a file that was multiplied by ten."""
    doubts = quality.doubts(_release(view))
    rows = tuple((one.label, one.note[:1].upper() + one.note[1:]) for one in doubts)
    return _facts(
        view,
        findings.figures_doubted(doubts),
        Table(("Source", "What is strange"), (False, False), rows),
        "Figures of others that may be wrong, by source",
        "Found when they were loaded. They are shown as they were published; nothing was corrected.",
    )


def alike(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return how alike the records are, before the protection."""
    metrics = dict(quality.anonymity(_release(view)))
    order = list(METRIC_WORDS)
    listed = sorted(metrics.items(), key=lambda pair: [not pair[0].startswith(one) for one in order])
    rows = tuple((metric_words(metric, view.catalog), value.replace(" %", "%")) for metric, value in listed)
    return _facts(
        view,
        findings.records_alike(metrics),
        Table(("Of the records, before protection", "Value"), (False, True), rows),
        f"How alike the records are on {GROUP}",
        "Measured where the records are kept, at each load, and rounded.",
    )


def metric_words(metric: str, catalog: Catalog) -> str:
    """Return the words for a metric of `analysis.topics.data_quality.anonymity`."""
    if metric in METRIC_WORDS:
        return METRIC_WORDS[metric]
    for kind in ("l_smallest", "records_undivided"):
        if metric.startswith(f"{kind}_"):
            field = metric.removeprefix(f"{kind}_")
            dimension = catalog.dimensions.get(field)
            return METRIC_WORDS[kind].format(field=dimension.label.lower() if dimension else field)
    return metric.replace("_", " ").capitalize()


SOURCES = FactCard("loads", sources)
PUBLISHED = FactCard("published", published)
DOUBTED = FactCard("doubted", doubted)
TABLES = FactCard("tables", tables)
TURNED_AWAY = FactCard("rejected", turned_away)
LEFT_OUT = FactCard("left_out", left_out)
UNLINKED = FactCard("orphans", unlinked)
ALIKE = FactCard("alike", alike)


def _facts(view: View, finding: Finding, table: Table, subtitle: str, caption: str) -> Facts | None:
    """Return a card's facts; None where its table has no rows."""
    if not table.rows:
        return None
    return Facts(finding, table, subtitle, caption=caption, scope=scope_of_register(view))


def _release(view: View) -> Release:
    if view.release is None:
        raise TypeError("a page about the data has a release")
    return view.release


def _span(ends: tuple[str, str] | None) -> str:
    return periods.label_of_range(*ends) if ends else "No period"


def _day(iso: str) -> str:
    return date_text(iso) if iso else ""
