"""Sentences about agreements, actions, referrals between organisations, laws and duties. Nobody is blamed."""

from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import sentence_of
from analysis.periods import MONTH_NAMES
from analysis.words import counted, date_text, few_of, listed, number_text, number_word, plural


@sentence_of("actions_overdue")
def actions_overdue(finding: Finding) -> str:
    """Return "As of 31 December 2025, 10 actions are overdue, 7 of them on protection; the longest by …"."""
    facts = finding.facts
    if not facts["overdue"]:
        return f"No action is overdue as of {date_text(facts['day'])}."
    first = f"as of {date_text(facts['day'])}, {counted(facts['overdue'], 'action is')} overdue"
    if facts["most"]:
        code, count = facts["most"]
        first += f", {count:,} of them on {finding.label('pillar', code)}"
    return phrases.sentence(first, f"the longest by {counted(facts['longest'], 'day')}")


@sentence_of("agreements_ending")
def agreements_ending(finding: Finding) -> str:
    """Return "26 agreements are in force; four end within 12 months, two of them within 6 months."."""
    active, soon, sooner = (finding.facts[key] for key in ("active", "soon", "sooner"))
    if not active:
        return "No agreement is in force."
    held = f"{counted(active, 'agreement is')} in force"
    if not soon:
        return phrases.sentence(held, "none ends within 12 months")
    ends = f"{number_word(soon)} {plural('ends', soon)} within 12 months"
    within = f", {number_word(sooner)} of them within 6 months" if sooner and soon > 1 else ""
    return phrases.sentence(held, ends + within)


@sentence_of("agreements_lapsed")
def agreements_lapsed(finding: Finding) -> str:
    """Return "Four agreements ended and were not renewed; the oldest, …, ended on 31 March 2021."."""
    lapsed, oldest = finding.facts["lapsed"], finding.facts["oldest"]
    if oldest is None:
        return "Every agreement that ended was renewed."
    name, ended = oldest
    if lapsed == 1:
        return phrases.sentence(f"one agreement ended and was not renewed: {name}, on {date_text(ended)}")
    return phrases.sentence(
        f"{number_word(lapsed)} {plural('agreement', lapsed)} ended and {plural('was', lapsed)} not renewed",
        f"the oldest, {name}, ended on {date_text(ended)}",
    )


@sentence_of("after_the_end")
def after_the_end(finding: Finding) -> str:
    """Return "Referrals from police to legal help fell to 21 (…) in 2022, from 60 in 2020; …"."""
    ended, measure, run = finding.facts["ended"], finding.measure, finding.long_run
    ends = [finding.label(name, code) for name, code in finding.facts["link"].items() if name != "area"]
    link = f"referrals from {ends[0]} to {ends[-1]}"
    when = f"the agreement ended in {MONTH_NAMES[ended.month - 1]} {ended.year}"
    if measure is None or run is None:
        return phrases.sentence(f"{link}: the years around the end cannot both be shown", when)
    if not run.is_comparable:
        return phrases.sentence(f"{link}: the years around the end are not comparable", when)
    earlier, later = run.change.earlier, run.change.later
    before, after = (code for end in (run.pair.earlier, run.pair.later) for code in end)
    now, then = phrases.with_interval(measure, later), phrases.figure(measure, earlier)
    if not run.direction:
        return phrases.sentence(f"no clear change in {link}: {then} in {before}, {now} in {after}", when)
    verb = phrases.DIRECTIONS[run.direction]
    return phrases.sentence(f"{link} {verb} to {now} in {after}, from {then} in {before}", when)


@sentence_of("who_receives")
def who_receives(finding: Finding) -> str:
    """Return "The kind of organisation with most referrals in 2024 is shelter: 812 (770–855); …"."""
    measure, year = finding.measure, finding.facts["year"]
    if measure is None:
        raise TypeError("referrals have a measure")
    first, *others = finding.values
    when = f" in {year}" if year else ""
    name, value = phrases.group(finding, first), phrases.with_interval(measure, first)
    if finding.direction > 0 or not others:
        most = f"the kind of organisation with most referrals{when} is {name}: {value}"
    else:
        second = f"{phrases.group(finding, others[0])} ({phrases.figure(measure, others[0])})"
        most = f"{name} ({phrases.figure(measure, first)}) and {second} received the most referrals{when}"
    alone = [
        f"{finding.label('to_org_type', receiver)} from {finding.label('from_org_type', sender)}"
        for sender, receiver in finding.facts["alone"]
    ]
    return phrases.sentence(most, f"one kind sends nearly all: to {listed(alone)}" if alone else "")


@sentence_of("organisations")
def organisations(finding: Finding) -> str:
    """Return "42 organisations of 11 kinds take part; every kind has at least two members."."""
    if finding.measure is None:
        raise TypeError("organisations have a measure")
    total, alone = number_text(finding.measure, finding.values[0].value), finding.facts["alone"]
    names = [finding.label("organisation_type", code) for code in alone]
    tail = f"only one is of the kind: {listed(names)}" if names else "every kind has at least two members"
    return phrases.sentence(f"{total} organisations of {finding.facts['kinds']} kinds take part", tail)


@sentence_of("recommendations")
def recommendations(finding: Finding) -> str:
    """Return "12 of 24 recommendations have been enacted."."""
    measure, [value] = finding.measure, finding.values
    if measure is None:
        raise TypeError("recommendations have a measure")
    few = few_of(measure, value.value, value.base)
    shown = few or f"{phrases.with_interval(measure, value)} of"
    return phrases.sentence(f"{shown} recommendations have been enacted")


@sentence_of("reporting_below")
def reporting_below(finding: Finding) -> str:
    """Return "Mandated reporting: school or college met 63% (60–65%) of what was due, …"."""
    measure, others = finding.measure, finding.facts["others"]
    if measure is None or not finding.values:
        return "Mandated reporting: no kind of organisation is clearly below the others."
    named = [
        f"{phrases.group(finding, one)} met {phrases.with_interval(measure, one)}"
        for one in finding.values[:2]
    ]
    low, high = others or (None, None)
    ends = list(dict.fromkeys(f"{end:.0f}" for end in (low, high) if end is not None))
    tail = f", other kinds {'–'.join(ends)}%" if ends else ""
    return phrases.sentence(f"Mandated reporting: {listed(named)} of what was due{tail}")


@sentence_of("laws_in_force")
def laws_in_force(finding: Finding) -> str:
    """Return "Five laws are in force; one is adopted but not yet in force and one is proposed."."""
    facts = finding.facts
    many = facts["in_force"]
    held = f"{number_word(many)} {plural('law is', many)} in force"
    if not many:
        held = "no law is in force"
    waiting = [
        f"{number_word(facts[status])} {plural('is', facts[status])} {words}"
        for status, words in (("adopted", "adopted but not yet in force"), ("proposed", "proposed"))
        if facts[status]
    ]
    return phrases.sentence(held, listed(waiting))


@sentence_of("laws_of_countries")
def laws_of_countries(finding: Finding) -> str:
    """Return "Laws in force, by country: United States 4 and international 2."."""
    held = finding.facts["held"]
    if not held:
        return "No law is in force."
    named = [f"{finding.label('country', code)} {count}" for code, count in held.items()]
    return phrases.sentence(f"Laws in force, by country: {listed(named)}")
