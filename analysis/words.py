"""Numbers, limits and hidden values as they are written in sentences and files."""

import datetime
from collections.abc import Sequence
from math import isinf

from analysis.catalog.model import PERCENT, Measure
from analysis.periods import MONTH_NAMES

#: Says no smallest number: it differs between releases, and the foot of every page tells it.
NOT_SHOWN = "Not shown: a small number, or none."
AT_LEAST = "at least"
SUMS_OF_SHOWN = "groups that can be shown."
LARGEST_SHARE = 95.0
NOT_ADJUSTED = ", not adjusted for inflation"
FEW = 30  # a share of fewer, known exactly, is told as "7 of 19"
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_VERBS = {
    "goes": "go",
    "is": "are",
    "has": "have",
    "was": "were",
    "ends": "end",
    "holds": "hold",
}
_IRREGULAR = _VERBS | {"person": "people", "child": "children", "it": "them"}
MARKER_WORDS = {
    "s": "small number, not for sharing",
    "r": "revised",
    "p": "provisional",
    "e": "estimated",
    "b": "break in series",
    "u": "low reliability",
    "c": "not shown: a small number, or none",
    "z": "not applicable",
    "x": "not available",
}


def number_text(measure: Measure, value: float | None) -> str:
    """Return a value as a reader sees it: 1,223 or 61% or ≥ 95% or 4.5."""
    if value is None:
        return "not shown"
    if measure.kind == "share":
        protected = measure.door == "person"
        return f"≥ {LARGEST_SHARE:.0f}%" if protected and value >= LARGEST_SHARE else percent_text(value)
    if measure.written_as == PERCENT:
        return percent_text(value)
    if measure.kind in ("rate", "ratio", "quantile"):
        return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
    return f"{value:,.0f}"


def money(amount: float, currency: str = "dollars") -> str:
    """Return money to three figures: "3.57 million dollars", "127,000 dollars".

    >>> money(3_573_889), money(127_304), money(840)
    ('3.57 million dollars', '127,000 dollars', '840 dollars')
    """
    if amount >= 1_000_000:
        return f"{float(f'{amount:.3g}') / 1_000_000:.3g} million {currency}"
    return f"{float(f'{amount:.3g}'):,.0f} {currency}"


def with_unit(measure: Measure, value: float | None) -> str:
    """Return a value with what its label does not say by itself: "21 days", "1.2 million dollars"."""
    currency, per = money_unit(measure.unit)
    if value is None or not (currency or measure.unit in ("days", "hours", "months")):
        return number_text(measure, value)
    if currency and not per:
        return money(value, currency)
    return f"{number_text(measure, value)} {currency or measure.unit}"


def money_unit(unit: str) -> tuple[str, str]:
    """Return the currency of a unit of money and what it is paid for; two empty texts for any other unit.

    >>> money_unit("dollars per need met, not adjusted for inflation"), money_unit("people")
    (('dollars', 'need met'), ('', ''))
    """
    if not unit.endswith(NOT_ADJUSTED):
        return "", ""
    currency, _, per = unit.removesuffix(NOT_ADJUSTED).partition(" per ")
    return currency, per


def few_of(measure: Measure, value: float | None, base: float | None) -> str:
    """Return "7 of 19" for a share of a few that is known exactly; an empty text for any other figure.

    A protected figure, or one of single organisations, is never told by its numerator.
    """
    is_exact = measure.kind == "share" and measure.door == "none"
    return share_of_few(value, base) if is_exact else ""


def share_of_few(value: float | None, base: float | None) -> str:
    """Return a share of fewer than `FEW` by its parts; an empty text for one of more, or of nothing.

    >>> share_of_few(37, 19), share_of_few(37, 190)
    ('7 of 19', '')
    """
    if value is None or not base or base >= FEW:
        return ""
    return f"{value * base / 100:.0f} of {base:.0f}"


def figure_text(measure: Measure, value: float | None, base: float | None = None) -> str:
    """Return a figure as a sentence or a table has it: "7 of 19", "61%", "4.92 million dollars"."""
    return few_of(measure, value, base) or with_unit(measure, value)


def at_least(measure: Measure, text: str, *, is_part: bool) -> str:
    """Return "at least 11" for a sum of which some numbers are hidden; any other figure as it is.

    A share, a median or a rate of only a part can lie on either side of the whole: its interval says how far.
    """
    return f"{AT_LEAST} {text}" if is_part and measure.is_sum else text


def percent_text(value: float) -> str:
    """Return whole per cent; a little of something is never "0%".

    >>> percent_text(61.2), percent_text(0.3), percent_text(0.0)
    ('61%', 'under 1%', '0%')
    """
    return "under 1%" if 0 < value < 0.5 else f"{value:.0f}%"


def interval_text(measure: Measure, lower: float | None, upper: float | None) -> str:
    """Return limits as " (1,150–1,295)", or nothing when there are none or no end."""
    if lower is None or upper is None or isinf(upper):
        return ""
    if measure.written_as in ("share", PERCENT):
        return f" ({lower:.0f}–{upper:.0f}%)"
    return f" ({number_text(measure, lower)}–{number_text(measure, upper)})"


def marker_text(marker: str) -> str:
    """Return a marker such as "rp" in words."""
    return ", ".join(MARKER_WORDS[letter] for letter in marker if letter in MARKER_WORDS)


def date_text(value: datetime.date | str) -> str:
    """Return a date as "5 March 2026"; text is read as YYYY-MM-DD."""
    day = datetime.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def listed(words: list[str], joint: str = "and") -> str:
    """Return words as a list in a sentence."""
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def first_few(words: Sequence[str], most: int, between: str = ", ") -> str:
    """Return the first words of a long list, and how many more there are.

    >>> first_few(["a", "b", "c"], 2), first_few(["a", "b"], 2)
    ('a, b and 1 more', 'a, b')
    """
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return between.join(words[:most]) + more


def number_word(number: int) -> str:
    """Return a small whole number as a word.

    >>> number_word(4), number_word(27)
    ('four', '27')
    """
    return NUMBER_WORDS[number] if 0 <= number < len(NUMBER_WORDS) else f"{number:,}"


def plural(word: str, count: float = 2) -> str:
    """Return a word for so many: "districts", "counties", "people"; the word itself for one.

    Its last word may be a verb, which then agrees.

    >>> plural("county"), plural("made-up person"), plural("action is"), plural("row", 1)
    ('counties', 'made-up people', 'actions are', 'row')
    """
    if count == 1:
        return word
    before, _, last = word.rpartition(" ")
    if last in _VERBS and before:
        return f"{plural(before)} {_VERBS[last]}"
    if last in _IRREGULAR:
        several = _IRREGULAR[last]
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        several = f"{last[:-1]}ies"
    else:
        several = f"{last}s"
    return f"{before} {several}".strip()


def counted(count: int, word: str) -> str:
    """Return a count with its word: "1 row", "1,204 rows", "3 actions are".

    >>> counted(1, "row"), counted(1204, "row"), counted(3, "action is")
    ('1 row', '1,204 rows', '3 actions are')
    """
    return f"{count:,} {plural(word, count)}"
