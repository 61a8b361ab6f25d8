"""Sentences about waits of which some go on: by when they are over, and whether groups wait equally long."""

from analysis.findings.compare import Value
from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of

_WITHIN = {"half": "half", "most": "nine in ten"}


@sentence_of("waits_followed")
def waits_followed(finding: Finding) -> str:
    """Return "Counting those who still wait for as long as they were followed, a service began …"."""
    facts = finding.facts
    parts = [
        f"{_WITHIN[name]} within {days(value, facts['unit'])}"
        for name, value in facts["named"].items()
        if value is not None
    ]
    if facts["still"] is not None:
        edge, share = facts["still"]
        parts.append(f"{share:.0f}% still waited after {edge:.0f} {facts['unit']}")
    lead = "Counting those who still wait for as long as they were followed"
    return phrases.sentence(f"{lead}, a service began for {', '.join(parts)}")


@sentence_of("waits_differ")
def waits_differ(finding: Finding) -> str:
    """Return "Half waited 24 days (22–26) in urban areas and 33 days (31–36) in rural areas: clearly …"."""
    facts = finding.facts
    if not facts["ends"]:
        return phrases.sentence("Too few of these numbers can be shown to compare how long groups waited")
    (short, first), (long, last) = facts["ends"]
    by, unit = facts["by"], facts["unit"]
    names = [finding.label(by, code) for code in (short, long)]
    both = f"{days(first, unit)} for {names[0]} and {days(last, unit)} for {names[1]}"
    if not facts["differ"]:
        groups = f"the {facts['count']} groups"
        return phrases.sentence(f"No clear difference in how long {groups} wait for a first service")
    if facts["count"] > 2:
        return phrases.sentence(
            f"Groups clearly differ in how long they wait. Half had a first service within {both}"
        )
    return phrases.sentence(
        f"The two groups clearly differ in how long they wait. Half had a first service within {both}"
    )


def days(value: Value, unit: str) -> str:
    """Return "27 days (26–28)"."""
    if value.lower is None or value.upper is None:
        return f"{value.value:.0f} {unit}"
    if value.upper == float("inf"):
        return f"{value.value:.0f} {unit} ({value.lower:.0f} or more)"
    return f"{value.value:.0f} {unit} ({value.lower:.0f}–{value.upper:.0f})"
