"""The same people asked for again and again, in other words, sums, ranges and releases."""

import itertools
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.answers.single_cell import published_count
from analysis.errors import QuestionError
from etl.config import Home
from etl.release import publish
from etl.release.cells import ptable
from tests.security.conftest import World
from tests.security.inference import flat, is_known
from tests.security.population import LARGEST, SMALL, Cell, Published, months, noise_of
from tests.sizes import size

REPEATS = 60
SECRET = b"the secret of a weak scheme, here to be attacked"


def of_difference(cells: int) -> np.ndarray:
    """Distribution of the sum of the changes of so many large cells, 0 in the middle."""
    one = np.array([noise_of(LARGEST).get(change, 0.0) for change in range(-5, 6)])
    whole = np.array([1.0])
    for _ in range(cells):
        whole = np.convolve(whole, one)
    return whole


def posterior(prior: np.ndarray, estimates: list[tuple[int, int]]) -> np.ndarray:
    """Bayes over independent estimates (value, number of noisy cells in it) of one count."""
    logs = np.log(np.maximum(prior, 1e-300))
    for value, cells in estimates:
        error = of_difference(cells)
        places = value - np.arange(LARGEST) + len(error) // 2
        inside = (places >= 0) & (places < len(error))
        logs += np.log(np.maximum(np.where(inside, error[np.clip(places, 0, len(error) - 1)], 0.0), 1e-300))
    found = np.exp(logs - logs.max())
    return found / found.sum()


def one_look(published: Published, cell: Cell) -> np.ndarray:
    value = published.get(cell)
    prior = flat() * (published.if_hidden if value is None else published.if_shown(value))
    return prior / prior.sum()


# --- repeating ---


def test_the_same_question_has_one_answer_however_it_is_put(world: World, tmp_path: Path) -> None:
    again = Home(shutil.copytree(world.home.root, tmp_path / "again"))
    publish(again, "public")
    releases = [open_release(world.home.release(p)) for p in ("public", "partner")] + [
        open_release(again.release("public"))
    ]
    chance = random.Random(3)
    for cell in chance.sample([c for c in world.public.cells if "form_pair" not in dict(c[2])], size(25, 60)):
        period, area, given = cell
        filters = list(given) + ([("area", area[1])] if area and area[1] != "not_recorded" else [])
        if area and area[1] == "not_recorded":
            continue
        found = set()
        for release, order in itertools.product(releases, (filters, filters[::-1])):
            found.add(published_count({dim: [code, code] for dim, code in order}, period, release=release))
        assert found == {world.public.cells[cell]}, cell


def test_fresh_noise_for_every_question_averages_out(world: World) -> None:
    """The attack at work: were the noise drawn per question, asking 60 times would do."""
    chance = np.random.default_rng(4)
    changes, weights = zip(*noise_of(LARGEST).items(), strict=True)
    targets = world.targets(100)
    known = 0
    for cell in targets:
        draws = world.truth[cell] + chance.choice(changes, size=REPEATS, p=weights)
        known += is_known(posterior(flat(), [(int(value), 1) for value in draws]), world.truth[cell])
    assert known > 60
    assert not any(is_known(one_look(world.public, cell), world.truth[cell]) for cell in targets)


# --- averaging over category subsets ---

DIMENSION = "identified_by"  # nine categories: 255 sets of the others


def subsets(target: str) -> list[tuple[str, ...]]:
    """Sets of the other categories, but for all of them: with the target that is the whole, another cell."""
    others = [code for code in load_catalog().dimensions[DIMENSION].codes if code != target]
    return [chosen for size in range(1, len(others)) for chosen in itertools.combinations(others, size)]


def small_categories(world: World) -> list[Cell]:
    """Small cells of one citizenship group in one county and year, or nationwide in one month."""
    return [
        cell
        for cell, count in world.truth.items()
        if count in SMALL
        and [dim for dim, _ in cell[2]] == [DIMENSION]
        and (len(cell[0]) == 4 or cell[1] is None)
        and (cell[1] is None or cell[1][1] != "not_recorded")
    ][: size(8, 40)]


@pytest.mark.parametrize("profile", ["public", "partner"])
def test_sums_over_sets_of_categories_say_nothing_new(world: World, profile: str) -> None:
    release = open_release(world.home.release(profile))
    published: Published = getattr(world, profile)
    targets = small_categories(world)
    assert len(targets) == size(8, 40)
    for cell in targets:
        period, area, ((_, code),) = cell
        place = {"area": area[1]} if area else {}
        asked = []
        for chosen in subsets(code):
            for codes in (chosen, (*chosen, code)):
                asked.append(
                    Question(
                        "detected_persons",
                        where={DIMENSION: codes, **place},
                        periods=(period, period),
                        period_level=load_level(period),
                    )
                )
        values = [found.frame["value"][0] or 0 for found in answer(asked, release)]
        gained = {int(with_it - without) for without, with_it in zip(values[::2], values[1::2], strict=True)}
        assert gained == {published.get(cell) or 0}, "always the one published number, or nothing"
        assert not is_known(one_look(published, cell), world.truth[cell])


def load_level(period: str) -> str:
    return {4: "year", 7: "month" if "Q" not in period else "quarter"}[len(period)]


def test_the_averaging_attack_works_where_a_set_of_categories_is_one_cell_with_its_own_noise() -> None:
    """The same noise for the same people, and yet: every set of categories is another draw."""
    noise = ptable.build(SECRET, 5, 3.0, 2)
    chance = random.Random(8)
    known = 0

    def cell_of(categories: list[tuple[int, int]]) -> int:
        people, key = (sum(column) for column in zip(*categories, strict=True))
        return people + int(noise[ptable.table_row(people) - 1, key % 256])

    for _ in range(20):
        target = chance.choice(SMALL)
        inside, *others = [
            (size, sum(chance.randrange(256) for _ in range(size)))
            for size in (target, *(chance.randint(20, 90) for _ in range(9)))
        ]
        sets = [list(chosen) for size in range(1, 10) for chosen in itertools.combinations(others, size)]
        estimates = [(cell_of([inside, *chosen]) - cell_of(chosen), 2) for chosen in sets]
        known += is_known(posterior(flat(), estimates), target)
    assert known >= 18


# --- ranges of time ---


@pytest.mark.parametrize("profile", ["public", "partner"])
def test_ranges_with_and_without_a_month_do_not_give_the_month(world: World, profile: str) -> None:
    release = open_release(world.home.release(profile))
    published: Published = getattr(world, profile)
    chance = random.Random(9)
    every = months()
    hidden = [
        cell
        for cell, count in world.truth.items()
        if count in SMALL
        and len(cell[0]) == 7
        and "Q" not in cell[0]
        and cell[1] is None
        and len(cell[2]) == 1
        and cell[2][0][0] in ("gender", "age_group", "status")
        and published.get(cell) is None
    ]
    for cell in chance.sample(hidden, 25):
        place, ((dim, code),) = every.index(cell[0]), cell[2]
        firsts = [chance.randint(0, place) for _ in range(12)]
        asked = [
            Question(
                "detected_persons",
                where={dim: code},
                periods=(every[first], every[last]),
                period_level="month",
            )
            for first in firsts
            for last in (place, place - 1)
            if last >= first
        ]
        found = {}
        for question, got in zip(asked, answer(asked, release), strict=True):
            found[question.periods] = (got.frame["value"][0], got.cells_shown, got.cells_total)
        estimates = set()
        for first in firsts:
            with_it = found.get((every[first], every[place]))
            without = found.get((every[first], every[place - 1])) if place > first else None
            if with_it is None or without is None or None in (with_it[0], without[0]):
                continue
            if with_it[1] == with_it[2] and without[1] == without[2]:
                estimates.add((int(with_it[0] - without[0]), with_it[2] + without[2]))
        assert not is_known(posterior(one_look(published, cell), sorted(estimates)), world.truth[cell])


def test_a_free_range_is_never_one_number_and_a_not_is_refused(world: World) -> None:
    release = open_release(world.home.release("public"))
    for period in ("2023-02..2023-11", "2023-02,2023-03", "2023-02/2023-03", ""):
        with pytest.raises(QuestionError):
            published_count({}, period, release=release)
    for where in ({"not_gender": "female"}, {"gender": "!female"}, {"gender": "-female"}):
        with pytest.raises(QuestionError):
            published_count(where, "2023", release=release)
    five = {"gender": "female", "age_group": "adult", "status": "confirmed", "area": "C1"}
    with pytest.raises(QuestionError):
        published_count(five, "2023", release=release)
