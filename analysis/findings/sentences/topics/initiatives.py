"""Sentences about initiatives: what was counted while they ran, and never what they caused.

None says that trafficking fell or rose: reports follow attention.
"""

import numpy as np

from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.findings.topics.initiatives import WHY, Study
from analysis.statistics.series.contrast import Ratio
from analysis.words import counted, listed, number_word

_WHEN = {"agreement_ended": "after it ended", "campaign": "while it ran"}
_SINCE = "since it began"


@sentence_of("initiative_effect")
def initiative_effect(finding: Finding) -> str:
    """Return "See It, Say It Softly: while it ran, people known to the help line in Saltreach were …"."""
    facts = finding.facts
    found: Study = facts["study"]
    what, against = facts["what"], facts["against"]
    when = _WHEN.get(facts["kind"], _SINCE)
    lead = f"{facts['name']}: "
    if found.result is None:
        return phrases.sentence(f"{lead}{what} cannot be compared, because {WHY[found.why]}")
    effect = found.result.effect
    if found.at_most:
        said = f"{when} {what} were at most {effect.upper:.1f} times what {against} let expect"
        is_clear = "" if finding.direction else "no clear difference"
        return phrases.sentence(lead + said, is_clear)
    if not found.result.is_fair:
        said = (
            f"{what} and {against} moved apart before it began already, so nothing is said of what came after"
        )
        return phrases.sentence(lead + said)
    if not effect.direction:
        said = f"no clear difference in {what} {when}, {times(effect)} what {against} let expect"
        return phrases.sentence(lead + said)
    return phrases.sentence(f"{lead}{when} {what} were {times(effect)} what {against} let expect")


@sentence_of("initiative_alone")
def initiative_alone(finding: Finding) -> str:
    """Return "The campaign: while it ran, people known to … were 2.4 times (1.9–3.1) what their own …"."""
    found: Study = finding.facts["study"]
    what = finding.facts["what"]
    lead, one = f"{found.initiative.name}: ", found.alone
    if one is None:
        why = WHY.get(found.why, WHY["hidden"])
        return phrases.sentence(f"{lead}{what} cannot be held against their own trend, because {why}")
    when = _WHEN.get(found.initiative.kind, _SINCE)
    if found.at_most:
        said = f"{what} were at most {one.upper:.1f} times what their own trend and season let expect"
        return phrases.sentence(f"{lead}{when} {said}")
    if not one.direction:
        said = f"no clear difference in {what} from their own trend and season"
        return phrases.sentence(f"{lead}{when} {said}", f"{times(one)} what is expected")
    said = f"{what} were {times(one)} what their own trend and season let expect"
    return phrases.sentence(f"{lead}{when} {said}")


@sentence_of("initiative_placebos")
def initiative_placebos(finding: Finding) -> str:
    """Return whether the difference is further from none than at every time and place with nothing."""
    found: Study = finding.facts["study"]
    if found.result is None:
        return phrases.sentence(f"No times or places to set beside it, because {WHY[found.why]}")
    result = found.result
    parts = []
    for placebos, words in ((result.dates, "earlier times"), (result.series, "places of comparison")):
        known = [one for one in placebos if np.isfinite(one) and one > 0]
        if not known:
            continue
        further = sum(abs(np.log(one)) >= abs(np.log(result.effect.ratio)) for one in known)
        parts.append(f"{number_word(further) if further else 'none'} of {number_word(len(known))} {words}")
    if not parts:
        return "There are no other times or places at which nothing happened to set beside it."
    lead = "A difference as large is found at"
    return phrases.sentence(f"{lead} {listed(parts, 'and')} at which nothing began")


@sentence_of("initiative_others")
def initiative_others(finding: Finding) -> str:
    """Return "None of the three other contributors that can be compared saw a clear difference …"."""
    count, moved = finding.facts["count"], finding.facts["moved"]
    where = f"in {finding.facts['where']} while it ran"
    if not count:
        return phrases.sentence(f"No other contributor shows enough numbers {where} to be compared")
    which = "The one other contributor" if count == 1 else f"the {number_word(count)} other contributors"
    if not moved:
        who = "saw no clear difference" if count == 1 else "saw a clear difference"
        lead = which if count == 1 else f"None of {which}"
        return phrases.sentence(f"{lead} that can be compared {who} {where}")
    names = listed([finding.label("source", code) for code in moved])
    return phrases.sentence(f"{number_word(len(moved))} of {which} saw a clear difference {where}: {names}")


@sentence_of("initiative_list")
def initiative_list(finding: Finding) -> str:
    """Return "34 initiatives are listed: campaigns, agreements, laws."."""
    count, kinds = finding.facts["count"], finding.facts["kinds"]
    if not count:
        return "No initiative with a day on which it began was loaded."
    who = "One initiative is" if count == 1 else f"{counted(count, 'initiative')} are"
    return phrases.sentence(f"{who} listed: {listed(list(kinds))}")


def times(one: Ratio) -> str:
    """Return "3.0 times (2.4–3.8)"."""
    return f"{one.ratio:.1f} times ({one.lower:.1f}–{one.upper:.1f})"
