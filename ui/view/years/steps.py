"""By which years figures follow each other: calendar years, or those of a funder where the period is such.

A period that is chosen by a funder's years (``2022-10+12..2024-10+12``) says itself by which: nothing else in
the address does. Counts are then given by these years. What is not added up over quarters keeps calendar
years; where no whole one lies inside the period, it goes by quarter.
"""

from collections.abc import Mapping

from analysis import periods
from analysis.release.release import Release

Ends = tuple[str, str]
YEAR = "year"


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
    if (level := periods.joined_level(chosen)) and level not in found:
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


def _span(ends: Ends) -> periods.Span:
    return periods.Span(periods.span_of(ends[0]).first, periods.span_of(ends[1]).last)
