"""What the Referral pathway page draws: how far referrals come, where they end, hand-offs that stopped."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from analysis import Answer, Question
from analysis import periods as period_words
from analysis.catalog.model import lower_first
from analysis.findings.differences import widest_gap
from analysis.questions.filters import the
from analysis.topics.pathway import (
    STEPS,
    Flow,
    Stopped,
    flows,
    is_recorded,
    lacks_services,
    largest_drop,
    step_share,
    stopped_hand_offs,
)
from ui.app import states
from ui.app.view import View
from ui.cards import figure_card as cards
from ui.cards import layout
from ui.charts.figure import Figure
from ui.charts.flows.funnel import FunnelStep, funnel_chart
from ui.charts.flows.pathway_flow import flow_chart
from ui.topics.reporting import respond_cards, respond_words
from ui.topics.reporting.respond_cards import Answers

STEP_LABELS = {
    "made": "Referral made",
    "accepted": "Accepted",
    "first_contact": "First contact",
    "first_service": "First service",
    "stable_outcome": "Stable outcome",
}
ORIGINS = {
    "report": "Began with a report",
    "no_report": "Without a report",
    "not_recorded": "Origin not recorded",
}
COMPARED = (
    "acceptance_share",
    "contact_within_48h_share",
    "first_service_share",
    "stable_outcome_share",
    "decision_wait_median",
    "service_wait_median",
)
SMALLEST_BASE = 50  # as of every share
USUAL_TIMES = 3  # a hand-off counts as usual from this many times the smallest number shown
FLOW_NOTE = "Bands are as wide as the numbers that can be shown; grey has left, or has not gone on yet."
STEPS_NOTE = (
    "Bars count every referral of the step before. The headline counts only referrals that were decided, and "
    "services that ended."
)
NOT_A_CAUSE = "Groups differ in more than this: a difference is not its effect."
#: What a dimension takes from another table, and the table's name.
NEEDS = {
    "to_org_type": ("Referrals by the kind of organisation that receives them", "organisation"),
    "agreement": ("Referrals with and without an agreement", "partnership"),
    "area_kind": ("Referrals from urban and rural areas", "area"),
}
SERVICE_MEASURES = ("first_service_share", "stable_outcome_share", "service_wait_median")
NO_SERVICES = ("Who reached a service, how soon, and with what outcome", "service_episode")


def draw_pathway(view: View) -> bool:
    """Draw the flow, the steps, and why referrals were declined; return whether services are on record."""
    asked = _ask(view)
    _draw_flow(view, asked)
    respond_cards.side_by_side(lambda: _draw_steps(view, asked), lambda: _draw_reasons(view, asked))
    served = has_services(asked["ends"])
    if not served:
        respond_cards.missing(*NO_SERVICES)
    return served


def has_services(ends: Answer) -> bool:
    """Return whether services are on record: many accepted referrals and none served means they are not."""
    return not respond_cards.is_told(ends) or not lacks_services(ends.frame.iter_rows(named=True))


def _ask(view: View) -> dict[str, Answer]:
    reasons = view.catalog.dimensions["decline_reason"].codes
    declined = {"decline_reason": [code for code in reasons if code != "not_declined"]}
    made = partial(view.question, "referrals_made")
    questions: dict[str, Question] = {
        "made": made(),
        "ends": made(["stage"]),
        "origin": made(["origin"]),
        "reasons": made(["decline_reason"], where=declined),
        "declined": made(where={"decision": ["declined"]}),
        "acceptance": view.question("acceptance_share"),
        "service": view.question("first_service_share"),
        "stable": view.question("stable_outcome_share"),
    } | {step: made(where={"stage": codes}) for step, codes in STEPS.items()}
    return dict(zip(questions, view.answer(list(questions.values()), strict=False), strict=True))


def _reached(asked: Answers) -> dict[str, dict[str, Any]]:
    found = {step: respond_words.whole(asked[step]) for step in STEPS}
    return {step: row for step, row in found.items() if row is not None}


def _draw_flow(view: View, asked: Answers) -> None:
    ends, made = asked["ends"], respond_words.whole(asked["made"])
    if ends.refusal or made is None:
        respond_cards.card(view, "flow", ends if ends.refusal else asked["made"], respond_cards.bars(view))
        return
    shown = {row["stage"]: row["value"] for row in ends.frame.iter_rows(named=True) if row["value"]}
    found = [*_origins(asked["origin"]), *flows(shown)]
    labels = {**STEP_LABELS, **{f"from_{code}": words for code, words in ORIGINS.items()}}
    labels |= {f"end_{code}": view.words("stage", code) for code in shown}
    reached = _reached(asked)
    values = {step: row["value"] for step, row in reached.items()}
    headline = respond_words.pathway(
        made, reached, asked["made"].measure, _when(asked["made"]), largest_drop(made["value"], values)
    )
    cards.figure_card(
        view,
        "flow",
        ends,
        _flow_figure(view, ends, found, labels, made["value"]),
        headline,
        alt=headline,
        notes=[] if view.phone else [FLOW_NOTE],
        coarser=respond_cards.COARSER,
    )


def _flow_figure(
    view: View, ends: Answer, found: list[Flow], labels: dict[str, str], made: float | None
) -> Figure | None:
    """Return the flow; on a phone, where its words would not fit, where referrals ended as bars."""
    if not found:
        return None
    return (
        respond_cards.bars(view)(ends)
        if view.phone
        else flow_chart(found, labels, view.palette, numbers={"made": made} if made else {})
    )


def _origins(answer: Answer) -> Iterable[Flow]:
    """Return what leads to the referrals, where it is known whether a report did."""
    if answer.refusal or not is_recorded(answer.frame.iter_rows(named=True), "origin", ["report"]):
        return []
    return [
        Flow(f"from_{row['origin']}", "made", row["value"])
        for row in answer.frame.iter_rows(named=True)
        if row["value"]
    ]


def _draw_steps(view: View, asked: Answers) -> None:
    made, reached = respond_words.whole(asked["made"]), _reached(asked)
    if made is None or not reached:
        respond_cards.card(view, "steps", asked["accepted"], respond_cards.bars(view))
        return
    steps = [_step("made", made, None)]
    for step, before in zip(STEPS, ("made", *STEPS), strict=False):
        steps.append(_step(step, reached[step], made if before == "made" else reached[before]))
    answers = [asked["made"], *(asked[step] for step in STEPS)]
    headline = respond_words.steps(
        [
            (asked["acceptance"], "of decided referrals were accepted"),
            (asked["service"], "of accepted ones led to a first service"),
            (asked["stable"], "of services that ended brought a stable outcome"),
        ]
    )
    figure = funnel_chart(steps, palette=view.palette, unit="referrals")
    cards.figure_card(
        view, "steps", answers, figure, headline, notes=[STEPS_NOTE], coarser=respond_cards.COARSER
    )


def _step(step: str, row: dict[str, Any], before: dict[str, Any] | None) -> FunnelStep:
    note = ""
    if before and row["value"] is not None and (before["value"] or 0) >= SMALLEST_BASE:
        note = f"{step_share(row['value'], before['value'])} of the step before"
    return FunnelStep(STEP_LABELS[step], row["value"], row["lower"], row["upper"], note)


def _draw_reasons(view: View, asked: Answers) -> None:
    answer, declined = asked["reasons"], respond_words.whole(asked["declined"])
    said = "" if answer.refusal else respond_words.reasons(answer, declined, view.words)
    respond_cards.card(view, "reasons", answer, respond_cards.bars(view), said)


def steps_to_compare(view: View, *, has_services: bool = True) -> dict[str, str]:
    """Return the measures to compare groups by, codes to words; of services only where there are any."""
    codes = [code for code in COMPARED if has_services or code not in SERVICE_MEASURES]
    return {code: view.measure(code).label for code in codes}


def draw_compared(view: View, by: str, step: str) -> None:
    """Draw one step by the groups chosen, in all and over the years."""
    codes = [code for code in view.catalog.dimensions[by].codes if code != "not_recorded"]
    where = {by: codes}
    asked = [
        view.question(step, [by], where=where),
        view.question(step, ["period", by], where=where),
        view.question("referrals_made", [by]),
        view.question("referrals_made", ["stage"]),
    ]
    answer, years, groups, ends = view.answer(asked, strict=False)
    if step in SERVICE_MEASURES and not has_services(ends):
        respond_cards.missing(*NO_SERVICES)
        return
    if by in NEEDS and _only_unknown(groups, by):
        respond_cards.missing(*NEEDS[by])
        return
    gap = None if answer.refusal else widest_gap([answer], by)
    nothing = f"No clear difference by {lower_first(view.header(by))} in {the(view.measure(step).label)}."
    said = respond_words.gap(gap, by, view.words, nothing)
    respond_cards.side_by_side(
        lambda: respond_cards.card(
            view, "compared", answer, respond_cards.bars(view), said, notes=[NOT_A_CAUSE]
        ),
        lambda: respond_cards.card(
            view,
            "compared_years",
            years,
            respond_cards.lines(view),
            "" if years.refusal else respond_words.groups_over_the_years(years, by, view.words),
        ),
    )


def _only_unknown(groups: Answer, by: str) -> bool:
    """Return whether nothing but "not recorded" is known of a dimension, although there are referrals."""
    if not respond_cards.is_told(groups):
        return False
    codes = [code for code in groups.frame[by].unique() if code != "not_recorded"]
    return not is_recorded(groups.frame.iter_rows(named=True), by, codes)


def draw_hand_offs(view: View) -> None:
    """Draw the hand-offs that were usual and stopped, over all years."""
    made = partial(view.question, "referrals_made", periods=None)
    pairs, senders = view.answer(
        [made(["period", "from_org_type", "to_organisation"]), made(["period", "from_org_type"])],
        strict=False,
    )
    if pairs.refusal or senders.refusal:
        refused = pairs if pairs.refusal else senders
        respond_cards.card(view, "hand_offs", refused, respond_cards.lines(view))
        return
    names = view.release.listed("receiver") if view.release else {}
    if not set(names) - {"unlisted", "not_recorded"}:
        respond_cards.missing(
            "Hand-offs that stopped, by the organisation that received them", "organisation"
        )
        return
    usual = USUAL_TIMES * max(view.release.threshold if view.release else 0, 10)
    found = stopped_hand_offs(
        pairs.frame.iter_rows(named=True), senders.frame.iter_rows(named=True), usual=usual
    )
    headline = respond_words.stopped(found, view.words, _ended(view, found))
    rule = (
        f"Looked for: at least {usual} a year before, not shown in the newest two complete years or more, "
        "while the organisations that refer went on referring."
    )
    if not found:
        layout.note(headline, rule)
        return
    first = found[0]
    where = {"from_org_type": [first.sender], "to_organisation": [first.receiver]}
    [line] = view.answer([made(["period"], where=where)], strict=False)
    others = [_said(view, one) for one in found[1:]]
    cards.figure_card(
        view,
        "hand_offs",
        line,
        respond_cards.lines(view)(line),
        headline,
        notes=[rule],
        below=f"<ul>{''.join(f'<li>{states.escape(one)}</li>' for one in others)}</ul>" if others else "",
    )


def _said(view: View, one: Stopped) -> str:
    sender, receiver = view.words("from_org_type", one.sender), view.words("to_organisation", one.receiver)
    return f"{sender} to {receiver}: stopped in {one.stopped_in}, about {one.before:,.0f} a year before."


def _ended(view: View, found: Iterable[Stopped]) -> dict[tuple[str, str], str]:
    """Return, in words, which of the hand-offs stopped when an agreement between the two ended."""
    rows = view.release.register("agreement") if view.release else None
    if rows is None or rows.is_empty():
        return {}
    said = {}
    for one in found:
        name = view.words("to_organisation", one.receiver)
        for row in rows.iter_rows(named=True):
            ends = row["end_date"]
            same = row["from_org_type"] == one.sender and row["to_name"] == name
            if same and ends and str(ends.year) in (one.stopped_in, one.last_shown):
                said[one.sender, one.receiver] = ", when an agreement ended"
    return said


def _when(answer: Answer) -> str:
    ends = answer.question.periods
    return f" in {period_words.label_of_range(*ends)}" if ends else ""
