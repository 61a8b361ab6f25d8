"""What is agreed, overdue and owed: findings about registers of agreements, actions and laws, and duties."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from analysis.answers.answer import Answer
from analysis.catalog.model import NOT_RECORDED
from analysis.findings.basis import Basis, Pair
from analysis.findings.changes import change_of
from analysis.findings.compare import clearly, named, only, values_of
from analysis.findings.finding import Finding, Label, hidden
from analysis.findings.groups import apart_from_rest, leader, level
from analysis.findings.scope import Scope
from analysis.topics.agreements import Row, most_often
from analysis.topics.laws import Provision, by_country
from analysis.topics.network import Link, alone_in_kind, single_points

Day = datetime.date
SENDER, RECEIVER = "from_org_type", "to_org_type"
NO_ORGANISATION = ("other", "self_or_public")  # a sender who is no organisation carries no link alone


def actions_overdue(late: Sequence[Row], day: Day, label: Label) -> Finding:
    """Return how many actions are overdue on a day, the pillar of most of them, and the longest.

    Parameters
    ----------
    late
        As `overdue` returns them.
    day, label
        The day of looking; words for a code inside a sentence.
    """
    most = most_often(late, "pillar") if len(late) > 1 else None
    facts: dict[str, Any] = {
        "day": day,
        "overdue": len(late),
        "longest": late[0]["days_overdue"] if late else 0,
        "most": (most.code, most.found) if most and most.code != NOT_RECORDED else None,
    }
    return Finding("fact", topic="actions_overdue", facts=facts, label=label)


def agreements_ending(active: int, soon: int, sooner: int) -> Finding:
    """Return how many agreements are in force, and how many end within 12 and within 6 months."""
    return Finding(
        "fact", topic="agreements_ending", facts={"active": active, "soon": soon, "sooner": sooner}
    )


def agreements_lapsed(gone: Sequence[Row]) -> Finding:
    """Return how many agreements ended and were not renewed, and the oldest of them (the first row)."""
    oldest = (gone[0]["name"], gone[0]["end_date"]) if gone else None
    return Finding("fact", topic="agreements_lapsed", facts={"lapsed": len(gone), "oldest": oldest})


def after_the_end(answer: Answer, scope: Scope, ended: Day) -> Finding:
    """Return how referrals under an agreement changed from the year before its end to the year after.

    Parameters
    ----------
    answer, scope
        Referrals by year, from one kind of organisation to another.
    ended
        The last day of the agreement.
    """
    around = Pair((str(ended.year - 1),), (str(ended.year + 1),))
    found = change_of(answer, scope, Basis(None, around))
    facts = {"ended": ended, "link": {name: codes[0] for name, codes in answer.question.where}}
    return replace(found, topic="after_the_end", facts=facts)


def who_receives(links: Answer, receivers: Answer, scope: Scope, most_hidden: int) -> Finding:
    """Return which kind of organisation receives most referrals, and which depend on one kind of sender.

    Parameters
    ----------
    links, receivers
        Referrals of one year by sender and receiver, and by receiver.
    scope
        Of both.
    most_hidden
        The most that a number that is not shown can be.
    """
    ranked = sorted(named(values_of(receivers)), key=lambda one: -one.value)
    if not ranked:
        return hidden(receivers) if receivers.all_hidden else leader(receivers, scope)
    direction = clearly(ranked[0], ranked[1]).direction if len(ranked) > 1 else 1
    alone = [(one.sender, one.receiver) for one in single_points(links_of(links), most_hidden=most_hidden)]
    period = receivers.question.periods
    return Finding(
        "fact",
        receivers.measure,
        scope,
        tuple(ranked[:2]),
        about=RECEIVER,
        topic="who_receives",
        direction=direction,
        facts={"alone": alone, "year": period[0] if period else ""},
        label=links.in_sentence,
    )


def links_of(answer: Answer) -> list[Link]:
    """Return the links between organisations of an answer by sender and receiver, hidden ones too."""
    return [
        Link(row[SENDER], row[RECEIVER], row["value"])
        for row in answer.frame.iter_rows(named=True)
        if NOT_RECORDED not in (row[SENDER], row[RECEIVER]) and row[SENDER] not in NO_ORGANISATION
    ]


def organisations(kinds: Answer, every: Answer | None, scope: Scope) -> Finding:
    """Return how many organisations take part, and kinds of which there is only one.

    Parameters
    ----------
    kinds, every
        Organisations by kind and all together.
    scope
        Of both.
    """
    sizes = {one.codes["organisation_type"]: one.value for one in values_of(kinds) if one.value}
    total = only(every)
    if total is None or not sizes:
        return leader(kinds, scope)
    alone = [code for code in alone_in_kind(sizes) if code not in (NOT_RECORDED, "other")]
    facts = {"kinds": len(sizes), "alone": alone}
    return Finding(
        "fact",
        kinds.measure,
        scope,
        (total,),
        about="organisation_type",
        topic="organisations",
        facts=facts,
        label=kinds.in_sentence,
    )


def recommendations(every: Answer, scope: Scope) -> Finding:
    """Return how many recommendations have been enacted, from an answer without divisions."""
    found = level(every, scope)
    return replace(found, topic="recommendations") if found.kind == "level" else found


def reporting_below(answer: Answer, scope: Scope) -> Finding:
    """Return the kinds of organisation that clearly make fewer of the reports they owe than all others.

    Parameters
    ----------
    answer, scope
        The share of reports made, by ``organisation_type``.
    """
    found = apart_from_rest(answer, scope, -1)
    below = [one.codes for one in found.values]
    others = [one.value for one in named(values_of(answer)) if one.codes not in below]
    ends = (min(others), max(others)) if others else None
    return replace(found, topic="reporting_below", facts={**found.facts, "others": ends})


def laws_in_force(laws: Sequence[Provision]) -> Finding:
    """Return how many laws are in force, adopted and proposed."""
    counted = {
        status: sum(law.status == status for law in laws) for status in ("in_force", "adopted", "proposed")
    }
    return Finding("fact", topic="laws_in_force", facts=counted)


def laws_of_countries(laws: Sequence[Provision], label: Label) -> Finding:
    """Return how many laws are in force by country, where whose laws hold here cannot be told."""
    held: Mapping[str, int] = by_country(laws)
    return Finding("fact", topic="laws_of_countries", facts={"held": dict(held)}, label=label)
