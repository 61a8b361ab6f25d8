"""A measure whose `pages` names a topic page is shown there: held against what the pages really ask."""

from pathlib import Path

import pytest

from analysis import load_catalog
from tests.pages.opening import OpenPage
from ui.view import registry
from ui.view.view import View

CATALOG = load_catalog()
#: They offer measures, or cards of other pages, to choose from.
CHOOSERS = {"overview", "trends", "geography", "explore", "briefing", "methods"}
TOPICS = [page.code for page in registry.available() if page.code not in CHOOSERS]
BY_CHOICE = {
    "data_quality": {
        one.code: {"complete_of": one.code} for one in CATALOG.measures.values() if one.per_field
    },
}
FROM_REGISTER = {"knowledge_change": "knowledge"}  # drawn from its rows: means and intervals by role
NEEDS_FILES = {"nrm", "fbi_offences", "us_hotline"}  # sources that the demonstration does not hold


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Codes of the measures that each page asks for while a test runs."""
    found: dict[str, set[str]] = {}
    real = View.answer

    def recorded(view: View, questions, **keywords):
        found.setdefault(view.page.code, set()).update(one.measure for one in questions)
        return real(view, questions, **keywords)

    monkeypatch.setattr(View, "answer", recorded)
    return found


def parts_of(codes: set[str]) -> set[str]:
    """Return the measures that ratios divide, of those that have no page of their own."""
    ratios = [CATALOG.measures[code] for code in codes if CATALOG.measures[code].kind == "ratio"]
    parts = {part for one in ratios for part in (one.above, one.below)}
    return {part for part in parts if len(CATALOG.measures[part].pages) == 1}


@pytest.mark.parametrize("page", TOPICS)
def test_a_topic_page_asks_for_every_measure_that_names_it(
    open_page: OpenPage, demonstration: Path, asked: dict[str, set[str]], page: str
) -> None:
    open_page(page, release_folder=demonstration, every_card=True)
    listed = {one.code for one in CATALOG.measures_of(page) if one.source not in NEEDS_FILES}
    for code, address in BY_CHOICE.get(page, {}).items():
        if code in listed:
            open_page(page, release_folder=demonstration, every_card=True, **address)
    drawn = asked[page] | parts_of(asked[page])
    for code, register in FROM_REGISTER.items():
        if code in listed and page in CATALOG.registers[register].pages:
            drawn |= {code} | parts_of({code})
    assert listed - drawn == set()
