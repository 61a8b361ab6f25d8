"""Slides say what the pages say; the page that collects them, orders them and hands them over."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pptx import Presentation
from pypdf import PdfReader
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from analysis import open_release
from analysis.briefing.briefing import Briefing, item
from analysis.briefing.link import to_link
from analysis.cli import main
from analysis.exports.words import REPORTED, RESTRICTED, SYNTHETIC
from tests.pages.conftest import headlines, said
from tests.pages.opening import OpenPage
from tests.release_states import changed
from ui.briefing import declared, open_file
from ui.briefing.command import write
from ui.briefing.deck import FOR_ALL, NOTHING, deck_of, without_repeats
from ui.briefing.formats.pptx_file import pptx_bytes
from ui.briefing.formats.registry import FORMATS
from ui.briefing.slide import Deck, Slide
from ui.briefing.standard import APPENDIX, PARTS, standard
from ui.cards.card import slides_of
from ui.view import hand_over, registry
from ui.view.states import NOT_ADDED

FILTERS = {"area": "TM2", "age_group": "child", "period": "2019..2024"}
BUSY = [page.code for page in registry.available() if declared.page_of(page.code)]


def headlines_of_slides(folder: Path, page: str, query: dict[str, str]) -> dict[str, str]:
    """Return the headline of each card of a page as slides say it, chips included.

    Of a card that has a sentence and nothing to draw, the sentence is why its slide is empty.
    """
    cards = [card for section in declared.page_of(page) for card in section.all_cards]
    keys = dict.fromkeys(key for card in cards for key in slides_of(card))
    deck = deck_of(Briefing(items=tuple(item(page, key, query) for key in keys)), open_release(folder))
    return {
        slide.key.split("/")[1]: " ".join([slide.missing or slide.headline, "".join(slide.chips)]).strip()
        for slide in deck.slides
        if slide.missing != NOTHING
    }


@pytest.mark.parametrize("page", BUSY)
def test_a_slide_says_what_the_page_says(open_page: OpenPage, demonstration: Path, page: str) -> None:
    query = {"area": "TM101"} if page == "area" else FILTERS
    app = open_page(page, release_folder=demonstration, every_card=True, **query)
    on_page = {key: " ".join(words.split()) for key, words in headlines(app).items()}
    on_slides = headlines_of_slides(demonstration, page, query)

    different = {key for key, words in on_page.items() if on_slides.get(key) != words}
    assert different <= hidden(app)


def hidden(app: AppTest) -> set[str]:
    """Return the cards of which nothing can be shown: their slides say so."""
    bodies = "".join(element.proto.body for element in app.get("html"))
    return set(re.findall(r'data-card="([^"]*)" data-finding="[^"]*" data-verdict="hidden"', bodies)) | {
        key
        for key, words in headlines(app).items()
        if "too small" in words or "can be shown" in words or "no figures for this" in words
    }


def test_the_standard_briefing_has_fifteen_sections_and_says_what_is_missing(
    demonstration: Path, folder: Path
) -> None:
    full = deck_of(standard({}), open_release(demonstration))
    assert [one.section for one in full.slides] == [part.title for part in PARTS for _ in part.cards]
    assert [one for one in full.slides if one.missing] == []
    assert full.synthetic == SYNTHETIC
    assert full.reported == REPORTED

    some = deck_of(standard({}), open_release(folder))
    missing = [one for one in some.slides if one.missing]
    assert missing, "the small release lacks money and laws"
    assert all(one.headline and not one.figure and not one.tables for one in missing)

    shown = without_repeats(some)
    assert {one.section for one in shown.slides} == {part.title for part in PARTS}
    without = [place(one) for one in shown.slides if one.missing]
    assert len(without) == len(set(without)), "what a section lacks of a page is said once"
    assert not set(without) & {place(one) for one in shown.slides if not one.missing}
    said_of = {place(one)[1]: one.headline for one in shown.slides if one.missing}
    assert said_of["hidden_population"] == "About how many people are on no list"
    why = {place(one)[1]: one.missing for one in shown.slides if one.missing}
    assert why["outcomes"] == f"Outcomes of survivors by part of life: nothing yet. {NOT_ADDED}"


EMPTY = dict.fromkeys(("title", "place", "period", "as_of", "reported", "release_id", "version"), "x")


def told_by(content: bytes) -> list[str]:
    """Return the texts on the slides of a file, without their notes."""
    slides = Presentation(io.BytesIO(content)).slides
    return [shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame]


def place(slide: Slide) -> tuple[str, str]:
    return slide.section, slide.key.partition("/")[0]


def test_the_newer_pages_stand_where_they_belong(demonstration: Path) -> None:
    at = {card: part.title for part in PARTS for card in part.cards}
    assert at["initiatives", "effect"] == "Prevention and training"
    assert {at["hidden_population", card] for card in ("estimate", "agreement")} == {"Data quality"}
    cards = [item(*card, {}) for card in at if card[0] in ("initiatives", "hidden_population")]
    briefing = Briefing(items=(*cards, item("data_quality", "coverage", {}), item(*APPENDIX, {})))
    *slides, coverage, definitions = deck_of(briefing, open_release(demonstration)).slides
    assert all(one.headline and one.tables and not one.missing for one in slides)
    [titled] = definitions.tables
    (for_all, *_, care), *own = titled.table.rows
    assert for_all == FOR_ALL and "changed slightly at random" in care and "do not say how much" in care
    told = {figure: " ".join(words) for figure, *words in own}
    assert "Such estimates are contested" in told["People who could have been listed"]
    assert {"What was counted while an initiative ran", "Contributor coverage"} <= told.keys()
    assert not any("changed slightly at random" in words for words in told.values())
    assert coverage.drawn and coverage.drawn in coverage.caption
    told_on_slides = "\n".join(told_by(pptx_bytes(Deck(**{**EMPTY, "slides": (coverage,)}))))
    assert coverage.drawn not in told_on_slides and "may contain no new people" in told_on_slides


def test_a_card_with_words_alone_is_no_slide_and_nothing_asks_for_a_session(
    demonstration: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = changed(
        demonstration,
        tmp_path / "short",
        ["UPDATE register_campaign SET start_date = '1990-01-01', end_date = '1990-06-30'",
         "DELETE FROM register_agreement", "DELETE FROM observation WHERE source = 'own'"],
    )  # fmt: skip
    cards = (item("initiatives", "effect", {}), item("hidden_population", "estimate", {}))
    effect, estimate = deck_of(Briefing(items=cards), open_release(place)).slides
    assert "because it began outside of the years" in effect.missing and not effect.tables
    assert effect.headline == "What was counted while an initiative ran" and not estimate.missing
    assert "ScriptRunContext" not in caplog.text


def test_a_deck_of_a_keeper_is_stamped(steward_folder: Path) -> None:
    deck = deck_of(standard({}), open_release(steward_folder))

    assert deck.stamp == RESTRICTED
    assert deck.name_begins == "RESTRICTED_"


def test_a_card_is_added_and_taken_out_again(open_page: OpenPage) -> None:
    app = open_page("trends", period="2022..2023")
    app.button(key="trend_briefing").click().run()
    [kept] = app.session_state["_briefing"].items
    assert (kept.key, kept.filters) == ("trends/trend", {"period": "2022..2023"})
    assert app.button(key="trend_briefing").label == "In the briefing"

    app.button(key="trend_briefing").click().run()
    assert app.session_state["_briefing"].items == ()


def test_slides_are_moved_named_noted_and_removed(open_page: OpenPage) -> None:
    app = open_page("briefing", cards=to_link(three()))
    assert "Slides (3)" in said(app)

    app.button(key="down_0").click().run()
    app.text_input(key="title_1").set_value("Our <b>title</b>").run()
    app.text_area(key="note_1").set_value("Speak slowly").run()
    app.button(key="remove_0").click().run()

    kept = app.session_state["_briefing"]
    assert [one.key for one in kept.items] == ["trends/trend", "people_and_forms/forms"]
    assert (kept.items[0].title, kept.items[0].note) == ("Our <b>title</b>", "Speak slowly")
    assert "Our &lt;b&gt;title&lt;/b&gt;" in said(app)
    assert "<b>title" not in said(app)
    assert "Speak" not in str(app.query_params)


def three() -> Briefing:
    cards = (("trends", "trend"), ("people_and_forms", "age"), ("people_and_forms", "forms"))
    return Briefing(items=tuple(item(*card, {}) for card in cards))


def test_the_standard_order_takes_the_filters_of_now(open_page: OpenPage) -> None:
    app = open_page("briefing", period="2022..2023")
    app.button(key="standard_order").click().run()

    kept = app.session_state["_briefing"].items
    assert len(kept) == sum(len(part.cards) for part in PARTS)
    assert {one.filters.get("period") for one in kept} == {"2022..2023"}


def test_a_link_with_unknown_cards_opens_the_others_and_says_so(open_page: OpenPage) -> None:
    app = open_page("briefing", cards="trends/trend~nothing/here~trends/%3Cscript%3E")

    assert len(app.session_state["_briefing"].items) == 1
    notices = " ".join(one.value for one in app.warning)
    assert "nothing/here" in notices
    assert "<script>" not in notices


def test_an_area_that_is_gone_is_told_and_the_rest_opens(open_page: OpenPage) -> None:
    gone = item("trends", "trend", {"area": "GONE", "period": "2022..2023"})
    app = open_page("briefing", cards=to_link(Briefing(items=(gone, *three().items))))

    assert "Slides (4)" in said(app)
    assert "GONE" in " ".join(one.value for one in app.warning)


def test_a_file_without_a_card_leaves_the_briefing_as_it_is(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = json.dumps({"cards": [{"page": "trends", "card": "gone"}]}).encode()
    monkeypatch.setattr(open_file, "opened", lambda: ("old.json", empty))
    app = open_page("briefing", cards=to_link(three()))

    assert "Slides (3)" in said(app)
    assert "nothing was changed" in " ".join(one.value for one in app.warning)


def test_the_kept_file_holds_no_figure(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, bytes] = {}

    def caught(_label: str, data: Callable[[], bytes], *, file_name: str, **_more: object) -> bool:
        files[file_name] = data()
        return False

    monkeypatch.setattr(hand_over, "button", caught)
    open_page("briefing", cards=to_link(three()))
    [content] = [content for name, content in files.items() if name.endswith(".json")]
    held = json.loads(content)

    assert [card["card"] for card in held["cards"]] == ["trend", "age", "forms"]
    assert held["release"]
    assert set(held["cards"][0]) == {"page", "card", "filters"}


@pytest.mark.parametrize("filters", [{}, FILTERS], ids=str)
def test_slides_draw_nothing_on_the_page_that_makes_them(
    demonstration: Path,
    tiny_folder: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    filters: dict[str, str],
) -> None:
    """A briefing is made while a page runs: what a card drew by itself would stand in the middle of it."""

    def refuse(_self: DeltaGenerator, kind: str, *_given: object, **_more: object) -> None:
        raise AssertionError(f"a slide draws: {kind}")

    monkeypatch.setattr(DeltaGenerator, "_enqueue", refuse)
    monkeypatch.setattr(DeltaGenerator, "_block", refuse)
    cards = [
        (page, card) for page in BUSY for section in declared.page_of(page) for card in section.all_cards
    ]
    items = [item(page, key, filters) for page, card in cards for key in slides_of(card)]
    for release in (demonstration, tiny_folder, folder):
        deck = deck_of(Briefing(items=tuple(items)), open_release(release))
        assert len(deck.slides) == len(items)


def test_the_own_note_is_for_whoever_speaks_and_in_no_report(demonstration: Path) -> None:
    noted = item("trends", "trend", {}, note="Thank the sheriff quietly")
    deck = deck_of(Briefing("Board", (noted,)), open_release(demonstration))

    [slide] = deck.slides
    assert slide.spoken[0] == "Thank the sheriff quietly"
    assert "sheriff" in FORMATS["html"].write(deck, None).decode()
    pages = PdfReader(io.BytesIO(FORMATS["pdf"].write(deck, None))).pages
    assert "sheriff" not in "".join(page.extract_text() for page in pages)


def test_a_briefing_is_not_written_over_by_its_slides(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "board.json"
    file.write_text('{"briefing": 1, "cards": [{"page": "trends", "card": "trend"}]}', "utf-8")
    before = file.read_bytes()
    words = ["briefing", str(file), "--format", "html", "--out", str(file), "--release", str(folder)]
    assert main(words, write_briefing=write) == 1
    assert file.read_bytes() == before


@pytest.mark.parametrize(("name", "words"), [("x.pptx", "ends in .pptx"), ("x.txt", "'txt' is no format")])
def test_a_briefing_is_the_kind_of_file_that_its_name_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, words: str
) -> None:
    out = tmp_path / name
    kind = ["--format", "html"] if name == "x.pptx" else []
    assert main(["briefing", "--out", str(out), *kind], write_briefing=write) == 1
    assert words in capsys.readouterr().err and not out.exists()
