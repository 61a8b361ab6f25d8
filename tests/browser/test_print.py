"""The page on paper: charts as wide as their card, nothing that is clicked, one area on two sheets."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import drawn, visit
from tests.browser.serving import serving
from tests.demonstration import demonstration_release

pytestmark = pytest.mark.browser
#: What the margins leave of A4, in the pixels of the page before it is made smaller for paper. The window is
#: not made as wide as paper: a printer has none that could tell the page so.
A4 = "@media print { .stMainBlockContainer { width: 960px !important; } }"
#: Each chart as it is printed: its card, the room inside its padding, its drawing; in pixels.
WIDTHS = """() => [...document.querySelectorAll('.stPlotlyChart')].map(chart => {
  const card = chart.closest('[class*="st-key-card_"]'), style = getComputedStyle(card);
  const wide = one => one.getBoundingClientRect().width;
  const room = wide(card) - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return [card.className.match(/st-key-(card_\\w+)/)[1], room, wide(chart.querySelector('.svg-container')),
          wide(chart.querySelector('.main-svg')), chart.querySelector('.main-svg').getAttribute('viewBox')];
})"""


def on_paper(page: Page) -> Page:
    """Show a page as a printer gets it."""
    page.add_style_tag(content=A4)
    page.emulate_media(media="print")
    page.wait_for_function(
        "[...document.querySelectorAll('.svg-container')].every(one => one.classList.contains('ltt-fitted'))"
    )
    return page


def sheets(page: Page) -> int:
    """Return on how many sheets a page is printed."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_charts_are_as_wide_as_their_card_whatever_the_window_was(tab, example, size) -> None:
    page = on_paper(visit(tab(size), example, "people_and_forms"))
    printed = page.evaluate(WIDTHS)
    assert len(printed) >= 4
    for name, room, box, drawing, view in printed:
        assert box == pytest.approx(room, rel=0.04), name
        assert drawing == pytest.approx(box, rel=0.01), name
        assert view, f"{name} would be cut off and not scaled"


@pytest.mark.parametrize("code", ["gaps", "geography", "people_and_forms"])
def test_what_is_clicked_is_not_printed(tab, example, code) -> None:
    page = on_paper(visit(tab(), example, code))
    for kind in (".ltt-link", ".stButton", ".stSelectbox", ".stRadio", ".stTextInput", ".stNumberInput"):
        for one in page.locator(f".stMain {kind}").all():
            expect(one).to_be_hidden()


def test_one_area_is_printed_on_two_sheets(tab) -> None:
    """On the demonstration, which has the most to tell."""
    with serving(demonstration_release()) as served:
        page = visit(tab(), served, "area?area=TM1")
        assert sheets(drawn(page)) == 2
        page.close()  # before its server ends: a page that is open asks for it
