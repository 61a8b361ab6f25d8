"""What is new in a release, in words."""

from analysis.catalog.model import Measure, lower_first
from analysis.findings.between_releases import NEW, REVISED, Beside, Between, NewPeriods, RevisedYear
from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases
from analysis.findings.sentences.say import say, sentence_of
from analysis.periods import label_of_range
from analysis.words import counted, date_text, listed, number_word

MOST_NAMED = 4
_HIGHER = {1: "higher", -1: "lower"}
_TIMES = {1: "first", 2: "second"}


@sentence_of("releases_offered")
def releases_offered(finding: Finding) -> str:
    """Return how many releases can be read, and since when."""
    count, first = finding.facts["count"], finding.facts["first"]
    if count == 1:
        return "One release can be read so far: every later one will stand beside it."
    many = phrases.upper_first(number_word(count))
    return f"{many} releases can be read, the first as of {date_text(first)}."


@sentence_of("releases_beside")
def releases_beside(finding: Finding) -> str:
    """Return how many figures of a measure are others in two releases, and how many differ clearly."""
    rows: list[Beside] = finding.facts["rows"]
    about = phrases.subject(finding)
    changed = [one for one in rows if one.state == REVISED]
    clear = [one for one in changed if one.change and one.change.direction]
    new = sum(one.state == NEW for one in rows)
    added = f"; {counted(new, 'period')} {'is' if new == 1 else 'are'} new" if new else ""
    if not changed:
        return f"{about}: no figure is another one{added}."
    of = len(rows) - new
    verb = "is another one" if len(changed) == 1 else "are others"
    said = f"{len(changed)} of {counted(of, 'figure')} {verb}"
    differs = f"{len(clear) or 'none'} {'differ' if len(clear) > 1 else 'differs'} clearly"
    return f"{about}: {said}, {differs}{added}."


@sentence_of("not_answered")
def not_answered(finding: Finding) -> str:
    """Return why a figure cannot be given."""
    return f"{phrases.subject(finding)}: {finding.facts['why']}"


def opening(found: Between) -> str:
    """Return the sentence that a text about a release begins with."""
    later, earlier = found.later, found.earlier
    if earlier is None:
        day = date_text(later.as_of)
        return f"The figures are as of {day}. No earlier release is offered to compare them with."
    return (
        f"The figures are as of {date_text(later.as_of)}; those before were as of {date_text(earlier.as_of)}."
    )


def new_periods(found: NewPeriods) -> str:
    """Return "New: July to December 2025 of people identified and reports received."."""
    names = [lower_first(name) for name in found.what[:MOST_NAMED]]
    more = len(found.what) - len(names)
    what = listed([*names, f"{more} more"] if more else names)
    return f"New: {label_of_range(found.first, found.last)} of {what}."


def revised_year(found: RevisedYear) -> list[str]:
    """Return how many numbers of a year are others, and which totals differ clearly."""
    times = _TIMES.get(found.revision, f"{found.revision}th")
    moved = [
        f"{found.changed:,} of {found.of:,} numbers are others",
        f"{found.anew:,} are shown that were not" if found.anew else "",
        f"{found.no_longer:,} are not shown any more" if found.no_longer else "",
    ]
    lines = [
        phrases.sentence(
            f"{found.label} in {found.year}: revised for the {times} time; {', '.join(filter(None, moved))}"
        )
    ]
    clear = [(measure, one) for measure, one in found.compared if one.change and one.change.direction]
    lines += [_differs(measure, one) for measure, one in clear]
    if found.compared and not clear:
        lines.append(
            f"Of {counted(len(found.compared), 'total')} of that year none differs clearly from what it was."
        )
    return lines


def _differs(measure: Measure, one: Beside) -> str:
    assert one.later is not None and one.earlier is not None and one.change is not None
    now, then = (phrases.with_interval(measure, value) for value in (one.later, one.earlier))
    name = phrases.upper_first(phrases.the(measure.label))
    year = one.codes["period"]
    return f"{name} in {year}: {now}, clearly {_HIGHER[one.change.direction]} than the {then} said before."


def revised_by_others(source: str, count: int) -> str:
    """Return that a publisher has changed figures that were published before."""
    differ = "differs" if count == 1 else "differ"
    return f"{source}: {counted(count, 'published figure')} {differ} from the release before."


def clear_changes(found: Between) -> list[str]:
    """Return what changed clearly, and out of how many; nothing where the compared years are as before."""
    if not found.compared:
        return []
    lines = [say(one) for one in found.clear]
    if not lines:
        lines = [f"None of the {found.compared} measures that can be compared changed clearly."]
    looked_at = counted(found.looked_at, "measure")
    return [*lines, f"Looked at: {looked_at}, of which {found.compared} can be compared."]


def measures(names: tuple[str, ...], *, are_new: bool) -> str:
    """Return which measures came or went."""
    return f"{'New' if are_new else 'No longer there'}: {listed([lower_first(name) for name in names])}."
