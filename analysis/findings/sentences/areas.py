"""Sentences about one area beside the region."""

from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.words import listed, number_word

MOST_NAMED = 2


@sentence_of("area_profile")
def area_profile(finding: Finding) -> str:
    """Return "Brindleport: the share of children clearly above the region"; or that no figure is apart."""
    facts = finding.facts
    area = facts["area"]
    if not facts["compared"]:
        return phrases.sentence(f"{area}: no figure can be compared with the region's")
    parts = [f"{_named(facts[side])} clearly {side} the region" for side in ("above", "below") if facts[side]]
    if not parts:
        if facts["compared"] == 1:
            return phrases.sentence(f"{area}: the one figure that can be compared is close to the region's")
        count = number_word(facts["compared"])
        return phrases.sentence(f"{area}: all {count} figures that can be compared are close to the region's")
    return phrases.sentence(f"{area}: {listed(parts)}")


def _named(labels: tuple[str, ...]) -> str:
    names = [phrases.the(label) for label in labels[:MOST_NAMED]]
    more = len(labels) - len(names)
    return listed([*names, f"{number_word(more)} more"] if more else names)
