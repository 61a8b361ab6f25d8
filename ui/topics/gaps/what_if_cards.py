"""The cards of what more places would bring: for one choice, for every area, and the smallest that help."""

from collections.abc import Mapping, Sequence
from functools import partial

from analysis import Answer
from analysis.findings.scope import Scope
from analysis.findings.sentences.topics.gaps import ALLOCATED, MODEL, ONLY_REGION
from analysis.findings.topics.gaps import areas_without, in_bands, more_places, smallest_change
from analysis.topics.gaps import Estimate, InArea, Situation
from analysis.topics.what_if import Option, Outcome, apply, in_whole_people, smallest_changes
from analysis.words import plural
from ui.cards.card import Facts
from ui.cards.table import Table
from ui.charts.bars.estimates import Bar, estimates_chart
from ui.format import interval_text, value_text
from ui.topics.gaps import asked
from ui.topics.gaps.what_if_reach import Choice, Reach
from ui.view.view import View

#: What a reader came for stands first: a phone shows three columns.
COLUMNS = ("Figure", "Now", "Then", "95% interval now", "95% interval then")
OF_SMALLEST = (
    "Places of",
    "To add",
    "More served a year",
    "Still without",
    "Each place serves",
    "95% interval",
)


def outcome(view: View, answers: Mapping[str, Answer], choice: Choice, reach: Reach) -> Facts:
    """Return the card of what follows from a choice; of an area every number of it is an estimate."""
    one = choice.situation
    found = in_whole_people(apply(one, choice.places))
    area = view.words("area", choice.area) if choice.area else ""
    scope = Scope() if choice.area else asked.scope_of_region(view, answers)
    name = asked.name_of(view, one.service_type, one.group)
    is_estimated = one.is_estimated
    assumed = [MODEL, *([ALLOCATED, ONLY_REGION] if is_estimated else []), *reach.notes]
    bars = [
        _bar("Go without now", found.unserved_before, is_quiet=True),
        _bar("Go without then", found.unserved_after),
    ]
    if choice.places > 0:
        bars.append(_bar("Served more", found.helped))
    kind = "Estimated people a year" if is_estimated else "People a year"
    places = f"{_whole(choice.places)} {plural('place', abs(choice.places))}"
    return Facts(
        more_places(one, found, area, scope, partial(asked.in_sentence, view)),
        _table(choice, found, reach),
        subtitle=" · ".join((kind, name, area or "Whole region", asked.when(view), places)),
        caption=" ".join(assumed),
        figure=estimates_chart(
            bars, unit=kind.lower(), kind="count", palette=view.palette, narrow=view.phone
        ),
        answers=asked.sources(answers),
        scope=scope,
    )


def counties(view: View, answers: Mapping[str, Answer], areas: Sequence[InArea], places: int) -> Facts | None:
    """Return the card of every area: who goes without now, and with the places added there."""
    finding = areas_without(areas, Scope(by_area=True), partial(asked.in_sentence, view))
    shown = [(one.area, one.situation) for one in areas if one.situation]
    if finding is None or not shown:
        return None
    name = asked.name_of(view, shown[0][1].service_type, shown[0][1].group)
    is_estimated = bool(finding.facts["is_estimated"])
    now = "Go without now, estimated" if is_estimated else "Go without now"
    rows = [
        (
            view.words("area", one.area),
            value_text(one.situation.unmet.value, "count") if one.situation else "not shown",
            _still(one.situation, places) if one.situation else "",
            _interval(one.situation.unmet) if one.situation else "",
        )
        for one in areas
    ]
    kind = "Estimated people a year who go without" if is_estimated else "People a year who go without"
    then = f"With {_whole(places)} {plural('place', abs(places))} there, estimated"
    return Facts(
        finding,
        Table(
            ("Area", now, then, "95% interval now"),
            (False, True, True, True),
            tuple(rows),
        ),
        subtitle=f"{kind} · {name} · by area · {asked.when(view)}",
        caption=ALLOCATED if is_estimated else "",
        figure=estimates_chart(
            [_bar(view.words("area", area), one.unmet) for area, one in shown],
            unit=kind.lower().removesuffix(" who go without"),
            kind="count",
            palette=view.palette,
            narrow=view.phone,
        ),
        answers=tuple(answers[f"{measure}/area"] for measure in ("service_needs", "needs_unmet")),
        scope=Scope(ignored=asked.scope_of_region(view, answers).ignored, by_area=True),
    )


def smallest(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    """Return the card of the fewest places that help all whom a place would help, in bands."""
    situations = asked.situations_of(view, answers)
    if not any(one.can_be_asked for one in situations):
        return None
    options = in_bands(smallest_changes(situations))
    scope = asked.scope_of_region(view, answers)
    label = partial(asked.in_sentence, view)
    bars = [_option_bar(view, option) for option in options]
    return Facts(
        smallest_change(options, scope, label),
        Table(OF_SMALLEST, (False, *(True,) * 5), tuple(_option_row(view, option) for option in options)),
        subtitle=f"More people served a year, for each place added · Whole region · {asked.when(view)}",
        caption="Fainter bars: clearly fewer people per place than the ones above.",
        figure=estimates_chart(
            bars, unit="people a year for each place", palette=view.palette, narrow=view.phone
        )
        if bars
        else None,
        answers=asked.sources(answers),
        scope=scope,
    )


def _table(choice: Choice, found: Outcome, reach: Reach) -> Table:
    """Return everything before and after, each with its interval where there is one."""
    one = choice.situation
    after = max(one.places + found.change, 0)
    about = ", estimated" if one.is_estimated else ""
    rows = [
        (f"Places{about}", _whole(one.places), _whole(after), "", ""),
        _line(f"People who go without, a year{about}", found.unserved_before, found.unserved_after),
        (f"More people served, a year{about}", "", _whole(found.helped.value), "", _interval(found.helped)),
        *([] if one.is_estimated else [_line("Wait, days", found.wait_span_before, found.wait_span_after)]),
        *reach.rows,
        ("Of the change: places used", "", _tenths(found.used), "", ""),
        ("Of the change: places idle", "", _tenths(found.idle), "", ""),
    ]
    return Table(COLUMNS, (False, True, True, True, True), tuple(rows))


def _line(name: str, before: Estimate | None, after: Estimate | None) -> tuple[str, str, str, str, str]:
    now, then = (_whole(one.value) if one else "not shown" for one in (before, after))
    return name, now, then, _interval(before), _interval(after)


def _option_bar(view: View, option: Option) -> Bar:
    one = option.per_place
    return Bar(_name(view, option), one.value, one.lower, one.upper, option.band > 0)


def _option_row(view: View, option: Option) -> tuple[str, ...]:
    return (
        _name(view, option),
        f"{option.places:,}",
        f"{_whole(option.helped.value)} ({_interval(option.helped)})",
        _whole(option.still.value),
        value_text(option.per_place.value, "ratio"),
        interval_text(option.per_place.lower, option.per_place.upper, "ratio"),
    )


def _still(one: Situation, places: int) -> str:
    return _whole(in_whole_people(apply(one, places)).unserved_after.value)


def _name(view: View, option: Option) -> str:
    return asked.name_of(view, option.situation.service_type, option.situation.group)


def _bar(label: str, one: Estimate, *, is_quiet: bool = False) -> Bar:
    return Bar(label, one.value, one.lower, one.upper, is_quiet)


def _interval(one: Estimate | None) -> str:
    if one is None:
        return ""
    joint = " to " if one.lower < 0 else "–"
    return f"{_whole(one.lower)}{joint}{_whole(one.upper)}"


def _whole(value: float) -> str:
    """Return a whole number with a true minus, and without a minus zero."""
    rounded = round(value)
    return f"−{abs(rounded):,}" if rounded < 0 else f"{rounded:,}"


def _tenths(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
