"""By which years figures follow each other: calendar years, or those of a funder where the period is such.

A period that is chosen by a funder's years (``2022-10+12..2024-10+12``) says itself by which: nothing else in
the address does. Counts are then given by these years. What is not added up over quarters keeps calendar
years; where no whole one lies inside the period, it goes by quarter.
"""

from collections.abc import Mapping

from analysis import periods
from analysis.catalog.model import Measure
from analysis.release.release import Release

Ends = tuple[str, str]
YEAR = "year"
QUARTER = "quarter"


def level_of(chosen: Ends | None) -> str:
    """Return the half-years or funder's years that a period is chosen by; empty for calendar years."""
    if chosen is None:
        return ""
    first, last = map(periods.level_of, chosen)
    return first if first == last and first in periods.JOINED_LEVELS else ""


def kinds(release: Release, chosen: Ends | None = None) -> Mapping[str, str]:
    """Return the kinds of year that a period can be chosen by, codes to words; calendar years have no code.

    Parameters
    ----------
    release
        What its keepers named stands first. One that counts people once a year has calendar years only.
    chosen
        The period of now: its own kind is offered too, wherever the address comes from.
    """
    found = {"": "Calendar years"}
    if any(one.period_resolution != YEAR for one in release.collections):
        found |= release.joined_levels
    if (level := level_of(chosen)) and level not in found:
        found[level] = periods.joined_words(level)
    return found


def periods_of(kind: str, widest: Ends) -> list[str]:
    """Return the periods of a kind that can be chosen.

    Parameters
    ----------
    kind
        As `kinds`.
    widest
        First and last month with figures. Calendar years may lie in it in part, others lie inside.
    """
    if not kind:
        return [str(year) for year in range(int(widest[0][:4]), int(widest[1][:4]) + 1)]
    return periods.periods_inside(_span(widest), kind)


def in_kind(chosen: Ends, kind: str, widest: Ends) -> Ends:
    """Return a period in years of another kind: a funder's year stands for the year that it ends in.

    Examples
    --------
    >>> in_kind(("2023", "2024"), "year10", ("2016-01", "2025-12"))
    ('2022-10+12', '2023-10+12')
    >>> in_kind(("2022-10+12", "2023-10+12"), "", ("2016-01", "2025-12"))
    ('2023', '2024')
    """
    span = _span(chosen)
    if not kind:
        first, last = (periods.code_of(periods.span_of(code).last, YEAR) for code in chosen)
    elif kind == periods.HALF:
        first, last = periods.code_of(span.first, kind), periods.code_of(span.last, kind)
    else:
        first, last = (_ending_in(code, kind) for code in chosen)
    options = periods_of(kind, widest)
    inside = [code for code in options if first <= code <= last]
    return (inside[0], inside[-1]) if inside else (options[-1], options[-1])


def _ending_in(code: str, kind: str) -> str:
    """Return the year of a kind that ends in the calendar year in which a period ends."""
    year = periods.span_of(code).last // 12
    return periods.code_of(12 * year + (periods.begins_with(kind) - 1) % 12, kind)


def year_of(measure: Measure, joined: Mapping[str, str], chosen: Ends | None) -> str:
    """Return the level of the rows of a measure that are asked by year.

    Parameters
    ----------
    measure
        What is asked.
    joined
        The levels that it is offered by; none where it cannot be added up. A period in an address may be of
        another level: it is added up as well.
    chosen
        The period of the question.
    """
    level = level_of(chosen)
    if not level or chosen is None:
        return YEAR
    if joined:
        return level
    is_short = bool(measure.subject) and not periods.periods_inside(_span(chosen), YEAR)
    return QUARTER if is_short else YEAR


def _span(ends: Ends) -> periods.Span:
    return periods.Span(periods.span_of(ends[0]).first, periods.span_of(ends[1]).last)
