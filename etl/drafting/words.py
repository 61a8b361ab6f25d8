"""Words of a column and the codes that they mean, each with a confidence."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import polars as pl

from etl.contracts.countries import alpha2
from etl.contracts.tables import Column
from etl.lines import LINE
from etl.mapping.synonyms import FOR_NOTHING, words_of
from etl.protect.identifiers import rule_of_content
from etl.protect.people_in_columns import rule_of_people
from etl.readers import tidy

FEWEST_SHOWN = 5  # rows that a word must stand in before it is written down
SURE, LIKELY = 1.0, 0.8
SEPARATORS = ("\n", ";", "|", ",", "/", "&", " and ", "+")
_LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Word:
    """One word of a column.

    Attributes
    ----------
    text : str
        As written most often.
    codes : tuple of str
        What it means; empty where that is open.
    confidence : float
        1 for a word of the shipped list, less for one that is like it.
    lines : tuple of int
        Where it stands.
    is_shown : bool
        Whether it may be written down: in enough rows, and nothing that identifies anybody.
    """

    text: str
    codes: tuple[str, ...]
    confidence: float
    lines: tuple[int, ...]
    is_shown: bool

    @property
    def is_listed(self) -> bool:
        """Whether it is a word of the shipped list."""
        return self.confidence >= SURE


@dataclass(frozen=True)
class Words:
    """The words of a column, most frequent first, and the signs between several in one cell."""

    words: tuple[Word, ...]
    split: tuple[str, ...] = ()

    @property
    def known(self) -> float:
        """Share of the cells' words that mean a code, by rows."""
        rows = sum(len(word.lines) for word in self.words)
        return sum(len(word.lines) for word in self.words if word.codes) / rows if rows else 0.0


def words_in(column: Column, frame: pl.DataFrame, name: str, split: tuple[str, ...] | None = None) -> Words:
    """Return the words that stand in a column of a file, and what they mean in a column of the contract.

    Parameters
    ----------
    column
        Of the contract, with codes.
    frame, name
        Text columns and ``_line``, and which of them is meant.
    split
        Signs between several words in a cell; None finds them.
    """
    meant = words_of(column)
    cells = frame.select(name, LINE).drop_nulls(name).rows()
    if split is None:
        split = _split([cell for cell, _ in cells], meant) if column.kind == "codes" else ()
    found: dict[str, tuple[list[str], list[int]]] = {}
    for cell, line in cells:
        for item in parts_of(cell, split):
            written, lines = found.setdefault(item.casefold(), ([], []))
            written.append(item)
            lines.append(line)
    words = [
        _word(max(set(written), key=written.count), tuple(dict.fromkeys(lines)), meant, column)
        for written, lines in found.values()
    ]
    return Words(tuple(sorted(words, key=lambda word: (-len(word.lines), word.text))), split)


def unknown_countries(frame: pl.DataFrame, name: str) -> tuple[Word, ...]:
    """Return the words of a column that name no country."""
    lines: dict[str, list[int]] = {}
    for cell, line in frame.select(name, LINE).drop_nulls(name).rows():
        word = tidy(cell)
        if word and alpha2(word) is None and word.casefold() not in FOR_NOTHING:
            lines.setdefault(word, []).append(line)
    return tuple(shown(word, (), 0.0, tuple(where)) for word, where in lines.items())


def signs_between(cells: Sequence[str], words: Collection[str]) -> tuple[str, ...]:
    """Return the signs that divide cells into words of a list."""
    return _split(cells, {word.strip().casefold(): "" for word in words})


def parts_of(cell: str, split: Sequence[str]) -> list[str]:
    """Return the words of a cell, divided by some signs."""
    parts = re.split("|".join(map(re.escape, split)), cell) if split else [cell]
    return [part for part in map(tidy, parts) if part]


def _split(cells: Sequence[str], meant: Mapping[str, str]) -> tuple[str, ...]:
    """Return the signs that divide cells into known words, one after the other as long as each helps."""
    chosen: tuple[str, ...] = ()
    best = _share(cells, chosen, meant)
    while True:
        tried = {
            sign: _share(cells, (*chosen, sign), meant)
            for sign in SEPARATORS
            if sign not in chosen and any(sign in cell for cell in cells)
        }
        better = [sign for sign, share in tried.items() if share > best]
        if not better:
            return chosen
        sign = max(better, key=lambda one: tried[one])
        chosen, best = (*chosen, sign), tried[sign]


def _share(cells: Sequence[str], split: Sequence[str], meant: Mapping[str, str]) -> float:
    items = [item.casefold() for cell in cells for item in parts_of(cell, split)]
    return sum(item in meant for item in items) / len(items) if items else 0.0


def _word(text: str, lines: tuple[int, ...], meant: Mapping[str, str], column: Column) -> Word:
    codes, confidence = meaning(text, meant, is_list=column.kind == "codes")
    return shown(text, codes, confidence, lines)


def shown(text: str, codes: tuple[str, ...], confidence: float, lines: tuple[int, ...]) -> Word:
    """Return a word with whether it may be written down."""
    alone = pl.Series([text])
    is_shown = (
        len(lines) >= FEWEST_SHOWN
        and len(text) <= _LONGEST_SHOWN
        and rule_of_content(alone, len(lines)) is None
        and rule_of_people(alone) is None
    )
    return Word(text, codes, confidence, lines, is_shown)


def meaning(text: str, meant: Mapping[str, str], *, is_list: bool = False) -> tuple[tuple[str, ...], float]:
    """Return what a word means and how sure that is.

    Examples
    --------
    >>> meant = {"female": "female", "male": "male", "sex": "sexual", "labor": "labour"}
    >>> meaning("Female", meant), meaning("Femal", meant), meaning("hat", meant)
    ((('female',), 1.0), (('female',), 0.91), ((), 0.0))
    >>> meaning("sex + labor", meant, is_list=True)
    (('sexual', 'labour'), 0.8)
    """
    small = tidy(text).casefold()
    if small in meant:
        return (meant[small],), SURE
    inside = [
        word for word in meant if len(word) > 2 and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", small)
    ]
    inside = [word for word in inside if not any(word != other and word in other for other in inside)]
    codes = tuple(dict.fromkeys(meant[word] for word in sorted(inside, key=small.index)))
    if codes and (len(codes) == 1 or is_list):
        return codes, LIKELY
    near = max(meant, key=lambda word: SequenceMatcher(None, small, word).ratio(), default="")
    ratio = round(SequenceMatcher(None, small, near).ratio(), 2)
    if len(small) > 3 and ratio >= LIKELY:
        return (meant[near],), min(ratio, 0.99)
    return (), 0.0
