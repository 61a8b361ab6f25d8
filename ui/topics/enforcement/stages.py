"""Drawings of steps: how far investigations come, and what followed for the people met in operations."""

from collections.abc import Mapping, Sequence

from analysis import Answer
from analysis.findings.compare import only
from analysis.findings.finding import Finding
from analysis.findings.groups import gap, largest
from analysis.findings.sentences.phrases import figure
from analysis.findings.topics.enforcement import charges_unlinked, people_met, steps_reached
from analysis.words import interval_text, number_text
from ui.cards.card import Ask, Card, Choice, Figure, Shown
from ui.charts.flows.funnel import FunnelStep, funnel_chart, step_of
from ui.charts.flows.funnel_groups import funnel_groups
from ui.view import width

SPLIT = Choice(
    "compare",
    "Compare",
    {
        "": "All together",
        "form": "Form of exploitation",
        "investigation_origin": "Proactive and reactive",
        "investigating_agency": "Investigating agency",
    },
    style="select",
)
OPENED, TRAFFICKING = "opened", "trafficking"
#: Each step: its name, how many investigations reached it, and which share of them.
STEPS = {
    "arrest": ("Arrest or summons", "investigations_with_arrest", "arrest_share"),
    "charge": ("Charge filed", "investigations_with_charge", "charge_reached_share"),
    TRAFFICKING: (
        "Trafficking charge",
        "investigations_with_trafficking_charge",
        "trafficking_charge_reached_share",
    ),
    "conviction": (
        "Trafficking conviction",
        "investigations_with_conviction",
        "conviction_reached_share",
    ),
}
SHARES = {name: Ask(share, (SPLIT,)) for name, (_, _, share) in STEPS.items()}
COUNTS = {f"{name}_count": Ask(count) for name, (_, count, _) in STEPS.items()}
FOLLOWED = {
    "referred": Ask("people_met_referred"),
    "arrested": Ask("people_met_arrested"),
    "exploited": Ask("exploited_people_arrested"),
}
MET_NAMES = {
    "referred": "Referred to a service",
    "arrested": "Arrested",
    "exploited": "Arrested, and met as exploited",
}
_MOST_GROUPS = 3
_LEAST_FOR_COLUMNS = 640


CHARGE_KINDS = {"charge_kind": ("trafficking", "other_charge")}


def steps_finding(shown: Shown) -> Finding:
    """Return how far investigations have come; of groups, whether they reach a trafficking charge alike."""
    if shown.picked[SPLIT.name] and shown.has(TRAFFICKING):
        return gap(shown.answers[TRAFFICKING], shown.scope_of(TRAFFICKING))
    return steps_reached(shown.answer, shown.answers, shown.scope)


def steps_figure(shown: Shown) -> Figure | None:
    """Return the steps from opening to conviction, all together or a funnel a group."""
    split = shown.picked[SPLIT.name]
    if split:
        return _groups(shown, split)
    steps = [_step("Opened", shown.answer)]
    for name, (label, _, _) in STEPS.items():
        steps.append(_step(label, shown.answers.get(f"{name}_count"), shown.answers.get(name)))
    return funnel_chart(steps, palette=shown.view.palette, unit="investigations")


def largest_only(shown: Shown) -> list[str]:
    """Return that only the largest groups are drawn, where there are more."""
    split = shown.picked[SPLIT.name]
    drawn = len(largest(shown.answer, _MOST_GROUPS)) if split else 0
    is_part = bool(split) and drawn < shown.answer.frame.height
    return [f"The {drawn} largest groups are drawn; the table has all of them."] if is_part else []


def met_finding(shown: Shown) -> Finding:
    """Return how many people were met, referred and arrested."""
    return people_met(shown.answer, shown.answers, shown.scope)


def met_figure(shown: Shown) -> Figure:
    """Return people met and what followed: one unit, one scale."""
    steps = [_step("People met", shown.answer)]
    steps += [_step(label, shown.answers.get(name)) for name, label in MET_NAMES.items()]
    return funnel_chart(steps, palette=shown.view.palette, unit="people")


def _unlinked(shown: Shown) -> Finding:
    """Return how many charges name no investigation that is held."""
    return charges_unlinked(shown.answer, shown.scope)


def _step(label: str, count: Answer | None, share: Answer | None = None) -> FunnelStep:
    return step_of(label, only(count), count.measure, _part(share)) if count else FunnelStep(label, None)


def _part(share: Answer | None) -> str:
    value = only(share)
    if share is None or value is None:
        return ""
    words = number_text(share.measure, value.value) + interval_text(share.measure, value.lower, value.upper)
    return f"{words} of investigations"


def _groups(shown: Shown, split: str) -> Figure | None:
    groups = [
        (_name(shown, split, code), _group_steps(shown.answers, split, code))
        for code in largest(shown.answer, _MOST_GROUPS)
    ]
    if not groups:
        return None
    columns = None if width.inside_card("stages", 1_000) >= _LEAST_FOR_COLUMNS else 1
    return funnel_groups(groups, palette=shown.view.palette, unit="%", columns=columns)


def _name(shown: Shown, split: str, code: str) -> str:
    opened = only(shown.answer, **{split: code})
    name = shown.view.words(split, code).split(":")[0]
    return f"{name}, {figure(shown.answer.measure, opened)} opened" if opened else name


def _group_steps(answers: Mapping[str, Answer], split: str, code: str) -> Sequence[FunnelStep]:
    steps = []
    for name, (label, _, _) in STEPS.items():
        share = answers.get(name)
        value = only(share, **{split: code})
        steps.append(step_of(label, value, share.measure) if share else FunnelStep(label, None))
    return steps


STAGES = Card(
    "stages",
    "investigations_opened",
    (SPLIT,),
    chart=steps_figure,
    say=steps_finding,
    more={**SHARES, **COUNTS},
    in_table=tuple(STEPS),
    notes=largest_only,
    wide=True,
    title="From opening to conviction",
)
MET = Card(
    "met",
    "people_met",
    chart=met_figure,
    say=met_finding,
    more=FOLLOWED,
    in_table=tuple(FOLLOWED),
    notes=("One person can be both referred and arrested.",),
    wide=True,
)
WHICH = (
    Card("forms", "investigations_opened", ("form",), coloured=True),
    Card("agencies", "investigations_opened", ("investigating_agency",)),
)
LINKS = Card("links", "charges_filed", ("charge_link",), say=_unlinked)
CLEARANCES = ("Clearance by arrest and by exceptional means are different things and are not added up.",)
CLEARED = (
    Card("by_arrest", "cleared_by_arrest_share", ("period",), notes=CLEARANCES),
    Card("by_exception", "cleared_exceptionally_share", ("period",), notes=CLEARANCES),
)
