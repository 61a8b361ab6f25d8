"""Findings in words: the only place that makes a sentence about figures.

`say` takes any finding. Standard kinds are in `standard`; sentences of one topic are in a module of its name,
each under the code that its finding carries as `Finding.topic`.
"""

from analysis.findings.sentences import areas, enforcement, outcomes, pathway, people, summary
from analysis.findings.sentences.say import say, sentence_of
from analysis.findings.sentences.standard import brief

__all__ = ["areas", "brief", "enforcement", "outcomes", "pathway", "people", "say", "sentence_of", "summary"]
