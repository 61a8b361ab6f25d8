"""Finished cards are kept: what is drawn again is what would be made, and no role is shown another's."""

import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from analysis import Filters, load_catalog, open_release
from analysis.errors import ReleaseNotOffered
from analysis.release.archive import Archive, Published
from analysis.release.release import Release
from tests.example_release import build
from tests.pages.opening import OpenPage
from ui import theme
from ui.cards.face import face, finished
from ui.cards.face.finished import Finished, Shelf
from ui.view import registry
from ui.view.view import View

Opened = Callable[..., tuple[list[bytes], list[str]]]
TELLS = face._told
#: No two of them show the same; with the last most numbers are hidden.
ADDRESSES = (
    {},
    {"area": "C1"},
    {"period": "2024..2025"},
    {"form": "forced_labour", "gender": "female", "area": "D05"},
)
#: The same for the demonstration.
OF_THE_DEMONSTRATION = (
    {},
    {"area": "TM1"},
    {"period": "2024..2025"},
    {"form": "forced_labour", "gender": "female", "area": "TM206"},
)
DRAWS_ITSELF = {"map", "what_if", "counties", "directory"}
PAGES = ("trends", "people_and_forms", "gaps", "overview", "geography", "funding")


@pytest.fixture
def sent(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Return a function that opens a page: its cards as they are sent, keys of those made."""
    finished.forget()
    made: list[str] = []

    def noted(view: View, card: face.Face) -> bytes:
        made.append(card.key)
        return TELLS(view, card)

    def opened(page: str, **address: Any) -> tuple[list[bytes], list[str]]:
        made.clear()
        app = open_page(page, as_sent=True, **address)
        content = [element.proto.bytes for element in app.get("bidi_component")]
        return [one for one in content if one.startswith(b'{"card"')], list(made)

    monkeypatch.setattr(face, "_told", noted)
    yield opened
    finished.forget()


@pytest.mark.parametrize("page", PAGES)
def test_what_is_kept_is_what_would_be_made(sent: Opened, demonstration: Path, page: str) -> None:
    fresh = {}
    for number, address in enumerate(OF_THE_DEMONSTRATION):
        fresh[number], made = sent(page, release_folder=demonstration, **address)
        assert made and len(fresh[number]) == len(made)
    for number, address in enumerate(OF_THE_DEMONSTRATION):
        again, made = sent(page, release_folder=demonstration, **address)
        assert again == fresh[number]
        assert set(made) <= DRAWS_ITSELF, "all else is kept"
    assert all(one != other for one, other in itertools.combinations(fresh.values(), 2))


@pytest.fixture(scope="module")
def partner_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("shared") / "partner", profile="partner", threshold=8)


@pytest.fixture
def partner(partner_folder: Path) -> Release:
    return open_release(partner_folder)


POISON = b'"head":"kept for another role",'


@pytest.mark.parametrize("page", ["trends", "people_and_forms"])
def test_cards_of_one_role_never_reach_the_other_though_all_of_them_are_poisoned(
    sent: Opened, partner_folder: Path, page: str
) -> None:
    public, partners = (finished._SHELVES[name] for name in ("public", "partner"))
    fresh = [sent(page, **address)[0] for address in ADDRESSES]
    finished.forget()
    for first, second in (({"release_folder": partner_folder}, {}), ({}, {"release_folder": partner_folder})):
        for address in ADDRESSES:
            sent(page, **first, **address)
        filled, empty = (partners, public) if first else (public, partners)
        assert len(filled) and not len(empty)
        for key, card in list(filled._cards.items()):
            filled.put(key, replace(card, told=b"{" + POISON + card.told[1:]))
        drawn = [sent(page, **second, **address)[0] for address in ADDRESSES]
        assert len(empty), "the attack has drawn nothing"
        assert not any(POISON in one for cards in drawn for one in cards)
        if first:
            assert drawn == fresh, "nor does what a partner has seen change what the public is shown"
        again, made = sent(page, **first)
        assert not made and again and all(POISON in one for one in again), "the poison is real"
        finished.forget()


def test_a_release_of_the_same_file_and_another_manifest_has_cards_of_its_own(release) -> None:
    first = view_of(release)
    for changed in ({"profile": "partner"}, {"place": "elsewhere"}, {"catalog_sha256": "0" * 64}):
        other = copy.copy(release)
        other.manifest = replace(release.manifest, **changed)
        assert key_of(view_of(other)) != key_of(first), changed
    stricter = copy.copy(release)
    stricter.threshold = release.threshold + 5
    assert key_of(view_of(stricter)) != key_of(first)


def test_nothing_kept_is_handed_out_of_a_release_that_was_withdrawn(release, monkeypatch) -> None:
    view = view_of(release)
    assert finished.place_of(view, "trend", as_table=False) is not None
    monkeypatch.setattr(Release, "is_withdrawn", property(lambda _self: True))
    with pytest.raises(ReleaseNotOffered):
        finished.place_of(view, "trend", as_table=False)


def test_a_list_of_releases_is_made_anew_once_one_is_withdrawn(release) -> None:
    offered = tuple(
        Published(replace(release.manifest, release_id=one), Path()) for one in ("a" * 12, "b" * 12)
    )
    first = view_of(release, archive=Archive(offered))
    assert key_of(first) != key_of(replace(first, archive=Archive(offered[1:])))


def view_of(release: Release | None, **more) -> View:
    made = View(registry.entry("trends"), load_catalog(), release, Filters(), release.choices, theme.LIGHT)
    return replace(made, **more)


def key_of(view: View) -> object:
    return finished.key_of(view, "trend", None, as_table=False)


def test_partners_and_the_public_have_shelves_of_their_own(release, partner, steward_folder) -> None:
    public, other = finished.shelf_of(view_of(release)), finished.shelf_of(view_of(partner))
    assert public is not None and other is not None and public is not other
    assert finished.shelf_of(view_of(open_release(steward_folder))) is None, "exact numbers are not kept"


def test_a_partners_card_is_not_found_by_the_public_not_even_under_its_key(release, partner) -> None:
    finished.forget()
    theirs, ours = view_of(partner), view_of(release)
    finished.shelf_of(theirs).put(key_of(theirs), Finished(b"8 people", (), has_chart=True))
    assert key_of(theirs) != key_of(ours)
    for key in (key_of(theirs), key_of(ours)):
        assert finished.shelf_of(ours).get(key) is None
    assert finished.shelf_of(theirs).get(key_of(theirs)).told == b"8 people"
    finished.forget()


def test_all_that_can_change_a_card_is_in_its_key(release, monkeypatch: pytest.MonkeyPatch) -> None:
    first = view_of(release)
    monkeypatch.setattr(View, "chosen", lambda self: self.filters.to_query())
    others = [
        replace(first, page=registry.entry("gaps")),
        replace(first, filters=Filters(areas=("C1",))),
        replace(first, filters=Filters(periods=("2024", "2025"))),
        replace(first, filters=Filters(collection="outside_register")),
        replace(first, picked={"measure": "child_share"}),
        replace(first, palette=theme.DARK),
        replace(first, phone=True),
        replace(first, pinned="0123456789ab"),
        replace(first, said={"several"}),
    ]
    keys = [key_of(one) for one in (first, *others)]
    keys += [
        finished.key_of(first, "other", None, as_table=False),
        finished.key_of(first, "trend", 640, as_table=False),
        finished.key_of(first, "trend", None, as_table=True),
    ]
    assert len(set(keys)) == len(keys)
    known = {"page", "release", "filters", "picked", "palette", "phone", "pinned", "said", "archive"}
    # The catalog and the choices follow from the release; who reads is in no word.
    assert {one.name for one in fields(View)} - known == {
        "catalog",
        "choices",
        "reader",
        "told",
        "held",
    }


def test_a_shelf_is_bounded_by_bytes_and_lets_go_of_what_was_not_asked_for_longest() -> None:
    shelf = Shelf(most=100)
    for name in ("a", "b", "c"):
        shelf.put(name, Finished(name.encode() * 30, (), has_chart=True))
    assert shelf.get("a") is not None
    shelf.put("d", Finished(b"d" * 30, (), has_chart=True))
    assert [name for name in "abcd" if shelf.get(name)] == ["a", "c", "d"]
    shelf.put("d", Finished(b"D" * 40, (), has_chart=True))
    assert shelf.size == 100 and len(shelf) == 3
    shelf.put("e", Finished(b"e" * 101, (), has_chart=True))
    assert shelf.get("e") is None and shelf.size == 100
