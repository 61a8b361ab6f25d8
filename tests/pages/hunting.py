"""Hunts contradictions: reads every card of every page under one choice of filters, and holds them together.

A page is opened in this process. While it draws, each piece of HTML, chart and answer is noted under the card
that it belongs to; nothing of how a card is made is looked at.
"""

import html
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from analysis import Answer, Release, load_catalog
from analysis.findings.scope import ALL_AREAS, WHOLE_REGION, scope_of
from analysis.questions.filters import SHARED_DIMENSIONS, Filters
from ui.cards import buttons
from ui.cards import page as pages_of_cards
from ui.view.view import View

Address = Mapping[str, str]
Open = Callable[..., Any]

_HEADLINE = re.compile(r'<h3 class="ltt-headline"([^>]*)>(.*?)</h3>', re.DOTALL)
_IN_LIST = re.compile(r"<span (data-finding=[^>]*)>(.*?)</span>", re.DOTALL)
_TILE = re.compile(r'<span class="ltt-tile-change" ([^>]*)>(.*?)</span>', re.DOTALL)
_CHIP = re.compile(r'<span class="ltt-chip">(.*?)</span>')
_ATTRIBUTE = re.compile(r'data-(card|finding|verdict)="([^"]*)"')


@dataclass
class CardDrawn:
    """What one card sent to the browser, and the answers that it says it is made of."""

    page: str
    key: str
    bodies: list[str] = field(default_factory=list)
    charts: list[dict[str, Any]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    filters: Filters = field(default_factory=Filters)

    @property
    def html(self) -> str:
        """All of its HTML."""
        return "\n".join(self.bodies)

    @property
    def chips(self) -> set[str]:
        """The chips that it wears, and those that a row of its table wears in square brackets."""
        worn = {html.unescape(one) for one in _CHIP.findall(self.html)}
        in_rows = re.findall(r"\[([^\]<]+)\]", html.unescape(self.html))
        return worn | {chip.strip() for row in in_rows for chip in row.split(",")}


@dataclass(frozen=True)
class Sentence:
    """One rendered sentence. `element` is "sentence" for a headline or an item of a list, or "tile"."""

    page: str
    card: str
    element: str
    key: str
    verdict: str
    words: str

    @property
    def where(self) -> str:
        """Page and card."""
        return f"{self.page}/{self.card}"


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


def sentences(card: CardDrawn) -> list[Sentence]:
    """Return the sentences of a card: its headline, those of lists, and the short ones of tiles."""
    found = []
    kinds = ((_HEADLINE, "sentence"), (_IN_LIST, "sentence"), (_TILE, "tile"))
    for pattern, element in kinds:
        for attributes, body in pattern.findall(card.html):
            known = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
            own = (known.get("card", card.key), element, known.get("finding", ""), known.get("verdict", ""))
            found.append(Sentence(card.page, *own, words=_words(_CHIP.sub("", body))))
    return found


def contradictions(cards: Iterable[CardDrawn]) -> list[str]:
    """Return where two sentences on one measure, group, scope and basis differ in verdict or in words.

    A release has one basis: two changes of the same figures never have two.
    """
    by_key: dict[str, list[Sentence]] = defaultdict(list)
    for card in cards:
        for sentence in sentences(card):
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
            alike = by_element.setdefault(other.element, other)
            if alike.words != other.words:
                wrong.append(f"{key}: {alike.where} says {alike.words!r}, {other.where} says {other.words!r}")
    return wrong


def without_finding(cards: Iterable[CardDrawn]) -> list[str]:
    """Return the sentences that have no finding, and those that say nothing."""
    return [
        f"{one.where}: {one.words!r} of {one.key!r}"
        for card in cards
        for one in sentences(card)
        if not one.key.strip("|") or not one.words or not one.verdict
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


def _words(body: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", body)).split())


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
