"""The contradiction hunter: no two sentences of the pages say different things of the same figures."""

import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from analysis import open_release
from analysis.findings.changes import change_of
from analysis.findings.finding import Finding
from analysis.findings.sentences import standard
from tests.pages.conftest import OpenPage
from tests.pages.hunting import (
    CardDrawn,
    Hunter,
    contradictions,
    pairs_of_filters,
    sentences,
    without_chip,
    without_finding,
)
from ui.cards import words
from ui.topics.overview import tiles
from ui.view import registry

say = sys.modules["analysis.findings.sentences.say"]  # the package gives the function of that name
PAGES = [page.code for page in registry.available()]
#: Pairs of filters under which all pages are held together; LTT_PAIRS=300 is the long form (an hour).
PAIRS = int(os.environ.get("LTT_PAIRS", "18"))
OF_THE_DEMONSTRATION = max(3, PAIRS // 6)
CHECKS = (contradictions, without_finding, without_chip)


def walk(hunter: Hunter, pages: Iterable[str]) -> list[CardDrawn]:
    return [card for page in pages for card in hunter.cards(page, {})]


@pytest.fixture
def hunter(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> Hunter:
    return Hunter(open_page, monkeypatch)


def walk_all(hunter: Hunter, release: Path, pairs: int, seed: int) -> None:
    opened = open_release(release)
    wrong: list[str] = []
    read = shared = 0
    for address in pairs_of_filters(opened, pairs, seed):
        cards = [card for page in PAGES for card in hunter.cards(page, address, release)]
        keys = Counter(sentence.key for card in cards for sentence in sentences(card))
        read, shared = read + sum(keys.values()), shared + sum(count > 1 for count in keys.values())
        for check in CHECKS:
            wrong += [
                f"{'&'.join(f'{name}={code}' for name, code in address.items())} {one}"
                for one in check(cards)
            ]
    assert not wrong, "\n".join(wrong)
    assert read >= 30 * pairs, "sentences were read"
    assert shared >= pairs, "several pages speak of the same figures"


def test_no_two_sentences_of_the_example_release_contradict_each_other(hunter: Hunter, folder: Path) -> None:
    walk_all(hunter, folder, PAIRS, seed=9)


def test_no_two_sentences_of_the_demonstration_contradict_each_other(
    hunter: Hunter, demonstration: Path
) -> None:
    walk_all(hunter, demonstration, OF_THE_DEMONSTRATION, seed=10)


def test_three_hundred_pages_are_walked() -> None:
    assert (PAIRS + OF_THE_DEMONSTRATION) * len(PAGES) >= 300


# --- it finds what it is made for ---


def test_it_finds_a_verdict_that_one_page_alone_gives(
    hunter: Hunter, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = Finding.verdict.fget

    def flipped(finding: Finding) -> str:
        given = verdict(finding)
        return given.replace("long 1", "long -1") if hunter.page == "trends" else given

    pages = ("overview", "trends")
    assert not contradictions(walk(hunter, pages))
    monkeypatch.setattr(Finding, "verdict", property(flipped))
    [wrong] = contradictions(walk(hunter, pages))
    assert "detected_persons" in wrong and "'long -1, newest 1'" in wrong


def test_it_finds_words_that_one_page_alone_uses(hunter: Hunter, monkeypatch: pytest.MonkeyPatch) -> None:
    def flipped(finding: Finding) -> str:
        words = standard.change(finding)
        return words.replace(" rose ", " fell ") if hunter.page == "trends" else words

    monkeypatch.setitem(say._KINDS, "change", flipped)
    [wrong] = contradictions(walk(hunter, ("overview", "trends")))
    assert " rose from " in wrong and " fell from " in wrong


def test_it_finds_a_short_sentence_of_a_tile_that_decides_for_itself(
    hunter: Hunter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not contradictions(walk(hunter, ("overview",)))
    with monkeypatch.context() as patch:
        patch.setattr(tiles, "change_of", lambda *parts: replace(change_of(*parts), newest=None))
        assert contradictions(walk(hunter, ("overview",))), "a basis of its own is found as well"
    monkeypatch.setattr(tiles, "change_of", lambda *parts: _turned(change_of(*parts)))
    assert contradictions(walk(hunter, ("overview",)))


def _turned(finding: Finding) -> Finding:
    """Return a change whose long run goes the other way."""
    run = finding.long_run
    if run is None:
        return finding
    return replace(finding, long_run=replace(run, change=replace(run.change, direction=-run.direction or 1)))


def test_it_finds_a_headline_without_words_or_without_a_finding(
    hunter: Hunter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not without_finding(walk(hunter, ("pathway",)))
    with monkeypatch.context() as patch:
        patch.setitem(say._KINDS, "leader", lambda _finding: "")
        patch.setitem(say._KINDS, "change", lambda _finding: "")
        assert without_finding(walk(hunter, ("pathway",)))
    head = words.head_html
    monkeypatch.setattr(words, "head_html", lambda *parts: head(*parts).replace("data-finding", "data-other"))
    assert without_finding(walk(hunter, ("pathway",)))


def test_it_finds_a_card_without_its_chip(hunter: Hunter, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = hunter.cards("pathway", {"gender": "female"})
    assert any(card.chips for card in cards) and not without_chip(cards)
    monkeypatch.setattr(words, "chips", lambda *_: [])
    wrong = without_chip(hunter.cards("pathway", {"gender": "female"}))
    assert wrong and all("lacks" in one for one in wrong)
