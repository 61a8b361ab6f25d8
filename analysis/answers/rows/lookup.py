"""One look-up for all questions of a page: slices of the index of cells, and a single SELECT for the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol
from weakref import WeakKeyDictionary

from analysis import periods
from analysis.catalog.model import NOT_RECORDED, Subject
from analysis.questions.checked import Axis
from analysis.release.index.cells import SLOTS, Address, CellRows, address_of
from analysis.release.places import Geography
from analysis.release.release import Release

#: Rows of parts that are kept for a release, about 20 MB: what a rate divides by is asked with every filter.
MOST_ROWS = 100_000


class Row(NamedTuple):
    """One row of the SELECT: a population, or a sum of published leaf rows."""

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


#: Published rows by part, for each open release by itself; they go with it.
_kept: WeakKeyDictionary[Release, dict[Part, list[Row]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class CellTable:
    """One published table of a subject."""

    code: str
    address: Address
    subject: Subject = field(compare=False, repr=False)


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


def cells_of(release: Release, tables: Iterable[CellTable]) -> dict[CellTable, CellRows]:
    """Return the cells of published tables; a table that the release does not have has none."""
    listed = list(tables)
    indexes = {code: release.index(subject) for code, subject in {t.code: t.subject for t in listed}.items()}
    return {table: indexes[table.code].rows(table.address) for table in listed}


def look_up(release: Release, parts: Sequence[Part]) -> list[list[Row]]:
    """Return the rows of every part that is no table of cells, from one SELECT for those not asked before.

    Parameters
    ----------
    release
        The open release.
    parts
        What is wanted.

    Raises
    ------
    ReleaseNotOffered
        If the release was withdrawn: what is kept of it is not handed out either.
    """
    release.refuse_withdrawn()
    kept = _kept.setdefault(release, {})
    known = {part: rows for part in parts if (rows := kept.get(part)) is not None}
    missing = [part for part in dict.fromkeys(parts) if part not in known]
    found = dict(zip(missing, _selected(release, missing), strict=True))
    if sum(map(len, [*kept.values(), *found.values()])) > MOST_ROWS:
        kept.clear()
    kept.update(found)
    known.update(found)
    return [known[part] for part in parts]


def _selected(release: Release, parts: Sequence[Part]) -> list[list[Row]]:
    found: list[list[Row]] = [[] for _ in parts]
    selects, values = [], []
    for number, part in enumerate(parts):
        text, bound = part.select(number)
        selects.append(text)
        values += bound
    if selects:
        for row in release.rows("\nUNION ALL\n".join(selects), values):
            found[row[0]].append(Row(*row))
    return found


def cell_tables(
    subject: Subject, collection: str, axes: Sequence[Axis], geography: Geography | None, level: int | None
) -> list[CellTable]:
    """Return the tables that hold the cells of some axes: one for each period level and area level.

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
    """
    by_name = {axis.name: axis.codes for axis in axes}
    times = dict.fromkeys(map(periods.level_of, by_name["period"]))
    areas = _area_levels(by_name.get("area"), geography, level)
    return [
        CellTable(subject.code, address_of(subject, collection, time, area, by_name), subject)
        for time in times
        for area in areas
    ]


def _area_levels(
    codes: Iterable[str] | None, geography: Geography | None, level: int | None
) -> list[int | None]:
    if codes is None or geography is None:
        return [None]
    # The whole region is the total's own cell, which has no area.
    levels = ((level or 1) if code == NOT_RECORDED else geography.levels[code] for code in codes)
    return list(dict.fromkeys(at or None for at in levels))
