"""Sentences about one area beside the region, and about areas over time."""

from analysis.findings.basis import label_of
from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.words import listed, number_word, plural

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


@sentence_of("area_band")
def area_band(finding: Finding) -> str:
    """Return "Brindleport is clearly above the rate of all areas together in 2024."."""
    [(name, code)] = finding.facts["group"]
    area = finding.label(name, code)
    if not finding.facts["is_compared"]:
        return phrases.sentence(f"{area} cannot be compared with all areas together")
    side = {1: "clearly above", -1: "clearly below", 0: "close to"}[finding.direction]
    rate = f"the rate of all areas together {finding.facts['when']}".strip()
    return phrases.sentence(f"{area} is {side} {rate}")


@sentence_of("areas_changed")
def areas_changed(finding: Finding) -> str:
    """Return in which areas a measure clearly rose and fell, in the order of the code list."""
    measure = finding.measure
    subject = phrases.upper_first(phrases.the(measure.label)) if measure else ""
    if finding.kind != "changes":
        return phrases.sentence(f"{subject}: no area can be compared over these years")
    pair, looked_at = finding.facts["pair"], finding.facts["looked_at"]
    between = f"between {label_of(pair.earlier)} and {label_of(pair.later)}"
    if barred := finding.facts.get("barred", ""):
        return phrases.sentence(f"{subject}: {phrases.not_comparable(pair, barred)}")
    parts = []
    for direction, verb in phrases.DIRECTIONS.items():
        areas = tuple(
            finding.label(*part.facts["group"][0])
            for part in finding.parts
            if (run := part.long_run or part.newest) and run.direction == direction
        )
        if areas:
            parts.append(f"{verb} in {_some(areas)}")
    rest = looked_at - len(finding.parts)
    if not parts:
        which = "the one area" if looked_at == 1 else f"any of the {looked_at} areas"
        return phrases.sentence(f"{subject}: no clear change in {which} that can be compared {between}")
    others = "one" if rest == 1 else f"{number_word(rest)} that can be compared"
    tail = f"no clear change in the other {others}" if rest else ""
    return phrases.sentence(f"{subject} clearly {listed(parts)} {between}", tail)


@sentence_of("area_circumstances")
def area_circumstances(finding: Finding) -> str:
    """Return how many published figures there are about an area."""
    count, area = finding.facts["count"], finding.facts["area"]
    beside = " beside those of the region" if finding.facts["is_beside"] else ""
    return phrases.sentence(f"{number_word(count)} published {plural('figure', count)} about {area}{beside}")


def _some(areas: tuple[str, ...]) -> str:
    more = len(areas) - MOST_NAMED
    return listed([*areas[:MOST_NAMED], *([f"{number_word(more)} more"] if more > 0 else [])])


def _named(labels: tuple[str, ...]) -> str:
    names = [phrases.the(label) for label in labels[:MOST_NAMED]]
    more = len(labels) - len(names)
    return listed([*names, f"{number_word(more)} more"] if more else names)
