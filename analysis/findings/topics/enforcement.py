"""How far investigations come, and what followed for the people met in operations: figures that belong in one
sentence, taken from several answers."""

from collections.abc import Mapping

from analysis.answers.answer import Answer
from analysis.findings.compare import only
from analysis.findings.finding import Finding, hidden
from analysis.findings.groups import leader, level
from analysis.findings.scope import Scope

#: Steps that the sentence names, of those that the chart draws.
NAMED_STEPS = ("arrest", "charge", "conviction")
UNLINKED = ("not_found", "no_reference")
FOLLOWED = ("referred", "arrested")


def steps_reached(opened: Answer, shares: Mapping[str, Answer], scope: Scope) -> Finding:
    """Return which shares of investigations have reached an arrest, a charge and a conviction.

    Parameters
    ----------
    opened
        Investigations opened, undivided.
    shares
        `NAMED_STEPS` to the share that has reached it, undivided.
    scope
        Of all of them.
    """
    return _of_a_whole("investigation_steps", opened, shares, NAMED_STEPS, scope)


def people_met(met: Answer, followed: Mapping[str, Answer], scope: Scope) -> Finding:
    """Return how many people were met in operations, and how many of them were referred and arrested.

    Parameters
    ----------
    met
        People met, undivided.
    followed
        `FOLLOWED` to the number of people for whom it followed, undivided.
    scope
        Of all of them.
    """
    return _of_a_whole("people_met", met, followed, FOLLOWED, scope)


def charges_unlinked(links: Answer, scope: Scope) -> Finding:
    """Return how many charges name an investigation that is not held, and how many name none.

    Parameters
    ----------
    links, scope
        Charges by ``charge_link``.
    """
    shown = {name: value for name in UNLINKED if (value := only(links, charge_link=name)) is not None}
    if not shown:
        return leader(links, scope)
    parts = {name: (links.measure, value) for name, value in shown.items()}
    return Finding(
        "fact",
        links.measure,
        scope,
        tuple(shown.values()),
        topic="charges_unlinked",
        facts={"parts": parts},
    )


def _of_a_whole(
    topic: str, whole: Answer, parts: Mapping[str, Answer], names: tuple[str, ...], scope: Scope
) -> Finding:
    total = only(whole)
    shown = {
        name: (answer.measure, value)
        for name in names
        if (answer := parts.get(name)) is not None and (value := only(answer)) is not None
    }
    if total is None:
        return hidden(whole)
    if not shown:
        return level(whole, scope)
    values = (total, *(value for _, value in shown.values()))
    return Finding("fact", whole.measure, scope, values, topic=topic, facts={"parts": shown})
