"""Slides and the report of the demonstration: every card can be drawn, set and written."""

import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from analysis import open_release
from analysis.briefing.briefing import Briefing, item
from tests.quick.briefing import office
from ui.briefing import declared
from ui.briefing.deck import deck_of
from ui.briefing.formats.pdf_file import pdf_bytes
from ui.briefing.formats.powerpoint.maps import is_map
from ui.briefing.formats.powerpoint.reading import charts_of
from ui.briefing.formats.pptx_file import pptx_bytes
from ui.briefing.paper import fonts
from ui.briefing.paper.drawing import svg_of
from ui.briefing.slide import Deck, Slide
from ui.cards.card import slides_of
from ui.view import registry

#: Figures without a form that an office program can draw: their tables are shown.
AS_TABLES = {
    "agreements",
    "laws",
    "ending",
    "in_force",
    "stops",
    "need",
    "coverage",
    "flow",
    "smoothed",
    "beside",
}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def every_card(demonstration: Path) -> Deck:
    """Return a briefing with every card of every page."""
    release = open_release(demonstration)
    items = []
    for page in registry.available():
        query = {"area": "TM101"} if page.code == "area" else {}
        cards = [card for section in declared.page_of(page.code) for card in section.all_cards]
        keys = dict.fromkeys(key for card in cards for key in slides_of(card))
        items += [item(page.code, key, query) for key in keys]
    return deck_of(Briefing("Every card", tuple(items)), release, keeps_missing=False)


def form_of(slide: Slide) -> tuple[object, ...]:
    """Return what a figure is made of: slides of one form are written alike."""
    if slide.figure is None:
        return ("table", len(slide.tables) > 1, bool(slide.missing))
    traces = {
        (trace["type"], trace.get("mode"), trace.get("orientation"), bool(trace.get("fill")))
        for trace in slide.figure["data"]
    }
    return (*sorted(map(str, traces)), is_map(slide.figure), len(charts_of(slide.figure)) > 1)


@pytest.fixture(scope="module")
def one_of_each(every_card: Deck) -> Deck:
    """Return a briefing with one card of each form, and the one with the most words in its headline."""
    chosen = {form_of(slide): slide for slide in every_card.slides}
    longest = max(every_card.slides, key=lambda slide: len(slide.headline))
    slides = {slide.key: slide for slide in [*chosen.values(), longest]}
    assert len(slides) > 15
    return Deck(**(every_card.__dict__ | {"slides": tuple(slides.values())}))


def test_every_figure_is_drawn_with_its_words_inside(every_card: Deck) -> None:
    drawn = 0
    for slide in every_card.slides:
        if slide.figure is None:
            continue
        drawn += 1
        root = ElementTree.fromstring(svg_of(slide.figure))
        width, height = float(root.get("width")), float(root.get("height"))
        for text in root.iter(f"{SVG}text"):
            words = "".join(text.itertext())
            wide = fonts.width(words, float(text.get("font-size")))
            shift = {"start": 0.0, "middle": wide / 2, "end": wide}[text.get("text-anchor")]
            left = float(text.get("x")) - shift
            if not text.get("transform"):
                assert left >= -2, (slide.key, words)
                assert left + wide <= width + 2, (slide.key, words)
            assert -1 <= float(text.get("y")) <= height + 1, (slide.key, words)
    assert drawn > 150


def test_nearly_every_figure_is_a_chart_that_can_be_edited(every_card: Deck) -> None:
    as_tables = {
        slide.key.split("/")[1]
        for slide in every_card.slides
        if slide.figure is not None
        and not is_map(slide.figure)
        and not charts_of(slide.figure)
        and slide.figure["data"][0]["type"] != "heatmap"
    }
    assert as_tables <= AS_TABLES
    for slide in every_card.slides:
        assert slide.figure is not None or slide.tables or slide.missing, f"{slide.key} would be empty"


def test_slides_hold_their_numbers_and_no_others_and_nothing_overlaps(one_of_each: Deck) -> None:
    content = pptx_bytes(one_of_each)
    office.check_layout(content)
    years = {float(year) for year in range(1990, 2030)}
    assert office.numbers_in(content) <= office.numbers_of(one_of_each) | years


def test_the_report_has_every_card(one_of_each: Deck) -> None:
    report = PdfReader(io.BytesIO(pdf_bytes(one_of_each)))
    text = " ".join(page.extract_text() for page in report.pages)
    words = " ".join(text.split())
    for slide in one_of_each.slides:
        assert " ".join(slide.headline.split())[:30] in words, slide.key
