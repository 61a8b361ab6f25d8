"""One card as a browser gets it: its HTML, its charts, and the sentences in them."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from analysis import Answer
from analysis.findings.sentences.phrases import upper_first
from analysis.questions.filters import Filters

_HEADLINE = re.compile(r'<h3 class="ltt-headline"([^>]*)>(.*?)</h3>', re.DOTALL)
_IN_LIST = re.compile(r"<span (data-finding=[^>]*)>(.*?)</span>", re.DOTALL)
_TILE = re.compile(r'<span class="ltt-tile-change" ([^>]*)>(.*?)</span>', re.DOTALL)
_CHIP = re.compile(r'<span class="ltt-chip">(.*?)</span>')
_NAMES_FILTERS = re.compile(
    r'<p class="ltt-subtitle">.*?</p>|<span class="ltt-chip">.*?</span>|<a .*?</a>|data-\w+="[^"]*"',
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r'data-(card|finding|verdict)="([^"]*)"')


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


@dataclass
class CardDrawn:
    """What one card sent to the browser, the answers that it says it is made of, what was written for it.

    `parts` are sentences that tell a sum without its hidden numbers as the whole.
    """

    page: str
    key: str
    bodies: list[str] = field(default_factory=list)
    charts: list[dict[str, Any]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    written: list[Sentence] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    filters: Filters = field(default_factory=Filters)

    @property
    def html(self) -> str:
        """All of its HTML."""
        return "\n".join(self.bodies)

    @property
    def chips(self) -> set[str]:
        """The chips that it wears, and those that a row of its table wears in brackets."""
        worn = {html.unescape(one) for one in _CHIP.findall(self.html)}
        in_rows = re.findall(r'<th scope="row">[^<]*\(([^)<]+)\)</th>', html.unescape(self.html))
        return worn | {upper_first(chip.strip()) for row in in_rows for chip in row.split(",")}


def sentences(card: CardDrawn) -> list[Sentence]:
    """Return the sentences of a card: its headline, those of lists, and the short ones of tiles."""
    found = []
    kinds = ((_HEADLINE, "headline"), (_IN_LIST, "sentence"), (_TILE, "tile"))
    for pattern, element in kinds:
        for attributes, body in pattern.findall(card.html):
            known = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
            own = (known.get("card", card.key), element, known.get("finding", ""), known.get("verdict", ""))
            found.append(Sentence(card.page, *own, words=_words(_CHIP.sub("", body))))
    return found


def texts(card: CardDrawn) -> list[str]:
    """Return each piece of text of a card outside of its sentences: what stands between two tags."""
    body = card.html
    for pattern in (_HEADLINE, _IN_LIST, _TILE):
        body = pattern.sub("<br>", body)
    pieces = (" ".join(html.unescape(one).split()) for one in re.split(r"<[^>]+>", body))
    return [one for one in pieces if one]


def in_tables(card: CardDrawn) -> list[Sentence]:
    """Return the sentences that stand in a card without marks of their own: in the rows of its table."""
    there = set(texts(card))
    return [one for one in card.written if one.words in there]


def figures(card: CardDrawn) -> str:
    """Return all that a card draws as one text: without subtitle, chips and links, which name the filters."""
    return _NAMES_FILTERS.sub("", card.html) + str(card.charts)


def _words(body: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", body)).split())
