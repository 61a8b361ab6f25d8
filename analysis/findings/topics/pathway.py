"""What is said about the pathway of referrals: how far they come, waits, hand-offs that fell away."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis.answers.answer import Answer
from analysis.findings.compare import Value, clearly, only, values_of
from analysis.findings.finding import Finding, Label, hidden
from analysis.findings.scope import Scope
from analysis.topics.pathway import Stopped

NAMED_STEPS = ("accepted", "first_service")
ENDED = ("declined", "withdrawn", "left_service")  # people in service or still waiting are no loss


def how_far(made: Answer, reached: Mapping[str, Answer], ends: Answer, scope: Scope) -> Finding:
    """Return how many referrals were made, accepted and served, and where most of the others ended.

    Parameters
    ----------
    made
        Referrals made, undivided.
    reached
        Codes of `analysis.topics.pathway.STEPS` to the referrals that got at least so far, undivided.
    ends
        Referrals by ``stage``. Where most ended is named only when clearly more ended there than elsewhere.
    scope
        Of all of them.
    """
    total = only(made)
    steps = {name: value for name in NAMED_STEPS if (value := only(reached.get(name))) is not None}
    if total is None or not steps:
        return hidden(made)
    stopped = sorted(
        (one for one in values_of(ends) if one.codes["stage"] in ENDED), key=lambda one: -one.value
    )
    facts = {
        "steps": steps,
        "ended": stopped[0].codes["stage"] if _leads(stopped) else "",
    }
    values = (total, *steps.values())
    return Finding("fact", made.measure, scope, values, topic="how_far", facts=facts, label=ends.in_sentence)


def waits(half: Answer | None, most: Answer | None, bands: Answer, scope: Scope) -> Finding:
    """Return within how many days half and nine in ten were reached.

    Parameters
    ----------
    half, most
        The median and the ninth decile, undivided; either may be missing.
    bands
        Referrals by the bands of the wait, which the card draws.
    scope
        Of all of them.
    """
    given = ((name, answer) for name, answer in (("half", half), ("most", most)) if answer is not None)
    known = {name: (answer.measure, value) for name, answer in given if (value := only(answer)) is not None}
    if not known:
        return (
            hidden(bands)
            if bands.all_hidden
            else Finding("fact", bands.measure, scope, topic="waits_unknown")
        )
    values = tuple(value for _, value in known.values())
    return Finding("fact", bands.measure, scope, values, topic="waits", facts={"waits": known})


def hand_offs(
    stopped: Sequence[Stopped], ended: frozenset[tuple[str, str]], label: Label, scope: Scope
) -> Finding:
    """Return which hand-off that was usual has become too small to show, and how many more did.

    Parameters
    ----------
    stopped
        From `analysis.topics.pathway.stopped_hand_offs`, the largest first.
    ended
        Senders and receivers whose agreement ended about then.
    label
        Words for codes inside a sentence.
    scope
        Of the referrals.
    """
    about = Finding("fact", scope=scope, topic="hand_offs", label=label)
    if not stopped:
        return replace(about, topic="no_hand_off")
    first = stopped[0]
    facts = {
        "first": first,
        "more": len(stopped) - 1,
        "agreement_ended": (first.sender, first.receiver) in ended,
    }
    return replace(about, facts=facts, values=(Value(first.before),), direction=-1)


def refused(answer: Answer) -> Finding:
    """Return that hand-offs cannot be looked for with these filters, and what to leave out."""
    message = answer.refusal.message if answer.refusal else ""
    facts = {"message": " ".join((message, *answer.notes))}
    return Finding("fact", answer.measure, topic="hand_offs_refused", facts=facts)


def _leads(values: Sequence[Value]) -> bool:
    """Return whether the first of some numbers is clearly above the next."""
    return bool(values) and (len(values) == 1 or clearly(values[0], values[1]).direction > 0)
