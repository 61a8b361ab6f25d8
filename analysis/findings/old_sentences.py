"""The headline over a figure: what the numbers say, in one sentence, with the interval; never more."""

from collections.abc import Iterable
from typing import Any

import polars as pl

from analysis import periods
from analysis.answers.answer import Answer
from analysis.catalog.model import NOT_RECORDED, Measure, lower_first
from analysis.findings.movement import Movement, movement
from analysis.questions.checked import Asked
from analysis.questions.filters import the
from analysis.statistics.change import Figures, change_between
from analysis.words import NOT_SHOWN, interval_text, listed, number_text, with_unit

Rows = list[dict[str, Any]]


def headline(asked: Asked, frame: pl.DataFrame, smallest: float) -> str:
    """Return the sentence for a table.

    Parameters
    ----------
    asked
        The checked question.
    frame
        The table of its answer.
    smallest
        A difference of a count that may come from the protection alone.
    """
    rows = frame.rows(named=True)
    shown = [row for row in rows if row["value"] is not None]
    names = {axis.name for axis in asked.rows}
    if not shown:
        hidden = not rows or any("c" in row["marker"] for row in rows)
        return NOT_SHOWN if hidden else "There are no figures for this choice."
    if names == {"period"}:
        return _over_time(asked, shown, smallest)
    if "area" in names:  # areas are not ranked
        return _over_areas(asked, len(rows), shown)
    if "period" in names:
        return _at_the_end(asked, shown)
    return _largest(asked, shown) if names else _one(asked, shown[0])


def _one(asked: Asked, row: dict[str, Any]) -> str:
    axis = asked.axis("period")
    when = periods.label_of_range(axis.codes[0], axis.codes[-1]) if axis else ""
    return f"{asked.measure.label}: {_figure(asked, row)}, {when}."


def _figure(asked: Asked, row: dict[str, Any]) -> str:
    text = number_text(asked.measure, row["value"]) + interval_text(asked.measure, row["lower"], row["upper"])
    return f"{text}, unreliable" if "u" in row["marker"] else text


def _over_time(asked: Asked, shown: Rows, smallest: float) -> str:
    found = movement(shown, asked.measure, smallest)
    if found is None:
        return (
            f"{asked.measure.label}: {_figure(asked, shown[-1])} in {periods.label_of(shown[-1]['period'])}."
        )
    return movement_sentence(found, asked)


def movement_sentence(found: Movement, asked: Asked) -> str:
    """Return "People identified rose to 1,223 (1,150–1,295) in 2025, from 1,115 in 2024." or its kin."""
    measure, earlier, later = asked.measure, found.earlier, found.later
    now, then = with_unit(measure, later.value), with_unit(measure, earlier.value)
    when, before = periods.label_of(later.period), periods.label_of(earlier.period)
    newest = " (provisional)" if "p" in later.marker else ""
    more = _filling(found, asked)
    if not found.direction:
        said = f"No clear change in {the(measure.label)}: {now} in {when}{newest}, {then} in {before}."
        return said + more
    verb = "rose" if found.direction > 0 else "fell"
    limits = interval_text(measure, later.lower, later.upper)
    return f"{measure.label} {verb} to {now}{limits} in {when}{newest}, from {then} in {before}.{more}"


def _filling(found: Movement, asked: Asked) -> str:
    if found.filling is None:
        return ""
    value = number_text(asked.measure, found.filling.value)
    return f" {periods.label_of(found.filling.period)} is still filling up: {value} so far."


def _over_areas(asked: Asked, total: int, shown: Rows) -> str:
    label, when = asked.measure.label, ""
    if len(asked.rows) > 1:
        if "period" in shown[0]:
            last = max({row["period"] for row in shown}, key=lambda code: periods.span_of(code).first)
            shown, when = [row for row in shown if row["period"] == last], f" in {periods.label_of(last)}"
        low, high = _extremes(asked, shown)
        return f"{label}{when}: from {low} to {high} where it can be shown."
    count = len(shown)
    which = f"the {total}" if count == total else f"the {count} of {total}"
    which += " areas that can be shown" if asked.measure.door == "person" else " areas with figures"
    low, high = _extremes(asked, shown)
    if count == 1 or low == high:
        return f"{label}: {high} in {which}."
    return f"{label} ranged from {low} to {high} across {which}."


def _extremes(asked: Asked, shown: Rows) -> tuple[str, str]:
    values = [row["value"] for row in shown]
    return number_text(asked.measure, min(values)), number_text(asked.measure, max(values))


def _largest(asked: Asked, shown: Rows) -> str:
    known = _known(asked, shown)
    if not known:
        return f"{asked.measure.label}: only what was not recorded can be shown."
    first, second = known[0], known[1] if len(known) > 1 else None
    lead = "Most often not recorded:" if asked.measure.per_field else "Most often:"
    if asked.measure.kind in ("rate", "ratio", "quantile") or _is_split_share(asked.measure):
        lead = f"{asked.measure.label}: highest for"
    elif asked.measure.kind == "amount":
        lead = "Most:"
    text = f"{lead} {_words(asked, first)}, {_figure(asked, first)}"
    if second:
        close = "; no clear difference from" if _alike(first, second) else "; then"
        text += f"{close} {_words(asked, second)}, {number_text(asked.measure, second['value'])}"
    return f"{text}."


def _is_split_share(measure: Measure) -> bool:
    """Return whether each category has a share of its own, rather than being a share of the whole."""
    return measure.kind == "share" and not (measure.share_of or measure.per_field)


def _at_the_end(asked: Asked, shown: Rows) -> str:
    label = asked.measure.label
    last = max({row["period"] for row in shown}, key=lambda code: periods.span_of(code).first)
    when = periods.label_of(last)
    known = _known(asked, [row for row in shown if row["period"] == last])
    if not known:
        return f"{label}: only what was not recorded can be shown in {when}."
    said = [f"{_words(asked, row)} {number_text(asked.measure, row['value'])}" for row in known[:2]]
    return f"{label} in {when}: {listed(said)}{' come first' if len(said) > 1 else ''}."


def _known(asked: Asked, shown: Rows) -> Rows:
    names = [axis.name for axis in asked.rows if axis.name not in ("period", "area")]
    known = [row for row in shown if all(row[name] != NOT_RECORDED for name in names)]
    return sorted(known, key=lambda row: -row["value"])


def _words(asked: Asked, row: dict[str, Any]) -> str:
    names = [axis.name for axis in asked.rows if axis.name != "period"]
    return ", ".join(_word(asked, name, row[name]) for name in names)


def _word(asked: Asked, name: str, code: str) -> str:
    """Return the words for a code inside a sentence; names of places and bodies keep their capitals."""
    words = asked.label_of(name, code)
    dimension = asked.catalog.dimensions.get(name)
    if name == "area" or (name != "field" and (dimension is None or bool(dimension.codes_from))):
        return words
    if dimension is not None:
        return dimension.in_sentence(code)
    return words if words == code else lower_first(words)


def _alike(first: dict[str, Any], second: dict[str, Any]) -> bool:
    if any(row[side] is None for row in (first, second) for side in ("lower", "upper")):
        return False
    less, more = (Figures(row["value"], row["lower"], row["upper"]) for row in (second, first))
    return not int(change_between(less, more).direction)


def what_changed(answers: Iterable[Answer], most: int = 5) -> list[str]:
    """Return the sentences of answers over time: those with a clear change first.

    Parameters
    ----------
    answers
        Answers with rows by period; others are left out.
    most
        Largest number of sentences.
    """
    told = [
        one for one in answers if one.question.by == ("period",) and not one.refusal and not one.all_hidden
    ]
    clear = [one.sentence for one in told if " rose to " in one.sentence or " fell to " in one.sentence]
    quiet = [one.sentence for one in told if one.sentence not in clear]
    return (clear + quiet)[:most]
