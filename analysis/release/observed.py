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
    """Published figures of one measure: `codes` that occur, by dimension, and `areas` that have a figure.

    `spans` are their periods where each is of several years together (`periods.SEVERAL`), by their last year;
    `period_level` then is the year, the coarsest that can be asked for.
    """

    source: str
    measure: str
    geography: str
    period_level: str
    first: str
    last: str
    codes: Mapping[str, tuple[str, ...]]
    areas: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()

    @property
    def stored_level(self) -> str:
        """The level of the rows in the table."""
        return periods.SEVERAL if self.spans else self.period_level


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
    spans = _spans(select)
    found: dict[tuple[str, str], Series] = {}
    for source, measure, level, geography, first, last in select(
        "SELECT source, measure, period_level, min(geography), min(period), max(period) FROM observation "
        "GROUP BY source, measure, period_level ORDER BY ALL"
    ):
        key = (source, measure)
        kept = found.get(key)
        if level == periods.SEVERAL:
            if kept is None:  # beside figures of single years, which are finer
                years, held = _ends(spans[key]), codes.get(key, {})
                found[key] = Series(*key, geography, "year", *years, held, areas.get(key, ()), spans[key])
            continue
        if kept and PERIOD_LEVELS.index(kept.period_level) < PERIOD_LEVELS.index(level):
            continue
        found[key] = Series(
            source, measure, geography, level, first, last, codes.get(key, {}), areas.get(key, ())
        )
    return found


def _spans(select: Callable[[str], Sequence[tuple[Any, ...]]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the periods of several years of each series, by their last year, then their first."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for source, measure, code in select(
        f"SELECT DISTINCT source, measure, period FROM observation WHERE period_level = '{periods.SEVERAL}' "
        "ORDER BY ALL"
    ):
        found[source, measure] = (*found.get((source, measure), ()), code)
    return {key: tuple(sorted(codes, key=periods.by_end)) for key, codes in found.items()}


def _ends(codes: Sequence[str]) -> tuple[str, str]:
    """Return the first and the last year of periods of several years."""
    spans = [periods.span_of(code) for code in codes]
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    return periods.code_of(first, "year"), periods.code_of(last, "year")


def newest_whole(series: Series | None, level: str, within: tuple[str, str] | None = None) -> str | None:
    """Return the newest whole period of a level in a series, and in a range of periods where one is given."""
    if series is None:
        return None
    first, last = periods.span_of(series.first).first, periods.span_of(series.last).last
    if within is not None:
        first = max(first, periods.span_of(within[0]).first)
        last = min(last, periods.span_of(within[1]).last)
    if series.spans:  # the newest period of several years stands for its years
        held = [code for code in series.spans if _inside(periods.span_of(code), first, last)]
        return held[-1] if held else None
    inside = periods.periods_inside(periods.Span(first, last), level)
    return inside[-1] if inside else None


def _inside(span: periods.Span, first: int, last: int) -> bool:
    return first <= span.first and span.last <= last
