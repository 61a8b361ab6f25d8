"""From a finding to its sentence."""

from collections.abc import Callable

from analysis.findings.finding import Finding
from analysis.findings.sentences import standard

Sayer = Callable[[Finding], str]
_KINDS: dict[str, Sayer] = {
    "change": standard.change,
    "changes": standard.changes,
    "level": standard.level,
    "leader": standard.leader,
    "gap": standard.gap,
    "apart": standard.apart,
    "range": standard.spread,
    "within": standard.within,
    "nothing_clear": standard.nothing_clear,
    "hidden": standard.hidden,
}
_TOPICS: dict[str, Sayer] = {}


def sentence_of(topic: str) -> Callable[[Sayer], Sayer]:
    """Register the sentence of one topic: ``@sentence_of("overdue_actions")``.

    Raises
    ------
    ValueError
        When another function has that code: a sentence is made in one place.
    """

    def register(sayer: Sayer) -> Sayer:
        if topic in _TOPICS and _TOPICS[topic].__qualname__ != sayer.__qualname__:
            raise ValueError(f"two sentences have the code {topic!r}")
        _TOPICS[topic] = sayer
        return sayer

    return register


def say(finding: Finding) -> str:
    """Return the sentence of a finding; the same finding always gives the same words."""
    if finding.topic:
        return _TOPICS[finding.topic](finding)
    return _KINDS[finding.kind](finding)
