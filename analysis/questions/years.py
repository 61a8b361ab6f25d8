"""By which years rows follow each other: one rule for pages, packages, the command line and the API.

A period that is written in half-years or a funder's years (``2022-10+12..2024-10+12``) says itself by which.
Counts are then given by these years. What is not added up over quarters keeps calendar years, and where no
whole one lies inside the period it goes by quarter; the door says what of the period is left out.
"""

from collections.abc import Mapping

from analysis import periods
from analysis.catalog.model import Catalog, Measure, lower_first
from analysis.errors import NotPermitted
from analysis.questions.divisions import usual_level
from analysis.release.held_measures import joined_levels
from analysis.release.release import Release

Ends = tuple[str, str]
YEAR, QUARTER = "year", "quarter"


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
    level = periods.joined_level(chosen)
    if not level or chosen is None:
        return YEAR
    if joined:
        return level
    is_short = bool(measure.subject) and not calendar_years(chosen)
    return QUARTER if is_short else YEAR


def row_level(
    asked: str,
    measure: Measure | None,
    catalog: Catalog,
    release: Release,
    *,
    chosen: Ends | None,
    collection: str | None = None,
) -> str:
    """Return the level of rows by period: the one that is asked for, else that of the period's own years.

    Parameters
    ----------
    asked
        A level; empty where none is named.
    measure, catalog, release, chosen, collection
        What is asked of which release, and over which period. Unknown names are left to the door.

    Raises
    ------
    NotPermitted
        For calendar years of a count whose period is written in other years: these are not those.
    """
    joined = _joined(measure, catalog, release, collection)
    level = periods.joined_level(chosen)
    if asked == YEAR and level and joined:
        words = lower_first(periods.joined_words(level))
        raise NotPermitted(
            f"The period is given in {words}, and the rows by calendar year: these are other years.",
            f"Ask by {level}, or leave the level out; for calendar years give a period such as 2023..2024.",
        )
    if asked:
        return asked
    if level and measure:
        return year_of(measure, joined, chosen)
    return usual_level(measure, release)


def rows_of(level: str, chosen: Ends | None) -> Ends | None:
    """Return a period as it is asked for: by calendar year those inside a funder's years, so that it says so.

    Parameters
    ----------
    level, chosen
        Level of the rows, and the period; it stays as it is where its years are those of the rows.
    """
    if chosen is None or level != YEAR or not periods.joined_level(chosen):
        return chosen
    inside = calendar_years(chosen)
    return (inside[0], inside[-1]) if inside else chosen


def calendar_years(chosen: Ends) -> list[str]:
    """Return the calendar years that lie wholly inside a period."""
    span = periods.Span(periods.span_of(chosen[0]).first, periods.span_of(chosen[1]).last)
    return periods.periods_inside(span, YEAR)


def _joined(
    measure: Measure | None, catalog: Catalog, release: Release, collection: str | None
) -> Mapping[str, str]:
    if measure is None:
        return {}
    holding = [one.collection for one in release.collections if one.subject == measure.subject]
    return joined_levels(release, catalog, measure.code, collection or next(iter(holding), ""))
