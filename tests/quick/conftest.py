from pathlib import Path

import pytest

from analysis import Catalog, load_catalog
from tests.example_release import build


@pytest.fixture(scope="session")
def exact_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A steward's release: true numbers, no threshold."""
    return build(
        tmp_path_factory.mktemp("restricted") / "steward",
        profile="steward",
        threshold=1,
        noise=False,
        persons=1_500,
    )


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()
