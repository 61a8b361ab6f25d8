"""One server of the example release for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asking import Asking, asking


@pytest.fixture(scope="package")
def ask(folder: Path) -> Iterator[Asking]:
    with asking(folder) as found:
        yield found
