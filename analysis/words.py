"""Numbers, limits and hidden values as they are written in sentences and files."""

from analysis.catalog.model import Measure

#: Says no smallest number: it differs between releases, and the foot of every page tells it.
NOT_SHOWN = "Not shown: a small number, or none."
SUMS_OF_SHOWN = "of only those groups that can be shown."
LARGEST_SHARE = 95.0
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
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
    unit, is_money, per = measure.unit.partition(" (nominal)")
    if value is None or not (is_money or unit in ("days", "hours", "months")):
        return number_text(measure, value)
    return money(value, unit) if is_money and not per else f"{number_text(measure, value)} {unit}"


def percent_text(value: float) -> str:
    """Return whole per cent; a little of something is never "0%".

    >>> percent_text(61.2), percent_text(0.3), percent_text(0.0)
    ('61%', 'under 1%', '0%')
    """
    return "under 1%" if 0 < value < 0.5 else f"{value:.0f}%"


def interval_text(measure: Measure, lower: float | None, upper: float | None) -> str:
    """Return limits as " (1,150–1,295)", or nothing when there are none."""
    if lower is None or upper is None:
        return ""
    if measure.kind == "share":
        return f" ({lower:.0f}–{upper:.0f}%)"
    return f" ({number_text(measure, lower)}–{number_text(measure, upper)})"


def marker_text(marker: str) -> str:
    """Return a marker such as "rp" in words."""
    return ", ".join(MARKER_WORDS[letter] for letter in marker if letter in MARKER_WORDS)


def listed(words: list[str], joint: str = "and") -> str:
    """Return words as a list in a sentence."""
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def number_word(number: int) -> str:
    """Return a small whole number as a word.

    >>> number_word(4), number_word(27)
    ('four', '27')
    """
    return NUMBER_WORDS[number] if 0 <= number < len(NUMBER_WORDS) else f"{number:,}"
