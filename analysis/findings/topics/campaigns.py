"""What was reported in the months of a campaign: an effect, never a cause (`analysis.topics.campaigns`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.answers.answer import Answer
from analysis.findings.compare import Value
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.topics import campaigns
from analysis.topics.campaigns import Campaign, Compared


@dataclass(frozen=True)
class Response:
    """A campaign's quarters beside the same quarters of other years.

    Attributes
    ----------
    quarters
        Those that lie wholly inside the campaign.
    own
        The contributor, or the area, of the campaign; None where too few numbers can be shown.
    others, rest
        Each other one that can be compared, and those together.
    left_out
        Codes of those that cannot.
    """

    quarters: tuple[str, ...]
    own: Compared | None
    rest: Compared | None
    others: Mapping[str, Compared]
    left_out: tuple[str, ...]


def response_of(
    campaign: Campaign, answer: Answer, own: str, last_month: str, among: Sequence[str] = ()
) -> Response:
    """Compare a campaign's quarters with other years, for one group and the others.

    Parameters
    ----------
    campaign
        The campaign.
    answer
        People by quarter and one dimension (``source`` or ``area``), of all years.
    own
        The code that the campaign concerns.
    last_month
        Last month that is closed.
    among
        The codes to compare it with; all others when empty.
    """
    [name] = [one for one in answer.question.by if one != "period"]
    quarters = campaigns.whole_quarters(campaign, last_month)
    touched = campaigns.touched_quarters(campaign)
    variance = answer.checked.release.v if answer.checked else 0.0
    rows = answer.frame.rows(named=True)
    values = {
        code: campaigns.values_of(row for row in rows if row[name] == code)
        for code in dict.fromkeys(row[name] for row in rows)
    }
    each = {code: campaigns.compared(known, quarters, touched, variance) for code, known in values.items()}
    allowed = [code for code in values if code != own and (not among or code in among)]
    others = {code: one for code in allowed if (one := each[code]) is not None}
    sums = campaigns.together(values[code] for code in others)
    rest = campaigns.compared(sums, quarters, touched, variance * len(others)) if others else None
    left_out = tuple(code for code in values if code != own and code not in others)
    return Response(quarters, each.get(own), rest, others, left_out)


def campaign_response(campaign: Campaign, response: Response, answer: Answer, scope: Scope) -> Finding:
    """Return whether more people were known in a campaign's months to its contributor, and to others."""
    own = response.own
    facts = {
        "campaign": campaign.plain_name,
        "source": campaign.contributor,
        "own": own,
        "rest": response.rest,
    }
    return _effect("campaign_response", answer, scope, own.direction if own else 0, facts)


def campaign_area(
    campaign: Campaign, response: Response, answer: Answer, scope: Scope, others: str
) -> Finding:
    """Return whether a campaign's area stood out against other areas.

    Parameters
    ----------
    campaign, response, answer, scope
        The campaign; its area and the free ones; people by quarter and area.
    others
        "4 other counties".
    """
    own, rest = response.own, response.rest
    apart = campaigns.contrast(own, rest) if own and rest else None
    facts = {"area": campaign.area, "others": others, "contrast": apart, "own": own, "rest": rest}
    return _effect("campaign_area", answer, scope, apart.direction if apart else 0, facts)


def campaign_heard(campaign: Campaign, response: Response, answer: Answer, scope: Scope) -> Finding:
    """Return how many people the contributor knew of in a campaign's quarters, and how many are usual."""
    own = response.own
    facts = {
        "source": campaign.contributor,
        "area": campaign.area,
        "quarters": response.quarters,
        "own": own,
    }
    return _effect("campaign_heard", answer, scope, own.direction if own else 0, facts)


def campaign_list(chosen: Sequence[Campaign], currency: str, scope: Scope) -> Finding:
    """Return how many campaigns there were, since when, and what they cost together."""
    facts = {
        "count": len(chosen),
        "since": str(chosen[0].start.year) if chosen else "",
        "cost": campaigns.total_cost(chosen),
        "known": sum(one.cost is not None for one in chosen),
        "currency": currency,
    }
    return Finding("fact", None, scope, topic="campaign_list", facts=facts)


def _effect(
    topic: str,
    answer: Answer,
    scope: Scope,
    direction: int,
    facts: Mapping[str, object],
) -> Finding:
    known = (facts["own"], facts.get("rest"))
    values = tuple(Value(one.ratio, one.lower, one.upper) for one in known if isinstance(one, Compared))
    return Finding(
        "effect",
        answer.measure,
        scope,
        values,
        topic=topic,
        direction=direction,
        facts=facts,
        label=answer.in_sentence,
    )
