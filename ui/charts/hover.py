"""What a pointer over a number says, the same in every chart: value and unit, interval, base, marker."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from analysis import Answer
from analysis.words import AT_LEAST, NOT_ADJUSTED, money, share_of_few
from ui import format as text

_PER = "%"
_SAID_ABOVE = "c"  # "not shown" stands in place of the number


class Unit(NamedTuple):
    """How the numbers of a measure are written: `Measure.written_as`, and the words of the unit."""

    kind: str
    words: str
    is_money: bool = False
    is_exact: bool = False  # shares of a few are told as "7 of 19"
    is_protected: bool = True  # shares of 95% and more are not told exactly
    is_sum: bool = False  # without some of its parts it is at least what it says


def unit_of(answer: Answer) -> Unit:
    """Return how the numbers of an answer are written."""
    words = answer.unit.removesuffix(NOT_ADJUSTED)
    measure = answer.measure
    return Unit(
        measure.written_as,
        words,
        is_money=measure.kind == "amount" and words != answer.unit,
        is_exact=measure.kind == "share" and measure.door == "none",
        is_protected=measure.door == "person",
        is_sum=measure.is_sum,
    )


def number_words(value: float | None, unit: Unit) -> str:
    """Return "1,240 people", "61% of needs" or "not shown".

    >>> number_words(1240, Unit("count", "people")), number_words(61, Unit("share", "% of needs"))
    ('1,240 people', '61% of needs')
    """
    if value is not None and unit.is_money:
        return money(value, unit.words)
    written = value_words(value, unit)
    if value is None or not unit.words:
        return written
    if unit.words.startswith(_PER):
        return written.removesuffix(_PER) + text.plain(unit.words)
    return f"{written} {text.plain(unit.words)}"


def value_words(value: float | None, unit: Unit) -> str:
    """Return a number as it is written where its unit stands elsewhere."""
    return text.value_text(value, unit.kind, is_protected=unit.is_protected)


def interval_words(lower: float | None, upper: float | None, kind: str) -> str:
    """Return "95% interval 91–134", or an empty text where a limit is missing or the number is exact."""
    limits = "" if lower == upper else text.interval_text(lower, upper, kind)
    return f"95% interval {limits}" if limits else ""


def hidden_words(marker: str) -> str:
    """Return why there is no number: not shown, not available, not applicable."""
    words = text.hidden_text(marker)
    return text.NOT_SHOWN_LONG if words == text.NOT_SHOWN else words.capitalize()


def row_words(row: Mapping[str, Any], unit: Unit, *, name: str = "", base: str = "n = {}") -> str:
    """Return the words of one row of an answer, as Plotly's small HTML.

    Parameters
    ----------
    row
        With ``value``, ``lower``, ``upper``, ``marker``; ``base``, ``cells_shown`` and ``cells_total`` where
        there are any.
    unit
        How its numbers are written.
    name
        What the row is, in plain words; it stands above in bold.
    base
        Words for the base, around its number.
    """
    marker = row["marker"] or ""
    lines = [f"<b>{text.plain(name)}</b>"] if name else []
    if row["value"] is None:
        return "<br>".join([*lines, hidden_words(marker)])
    few = share_of_few(row["value"], row.get("base")) if unit.is_exact else ""
    if few:
        return "<br>".join([*lines, few])
    parts = part_words(row)
    lines += [
        f"{AT_LEAST if parts and unit.is_sum else ''} {number_words(row['value'], unit)}".lstrip(),
        interval_words(row["lower"], row["upper"], unit.kind),
        base.format(text.number(row["base"])) if row.get("base") is not None else "",
        parts,
        text.marker_text(marker.replace(_SAID_ABOVE, "")),
    ]
    return "<br>".join(line for line in lines if line)


def part_words(row: Mapping[str, Any]) -> str:
    """Return "sum of the 1 of 3 numbers that can be shown", or nothing where all are."""
    shown, total = row.get("cells_shown") or 0, row.get("cells_total") or 0
    return f"sum of the {shown} of {total} numbers that can be shown" if shown < total else ""
