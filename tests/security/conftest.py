"""One made-up population and its releases for all attacks; built once."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from analysis import load_catalog
from etl.config import Home, secure
from etl.release import publish
from tests.release.support import Person, home_with
from tests.security.population import SMALL, Cell, Published, mart, people, released

SECRET = "5eed" * 16


def keep_secret(home: Home, secret: str) -> None:
    """Give a home a known secret: what an attack finds must not change from one run to the next."""
    secure(home)
    path = home.restricted / "secret"
    path.write_text(secret, "ascii")
    path.chmod(0o600)


@dataclass(frozen=True)
class World:
    """The releases, and the truth that no attack may look at."""

    home: Home
    persons: list[Person]
    public: Published
    partner: Published
    truth: Mapping[Cell, int]

    def targets(self, count: int, seed: int = 5) -> list[Cell]:
        """Return small cells whose parts add up (single-valued dimensions), drawn at random."""
        multi = {code for code, dim in load_catalog().dimensions.items() if dim.multi}
        small = [
            cell
            for cell, true in self.truth.items()
            if true in SMALL and not multi & {dim for dim, _ in cell[2]} and (cell[1] or cell[2])
        ]
        return random.Random(seed).sample(small, min(count, len(small)))


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    persons = people()
    home = Home(tmp_path_factory.mktemp("world"))
    keep_secret(home, SECRET)
    home_with(home.root, mart(persons))
    for profile in ("public", "partner", "steward"):
        publish(home, profile)
    threshold = load_catalog().protection.threshold
    return World(
        home,
        persons,
        released(home.release("public"), threshold["public"]),
        released(home.release("partner"), threshold["partner"]),
        released(home.release("steward"), 1).cells,
    )
