"""Who reported in which month, and how late figures are."""

from collections.abc import Mapping

from analysis import Answer, Catalog, periods
from analysis.answers.tallied import TALLIED, months_of_numbers
from analysis.catalog.model import lower_first
from analysis.findings.coverage import what_is_missing
from analysis.findings.topics.quality import freshness
from analysis.release.release import Collection, Release
from analysis.topics import data_quality as quality
from analysis.words import date_text
from ui.cards.card import Ask, Choice, FactCard, Facts
from ui.cards.special_card import scope_of_register
from ui.cards.table import Table
from ui.charts.grids.coverage import coverage_chart
from ui.view.view import View

COLUMNS = ("Contributor", "Months with a report", "Last report", "Now")
_PERIODS = "periods"


def has_records(view: View) -> bool:
    """Return whether the release holds records of people; figures of others alone have no fields."""
    return view.collection is not None


def _subjects(view: View) -> dict[str, str]:
    """Return what completeness can be asked of: measure to what is counted."""
    if view.release is None or view.collection is None:
        return {}
    return quality.completeness_measures(view.release, view.catalog, view.collection)


SOLID = "Solid: report received. Hatched: none."
FIELDS_OF = Choice("complete_of", "Fields of", _subjects, style="select")


def by_month(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    """Return who sent a report in which month, and who has stopped; of the whole region."""
    if view.release is None or view.collection is None:
        return None
    own = view.collection
    roster = quality.contributors(view.release, own.collection)
    span = periods.label_of_range(own.first_period, own.last_closed_month)
    protection = view.catalog.protection
    return Facts(
        what_is_missing(
            view.release, own.collection, protection.provisional_months, protection.settle_months
        ),
        Table(COLUMNS, (False, True, False, False), tuple(_row(one) for one in roster)),
        subtitle=f"Months with a report, by contributor · {own.label} · {span}",
        caption=" ".join([SOLID, "A report may contain no new people.", *_numbers(view, own)]),
        drawn=SOLID,
        derived="contributor_coverage",
        figure=coverage_chart(roster, view.palette) if roster else None,
        scope=scope_of_register(view),
    )


def _numbers(view: View, own: Collection) -> list[str]:
    """Return for what, and when, numbers were sent in place of records; nothing where there are none."""
    if view.release is None:
        return []
    of_each = months_of_numbers(view.release)
    told = [
        f"{lower_first(_subject(view.catalog, subject))} ({periods.label_of_range(min(months), max(months))})"
        for (collection, subject), months in of_each.items()
        if collection == own.collection
    ]
    return [f"Of {'; '.join(told)}: {lower_first(TALLIED)}"] if told else []


def _row(one: quality.Contributor) -> tuple[str, ...]:
    last = periods.label_of(one.last_month) if one.last_month else "Never"
    state = "Stopped" if one.has_stopped else "Reporting" if one.last_month else "Never reported"
    return (one.label, f"{one.months} of {len(one.reported)}", last, state)


def _asks(view: View) -> dict[str, Ask]:
    """Return the question for all periods of a collection: those still filling up carry their marker."""
    own = view.collection
    if own is None:
        return {}
    parts = {"period_level": own.period_resolution, "periods": None}
    measure = quality.measure_counting(view.catalog, own)
    return {_PERIODS: Ask(measure, ("period",), parts=parts, everywhere=True)}


def how_late(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return up to when there are figures, what still fills up, what waits and what has been revised."""
    if view.release is None or view.collection is None or _PERIODS not in answers:
        return None
    provisional = quality.provisional(answers[_PERIODS])
    return Facts(
        freshness(view.collection, provisional),
        _dates(view.release, view.catalog, view.collection, provisional),
        subtitle=f"How late figures are · {view.collection.label}",
        caption="A closed month is frozen, so that releases cannot be compared to find a person.",
        scope=scope_of_register(view),
    )


FRESH = FactCard("fresh", how_late, _asks, wide=False)


def _dates(release: Release, catalog: Catalog, collection: Collection, provisional: tuple[str, ...]) -> Table:
    settle = catalog.protection.settle_months
    wait = f"{settle} month{'s' if settle != 1 else ''} after it ends" if settle else "When it ends"
    late = periods.label_of_range(provisional[0], provisional[-1]) if provisional else "No period"
    rows = [
        ("Figures", periods.label_of_range(collection.first_period, collection.last_closed_month)),
        ("As of", date_text(release.as_of)),
        ("Provisional, still filling up", late),
        ("A month closes", wait),
    ]
    rows += [
        ("Late corrections, held until the next revision", _held(catalog, number, subjects))
        for number, subjects in quality.waiting(release)
    ]
    rows += [
        (f"{_subject(catalog, subject)}: {year} was revised", f"{date_text(day)}, revision {number}")
        for subject, year, number, day in quality.revisions(release)
    ]
    return Table(("Item", "Date or number"), (False, False), tuple(rows))


def _held(catalog: Catalog, number: str, subjects: tuple[str, ...]) -> str:
    """Return "People identified: 34", or of how many kinds of records there are none or a few each."""
    if len(subjects) == 1:
        return f"{_subject(catalog, subjects[0])}: {number}"
    return f"{len(subjects)} kinds of records: {number} each"


def _subject(catalog: Catalog, subject: str) -> str:
    found = catalog.subjects.get(subject)
    return found.label if found else subject.capitalize()
