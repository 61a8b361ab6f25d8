from pathlib import Path

import pytest
from hypothesis import settings

from analysis import Catalog, Release, load_catalog, open_release
from tests.example_release import build

settings.register_profile("analysis", deadline=None)  # the machine may be slow
settings.load_profile("analysis")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("release") / "public")


@pytest.fixture(scope="session")
def release(folder: Path) -> Release:
    return open_release(folder)


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
