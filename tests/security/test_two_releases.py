"""Two releases side by side: who was added, corrected or revised in between?"""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from etl.config import Home
from etl.release import publish
from tests.release.support import Person, home_with, made_up_people, small_catalog
from tests.security.conftest import SECRET, keep_secret
from tests.security.inference import flat, is_known
from tests.security.population import SMALL, Cell, Published, mart, people, released

USUAL = {"gender": "female", "age_group": "adult", "form": "sexual_exploitation", "source": "harbour_ngo"}
ATTRIBUTES = tuple(USUAL)
ADDED = 18  # one in each month, January 2023 to June 2024


@dataclass(frozen=True)
class Pair:
    """Two releases, and who was added between them."""

    before: Published
    after: Published
    added: list[Person]


def late(count_a_month: int, first: str = "2023-01", last: str = "2024-06") -> list[Person]:
    """Return people who come in late: the same number in each month."""
    by_month: dict[object, list[Person]] = {}
    for person in made_up_people(2_000, first, last, seed=77, prefix="late"):
        by_month.setdefault(person.month, []).append(person)
    return [person for month in sorted(by_month, key=str) for person in by_month[month][:count_a_month]]


@pytest.fixture(scope="module")
def few_dimensions() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.release.run.load_catalog", small_catalog)
        yield


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, few_dimensions: None) -> Home:
    home = home_with(tmp_path_factory.mktemp("first"), mart(early(), "2024-06"))
    keep_secret(home, SECRET)
    publish(home, "public")
    return home


def early() -> list[Person]:
    return [person for person in people() if f"{person.month:%Y-%m}" <= "2024-06"]


def pair(first: Home, folder: Path, added: list[Person], *, freezes: bool, revise: int | None = None) -> Pair:
    """Release again with some people more; without freezing it is a new series under the same secret."""
    home = Home(shutil.copytree(first.root, folder))
    before = released(home.release("public"), 10)
    if not freezes:
        home.frozen(False).unlink()
        home.released(False).unlink()  # which would stop the release
        shutil.rmtree(home.release("public"))
    publish(home_with(home.root, mart(early() + added, "2024-06")), "public", revise=revise)
    return Pair(before, released(home.release("public"), 10), added)


def guessed(found: Pair, month: str) -> dict[str, str]:
    """Work out the attributes of one added person: in each dimension, the only category whose number
    moved."""
    moved: dict[str, set[str]] = {}
    for cells, others in ((found.after.cells, found.before), (found.before.cells, found.after)):
        for (period, area, given), value in cells.items():
            if (
                period == month
                and area is None
                and len(given) == 1
                and others.get((period, area, given)) != value
            ):
                dim, code = given[0]
                moved.setdefault(dim, set()).add(code)
    return {dim: next(iter(codes)) for dim, codes in moved.items() if len(codes) == 1}


def unusual_found(found: Pair) -> tuple[int, int]:
    """Return how many unusual attributes the added people have, and how many of them the guesses find.

    The usual category of a dimension can be guessed without any release, so it does not count.
    """
    there = right = 0
    for person in found.added:
        guesses = guessed(found, f"{person.month:%Y-%m}")
        for dim in ATTRIBUTES:
            codes = (person.single[dim],) if dim in person.single else person.multi[dim]
            if len(codes) == 1 and codes[0] != USUAL[dim]:
                there += 1
                right += guesses.get(dim) == codes[0]
    return there, right


def test_added_people_are_found_when_closed_months_are_published_anew(first: Home, tmp_path: Path) -> None:
    there, right = unusual_found(pair(first, tmp_path / "home", late(1), freezes=False))
    assert there > ADDED
    assert right > 0.3 * there, "and more by looking at months and two dimensions together"


def test_nothing_moves_when_closed_months_are_frozen(first: Home, tmp_path: Path) -> None:
    found = pair(first, tmp_path / "home", late(1), freezes=True)
    assert found.after.cells == found.before.cells
    assert unusual_found(found)[1] == 0


def test_a_revision_moves_everything_and_finds_nobody(first: Home, tmp_path: Path) -> None:
    there, right = unusual_found(
        pair(first, tmp_path / "home", late(5, last="2023-12"), freezes=True, revise=2023)
    )
    assert there > 50
    assert right < 0.05 * there


def test_small_cells_stay_unknown_after_every_revision_that_is_allowed(first: Home, tmp_path: Path) -> None:
    """Three releases of one year; the attacker knows which cells no correction touched."""
    home = Home(shutil.copytree(first.root, tmp_path / "home"))
    releases, everybody = [released(home.release("public"), 10)], early()
    for number in (1, 2):
        everybody += [
            person
            for person in made_up_people(120, "2023-01", "2023-12", seed=90 + number, prefix=f"r{number}")
            if person.area in ("D1", "D4")
        ]
        publish(home_with(home.root, mart(everybody, "2024-06")), "public", revise=2023)
        releases.append(released(home.release("public"), 10))
    truth = untouched(everybody)
    assert len(truth) > 15
    for cell, count in truth.items():
        posterior = flat()
        for seen in releases:
            value = seen.get(cell)
            posterior = posterior * (seen.if_hidden if value is None else seen.if_shown(value))
        assert not is_known(posterior / posterior.sum(), count), cell


def untouched(persons: list[Person]) -> Mapping[Cell, int]:
    """True counts, by district other than D1 and D4, gender and age, in 2023: nobody was added there."""
    counts: Counter[Cell] = Counter()
    for person in persons:
        if person.year == 2023 and person.area in ("D2", "D3", "D5", "D6"):
            gender, age = ("gender", person.single["gender"]), ("age_group", person.single["age_group"])
            for given in ((gender,), (age,), (age, gender)):
                counts["2023", (2, person.area), given] += 1
    return {cell: count for cell, count in counts.items() if count in SMALL}
