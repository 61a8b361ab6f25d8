"""Sentences about changes and seasons, from what `analysis` worked out. They never judge or explain."""

from collections.abc import Sequence

import polars as pl

from analysis import Answer, Measure
from analysis.movement import Movement, movement
from analysis.periods import MONTH_NAMES, label_of
from analysis.wording import listed, number_text
from ui.view import View

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
    protected = answer.measure.door == "person" and not (view.release and view.release.is_exact)
    return movement(frame, answer.measure, view.catalog.protection.change if protected else 0.0)


def movement_sentence(label: str, measure: Measure, found: Movement) -> str:
    """Return "Referrals rose to 610 in 2025, from 540 in 2024." or "Referrals: no clear change, …"."""
    now, before = number_text(measure, found.later.value), number_text(measure, found.earlier.value)
    period, earlier = label_of(found.later.period), label_of(found.earlier.period)
    late = " (provisional)" if "p" in found.later.marker else ""
    if found.direction == 0:
        return f"{label}: no clear change, {now} in {period}{late} and {before} in {earlier}."
    return f"{label} {_DIRECTION[found.direction]} to {now} in {period}{late}, from {before} in {earlier}."


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
