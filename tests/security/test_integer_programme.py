"""All margins at once: which true counts are possible at all, given every published number?

For one year, all tables over county, age group, gender and status that the closed list has. Unknowns are the
people in each combination; every shown number bounds a sum of them, and so does every hidden one. If the
smallest and the largest possible count of a small cell are the same, it is known.
"""

import itertools
import random
from collections.abc import Sequence

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from analysis import Question, answer, closed_list, load_catalog, open_release
from analysis.catalog.model import NOT_RECORDED
from tests.release.support import COUNTIES
from tests.security.conftest import World
from tests.security.population import SMALL, Cell, Published, weak
from tests.sizes import size

YEAR = "2023"
DIMS = ("age_group", "gender", "status")
LARGEST_CHANGE = 5
PLACES = (*COUNTIES, NOT_RECORDED)


def codes(dimension: str) -> Sequence[str]:
    return load_catalog().dimensions[dimension].codes


UNKNOWNS = list(itertools.product(PLACES, *(codes(dim) for dim in DIMS)))
Table = tuple[bool, tuple[str, ...]]
"""With or without county, and the dimensions."""


def tables() -> list[Table]:
    """Return the tables over county and `DIMS` that the closed list has for a year."""
    return [
        (one.area_level == 1, tuple(dim for dim in DIMS if dim in one.dims))
        for one in closed_list("person", load_catalog())
        if one.period_level == "year" and one.area_level in (None, 1) and set(one.dims) <= set(DIMS)
    ]


def cells_of(table: Table) -> dict[Cell, np.ndarray]:
    """Return the cells of a table, each as the unknowns that it is the sum of."""
    with_place, dims = table
    kept = [0] * with_place + [1 + DIMS.index(dim) for dim in dims]
    found: dict[Cell, np.ndarray] = {}
    for place, unknown in enumerate(UNKNOWNS):
        chosen = [unknown[k] for k in kept]
        area = (1, chosen[0]) if with_place else None
        cell = (YEAR, area, tuple(zip(dims, chosen[with_place:], strict=True)))
        found.setdefault(cell, np.zeros(len(UNKNOWNS)))[place] = 1
    return found


EVERY = {cell: row for table in tables() for cell, row in cells_of(table).items()}


class Programme:
    """The integer programme of everything that is published about one year."""

    def __init__(self, published: Published, change: int) -> None:
        low, high = [], []
        for cell in EVERY:
            value = published.get(cell)
            if value is None:
                low.append(0 if published.hidden is None else 1)
                high.append(published.threshold - 1 + change)
            else:
                low.append(max(0, value - change))
                high.append(value + change)
        rows = csr_array(np.array(list(EVERY.values())))
        self.constraints = LinearConstraint(rows, np.array(low), np.array(high))

    def bounds(self, cell: Cell) -> tuple[int, int]:
        """Return the smallest and largest count that a cell can have."""
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * EVERY[cell],
                constraints=self.constraints,
                integrality=np.ones(len(UNKNOWNS)),
                bounds=Bounds(0, np.inf),
            )
            assert found.status == 0, "there is a solution: the truth"
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]


def targets(world: World) -> list[Cell]:
    """Return some small cells."""
    small = [cell for cell in EVERY if world.truth.get(cell, 0) in SMALL]
    return random.Random(2).sample(small, size(15, 30))


@pytest.mark.parametrize("profile", ["public", "partner"])
def test_no_small_cell_is_pinned_down_by_all_margins(world: World, profile: str) -> None:
    programme = Programme(through_the_door(world, profile), LARGEST_CHANGE)
    for cell in targets(world):
        low, high = programme.bounds(cell)
        assert low <= world.truth[cell] <= high, "the programme is right about what is possible"
        assert low < high, cell


def test_the_same_programme_solves_numbers_that_are_only_hidden(world: World) -> None:
    programme = Programme(weak(world.truth, 10), 0)
    solved = [programme.bounds(cell) == (world.truth[cell],) * 2 for cell in targets(world)]
    assert sum(solved) > 0.2 * len(solved)


def through_the_door(world: World, profile: str) -> Published:
    """Ask `answer` for all these tables, as a stranger with the program would."""
    asked = [
        Question(
            "detected_persons",
            ("period", *(("area",) if with_place else ()), *dims),
            periods=(YEAR, YEAR),
            area_level=1 if with_place else None,
        )
        for with_place, dims in tables()
    ]
    cells: dict[Cell, int] = {}
    for found in answer(asked, open_release(world.home.release(profile))):
        dims = [dim for dim in found.question.by if dim not in ("period", "area")]
        for row in found.frame.filter(found.frame["value"].is_not_null()).to_dicts():
            area = (1, row["area"]) if "area" in row else None
            cells[YEAR, area, tuple((dim, row[dim]) for dim in dims)] = int(row["value"])
    published: Published = getattr(world, profile)
    assert cells == {cell: published.cells[cell] for cell in EVERY if cell in published.cells}
    return Published(cells, published.threshold)
