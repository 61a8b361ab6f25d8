"""How to count the whole closed list with few passes over the records.

Numbers of persons and sums of keys add up over periods, areas and single-valued dimensions, because a
person is in one period, one area and one category of each within a year. They do not add up over
multi-valued dimensions. So the tables of the closed list are divided into *families* by the multi-valued
dimensions they use; in each family only the finest tables (*grains*) are counted from records, and every
other table is a roll-up of a grain.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.catalog.model import Catalog
from analysis.periods import PERIOD_LEVELS
from analysis.questions.question import GroupingSet


@dataclass(frozen=True, order=True)
class Grain:
    """One table counted from records: a period level, with or without county and district, and dimensions.

    A grain with one dimension of a family (age band, child or adult) carries all of that family: the table
    of the other one is then a roll-up of it.
    """

    period_level: str
    has_area: bool
    dims: tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """Tables with the same multi-valued dimensions, each under the grain it is rolled up from."""

    multi: tuple[str, ...]
    tables: dict[Grain, tuple[GroupingSet, ...]]


def plan(sets: Iterable[GroupingSet], catalog: Catalog, bridged: Iterable[str]) -> list[Family]:
    """Return the families of a closed list.

    Parameters
    ----------
    sets
        The closed list of one subject.
    catalog
        For the families of dimensions (age band, child or adult).
    bridged
        Dimensions of which a record can have several codes.
    """
    bridged = set(bridged)
    families: dict[tuple[str, ...], list[GroupingSet]] = {}
    for one in sets:
        families.setdefault(tuple(code for code in one.dims if code in bridged), []).append(one)
    everything = tuple(
        dict.fromkeys(code for members in families.values() for one in members for code in one.dims)
    )
    return [
        Family(
            multi,
            _under_grains(
                members, catalog, [code for code in everything if code not in bridged or code in multi]
            ),
        )
        for multi, members in families.items()
    ]


def _under_grains(
    members: list[GroupingSet], catalog: Catalog, known: list[str]
) -> dict[Grain, tuple[GroupingSet, ...]]:
    family_of = {code: catalog.dimensions[code].family or code for code in known}
    wanted = {one: _grain_of(one, family_of) for one in members}
    every = sorted(set(wanted.values()))
    covered = _covered(every)
    finest = [one for one in every if not any(one in covered[other] for other in every if other != one)]
    # Of several grains the one with the fewest cells, judged by its dimensions' code lists.
    best_first = sorted(finest, key=lambda grain: (_cells(grain, catalog), grain))
    best = {grain: next(one for one in best_first if grain in covered[one]) for grain in every}
    under: dict[Grain, list[GroupingSet]] = {grain: [] for grain in finest}
    for one, grain in wanted.items():
        under[best[grain]].append(one)
    return {grain: tuple(tables) for grain, tables in under.items()}


def _covered(every: Iterable[Grain]) -> dict[Grain, set[Grain]]:
    """Return what is a roll-up of each grain, itself included."""
    levels = {name: place for place, name in enumerate(PERIOD_LEVELS)}
    parts = [(grain, levels[grain.period_level], grain.has_area, frozenset(grain.dims)) for grain in every]
    return {
        grain: {
            other
            for other, other_level, other_area, other_dims in parts
            if level <= other_level and has_area >= other_area and dims >= other_dims
        }
        for grain, level, has_area, dims in parts
    }


def _grain_of(one: GroupingSet, family_of: Mapping[str, str]) -> Grain:
    families = {family_of[code] for code in one.dims}
    dims = tuple(code for code, family in family_of.items() if family in families)
    return Grain(one.period_level, one.area_level is not None, dims)


def _cells(grain: Grain, catalog: Catalog) -> int:
    cells = {"month": 12, "quarter": 4, "year": 1}[grain.period_level] * (25 if grain.has_area else 1)
    for code in grain.dims:
        cells *= len(catalog.dimensions[code].codes) or 10
    return cells
