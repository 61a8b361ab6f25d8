"""Public money ahead, from the register of awards: what ends without a renewal, who pays, what it meets."""

import datetime
from collections.abc import Sequence

from analysis.answers.answer import Answer
from analysis.catalog.model import NOT_RECORDED
from analysis.findings.compare import Value, only
from analysis.findings.finding import Finding, Label
from analysis.topics.awards import UNNAMED, Cliff, Funder, Row, cliffs, stops

Day = datetime.date


def money_ending(awards: Sequence[Row], day: Day, label: Label) -> Finding:
    """Return the purpose that loses most public money within twelve months.

    Parameters
    ----------
    awards
        The register, with at least one award in force.
    day
        The day of looking.
    label
        Words for a code, as they stand inside a sentence.
    """
    top = cliffs(awards, day, "purpose")[0]
    ends = [row for row in stops(awards, day) if row["purpose"] == top.group]
    funders = {row["funder"] for row in ends}
    facts = {
        "purpose": top.group,
        "share": 100 * top.share,
        "until": max((row["end_date"] for row in ends), default=None),
        "amount": top.ends,
        "currency": str(awards[0]["currency"]),
        "funder": funders.pop() if len(funders) == 1 and UNNAMED not in funders else "",
    }
    return Finding("fact", topic="money_ending", facts=facts, label=label)


def awards_ending(ends: Sequence[Row]) -> Finding:
    """Return how many awards end without a renewal, and how many of them have no other funder.

    Parameters
    ----------
    ends
        As `stops` returns them.
    """
    alone = sum(not row["other_funders"] for row in ends)
    return Finding("fact", topic="awards_ending", facts={"ends": len(ends), "alone": alone})


def need_and_money(paid: Sequence[Cliff], needs: Answer | None, label: Label) -> Finding:
    """Return the kind of help that loses most public money, and the needs that it met.

    Parameters
    ----------
    paid
        At least one; the kind with most money ending first.
    needs
        Needs met by ``service_type`` in one year, of the same region as the money.
    """
    most = paid[0]
    met = need_of(needs, most.group)
    year = needs.question.periods[0] if needs is not None and needs.question.periods else ""
    return Finding(
        "fact",
        needs.measure if needs is not None and met else None,
        values=(met,) if met else (),
        topic="need_and_money",
        facts={"service": most.group, "share": 100 * most.share, "year": year},
        label=label,
    )


def largest_funder(funders: Sequence[Funder]) -> Finding:
    """Return how many public funders there are, and the share of the largest.

    Parameters
    ----------
    funders
        At least one, the largest first.
    """
    first = funders[0]
    facts = {"funders": len(funders), "largest": first.name, "share": 100 * first.share}
    return Finding("fact", topic="largest_funder", facts=facts)


def recorded(groups: Sequence[Cliff]) -> list[Cliff]:
    """Return groups of money for which it was recorded what they are."""
    return [one for one in groups if one.group != NOT_RECORDED]


def need_of(needs: Answer | None, service: str) -> Value | None:
    """Return the needs met with one kind of help; None where they are not shown."""
    return only(needs, service_type=service) if needs is not None and not needs.refusal else None
