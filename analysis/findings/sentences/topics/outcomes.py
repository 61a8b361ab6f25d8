"""Sentences about outcomes, feedback, barriers and what may not be reported: what numbers say, never why."""

from analysis.findings.basis import label_of
from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.words import listed, number_word

MOST_NAMED = 2


@sentence_of("few_answers")
def few_answers(finding: Finding) -> str:
    """Return "Fewer than a third of the people asked answered about immigration help, 24% (21–26%)."."""
    named = [
        f"{phrases.group(finding, one)}, {_value(finding, place)}"
        for place, one in enumerate(finding.values[:MOST_NAMED])
    ]
    more = len(finding.values) - len(named)
    named += [f"{more} more services"] if more else []
    return phrases.sentence(f"Fewer than a third of the people asked answered about {listed(named)}")


@sentence_of("satisfied")
def satisfied(finding: Finding) -> str:
    """Return "Of those who answered, 58% to 81% were satisfied, by service; few answered about …"."""
    if finding.measure is None:
        raise TypeError("a share satisfied has a measure")
    low, high = (phrases.figure(finding.measure, one) for one in finding.values)
    few = [finding.label(name, code) for codes in finding.facts["few"] for name, code in codes.items()]
    tail = f"few answered about {listed(few)}" if few else ""
    return phrases.sentence(f"Of those who answered, {low} to {high} were satisfied, by service", tail)


@sentence_of("barrier_noted_most")
def barrier_noted_most(finding: Finding) -> str:
    """Return "Barriers in services: most often no place free, 831 (775–890) notes; then no interpreter …"."""
    return phrases.sentence(
        *_first_and_next(finding, f"Barriers in {finding.facts['level']}: most often", "notes")
    )


@sentence_of("survivors_speak_of")
def survivors_speak_of(finding: Finding) -> str:
    """Return "Survivors speak most often of long waits, 145 (122–170) mentions; then of …"."""
    return phrases.sentence(*_first_and_next(finding, "Survivors speak most often of", "mentions"))


@sentence_of("opinion")
def opinion(finding: Finding) -> str:
    """Return "Agreement with “…” fell from 38% in 2019 to 29% (27–31%) in 2025; no clear change in …"."""
    measure, pair = finding.measure, finding.facts["pair"]
    if measure is None or not finding.parts:
        between = f"between {label_of(pair.earlier)} and {label_of(pair.later)}"
        return phrases.sentence(f"No clear change in what the public says {between}")
    first = finding.parts[0]
    run = first.long_run or first.newest
    if run is None:
        raise TypeError("a change has a comparison")
    before, after = run.change.earlier, run.change.later
    said = (
        f"Agreement with “{_statement(first)}” {phrases.DIRECTIONS[run.direction]} from "
        f"{phrases.figure(measure, before)} in {label_of(run.pair.earlier)} to "
        f"{phrases.with_interval(measure, after)} in {label_of(run.pair.later)}"
    )
    changed, unclear = len(finding.parts), finding.facts["looked_at"] - len(finding.parts)
    of = f"of {number_word(finding.facts['looked_at'])} statements changed"
    more = f"{number_word(changed - 1)} more {of}" if changed > 1 else ""
    others = "" if unclear == 1 else f" {number_word(unclear)}"
    rest = f"no clear change in the other{others}"
    return phrases.sentence(said, more or (rest if unclear else ""))


@sentence_of("low_reporting")
def low_reporting(finding: Finding) -> str:
    """Return in which areas a low count may mean low reporting, with the clearest sign of a single one."""
    areas = [finding.label("area", code) for code in finding.facts["areas"]]
    if not areas:
        return _NO_AREA[finding.facts["state"]]
    lead = f"In {listed(areas)} a low count may mean low reporting: "
    belief = "fewer residents say that it happens where they live"
    if len(areas) > 1:
        return phrases.sentence(
            f"{lead}fewer people came forward or were reported by the public, and {belief}"
        )
    here, elsewhere = finding.values
    if finding.measure is None:
        raise TypeError("a sign of low reporting has a measure")
    told = phrases.with_interval(finding.measure, here)
    others = phrases.figure(finding.measure, elsewhere)
    return phrases.sentence(
        f"{lead}{told} of people identified came forward or were reported by the public, against {others} "
        f"elsewhere, and {belief}"
    )


_NO_AREA = {
    "not_loaded": "Only one of the two signs of low reporting is here, so that no area can be read yet.",
    "too_small": "The numbers are too small to show signs of low reporting by area.",
    "none": "No area shows two clear signs of low reporting. That does not show that everything is reported.",
}


def _first_and_next(finding: Finding, lead: str, unit: str) -> tuple[str, str]:
    if finding.measure is None:
        raise TypeError("a leader has a measure")
    first, *others = finding.values
    said = f"{lead} {phrases.group(finding, first)}, {_value(finding, 0)} {unit}"
    if not others:
        return said, ""
    following = f"{phrases.group(finding, others[0])} ({phrases.figure(finding.measure, others[0])})"
    return said, f"then {following}" if finding.direction > 0 else f"about as often {following}"


def _value(finding: Finding, place: int) -> str:
    return phrases.with_interval(finding.measure, finding.values[place]) if finding.measure else ""


def _statement(part: Finding) -> str:
    return phrases.upper_first(listed([part.label(name, code) for name, code in part.facts["group"]]))
