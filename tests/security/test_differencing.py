"""Whole minus shown parts, and Bayes with every whole and every part at once."""

import shutil
from pathlib import Path

import pytest

from etl.config import Home
from etl.release import publish
from tests.security.conftest import World
from tests.security.inference import Attacker, is_known, shares_of
from tests.security.population import Cell, Published, released, weak
from tests.sizes import size

EVERY = 1_000_000
#: Of more than 10,000 small cells; a seeded part of them unless the long form is run.
ATTACKED = size(2_500, EVERY)
SOME = size(500, 1_500)
INSIDER = pytest.mark.parametrize("is_insider", [False, True], ids=["outsider", "knows all shares"])


def known(
    published: Published, world: World, targets: list[Cell], *, is_insider: bool, one_noise: bool = False
) -> list[Cell]:
    """Return the targets whose count an attacker knows."""
    shares = shares_of(world.truth, targets) if is_insider else None
    attacker = Attacker(published, shares, one_noise)
    posteriors = {cell: attacker.posterior(cell) for cell in targets}
    assert sum(found is not None for found in posteriors.values()) > 0.5 * len(targets), (
        "there was something to use"
    )
    return [cell for cell, found in posteriors.items() if is_known(found, world.truth[cell])]


@pytest.mark.parametrize("profile", ["public", "partner"])
@INSIDER
def test_no_small_cell_is_known_from_its_wholes_and_parts(
    world: World, profile: str, is_insider: bool
) -> None:
    targets = world.targets(ATTACKED)
    assert len(targets) >= size(2_500, 10_000)
    assert known(getattr(world, profile), world, targets, is_insider=is_insider) == []


@INSIDER
def test_the_same_attack_opens_numbers_that_are_only_hidden(world: World, is_insider: bool) -> None:
    found = known(weak(world.truth, 10), world, world.targets(SOME), is_insider=is_insider)
    assert len(found) > 0.08 * SOME


def test_one_noise_for_age_bands_and_for_child_or_adult_would_make_single_children_known(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Children and children of 9 to 17: other numbers mean that somebody is younger."""
    monkeypatch.setattr("etl.release.run.apart", lambda secret, keys: 0)
    home = Home(shutil.copytree(world.home.root, tmp_path / "home"))
    shutil.rmtree(home.release("partner"))
    publish(home, "partner")
    young = [cell for cell in world.targets(EVERY) if ("age_band", "0_8") in cell[2]]
    found = known(
        released(home.release("partner"), world.partner.threshold),
        world,
        young,
        is_insider=True,
        one_noise=True,
    )
    assert found and {world.truth[cell] for cell in found} == {1}
