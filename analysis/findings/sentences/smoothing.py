"""Sentences about areas once chance is allowed for, about areas without a number, and about neighbours."""

from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.words import first_few

_MOST_NAMED = 3


@sentence_of("areas_smoothed")
def areas_smoothed(finding: Finding) -> str:
    """Return "Allowing for chance, the 24 districts range from 44 to 55 people identified per 100,000 …"."""
    facts, measure = finding.facts, finding.measure
    low, high = (phrases.figure(measure, one) for one in finding.values) if measure else ("", "")
    label = phrases.the(measure.label) if measure else ""
    who = f"{label} {facts['when']}"
    across = f"across the {facts['count']} {facts['kind']}"
    if low == high:
        return phrases.sentence(f"Allowing for chance, {who} lie close to {low} {across}")
    return phrases.sentence(f"Allowing for chance, {who} range from {low} to {high} {across}")


@sentence_of("areas_grey")
def areas_grey(finding: Finding) -> str:
    """Return why areas are grey: "2 of 24 districts are grey. Wickerholt: at the region's rate about 4 …"."""
    facts, first = finding.facts, finding.facts["first"]
    one, many = facts["kind"][1], facts["kind"][2]
    count = len(facts["grey"])
    said = (
        f"{count} of {facts['total']} {many if facts['total'] != 1 else one} {'is' if count == 1 else 'are'}"
    )
    name = finding.label("area", first.area)
    if first.is_silent:
        why = f"nothing was reported from {name} in these years"
    elif first.is_small:
        why = (
            f"{name} has about {first.residents:,.0f} residents, and at the common rate about "
            f"{max(first.expected, 1):.0f} of them would be identified in a year: numbers below "
            f"{facts['fewest']} are not shown"
        )
    else:
        when = "in at least one of the years" if "–" in facts["when"] else facts["when"]
        why = f"fewer than {facts['fewest']} people, or none, were identified in {name} {when}"
    return phrases.sentence(f"{said} grey: {why}")


@sentence_of("areas_beside")
def areas_beside(finding: Finding) -> str:
    """Return "High rates lie side by side around Plovercross; …" or that none do."""
    facts = finding.facts
    count, kind = facts["looked_at"], facts["kind"]
    looked = f"looked at {facts['when']}: the {count} {kind} that can be compared with those beside them"
    sides = [
        f"{word} rates lie side by side in and around {_some(finding, facts[name])}"
        for name, word in (("hot", "high"), ("cold", "low"))
        if facts[name]
    ]
    if not sides:
        return phrases.sentence(
            "High rates lie no closer together than chance would place them, nor do low ones", looked
        )
    return phrases.sentence(*sides, looked)


def _some(finding: Finding, codes: tuple[str, ...]) -> str:
    return first_few([finding.label("area", code) for code in codes], _MOST_NAMED)
