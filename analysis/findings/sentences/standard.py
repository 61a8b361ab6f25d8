"""Sentences of the standard kinds of findings, the same for every measure, page and file."""

from analysis.catalog.model import Measure, lower_first
from analysis.findings.basis import label_of
from analysis.findings.compare import Value
from analysis.findings.finding import PARTS, Finding, Run
from analysis.findings.sentences import phrases
from analysis.periods import label_of as period_label
from analysis.periods import label_of_range
from analysis.words import listed, number_word

MOST_GROUPS = 2


def change(finding: Finding) -> str:
    """Return "People identified rose from about 27 a year in 2016–2018 to 40 in 2022–2024; no clear …"."""
    measure = _measure(finding)
    long_run, newest = finding.long_run, finding.newest
    subject = phrases.subject(finding)
    if long_run is None:
        return phrases.sentence(_single(measure, subject, newest)) if newest else ""
    if not long_run.is_comparable:
        return phrases.sentence(_barred(measure, subject, long_run), _since(measure, long_run, newest))
    return phrases.sentence(_single(measure, subject, long_run), _since(measure, long_run, newest))


def brief(finding: Finding) -> str:
    """Return the verdicts of a change in a few words: "Up since 2016–2018; no clear change since 2023"."""
    runs = [run for run in (finding.long_run, finding.newest) if run]
    if finding.kind != "change" or not runs:
        return "No comparison"
    parts = []
    for run in runs:
        since = label_of(run.pair.earlier)
        if not run.is_comparable:
            parts.append(f"not comparable since {since}")
        else:
            parts.append(f"{phrases.SINCE.get(run.direction, 'no clear change')} since {since}")
    return phrases.upper_first("; ".join(parts))


def changes(finding: Finding) -> str:
    """Return which groups rose and fell between the ends: "… phone fell to 41%, web form rose to 25%."."""
    measure = _measure(finding)
    pair, looked_at = finding.facts["pair"], finding.facts["looked_at"]
    between = f"between {label_of(pair.earlier)} and {label_of(pair.later)}"
    subject = phrases.upper_first(phrases.the(measure.label))
    if barred := finding.facts.get("barred", ""):
        return phrases.sentence(f"{subject}: {phrases.not_comparable(pair, barred)}")
    if not finding.parts:
        return phrases.sentence(f"{subject}: no clear change in any group {between}")
    named = []
    for part in finding.parts[:MOST_GROUPS]:
        run = part.long_run or part.newest
        if run is not None:
            group = listed([finding.label(name, code) for name, code in part.facts["group"]])
            to = phrases.figure(measure, run.change.later)
            named.append(f"{group} {phrases.DIRECTIONS[run.direction]} to {to}{_a_year(measure, run)}")
    more = len(finding.parts) - len(named)
    rest = looked_at - len(finding.parts)
    tail = f"{more} more of {looked_at} groups changed clearly" if more else ""
    if not more and rest:
        tail = f"no clear change in the other {number_word(rest)}"
    return phrases.sentence(f"{subject} {between}: {listed(named)}", tail)


def level(finding: Finding) -> str:
    """Return "People identified: 1,223 (1,150–1,295), 2016–2025."."""
    measure, [value] = _measure(finding), finding.values
    names = [finding.label(name, code) for name, code in value.codes.items() if name != "period"]
    when = period_label(value.codes["period"]) if "period" in value.codes else ""
    if not when and finding.scope.periods:
        when = label_of_range(*finding.scope.periods)
    after = ", ".join(part for part in (*names, when) if part)
    figure = phrases.with_interval(measure, value)
    return phrases.sentence(f"{measure.label}: {figure}{', ' if after else ''}{after}")


def leader(finding: Finding) -> str:
    """Return "Most reports come by phone (45%), then by web form (21%)."; or that two are as common."""
    measure = _measure(finding)
    first, *others = finding.values
    words = phrases.upper_first(phrases.group(finding, first))
    value, when = phrases.with_interval(measure, first), phrases.in_period(finding)
    if not others:
        return phrases.sentence(f"{words}: {value}, the only group that can be shown{when}")
    second = others[0]
    follows = f"{phrases.group(finding, second)} ({phrases.figure(measure, second)})"
    if finding.direction <= 0:
        return phrases.sentence(
            f"{words} ({phrases.figure(measure, first)}) and {follows} are about as common{when}"
        )
    if measure.leads:
        said = measure.leads.format(first=phrases.group(finding, first), value=value, then=follows)
        return phrases.sentence(f"{said.rstrip('.')}{when}")
    if measure.per_field:
        return phrases.sentence(f"{words} is the most often not recorded: {value}, then {follows}{when}")
    of = f" of {lower_first(measure.label)}" if measure.kind in ("count", "amount") else ""
    return phrases.sentence(
        f"The largest group{of} is {phrases.group(finding, first)}: {value}, then {follows}{when}"
    )


def gap(finding: Finding) -> str:
    """Return the widest clear gap between groups that have figures of their own, or that there is none."""
    measure = _measure(finding)
    high, low = finding.values
    subject, when = phrases.upper_first(phrases.the(measure.label)), phrases.in_period(finding)
    ends = (
        f"{phrases.figure(measure, high)} for {phrases.group(finding, high)}",
        f"{phrases.figure(measure, low)} for {phrases.group(finding, low)}",
    )
    if finding.direction:
        return phrases.sentence(
            f"{subject} is highest for {_with(finding, high)}, lowest for {_with(finding, low)}{when}"
        )
    return phrases.sentence(
        f"No clear difference in {phrases.the(measure.label)}: from {ends[1]} to {ends[0]}{when}"
    )


def apart(finding: Finding) -> str:
    """Return which groups lie clearly above or below all others together."""
    measure = _measure(finding)
    subject = phrases.the(measure.label)
    if not finding.values:
        return phrases.sentence(f"No group is clearly apart from the others in {subject}")
    side = "above" if finding.direction > 0 else "below"
    names = [phrases.group(finding, one) for one in finding.values[:MOST_GROUPS]]
    more = len(finding.values) - len(names)
    if more:
        names.append(f"{more} more")
    first = finding.values[0]
    figure = f" ({phrases.figure(measure, first)})" if len(finding.values) == 1 else ""
    return phrases.sentence(
        f"{phrases.upper_first(subject)} is clearly {side} the others for {listed(names)}{figure}"
    )


def spread(finding: Finding) -> str:
    """Return the range over areas: "… ranged from 12 to 57 across the 22 of 24 areas that can be shown."."""
    measure = _measure(finding)
    low, high = finding.values
    shown, total = finding.facts["shown"], finding.facts["total"]
    kind, when = "areas" if finding.facts["by"] == ("area",) else "groups", phrases.in_period(finding)
    if shown == 1:
        name = phrases.group(finding, high)
        only = "" if total == 1 else f", the only one of {total} {kind} that can be shown"
        return phrases.sentence(
            f"{measure.label}: {phrases.with_interval(measure, high)} in {name}{only}{when}"
        )
    which = f"the {total} {kind}" if shown == total else f"the {shown} of {total} {kind} that can be shown"
    ends = f"from {phrases.figure(measure, low)} to {phrases.figure(measure, high)}"
    return phrases.sentence(f"{measure.label} ranged {ends} across {which}{when}")


def within(finding: Finding) -> str:
    """Return up to which ordered group half and nine in ten lie: "half within 15–28 days, nine in ten …"."""
    measure = _measure(finding)
    half, most = finding.facts.get("half"), finding.facts.get("most")
    subject = phrases.upper_first(phrases.the(measure.label))
    reach = finding.facts["reach"]
    parts = [f"half {reach.format(finding.label(finding.about, half))}"] if half else []
    parts += [f"nine in ten {reach.format(finding.label(finding.about, most))}"] if most else []
    if not parts:
        parts = ["more than half are in the last group"]
    return phrases.sentence(f"{subject}: {', '.join(parts)}{phrases.in_period(finding)}")


def nothing_clear(finding: Finding) -> str:
    """Return that no comparison can be made."""
    measure = _measure(finding)
    if finding.values:
        newest = finding.values[0]
        when = period_label(newest.codes["period"]) if "period" in newest.codes else ""
        late = ", still incomplete" if "p" in newest.marker else ""
        figure = phrases.with_interval(measure, newest)
        return phrases.sentence(f"{measure.label}: {figure}{' in ' if when else ''}{when}{late}")
    why = (
        "no two periods can be compared"
        if finding.facts.get("are_named")
        else "only what was not recorded can be shown"
    )
    return phrases.sentence(f"{measure.label}: {why}")


def hidden(finding: Finding) -> str:
    """Return that nothing can be shown, and why; nothing is ever said about the hidden figures."""
    door = finding.measure.door if finding.measure else "person"
    if finding.facts.get("is_hidden") and door == "published":
        return "The publisher shows no number here."
    if finding.facts.get("is_hidden") and door == "business":
        return "Nothing can be shown here: too few organisations stand behind the numbers, or there are none."
    if finding.facts.get("is_hidden") and finding.threshold:
        return f"Nothing can be shown here: every number is below {finding.threshold}, or there are none."
    return "There are no figures for this choice."


def _single(measure: Measure, subject: str, run: Run) -> str:
    """Return one comparison as a clause with both figures."""
    earlier, later = run.change.earlier, run.change.later
    if not run.is_comparable:
        return _barred(measure, subject, run)
    year = _a_year(measure, run)
    about = "about " if year and not earlier.is_part else ""
    then = f"{about}{phrases.figure(measure, earlier)}{year} in {label_of(run.pair.earlier)}"
    now, when = phrases.figure(measure, later), label_of(run.pair.later)
    if not run.direction:
        return f"no clear change in {_inside(subject)}: {then}, {now} in {when}"
    verb = phrases.DIRECTIONS[run.direction]
    return f"{subject} {verb} from {then} to {now}{phrases.interval(measure, later)} in {when}"


def _barred(measure: Measure, subject: str, run: Run) -> str:
    """Return the later end alone and why it has no verdict; of a silent contributor not even the figure."""
    if run.barred != PARTS:
        return f"{subject}: {phrases.not_comparable(run.pair, run.barred)}"
    when, earlier = f"{_a_year(measure, run)} in {label_of(run.pair.later)}", label_of(run.pair.earlier)
    figure, why = phrases.figure(measure, run.change.later), phrases.BARRED[run.barred]
    return f"{subject}: {figure}{when}, not comparable with {earlier}, as {why}"


def _since(measure: Measure, long_run: Run, newest: Run | None) -> str:
    """Return the clause about the newest year after the long run."""
    if newest is None or newest.pair == long_run.pair:
        return ""
    if not newest.is_comparable:
        if newest.barred == long_run.barred:
            return ""
        return f"not comparable since {label_of(newest.pair.earlier)}"
    since, when = label_of(newest.pair.earlier), label_of(newest.pair.later)
    if not newest.direction:
        return f"no clear change since {since}"
    to = phrases.figure(measure, newest.change.later)
    return f"{phrases.SINCE[newest.direction]} since {since}, to {to} in {when}"


def _a_year(measure: Measure, run: Run) -> str:
    return " a year" if phrases.yearly(measure) and len(run.pair.later) > 1 else ""


def _inside(subject: str) -> str:
    """Return the subject of a sentence as it stands inside one."""
    return lower_first(subject)


def _with(finding: Finding, value: Value) -> str:
    measure = _measure(finding)
    return f"{phrases.group(finding, value)} ({phrases.figure(measure, value)})"


def _measure(finding: Finding) -> Measure:
    if finding.measure is None:
        raise TypeError(f"a finding of the kind {finding.kind} has a measure")
    return finding.measure
