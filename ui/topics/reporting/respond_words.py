"""Headlines about reports and referrals: what the published figures say, never why, never who is to blame."""

from collections.abc import Callable, Sequence
from typing import Any

from analysis import Answer, Measure
from analysis.catalog.model import lower_first
from analysis.findings.differences import VAGUE, Gap, Row, apart_from_all, compare, first_to_last
from analysis.findings.movement import Movement
from analysis.periods import label_of
from analysis.questions.filters import the
from analysis.topics.pathway import Drop, Stopped
from analysis.words import interval_text, listed, number_text

Words = Callable[[str, str], str]
_DIRECTION = {1: "rose", -1: "fell"}
STEP_WORDS = {
    "made": "the referral",
    "accepted": "acceptance",
    "first_contact": "first contact",
    "first_service": "first service",
    "stable_outcome": "a stable outcome",
}


def with_limits(measure: Measure, row: Row) -> str:
    """Return "61% (59–63%)"."""
    return number_text(measure, row["value"]) + interval_text(measure, row["lower"], row["upper"])


def over_the_years(answer: Answer, smallest: float = 0.0) -> str:
    """Return "Share of digital reports rose to 55% (53–57%) in 2024, from 20% in 2016."

    From the first complete period to the newest one; the answer's own sentence where there are not two.
    """
    found = first_to_last(answer.frame.iter_rows(named=True), smallest)
    return moved(answer.measure, found) if found else answer.sentence


def groups_over_the_years(answer: Answer, name: str, words: Words, most: int = 3) -> str:
    """Return which groups rose and fell from the first complete period to the newest one, furthest first.

    Parameters
    ----------
    answer
        By ``period`` and one dimension.
    name, words
        The dimension, and words for its codes.
    most
        Groups named.
    """
    found = []
    for code in answer.frame[name].unique(maintain_order=True):
        rows = (row for row in answer.frame.iter_rows(named=True) if row[name] == code)
        move = first_to_last(rows)
        if move and code not in VAGUE:
            found.append((code, move))
    if not found:
        return answer.sentence
    measure = answer.measure
    clear = sorted(
        ((code, move) for code, move in found if move.direction), key=lambda one: -abs(one[1].difference)
    )
    first, last = (label_of(code) for code in (found[0][1].earlier.period, found[0][1].later.period))
    if not clear:
        return f"{measure.label}: no clear change in any group from {first} to {last}."
    said = [
        f"{lower_first(words(name, code))} {_DIRECTION[move.direction]} from "
        f"{number_text(measure, move.earlier.value)} to {number_text(measure, move.later.value)}"
        for code, move in clear[:most]
    ]
    return f"{measure.label}, {first} to {last}: {listed(said)}."


def moved(measure: Measure, found: Movement) -> str:
    """Return a movement between two named periods in words."""
    later, earlier = found.later, found.earlier
    unit = f" {measure.unit}" if measure.kind == "quantile" else ""
    now, then = number_text(measure, later.value) + unit, number_text(measure, earlier.value) + unit
    when, before = label_of(later.period), label_of(earlier.period)
    if not found.direction:
        return f"No clear change in {the(measure.label)}: {now} in {when}, {then} in {before}."
    limits = interval_text(measure, later.lower, later.upper)
    return (
        f"{measure.label} {_DIRECTION[found.direction]} to {now}{limits} in {when}, from {then} in {before}."
    )


def slowest(by: Answer, whole: Answer, name: str, words: Words, template: str) -> str:
    """Return which reports wait longest for an answer, or that none stands out.

    Parameters
    ----------
    by, whole
        Median times by one dimension, and of all together.
    name, words
        The dimension, and words for its codes.
    template
        Such as "Reports by {}".
    """
    row = _only(whole)
    if row is None or row["value"] is None:
        return by.sentence
    measure, unit = by.measure, by.unit
    all_of_them = f"{number_text(measure, row['value'])} {unit}"
    slow = apart_from_all(by.frame.iter_rows(named=True), name, row, 1)
    if not slow:
        label = _template_words(template)
        return f"No {label} stands out: half of all reports are answered within {all_of_them}."
    named = listed([template.format(lower_first(words(name, one[name]))) for one in slow[:1]])
    return (
        f"{named} wait longest: half are answered within {with_limits(measure, slow[0])} {unit}, "
        f"against {all_of_them} for all reports."
    )


def _template_words(template: str) -> str:
    return {"Reports by {}": "channel or reporter", "Reports about {}": "kind of area"}.get(template, "group")


def gap(found: Gap | None, name: str, words: Words, nothing: str) -> str:
    """Return the widest gap between two groups in words, or `nothing`.

    Parameters
    ----------
    found
        From `analysis.findings.differences.widest_gap`.
    name, words
        The dimension, and words for its codes.
    nothing
        The sentence where no gap can be claimed.
    """
    if found is None:
        return nothing
    high, low = (lower_first(words(name, row[name])) for row in (found.high, found.low))
    return (
        f"{found.measure.label}: {with_limits(found.measure, found.high)} for {high}, "
        f"{with_limits(found.measure, found.low)} for {low}."
    )


def wait_apart(rows: Sequence[Row], measure: Measure, words: Words, is_apart: bool) -> str:
    """Return how long people in rural and in urban areas wait.

    Parameters
    ----------
    rows
        Two rows by ``area_kind``, the longer wait first.
    is_apart
        Whether the difference is more than chance and protection explain.
    """
    long, short = rows
    first, second = (words("area_kind", row["area_kind"]) for row in rows)
    if not is_apart:
        return (
            "No clear difference in the wait for a first service: "
            f"{number_text(measure, long['value'])} days in {lower_first(first)}, "
            f"{number_text(measure, short['value'])} in {lower_first(second)}."
        )
    return (
        f"People in {lower_first(first)} wait longer for a first service: half of the accepted referrals got "
        f"one within {with_limits(measure, long)} days, against {with_limits(measure, short)} days in "
        f"{lower_first(second)}."
    )


def nine_in_ten(rows: Sequence[Row], measure: Measure, words: Words, longest: float) -> str:
    """Return within how many days nine in ten accepted referrals got a first service, by kind of area.

    Parameters
    ----------
    rows
        Rows by ``area_kind`` with a base; without a value, more than one in ten waited beyond every band.
    longest
        Days at which the open band begins.
    """
    said = []
    for row in rows:
        known = row["value"] is not None
        days = with_limits(measure, row) if known else f"more than {longest:.0f}"
        said.append(f"{days} days in {lower_first(words('area_kind', row['area_kind']))}")
    return f"Nine in ten got one within {listed(said)}." if said else ""


def pathway(made: Row, reached: dict[str, Row], measure: Measure, when: str, drop: Drop | None) -> str:
    """Return how many referrals were made and how many came how far; then where most did not go on."""
    parts = []
    for step, words in (
        ("accepted", "were accepted"),
        ("first_service", "led to a first service"),
        ("stable_outcome", "to a stable outcome"),
    ):
        row = reached.get(step)
        if row is not None and row["value"] is not None:
            parts.append(f"{number_text(measure, row['value'])} {words}")
    if made["value"] is None or not parts:
        return "How far referrals came cannot be shown for this choice."
    said = f"Of {number_text(measure, made['value'])} referrals made{when}, {listed(parts)}."
    if drop is None:
        return said
    lost = number_text(measure, drop.value)
    between = f"{STEP_WORDS[drop.step]} and {STEP_WORDS[drop.following]}"
    return f"{said} The largest drop lies between {between}: {lost}."


def steps(shares: Sequence[tuple[Answer, str]]) -> str:
    """Return what share went on at each step: "73% (72–74%) of decided referrals were accepted, …".

    Parameters
    ----------
    shares
        Answers without rows, and words such as "of accepted referrals led to a first service".
    """
    said = []
    for answer, words in shares:
        row = whole(answer)
        if row is not None and row["value"] is not None:
            said.append(f"{with_limits(answer.measure, row)} {words}")
    return f"{listed(said)}." if said else "What share went on at each step cannot be shown."


def reasons(answer: Answer, declined: Row | None, words: Words) -> str:
    """Return the most usual reason for declining, with its number."""
    known = ("not_recorded", "other")
    shown = [
        row
        for row in answer.frame.iter_rows(named=True)
        if row["value"] is not None and row["decline_reason"] not in known
    ]
    if not shown:
        return answer.sentence
    first, *others = sorted(shown, key=lambda row: -row["value"])

    def said(row: Row) -> str:
        name = lower_first(words("decline_reason", row["decline_reason"]))
        return f"{name}, {number_text(answer.measure, row['value'])}"

    of = f" of {number_text(answer.measure, declined['value'])} declined" if declined else ""
    sentence = f"Declined most often: {said(first)}{of}"
    if others and not int(compare(others[0], first).direction):
        sentence += f"; no clear difference from {said(others[0])}"
    return f"{sentence}."


def led(answer: Answer, lead: str) -> str:
    """Return the answer's own "Most often: …" with words that say what happened most often."""
    return answer.sentence.replace("Most often: ", f"{lead}: ", 1)


def backlog(total: Row | None, older: Row | None, measure: Measure, share: Measure, year: str) -> str:
    """Return how many referrals were open at the end of a year and how many of them for long."""
    if total is None or total["value"] is None:
        return f"How many referrals were open at the end of {year} cannot be shown."
    said = f"At the end of {year}, {with_limits(measure, total)} referrals were open"
    if older is None or older["value"] is None:
        return f"{said}."
    return f"{said}; {with_limits(share, older)} of them for more than 90 days."


def stopped(found: Sequence[Stopped], words: Words, ended: dict[tuple[str, str], str]) -> str:
    """Return which hand-offs stopped, the largest first.

    Parameters
    ----------
    found
        From `analysis.topics.pathway.stopped_hand_offs`.
    words
        Words for codes.
    ended
        Sender and receiver to the words for when their agreement ended, where one did about then.
    """
    if not found:
        return "No hand-off that was usual has stopped."
    first = found[0]
    sender, receiver = (
        lower_first(words("from_org_type", first.sender)),
        words("to_organisation", first.receiver),
    )
    because = ended.get((first.sender, first.receiver), "")
    said = (
        f"Hand-offs from {sender} to {receiver} stopped in {first.stopped_in}{because}: about "
        f"{first.before:,.0f} a year in {first.years[0]}–{first.years[1]}, since then fewer than can be "
        "shown, or none."
    )
    more = len(found) - 1
    return said + (f" {more} more stopped too." if more else "")


def whole(answer: Answer | None) -> Row | None:
    """Return the row of an answer to a question without rows; None when there is none."""
    return _only(answer) if answer is not None else None


def _only(answer: Answer) -> dict[str, Any] | None:
    return None if answer.refusal or answer.frame.is_empty() else answer.frame.row(0, named=True)
