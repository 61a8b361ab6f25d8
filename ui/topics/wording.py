"""Sentences about changes and seasons, from what `analysis` worked out. They never judge or explain."""

from collections.abc import Sequence

import polars as pl

from analysis import Answer, Measure
from analysis.findings.movement import Movement, movement
from analysis.findings.seasons import periods_above
from analysis.periods import MONTH_NAMES, label_of
from analysis.words import listed, with_unit
from ui.view.view import View

ARROWS = {1: "▲", -1: "▼", 0: "●"}
_DIRECTION = {1: "rose", -1: "fell"}


def newest_movement(view: View, answer: Answer, *, code: tuple[str, str] | None = None) -> Movement | None:
    """Return how the newest period compares with the same period a year before.

    Parameters
    ----------
    view
        The page's view.
    answer
        By ``period``; or by ``period`` and one dimension when `code` is given.
    code
        Dimension and code: the rows to look at.
    """
    frame = answer.frame if code is None else answer.frame.filter(pl.col(code[0]) == code[1])
    return movement(frame.iter_rows(named=True), answer.measure, _from_protection(view, answer))


def _from_protection(view: View, answer: Answer) -> float:
    """Return how much two numbers may differ by the protection alone."""
    protected = answer.measure.door == "person" and not (view.release and view.release.is_exact)
    return view.catalog.protection.change if protected else 0.0


def movement_sentence(label: str, measure: Measure, found: Movement, known: str = "") -> str:
    """Return "Referrals rose to 610 in 2025, from 540 in 2024." or "Referrals: no clear change, …".

    Parameters
    ----------
    label
        Subject of the sentence.
    measure, found
        What moved, and how.
    known
        Newest period that the reader has just been told of; its name is then left out.
    """
    now, before = with_unit(measure, found.later.value), with_unit(measure, found.earlier.value)
    if found.later.period != known:
        late = " (provisional)" if "p" in found.later.marker else ""
        now = f"{now} in {label_of(found.later.period)}{late}"
        before = f"{before} in {label_of(found.earlier.period)}"
    if found.direction == 0:
        return f"{label}: no clear change, {now} after {before}."
    return f"{label} {_DIRECTION[found.direction]} to {now}, from {before}."


def year_before(answer: Answer) -> str:
    """Return "2025 was higher than 2024 in 9 of the 12 months that can be compared"."""
    newest, before, above, compared = periods_above(answer)
    level = f"{answer.question.period_level}s"
    if not compared:
        return f"No {level} of the newest two years can be compared"
    return f"{newest} was higher than {before} in {above} of the {compared} {level} that can be compared"


def months(high: Sequence[int], low: Sequence[int]) -> str:
    """Return the headline of the months of the year."""
    if not high and not low:
        return "No month of the year stands out"
    parts = [f"more in {_named(high)}"] if high else []
    parts += [f"fewer in {_named(low)}"] if low else []
    return f"On average {' and '.join(parts)} than in other months"


def months_notes(months_frame: pl.DataFrame) -> list[str]:
    """Return what the caption says about the years behind the averages."""
    total = int(months_frame["years_total"][0])
    partly = months_frame.filter(pl.col("years_shown") < pl.col("years_total")).height
    said = f"Averages of {total} whole years without provisional months; whiskers are 95% intervals."
    if not partly:
        return [said]
    return [said, f"{partly} months are not shown in every year, so their averages are a little high."]


def _named(numbers: Sequence[int]) -> str:
    return listed([MONTH_NAMES[number - 1] for number in numbers])
