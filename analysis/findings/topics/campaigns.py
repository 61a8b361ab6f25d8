"""Campaigns in a list; what was counted while one ran is in `analysis.findings.topics.initiatives`."""

from collections.abc import Sequence

from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.topics.initiatives import Campaign, total_cost


def campaign_list(chosen: Sequence[Campaign], currency: str, scope: Scope) -> Finding:
    """Return how many campaigns there were, since when, and what they cost together."""
    facts = {
        "count": len(chosen),
        "since": str(chosen[0].start.year) if chosen else "",
        "cost": total_cost(chosen),
        "known": sum(one.cost is not None for one in chosen),
        "currency": currency,
    }
    return Finding("fact", None, scope, topic="campaign_list", facts=facts)
