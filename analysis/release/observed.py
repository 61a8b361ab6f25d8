"""What published figures a release holds: for each measure of each source its areas, periods and codes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis import periods
from analysis.periods import PERIOD_LEVELS

NOT_DIMENSIONS = frozenset(
    ("source", "measure", "unit", "period_level", "period", "geography", "area_code", "value", "marker")
)


@dataclass(frozen=True)
class Series:
    """Published figures of one measure: `codes` that occur, by dimension, and `areas` that have a figure."""

    source: str
    measure: str
    geography: str
    period_level: str
    first: str
    last: str
    codes: Mapping[str, tuple[str, ...]]
    areas: tuple[str, ...] = ()


def read(
    select: Callable[[str], Sequence[tuple[Any, ...]]], columns: Sequence[str]
) -> dict[tuple[str, str], Series]:
    """Return every series of the table ``observation``, by source and measure.

    Parameters
    ----------
    select
        Runs a SELECT on the release. Only the finest period level of a series is used, so that a published
        total is not added to its parts.
    columns
        Columns of the table; those that are not of every row divide the figures.
    """
    codes: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    pieces = [
        f"SELECT DISTINCT source, measure, '{name}' AS dimension, {name} AS code FROM observation "
        f"WHERE {name} IS NOT NULL"
        for name in columns
        if name not in NOT_DIMENSIONS
    ]
    for source, measure, name, code in select(f"SELECT * FROM ({' UNION ALL '.join(pieces)}) ORDER BY ALL"):
        listed = codes.setdefault((source, measure), {})
        listed[name] = (*listed.get(name, ()), code)
    areas: dict[tuple[str, str], tuple[str, ...]] = {}
    for source, measure, area in select(
        "SELECT DISTINCT source, measure, area_code FROM observation WHERE value IS NOT NULL ORDER BY ALL"
    ):
        areas[source, measure] = (*areas.get((source, measure), ()), area)
    found: dict[tuple[str, str], Series] = {}
    for source, measure, level, geography, first, last in select(
        "SELECT source, measure, period_level, min(geography), min(period), max(period) FROM observation "
        "GROUP BY source, measure, period_level ORDER BY ALL"
    ):
        kept = found.get((source, measure))
        if kept and PERIOD_LEVELS.index(kept.period_level) < PERIOD_LEVELS.index(level):
            continue
        key = (source, measure)
        found[key] = Series(
            source, measure, geography, level, first, last, codes.get(key, {}), areas.get(key, ())
        )
    return found


def newest_whole(series: Series | None, level: str, within: tuple[str, str] | None = None) -> str | None:
    """Return the newest whole period of a level in a series, and in a range of periods where one is given."""
    if series is None:
        return None
    first, last = periods.span_of(series.first).first, periods.span_of(series.last).last
    if within is not None:
        first = max(first, periods.span_of(within[0]).first)
        last = min(last, periods.span_of(within[1]).last)
    inside = periods.periods_inside(periods.Span(first, last), level)
    return inside[-1] if inside else None
