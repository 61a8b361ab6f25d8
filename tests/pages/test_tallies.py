"""Pages with numbers sent in place of records say that once; Data quality says of what and when."""

from pathlib import Path

import pytest

from analysis.answers.tallied import TALLIED
from tests.etl.made_home import Deliverer, command_line
from tests.pages.conftest import said
from tests.pages.opening import OpenPage
from tests.release.test_tallies import numbers, release, send


@pytest.fixture(scope="module")
def tallies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of one contributor that sends numbers alone; the months of 2024 are closed."""
    folder = tmp_path_factory.mktemp("tallied_pages")
    run = command_line(folder / "home")
    assert run.load(Deliverer(folder).areas()).code == 0
    send(run, numbers())
    release(run)
    release(run, "steward")
    return folder / "home"


@pytest.mark.parametrize("page", ["people_and_forms", "trends"])
def test_a_page_with_such_figures_says_so_once(open_page: OpenPage, tallies: Path, page: str) -> None:
    text = said(open_page(page, release_folder=tallies / "release" / "public", every_card=True))
    assert text.count(TALLIED) == 1, text


def test_data_quality_says_of_what_and_when(open_page: OpenPage, tallies: Path) -> None:
    text = said(open_page("data_quality", release_folder=tallies / "release" / "public", every_card=True))
    told = (
        "Of people identified (January to December 2024): some contributors sent numbers in place of records"
    )
    assert told in text, [line for line in text.splitlines() if "in place of" in line]
    assert "A number sent in place of records is one row of its file" in text
