"""The pathway of referrals as a flow; on a phone, where its words would not fit, as steps."""

from collections.abc import Iterable
from itertools import pairwise

from analysis import Answer
from analysis.findings.compare import Value, only, values_of
from analysis.findings.finding import Finding
from analysis.findings.topics.pathway import how_far
from analysis.topics.pathway import STEPS, Flow, flows, is_recorded, lacks_services, step_share
from ui.cards.card import Ask, Card, Needs, Shown
from ui.charts.figure import Figure
from ui.charts.flows.funnel import FunnelStep, funnel_chart, step_of
from ui.charts.flows.pathway_flow import flow_chart
from ui.view.view import View

LABELS = {
    "made": "Referral made",
    "accepted": "Accepted",
    "first_contact": "First contact",
    "first_service": "First service",
    "stable_outcome": "Stable outcome",
    "from_report": "Began with a report",
    "from_no_report": "Without a report",
    "from_not_recorded": "Origin not recorded",
}
SMALLEST_BASE = 50  # as of every share
MADE = "referrals_made"
ANSWERS = {
    "made": Ask(MADE),
    "origin": Ask(MADE, ("origin",)),
    "decided": Ask(MADE, (), {"decision": ("accepted",)}),
    **{step: Ask(MADE, (), {"stage": codes}) for step, codes in STEPS.items()},
}
FLOW_NOTE = "Grey has left, or has not gone on yet."
UNDECIDED = "{:,.0f} are recorded as accepted; {:,.0f} more went on."
SERVICES = Needs("Who reached a service, how soon, and with what outcome", "service_episode")


def say(shown: Shown) -> Finding:
    """Return how far referrals came."""
    return how_far(shown.answers["made"], shown.answers, shown.answer, shown.scope)


def chart(shown: Shown) -> Figure | None:
    """Return the flow from the report to the outcome; its steps as bars on a phone."""
    made = only(shown.answers["made"])
    if made is None:
        return None
    if shown.view.phone:
        return funnel_chart(_steps(shown, made), palette=shown.view.palette, unit="referrals")
    ends = {one.codes["stage"]: one.value for one in values_of(shown.answer) if one.value}
    drawn = [*_origins(shown.answers["origin"]), *flows(ends)]
    if not drawn:
        return None
    labels = LABELS | {f"end_{code}": shown.view.words("stage", code) for code in ends}
    return flow_chart(drawn, labels, shown.view.palette, {"made": made.value}, _parts(shown))


def notes(shown: Shown) -> list[str]:
    """Return how the drawing is read, and why "accepted" here is more than the decisions recorded."""
    accepted, decided = only(shown.answers["accepted"]), only(shown.answers["decided"])
    lines = [] if shown.view.phone else [FLOW_NOTE]
    is_known = not any(one and one.is_part for one in (accepted, decided))
    if accepted and decided and is_known and accepted.value > decided.value:
        lines.append(UNDECIDED.format(decided.value, accepted.value - decided.value))
    return lines


def has_services(view: View) -> bool:
    """Return whether services are on record: many accepted referrals and none served means they are not."""
    [ends] = view.answer([view.question(MADE, ["stage"])], strict=False)
    return ends.refusal is not None or not lacks_services(ends.frame.iter_rows(named=True))


def _steps(shown: Shown, made: Value) -> list[FunnelStep]:
    values = {"made": made} | {step: only(shown.answers[step]) for step in STEPS}
    measure = shown.answer.measure
    steps = [step_of(LABELS["made"], made, measure)]
    for before, step in pairwise(values):
        value, base = values[step], values[before]
        is_known = value and base and base.value >= SMALLEST_BASE and not (value.is_part or base.is_part)
        share = step_share(value.value, base.value) if value and base and is_known else ""
        steps.append(step_of(LABELS[step], value, measure, f"{share} of the step before" if share else ""))
    return steps


def _parts(shown: Shown) -> frozenset[str]:
    """Return the places of the flow whose numbers leave out hidden ones."""
    named = {"made": shown.answers["made"], **{step: shown.answers[step] for step in STEPS}}
    found = {name for name, answer in named.items() if (value := only(answer)) and value.is_part}
    for prefix, answer in (("end_", shown.answer), ("from_", shown.answers["origin"])):
        [by] = answer.question.by
        found |= {f"{prefix}{one.codes[by]}" for one in values_of(answer) if one.is_part}
    return frozenset(found)


def _origins(answer: Answer) -> Iterable[Flow]:
    """Return what leads to the referrals, where it is known whether a report did."""
    if answer.refusal or not is_recorded(answer.frame.iter_rows(named=True), "origin", ["report"]):
        return []
    return [Flow(f"from_{one.codes['origin']}", "made", one.value) for one in values_of(answer) if one.value]


FLOW = Card(
    "flow", MADE, ("stage",), chart=chart, say=say, more=ANSWERS, notes=notes, wide=True, drawn=FLOW_NOTE
)
