"""Sentences about changes and seasons, from what `analysis` worked out. They never judge or explain."""

from collections.abc import Sequence

import polars as pl

from analysis import Answer
from analysis import periods as period_words
from analysis.over_time import Change, change_on_year_before
from analysis.periods import MONTH_NAMES
from ui import format as text
from ui.view import View

ARROWS = {1: "▲", -1: "▼", 0: "●"}
_DIRECTION = {1: "rose", -1: "fell"}


def smallest_change(view: View, answer: Answer) -> float:
    """Return the difference that the protection alone may make: `Protection.change` for counts, else 0."""
    return view.catalog.protection.change if answer.measure.kind == "count" else 0.0


def newest_change(
    view: View, answer: Answer, *, code: tuple[str, str] | None = None, firm: bool = True
) -> Change | None:
    """Return the newest figure of an answer by period against a year before (see `change_on_year_before`)."""
    return change_on_year_before(answer, smallest_change(view, answer), code=code, firm=firm)


def change_sentence(label: str, change: Change, kind: str) -> str:
    """Return "Referrals rose to 610 in 2025, from 540 in 2024" or "Referrals: no clear change, …"."""
    now, before = text.value_text(change.value, kind), text.value_text(change.before, kind)
    period, earlier = period_words.label_of(change.period), period_words.label_of(change.before_period)
    if change.direction == 0:
        return f"{label}: no clear change, {now} in {period} and {before} in {earlier}."
    late = " The newest figure is provisional." if change.is_provisional else ""
    return f"{label} {_DIRECTION[change.direction]} to {now} in {period}, from {before} in {earlier}.{late}"


def change_size(change: Change, kind: str) -> str:
    """Return the size of a change with its interval: "+70 (+30 to +110)" or "+4 points (+1 to +7)"."""
    unit = " points" if kind == "share" else ""
    figures = [_signed(value, kind) for value in (change.difference, change.lower, change.upper)]
    return f"{figures[0]}{unit} ({figures[1]} to {figures[2]})"


def _signed(value: float, kind: str) -> str:
    size = text.significant(abs(value)) if kind == "rate" else text.number(abs(value))
    return size if size == "0" else f"{'+' if value > 0 else '−'}{size}"


def year_before(view: View, answer: Answer) -> str:
    """Return the headline of a comparison with earlier years."""
    change = newest_change(view, answer)
    if change is None:
        return "The newest period and the one a year before cannot both be shown"
    return change_sentence(answer.measure.label, change, answer.measure.kind).rstrip(".")


def months(high: Sequence[int], low: Sequence[int]) -> str:
    """Return the headline of the months of the year."""
    if not high and not low:
        return "No month of the year stands out"
    parts = [f"more in {_listed(high)}"] if high else []
    parts += [f"fewer in {_listed(low)}"] if low else []
    return f"On average {' and '.join(parts)} than in other months"


def months_notes(months_frame: pl.DataFrame) -> list[str]:
    """Return what the caption says about the years behind the averages."""
    total = int(months_frame["years_total"][0])
    partly = months_frame.filter(pl.col("years_shown") < pl.col("years_total")).height
    said = f"Averages of {total} whole years without provisional months; whiskers are 95% intervals."
    if not partly:
        return [said]
    return [said, f"{partly} months are not shown in every year, so their averages are a little high."]


def _listed(numbers: Sequence[int]) -> str:
    names = [MONTH_NAMES[number - 1] for number in numbers]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
