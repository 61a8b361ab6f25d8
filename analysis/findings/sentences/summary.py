"""Sentences that open the Overview and a page about one area: where, how sure, what is missing."""

from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases, series
from analysis.findings.sentences.say import sentence_of
from analysis.periods import label_of
from analysis.words import listed, number_word, plural

MOST_NAMED = 3


@sentence_of("areas_apart")
def areas_apart(finding: Finding) -> str:
    """Return "Brindleport is clearly above the rate of all areas together in 2016–2025; …"."""
    above, below = (_named(finding, side) for side in ("above", "below"))
    rate = f"the rate of all areas together {finding.facts['when']}".strip()
    if not above and not below:
        compared = finding.facts["compared"]
        return phrases.sentence(
            f"No area is clearly above or below {rate}, of {number_word(compared)} that can be compared"
        )
    parts = []
    if above:
        verb = plural("is", len(finding.facts["above"]))
        parts.append(f"{above} {verb} clearly above {rate}")
    if below:
        verb = plural("is", len(finding.facts["below"]))
        tail = "clearly below" if above else f"clearly below {rate}"
        parts.append(f"{below} {verb} {tail}")
    return phrases.sentence(*parts)


@sentence_of("figures_of_others")
def figures_of_others(finding: Finding) -> str:
    """Return "FBI human trafficking offences has figures up to 2020, as published."."""
    sources = finding.facts["sources"][:MOST_NAMED]
    parts = [f"{label}: figures up to {label_of(last)}, as published" for label, last in sources]
    return phrases.sentence(*parts)


@sentence_of("own_records_missing")
def own_records_missing(_finding: Finding) -> str:
    """Return that the task force's own records are not here."""
    return "The task force's own records are not here yet: only figures that others publish."


@sentence_of("how_sure")
def how_sure(finding: Finding) -> str:
    """Return how many contributors report, and what protection does to the numbers."""
    facts = finding.facts
    total, steady = facts["contributors"], facts["steady"]
    every = {1: "the one", 2: "both"}.get(total, f"all {number_word(total)}")
    who = every if steady == total else f"{number_word(steady)} of {number_word(total)}"
    share = f"{facts['reported_share']:.0f}% of all months have a report"
    reports = f"{who} {plural('contributor', total)} reported every month ({share})"
    changed = (
        ""
        if facts["is_exact"]
        else "each number is changed slightly to protect people, so read it with its range"
    )
    return phrases.sentence(phrases.upper_first(reports), changed)


@sentence_of("what_is_missing")
def what_is_missing(finding: Finding) -> str:
    """Return who has stopped reporting and which year is incomplete; or that nothing is missing."""
    stopped, late = finding.facts["stopped"], finding.facts["late"]
    parts = [] if finding.facts["is_known"] else ["who reports in which month is not known"]
    if stopped:
        names = [label for label, _ in stopped[:MOST_NAMED]]
        since = {label_of(last) for _, last in stopped}
        when = f" after {since.pop()}" if len(since) == 1 else ""
        parts.append(f"{listed(names)} stopped reporting{when}, so numbers since then may be too low")
    if late:
        so_far = "".join(
            f": {series.so_far(part, what=phrases.the(part.measure.label))}"
            for part in finding.parts
            if part.measure is not None
        )
        parts.append(f"{late} is still incomplete{so_far}")
    if finding.facts["ends"]:
        parts.append(f"figures end in {label_of(finding.facts['ends'])}")
    if not parts:
        return "No report is known to be missing."
    return phrases.sentence(*parts)


def _named(finding: Finding, side: str) -> str:
    codes = finding.facts[side]
    names = [finding.label("area", code) for code in codes[:MOST_NAMED]]
    more = len(codes) - len(names)
    return listed([*names, f"{number_word(more)} more"] if more else names)


@sentence_of("headline_measures")
def headline_measures(finding: Finding) -> str:
    """Return the title of the tiles."""
    count = finding.facts["count"]
    return f"{phrases.upper_first(number_word(count))} headline {plural('measure', count)}"


@sentence_of("what_changed")
def what_changed(finding: Finding) -> str:
    """Return how many of the measures that were looked at changed clearly."""
    clear, compared, looked_at = (finding.facts[key] for key in ("clear", "compared", "looked_at"))
    if not compared:
        return f"None of the {looked_at} measures that are looked at can be compared."
    which = f"the {compared} measures that can be compared"
    of = f"; {looked_at} were looked at" if compared < looked_at else ""
    if compared == 1:
        verb = "changed" if clear else "did not change"
        return f"The one measure that can be compared {verb} clearly{of}."
    if not clear:
        return f"Of {which}, none changed clearly{of}."
    return f"{phrases.upper_first(number_word(clear))} of {which} changed clearly{of}."
