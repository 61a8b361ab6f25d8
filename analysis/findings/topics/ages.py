"""Ages of people: a share of children and the band in which half are reached, never the widest band."""

from dataclasses import replace

from analysis.answers.answer import Answer
from analysis.findings.compare import only
from analysis.findings.finding import Finding
from analysis.findings.groups import within
from analysis.findings.scope import Scope


def half_younger(bands: Answer, children: Answer | None, scope: Scope) -> Finding:
    """Return the share of children, and the age band up to which half of the people were.

    Parameters
    ----------
    bands
        People by ``age_band``.
    children
        The share of children, undivided; left out of the sentence where it cannot be shown.
    scope
        Of both.
    """
    ages = within(bands, scope)
    if ages.kind != "within":
        return ages
    share = only(children) if children is not None else None
    if share is None or children is None:
        return ages
    facts = {**ages.facts, "share_of_children": (children.measure, share)}
    return replace(ages, kind="fact", topic="ages", values=(share,), facts=facts)
