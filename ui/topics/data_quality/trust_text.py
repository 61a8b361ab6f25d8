"""What a release says about itself, as tables and sentences for the Data quality page."""

from collections.abc import Iterable, Mapping, Sequence

from analysis import Answer, Catalog, periods
from analysis.release.release import Collection, Release
from analysis.topics import data_quality as trust
from analysis.words import listed
from ui import format as text
from ui.cards.table import Table
from ui.topics.methods.rule_words import rule_words

GROUP = "area, year, age band, gender and citizenship group"
METRIC_WORDS = {
    "k_smallest_group": "Records in the smallest group of the same {group}",
    "records_unique": "Records that are alone in their group",
    "records_in_groups_below_5": "Records in groups of fewer than 5",
    "records_in_groups_below_11": "Records in groups of fewer than 11",
    "l_smallest": "Fewest different answers on ‘{field}’ in any group",
    "records_undivided": "Records in groups that all have the same ‘{field}’",
}


def roster_table(roster: Sequence[trust.Contributor]) -> Table:
    """Return one row for each contributor."""
    rows = tuple(
        (
            one.label,
            f"{one.months} of {len(one.reported)}",
            periods.label_of(one.last_month) if one.last_month else "Never",
            "Stopped" if one.has_stopped else "Reporting" if one.last_month else "Never reported",
        )
        for one in roster
    )
    return Table(("Contributor", "Months reported", "Last month", "Now"), (False, True, False, False), rows)


def load_table(loads: Sequence[trust.Load]) -> Table:
    """Return one row for each source: what was read, accepted and turned away."""
    rows = tuple(
        (one.label, _covers(one.covers), one.rows_in, one.accepted, one.rejected, _day(one.loaded_on))
        for one in loads
    )
    header = ("Source", "Covers", "Rows read", "Accepted", "Turned away", "Loaded")
    return Table(header, (False, False, True, True, True, False), rows)


def _covers(words: str) -> str:
    ends = words.split(" to ")
    return periods.label_of_range(ends[0], ends[-1]) if words else "No period"


def _day(iso: str) -> str:
    return text.date_text(iso) if iso else ""


def rejection_table(rejections: Sequence[trust.Rejection]) -> Table:
    """Return one row for each rule that turned rows away, by rule."""
    rows = sorted(
        (rule_words(one.rule), one.table, one.column.replace("_", " ").capitalize(), one.label, one.rows)
        for one in rejections
    )
    return Table(("Why", "Table", "Column", "Source", "Rows"), (*[False] * 4, True), tuple(rows))


def table_load_table(loads: Sequence[trust.TableLoad]) -> Table:
    """Return one row for each table of the data model and source."""
    rows = tuple(
        (one.table, one.label, _covers(one.covers), one.rows, one.rejected, one.orphans or "Refers to none")
        for one in loads
    )
    header = ("Table", "Source", "Covers", "Rows loaded", "Turned away", "Point at nothing loaded")
    return Table(header, (False, False, False, True, True, True), rows)


def table_load_sentence(loads: Sequence[trust.TableLoad]) -> str:
    """Return how many tables are loaded."""
    count = len({one.table for one in loads})
    return f"{count} table{'s are' if count != 1 else ' is'} loaded."


def orphan_table(found: Sequence[trust.Orphans]) -> Table:
    """Return one row for each column of which rows point at nothing loaded."""
    rows = tuple((one.table, one.column, one.refers, one.label, one.rows) for one in found)
    return Table(("Table", "Column", "Should be among", "Source", "Rows"), (*[False] * 4, True), rows)


def orphan_sentence(found: Sequence[trust.Orphans]) -> str:
    """Return which tables hold rows that point at nothing loaded."""
    tables = list(dict.fromkeys(_lower(one.table) for one in found))
    said = listed(tables) if len(tables) <= 4 else f"{len(tables)} tables"
    return f"Some rows of {said} point at something that is not loaded."


def rejection_sentence(rejections: Sequence[trust.Rejection]) -> str:
    """Return "Some rows were turned away, for 4 reasons: …", naming at most four."""
    reasons = list(dict.fromkeys(rule_words(one.rule) for one in rejections))
    if len(reasons) == 1:
        return f"Some rows were turned away: {_lower(reasons[0])}."
    if len(reasons) > 4:
        return f"Some rows were turned away, for {len(reasons)} reasons."
    return f"Some rows were turned away: {listed([_lower(one) for one in reasons], 'or')}."


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def freshness_sentence(collection: Collection, provisional: Sequence[str]) -> str:
    """Return up to when there are figures, and which of them will still change."""
    newest = periods.label_of(collection.last_closed_month)
    if not provisional:
        return f"Figures run to {newest}."
    late = periods.label_of_range(provisional[0], provisional[-1])
    if len(provisional) > 1 and provisional[0][:4] == provisional[-1][:4]:
        late = f"{periods.label_of(provisional[0])[:-5]} to {periods.label_of(provisional[-1])}"
    return f"Figures run to {newest}. {late} {'is' if len(provisional) == 1 else 'are'} provisional."


def freshness_table(
    release: Release, catalog: Catalog, collection: Collection, provisional: Sequence[str]
) -> Table:
    """Return how late figures are, what waits for a revision, and what has been revised."""
    settle = catalog.protection.settle_months
    wait = f"{settle} month{'s' if settle != 1 else ''} after it ends" if settle else "When it ends"
    late = periods.label_of_range(provisional[0], provisional[-1]) if provisional else "No period"
    rows = [
        ("Figures for", periods.label_of_range(collection.first_period, collection.last_closed_month)),
        ("Released as of", text.date_text(release.as_of)),
        ("When a month closes", wait),
        ("Provisional, and still filling up", late),
    ]
    rows += [
        (f"Late or corrected records that wait: {names}", number)
        for number, names in _waiting(catalog, trust.held(release)).items()
    ]
    rows += [
        (f"{subject_words(catalog, subject)}: {year} was revised", f"{_day(day)}, revision {number}")
        for subject, year, number, day in trust.revisions(release)
    ]
    return Table(("What", "Which"), (False, False), tuple(rows))


def _waiting(catalog: Catalog, held: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what waits, by how much of it does: a row for each number, not for each of a dozen subjects."""
    kinds: dict[str, list[str]] = {}
    for subject, number in held:
        kinds.setdefault(number, []).append(subject_words(catalog, subject).lower())
    return {number: listed(names) for number, names in kinds.items()}


def subject_words(catalog: Catalog, subject: str) -> str:
    """Return the label of what is counted."""
    found = catalog.subjects.get(subject)
    return found.label if found else subject.capitalize()


def published_table(entries: Sequence[trust.Published]) -> Table:
    """Return one row for each measure that was public before it was loaded."""
    rows = tuple(
        (one.label, one.source, one.covers, f"{one.areas:,}", one.unit, _percent(one.missing_share))
        for one in entries
    )
    header = ("Measure", "Source", "Covers", "Areas", "Unit", "Without a figure")
    return Table(header, (False, False, False, True, False, True), rows)


def _percent(share: float) -> str:
    return "below 1%" if 0 < share < 0.01 else f"{share:.0%}"


def anonymity_table(release: Release, catalog: Catalog) -> Table:
    """Return how alike the records are, before the protection."""
    order = list(METRIC_WORDS)
    found = sorted(trust.anonymity(release), key=lambda pair: [not pair[0].startswith(one) for one in order])
    rows = tuple((metric_words(metric, catalog), value) for metric, value in found)
    return Table(("Of the records, before protection", "Value"), (False, True), rows)


def metric_words(metric: str, catalog: Catalog) -> str:
    """Return the words for a metric of `etl.protect.anonymise.AnonymityReport.rows`."""
    if metric in METRIC_WORDS:
        return METRIC_WORDS[metric].format(group=GROUP)
    for kind in ("l_smallest", "records_undivided"):
        if metric.startswith(f"{kind}_"):
            field = metric.removeprefix(f"{kind}_")
            dimension = catalog.dimensions.get(field)
            return METRIC_WORDS[kind].format(field=dimension.label.lower() if dimension else field)
    return metric.replace("_", " ").capitalize()


def anonymity_sentence(metrics: Mapping[str, str]) -> str:
    """Return why no record leaves its keepers."""
    alone = metrics.get("records_unique", "")
    said = f"{alone.replace(' %', '%')} of the records are" if alone else "Many records are"
    return f"{said} alone in their group of {GROUP}. That is why no record leaves its keepers."


def completeness_note(answer: Answer) -> str:
    """Return what the caption of the completeness card says."""
    hidden = answer.frame["value"].null_count()
    why = "Not shown: missing for fewer than 10, or too few to say."
    return f"A blank is never read as “no”. {why}" if hidden else "A blank is never read as “no”."


def load_sentence(table: Table, release: Release) -> str:
    """Return how many sources the figures come from, and of which day they are."""
    count = len(table.rows)
    return f"Figures as of {text.date_text(release.as_of)}, from {count} source{'s' if count != 1 else ''}."


def published_sentence(entries: Sequence[trust.Published]) -> str:
    """Return how many measures were public before they were loaded, and whose they are."""
    sources = list(dict.fromkeys(one.source for one in entries))
    count = f"{len(entries)} measures were" if len(entries) > 1 else "One measure was"
    return f"{count} already public: {listed(sources)}."


def freshness_of_figures(release: Release) -> list[str]:
    """Return one sentence for each source of figures: up to when it has any, and when they were loaded."""
    return [
        f"{label}: figures up to {periods.label_of(last)}"
        + (f", loaded on {text.date_text(loaded)}." if loaded else ".")
        for label, last, loaded in trust.newest_figures(release)
    ]
