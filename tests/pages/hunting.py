"""Hunts contradictions: reads every card of every page under one choice of filters, and holds them together.

A page is opened in this process. While it draws, each piece of HTML, chart and answer is noted under the card
that it belongs to; nothing of how a card is made is looked at.
"""

import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from analysis import Answer, Release, load_catalog
from analysis.findings.finding import Finding
from analysis.findings.scope import ALL_AREAS, WHOLE_REGION, scope_of
from analysis.findings.sentences import brief
from analysis.questions.filters import SHARED_DIMENSIONS
from analysis.words import figure_text
from tests.pages.cards_read import CardDrawn, Sentence, figures, in_tables, sentences, texts
from tests.pages.numbers_read import not_shown
from ui.cards import buttons
from ui.cards import page as pages_of_cards
from ui.topics.area import profile
from ui.topics.overview import tiles
from ui.view import registry
from ui.view.view import View

writer = sys.modules["analysis.findings.sentences.say"]  # the package gives the function of that name
Address = Mapping[str, str]
Open = Callable[..., Any]
PAGES = [page.code for page in registry.available()]
EXPLAINS = "methods"  # defines words and measures: its titles and texts are about no figure
#: Words of a verdict: what no text says unless a finding says it. Legends say "clearly below …" of a sign.
_VERDICT = re.compile(
    r"\b(?:rose|fell) (?:to|from|in|by|after|between|for)\b|\bno clear (?:change|difference|rise)\b"
    r"|\b(?:is|are|was|were) (?:higher|lower|highest|lowest|clearly above|clearly below)\b"
    r"|^(?:up|down) since\b",
    re.IGNORECASE,
)


@dataclass
class Walk:
    """What was read of the pages of a release under some addresses, and what was wrong."""

    sentences: int = 0
    findings: int = 0
    shared: int = 0
    wrong: list[str] = field(default_factory=list)


def walk(hunter: "Hunter", pages: Sequence[str], release: Path, addresses: Iterable[Address]) -> Walk:
    """Read all pages under each address, and hold the cards of all of them together.

    `findings` counts different findings, `shared` those that several sentences say: under one address each.
    """
    result = Walk()
    plain = [card for page in pages for card in hunter.cards(page, {}, release)]
    for address in addresses:
        cards: list[CardDrawn] = []
        wrong: list[str] = []
        for page in pages:
            cards += (drawn := hunter.cards(page, address, release))
            wrong += not_shown(drawn, partial(hunter.cards, page, address, release, as_tables=True))
        keys = Counter(sentence.key for card in cards for sentence in sentences(card))
        result.sentences += keys.total()
        result.findings += len(keys)
        result.shared += sum(count > 1 for count in keys.values())
        for check in (contradictions, without_finding, without_chip, parts_told_as_wholes):
            wrong += check(cards)
        if set(address) - {"period"}:  # a period that a figure cannot follow has no chip: its words name it
            wrong += not_following(cards, plain)
        chosen = "&".join(f"{name}={code}" for name, code in address.items())
        result.wrong += [f"?{chosen} {one}" for one in wrong]
    return result


class Hunter:
    """Opens pages and notes what each of their cards draws."""

    def __init__(self, opened: Open, patch: pytest.MonkeyPatch) -> None:
        self.page = ""
        self._open, self._patch = opened, patch
        self._cards: list[CardDrawn] = []
        self._current: CardDrawn | None = None
        self._listen()

    def cards(
        self, page: str, address: Address, release: Path | None = None, *, as_tables: bool = False
    ) -> list[CardDrawn]:
        """Return the cards of a page, those behind "More figures" too.

        Parameters
        ----------
        page, address, release
            What is opened; the example release when None.
        as_tables
            Whether each card shows its table in place of its chart.
        """
        self.page, self._cards, self._current = page, [], None
        with self._patch.context() as patch:
            if as_tables:
                patch.setattr(buttons, "shows_table", lambda _key: True)
            self._open(page, *([release] if release else []), every_card=True, **address)
        return self._cards

    def _listen(self) -> None:
        patch = self._patch
        draw_card, tell, to_html, plot = pages_of_cards._draw_card, View.tell, st.html, st.plotly_chart

        def card_drawn(view: View, card: Any, *others: Any) -> None:
            with self._inside(card.key):
                draw_card(view, card, *others)

        def told(view: View, answers: Sequence[Answer]) -> None:
            self._card.answers += answers
            self._card.filters = view.filters
            tell(view, answers)

        def html_drawn(body: Any, *others: Any, **more: Any) -> Any:
            self._card.bodies.append(str(body))
            return to_html(body, *others, **more)

        def plotted(figure: Any, *others: Any, **more: Any) -> Any:
            self._card.charts.append(figure.to_dict())
            return plot(figure, *others, **more)

        def noted(sayer: Callable[[Finding], str], element: str) -> Callable[[Finding], str]:
            def said(finding: Finding) -> str:
                words = sayer(finding)
                card, plain = self._card, " ".join(words.split())
                own = (card.page, card.key, element, finding.key, finding.verdict)
                card.written.append(Sentence(*own, words=plain))
                card.parts += [f"{plain!r} tells a part as the whole" for _ in _parts_in(finding, plain)]
                return words

            return said

        for sayers in (writer._KINDS, writer._TOPICS):
            for code, sayer in list(sayers.items()):
                patch.setitem(sayers, code, noted(sayer, "sentence"))
        for module in (tiles, profile):  # who has words of `brief` elsewhere has no finding for them
            patch.setattr(module, "brief", noted(brief, "tile"))
        patch.setattr(pages_of_cards, "_draw_card", card_drawn)
        patch.setattr(View, "tell", told)
        patch.setattr(st, "html", html_drawn)
        patch.setattr(st, "plotly_chart", plotted)

    @property
    def _card(self) -> CardDrawn:
        """The card that is being drawn; what stands outside of all cards is one of its own."""
        if self._current is None:
            self._current = CardDrawn(self.page, "")
            self._cards.append(self._current)
        return self._current

    @contextmanager
    def _inside(self, key: str) -> Iterator[None]:
        self._current = CardDrawn(self.page, key)
        self._cards.append(self._current)
        yield
        self._current = None


def contradictions(cards: Iterable[CardDrawn]) -> list[str]:
    """Return where two sentences on one measure, group, scope and basis differ in verdict or in words.

    A release has one basis: two changes of the same figures never have two.
    """
    by_key: dict[str, list[Sentence]] = defaultdict(list)
    for card in cards:
        for sentence in [*sentences(card), *in_tables(card)]:
            is_change = sentence.key.startswith("change|")
            by_key[sentence.key.rpartition("|")[0] if is_change else sentence.key].append(sentence)
    wrong = []
    for key, same in by_key.items():
        if not key:
            continue
        first = same[0]
        for other in same[1:]:
            if other.verdict != first.verdict:
                wrong.append(f"{key}: {first.where} has {first.verdict!r}, {other.where} {other.verdict!r}")
        by_element: dict[str, Sentence] = {}
        for other in same:
            alike = by_element.setdefault("tile" if other.element == "tile" else "sentence", other)
            if alike.words != other.words:
                wrong.append(f"{key}: {alike.where} says {alike.words!r}, {other.where} says {other.words!r}")
    return wrong


def without_finding(cards: Iterable[CardDrawn]) -> list[str]:
    """Return the sentences that have no finding, those that say nothing, and verdicts that no finding gives.

    A verdict is any text of a card, its notes and table too, with words of change or difference; it must be a
    sentence that was written for a finding while the page was drawn.
    """
    cards = [card for card in cards if card.page != EXPLAINS or card.answers]
    wrong = [
        f"{one.where}: {one.words!r} of {one.key!r}"
        for card in cards
        for one in sentences(card)
        if not one.key.strip("|") or not one.words or not one.verdict
    ]
    written = {one.words for card in cards for one in card.written}
    return wrong + [
        f"{card.page}/{card.key}: {words!r} has no finding"
        for card in cards
        if card.key  # what stands outside of cards defines and explains
        for words in texts(card)
        if _VERDICT.search(words) and words not in written
    ]


def without_chip(cards: Iterable[CardDrawn]) -> list[str]:
    """Return the figures that do not follow a filter of their page and do not wear its chip."""
    catalog = load_catalog()
    wrong = []
    for card in cards:
        for answer in card.answers:
            if answer.refusal:
                continue
            chips = set(scope_of(answer, card.filters).chips(catalog)) - card.chips
            if _stands_beside(answer, card):
                chips -= {WHOLE_REGION, ALL_AREAS}
            if chips:
                wrong.append(f"{card.page}/{card.key}: {answer.measure.code} lacks {sorted(chips)}")
    return wrong


def parts_told_as_wholes(cards: Iterable[CardDrawn]) -> list[str]:
    """Return the sentences in which a sum without its hidden numbers is not "at least" what it says."""
    return [f"{card.page}/{card.key}: {one}" for card in cards for one in card.parts]


def _parts_in(finding: Finding, words: str) -> list[str]:
    """Return the numbers of partial sums that stand in a sentence without "at least" before them."""
    pairs = [(finding.measure, one) for one in finding.values]
    for fact in finding.facts.values():  # figures of several measures in one sentence
        own = [one for one in fact.values() if isinstance(one, tuple)] if isinstance(fact, Mapping) else []
        pairs = own or pairs
    numbers = Counter(
        figure_text(measure, one.value, one.base)
        for measure, one in pairs
        if measure is not None and measure.is_sum and one.is_part
    )
    # A whole may have the same number; a part that is not named has none.
    return [
        number
        for number, parts in numbers.items()
        if (said := len(re.findall(rf"(?<![\d,.]){re.escape(number)}(?![,.]?\d|%)", words)))
        and len(re.findall(rf"[Aa]t least {re.escape(number)}(?![,.]?\d)", words)) < min(parts, said)
    ]


def not_following(cards: Iterable[CardDrawn], plain: Iterable[CardDrawn]) -> list[str]:
    """Return the cards that stay as they are under a filter and wear no chip, whatever they are made of.

    Parameters
    ----------
    cards
        Under filters by area, contributor or group.
    plain
        The same pages without any filter.
    """
    before = {(card.page, card.key): figures(card) for card in plain}
    return [
        f"{card.page}/{card.key} does not follow the filters and wears no chip"
        for card in cards
        if card.key and card.page != EXPLAINS and not card.chips
        if sentences(card) or card.charts  # else it has controls only
        if not any(_keeps(answer, card) for answer in card.answers)
        if (shown := figures(card)) == before.get((card.page, card.key)) and re.search(r"\d", shown)
    ]


def _keeps(answer: Answer, card: CardDrawn) -> bool:
    """Return whether an answer keeps to the filters, and did before: a campaign's own area may be chosen."""
    kept, filters = dict(answer.question.where), card.filters
    chosen = {**dict(filters.where), **({"area": filters.areas} if filters.areas else {})}
    return all(kept.get(name) == codes for name, codes in chosen.items())


def _stands_beside(answer: Answer, card: CardDrawn) -> bool:
    """Return whether a figure is that of the region in a column called so, beside the area's or none."""
    if ">Region</th>" not in card.html:
        return False
    same = [
        other
        for other in card.answers
        if other.measure is answer.measure and other.question.by == answer.question.by
    ]
    return same == [answer] or any("area" in other.question.filters for other in same)


def pairs_of_filters(release: Release, count: int, seed: int) -> list[dict[str, str]]:
    """Return so many different pairs of filters that a release knows, always the same for a seed."""
    chance, catalog = random.Random(seed), load_catalog()
    values = {
        name: list(catalog.dimensions[name].codes[:6]) for name in SHARED_DIMENSIONS if name != "source"
    }
    choices = release.choices
    values["area"] = sorted(choices.areas)
    values["source"] = sorted(choices.sources)
    first, last = int(choices.first_period[:4]), int(choices.last_period[:4])
    starts = range(first, last)
    values["period"] = [f"{year}..{last}" for year in starts] + [f"{year}..{last - 1}" for year in starts]
    pairs: dict[tuple[str, ...], dict[str, str]] = {}
    while len(pairs) < count:
        # An area and a period are what readers choose most, and what most cards can follow.
        weights = [4 if name in ("area", "period") else 1 for name in values]
        names = sorted(set(chance.choices(list(values), weights, k=2)))
        if len(names) == 2:
            pair = {name: chance.choice(values[name]) for name in names}
            pairs[tuple(pair.values())] = pair
    return list(pairs.values())
