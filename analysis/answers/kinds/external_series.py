"""Figures that are not counted under the protection: exact sums of their leaf rows, with their markers.

Those of others pass as they were published; own ones are of organisations, places, money and events.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from analysis import periods
from analysis.answers.rows.arrays import Figures, Found, Key
from analysis.answers.rows.cells import HIDDEN, LOW_RELIABILITY, NOT_APPLICABLE, NOT_AVAILABLE, Cells, bits_of
from analysis.answers.rows.lookup import SLOTS, ObservationPart, Row
from analysis.catalog.model import Catalog, Measure
from analysis.errors import NotPermitted, TooManyDimensions
from analysis.questions.axes import area_axis, covered_span, period_axis, refuse_not, several_axis
from analysis.questions.checked import Asked, Axis, check_codes
from analysis.questions.question import Question
from analysis.questions.validate import check_names
from analysis.release.observed import Series
from analysis.release.places import Geography
from analysis.release.release import Release
from analysis.statistics.intervals import wilson_limits

MISSING = HIDDEN | NOT_AVAILABLE | NOT_APPLICABLE
SMALL_BASE = 20


def check_published(question: Question, measure: Measure, catalog: Catalog, release: Release) -> Asked:
    """Check a question about published figures.

    Raises
    ------
    QuestionError
        In words; `NotPermitted` when the source has not been loaded.
    """
    series = _series_of(measure, release)
    check_names(question, measure.dimensions, measure.short)
    geography = release.areas.get(series.geography)
    if series.spans:
        times, notes = several_axis(question, series.spans)
    else:
        times, notes = period_axis(question, covered_span(series.first, series.last), series.period_level)
    areas, more = area_axis(question, geography)
    axes = {"period": times} | ({"area": areas} if areas else {})
    for name in dict.fromkeys((*question.by, *question.filters)):
        if name not in ("period", "area"):
            axes[name] = _axis(name, question, series, catalog)
    dims = [name for name in question.by if name not in ("period", "area")]
    if len(dims) > SLOTS:
        raise TooManyDimensions(
            f"{len(dims)} dimensions at once beside period and area; at most {SLOTS} can be combined.",
            f"Leave out one of: {', '.join(dims)}.",
            dims,
        )
    return Asked(
        question,
        measure,
        catalog,
        release,
        rows=tuple(axes[name] for name in question.by),
        summed=tuple(axes[name] for name in sorted(axes) if name not in question.by),
        geography=geography,
        notes=notes + more,
    )


def _series_of(measure: Measure, release: Release) -> Series:
    needed = [measure.observation, *([measure.observation_base] if measure.observation_base else [])]
    how = f"load FILE --source {measure.source}; python -m etl release."
    how = "template TABLE, fill it in, load it, release." if measure.is_own_figure else how
    for name in needed:
        if (measure.source, name) not in release.observed:
            raise NotPermitted(
                f"There are no figures for '{measure.label}' in this release.",
                f"To add them: python -m etl {how}",
            )
    return release.observed[measure.source, measure.observation]


def _axis(name: str, question: Question, series: Series, catalog: Catalog) -> Axis:
    present = series.codes.get(name, ())
    dimension = catalog.dimensions.get(name)
    listed = dimension.codes if dimension else ()
    known = tuple(code for code in listed if code in present)
    known += tuple(code for code in present if code not in listed)
    chosen = question.filters.get(name)
    for code in chosen or ():
        refuse_not(name, code)
    return Axis(name, check_codes(name, chosen, known) if chosen else known)


class PublishedPlan:
    """Answers a sum of published figures, or a share of two such sums."""

    def __init__(self, asked: Asked) -> None:
        self.asked, measure = asked, asked.measure
        self.series = asked.release.observed[measure.source, measure.observation]
        self.above = self._part(measure.observation)
        self.below = self._part(measure.observation_base) if measure.observation_base else None

    def _part(self, measure: str) -> ObservationPart:
        asked, other = self.asked, ("period", "area")
        dims = tuple(axis.name for axis in asked.rows if axis.name not in other)
        codes = tuple((axis.name, axis.codes) for axis in asked.summed if axis.name not in other)
        return ObservationPart(asked.measure.source, measure, self.series.stored_level, dims, codes)

    def parts(self) -> list[Key]:
        """Return the published rows of the question."""
        return [self.above, *([self.below] if self.below else [])]

    def figures(self, found: Found) -> Figures:
        """Return exact sums; counts have no interval, because nothing was drawn or changed."""
        above = self._cells(found.rows[self.above], self.above.dims)
        none = above.shown == 0
        value = np.where(none, np.nan, above.value)
        nothing = np.full(value.shape, np.nan)
        bits = np.where(none, above.bits & MISSING, above.bits & ~MISSING)
        figures = Figures(value, nothing.copy(), nothing.copy(), bits, above.shown, above.total)
        if self.below:
            self._divide(figures, self._cells(found.rows[self.below], self.below.dims))
        figures.hide(np.isnan(figures.value), NOT_AVAILABLE)
        partly = (above.bits & (HIDDEN | NOT_AVAILABLE) != 0) & ~none
        if partly.any():
            figures.notes.append("These totals miss some areas or groups.")
        return figures

    def _divide(self, figures: Figures, below: Cells) -> None:
        base = np.where((below.shown > 0) & (below.value > 0), below.value, np.nan)
        share = figures.value / base
        usual = share <= 1
        lower, upper = wilson_limits(np.where(usual, figures.value, 0), np.where(np.isnan(base), 1, base))
        figures.value = np.round(share * 100)
        figures.lower = np.where(usual, np.round(lower * 100), np.nan)
        figures.upper = np.where(usual, np.round(upper * 100), np.nan)
        figures.base = base
        figures.bits = np.where(base < SMALL_BASE, figures.bits | LOW_RELIABILITY, figures.bits)

    def _cells(self, rows: Sequence[Row], dims: Sequence[str]) -> Cells:
        axes = self.asked.rows
        shape = tuple(len(axis.codes) for axis in axes)
        value, shown, total, bits = (np.zeros(shape, dtype) for dtype in (float, int, int, int))
        seen = [set() for _ in axes]  # type: list[set[tuple[str, str]]]
        place = {name: 3 + n for n, name in enumerate(dims)}
        finder = _Finder(self.asked)
        kept = rows if self.asked.measure.over_time == "sum" else finder.newest(rows)
        for row in kept:
            for time, area in finder.places(row):
                own = {"period": time, "area": area}
                codes = [own.get(axis.name) or str(row[place.get(axis.name, 0)]) for axis in axes]
                index = tuple(finder.index[n].get(code, -1) for n, code in enumerate(codes))
                if min(index, default=0) < 0:
                    continue
                value[index] += row.value or 0.0
                shown[index] += row.shown
                total[index] += row.total
                bits[index] |= bits_of(row.marker)
                for n, code in enumerate(codes):
                    seen[n].add((time, code))
        cells = Cells(value, shown, np.maximum(total, 1), bits)
        return self._with_zeros(cells, seen) if self.asked.measure.absent == "zero" else cells

    def _with_zeros(self, cells: Cells, seen: list[set[tuple[str, str]]]) -> Cells:
        """Where a source leaves out its zeros: absent is zero if all its codes occur in the period."""
        axes, times = self.asked.rows, self.asked.axis("period")
        for index in np.argwhere((cells.shown == 0) & (cells.bits == 0)):
            codes = [axis.codes[at] for axis, at in zip(axes, index, strict=True)]
            by_time = next(
                (code for axis, code in zip(axes, codes, strict=True) if axis.name == "period"), None
            )
            every = [by_time] if by_time else list(times.codes if times else ())
            if all(any((time, code) in seen[n] for time in every) for n, code in enumerate(codes)) and codes:
                cells.shown[tuple(index)] = 1
        return cells


class _Finder:
    """Says to which periods and areas of a question a published row belongs."""

    def __init__(self, asked: Asked) -> None:
        times, areas = asked.axis("period"), asked.axis("area")
        self.asked_rows = asked.rows
        self.index = [{code: n for n, code in enumerate(axis.codes)} for axis in asked.rows]
        self.areas = set(areas.codes) if areas else None
        self.geography = asked.geography
        #: Periods of several years overlap: a row belongs to the one that is its own.
        self.together = set(filter(periods.is_several, times.codes if times else ()))
        self.time_of = {
            periods.code_of(month, "month"): code
            for code in (times.codes if times else ())
            for month in range(periods.span_of(code).first, periods.span_of(code).last + 1)
        }
        # Rows are thousands, their periods and areas few.
        self._times: dict[str, str | None] = {}
        self._inside: dict[str, str | None] = {}

    def newest(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows of the newest period inside each period of the question: what stands then."""
        is_row = "period" in {axis.name for axis in self.asked_rows}
        bins: dict[str, str] = {}
        for row in rows:
            time = self._time(row)
            if time is not None:
                name = time if is_row else ""
                bins[name] = max(bins.get(name, ""), row.period)
        kept = set(bins.values())
        return [row for row in rows if row.period in kept]

    def _time(self, row: Row) -> str | None:
        if self.together:
            return row.period if row.period in self.together else None
        if row.period not in self._times:
            first = periods.span_of(row.period).first
            self._times[row.period] = self.time_of.get(periods.code_of(first, "month"))
        return self._times[row.period]

    def _area(self, code: str, geography: Geography, asked: set[str]) -> str | None:
        if code not in self._inside:
            chain = (code, *geography.ancestors(code))
            self._inside[code] = next((one for one in chain if one in asked), None)
        return self._inside[code]

    def places(self, row: Row) -> Iterator[tuple[str, str]]:
        """Yield the period and area codes of the question that hold a row: none or one."""
        time = self._time(row)
        if time is None:
            return
        if self.areas is None:
            yield time, ""
        elif self.geography and row.area and (inside := self._area(row.area, self.geography, self.areas)):
            yield time, inside
