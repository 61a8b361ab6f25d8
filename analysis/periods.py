"""Months, quarters and years: codes, order, ranges.

A month is counted from year 0: ``12 · year + month − 1``.
"""

import functools
import re
from typing import NamedTuple

from analysis.errors import UnknownCode, echo

PERIOD_LEVELS = ("month", "quarter", "year")
#: Half-years, and twelve months that begin with another month than January (``year10``: in October). No
#: release has cells of them: each is a sum of published quarters or months.
HALF = "half"
JOINED_LEVELS = (HALF, *(f"year{month:02d}" for month in range(2, 13)))
ADVERBS = {"year": "yearly", "quarter": "quarterly", "month": "monthly"}
MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_FORMS = {
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "year": re.compile(r"(\d{4})"),
}
#: Years that a publisher gives together (2019-2021). They are a figure's own period: never divided over the
#: years, and never added to others.
SEVERAL = "years"
_SEVERAL = re.compile(r"(\d{4})-(\d{4})")
#: A period of a joined level: its first month, and how many months it has.
_JOINED = re.compile(r"(\d{4}-(0[1-9]|1[0-2]))\+(6|12)")


class Span(NamedTuple):
    """First and last month, both inside."""

    first: int
    last: int

    def joined(self, other: "Span") -> "Span":
        """Return the smallest span that holds both."""
        return Span(min(self.first, other.first), max(self.last, other.last))


@functools.lru_cache(maxsize=4096)
def level_of(code: str) -> str:
    """Return month, quarter or year; one of `JOINED_LEVELS` for a sum of several.

    Raises
    ------
    UnknownCode
        For anything else, such as a day or a range.
    """
    for level, form in _FORMS.items():
        if form.fullmatch(code):
            return level
    if joined := _JOINED.fullmatch(code):
        level = HALF if joined[3] == "6" else f"year{joined[2]}"
        if level in JOINED_LEVELS and (level != HALF or joined[2] in ("01", "07")):
            return level
    raise UnknownCode(
        f"{echo(code)} is not a period.",
        "Periods are written 2024 (year), 2024-Q1 (quarter), 2024-03 (month) or 2023-10+12 (twelve months).",
    )


def is_several(code: str) -> bool:
    """Tell whether a period is of years that a publisher gives together.

    >>> is_several("2019-2021"), is_several("2019"), is_several("2019-11")
    (True, False, False)
    """
    return _SEVERAL.fullmatch(code) is not None


@functools.lru_cache(maxsize=4096)
def span_of(code: str) -> Span:
    """Return the months of a period code, which may be of several years (`SEVERAL`)."""
    if together := _SEVERAL.fullmatch(code):
        return Span(12 * int(together[1]), 12 * int(together[2]) + 11)
    level = level_of(code)
    if level in JOINED_LEVELS:
        first = span_of(code[:7]).first
        return Span(first, first + months_in(level) - 1)
    year = int(code[:4])
    part = 1 if level == "year" else int(code[-1]) if level == "quarter" else int(code[-2:])
    first = 12 * year + (part - 1) * MONTHS_IN[level]
    return Span(first, first + MONTHS_IN[level] - 1)


def by_end(code: str) -> tuple[int, int]:
    """Return what periods are put in order by: the newest ends last, however long it is.

    >>> max(("2012-2021", "2015-2017"), key=by_end), max(("2024-Q2", "2024-Q3"), key=by_end)
    ('2012-2021', '2024-Q3')
    """
    span = span_of(code)
    return span.last, span.first


@functools.lru_cache(maxsize=4096)
def code_of(month: int, level: str) -> str:
    """Return the code of the period of that level in which a month lies.

    >>> code_of(12 * 2024 + 3, "half"), code_of(12 * 2024 + 3, "year10")
    ('2024-01+6', '2023-10+12')
    """
    if level in JOINED_LEVELS:
        size = months_in(level)
        return f"{code_of(month - (month - begins_with(level)) % size, 'month')}+{size}"
    year, rest = divmod(month, 12)
    if level == "year":
        return f"{year:04d}"
    return f"{year:04d}-Q{rest // 3 + 1}" if level == "quarter" else f"{year:04d}-{rest + 1:02d}"


def months_in(level: str) -> int:
    """Return how many months a period of a level has."""
    return MONTHS_IN.get(level, 6 if level == HALF else 12)


def begins_with(level: str) -> int:
    """Return the month, 0 for January, that a year of a level begins with."""
    return int(level.removeprefix("year")) - 1 if level in JOINED_LEVELS and level != HALF else 0


def parts_of(level: str) -> str:
    """Return the largest published level whose periods make up those of a joined level."""
    return "month" if begins_with(level) % MONTHS_IN["quarter"] else "quarter"


def joined_words(level: str) -> str:
    """Return the periods of a joined level in words: "Half-years", "Twelve months to June"."""
    return "Half-years" if level == HALF else f"Twelve months to {MONTH_NAMES[begins_with(level) - 1]}"


def period_word(level: str) -> str:
    """Return what one period of a level is: "year", "half-year", "twelve months to June"."""
    if level not in JOINED_LEVELS:
        return level
    return "half-year" if level == HALF else f"t{joined_words(level)[1:]}"


def periods_inside(span: Span, level: str) -> list[str]:
    """Return the periods of one level that lie wholly inside a span, in order."""
    size, offset = months_in(level), begins_with(level)
    first = offset - (offset - span.first) // size * size
    return [code_of(month, level) for month in range(first, span.last - size + 2, size)]


def cover(span: Span, largest: str = "year") -> list[str]:
    """Return the fewest periods that make up a span exactly: whole years, then quarters, then months.

    Fewer and larger periods are shown more often and carry less noise.
    """
    levels = [level for level in reversed(PERIOD_LEVELS) if MONTHS_IN[level] <= MONTHS_IN[largest]]
    codes, month = [], span.first
    while month <= span.last:
        level = next(
            name
            for name in levels
            if month % MONTHS_IN[name] == 0 and month + MONTHS_IN[name] - 1 <= span.last
        )
        codes.append(code_of(month, level))
        month += MONTHS_IN[level]
    return codes


def ends_of(span: Span) -> tuple[str, str]:
    """Return the first and the last period of a span, in the largest unit that fits it: years, else months.

    >>> ends_of(Span(12 * 2016, 12 * 2025 + 11)), ends_of(Span(12 * 2024, 12 * 2024 + 4))
    (('2016', '2025'), ('2024-01', '2024-05'))
    """
    level = next(
        name
        for name in reversed(PERIOD_LEVELS)
        if span.first % MONTHS_IN[name] == 0 and (span.last + 1) % MONTHS_IN[name] == 0
    )
    return code_of(span.first, level), code_of(span.last, level)


def joined_level(ends: tuple[str, str] | None) -> str:
    """Return the half-years or funder's years that both ends of a range are; empty for any other range.

    >>> joined_level(("2022-10+12", "2023-10+12")), joined_level(("2023", "2024")), joined_level(None)
    ('year10', '', '')
    """
    if ends is None:
        return ""
    first, last = map(level_of, ends)
    return first if first == last and first in JOINED_LEVELS else ""


def previous(code: str, years: int = 0) -> str:
    """Return the period before, or the same period some years before."""
    level = level_of(code)
    step = 12 * years if years else months_in(level)
    return code_of(span_of(code).first - step, level)


def years_of(ends: tuple[str, str]) -> tuple[str, str]:
    """Return the years in which a range begins and ends.

    >>> years_of(("2023-10+12", "2023-10+12")), years_of(("2019", "2024-Q2"))
    (('2023', '2024'), ('2019', '2024'))
    """
    return code_of(span_of(ends[0]).first, "year"), code_of(span_of(ends[1]).last, "year")


def ends_in_address(ends: tuple[str, str]) -> tuple[str, str]:
    """Return a range as an address says it; years together by their first and last, which any figures have.

    >>> ends_in_address(("2019-2021", "2019-2021")), ends_in_address(("2024-Q1", "2024-Q2"))
    (('2019', '2021'), ('2024-Q1', '2024-Q2'))
    """
    return years_of(ends) if any(map(is_several, ends)) else ends


def in_address(text: str) -> str:
    """Return a period as it was meant in an address, where a plus sign that is not escaped reads as a blank.

    >>> in_address("2022-10 12..2023-10 12")
    '2022-10+12..2023-10+12'
    """
    return re.sub(r"(?<=\d) (?=\d)", "+", text)


def label_of(code: str) -> str:
    """Return a period in words: "March 2024", "January–March 2024", "2024", "July 2023 to June 2024"."""
    if together := _SEVERAL.fullmatch(code):
        return f"{together[1]}–{together[2]}"
    level, first = level_of(code), span_of(code).first
    if level in JOINED_LEVELS:
        return label_of_range(*(code_of(month, "month") for month in span_of(code)))
    year, month = divmod(first, 12)
    if level == "year":
        return f"{year}"
    if level == "quarter":
        return f"{MONTH_NAMES[month]}–{MONTH_NAMES[month + 2]} {year}"
    return f"{MONTH_NAMES[month]} {year}"


def label_of_range(first: str, last: str) -> str:
    """Return a range in words: "2016–2025", "March 2024 to June 2025", "July to December 2025"."""
    if first == last:
        return label_of(first)
    if is_several(first) or is_several(last):
        first, last = (code_of(month, "year") for month in (span_of(first).first, span_of(last).last))
    if level_of(first) == level_of(last) == "year":
        return f"{first}–{last}"
    begins, ends = span_of(first).first, span_of(last).last
    year = "" if begins // 12 == ends // 12 else f" {begins // 12}"
    return f"{MONTH_NAMES[begins % 12]}{year} to {MONTH_NAMES[ends % 12]} {ends // 12}"


def newest_complete_year(first: str, last: str, provisional_months: int) -> str | None:
    """Return the newest year inside a range whose months are all settled; without one, the newest whole year.

    Parameters
    ----------
    first, last
        First and last period of the range, both inside.
    provisional_months
        How many of the newest months of the release are still filling up, counted back from `last`.

    Examples
    --------
    >>> newest_complete_year("2016-01", "2025-12", 6), newest_complete_year("2025", "2025", 6)
    ('2024', '2025')
    """
    span = Span(span_of(first).first, span_of(last).last)
    settled = Span(span.first, span.last - provisional_months)
    for one in (settled, span):
        whole = periods_inside(one, "year") if one.last >= one.first else ()
        if whole:
            return str(whole[-1])
    return None
