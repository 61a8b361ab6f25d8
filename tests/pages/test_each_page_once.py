"""Every page opens once, on the example release and without a filter: what `make quick` runs of the pages."""

import pytest

from tests.pages.conftest import said
from tests.pages.opening import OpenPage
from ui.view import registry


@pytest.mark.quick
@pytest.mark.parametrize("page", registry.available(), ids=lambda page: page.code)
def test_it_opens_under_its_title(open_page: OpenPage, page: registry.PageEntry) -> None:
    words = said(open_page(page.code))
    assert page.title in words
    assert "Synthetic data" in words
