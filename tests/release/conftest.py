"""Releases of a small catalog."""

from collections.abc import Iterator

import pytest

from analysis import Catalog
from tests.release.support import small_catalog


@pytest.fixture(scope="module")
def catalog() -> Iterator[Catalog]:
    """The release job sees a catalog with fewer dimensions."""
    chosen = small_catalog()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.release.run.load_catalog", lambda: chosen)
        yield chosen
