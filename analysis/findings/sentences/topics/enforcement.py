"""Sentences about investigations and operations. They state what was counted; they never judge or explain."""

from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.words import listed

_STEPS = {
    "arrest": "to an arrest or summons",
    "charge": "to a charge",
    "conviction": "to a trafficking conviction",
}
_UNLINKED = {"not_found": "an investigation that we do not hold", "no_reference": "no investigation"}
_FOLLOWED = {"referred": "were referred to a service", "arrested": "were arrested"}


@sentence_of("investigation_steps")
def investigation_steps(finding: Finding) -> str:
    """Return "54% of investigations have so far led to an arrest or summons, 38% to a charge and …"."""
    parts = [
        (phrases.figure(measure, value), name) for name, (measure, value) in finding.facts["parts"].items()
    ]
    (first, name), *others = parts
    begins = f"{first} of investigations have so far led {_STEPS[name]}"
    return phrases.sentence(listed([begins, *(f"{value} {_STEPS[name]}" for value, name in others)]))


@sentence_of("people_met")
def people_met(finding: Finding) -> str:
    """Return "Of 2,310 people met in operations, 905 were referred to a service and 560 were arrested."."""
    if finding.measure is None:
        raise TypeError("people met have a measure")
    total = phrases.figure(finding.measure, finding.values[0])
    followed = [
        f"{phrases.figure(measure, value)} {_FOLLOWED[name]}"
        for name, (measure, value) in finding.facts["parts"].items()
    ]
    return phrases.sentence(f"Of {total} people met in operations, {listed(followed)}")


@sentence_of("charges_unlinked")
def charges_unlinked(finding: Finding) -> str:
    """Return "80 charges name an investigation that we do not hold and 35 name no investigation."."""
    named = [
        (phrases.figure(measure, value), _UNLINKED[name])
        for name, (measure, value) in finding.facts["parts"].items()
    ]
    (first, what), *others = named
    return phrases.sentence(
        listed([f"{first} charges name {what}", *(f"{count} name {words}" for count, words in others)])
    )
