"""Sentences about outreach, campaigns and training. None says that one of them caused anything."""

from analysis.catalog.model import Measure
from analysis.findings.compare import Value
from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.words import counted, listed, money, plural

_WIDE = 3.0  # points: an interval that whole points can show
_MOST_NAMED = 3


@sentence_of("language_reached_least")
def language_reached_least(finding: Finding) -> str:
    """Return "Vietnamese speakers were least likely to be reached: 44 per 1,000, against 80 to 150 …"."""
    measure = _measure(finding)
    last, low, high = (phrases.figure(measure, one) for one in finding.values)
    name = phrases.upper_first(phrases.group(finding, finding.values[0]))
    rest = f"{low} to {high}" if low != high else low
    said = f"{name} speakers were least likely to be reached: {last} per 1,000"
    return phrases.sentence(f"{said}, against {rest} in other languages")


@sentence_of("language_never_reached")
def language_never_reached(finding: Finding) -> str:
    """Return "No event was in Vietnamese, which 9,100 residents speak."; of several, each with its number."""
    speakers = finding.facts["speakers"]
    spoken = [(phrases.group(finding, one), phrases.figure(speakers, one)) for one in finding.values]
    if len(spoken) == 1:
        [(name, count)] = spoken
        return phrases.sentence(f"No event was in {name}, which {count} residents speak")
    names = listed([f"{name} ({count} residents)" for name, count in spoken], "or")
    return phrases.sentence(f"No event was in {names}")


@sentence_of("places_reached")
def places_reached(finding: Finding) -> str:
    """Return "Outreach reached 22 of 24 areas in 2024 and training 19; Quillmoor has high need and no …"."""
    facts = finding.facts
    if facts["reached"] == facts["trained"] == facts["total"]:
        return phrases.sentence(
            f"Outreach and training reached all {facts['total']} areas in {facts['year']}"
        )
    said = (
        f"Outreach reached {facts['reached']} of {facts['total']} areas in {facts['year']} and training "
        f"{facts['trained']}"
    )
    names = [finding.label("area", code) for code in facts["untrained"][:_MOST_NAMED]]
    more = len(facts["untrained"]) - len(names)
    names += ["others"] if more else []
    if not names:
        rest = "" if facts["trained"] == facts["total"] else "no area without training has clearly high need"
        return phrases.sentence(said, rest)
    return phrases.sentence(
        said,
        f"{listed(names)} {plural('has', len(facts['untrained']))} clearly high need and had no training",
    )


@sentence_of("scores_after_training")
def scores_after_training(finding: Finding) -> str:
    """Return "Test scores rose after training in 8 of 9 roles, most for health staff (+14 points, …)"."""
    facts, parts = finding.facts, []
    if finding.values:
        most, roles = finding.values[0], facts["roles"]
        count = f"all {roles} roles" if facts["rose"] == roles else f"{facts['rose']} of {roles} roles"
        parts.append(
            f"test scores rose after training in {count}, most for {phrases.group(finding, most)} "
            f"({points(most)})"
        )
    if facts["fell"]:
        parts.append(f"scores fell for {listed([phrases.group(finding, one) for one in facts['fell']])}")
    if facts["unclear"]:
        parts.append(
            f"no clear change for {listed([phrases.group(finding, one) for one in facts['unclear']])}"
        )
    return phrases.sentence(*parts)


def points(value: Value) -> str:
    """Return "+14 points, 11 to 17"; tenths where whole points would say too little."""
    if value.lower is None or value.upper is None:
        return f"{value.value:+.1f} points".replace("-", "−")
    digits = 0 if abs(value.value) >= 1 and value.upper - value.lower > _WIDE else 1
    ends = f"{value.lower:.{digits}f} to {value.upper:.{digits}f}"
    return f"{value.value:+.{digits}f} points, {ends}".replace("-", "−")


@sentence_of("passed_after_training")
def passed_after_training(finding: Finding) -> str:
    """Return "More people passed the test after training than before it in 8 of 9 roles; …"."""
    roles, unclear = finding.facts["roles"], finding.facts["unclear"]
    if len(unclear) == roles:
        return phrases.sentence(f"No clear change in the share who passed the test, in any of {roles} roles")
    count = f"{roles - len(unclear)} of {roles}" if unclear else f"all {roles}"
    names = [finding.label("audience_role", role) for role in unclear]
    return phrases.sentence(
        f"More people passed the test after training than before it in {count} roles",
        f"no clear rise for {listed(names)}" if names else "",
    )


@sentence_of("campaign_list")
def campaign_list(finding: Finding) -> str:
    """Return "7 campaigns since 2018 cost 412,000 dollars together (the cost of 6 is known)."."""
    facts = finding.facts
    count, known = facts["count"], facts["known"]
    if not count:
        return "No campaign ran in these areas and periods."
    cost = f" cost {money(facts['cost'], facts['currency'])} together" if known else ""
    partly = f" (the cost of {known} is known)" if 0 < known < count else ""
    return phrases.sentence(f"{counted(count, 'campaign')} since {facts['since']}{cost}{partly}")


def _measure(finding: Finding) -> Measure:
    if finding.measure is None:
        raise TypeError("people reached have a measure")
    return finding.measure
