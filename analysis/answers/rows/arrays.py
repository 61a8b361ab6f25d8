"""The arrays of an answer before they become a table, and the cells they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis import periods
from analysis.answers.rows.cells import HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE, Cells, fill, grid, letters_of
from analysis.answers.rows.hub_parts import numbers_behind, uncovered_rows
from analysis.answers.rows.lookup import CellTable, ObservationPart, PopulationPart, Row, cell_tables
from analysis.questions.checked import Asked, Axis
from analysis.release.index.cells import CellRows
from analysis.release.release import Release

Key = CellTable | PopulationPart | ObservationPart


@dataclass(frozen=True)
class Found:
    """What the look-up gave: cells by table, and rows of the rest."""

    cells: Mapping[CellTable, CellRows]
    rows: Mapping[PopulationPart | ObservationPart, Sequence[Row]]


Array = NDArray[np.float64]


@dataclass
class Figures:
    """Values of one answer; arrays over its row axes, NaN where not shown.

    `shown` and `total` count published cells; `base` is what a share or rate divides by.
    """

    value: Array
    lower: Array
    upper: Array
    bits: NDArray[np.int64]
    shown: NDArray[np.int64]
    total: NDArray[np.int64]
    base: Array | None = None
    notes: list[str] = field(default_factory=list)

    @staticmethod
    def told_base(base: Array, release: Release) -> Array:
        """Return what shares divide by, NaN below the threshold: a number of few people is told nowhere."""
        return np.where((base > 0) & (release.is_exact | (base >= release.threshold)), np.round(base), np.nan)

    def hide(self, mask: NDArray[np.bool_], bit: int = HIDDEN) -> None:
        """Take the values inside a mask away and say why; a reason already given stays."""
        self.value, self.lower, self.upper = (
            np.where(mask, np.nan, part) for part in (self.value, self.lower, self.upper)
        )
        given = self.bits & (HIDDEN | NOT_APPLICABLE | NOT_AVAILABLE)
        self.bits = np.where(mask, np.where(given != 0, given, bit), self.bits)


class Plan(Protocol):
    """How one question is answered: what it needs, and what it makes of it."""

    def parts(self) -> list[Key]:
        """Return the pieces of the look-up this question needs."""

    def figures(self, found: Found) -> Figures:
        """Return the values, given the rows of every piece."""


class Wanted:
    """The cells of a question over its axes and some more."""

    def __init__(self, asked: Asked, more: Sequence[Axis] = (), without: Sequence[str] = ()) -> None:
        skipped = {"field", *without}
        self.axes = (*(axis for axis in asked.axes if axis.name not in skipped), *more)
        self.extra = len(more)
        self.asked = asked
        collection = asked.collection.collection if asked.collection else ""
        self.tables = cell_tables(
            asked.subject, collection, self.axes, asked.geography, asked.question.area_level
        )

    def cells(self, found: Found) -> Cells:
        """Return the cells over the question's axes; the added axes are summed."""
        return self.whole(found).summed(self.extra)

    def whole(self, found: Found) -> Cells:
        """Return the cells over the question's axes and the added ones."""
        rows = [found.cells[table] for table in self.tables]
        dims = self.tables[0].address.dims
        geography = self.asked.geography
        region = next(iter(geography.at(0)), "") if geography else ""
        total = numbers_behind(self.asked, self.axes)
        return fill(self.axes, rows, dims, self.asked.release.is_exact, region, total)


def silent_rows(asked: Asked) -> NDArray[np.bool_]:
    """Return which rows hold nothing because nobody sent a report for any of their periods."""
    # "field" divides one and the same report by what it leaves out, so it says nothing about who reported.
    axes = [axis for axis in asked.axes if axis.name != "field"]
    rows = sum(axis.name != "field" for axis in asked.rows)
    if asked.release.task_forces:
        return uncovered_rows(asked)
    collection = asked.collection.collection if asked.collection else ""
    silent = {source: months for (name, source), months in asked.release.silent.items() if name == collection}
    shape = tuple(len(axis.codes) for axis in axes)
    if not any(silent.values()):
        return np.zeros(shape[:rows], dtype=bool)
    # Silence depends on the period and, where the question divides by contributor, on the contributor;
    # without that axis a period is silent only when every contributor is. So a small table of periods ×
    # contributors holds all there is to know.
    times = next(axis for axis in axes if axis.name == "period")
    sources = next((axis.codes for axis in axes if axis.name == "source"), None)
    table = np.array(
        [
            [_is_silent(time, [source] if source else list(silent), silent) for source in sources or (None,)]
            for time in times.codes
        ]
    )
    # The table is stretched over all axes of the question, as a broadcast: first turned so that period and
    # source come in the question's order, then a new axis of length one for each other dimension.
    places = {"period": 0, "source": 1}
    wide = table if sources else table[:, 0]
    present = [axis.name for axis in axes if axis.name in places and (axis.name != "source" or sources)]
    if present != sorted(present, key=places.__getitem__):
        wide = wide.T
    index = tuple(slice(None) if axis.name in present else np.newaxis for axis in axes)
    mask = np.broadcast_to(wide[index], shape)
    # Axes after the rows are summed over by the question: a row is silent when all that it sums is.
    return np.asarray(mask.all(axis=tuple(range(rows, len(axes)))))


def _is_silent(period: str, sources: Sequence[str], silent: Mapping[str, frozenset[str]]) -> bool:
    span = periods.span_of(period)
    months = [periods.code_of(month, "month") for month in range(span.first, span.last + 1)]
    return all(month in silent.get(source, frozenset()) for source in sources for month in months)


def frame_of(asked: Asked, figures: Figures) -> pl.DataFrame:
    """Return the table of an answer: one row for each combination of the row axes' codes."""
    size = int(np.prod([len(axis.codes) for axis in asked.rows], dtype=np.int64))
    columns = [pl.Series(name, codes, dtype=pl.String) for name, codes in grid(asked.rows).items()]
    numbers = {"value": figures.value, "lower": figures.lower, "upper": figures.upper}
    for name, array in numbers.items():
        columns.append(pl.Series(name, np.reshape(array, size), dtype=pl.Float64, nan_to_null=True))
    marks = [letters_of(bits) for bits in np.reshape(figures.bits, size).tolist()]
    columns.append(pl.Series("marker", marks, dtype=pl.String))
    for name, counts in (("cells_shown", figures.shown), ("cells_total", figures.total)):
        columns.append(pl.Series(name, np.reshape(counts, size), dtype=pl.Int64))
    if figures.base is not None:
        columns.append(pl.Series("base", np.reshape(figures.base, size), dtype=pl.Float64, nan_to_null=True))
    return pl.DataFrame(columns)
