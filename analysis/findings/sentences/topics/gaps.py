"""Sentences about needs that are not met, places, and what more of them would bring."""

from collections.abc import Mapping

from analysis.findings.compare import Value
from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.findings.topics.gaps import GROUP, SERVICE
from analysis.topics.gaps import ANYONE, EVERYONE
from analysis.words import counted, listed, number_word, plural

MOST_NAMED = 2
MOST_IN_WORDS = 10
WHOLE_SERVICE = (EVERYONE, ANYONE, "not_recorded")
MODEL = (
    "Free places are filled first; each added one then serves as many as such places do now, of people who "
    "went without because nothing was available."
)
ALLOCATED = "Estimated: groups and places are taken to be spread over areas as needs are."
ONLY_REGION = "The wait is known for the whole region only."
SAME_SITES = "More places at the same sites bring nobody nearer."
FIRST_SITE = "Nobody here is within reach of a site now, so the places are taken to open one."
IN_PROPORTION = "Places within reach: added to the same sites, in proportion."
AT_THE_MIDDLE = "The places stand at the middle of the area; travel is modelled."
BOUNDS = "Who reaches a site already is known by area only: reach is given as bounds, not a 95% interval."
NO_REACH = "How far help is, is not shown for this service."
NO_SITE = "A site needs places to open with and areas with known centres."


def service_words(finding: Finding, codes: Mapping[str, str]) -> str:
    """Return "housing and shelter for men and boys", or the service alone where it is for everyone."""
    service, group = codes[SERVICE], codes.get(GROUP, EVERYONE)
    name = finding.label(SERVICE, service)
    return name if group in WHOLE_SERVICE else f"{name} for {finding.label(GROUP, group)}"


def whole(value: Value) -> str:
    """Return people as a whole number with the interval: "93 (79–108)"."""
    low, high = round(value.lower or 0), round(value.upper or 0)
    return f"{round(value.value):,}" if low == high else f"{round(value.value):,} ({low:,}–{high:,})"


@sentence_of("largest_need")
def largest_need(finding: Finding) -> str:
    """Return "Housing and shelter for men and boys is the largest unmet need: about 120 (108–134) …"."""
    first, *others = finding.values
    when = f" in {finding.facts['when']}" if finding.facts["when"] else ""
    name = service_words(finding, first.codes)
    if finding.direction <= 0:
        second = others[0]
        return phrases.sentence(
            f"{name} (about {round(first.value):,} people a year{when}) and "
            f"{service_words(finding, second.codes)} ({round(second.value):,}) are the largest unmet needs, "
            "too close to tell apart"
        )
    share: Value | None = finding.facts["share"]
    of_them = f", {share.value:.0f}% of those who need it" if share else ""
    return phrases.sentence(
        f"{name} is the largest unmet need: about {whole(first)} people a year go without{when}{of_them}"
    )


@sentence_of("unmet_range")
def unmet_range(finding: Finding) -> str:
    """Return "From 4% to 49% of needs were not met, by area and service."."""
    low, high = finding.values
    if low.value == high.value:
        return phrases.sentence(f"{low.value:.0f}% of needs were not met, in each area and service shown")
    return phrases.sentence(
        f"from {low.value:.0f}% to {high.value:.0f}% of needs were not met, by area and service"
    )


@sentence_of("too_few_places")
def too_few_places(finding: Finding) -> str:
    """Return "There are too few places in A, in B and in four more services; five of twelve have room."."""
    room, total = finding.facts["room"], finding.facts["total"]
    with_room = (
        f"{number_word(room)} of {number_word(total)}" if total <= MOST_IN_WORDS else f"{room} of {total}"
    )
    tail = f"{with_room} services {plural('has', room)} room" if room else ""
    if not finding.values:
        return phrases.sentence("no service has clearly too few places", tail)
    names = [f"in {service_words(finding, one.codes)}" for one in finding.values[:MOST_NAMED]]
    more = len(finding.values) - len(names)
    if more:
        names.append(f"in {number_word(more)} more {plural('service', more)}")
    return phrases.sentence(f"there are too few places {listed(names)}", tail)


@sentence_of("more_places")
def more_places(finding: Finding) -> str:
    """Return "10 more places in … would serve 44 (36–53) more people a year; 76 would still go without."."""
    helped, still = finding.values
    change, area = finding.facts["places"], finding.facts["area"]
    where = f"in {service_words(finding, helped.codes)}{f' in {area}' if area else ''}"
    said = "estimated: " if finding.facts["is_estimated"] else ""
    left = round(still.value)
    needing = f"{counted(left, 'person')} a year"
    if change == 0:
        without = f"{needing} {plural('goes', left)} without"
        return phrases.sentence(f"{said}no place is added {where}", without)
    count = f"{abs(change):,} {'more' if change > 0 else 'fewer'} {plural('place', abs(change))}"
    if change < 0:
        fewer = Value(-helped.value, -(helped.upper or 0), -(helped.lower or 0))
        served = f"{count} {where} would serve {_people(fewer, 'fewer')} a year"
        return phrases.sentence(f"{said}{served}", f"{left:,} would go without")
    if helped.value < 1:
        return phrases.sentence(
            f"{said}{count} {where} would stand idle, as places are not what is lacking",
            f"{needing} would still go without",
        )
    reasons = ", for other reasons" if finding.facts["other_reasons"] and round(still.value) else ""
    return phrases.sentence(
        f"{said}{count} {where} would serve {_people(helped, 'more')} a year",
        f"{left:,} would still go without{reasons}",
    )


@sentence_of("smallest_change")
def smallest_change(finding: Finding) -> str:
    """Return "21 more places in … would serve 93 (79–108) more people a year; 27 would still go without."."""
    helped, still = finding.values
    places = finding.facts["places"]
    most = ", more per place than any other service" if finding.direction > 0 else ""
    count = f"{places:,} more {plural('place', places)}"
    name = service_words(finding, helped.codes)
    others = [service_words(finding, codes) for codes in finding.facts["more"]]
    return phrases.sentence(
        f"{count} in {name} would serve {_people(helped, 'more')} a year{most}",
        f"{round(still.value):,} would still go without",
        f"per place, {listed(others[:MOST_NAMED])} would serve more" if others else "",
    )


@sentence_of("no_change_helps")
def no_change_helps(finding: Finding) -> str:
    """Return that no gap is large enough for places to be worth a line."""
    least = finding.facts["least"]
    return f"In no service are {least:.0f} or more people a year known to go without for want of a place."


@sentence_of("areas_without")
def areas_without(finding: Finding) -> str:
    """Return "Estimated: from 17 to 29 people a year go without … in each of the five areas."."""
    low, high = finding.values
    shown, total = finding.facts["shown"], finding.facts["total"]
    said = "estimated: " if finding.facts["is_estimated"] else ""
    ends = (round(low.value), round(high.value))
    people = f"about {ends[0]:,}" if ends[0] == ends[1] else f"from {ends[0]:,} to {ends[1]:,}"
    where = "the one area" if shown == 1 else f"each of the {number_word(shown)} areas"
    where += " that can be shown" if shown < total else ""
    return phrases.sentence(
        f"{said}{people} people a year go without {service_words(finding, low.codes)} in {where}"
    )


@sentence_of("longest_wait")
def longest_wait(finding: Finding) -> str:
    """Return "The wait for a place is longest in …: 22 (15–31) days; across all services, 1 day."."""
    first, *others = finding.values
    every: Value | None = finding.facts["everywhere"]
    tail = f"across all services, {_days(every)}" if every else ""
    if others:
        second = others[0]
        names = f"{service_words(finding, first.codes)} and {service_words(finding, second.codes)}"
        return phrases.sentence(
            f"the waits for a place are longest in {names}: {_days(first)} and {_days(second)}, too close to "
            "tell apart",
            tail,
        )
    name = service_words(finding, first.codes)
    days, _, unit = _days(first).rpartition(" ")
    limits = f" ({_number(first.lower or 0)}–{_number(first.upper or 0)})" if first.has_limits else ""
    return phrases.sentence(f"the wait for a place is longest in {name}: {days}{limits} {unit}", tail)


@sentence_of("reached_by_nobody")
def reached_by_nobody(finding: Finding) -> str:
    """Return "In some areas nobody lives within 60 minutes of interpretation."."""
    names = [finding.label(SERVICE, code) for code in finding.facts["services"]]
    measure = finding.measure
    if measure is not None and measure.kind == "share":
        within = measure.short[:1].lower() + measure.short[1:]
        return phrases.sentence(f"in some areas nobody lives {within} of {listed(names, 'or')}")
    return phrases.sentence(f"some areas have no place within reach for {listed(names, 'or')}")


@sentence_of("within_reach")
def within_reach(finding: Finding) -> str:
    """Return "From 26% of residents (interpretation) to 84% (immigration help) live within 60 minutes …"."""
    high, low = finding.values
    measure = finding.measure
    if measure is None:
        return ""
    ends = [(phrases.figure(measure, one), finding.label(SERVICE, one.codes[SERVICE])) for one in (low, high)]
    (least, few), (most, many) = ends
    if measure.kind != "share":
        return phrases.sentence(f"{measure.label}: from {least} for {few} to {most} for {many}")
    near = measure.short[:1].lower() + measure.short[1:]
    return phrases.sentence(
        f"from {least} of residents ({few}) to {most} ({many}) live {near} of a service by road"
    )


@sentence_of("services_listed")
def services_listed(finding: Finding) -> str:
    """Return how many services are listed and what is not known of them; or how many a search found."""
    facts = finding.facts
    total = facts["total"]
    listed_now = f"{counted(total, 'service is')} listed"
    if facts["matches"] is not None:
        return phrases.sentence(f"{facts['matches']:,} of {counted(total, 'service')} match the search")
    lacking = [
        f"{count:,} {words}"
        for count, words in (
            (facts["no_organisation"], "without a listed organisation"),
            (facts["no_place"], "without a known place"),
        )
        if count
    ]
    return phrases.sentence(listed_now, ", ".join(lacking))


def _people(value: Value, more: str) -> str:
    return f"{whole(value)} {more} {plural('person', round(value.value))}"


def _days(value: Value) -> str:
    number = _number(value.value)
    return f"{number} {plural('day', 1 if number == '1' else 2)}"


def _number(value: float) -> str:
    """Return days as the table writes them: two figures below ten, whole ones from there."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
