"""Every page in a browser: drawn without complaint, readable by machines, on phones, on paper, in two themes.

To open a page costs more than to look at it: a page that is open is looked at in every way, and pages are
walked to where it is not their address that is tried (`test_walking.py`).
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import (
    OF_COLOURS,
    PAPER,
    SMALL_TEXT,
    TOO_WIDE,
    drawn_again_in,
    paper_of,
    path_of,
    title_is,
    violations,
    visit,
)
from ui.view import registry

pytestmark = pytest.mark.browser
PAGES = [page.code for page in registry.available()]
PRINTED = {"overview", "data_quality", "methods"}
#: What a page shows after a choice, where that is another picture.
VIEWS = [
    "trends?form=forced_labour",
    "trends?split=form",
    "geography?place=D03",
    "geography?show=bands",
    "explore?by=period,area",
]


@pytest.mark.parametrize("code", PAGES)
def test_a_page_is_drawn_from_this_machine_alone_and_axe_finds_nothing_in_both_themes(walk_to, code) -> None:
    for scheme, rules in (("light", ()), ("dark", OF_COLOURS)):
        page = walk_to(registry.entry(code).title, scheme=scheme)
        title_is(page, code)
        expect(page.locator(".ltt-ribbon")).to_have_text("Synthetic data, fictional place")
        expect(page.locator(".ltt-state.ltt-problem")).to_have_count(0)
        assert not violations(page, *rules), scheme
        # The fixture checks where the requests went and that nothing failed.
        assert paper_of(page) == PAPER[scheme]
        if scheme == "light" and code in PRINTED:
            print_keeps_ribbon_and_cards_and_drops_what_is_clicked(page)


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_after_a_choice(tab, example, view) -> None:
    """Opened in the dark, and made light: a page that was made so is not drawn as one that was opened so."""
    page = visit(tab(scheme="dark"), example, view)
    assert paper_of(page) == PAPER["dark"]
    assert not violations(page), "dark"
    drawn_again_in(page, "light")
    assert paper_of(page) == PAPER["light"]
    assert not violations(page, *OF_COLOURS), "light"


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_shows_a_choice_without_scrolling_sideways(tab, example, view) -> None:
    page = visit(tab(size="phone"), example, view)
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390


@pytest.mark.parametrize("code", PAGES)
def test_a_phone_shows_a_page_without_scrolling_sideways_in_text_that_can_be_read(walk_to, code) -> None:
    page = walk_to(registry.entry(code).title, size="phone")
    title_is(page, code)
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(SMALL_TEXT) == []


def print_keeps_ribbon_and_cards_and_drops_what_is_clicked(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator(".ltt-ribbon")).to_be_visible()
    expect(page.locator(".stSidebar")).to_be_hidden()
    for button in page.get_by_role("button").all():
        expect(button).to_be_hidden()
    for one in page.locator("[class*='st-key-card_']").all():
        expect(one).to_have_css("break-inside", "avoid")
    page.emulate_media(media="screen")


@pytest.mark.parametrize("code", ["overview", "explore"])
def test_the_restricted_release_warns_in_red(tab, served, code) -> None:
    page = visit(tab(), served("steward"), path_of(code))
    ribbon = page.locator(".ltt-restricted")
    expect(ribbon).to_have_text("Restricted: exact small numbers, do not share")
    expect(ribbon).to_have_css("background-color", "rgb(163, 23, 42)")
    expect(page.locator(".ltt-ribbon").last).to_have_text("Synthetic data, fictional place")


@pytest.mark.parametrize(
    ("state", "words", "next_step"),
    [("none", "No data has been published", "python -m etl build"), ("too_new", "newer version", "make run")],
)
def test_without_a_readable_release_a_page_says_what_to_do(tab, served, state, words, next_step) -> None:
    page = tab()
    for code in ("overview", "geography"):
        visit(page, served(state), path_of(code))
        expect(page.locator(".ltt-state")).to_contain_text(words)
        expect(page.locator(".ltt-state")).to_contain_text(next_step)
    visit(page, served(state), "methods")
    expect(page.get_by_role("heading", name="Measures", exact=True)).to_be_visible()
    assert "Traceback" not in page.inner_text("body")


def test_published_figures_alone_make_a_dashboard(tab, served) -> None:
    page = tab()
    for code in ("overview", "data_quality", "trends"):
        visit(page, served("published_only"), path_of(code))
        title_is(page, code)
        expect(page.locator(".ltt-ribbon")).to_have_count(0)
    expect(page.locator(".ltt-headline").first).to_contain_text("rafficking offences known")


def test_the_first_page_answers_under_its_own_name_too(tab, example) -> None:
    page = visit(tab(), example, "overview?form=forced_labour")
    title_is(page, "overview")
    expect(page.locator(".ltt-filters")).to_contain_text("forced labour")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url.endswith("/?form=forced_labour")
