"""Sentences about referrals: what happened to them, never why and never who is to blame."""

from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.words import listed

_STEPS = {"accepted": "were accepted", "first_service": "led to a first service"}
_ENDED = {
    "declined": "most of those that ended before a stable outcome were declined",
    "withdrawn": "most of those that ended before a stable outcome were withdrawn",
    "left_service": "most of those that ended before a stable outcome ended after a first service",
}
_WAITS = {
    "start_band": "The first service after an accepted referral",
    "decision_band": "The decision on a referral",
}
_WITHIN = {"half": "half", "most": "nine in ten"}


@sentence_of("how_far")
def how_far(finding: Finding) -> str:
    """Return "Of 16,457 referrals made, 12,006 were accepted and 9,316 led to a first service; …"."""
    if finding.measure is None:
        raise TypeError("referrals have a measure")
    measure = finding.measure
    total = phrases.figure(measure, finding.values[0])
    steps = [
        f"{phrases.figure(measure, value)} {_STEPS[name]}" for name, value in finding.facts["steps"].items()
    ]
    ended = finding.facts["ended"]
    return phrases.sentence(f"Of {total} referrals made, {listed(steps)}", _ENDED[ended] if ended else "")


@sentence_of("waits")
def waits(finding: Finding) -> str:
    """Return "Half of the first services began within 27 days (26–28), nine in ten within 151 days."."""
    parts = [
        f"{_WITHIN[name]} within {phrases.with_interval(measure, value)}"
        for name, (measure, value) in finding.facts["waits"].items()
    ]
    [measure, _] = next(iter(finding.facts["waits"].values()))
    return phrases.sentence(f"{_WAITS[measure.share_of]}: {', '.join(parts)}")


@sentence_of("waits_unknown")
def waits_unknown(_finding: Finding) -> str:
    """Return that too little is shown for a median."""
    return "Too few of these numbers can be shown to say how long half waited."


@sentence_of("hand_offs")
def hand_offs(finding: Finding) -> str:
    """Return "Referrals by police to … fell from about 60 a year in 2018–2020 to too few to show …"."""
    first, more = finding.facts["first"], finding.facts["more"]
    sender = finding.label("from_org_type", first.sender)
    receiver = finding.label("to_organisation", first.receiver)
    when = ", the year an agreement between them ended" if finding.facts["agreement_ended"] else ""
    fell = (
        f"Referrals by {sender} to {receiver} fell from about {first.before:,.0f} a year in "
        f"{first.years[0]}–{first.years[1]} to too few to show after {first.stopped_in}{when}"
    )
    return phrases.sentence(fell, f"so did {more} more" if more else "")


@sentence_of("no_hand_off")
def no_hand_off(_finding: Finding) -> str:
    """Return that every usual hand-off goes on."""
    return "Every hand-off that was usual and can be shown goes on."


@sentence_of("hand_offs_refused")
def hand_offs_refused(finding: Finding) -> str:
    """Return why hand-offs cannot be looked for, and what to leave out."""
    return phrases.sentence(f"Hand-offs that fell away: {finding.facts['message']}")
