"""Service gaps: the largest needs that are not met, people a year."""

from collections.abc import Mapping
from math import isinf

from analysis import Answer
from analysis.findings.finding import Finding
from analysis.findings.scope import scope_of
from analysis.findings.topics.gaps import Unmet, largest_need, unmet_needs, unmet_range
from ui.cards.card import Ask, Facts, Shown
from ui.cards.table import Table
from ui.charts.bars.estimates import Bar, estimates_chart
from ui.format import PARTIAL, PARTIAL_NOTE, interval_text, value_text
from ui.topics.gaps.asked import BY_GROUP, KINDS, name_of, periods_of, when, years_of
from ui.view.view import View

GROUPS = ("women", "men_and_boys", "girls", "with_children", "labour")
GRID = {"service_type": KINDS, "eligibility": GROUPS}
LARGEST = {
    name: Ask(measure, BY_GROUP, GRID, everywhere=True, periods=periods_of)
    for name, measure in (("unmet", "needs_unmet"), ("shares", "unmet_need_share"))
}
MOST_BARS = 6
COLUMNS = (
    "Service and group",
    "Go without, a year",
    "95% interval",
    "Share not met",
    "95% interval of the share",
)


def largest(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the card of needs not met by service and group, the largest first."""
    unmet, shares = answers.get("unmet"), answers.get("shares")
    if unmet is None or unmet.refusal:
        return None
    shares = None if shares is None or shares.refusal else shares
    scope, years = scope_of(unmet, view.filters), years_of(view)
    needs = unmet_needs(unmet, shares, years)
    bars = [_bar(view, one) for one in needs[:MOST_BARS]]
    which = f", the {len(bars)} largest" if len(needs) > len(bars) else ""
    return Facts(
        largest_need(unmet, needs, years, scope),
        Table(COLUMNS, (False, True, True, True, True), tuple(_row(view, one) for one in needs)),
        subtitle=f"People a year who go without, by service and group · Whole region · {when(view)}",
        caption=PARTIAL_NOTE if any(one.people.is_part for one in needs) else "",
        figure=estimates_chart(
            bars, unit=f"people a year{which}", kind="count", palette=view.palette, narrow=view.phone
        )
        if bars
        else None,
        answers=tuple(one for one in (unmet, shares) if one is not None),
        scope=scope,
    )


def grid_words(shown: Shown) -> Finding:
    """Return the range of all numbers that the grid shows."""
    return unmet_range(shown.answer, shown.scope)


def _bar(view: View, one: Unmet) -> Bar:
    people = one.people
    ends = (people.lower, people.upper)
    lower, upper = (people.value if limit is None or isinf(limit) else limit for limit in ends)
    return Bar(name_of(view, *people.codes.values()), people.value, lower, upper, is_part=one.people.is_part)


def _row(view: View, one: Unmet) -> tuple[str, ...]:
    people, share = one.people, one.share
    return (
        name_of(view, *people.codes.values()),
        value_text(people.value, "count") + (PARTIAL if one.people.is_part else ""),
        interval_text(people.lower, people.upper, "count"),
        value_text(share.value, "share") if share else "not shown",
        interval_text(share.lower, share.upper, "share") if share else "",
    )
