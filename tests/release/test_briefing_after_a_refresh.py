"""A briefing that was kept with an earlier release says what has changed, or that it cannot."""

from pathlib import Path

import pytest

from analysis import open_release
from analysis.briefing.briefing import Briefing, item
from analysis.release.archive import read_archive
from etl.config import Home
from etl.release.publishing import swap
from etl.release.withdrawing import withdraw
from tests.example_release import build
from ui.briefing.deck import deck_of
from ui.briefing.earlier import earlier_release
from ui.briefing.slide import Deck

CARDS = (("people_and_forms", "forms"), ("overview", "trend"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose public release was refreshed, with another for partners."""
    made = Home(tmp_path)
    for persons in (900, 1_500):
        swap.archive_kept(build(made.release("public"), persons=persons, synthetic=False))
    build(made.release("partner"), profile="partner", threshold=8, synthetic=False)
    return made


def ids(home: Home, profile: str = "public") -> list[str]:
    return [one.release_id for one in read_archive(home.release(profile)).offered]


def kept_with(release_id: str, profile: str = "public") -> Briefing:
    items = tuple(item(*card, {}) for card in CARDS)
    return Briefing("Board", items, release_id, profile)


def reopened(home: Home, briefing: Briefing) -> Deck:
    release = open_release(home.release("public"))
    earlier, notices = earlier_release(briefing, release)
    return deck_of(briefing, release, earlier=earlier, notices=notices)


def test_changed_cards_say_what_they_said(home: Home) -> None:
    newest, first = ids(home)
    deck = reopened(home, kept_with(first))

    assert deck.notices == ()
    assert all(first in slide.changed and newest not in slide.changed for slide in deck.slides)
    before = deck_of(
        kept_with(first), open_release(build(home.root / "before", persons=900, synthetic=False))
    )
    assert all(old.headline in new.changed for old, new in zip(before.slides, deck.slides, strict=True))
    assert all(slide.changed == "" for slide in reopened(home, kept_with(newest)).slides)


def test_what_was_withdrawn_is_quoted_no_more(home: Home) -> None:
    _, first = ids(home)
    withdraw(home, first)
    deck = reopened(home, kept_with(first))

    assert "withdrawn" in " ".join(deck.notices)
    assert all(slide.changed == "" for slide in deck.slides)


def test_other_roles_and_unknown_releases_cannot_be_compared(home: Home) -> None:
    for briefing in (
        kept_with(ids(home, "partner")[0], "partner"),
        kept_with(ids(home, "partner")[0], "public"),
        kept_with("0123456789ab"),
        kept_with("../../restricted"),
    ):
        deck = reopened(home, briefing)
        assert "cannot be said" in " ".join(deck.notices)
        assert all(slide.changed == "" for slide in deck.slides)
