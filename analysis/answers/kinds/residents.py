"""Residents of areas: what rates divide by, and the context measure itself."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analysis import periods
from analysis.answers.rows.arrays import Array, Figures, Found, Key
from analysis.answers.rows.cells import NOT_AVAILABLE
from analysis.answers.rows.lookup import PopulationPart
from analysis.catalog.model import NOT_RECORDED, Catalog, Measure
from analysis.errors import NotPermitted
from analysis.questions.axes import area_axis, covered_span, period_axis
from analysis.questions.checked import Asked, Axis, check_codes
from analysis.questions.question import Question
from analysis.questions.validate import check_names
from analysis.release.places import Geography
from analysis.release.release import Release

EVERYONE = "all"
SPLIT = {"age_group": 3, "gender": 4}  # place of the code in a row of the look-up
LARGE = 20
DIMENSIONS = ("period", "area", *SPLIT)


class Residents:
    """Residents over the axes of a question that residents are known by.

    Attributes
    ----------
    axes
        Period, area, child or adult, gender: those of the question.
    """

    def __init__(self, asked: Asked, axes: Sequence[Axis]) -> None:
        self.geography = asked.geography or Geography("", ())
        self.axes = tuple(axis for axis in axes if axis.name in DIMENSIONS)
        by_name = {axis.name: axis.codes for axis in self.axes}
        self.areas = by_name.get("area")
        top = self.geography.at(0)
        wanted = {*(self.areas or top)}
        if not self.areas or wanted & {*top}:
            wanted |= {*self.geography.at(1)}
        # Only the groups that are asked for: all of them were most of the rows of a page's look-up.
        ages, sexes = (tuple(sorted({EVERYONE, *by_name.get(name, ())})) for name in SPLIT)
        self.part = PopulationPart(self.geography.code, tuple(sorted(wanted)), ages, sexes)

    def table(self, found: Found) -> "ResidentsTable":
        """Return the residents that the look-up found."""
        people = {(row.area, row.period, row.c0, row.c1): row.value or 0.0 for row in found.rows[self.part]}
        return ResidentsTable(self, people)


class ResidentsTable:
    """Residents by area, year, age group and sex, with the nearest year where one is missing."""

    def __init__(
        self, wanted: Residents, people: dict[tuple[str | None, str, str | None, str | None], float]
    ):
        self.wanted, self.people = wanted, people
        self.years = sorted({year for _, year, _, _ in people})
        self.borrowed: dict[str, str] = {}

    def array(self, person_years: bool = True) -> Array:
        """Return residents over the axes; NaN where they are not known.

        Parameters
        ----------
        person_years
            Whether a period counts by its length, so that a quarter counts a fourth of its residents.
        """
        axes = self.wanted.axes
        shape = tuple(len(axis.codes) for axis in axes)
        array = np.full(shape, np.nan)
        for index in np.ndindex(*shape):
            codes = {axis.name: axis.codes[at] for axis, at in zip(axes, index, strict=True)}
            period = codes["period"]
            weight = periods.MONTHS_IN[periods.level_of(period)] / 12 if person_years else 1.0
            array[index] = weight * self._people(codes, self._year(period[:4]))
        return array

    def borrowed_years(self) -> np.ndarray:
        """Return where another year's residents stand in, over the axes."""
        axes = self.wanted.axes
        place = [axis.name for axis in axes].index("period")
        lent = np.array([code[:4] not in self.years for code in axes[place].codes])
        shape = tuple(len(axis.codes) for axis in axes)
        return np.broadcast_to(lent.reshape([-1 if n == place else 1 for n in range(len(axes))]), shape)

    def _year(self, year: str) -> str:
        if year in self.years or not self.years:
            return year
        earlier = [one for one in self.years if one < year]
        nearest = earlier[-1] if earlier else self.years[0]
        self.borrowed[year] = nearest
        return nearest

    def _people(self, codes: dict[str, str], year: str) -> float:
        age, sex = codes.get("age_group", EVERYONE), codes.get("gender", EVERYONE)
        geography = self.wanted.geography
        areas = (codes["area"],) if "area" in codes else geography.at(0)
        found = [self._of(area, year, age, sex) for area in areas]
        return float(sum(found)) if found else float("nan")

    def _of(self, area: str, year: str, age: str, sex: str) -> float:
        known = self.people.get((area, year, age, sex))
        if known is not None:
            return known
        inner = self.wanted.geography.within(area, 1) if area in self.wanted.geography.at(0) else ()
        parts = [self.people.get((one, year, age, sex)) for one in inner]
        if not parts or any(part is None for part in parts):
            return float("nan")
        return float(sum(part for part in parts if part is not None))

    def notes(self) -> list[str]:
        """Return what has to be said about missing years."""
        return [f"Residents of {used} are used for {year}." for year, used in sorted(self.borrowed.items())]


def is_part_of_a_large_geography(asked: Asked) -> bool:
    """Return whether the whole of a question is a register that covers only a part of its geography.

    A county's register in the geography of a nation has numbers in one of its states. Its people over the
    nation's residents would be a rate of nowhere. Told from published numbers alone: a geography of at least
    `LARGE` areas below the top, fewer than half of them with any number shown.
    """
    if asked.geography is None or asked.collection is None or asked.axis("area"):
        return False
    parts = asked.geography.at(1)
    shown = asked.release.shown_areas(asked.subject, asked.collection.collection, 1)
    return len(parts) >= LARGE and 2 * len(shown & set(parts)) < len(parts)


def not_applicable(axes: Sequence[Axis]) -> np.ndarray:
    """Return where no residents can exist: people whose age group, gender or area was not recorded."""
    known = tuple(axis for axis in axes if axis.name in DIMENSIONS)
    mask = np.zeros(tuple(len(axis.codes) for axis in known), dtype=bool)
    for place, axis in enumerate(known):
        if axis.name != "period":
            unknown = np.array([code in (NOT_RECORDED, "other") for code in axis.codes])
            mask |= unknown.reshape([-1 if n == place else 1 for n in range(len(known))])
    return mask


def check_context(question: Question, measure: Measure, catalog: Catalog, release: Release) -> Asked:
    """Check a question about residents.

    Raises
    ------
    QuestionError
        In words; `NotPermitted` when no population has been loaded.
    """
    check_names(question, measure.dimensions, measure.label)
    known = [one for one in release.collections if question.collection in (None, one.collection)]
    geography = release.areas.get(known[0].geography) if known else None
    years = release.population_years.get(geography.code) if geography else None
    if geography is None or years is None:
        raise NotPermitted(
            "There are no residents in this release.",
            "To add them: python -m etl load FILE --source population; python -m etl release.",
        )
    times, notes = period_axis(question, covered_span(years[0], years[1]), "year")
    areas, more = area_axis(question, geography)
    axes = {"period": times} | ({"area": areas} if areas else {})
    for name in dict.fromkeys((*question.by, *question.filters)):
        if name not in ("period", "area"):
            dimension = catalog.dimensions[name]
            chosen = question.filters.get(name, dimension.known_codes)
            axes[name] = Axis(name, check_codes(dimension.label, chosen, dimension.known_codes))
    rows = tuple(axes[name] for name in question.by)
    summed = tuple(axes[name] for name in sorted(axes) if name not in question.by)
    return Asked(question, measure, catalog, release, rows, summed, None, geography, notes + more)


class ContextPlan:
    """Answers residents themselves. Residents of several years cannot be added: the last year stands."""

    def __init__(self, asked: Asked) -> None:
        times = asked.axis("period")
        if times and "period" not in asked.question.by:
            last = Axis("period", times.codes[-1:])
            asked = replace(asked, summed=tuple(last if one is times else one for one in asked.summed))
        self.asked = asked
        self.residents = Residents(asked, asked.axes)

    def parts(self) -> list[Key]:
        """Return the residents."""
        return [self.residents.part]

    def figures(self, found: Found) -> Figures:
        """Return the residents of each row; exact, as published."""
        rows, axes = len(self.asked.rows), len(self.asked.axes)
        value = self.residents.table(found).array(person_years=False).sum(axis=tuple(range(rows, axes)))
        known = (~np.isnan(value)).astype(np.int64)
        nothing = np.full(value.shape, np.nan)
        figures = Figures(
            value, nothing, nothing.copy(), np.zeros(value.shape, dtype=np.int64), known, np.ones_like(known)
        )
        figures.hide(np.isnan(value), NOT_AVAILABLE)
        return figures
