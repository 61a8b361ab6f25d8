"""What a single published or hidden number says, however rare its people are known to be, and several draws
of it.

Exact where it can be: every true count, every published value, priors from "one in a thousand" to "about
ten".
"""

import numpy as np
import pytest

from analysis import load_catalog
from tests.security.inference import poisson
from tests.security.population import LARGEST, SMALL, SURE, noise_of

RARENESS = np.logspace(-3, 1, 40)
HIDDEN = -1
PROTECTION = load_catalog().protection


def chances(threshold: int) -> dict[int, np.ndarray]:
    """Probability of what is seen (a value, or HIDDEN), by true count."""
    seen: dict[int, np.ndarray] = {}
    for count in range(LARGEST):
        for change, chance in noise_of(count).items():
            value = count + change if count + change >= threshold else HIDDEN
            seen.setdefault(value, np.zeros(LARGEST))[count] += chance
    return seen


def share_known(threshold: int) -> float:
    """Share of small cells that are known with 95 %, for the rareness at which it is largest."""
    worst = 0.0
    for mean in RARENESS:
        prior = poisson(float(mean))
        known = 0.0
        for seen in chances(threshold).values():
            joint = prior * seen
            best = int(joint.argmax())
            if best in SMALL and joint[best] >= SURE * joint.sum():
                known += joint[best]
        worst = max(worst, known / prior[list(SMALL)].sum())
    return worst


@pytest.mark.parametrize("profile", ["public", "partner"])
def test_one_number_makes_no_small_cell_known(profile: str) -> None:
    assert share_known(PROTECTION.threshold[profile]) < 1e-4


@pytest.mark.parametrize("threshold", [5, 6])
def test_below_d_plus_js_a_single_person_can_be_seen_and_known_to_be_one(threshold: int) -> None:
    """Why partners do not see numbers from 5 on: a published 6 in a rare place is one person plus
    5."""
    assert threshold < PROTECTION.noise_d + PROTECTION.noise_js
    assert share_known(threshold) > 0.015


@pytest.mark.parametrize("profile", ["public", "partner"])
def test_a_first_number_and_its_revisions_make_no_small_cell_known(profile: str) -> None:
    tables = 2  # by age band, and by child or adult or neither: two draws where all are in one band
    draws = tables * (1 + PROTECTION.revisions_per_year)
    assert share_known_by_chance(PROTECTION.threshold[profile], draws) < 1e-3


def test_revisions_without_end_would() -> None:
    assert share_known_by_chance(PROTECTION.threshold["public"], 30, 4_000) > 0.01
    assert share_known_by_chance(PROTECTION.threshold["partner"], 20, 4_000) > 0.005


def share_known_by_chance(threshold: int, draws: int, cells: int = 20_000) -> float:
    """The same for many draws, by simulation: every cell is drawn anew each time, as a revision does."""
    chance = np.random.default_rng(7)
    seen = np.array(list(chances(threshold).values()))
    worst = 0.0
    for mean in (0.05, 0.3, 1, 3, 5, 7, 9):
        prior = poisson(mean)
        truth = chance.choice(SMALL, size=cells, p=prior[list(SMALL)] / prior[list(SMALL)].sum())
        with np.errstate(divide="ignore"):
            logs = np.repeat(np.log(prior)[:, None], cells, axis=1)
            for _ in range(draws):
                passed = seen.cumsum(axis=0)[:, truth] < chance.random(cells)
                logs += np.log(seen[passed.sum(axis=0).clip(max=len(seen) - 1)].T)
        posterior = np.exp(logs - logs.max(axis=0))
        posterior /= posterior.sum(axis=0)
        right = posterior[truth, np.arange(cells)]
        worst = max(worst, float((right >= SURE).mean()))
    return worst
