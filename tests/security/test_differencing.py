"""Whole minus shown parts, and Bayes with every whole and every part at once."""

import pytest

from tests.security.conftest import World
from tests.security.inference import Attacker, is_known, shares_of
from tests.security.population import weak

TARGETS = 1_500


@pytest.mark.parametrize("profile", ["public", "partner"])
@pytest.mark.parametrize("is_insider", [False, True], ids=["outsider", "knows all shares"])
def test_no_small_cell_is_known_from_its_wholes_and_their_other_parts(
    world: World, profile: str, is_insider: bool
) -> None:
    targets = world.targets(TARGETS)
    shares = shares_of(world.truth, targets) if is_insider else None
    attacker = Attacker(getattr(world, profile), shares)
    posteriors = {cell: attacker.posterior(cell) for cell in targets}
    assert sum(found is not None for found in posteriors.values()) > 0.5 * TARGETS, (
        "there was something to use"
    )
    assert [cell for cell, found in posteriors.items() if is_known(found, world.truth[cell])] == []


@pytest.mark.parametrize("is_insider", [False, True], ids=["outsider", "knows all shares"])
def test_the_same_attack_opens_numbers_that_are_only_hidden(world: World, is_insider: bool) -> None:
    targets = world.targets(TARGETS)
    shares = shares_of(world.truth, targets) if is_insider else None
    attacker = Attacker(weak(world.truth, 10), shares)
    known = sum(is_known(attacker.posterior(cell), world.truth[cell]) for cell in targets)
    assert known > 0.08 * TARGETS
