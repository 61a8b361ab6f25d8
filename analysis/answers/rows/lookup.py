"""One look-up for all questions of a page: a single SELECT over the published cells they need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from analysis import periods
from analysis.catalog.model import NOT_RECORDED, Subject
from analysis.questions.checked import Axis
from analysis.release.cell_index import key_of, table_of
from analysis.release.places import Geography
from analysis.release.release import Release

SLOTS = 3  # dimensions beside the period and the area


class Row(NamedTuple):
    """One row of the look-up: a published cell, a population, or a sum of published leaf rows."""

    part: int
    period: str
    area: str | None
    c0: str | None
    c1: str | None
    c2: str | None
    value: float | None
    marker: str
    total: int
    shown: int


class Part(Protocol):
    """A piece of the look-up that can be written as one SELECT."""

    def select(self, number: int) -> tuple[str, list[Any]]:
        """Return the SELECT and its bound values; the first column is `number`."""


@dataclass(frozen=True)
class CellTable:
    """Address of one published table: a grouping set of one collection."""

    subject: str
    collection: str
    period_level: str
    area_level: int | None
    dims: tuple[str, ...]


@dataclass
class CellPart:
    """The wanted cells of one table; `periods` are its first and last, empty sets of codes mean all.

    `are_sums`: each cell says of how many published numbers it is the sum.
    """

    table: CellTable
    subject: Subject
    periods: tuple[str, str]
    areas: frozenset[str] = frozenset()
    codes: dict[str, frozenset[str]] = field(default_factory=dict)
    are_sums: bool = False

    def join(self, other: "CellPart") -> None:
        """Widen to what another part of the same table wants."""
        self.periods = (min(self.periods[0], other.periods[0]), max(self.periods[1], other.periods[1]))
        self.areas = self.areas | other.areas if self.areas and other.areas else frozenset()
        for name, mine in self.codes.items():
            theirs = other.codes[name]
            self.codes[name] = mine | theirs if mine and theirs else frozenset()

    def select(self, number: int) -> tuple[str, list[Any]]:
        """Return the SELECT and its bound values."""
        table = self.table
        key = key_of(self.subject, table.period_level, table.area_level, table.dims)
        values: list[Any] = [table.collection, key, *self.periods]
        where = "collection = ? AND grouping_key = ? AND period BETWEEN ? AND ?"
        if self.areas:
            where += f" AND {_any_of('area', self.areas, values)}"
        for slot, name in enumerate(table.dims):
            if self.codes[name]:
                where += f" AND {_any_of(f'c{slot}', self.codes[name], values)}"
        shown = "parts" if self.are_sums else "1"
        columns = f"{number}, period, area, c0, c1, c2, value, marker, 1, {shown}"
        return f"SELECT {columns} FROM {table_of(self.subject)} WHERE {where}", values


def _any_of(column: str, codes: Iterable[str], values: list[Any]) -> str:
    listed = sorted(codes)
    values.extend(listed)
    return f"{column} IN ({', '.join('?' * len(listed))})"


@dataclass(frozen=True)
class PopulationPart:
    """Residents of some areas in all years, for some age groups and sexes."""

    geography: str
    areas: tuple[str, ...]
    ages: tuple[str, ...]
    sexes: tuple[str, ...]

    def select(self, number: int) -> tuple[str, list[Any]]:
        """Return the SELECT and its bound values."""
        values: list[Any] = [self.geography]
        chosen = {"age_group": self.ages, "sex": self.sexes}
        if len(self.areas) <= 500:
            chosen["code"] = self.areas
        some = "".join(f" AND {_any_of(column, codes, values)}" for column, codes in chosen.items())
        return (
            f"SELECT {number}, CAST(year AS VARCHAR), code, age_group, sex, NULL, "
            f"CAST(population AS DOUBLE), '', 1, 1 FROM area_population WHERE geography = ?{some}"
        ), values


@dataclass(frozen=True)
class ObservationPart:
    """Leaf rows of one published measure, summed over everything but these columns."""

    source: str
    measure: str
    period_level: str
    dims: tuple[str, ...]
    codes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def select(self, number: int) -> tuple[str, list[Any]]:
        """Return the SELECT and its bound values."""
        values: list[Any] = [self.source, self.measure, self.period_level]
        some = "".join(f" AND {_any_of(name, codes, values)}" for name, codes in self.codes)
        slots = [*self.dims, *["NULL"] * (SLOTS - len(self.dims))]
        return (
            f"SELECT {number}, period, area_code, {', '.join(slots)}, sum(value), "
            f"coalesce(string_agg(DISTINCT marker, ''), ''), count(*), count(value) "
            f"FROM observation WHERE source = ? AND measure = ? AND period_level = ?{some} "
            f"GROUP BY period, area_code{''.join(', ' + name for name in self.dims)}"
        ), values


def look_up(release: Release, parts: Sequence[Part]) -> list[list[Row]]:
    """Return the rows of every part, from one SELECT.

    Parameters
    ----------
    release
        The open release.
    parts
        What is wanted. Parts without a table in this release give no rows; see `wanted_tables`.
    """
    found: list[list[Row]] = [[] for _ in parts]
    selects, values = [], []
    for number, part in enumerate(parts):
        if isinstance(part, CellPart):
            release.index(part.subject)
        text, bound = part.select(number)
        selects.append(text)
        values += bound
    if selects:
        for row in release.rows("\nUNION ALL\n".join(selects), values):
            found[row[0]].append(Row(*row))
    return found


def cell_parts(
    subject: Subject,
    collection: str,
    axes: Sequence[Axis],
    geography: Geography | None,
    level: int | None,
    *,
    are_sums: bool = False,
) -> list[CellPart]:
    """Return the parts that hold the cells of some axes: one for each period level and area level.

    Parameters
    ----------
    subject, collection
        What is counted.
    axes
        Period, optionally area, and dimensions.
    geography
        Gives the levels of areas.
    level
        Area level at which "not recorded" is meant.
    are_sums
        Whether the release is a hub's.
    """
    by_name = {axis.name: axis.codes for axis in axes}
    dims = tuple(name for name in subject.dimensions if name in by_name)
    codes = {name: frozenset(by_name[name]) for name in dims}
    parts = []
    for period_level, times in _by_level(by_name["period"]).items():
        for area_level, areas in _by_area_level(by_name.get("area"), geography, level).items():
            table = CellTable(subject.code, collection, period_level, area_level, dims)
            few = frozenset(areas) if len(areas) <= 30 else frozenset()
            part = CellPart(table, subject, (min(times), max(times)), few, dict(codes), are_sums)
            parts.append(part)
    return parts


def _by_level(codes: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in codes:
        found.setdefault(periods.level_of(code), []).append(code)
    return found


def _by_area_level(
    codes: Iterable[str] | None, geography: Geography | None, level: int | None
) -> dict[int | None, list[str]]:
    if codes is None or geography is None:
        return {None: []}
    found: dict[int | None, list[str]] = {}
    for code in codes:
        at = (level or 1) if code == NOT_RECORDED else geography.levels[code]
        found.setdefault(at or None, []).append(code)
    if None in found:  # the whole region is the total's own cell
        found[None] = []
    return found


def joined(parts: Iterable[CellPart]) -> dict[CellTable, CellPart]:
    """Return one part for each table, wide enough for all that ask for it."""
    found: dict[CellTable, CellPart] = {}
    for part in parts:
        if part.table in found:
            found[part.table].join(part)
        else:
            found[part.table] = part
    return found
