"""The periods of returns: quarters, half-years and the fiscal years of a funder."""

import re
from dataclasses import dataclass
from datetime import date

from analysis.errors import echo
from analysis.periods import MONTH_NAMES, Span, code_of
from etl.errors import UsageError

KINDS = ("quarter", "half_year", "fiscal_year")
_MONTHS = {"quarter": 3, "half_year": 6, "fiscal_year": 12}
_FORMS = {
    "quarter": re.compile(r"([12]\d{3})-Q([1-4])"),
    "half_year": re.compile(r"([12]\d{3})-H([12])"),
    "fiscal_year": re.compile(r"FY([12]\d{3})"),
}
_NAMES = {"quarter": "quarter", "half_year": "half-year", "fiscal_year": "fiscal year"}


@dataclass(frozen=True)
class Period:
    """A period of a return: its code as it was asked for, its kind and its months."""

    code: str
    kind: str
    span: Span

    @property
    def first_month(self) -> date:
        """First day of the first month."""
        return _first_day(self.span.first)

    @property
    def last_month(self) -> date:
        """First day of the last month."""
        return _first_day(self.span.last)

    @property
    def after(self) -> date:
        """The day after the period."""
        return _first_day(self.span.last + 1)

    @property
    def months(self) -> list[str]:
        """Codes of its months, in order."""
        return [code_of(month, "month") for month in range(self.span.first, self.span.last + 1)]

    @property
    def label(self) -> str:
        """Its months in words: "January to March 2025", "October 2024 to September 2025"."""
        (begins, first), (ends, last) = divmod(self.span.first, 12), divmod(self.span.last, 12)
        year = "" if begins == ends else f" {begins}"
        return f"{MONTH_NAMES[first]}{year} to {MONTH_NAMES[last]} {ends}"

    def before(self) -> "Period":
        """Return the period of the same kind before this one.

        >>> period_of("2025-Q1", ("quarter",), 10).before().code
        '2024-Q4'
        """
        first = self.span.first - _MONTHS[self.kind]
        return Period(_code(first, self.kind), self.kind, Span(first, self.span.first - 1))


def period_of(text: str, allowed: tuple[str, ...], fiscal_month: int) -> Period:
    """Return the period of a return.

    Parameters
    ----------
    text
        As it was typed: 2025-Q1, 2025-H1 or FY2025.
    allowed
        The kinds for which the return is made, of `KINDS`.
    fiscal_month
        First month of the fiscal year. FY2025 is the one that ends in 2025; where it begins in January, 2025.

    Raises
    ------
    UsageError
        For anything else, naming what is allowed.
    """
    for kind, form in _FORMS.items():
        found = form.fullmatch(text)
        if found and kind in allowed:
            first = _first(kind, [int(part) for part in found.groups()], fiscal_month)
            return Period(text, kind, Span(first, first + _MONTHS[kind] - 1))
    raise UsageError(
        f"--period {echo(text)} is none of this return; allowed: {allowed_words(allowed, fiscal_month)}.",
        "python -m etl return --list",
    )


def allowed_words(allowed: tuple[str, ...], fiscal_month: int) -> str:
    """Return the periods of a return in words, each with an example."""
    fiscal = period_of("FY2025", ("fiscal_year",), fiscal_month)
    examples = {
        "quarter": "2025-Q1 (January to March 2025)",
        "half_year": "2025-H1 (January to June 2025)",
        "fiscal_year": f"FY2025 ({fiscal.label})",
    }
    return " or ".join(f"a {_NAMES[kind]}, {examples[kind]}" for kind in KINDS if kind in allowed)


def place_in_fiscal_year(period: Period, fiscal_month: int) -> str:
    """Say which quarter of which fiscal year a quarter is; nothing where quarters do not fit.

    >>> place_in_fiscal_year(period_of("2025-Q1", ("quarter",), 10), 10)
    'quarter 2 of fiscal year 2025'
    """
    begins = period.span.first - (fiscal_month - 1)
    year, month = divmod(begins, 12)
    if period.kind != "quarter" or month % 3 or fiscal_month == 1:
        return ""
    return f"quarter {month // 3 + 1} of fiscal year {year + 1}"


def _first(kind: str, parts: list[int], fiscal_month: int) -> int:
    year, number = parts[0], parts[1] if len(parts) > 1 else 1
    if kind == "fiscal_year":
        return 12 * (year - (fiscal_month > 1)) + fiscal_month - 1
    return 12 * year + (number - 1) * _MONTHS[kind]


def _code(first: int, kind: str) -> str:
    year, month = divmod(first, 12)
    if kind == "fiscal_year":
        return f"FY{year + (month > 0):04d}"
    return f"{year:04d}-{'Q' if kind == 'quarter' else 'H'}{month // _MONTHS[kind] + 1}"


def _first_day(month: int) -> date:
    year, number = divmod(month, 12)
    return date(year, number + 1, 1)
