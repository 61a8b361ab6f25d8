"""What is said about needs that are not met, places, and more of them; people a year throughout.

One definition of a gap: the people a year who go without, which are the needs that were not met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.answers.answer import Answer
from analysis.findings.compare import NAMES_NOTHING, Value, choose, clearly, smallest_difference, values_of
from analysis.findings.finding import Finding, Label, hidden
from analysis.findings.groups import gap, spread
from analysis.findings.scope import Scope
from analysis.periods import label_of_range
from analysis.topics.gaps import FULL_AT, Estimate, InArea, Situation, exactly
from analysis.topics.what_if import LEAST_GAP, Option, Outcome

SERVICE, GROUP = "service_type", "eligibility"


@dataclass(frozen=True)
class Unmet:
    """One need: the people a year who go without, and the share of the need that they are."""

    people: Value
    share: Value | None


@dataclass(frozen=True)
class Use:
    """How full the places of a service are, and the verdicts about them: too few, or room for more."""

    situation: Situation
    occupancy: Estimate | None
    too_few: bool
    has_room: bool


def value_of(one: Estimate, situation: Situation | None = None) -> Value:
    """Return an estimate as a figure that can be compared; of a situation it carries the codes."""
    codes = {SERVICE: situation.service_type, GROUP: situation.group} if situation else {}
    return Value(one.value, one.lower, one.upper, codes)


def unmet_needs(unmet: Answer, shares: Answer | None, years: float) -> list[Unmet]:
    """Return the needs that can be shown, the largest first.

    Parameters
    ----------
    unmet
        Needs not met, by service type and group.
    shares
        The same as shares of each need.
    years
        Length of the period: numbers become people a year.
    """
    by_codes = {_key(one.codes): one for one in values_of(shares)} if shares is not None else {}
    found = [Unmet(a_year(one, years), by_codes.get(_key(one.codes))) for one in values_of(unmet)]
    return sorted(found, key=lambda one: -one.people.value)


def a_year(one: Value, years: float) -> Value:
    """Return a figure of a period as one of a year."""
    lower, upper = (None if limit is None else limit / years for limit in (one.lower, one.upper))
    return replace(one, value=one.value / years, lower=lower, upper=upper)


def largest_need(unmet: Answer, needs: Sequence[Unmet], years: float, scope: Scope) -> Finding:
    """Return the largest need that is not met (`direction` 1), or the two that cannot be told apart.

    Sums of only a part are never the largest: how large they are is not known.
    """
    known = [one for one in needs if not one.people.is_part and not _names_nothing(one.people)]
    if not known:
        return hidden(unmet)
    first, *others = known
    smallest = smallest_difference(unmet, first.people.cells) / years
    compared = [clearly(first.people, other.people, smallest) for other in others]
    is_clear = all(change.direction > 0 for change in compared)
    values = [first.people] if is_clear else [first.people, others[0].people]
    periods = unmet.question.periods
    facts = {"share": first.share, "when": label_of_range(*periods) if periods else ""}
    return _fact("largest_need", scope, values, unmet.in_sentence, facts, direction=int(is_clear))


def unmet_range(answer: Answer, scope: Scope) -> Finding:
    """Return the range over areas and services of what the grid shows; no area is ranked."""
    found = spread(answer, scope)
    return replace(found, topic="unmet_range") if found.kind == "range" else found


def uses_of(every: Sequence[Situation]) -> list[Use]:
    """Return for each service how full its places are, and whether there are clearly too few or room.

    Too few: people go without because nothing was available, free places filled, clearly more than
    protection alone can make. Room: clearly below the occupancy from which a service counts as full.
    """
    lacking = {id(one): clearly(value_of(one.wanting), value_of(exactly(0)), LEAST_GAP) for one in every}
    chosen = {id(change) for change in choose(list(lacking.values()))}
    found = []
    for one in every:
        if one.service_type in NAMES_NOTHING:
            continue
        too_few = one.can_be_asked and id(lacking[id(one)]) in chosen
        full = value_of(exactly(FULL_AT * one.places))
        has_room = not too_few and clearly(value_of(one.in_use), full).direction < 0
        occupancy = one.in_use.over(one.places) if one.places > 0 else None
        found.append(Use(one, occupancy, too_few, has_room))
    return found


def too_few_places(uses: Sequence[Use], scope: Scope, label: Label) -> Finding:
    """Return the services with too few places, those most go without first, and how many have room."""
    short = sorted((one.situation for one in uses if one.too_few), key=lambda one: -one.wanting.value)
    values = [value_of(one.wanting, one) for one in short]
    facts = {"room": sum(one.has_room for one in uses), "total": len(uses)}
    return _fact("too_few_places", scope, values, label, facts, direction=int(bool(values)))


def in_bands(options: Sequence[Option]) -> list[Option]:
    """Return changes in bands, the most people served per place first; inside a band the order stays."""
    left, ordered, band = list(options), list[Option](), 0
    while left:
        leader = max(left, key=lambda option: option.per_place.value)
        alike = [
            option
            for option in left
            if option is leader
            or clearly(value_of(leader.per_place), value_of(option.per_place)).direction == 0
        ]
        ordered += [replace(option, band=band) for option in alike]
        left = [option for option in left if not any(option is one for one in alike)]
        band += 1
    return ordered


def smallest_change(banded: Sequence[Option], scope: Scope, label: Label) -> Finding:
    """Return what the change that serves most would bring, and whether another serves more per place.

    `direction`: 1 where it serves clearly more per place than any other, −1 where others serve clearly more.
    """
    if not banded:
        return _fact("no_change_helps", scope, (), label, {"least": LEAST_GAP})
    largest = max(banded, key=lambda option: option.helped.value)
    first = [option for option in banded if option.band == 0]
    direction = 0 if largest in first else -1
    if first == [largest] and len(banded) > 1:
        direction = 1
    more = [value_of(one.per_place, one.situation).codes for one in first] if direction < 0 else []
    values = [value_of(one, largest.situation) for one in (largest.helped, largest.still)]
    facts = {"places": largest.places, "more": more}
    return _fact("smallest_change", scope, values, label, facts, direction=direction)


def more_places(one: Situation, outcome: Outcome, area: str, scope: Scope, label: Label) -> Finding:
    """Return what adding places (or taking some away) would bring.

    Parameters
    ----------
    one, outcome
        The situation, and what follows.
    area
        Name of the area it was scaled to; empty for the whole region.
    """
    values = [value_of(each, one) for each in (outcome.helped, outcome.unserved_after)]
    facts = {
        "places": outcome.change,
        "area": area,
        "is_estimated": one.is_estimated,
        "other_reasons": outcome.idle > 0,
    }
    return _fact("more_places", scope, values, label, facts)


def areas_without(areas: Sequence[InArea], scope: Scope, label: Label) -> Finding | None:
    """Return the range over areas of the people a year who go without; None where no area has a number."""
    shown = [one for one in areas if one.situation]
    if not shown:
        return None
    people = [value_of(one.situation.unmet, one.situation) for one in shown if one.situation]
    ends = [pick(people, key=lambda one: one.value) for pick in (min, max)]
    facts = {
        "is_estimated": not all(one.is_published for one in shown),
        "shown": len(shown),
        "total": len(areas),
    }
    return _fact("areas_without", scope, ends, label, facts)


def longest_wait(waits: Sequence[Value], everywhere: Value | None, scope: Scope, label: Label) -> Finding:
    """Return the longest wait (`direction` 1), or the two that cannot be told apart; and that of all.

    Parameters
    ----------
    waits
        At least one, in days, of services and groups.
    everywhere
        Over all services together.
    """
    ordered = sorted(waits, key=lambda one: -one.value)
    is_clear = all(clearly(ordered[0], other).direction > 0 for other in ordered[1:])
    values = ordered[:1] if is_clear else ordered[:2]
    return _fact("longest_wait", scope, values, label, {"everywhere": everywhere}, direction=int(is_clear))


def reached_by_nobody(answer: Answer, scope: Scope) -> Finding:
    """Return for which services some area reaches none: a fact about the map, not about the area."""
    values = values_of(answer)
    none = list(dict.fromkeys(one.codes[SERVICE] for one in values if one.value == 0))
    if not none:
        return spread(answer, scope)
    found = _fact("reached_by_nobody", scope, [one for one in values if one.value == 0], answer.in_sentence)
    return replace(found, measure=answer.measure, facts={"services": none, "by": answer.question.by})


def within_reach(answer: Answer, scope: Scope) -> Finding:
    """Return the services that most and fewest residents can reach; modelled, so without limits."""
    found = gap(answer, scope)
    return replace(found, topic="within_reach") if found.kind == "gap" else found


def services_listed(rows: Sequence[Mapping[str, object]], matches: int | None) -> Finding:
    """Return how many services the directory lists and what it lacks; or how many a search found."""
    facts = {
        "total": len(rows),
        "matches": matches,
        "no_organisation": sum(not row["has_organisation"] for row in rows),
        "no_place": sum(not row["has_place"] for row in rows),
    }
    return Finding("fact", topic="services_listed", facts=facts)


def _fact(
    topic: str,
    scope: Scope,
    values: Sequence[Value],
    label: Label,
    facts: Mapping[str, object] | None = None,
    *,
    direction: int = 0,
) -> Finding:
    return Finding(
        "fact",
        scope=scope,
        values=tuple(values),
        topic=topic,
        facts=facts or {},
        label=label,
        direction=direction,
    )


def _key(codes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(codes.values())


def _names_nothing(one: Value) -> bool:
    return any(code in NAMES_NOTHING for code in one.codes.values())
