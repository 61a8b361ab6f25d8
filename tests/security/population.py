"""A made-up population with known truth, its releases, and deliberately weak schemes over the same truth.

The people are skewed on purpose: large and tiny categories side by side, counties with one large district,
so that many small cells lie beside large ones. Records, truth and releases come from here; attacks see only
`Published`.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import duckdb
import numpy as np

from analysis import load_catalog
from analysis.catalog.model import NOT_RECORDED
from analysis.periods import MONTHS_IN, code_of, level_of, span_of
from analysis.questions.question import fits
from etl.release.cells import ptable
from tests.release.support import (
    COUNTIES,
    DISTRICTS,
    Mart,
    Person,
    county_of,
    made_up_people,
    months_between,
    release_file,
)

FIRST, LAST = "2023-01", "2024-12"
GROUPED = {"age_band": "age_group"}
LARGEST = 60  # attacks look at true counts up to here
SMALL = range(1, 10)
SURE = 0.95

Cell = tuple[str, tuple[int, str] | None, tuple[tuple[str, str], ...]]
"""Period, (area level, area) or None, and (dimension, code) pairs in catalog order."""
Pmf = Mapping[int, float]

RARE = {  # shares by code; what is left goes to the first code
    "gender": {"male": 0.14, "other": 0.012, "not_recorded": 0.004},
    "age_group": {"child": 0.04, "not_recorded": 0.006},
    "status": {"presumed": 0.06, "not_trafficked": 0.01, "not_recorded": 0.002},
    "citizenship_group": {
        "americas": 0.2,
        "africa": 0.1,
        "asia": 0.05,
        "europe": 0.02,
        "oceania_other": 0.003,
    },
    "identified_by": {
        "ngo": 0.2,
        "health": 0.05,
        "child_services": 0.02,
        "immigration": 0.01,
        "other": 0.002,
    },
}
BANDS = {  # shares within the age group
    "child": {"9_17": 0.95, "0_8": 0.05},
    "adult": {"18_23": 0.3, "24_29": 0.4, "30_38": 0.2, "39_47": 0.09, "48_plus": 0.01},
    "not_recorded": {"not_recorded": 1.0},
}


def people(count: int = 3_000, seed: int = 31) -> list[Person]:
    """Return people of 2023 and 2024 with rare categories and one small district in each county."""
    chance = random.Random(seed)
    made = []
    for person in made_up_people(count, FIRST, LAST, seed=seed):
        single = {dim: _drawn(chance, dim) for dim in RARE}
        bands = BANDS[single["age_group"]]
        single["age_band"] = chance.choices([*bands], [*bands.values()])[0]
        area = chance.choices([*DISTRICTS, "C1", NOT_RECORDED], [40, 12, 2, 30, 9, 3, 0.6, 0.4])[0]
        made.append(replace(person, area=area, single={**person.single, **single}))
    return made


def _drawn(chance: random.Random, dimension: str) -> str:
    first = {"age_group": "adult"}.get(dimension, load_catalog().dimensions[dimension].codes[0])
    shares = RARE[dimension]
    return chance.choices([first, *shares], [1 - sum(shares.values()), *shares.values()])[0]


def mart(persons: list[Person], last: str = LAST) -> Mart:
    """Return the mart of some people, everything up to a month closed."""
    days = {"2024-06": "30", "2024-12": "31"}[last]
    return Mart(persons, as_of=f"{last}-{days}", reported=(FIRST, last))


# --- what noise is publicly known to look like ---


def noise_of(count: int) -> Pmf:
    """Return the distribution of the change of a true count; everybody may know it, nobody the keys."""
    protection = load_catalog().protection
    return _row(min(count, protection.noise_d + protection.noise_js + 1)) if count else {0: 1.0}


@lru_cache(maxsize=16)
def _row(count: int) -> Pmf:
    protection = load_catalog().protection
    noise, keys, _ = ptable.row(count, protection.noise_d, protection.noise_v, protection.noise_js)
    return {int(change): int(number) / 256 for change, number in zip(noise, keys, strict=True) if number}


def no_noise(count: int) -> Pmf:
    """Return the distribution of no change."""
    return {0: 1.0}


@dataclass(frozen=True)
class Published:
    """What the world can see, and what it may know about how it was made.

    Attributes
    ----------
    cells
        Every shown cell.
    threshold
        Smallest shown number.
    noise
        True count to the distribution of its change.
    hidden
        Weak schemes only: the cells that are marked as hidden; every other absent cell is shown as 0.
    """

    cells: Mapping[Cell, int]
    threshold: int
    noise: Callable[[int], Pmf] = noise_of
    hidden: frozenset[Cell] | None = None

    def get(self, cell: Cell) -> int | None:
        value = self.cells.get(cell)
        return 0 if value is None and self.hidden is not None and cell not in self.hidden else value

    @cached_property
    def if_hidden(self) -> np.ndarray:
        """Probability that a cell is hidden, by true count."""
        hidden = [
            sum(p for change, p in self.noise(count).items() if count + change < self.threshold)
            for count in range(LARGEST)
        ]
        if self.hidden is not None:
            hidden[0] = 0.0
        return np.array(hidden)

    def if_shown(self, value: int) -> np.ndarray:
        """Probability that a cell is published with a value, by true count."""
        return np.array([self.noise(count).get(value - count, 0.0) for count in range(LARGEST)])

    def of_large(self) -> np.ndarray:
        """Distribution of the change of a large count, from −5 to 5."""
        return np.array([self.noise(LARGEST).get(change, 0.0) for change in range(-5, 6)])


def released(folder: Path, threshold: int) -> Published:
    """Read every person cell of a release."""
    cells: dict[Cell, int] = {}
    with duckdb.connect(str(release_file(folder)), read_only=True) as connection:
        columns = [row[0] for row in connection.execute("DESCRIBE cell_person").fetchall()]
        dims = [column for column in columns if column in load_catalog().dimensions]
        rows = connection.execute(
            f"SELECT period, area_level, area, {', '.join(dims)}, value FROM cell_person"
        )
        for period, level, area, *codes, value in rows.fetchall():
            given = tuple((dim, code) for dim, code in zip(dims, codes, strict=True) if code is not None)
            cells[period, (level, area) if level else None, given] = value
    return Published(cells, threshold)


def weak(truth: Mapping[Cell, int], threshold: int) -> Published:
    """Hide small numbers, show zeros, add no noise: what many offices once did."""
    shown = {cell: count for cell, count in truth.items() if count >= threshold}
    return Published(shown, threshold, no_noise, frozenset(truth) - frozenset(shown))


# --- the parts into which a cell divides ---


def partitions(cell: Cell) -> Iterator[tuple[Cell, list[Cell], str]]:
    """Yield, for every way to widen a cell by one step: the wider cell, the other parts of it, and the way.

    Only ways whose parts add up in truth: single-valued dimensions, areas, periods.
    """
    period, area, given = cell
    dimensions = load_catalog().dimensions
    for place, (dim, code) in enumerate(given):
        if dimensions[dim].multi:
            continue
        rest = given[:place] + given[place + 1 :]
        others = [
            (period, area, (*given[:place], (dim, other), *given[place + 1 :]))
            for other in dimensions[dim].codes
            if other != code
        ]
        yield (period, area, rest), others, dim
        groups = {category.code: category.group for category in dimensions[dim].categories}
        if groups[code] is not None:  # the coarser dimension of the family: adults, of the bands of adults
            above = (*given[:place], (GROUPED[dim], groups[code]), *given[place + 1 :])
            near = [other for other in others if groups[dict(other[2])[dim]] == groups[code]]
            yield (period, area, above), near, f"{dim} of group"
    if area is not None:
        level, code = area
        everywhere = (*(COUNTIES if level == 1 else DISTRICTS), NOT_RECORDED)
        yield (
            (period, None, given),
            [(period, (level, c), given) for c in everywhere if c != code],
            f"area{level}",
        )
        if level == 2 and code != NOT_RECORDED:
            near = [d for d in DISTRICTS if county_of(d) == county_of(code) and d != code]
            # People known only by county are in the county and in none of its districts: one more, unknown
            # part.
            yield (period, (1, county_of(code)), given), [(period, (2, d), given) for d in near], "district"
    level = level_of(period)
    for wider in {"month": ("quarter", "year"), "quarter": ("year",), "year": ()}[level]:
        whole = code_of(span_of(period).first, wider)
        months = range(span_of(whole).first, span_of(whole).last + 1, MONTHS_IN[level])
        parts = [code_of(month, level) for month in months]
        yield (
            (whole, area, given),
            [(part, area, given) for part in parts if part != period],
            f"{level} of {wider}",
        )


def divisions(cell: Cell) -> Iterator[tuple[list[Cell], str]]:
    """Yield, for every way to divide a cell by one step into cells of the closed list: parts, and the way."""
    period, area, given = cell
    catalog, have = load_catalog(), dict(cell[2])
    subject, level = catalog.subjects["person"], level_of(period)
    families = {catalog.dimensions[dim].family or dim for dim in have}
    order = {dim: place for place, dim in enumerate(subject.dimensions)}
    for dim in subject.dimensions:
        dimension, group = catalog.dimensions[dim], have.get(GROUPED.get(dim, ""))
        coarser = GROUPED.get(dim) if group else None
        if dimension.multi or ((dimension.family or dim) in families and not coarser):
            continue
        rest = [pair for pair in given if pair[0] != coarser]
        if fits(subject, catalog, level, area is not None, [dim, *(name for name, _ in rest)]):
            parts = [
                tuple(sorted([*rest, (dim, category.code)], key=lambda pair: order[pair[0]]))
                for category in dimension.categories
                if group in (None, category.group)
            ]
            yield [(period, area, part) for part in parts], f"{dim} of group" if coarser else dim
    if area is None and fits(subject, catalog, level, True, have):
        for number, places in ((1, COUNTIES), (2, DISTRICTS)):
            yield [(period, (number, code), given) for code in (*places, NOT_RECORDED)], f"area{number}"
    finer = {"year": ("quarter", "month"), "quarter": ("month",), "month": ()}[level]
    for near in finer:
        if fits(subject, catalog, near, area is not None, have):
            months = range(span_of(period).first, span_of(period).last + 1, MONTHS_IN[near])
            yield [(code_of(month, near), area, given) for month in months], f"{near} of {level}"


def months() -> list[str]:
    return [f"{day:%Y-%m}" for day in months_between(FIRST, LAST)]
