"""A briefing: its order, its link, its file, and what is made of files written by hand."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import LttError
from analysis.briefing.briefing import (
    LONGEST_FILTER,
    LONGEST_NOTE,
    LONGEST_TITLE,
    MOST_CARDS,
    MOST_FILTERS,
    Briefing,
    item,
)
from analysis.briefing.file import LARGEST_BYTES, from_file, to_file
from analysis.briefing.link import LONGEST, from_link, to_link
from tests.support import PROJECT
from ui.briefing.deck import is_card
from ui.briefing.declared import page_of
from ui.briefing.standard import APPENDIX, PARTS, standard
from ui.cards.card import slides_of
from ui.view.registry import available

DOCS = (PROJECT / "docs" / "briefings.md").read_text("utf-8")

TREND = item("trends", "trend", {"measure": "detected_persons", "period": "2019..2023"})
WAITS = item("pathway", "service_wait", {"area": "TM101"}, title="How long", note="Speak slowly")
MAP = item("geography", "map", {})


def everything(_page: str, _card: str) -> bool:
    return True


def file_of(**changed: object) -> bytes:
    held = {"briefing": 1, "cards": [{"page": "trends", "card": "trend", "filters": {}}], **changed}
    return json.dumps(held).encode()


def test_cards_keep_their_order_and_stand_once() -> None:
    briefing = Briefing(items=(TREND, WAITS)).with_item(MAP).with_item(TREND)

    assert briefing.items == (TREND, WAITS, MAP)
    assert briefing.moved(2, 0).items == (MAP, TREND, WAITS)
    assert briefing.moved(0, 99).items == (WAITS, MAP, TREND)
    assert briefing.without(1).items == (TREND, MAP)


def test_the_same_card_with_other_filters_is_another_slide() -> None:
    other = item("trends", "trend", {"measure": "tips_received"})

    assert Briefing(items=(TREND,)).with_item(other).items == (TREND, other)


def test_a_full_briefing_takes_no_more() -> None:
    many = Briefing(items=tuple(item("trends", "trend", {"area": str(n)}) for n in range(MOST_CARDS)))

    assert many.with_item(MAP) is many


def test_words_are_cut_to_what_is_allowed_and_hold_nothing_unprintable() -> None:
    briefing = Briefing(items=(TREND,)).with_words(0, title="a\x00b\u202e" + "x" * 500, note="one\ntwo\x07")

    assert briefing.items[0].title.startswith("a b")
    assert len(briefing.items[0].title) == LONGEST_TITLE
    assert briefing.items[0].note == "one\ntwo"


def test_a_link_holds_cards_and_filters_and_nobodys_words() -> None:
    link = to_link(Briefing("Our title", (TREND, WAITS, MAP)))
    opened, notices = from_link(link, is_card)

    assert notices == ()
    assert [(one.key, one.query) for one in opened.items] == [
        (one.key, one.query) for one in (TREND, WAITS, MAP)
    ]
    assert "How long" not in link
    assert "slowly" not in link
    assert "title" not in link


values = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12)


@given(st.lists(st.dictionaries(values, values, max_size=3), max_size=4))
def test_any_filters_come_back_from_a_link(queries: list[dict[str, str]]) -> None:
    briefing = Briefing(items=tuple(item("trends", "trend", query) for query in queries))

    opened, notices = from_link(to_link(briefing), everything)

    assert notices == ()
    assert opened.items == briefing.items


def test_the_standard_order_with_a_few_filters_fits_into_a_link() -> None:
    briefing = standard({"period": "2019..2023", "area": "TM101"})

    assert len(to_link(briefing)) <= LONGEST
    assert len(PARTS) == 15
    assert all(is_card(one.page, one.card) for one in briefing.items)


@pytest.mark.parametrize(
    ("link", "kept", "words"),
    [
        ("trends/trend~nonsense/card", 1, "no card here"),
        ("trends/<script>alert(1)</script>", 0, "no card here"),
        ("../../etc/passwd", 0, "no card here"),
        ("trends/trend?x=1~" * 100, MOST_CARDS, f"first {MOST_CARDS} cards"),
        ("trends/trend?" + "a=b&" * 100, 1, ""),
        ("trends/trend~people_and_forms/gender?form=" + "x" * 9_000, 1, "first 1 cards was left out"),
    ],
)
def test_a_hostile_link_opens_what_it_can_and_says_the_rest(link: str, kept: int, words: str) -> None:
    opened, notices = from_link(link, is_card)

    assert len(opened.items) == kept
    assert words in " ".join(notices)
    assert "<script>" not in " ".join(notices)


def test_a_file_holds_questions_and_words_and_comes_back() -> None:
    briefing = Briefing("For the board", (TREND, WAITS, MAP), "abc123", "public")

    opened, notices = from_file(to_file(briefing), is_card)

    assert notices == ()
    assert opened == briefing
    assert set(json.loads(to_file(briefing))) == {"briefing", "title", "release", "profile", "cards"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a briefing file"),
        (b"\xff\xfe\x00", "not a briefing file"),
        (b"[" * 100_000, "not a briefing file"),
        (b"[1, 2]", "not a briefing file"),
        (b'{"title": "x"}', "not a briefing file"),
        (b'{"briefing": 2, "cards": []}', "this version reads 1"),
        (b'{"briefing": true, "cards": []}', "this version reads 1"),
        (b'{"cards": "trends"}', "cards is not a list"),
        (b'{"cards": []}' + b" " * LARGEST_BYTES, "at most"),
    ],
)
def test_what_is_no_briefing_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(LttError, match=words) as told:
        from_file(content, is_card, "board.json")

    assert "board.json" in told.value.message
    assert told.value.next_step


@pytest.mark.parametrize(
    ("content", "kept", "words"),
    [
        (
            file_of(cards=[{"page": "trends", "card": "gone"}, {"page": "trends", "card": "trend"}]),
            1,
            "trends/gone",
        ),
        (file_of(cards=[7, None, {"page": "trends", "card": "trend"}]), 1, "card 1 is no card"),
        (file_of(cards=[{"page": "trends", "card": "trend"}] * 500), MOST_CARDS, "500 cards"),
        (file_of(figures=[1, 2]), 1, "figures"),
        (file_of(title=7), 1, "title is not a text"),
        (file_of(cards=[{"page": "trends", "card": "trend", "filters": [1]}]), 1, "filters are not"),
        (
            file_of(cards=[{"page": "trends", "card": "trend", "filters": {"area": 7}}]),
            1,
            "not a text of codes",
        ),
        (
            file_of(cards=[{"page": "trends", "card": "trend", "filters": {"area": "\ud800"}}]),
            1,
            "not a text of codes",
        ),
        (file_of(cards=[{"page": "trends", "card": "trend", "value": 7}]), 1, "value"),
        (file_of(cards=[{"page": "trends", "card": "trend", "note": "n" * 100_000}]), 1, "100,000 letters"),
    ],
)
def test_a_file_by_hand_opens_what_it_can(content: bytes, kept: int, words: str) -> None:
    opened, notices = from_file(content, is_card, "board.json")

    assert len(opened.items) == kept
    assert words in " ".join(notices)
    assert all(len(one.note) <= LONGEST_NOTE for one in opened.items)
    assert to_file(opened)
    assert to_link(opened)


KEYS = ["page", "card", "filters", "title", "note", "cards", "briefing", "release", "x"]
plain = st.none() | st.booleans() | st.integers() | st.text()


def nested(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)


@given(st.recursive(plain, nested, max_leaves=12))
def test_no_file_breaks_it(held: object) -> None:
    content = json.dumps({"cards": [held], "title": held} if isinstance(held, dict | list) else held).encode()

    try:
        opened, _ = from_file(content, is_card)
    except LttError:
        return
    assert len(opened.items) <= 1


def test_the_file_that_the_documents_show_opens_whole_and_they_list_every_card() -> None:
    """Whoever writes a file by hand has its form, its limits and all the names it may use."""
    [shown] = re.findall(r"^    {\n.*?^    }$", DOCS, re.DOTALL | re.MULTILINE)
    briefing, notices = from_file(shown.encode(), is_card)
    assert notices == () and len(briefing.items) == len(json.loads(shown)["cards"])
    for number in (LONGEST_TITLE, LONGEST_NOTE, MOST_CARDS, MOST_FILTERS, LONGEST_FILTER, LARGEST_BYTES):
        assert f"{number:,}" in DOCS
    listed = re.findall(r"^    (\w+): ([\w ]+)$", DOCS, re.MULTILINE)
    told = {page: keys.split() for page, keys in listed}
    held = {entry.code: cards_of(entry.code) for entry in available()}
    assert told == {code: keys for code, keys in held.items() if keys} | {APPENDIX[0]: [APPENDIX[1]]}


def cards_of(page: str) -> list[str]:
    cards = [card for section in page_of(page) for card in section.all_cards]
    return list(dict.fromkeys(key for card in cards for key in slides_of(card)))
