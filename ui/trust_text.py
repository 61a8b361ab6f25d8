"""What a release says about itself, as tables and sentences for the Data quality page."""

from collections.abc import Sequence

from analysis import Catalog, periods, trust
from analysis.release import Release
from ui.tables import Table

RULE_WORDS = {"required": "A required column was empty", "code": "A code that is not on the list"}
METRIC_WORDS = {
    "smallest_group": "People in the smallest group that share area, year, age, gender and citizenship",
    "k": "People in the smallest group that share area, year, age, gender and citizenship",
}


def plain_words(code: str) -> str:
    """Return a code such as "period_not_in_future" as words."""
    return code.replace("_", " ").capitalize()


def roster_table(roster: Sequence[trust.Contributor]) -> Table:
    """Return one row for each contributor."""
    rows = tuple(
        (
            one.label,
            f"{one.months} of {len(one.reported)}",
            periods.label_of(one.last_month) if one.last_month else "Never",
            "Stopped" if one.has_stopped else "Reporting",
        )
        for one in roster
    )
    return Table(("Contributor", "Months reported", "Last month", "Now"), (False, True, False, False), rows)


def load_table(loads: Sequence[trust.Load]) -> Table:
    """Return one row for each source: what was read, accepted and turned away."""
    rows = tuple(
        (one.label, one.covers, one.rows_in, one.accepted, one.rejected, one.loaded_on) for one in loads
    )
    header = ("Source", "Covers", "Rows read", "Accepted", "Turned away", "Loaded")
    return Table(header, (False, False, True, True, True, False), rows)


def rejection_table(rejections: Sequence[trust.Rejection]) -> Table:
    """Return one row for each rule that turned rows away."""
    rows = tuple((one.label, one.table, one.column, plain_words(one.rule), one.rows) for one in rejections)
    return Table(("Source", "Table", "Column", "Rule", "Rows"), (False, False, False, False, True), rows)


def waiting_table(release: Release) -> Table:
    """Return what is held for a revision and what has been revised."""
    rows = [("Held for a revision", plain_words(subject), number) for subject, number in trust.held(release)]
    rows += [
        (f"Revised {day}", f"{plain_words(subject)}, {year}", f"revision {number}")
        for subject, year, number, day in trust.revisions(release)
    ]
    return Table(("What", "Which", "Records"), (False, False, True), tuple(rows))


def anonymity_table(release: Release) -> Table:
    """Return how alike the records are, before the protection."""
    rows = tuple(
        (METRIC_WORDS.get(metric, plain_words(metric)), value) for metric, value in trust.anonymity(release)
    )
    return Table(("Of the records, before protection", "Value"), (False, True), rows)


def field_words(catalog: Catalog) -> dict[str, str]:
    """Return the words for the fields whose completeness is measured."""
    return {code: dimension.label for code, dimension in catalog.dimensions.items()}
