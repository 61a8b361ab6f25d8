"""A sum without its hidden numbers is nowhere told as the whole: in charts, hovers, lists and captions."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pages.cards_read import CardDrawn
from tests.pages.hunting import Hunter
from tests.pages.opening import OpenPage

#: Filters under which sums of several published numbers lack some of them, and the pages that show such sums.
AREAS = {"area": "TM402,TM504,TM102"}
SENDERS = {"source": "tm_health,tm_police", "form": "forced_labour,forced_marriage"}
#: A number of three digits and more is seldom another one by chance.
SHORTEST = 3
_TOLD = re.compile(r"[Aa]t[ \u00a0]least[ \u00a0]$")


@pytest.fixture
def hunter(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> Hunter:
    return Hunter(open_page, monkeypatch)


@pytest.mark.parametrize(
    ("page", "address", "cards"),
    [
        ("pathway", AREAS, {"flow"}),
        ("enforcement", AREAS, {"met", "stages"}),
        ("overview", SENDERS, {"trend"}),
        ("trends", SENDERS, {"trend"}),
        ("people_and_forms", SENDERS, {"people"}),
        ("enforcement", SENDERS, {"stages", "opened"}),
    ],
)
def test_a_part_is_never_told_as_the_whole(
    hunter: Hunter, demonstration: Path, page: str, address: dict[str, str], cards: set[str]
) -> None:
    drawn = hunter.cards(page, address, demonstration)
    held = {card.key for card in drawn if _parts(card)}
    assert cards <= held, "these cards show sums of which numbers are hidden"
    assert [one for card in drawn for one in _told_as_wholes(card)] == []


def _told_as_wholes(card: CardDrawn) -> Iterator[str]:
    for words in (*_written(card.html), *_strings(card.charts)):
        for number in _parts(card):
            for found in re.finditer(rf"(?<![\d,.–]){re.escape(number)}(?![,.]?\d|%|–|\))", words):
                is_told = _TOLD.search(words[: found.start()]) or words[found.end() :].startswith("*")
                if not is_told:
                    yield f"{card.key}: {words!r} tells {number}, a part, as the whole"


def _parts(card: CardDrawn) -> set[str]:
    """Return the numbers of the card's partial sums that no whole of it is."""
    numbers: dict[bool, set[str]] = {True: set(), False: set()}
    for answer in card.answers:
        for row in () if answer.refusal else answer.frame.iter_rows(named=True):
            if row["value"] is not None:
                is_part = answer.measure.is_sum and row["cells_shown"] < row["cells_total"]
                numbers[is_part].add(f"{row['value']:,.0f}")
    return {one for one in numbers[True] - numbers[False] if len(one) >= SHORTEST}


def _written(body: str) -> Iterator[str]:
    yield from (html.unescape(one).strip() for one in re.split(r"<[^>]+>", body))
    yield from map(html.unescape, re.findall(r'(?:aria-label|title)="([^"]*)"', body))


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        yield from (one for name, value in part.items() if name != "geojson" for one in _strings(value))
    elif isinstance(part, list | tuple):
        yield from (one for value in part for one in _strings(value))
