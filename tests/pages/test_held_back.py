"""Pages of a release with confidential providers and texts that nobody confirmed: no name, and no fault."""

import pytest

from tests.pages.conftest import said
from tests.security.registers import publish_texts, released
from tests.security.test_texts_of_registers import NAMES, attacked

PAGES = ("overview", "partnerships", "funding", "gaps", "prevention", "pathway", "data_quality", "methods")


@pytest.fixture(scope="module")
def held_back(tmp_path_factory):
    """The public release of a home whose registers name people, before the keeper has confirmed a text."""
    office = attacked(tmp_path_factory.mktemp("held_back"))
    publish_texts(office.run)
    released(office.run, "public")
    return office.run.home.release("public")


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_a_text_that_is_not_confirmed(open_page, held_back, page) -> None:
    shown = said(open_page(page, release_folder=held_back)).casefold()
    assert len(shown) > 200
    for name in NAMES:
        assert name not in shown
