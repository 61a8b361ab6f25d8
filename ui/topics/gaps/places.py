"""Service gaps: how full places are and for whom there are too few; and the waits for one."""

from collections.abc import Mapping
from functools import partial

from analysis import Answer
from analysis.findings.compare import Value, values_of
from analysis.findings.finding import Finding
from analysis.findings.scope import scope_of
from analysis.findings.topics.gaps import Use, longest_wait, too_few_places, uses_of
from ui.cards.card import Ask, Card, Facts
from ui.cards.table import Table
from ui.charts.bars.estimates import Bar, estimates_chart
from ui.format import interval_text, value_text
from ui.topics.gaps import asked
from ui.topics.pathway.followed import BY_SERVICE
from ui.view.view import View

ALL_SERVICES = "All services"
WAITS = {
    f"waits/{number}": Ask("waiting_time_for_place", by, periods=asked.periods_of)
    for number, by in enumerate(((), asked.BY_TYPE, asked.BY_GROUP))
}
WAITS_BY_SERVICE = BY_SERVICE
COLUMNS = (
    "Service and group",
    "Places",
    "In use",
    "95% interval",
    "Go without for want of a place, a year",
    "",
)
#: Where nothing is known of needs, as of a directory alone: how many places there are, and how full.
LISTED = (
    Card("places_listed", "places", asked.BY_TYPE, periods=asked.periods_of),
    Card("places_full", "occupancy", asked.BY_TYPE, periods=asked.periods_of),
)
FULL = "A place can change hands within a month, so about 100% is full."


def stand_alone(view: View) -> bool:
    """Return whether places are there and needs are not."""
    return view.has("places") and not view.has("needs_unmet")


def use(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the card of how full the places of each service are, and where there are too few."""
    uses = uses_of(asked.situations_of(view, answers))
    if not uses:
        return None
    scope = asked.scope_of_region(view, answers)
    filled = [one for one in uses if one.occupancy]
    filled.sort(key=lambda one: -one.occupancy.value if one.occupancy else 0)
    bars = [_bar(view, one) for one in filled]
    return Facts(
        too_few_places(uses, scope, partial(asked.in_sentence, view)),
        Table(COLUMNS, (False, True, True, True, True, False), tuple(_row(view, one) for one in filled)),
        subtitle=f"Share of places in use, by service and group · Whole region · {asked.when(view)}",
        caption=FULL,
        figure=estimates_chart(
            bars, unit="% of places", kind="share", palette=view.palette, narrow=view.phone
        ),
        answers=asked.sources(answers),
        scope=scope,
    )


def waits(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the card of waits that can be shown, the longest first, and of all services together."""
    found = {name: values_of(answers[name]) for name in WAITS if name in answers}
    some = [*found.get("waits/2", ()), *found.get("waits/1", ())]
    if not some:
        return None
    some.sort(key=lambda one: -one.value)
    whole = next(iter(found.get("waits/0", ())), None)
    answer = answers["waits/1"]
    scope = scope_of(answer, view.filters)
    named = [(asked.name_of(view, *one.codes.values()), one) for one in some]
    named += [(ALL_SERVICES, whole)] if whole else []
    rows = tuple(
        (name, value_text(one.value, "ratio"), interval_text(one.lower, one.upper, "ratio"))
        for name, one in named
    )
    finding: Finding = longest_wait(some, whole, scope, partial(asked.in_sentence, view))
    return Facts(
        finding,
        Table(("Places", "Wait (days)", "95% interval"), (False, True, True), rows),
        subtitle=f"Wait for a place (days) · {view.described_question(answer.question)}",
        caption="Services and groups for which too few wait to show a number are left out.",
        figure=estimates_chart(
            [_days(name, one, is_quiet=one is whole) for name, one in named],
            unit="days",
            palette=view.palette,
            narrow=view.phone,
        ),
        answers=tuple(answers[name] for name in WAITS if name in answers and not answers[name].refusal),
        scope=scope,
    )


def _days(name: str, one: Value, *, is_quiet: bool) -> Bar:
    lower, upper = (one.value if limit is None else limit for limit in (one.lower, one.upper))
    return Bar(name, one.value, lower, upper, is_quiet)


def _bar(view: View, one: Use) -> Bar:
    name = asked.name_of(view, one.situation.service_type, one.situation.group)
    share = one.occupancy.times(100.0) if one.occupancy else None
    return Bar(name, share.value, share.lower, share.upper, not one.too_few) if share else Bar(name, 0, 0, 0)


def _row(view: View, one: Use) -> tuple[str, ...]:
    situation = one.situation
    share = one.occupancy.times(100.0) if one.occupancy else None
    return (
        asked.name_of(view, situation.service_type, situation.group),
        value_text(situation.places, "count"),
        value_text(share.value, "share") if share else "",
        interval_text(share.lower, share.upper, "share") if share else "",
        value_text(situation.wanting.value, "count") if situation.can_be_asked else "not shown",
        "too few" if one.too_few else "room" if one.has_room else "",
    )
