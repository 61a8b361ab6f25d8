"""Cards about training: test scores before and after, and a role beside the people whom it identified."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis import Answer
from analysis import periods as period_words
from analysis.catalog.model import lower_first
from analysis.findings.changes import change_of
from analysis.findings.compare import named, only, values_of
from analysis.findings.finding import Finding
from analysis.findings.scope import scope_of
from analysis.findings.sentences.topics.prevention import points
from analysis.findings.topics.prevention import passed_after_training, score_change, scores_after_training
from analysis.topics import training
from analysis.words import interval_text, number_text
from ui.cards.card import Ask, Card, Choice, FactCard, Facts, Needs, Shown
from ui.cards.special_card import scope_of_register
from ui.cards.table import Table
from ui.charts.bars.before_after import Pair, before_after_chart
from ui.view.view import View

REGISTER = "knowledge"
#: Roles of training that are also a kind of identifier, under the same code.
_ROLES = ("police", "health", "child_services", "labour_inspection", "ngo")
_METHODS = {
    training.MATCHED: "people's own changes",
    training.UNMATCHED: "two groups with unequal spreads",
    training.TRAININGS: "whole sessions, as people in one room learn alike",
}
_FEW = "Only sessions with at least five tests before and after, and ten people a role and year."


def _roles(view: View) -> dict[str, str]:
    return {role: view.words("audience_role", role) for role in _ROLES}


ROLE = Choice("role", "Role", _roles, style="select")


def _of_role(shown: Shown) -> Finding:
    """Return the change of one role, named in the sentence."""
    [name] = shown.card.where
    found = change_of(shown.answer, shown.scope)
    return replace(found, facts={**found.facts, "group": ((name, shown.picked[ROLE.name]),)})


def _side_by_side(shown: Shown) -> list[str]:
    return [shown.view.catalog.caveats["side_by_side"].text]


_TRAINED = Card(
    "role_trained", "people_trained", ("period",), {"audience_role": ROLE}, say=_of_role, notes=_side_by_side
)
_IDENTIFIED = Card("role_identified", "detected_persons", ("period",), {"identified_by": ROLE}, say=_of_role)


BESIDE = (_TRAINED, _IDENTIFIED)


def _knowledge(view: View, _answers: Mapping[str, Answer]) -> Facts | None:
    register = view.release.register(REGISTER) if view.release else None
    if register is None or register.is_empty():
        return None
    ends = view.filters.periods
    years = period_words.years_of(ends) if ends else None
    found = training.gains(register, years, view.filters.areas)
    if not found:
        return None
    found.sort(key=lambda one: -one.change)
    pairs = [
        Pair(view.words("audience_role", one.role), one.before, one.after, points(score_change(one)))
        for one in found
    ]
    span = years or (str(register["year"].min()), str(register["year"].max()))
    scope = scope_of_register(view, "area")
    return Facts(
        scores_after_training(found, scope, lambda name, code: lower_first(view.words(name, code))),
        _scores(pairs, found),
        f"Average test scores before and after training, points of 100 · {view.sentence().split(' · ')[0]} · "
        f"{period_words.label_of_range(*span)}",
        caption=_method(view, found),
        figure=before_after_chart(pairs, unit="points of 100", palette=view.palette, narrow=view.phone),
        scope=scope,
    )


def _passed(view: View, answers: Mapping[str, Answer]) -> Facts | None:
    before, after = answers.get("before"), answers.get("after")
    if before is None or after is None or before.refusal or after.refusal:
        return None
    scope = scope_of(after, view.filters)
    pairs, rows = [], []
    for one in sorted(named(values_of(after)), key=lambda value: -value.value):
        role = one.codes["audience_role"]
        earlier = only(before, audience_role=role)
        if earlier is None:
            continue
        first, last = (number_text(after.measure, value.value) for value in (earlier, one))
        limits = interval_text(after.measure, one.lower, one.upper)
        label = view.words("audience_role", role)
        pairs.append(Pair(label, earlier.value, one.value, f"{last}{limits} after"))
        rows.append((label, first, f"{last}{limits}"))
    if not pairs:
        return None
    return Facts(
        passed_after_training(before, after, scope),
        Table(("Role", "Passed before", "Passed after, 95% interval"), (False, True, True), tuple(rows)),
        f"Passed the test before and after training (% of tests) · {view.described_question(after.question)}",
        figure=before_after_chart(pairs, unit="% of tests", palette=view.palette, narrow=view.phone),
        answers=(before, after),
        scope=scope,
    )


TRAINED_SHARE = Card(
    "trained_share",
    "trained_share",
    ("audience_role",),
    settled=True,
    needs=Needs("The share of people in post who were trained", "workforce"),
)
KNOWLEDGE = FactCard("knowledge", _knowledge, wide=False)
PASSED = FactCard(
    "passed",
    _passed,
    {
        "before": Ask("passed_before_share", ("audience_role",)),
        "after": Ask("passed_after_share", ("audience_role",)),
    },
    wide=False,
    measure="passed_after_share",
)


def _scores(pairs: Sequence[Pair], found: Sequence[training.Gain]) -> Table:
    columns = ("Role", "Average before", "Average after", "Change, 95% interval", "People tested", "Sessions")
    rows = tuple(
        (
            pair.label,
            f"{pair.before:.1f}",
            f"{pair.after:.1f}",
            pair.change,
            f"{one.people:,}",
            f"{one.trainings:,}",
        )
        for pair, one in zip(pairs, found, strict=True)
    )
    return Table(columns, (False, True, True, False, True, True), rows)


def _method(view: View, found: Sequence[training.Gain]) -> str:
    used = dict.fromkeys(_METHODS[one.method] for one in found if one.method)
    wider = f"The wider of two 95% intervals: {'; '.join(used)}." if used else ""
    return " ".join(filter(None, (_FEW, wider, view.catalog.caveats["tests_not_practice"].text)))
