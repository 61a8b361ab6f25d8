"""The contradiction hunter: no two sentences of the pages say different things of the same figures."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from analysis import open_release
from analysis.findings.changes import change_of
from analysis.findings.compare import Value
from analysis.findings.finding import Finding
from analysis.findings.sentences import phrases, standard
from tests.pages.cards_read import CardDrawn
from tests.pages.hunting import (
    PAGES,
    Address,
    Hunter,
    contradictions,
    not_following,
    pairs_of_filters,
    parts_told_as_wholes,
    walk,
    without_chip,
    without_finding,
    writer,
)
from tests.pages.numbers_read import headline_numbers, not_shown
from tests.pages.opening import OpenPage, opener
from ui.cards import words
from ui.topics.overview import tiles

#: Pairs of filters under which all pages are held together; the benchmark has the long form.
PAIRS = 12
OF_THE_DEMONSTRATION = 3
#: Where the long form found what is mended since.
ONCE_WRONG: tuple[tuple[str, Address], ...] = (
    (
        "overview",
        {"area": "TM504", "form": "sexual_exploitation"},
    ),  # a year's number beside that of all years
    ("geography", {"area": "TM504", "form": "sexual_exploitation"}),
    ("prevention", {"area": "TM102", "age_band": "0_8"}),  # groups of one list over different years
    ("enforcement", {"gender": "female", "period": "2022..2025"}),  # an interval that no chart had
    ("prevention", {"period": "2018..2025", "source": "tm_health"}),  # a figure of all contributors, no chip
    ("partnerships", {"form": "forced_marriage", "period": "2022..2025"}),  # 96% beside "≥ 95%"
)


@pytest.fixture
def hunter(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> Hunter:
    return Hunter(open_page, monkeypatch)


def drawn(hunter: Hunter, *pages: str, **address: str) -> list[CardDrawn]:
    return [card for page in pages for card in hunter.cards(page, address)]


def walk_all(hunter: Hunter, release: Path, pairs: int, seed: int) -> None:
    found = walk(hunter, PAGES, release, pairs_of_filters(open_release(release), pairs, seed))
    assert not found.wrong, "\n".join(found.wrong)
    assert found.sentences >= 30 * pairs, "sentences were read"
    assert found.shared >= pairs, "several pages speak of the same figures"


def test_no_two_sentences_of_the_example_release_contradict_each_other(hunter: Hunter, folder: Path) -> None:
    walk_all(hunter, folder, PAIRS, seed=9)


def test_no_two_sentences_of_the_demonstration_contradict_each_other(
    hunter: Hunter, demonstration: Path
) -> None:
    walk_all(hunter, demonstration, OF_THE_DEMONSTRATION, seed=10)


def test_what_was_wrong_once_stays_right(hunter: Hunter, demonstration: Path) -> None:
    together: dict[str, tuple[Address, list[str]]] = {}
    for page, address in ONCE_WRONG:
        together.setdefault(str(address), (address, []))[1].append(page)
    for address, pages in together.values():
        assert not walk(hunter, pages, demonstration, [address]).wrong


# --- it finds what it is made for: each mutant is one function of the product ---


def test_it_finds_a_verdict_that_one_page_alone_gives(
    hunter: Hunter, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = Finding.verdict.fget

    def flipped(finding: Finding) -> str:
        given = verdict(finding)
        return given.replace("long 1", "long -1") if hunter.page == "trends" else given

    pages = ("overview", "trends")
    assert not contradictions(drawn(hunter, *pages))
    monkeypatch.setattr(Finding, "verdict", property(flipped))
    [wrong] = contradictions(drawn(hunter, *pages))
    assert "detected_persons" in wrong and "'long -1, newest 1'" in wrong


def test_it_finds_words_that_one_page_alone_uses(hunter: Hunter, monkeypatch: pytest.MonkeyPatch) -> None:
    def flipped(finding: Finding) -> str:
        words = standard.change(finding)
        return words.replace(" rose ", " fell ") if hunter.page == "trends" else words

    monkeypatch.setitem(writer._KINDS, "change", flipped)
    [wrong] = contradictions(drawn(hunter, "overview", "trends"))
    assert " rose from " in wrong and " fell from " in wrong


def test_it_finds_a_short_sentence_of_a_tile_that_decides_for_itself(
    hunter: Hunter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not contradictions(drawn(hunter, "overview"))
    with monkeypatch.context() as patch:
        patch.setattr(tiles, "change_of", lambda *parts: replace(change_of(*parts), newest=None))
        assert contradictions(drawn(hunter, "overview")), "a basis of its own is found as well"
    monkeypatch.setattr(tiles, "change_of", lambda *parts: _turned(change_of(*parts)))
    assert contradictions(drawn(hunter, "overview"))


def _turned(finding: Finding) -> Finding:
    """Return a change whose long run goes the other way."""
    run = finding.long_run
    if run is None:
        return finding
    return replace(finding, long_run=replace(run, change=replace(run.change, direction=-run.direction or 1)))


def test_it_finds_a_verdict_in_a_table_that_no_headline_shares(
    demonstration: Path, hunter: Hunter, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: Callable[[str], list[CardDrawn]] = partial(
        hunter.cards, address={"area": "TM4"}, release=demonstration
    )
    assert any(card.written for card in read("area"))
    monkeypatch.setattr(
        "ui.topics.area.profile.brief", lambda _finding: "Up since 2016–2018; no clear change since 2023"
    )
    assert any("has no finding" in one for one in without_finding(read("area")))


def test_it_finds_a_headline_without_words_or_without_a_finding(
    hunter: Hunter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not without_finding(drawn(hunter, "pathway"))
    with monkeypatch.context() as patch:
        patch.setitem(writer._KINDS, "leader", lambda _finding: "")
        patch.setitem(writer._KINDS, "change", lambda _finding: "")
        assert without_finding(drawn(hunter, "pathway"))
    head = words.head_html
    monkeypatch.setattr(words, "head_html", lambda *parts: head(*parts).replace("data-finding", "data-other"))
    assert without_finding(drawn(hunter, "pathway"))


def test_it_finds_a_verdict_in_a_note_that_nobody_wrote_for_a_finding(
    hunter: Hunter, monkeypatch: pytest.MonkeyPatch
) -> None:
    caption = words.caption
    monkeypatch.setattr(words, "caption", lambda *parts: f"{caption(*parts)} Numbers rose in most areas.")
    wrong = without_finding(drawn(hunter, "pathway"))
    assert wrong and all("Numbers rose in most areas." in one for one in wrong)


def test_it_finds_a_card_without_its_chip(hunter: Hunter, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = drawn(hunter, "pathway", gender="female")
    assert any(card.chips for card in cards) and not without_chip(cards)
    monkeypatch.setattr(words, "chips", lambda *_: [])
    wrong = without_chip(drawn(hunter, "pathway", gender="female"))
    assert wrong and all("lacks" in one for one in wrong)


def test_it_finds_a_register_that_stays_as_it_is_under_a_filter(
    hunter: Hunter, monkeypatch: pytest.MonkeyPatch, demonstration: Path
) -> None:
    read = partial(hunter.cards, "partnerships", release=demonstration)
    plain = read(address={})
    assert not not_following(read(address={"gender": "female"}), plain)
    monkeypatch.setattr(words, "chips", lambda *_: [])
    wrong = not_following(read(address={"gender": "female"}), plain)
    assert any("partnerships/overdue does not follow" in one for one in wrong)


def test_it_finds_a_number_that_the_chart_does_not_show(
    hunter: Hunter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not _numbers_missing(hunter, "trends")
    figure = phrases.figure

    def larger(measure: object, value: Value) -> str:
        return figure(measure, replace(value, value=1.07 * value.value))  # type: ignore[arg-type]

    monkeypatch.setattr(phrases, "figure", larger)
    wrong = _numbers_missing(hunter, "trends")
    assert any("trends/trend: " in one and "neither in its chart nor in its table" in one for one in wrong)


def test_it_finds_a_part_that_is_told_as_the_whole(
    hunter: Hunter, monkeypatch: pytest.MonkeyPatch, demonstration: Path
) -> None:
    read = partial(hunter.cards, "gaps", {"area": "TM102"}, demonstration)
    assert not parts_told_as_wholes(read())
    monkeypatch.setattr(phrases, "at_least", lambda _measure, text, *, is_part: text)
    assert parts_told_as_wholes(read())


def test_it_finds_a_mean_that_is_only_in_the_headline(
    hunter: Hunter, monkeypatch: pytest.MonkeyPatch, demonstration: Path
) -> None:
    read = partial(hunter.cards, "reporting", {}, demonstration)
    monkeypatch.setattr(words, "mean_rows", lambda *_: [])
    wrong = not_shown(read(), partial(read, as_tables=True))
    assert any("reporting/channel_years" in one for one in wrong)


def _numbers_missing(hunter: Hunter, page: str) -> list[str]:
    return not_shown(hunter.cards(page, {}), partial(hunter.cards, page, {}, as_tables=True))


@pytest.mark.parametrize(
    ("sentence", "counts", "numbers"),
    [
        (
            "People identified rose from 751 in 2021 to 1,115 (1,050–1,183) in 2024.",
            (),
            "751 1,115 1,050 1,183",
        ),
        ("Rates ranged from 26 to 850 across the 10 of 12 areas that can be shown.", (12, 10), "26 850"),
        ("Rates ranged from 26 to 850 across the 10 of 12 areas that can be shown.", (10,), "26 850 10 12"),
        ("Phone fell to 41%; no clear change in the other 5.", (7,), "41"),
        ("No clear change in the share contacted within 48 hours: 50% in Q1 2021.", (), "50"),
        ("As of 31 December 2025, 10 actions are overdue; the longest by 327 days.", (), "10 327"),
        ("Half were 18–23 or younger.", (), ""),
    ],
)
def test_the_figures_of_a_headline_are_told_from_dates_names_and_counts(
    sentence: str, counts: Iterable[int], numbers: str
) -> None:
    assert headline_numbers(sentence, set(counts)) == numbers.split()


def test_the_long_form_can_be_walked_without_the_tests(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        found = walk(Hunter(opener(folder, patch), patch), ["trends"], folder, [{}])
    assert found.findings and not found.wrong
