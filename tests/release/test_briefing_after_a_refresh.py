"""A briefing that was kept with an earlier release says what has changed, or that it cannot."""

from analysis import open_release
from analysis.briefing.briefing import Briefing, item
from etl.config import Home
from etl.release.withdrawing import withdraw
from tests.release.test_archive import home, ids, published  # noqa: F401 - fixtures
from ui.briefing.deck import deck_of
from ui.briefing.earlier import earlier_release
from ui.briefing.slide import Deck

CARDS = (("people_and_forms", "forms"), ("overview", "trend"))


def kept_with(release_id: str, profile: str = "public") -> Briefing:
    items = tuple(item(*card, {"period": "2023..2024"}) for card in CARDS)
    return Briefing("Board", items, release_id, profile)


def reopened(home: Home, briefing: Briefing) -> Deck:  # noqa: F811
    release = open_release(home.release("public"))
    earlier, notices = earlier_release(briefing, release)
    return deck_of(briefing, release, earlier=earlier, notices=notices)


def test_changed_cards_say_what_they_said(home: Home) -> None:  # noqa: F811
    newest, *_, first = ids(home)
    deck = reopened(home, kept_with(first))

    assert deck.notices == ()
    changed = [slide.changed for slide in deck.slides if slide.changed]
    assert changed
    assert all(first in words and newest not in words for words in changed)
    assert all(slide.changed == "" for slide in reopened(home, kept_with(newest)).slides)


def test_what_was_withdrawn_is_quoted_no_more(home: Home) -> None:  # noqa: F811
    _, *_, first = ids(home)
    withdraw(home, first)
    deck = reopened(home, kept_with(first))

    assert "withdrawn" in " ".join(deck.notices)
    assert all(slide.changed == "" for slide in deck.slides)


def test_other_roles_and_unknown_releases_cannot_be_compared(home: Home) -> None:  # noqa: F811
    for briefing in (
        kept_with(ids(home, "partner")[0], "partner"),
        kept_with(ids(home, "partner")[0], "public"),
        kept_with("0123456789ab"),
        kept_with("../../restricted"),
    ):
        deck = reopened(home, briefing)
        assert "cannot be said" in " ".join(deck.notices)
        assert all(slide.changed == "" for slide in deck.slides)
