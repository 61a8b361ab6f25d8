"""Pages on a hub: each opens unchanged, and says that nobody is recognised across task forces."""

import json
from pathlib import Path

import pytest

from analysis import Question, answer, load_catalog, open_release
from analysis.exports import export_context, export_items
from analysis.exports.about import facts, notices
from analysis.exports.words import added_up
from tests.counties import hub_home
from tests.pages.conftest import said
from tests.pages.opening import OpenPage
from ui.view import registry

SENTENCE = added_up(3)


@pytest.fixture(scope="module")
def hub() -> Path:
    """The public release of a hub of three counties."""
    return hub_home() / "release" / "public"


@pytest.mark.parametrize("page", registry.available(), ids=lambda page: page.code)
def test_it_opens_with_the_sentence(open_page: OpenPage, hub: Path, page: registry.PageEntry) -> None:
    app = open_page(page.code, hub)
    assert page.title in said(app)
    assert "Nobody is recognised across them" in SENTENCE and SENTENCE in said(app)
    assert not app.error


def test_every_file_and_the_interface_say_it(hub: Path) -> None:
    release, catalog = open_release(hub), load_catalog()
    told = answer([Question("detected_persons", by=("period", "area"), area_level=1)], release)
    items, context = export_items(told, release, catalog), export_context(release, catalog)
    assert any(SENTENCE in line for line in notices(items, context))
    assert SENTENCE in json.dumps(facts(items[0], context))


def test_a_release_of_one_task_force_does_not_say_it(open_page: OpenPage, folder: Path) -> None:
    assert "task forces, added up" not in said(open_page("overview", folder))
