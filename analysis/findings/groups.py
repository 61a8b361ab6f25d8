"""What the groups of one dimension, or the areas, of an answer say: leaders, gaps, ranges, bins."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

from analysis import periods
from analysis.answers.answer import Answer
from analysis.catalog.model import Measure
from analysis.findings.changes import change_of, group_changes
from analysis.findings.compare import Change, Value, choose, clearly, named, together, values_of
from analysis.findings.finding import Finding, hidden
from analysis.findings.scope import Scope


def standard(answer: Answer, scope: Scope) -> Finding:
    """Return the finding of an answer as its divisions suggest: what a card says unless it names another.

    Parameters
    ----------
    answer, scope
        By anything.
    """
    if answer.refusal or answer.all_hidden:
        return hidden(answer, scope)
    return _maker(answer)(answer, scope)


def _maker(answer: Answer) -> Callable[[Answer, Scope], Finding]:
    by = answer.question.by
    others = [name for name in by if name not in ("period", "area")]
    is_bins = len(others) == 1 and _is_ordered(answer, others[0])
    makers = (
        (not by, level),
        (by == ("period",), change_of),
        ("area" in by, spread),  # areas are not ranked
        ("period" in by and len(others) == 1 and answer.frame["period"].n_unique() > 1, group_changes),
        (has_own_value(answer.measure), gap),
        (is_bins, within),
    )
    return next((maker for fits, maker in makers if fits), leader)


def level(answer: Answer, scope: Scope) -> Finding:
    """Return the one figure of an answer without divisions."""
    values = values_of(answer)
    return _made(answer, scope, "level", values[:1]) if values else hidden(answer, scope)


def leader(answer: Answer, scope: Scope) -> Finding:
    """Return the largest group, the next, and whether the two are clearly different (`direction` 1)."""
    values = sorted(of_newest(named(values_of(answer))), key=lambda one: -one.value)
    if not values:
        return hidden(answer, scope) if answer.all_hidden else _made(answer, scope, "nothing_clear", ())
    direction = clearly(values[0], values[1]).direction if len(values) > 1 else 1
    return _made(answer, scope, "leader", values[:2], direction)


def gap(answer: Answer, scope: Scope) -> Finding:
    """Return the widest gap between two groups that have figures of their own, highest first.

    Of all pairs those count that pass false-discovery control: with many pairs one differs by chance alone.
    """
    values = of_newest(named(values_of(answer)))
    if len(values) < 2:
        return _made(answer, scope, "level", values) if values else hidden(answer, scope)
    pairs = [clearly(other, first) for first, other in combinations(values, 2)]
    clear = choose(pairs)
    if not clear:
        return _made(answer, scope, "gap", _ends(values), 0)
    widest = max(clear, key=lambda pair: abs(pair.difference))
    high, low = _high_low(widest)
    return _made(answer, scope, "gap", (high, low), 1)


def apart_from_rest(answer: Answer, scope: Scope, direction: int) -> Finding:
    """Return the groups clearly above (`direction` 1) or below (−1) all other groups together.

    Parameters
    ----------
    answer
        Shares, rates or medians by one dimension or area, with bases.
    """
    values = named(values_of(answer))
    changes: list[Change] = []
    of: list[Value] = []
    for one in values:
        rest = together([other for other in values if other is not one])
        if rest is not None:
            changes.append(clearly(one, rest))
            of.append(one)
    chosen = [change for change in choose(changes) if change.direction == direction]
    kept = [one for one, change in zip(of, changes, strict=True) if any(change is same for same in chosen)]
    kept.sort(key=lambda one: -direction * one.value)
    facts = {"looked_at": len(changes), "rest": [change.earlier for change in chosen]}
    return _made(answer, scope, "apart", kept, direction if kept else 0, facts=facts)


def spread(answer: Answer, scope: Scope) -> Finding:
    """Return the range over areas (or any groups), lowest first, and how many of how many are shown."""
    values = of_newest(values_of(answer))
    if not values:
        return hidden(answer, scope)
    every = answer.frame.select([name for name in answer.question.by if name != "period"]).unique()
    facts = {"shown": len(values), "total": every.height}
    return _made(answer, scope, "range", tuple(reversed(_ends(values))), facts=facts)


def within(answer: Answer, scope: Scope) -> Finding:
    """Return up to which of some ordered groups half, and nine in ten, lie.

    Ordered bins of unequal width are no categories: the largest bin says how wide it is. `facts` hold the
    codes ``half`` and ``most`` (None where the groups that are shown do not reach so far).
    """
    values = of_newest(named(values_of(answer)))
    total = sum(one.value for one in values)
    frame = answer.frame
    if values and "period" in values[0].codes:
        frame = frame.filter(frame["period"] == values[0].codes["period"])
    hidden_inside = frame["value"].null_count()
    least = answer.checked.catalog.protection.base_median if answer.checked else 0
    if total < least or hidden_inside > len(values):
        return leader(answer, scope)
    [name] = (one for one in answer.question.by if one != "period")
    reached, ends = 0.0, {}
    for one in values:
        reached += one.value
        for key, share in (("half", 0.5), ("most", 0.9)):
            if key not in ends and reached >= share * total:
                ends[key] = one.codes[name]
    last = values[-1].codes[name]
    facts: dict[str, Any] = {key: code if code != last else None for key, code in ends.items()}
    dimension = answer.checked.catalog.dimensions.get(name) if answer.checked else None
    facts["reach"] = (dimension.reach if dimension else "") or "up to {}"
    return _made(answer, scope, "within", values[-1:], facts=facts)


def largest(answer: Answer, most: int) -> tuple[str, ...]:
    """Return the codes of the largest groups of an answer by one dimension, in its order."""
    [name] = answer.question.by
    values = named(values_of(answer))
    kept = sorted(values, key=lambda one: -one.value)[:most]
    return tuple(one.codes[name] for one in values if one in kept)


def of_newest(values: Sequence[Value]) -> list[Value]:
    """Return the figures of the newest period among some; all where they are of no single periods.

    Groups are compared with each other at one time: the largest of another year is not the largest.
    """
    codes = {one.codes["period"] for one in values if "period" in one.codes}
    newest = max(codes, key=periods.by_end, default="")
    return [one for one in values if one.codes.get("period", "") == newest]


def has_own_value(measure: Measure) -> bool:
    """Return whether each category has a figure of its own, rather than being a part of the whole."""
    if measure.kind in ("rate", "ratio", "quantile"):
        return True
    return measure.kind == "share" and not (measure.share_of or measure.per_field)


def _is_ordered(answer: Answer, name: str) -> bool:
    checked = answer.checked
    dimension = checked.catalog.dimensions.get(name) if checked else None
    return bool(dimension and dimension.ordered) and answer.measure.kind in ("count", "share", "published")


def _made(
    answer: Answer,
    scope: Scope,
    kind: str,
    values: Sequence[Value],
    direction: int = 0,
    *,
    facts: Mapping[str, Any] | None = None,
) -> Finding:
    names = [name for name in answer.question.by if name != "period"]
    return Finding(
        kind,
        answer.measure,
        scope,
        tuple(values),
        about=names[0] if names else "",
        direction=direction,
        facts={"by": tuple(names), **(facts or {})},
        label=answer.in_sentence,
        threshold=answer.checked.release.threshold if answer.checked else 0,
    )


def _ends(values: Sequence[Value]) -> tuple[Value, Value]:
    return max(values, key=lambda one: one.value), min(values, key=lambda one: one.value)


def _high_low(change: Change) -> tuple[Value, Value]:
    pair = (change.later, change.earlier)
    return pair if change.direction > 0 else (pair[1], pair[0])
