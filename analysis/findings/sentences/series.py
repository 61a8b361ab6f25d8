"""Sentences about the course of a series: its level, what would follow, early warnings, clusters."""

from collections.abc import Mapping
from typing import Any

from analysis.findings.finding import NOT_COMPARABLE, Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.periods import label_of, label_of_range
from analysis.words import at_least, counted, date_text, listed, number_word, plural, with_unit

MOST_NAMED = 3
_ODDS = {20: "twenty"}
_STEPPED = {1: "stepped up", -1: "stepped down"}
_EACH = {"month": "a month", "quarter": "a quarter", "year": "a year"}


@sentence_of("level_shift")
def level_shift(finding: Finding) -> str:
    """Return "The level of people identified stepped up in July 2019, from about 83 to 112 a month; …"."""
    facts, subject = finding.facts, phrases.subject(finding)
    inside = phrases.the(subject)
    if not finding.direction:
        return phrases.sentence(f"No change of level in {inside}, {facts['when']}")
    before, after = (f"{one.value:,.0f}" for one in finding.values)
    when = _when(facts)
    if finding.direction == NOT_COMPARABLE:
        reason = "a contributor reports on one side of it only, so nothing is said of the level"
        return phrases.sentence(f"the level of {inside} changed {when}", reason)
    said = f"the level of {inside} {_STEPPED[finding.direction]} {when}"
    said += f", from about {before} to {after} {_EACH[facts['level']]}"
    more = facts["more"]
    earlier = f"{number_word(more)} {plural('earlier change', more)} of level" if more else ""
    return phrases.sentence(said, earlier, _beside(finding))


@sentence_of("level_shift_note")
def level_shift_note(finding: Finding) -> str:
    """Return the same in a few words, for the caption of the whole series."""
    if finding.direction == NOT_COMPARABLE:
        return phrases.sentence(f"the level changed {_when(finding.facts)}, as did who reports")
    return phrases.sentence(
        f"the level {_STEPPED[finding.direction]} {_when(finding.facts)}: see more figures"
    )


@sentence_of("too_hidden")
def too_hidden(finding: Finding) -> str:
    """Return that too much is hidden, and what would show more."""
    return (
        f"Protection hides too many of these numbers to tell {finding.about}: a wider area, fewer filters "
        "or more years together would show it."
    )


@sentence_of("ahead")
def ahead(finding: Finding) -> str:
    """Return "If it goes on as before: people identified about 118 (95–142) in July 2025."."""
    [value] = finding.values
    measure = finding.measure
    if measure is None:
        raise TypeError("a forecast has a measure")
    subject = phrases.the(phrases.subject(finding))
    figure = phrases.with_interval(measure, value)
    return phrases.sentence(
        f"If it goes on as before: {subject} about {figure} in {label_of(value.codes['period'])}"
    )


@sentence_of("ahead_tried")
def ahead_tried(finding: Finding) -> str:
    """Return how earlier forecasts did: "Tried at 19 earlier dates: the narrow band held 85% …"."""
    facts = finding.facts
    if not facts["origins"]:
        return "Too few years to try it at earlier dates: read the bands with caution."
    narrow, wide = (f"{share:.0%}" for share in facts["covered"])
    wanted = [f"{level:.0%}" for level in facts["levels"]]
    said = (
        f"Tried at {counted(facts['origins'], 'earlier date')}: of {facts['compared']} numbers that "
        f"followed the narrow band held {narrow} ({wanted[0]} would be right), the wide one {wide} "
        f"({wanted[1]})"
    )
    caution = "the bands are too narrow here, so read them with caution" if facts["too_narrow"] else ""
    return phrases.sentence(said, caution)


@sentence_of("incomplete")
def incomplete(finding: Finding) -> str:
    """Return "2025 is incomplete: 1,225 so far, about 1,360 (1,300–1,430) expected."."""
    return phrases.sentence(f"{label_of(finding.values[0].codes['period'])} is incomplete: {so_far(finding)}")


def so_far(finding: Finding, *, what: str = "") -> str:
    """Return "1,225 so far, about 1,360 (1,300–1,430) expected"; without a number expected "1,225 so far".

    `what` is named where the sentence stands beside no chart: "1,225 people identified so far".
    """
    now, *later = finding.values
    if finding.measure is None:
        raise TypeError("what is incomplete has a measure")
    number = at_least(finding.measure, with_unit(finding.measure, now.value), is_part=now.is_part)
    said = " ".join(filter(None, (number, what, "so far")))
    if later:
        said += f", about {phrases.with_interval(finding.measure, later[0])} expected"
    return said


@sentence_of("early_warning")
def early_warning(finding: Finding) -> str:
    """Return which areas or forms have more than is usual in the newest period, and how often it misleads."""
    facts = finding.facts
    when, above, looked_at = label_of(facts["period"]), facts["above"], facts["looked_at"]
    if not looked_at:
        what = "whether any area has more than is usual"
        if facts["is_short"]:
            return f"There are too few earlier years to tell {what}."
        return too_hidden(Finding("hidden", about=what))
    series = f"of {looked_at} areas and forms"
    chance = f"by chance alone, one look in {_ODDS.get(facts['one_in'], facts['one_in'])} would show one"
    if not above:
        return phrases.sentence(f"nothing above what is usual in {when}, {series}", chance)
    names = [
        f"{finding.label(one.dimension, one.code)} "
        f"({one.signal.observed:,.0f}, usually about {one.signal.expected:,.0f})"
        for one in above[:MOST_NAMED]
    ]
    more = len(above) - len(names)
    names += [f"{more} more"] if more else []
    return phrases.sentence(f"more than is usual in {when}: {listed(names)}, {series}", chance)


@sentence_of("space_time_cluster")
def space_time_cluster(finding: Finding) -> str:
    """Return which areas had more than expected in which years, or that none stand out."""
    facts = finding.facts
    areas = counted(facts["looked_at"], "area")
    when = label_of_range(*facts["periods"])
    chance = f"by chance alone, one look in {_ODDS.get(facts['one_in'], facts['one_in'])} would show one"
    if not finding.direction:
        return phrases.sentence(f"no neighbouring areas and years stand out, of {areas} in {when}", chance)
    names = [finding.label("area", code) for code in facts["areas"][:MOST_NAMED]]
    more = len(facts["areas"]) - len(names)
    names += [f"{more} more"] if more else []
    observed, expected = (f"{one.value:,.0f}" for one in finding.values)
    during = label_of_range(*facts["during"])
    said = f"{listed(names)} had more than expected in {during}"
    return phrases.sentence(f"{said}: {observed} people, where about {expected} would be usual", chance)


def _when(facts: Mapping[str, Any]) -> str:
    """Return "in July 2019", or "about July 2019 (between May and September 2019)"."""
    first, last = facts["between"]
    likely = label_of(facts["likely"])
    return f"in {likely}" if first == last else f"about {likely} ({_between(first, last)})"


def _between(first: str, last: str) -> str:
    return f"between {label_of(first)} and {label_of(last)}"


def _beside(finding: Finding) -> str:
    """Return what began about then; a date beside another one says nothing of why."""
    began = finding.facts.get("beside", ())
    if not began:
        return ""
    names = [f"{one.name} ({date_text(one.day)})" for one in began]
    return f"about then began {listed(names)}, which does not say why"
