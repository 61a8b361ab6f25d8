"""Sentences about people identified."""

from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of


@sentence_of("ages")
def ages(finding: Finding) -> str:
    """Return "33% (32–34%) of the people identified were children; half were 18–23 or younger."."""
    measure, share = finding.facts["share_of_children"]
    children = f"{phrases.with_interval(measure, share)} of the people identified were children"
    half = finding.facts.get("half")
    if half is None:
        return phrases.sentence(children)
    reach = finding.facts["reach"].format(finding.label(finding.about, half))
    return phrases.sentence(children, f"half {reach}")
