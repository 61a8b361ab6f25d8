"""Releases of a small catalog."""

import pytest

from analysis import Catalog


@pytest.fixture(scope="module")
def catalog(fewer_questions: Catalog) -> Catalog:
    """The release job sees a catalog with fewer dimensions."""
    return fewer_questions
