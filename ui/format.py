"""Numbers, dates and periods as people read them."""

import textwrap
from collections.abc import Mapping
from math import isinf
from typing import Any

from analysis.catalog.model import PERCENT, Measure
from analysis.words import NOT_SHOWN as NOT_SHOWN_LONG
from analysis.words import at_least, date_text, few_of, marker_text, money, money_unit, percent_text

__all__ = ["NOT_SHOWN_LONG", "date_text", "marker_text"]
NOT_SHOWN = "not shown"
#: Stands beside a sum of which some numbers cannot be shown.
PARTIAL = "*"
PARTIAL_NOTE = "* At least this many; some numbers are hidden."
#: A share, a median or a rate of only a part can lie on either side of the whole.
PARTIAL_RATIO_NOTE = "* Without hidden numbers."


def number(value: float | None) -> str:
    """Return a whole number with thousands separators, or "not shown".

    >>> number(1240.0), number(None)
    ('1,240', 'not shown')
    """
    return NOT_SHOWN if value is None else f"{value:,.0f}"


def significant(value: float | None, figures: int = 2) -> str:
    """Return a rate with so many significant figures, as `docs/decisions.md` asks for rates.

    >>> significant(3.14159), significant(128.0), significant(0.0456)
    ('3.1', '130', '0.046')
    """
    if value is None:
        return NOT_SHOWN
    rounded = float(f"{value:.{figures}g}")
    return f"{rounded:,.0f}" if rounded >= 10 ** (figures - 1) else f"{value:.{figures}g}"


def share(value: float | None, *, is_protected: bool = True) -> str:
    """Return a share (0–100) as a whole percentage; 95 and more of a protected one is never printed exactly.

    >>> share(61.0), share(97.0), share(97.0, is_protected=False), share(0.3), share(None)
    ('61%', '≥ 95%', '97%', 'under 1%', 'not shown')
    """
    if value is None:
        return NOT_SHOWN
    return "≥ 95%" if is_protected and value >= 95 else percent_text(value)


def value_text(value: float | None, kind: str, *, is_protected: bool = True) -> str:
    """Return a value the way its kind of measure is written.

    Parameters
    ----------
    value
        The published value, or None where it is not shown.
    kind
        `Measure.written_as`: share → percent; rate → two significant figures; ratio and quantile → the same
        below ten, whole numbers from there; anything else → whole number.
    is_protected
        Whether the figures are of persons: shares of others are written as they are.
    """
    if kind == "share":
        return share(value, is_protected=is_protected)
    if kind == PERCENT:
        return share(value, is_protected=False)
    is_small = value is not None and abs(value) < 10 and kind in ("ratio", "quantile")
    return significant(value) if kind == "rate" or is_small else number(value)


def written(measure: Measure, row: Mapping[str, Any]) -> str:
    """Return the number of a row as bars and tables have it: "1 of 6", "4.92 million dollars", "61%"."""
    value = row["value"]
    currency, per = money_unit(measure.unit)
    if value is not None and currency and not per:
        return money(value, currency)
    is_protected = measure.door == "person"
    return few_of(measure, value, row.get("base")) or value_text(
        value, measure.written_as, is_protected=is_protected
    )


def told(measure: Measure, row: Mapping[str, Any]) -> str:
    """Return the number of a row as it stands alone, without a note: "at least 11", "61%", "not shown"."""
    is_part = row["value"] is not None and bool(star(row))
    return at_least(measure, written(measure, row), is_part=is_part)


def interval_text(lower: float | None, upper: float | None, kind: str) -> str:
    """Return "56–66%" or "190–240", or an empty text when a limit is missing or endless."""
    if lower is None or upper is None or isinf(upper):
        return ""
    if kind == "share":
        return f"{lower:.0f}–{min(upper, 100):.0f}%"
    if kind == PERCENT:
        return f"{lower:.0f}–{upper:.0f}%"
    return f"{value_text(lower, kind)}–{value_text(upper, kind)}"


def hidden_text(marker: str) -> str:
    """Return why there is no number: "not available", "not applicable", or "not shown".

    >>> hidden_text("c"), hidden_text("x")
    ('not shown', 'not available')
    """
    reason = next((letter for letter in marker if letter in "xz"), "")
    return marker_text(reason) or NOT_SHOWN


def star(row: Mapping[str, Any]) -> str:
    """Return the star of a row of an answer that is the sum of only a part, or nothing."""
    return PARTIAL if (row.get("cells_shown") or 0) < (row.get("cells_total") or 0) else ""


def plain(words: str) -> str:
    """Return words that Plotly draws as they are, not as its small HTML."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def wrapped(words: str, width: int) -> str:
    """Return words broken into lines of about `width` letters, for a Plotly label."""
    return "<br>".join(textwrap.wrap(plain(words), width, break_long_words=False)) or plain(words)
