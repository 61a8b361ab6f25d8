"""Which numbers a headline names, and which its card shows: in its chart, on hover, or in its table."""

import functools
import html
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from analysis import load_catalog
from tests.pages.cards_read import CardDrawn, sentences
from tests.pages.charts_read import values_of

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w]|[.,]\d)")
#: No figures: years, quarters, days of a month, what a measure counts by, and the family of a chosen list.
_NO_FIGURE = re.compile(
    rf"\b(?:19|20)\d\d\b(?!,\d)|\bQ[1-4]\b|\b\d{{1,2}} (?=(?:{_MONTHS})\b)"
    r"|\bper 1(?:00)?,000\b|\bwithin \d+ (?:minutes|months)\b"
    r"|\bevery number is below \d+|\b\b\d+ were looked at"
)
#: How many there are, which the rows give: "22 of 24 areas", "the 24 areas", "all 9 roles", "of 11 kinds".
_COUNTED = re.compile(
    r"\b(?:the )?(?P<part>\d+) (?:more )?of (?:the |these )?(?P<total>\d+)\b(?P<words>[a-z ]*)"
    r"|\b(?:all|any of|of|other|the|than) (?:the )?(?P<number>\d+)\b(?! of)(?P<noun>[a-z ]*)"
)
#: Only some of the rows can be compared, and fewer are looked at.
_AT_MOST = re.compile(r"can be compared|changed clearly|have room|^(?:other|than|the other)")
_LINK = re.compile(r'<a class="ltt-link".*?</a>', re.DOTALL)
_NOT_SHOWN = re.compile(
    r'<h3 class="ltt-headline".*?</h3>|<p class="ltt-(?:subtitle|caption)">.*?</p>|<caption>.*?</caption>',
    re.DOTALL,
)
_TITLE = re.compile(r'\btitle="([^"]*)"')
_BODY = re.compile(r"<tbody>(.*?)</tbody>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def not_shown(cards: Iterable[CardDrawn], as_tables: Callable[[], Iterable[CardDrawn]]) -> list[str]:
    """Return the numbers of headlines that neither the chart of their card nor its table shows.

    Parameters
    ----------
    cards
        Cards as they open: charts with what a pointer reads there, and drawings.
    as_tables
        Draws the same page with tables in place of charts; called only where a number is still missing.
    """
    missing = {(card.page, card.key): card for card in cards if _left(card)}
    tables = {(card.page, card.key): card for card in as_tables()} if missing else {}
    return [
        f"{page}/{key}: {left} of {' | '.join(_headlines(card))!r} is neither in its chart nor in its table"
        for (page, key), card in missing.items()
        if (left := _left(card, tables[page, key]))
    ]


def _headlines(card: CardDrawn) -> list[str]:
    return [one.words for one in sentences(card) if one.element == "headline"]


def _left(*drawn: CardDrawn) -> list[str]:
    """Return the figures of a card's headline that none of its drawings shows."""
    said = _headlines(drawn[0])
    if not any(headline_numbers(words, ()) for words in said):
        return []
    shown = {number for card in drawn for number in _shown(card)}
    left = _missing(said, (), shown)
    if not left:
        return []
    rows = {count for card in drawn for count in _rows(card)}
    counts = rows | {count for card in drawn for count in _cells(card)}
    left = _missing(said, counts, shown)
    if not drawn[0].answers:  # a register: the table has its rows, and of some of them a headline may speak
        numbers = [number for words in said for number in headline_numbers(words, counts)]
        whole = [int(one) for one in numbers if one.isdigit() and (one in left or int(one) in rows)]
        if whole and max(whole) in rows:
            left = [one for one in left if not one.isdigit()]
    return left


def _missing(said: Iterable[str], counts: Collection[int], shown: Collection[str]) -> list[str]:
    numbers = dict.fromkeys(number for words in said for number in headline_numbers(words, counts))
    return [number for number in numbers if not _is_shown(number, shown)]


def headline_numbers(words: str, counts: Collection[int]) -> list[str]:
    """Return the figures in a headline: without dates, names, and counts that the rows give."""

    def counted(match: re.Match[str]) -> str:
        groups = match.groupdict()
        total, part = int(groups["total"] or groups["number"]), int(groups["part"] or 0)
        is_some = bool(_AT_MOST.search(match.group()))
        is_counted = total <= max(counts, default=0) if is_some else total in counts
        return " " if is_counted and part <= total else match.group()

    return _NUMBER.findall(_COUNTED.sub(counted, _without_names(words)))


def _rows(card: CardDrawn) -> set[int]:
    """Return how many rows the tables of a card have, and how many different ones by their first columns."""
    counts: set[int] = set()
    for table in _BODY.findall(card.html):
        rows = [[_TAG.sub("", cell) for cell in _CELL.findall(row)] for row in _ROW.findall(table)]
        counts |= {len(rows)} | {len(set(column)) for column in zip(*rows, strict=False)}
    return counts


def _cells(card: CardDrawn) -> set[int]:
    """Return how many cells, categories and shown values the answers of a card have."""
    counts: set[int] = set()
    for answer in card.answers:
        counts |= set(answer.frame["cells_total"].drop_nulls()) | {answer.cells_shown, answer.cells_total}
        shown = answer.frame.filter(answer.frame["value"].is_not_null())
        for frame in (answer.frame, shown):
            counts.add(frame.height)
            counts |= {frame[name].n_unique() for name in answer.question.by if name in frame.columns}
    return counts


def _shown(card: CardDrawn) -> set[str]:
    words = [_html_words(body) for body in card.bodies]
    words += [_html_words(one) for chart in card.charts for one in _chart_words(chart)]
    return {number for one in words for number in _NUMBER.findall(_without_names(one))}


def _chart_words(chart: dict[str, Any]) -> Iterator[str]:
    for trace in chart["data"]:
        yield from trace.get("node", {}).get("label", ())
        for name in ("text", "hovertext", "customdata"):
            given = trace.get(name)
            for one in [given] if isinstance(given, str) else values_of(given):
                if isinstance(one, str):
                    yield one
    for note in chart["layout"].get("annotations", ()):
        yield str(note.get("text", ""))
        yield str(note.get("hovertext", "") or "")


def _html_words(body: str) -> str:
    body = _LINK.sub(" ", _NOT_SHOWN.sub(" ", body))
    return html.unescape(" ".join([_TAG.sub(" ", body), *_TITLE.findall(body)]))


def _is_shown(number: str, shown: Collection[str]) -> bool:
    """Return whether a number is shown as it is written, or with more digits that round to it."""
    if number in shown:
        return True
    value, digits = float(number.replace(",", "")), len(number.partition(".")[2])
    return any(round(float(one.replace(",", "")), digits) == value for one in shown)


def _without_names(words: str) -> str:
    return _NO_FIGURE.sub(" ", _names().sub(" ", words))


@functools.cache
def _names() -> re.Pattern[str]:
    labels = {category.label for found in load_catalog().dimensions.values() for category in found.categories}
    named = sorted((label for label in labels if re.search(r"\d", label)), key=len, reverse=True)
    return re.compile(rf"(?<!\d)(?:{'|'.join(map(re.escape, named))})(?!\d)", re.IGNORECASE)
