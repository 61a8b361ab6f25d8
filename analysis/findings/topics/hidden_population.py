"""What the estimate of people on no list says, or why there is none; nothing is worked out here."""

from typing import Any

from analysis.findings.finding import Finding, Label, no_label
from analysis.topics.hidden_population import METHOD, WITHOUT, HiddenPopulation


def people_on_no_list(found: HiddenPopulation) -> Finding:
    """Return about how many people could have been listed; or that, and why, there is no estimate."""
    if not found.is_estimated:
        return _fact("no_estimate_of_hidden", status=found.status, reason=found.reason)
    return _fact(
        "people_on_no_list",
        estimate=found.estimate,
        limits=(found.lower, found.upper),
        listed=found.listed,
        years=found.years,
    )


def lists_overlap(found: HiddenPopulation, label: Label = no_label) -> Finding:
    """Return which two lists share most people, where one pair is in a higher band than all others."""
    highest = max(one.at_least for one in found.overlaps)
    most = [one for one in found.overlaps if one.at_least == highest]
    return _fact(
        "lists_overlap",
        label=label,
        lists=found.lists,
        listed=found.listed,
        most=(most[0].one, most[0].other) if len(most) == 1 and len(found.overlaps) > 1 else (),
    )


def answers_agree(found: HiddenPopulation) -> Finding:
    """Return how far the other methods, and the answers without each list, lie from the estimate."""
    return _fact(
        "answers_agree",
        methods=tuple(one.agreement for one in found.agreements if one.kind == METHOD),
        without=tuple(one.agreement for one in found.agreements if one.kind == WITHOUT),
    )


def _fact(topic: str, label: Label = no_label, **facts: Any) -> Finding:
    return Finding(
        "estimate" if topic == "people_on_no_list" else "fact", topic=topic, label=label, facts=facts
    )
