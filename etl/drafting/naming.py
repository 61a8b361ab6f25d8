"""The words of columns of countries and areas that the lists do not know, or know more than once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import combining, normalize

import polars as pl

from etl.contracts.areas import Areas
from etl.contracts.countries import alpha2, alpha2_by_word
from etl.contracts.tables import Column
from etl.drafting import editing
from etl.drafting.columns.words import Word, meaning, parts_of, shown
from etl.drafting.looking import CELLS, WordSeen, cells_of
from etl.lines import first_lines_words
from etl.mapping.synonyms import FOR_NOTHING

KINDS = ("country", "area")
_SHORTEST = 4  # letters of a name that may be part of a word, or like one


@dataclass(frozen=True)
class NameSeen:
    """A word that stands for a country or an area.

    Attributes
    ----------
    word : WordSeen
        Without its text where it may not be shown.
    choices : tuple of str
        Codes of the areas that go by it; empty where none does.
    """

    word: WordSeen
    choices: tuple[str, ...] = ()


def names_seen(
    column: Column, frame: pl.DataFrame, values: Mapping[str, Any], number: int, areas: Areas | None = None
) -> tuple[NameSeen, ...]:
    """Return the words of a column of countries or areas that mean nothing, or several things, by themselves.

    Parameters
    ----------
    column
        Of the contract, of one of `KINDS`; the mapping fills it.
    frame
        Text columns and ``_line``.
    values
        What the mapping says.
    number
        Of its tables, from 0.
    areas
        Those covered, for a column of areas.
    """
    meant = editing.meanings(values, number, column.name)
    seen = []
    for one in _unclear(column, frame, values, number, areas):
        text = one.text if one.is_shown else ""
        guess, sure = _guess(one.text) if areas is None else ((), 0.0)
        lines = first_lines_words(list(one.lines))
        codes = meant.get(one.text.casefold())
        found = WordSeen(text, len(one.lines), lines, codes, guess, sure)
        choices = tuple(sorted(areas.meant_by(one.text), key=areas.called)) if areas else ()
        seen.append(NameSeen(found, choices))
    return tuple(seen)


def settle(
    column: Column, frame: pl.DataFrame, values: dict[str, Any], number: int, *, areas: Areas, above: str
) -> None:
    """Write down what each word of several areas means: the one of them that lies in a larger area.

    Parameters
    ----------
    column, frame, number
        As in `names_seen`.
    values
        What the mapping says; changed.
    areas
        Those covered.
    above
        Code of the larger area. Words that name none or several areas in it stay open.
    """
    meant = editing.meanings(values, number, column.name)
    for one in _unclear(column, frame, values, number, areas):
        there = [code for code in areas.meant_by(one.text) if areas.parents.get(code) == above]
        if len(there) == 1 and one.text.casefold() not in meant:
            editing.mean(values, number, column.name, word=one.text, codes=there)


def _unclear(
    column: Column, frame: pl.DataFrame, values: Mapping[str, Any], number: int, areas: Areas | None
) -> Sequence[Word]:
    cells = cells_of(column, frame, values, number)
    if not cells.width or (areas is not None and not areas.codes):
        return ()
    rule = editing.tables(values)[number]["columns"][column.name]
    said = rule if isinstance(rule, dict) else {}
    if said.get("pad") or said.get("as"):  # codes, which a spreadsheet program had shortened
        return ()
    split = said.get("split", ())
    signs = (split,) if isinstance(split, str) else tuple(split)
    lines: dict[str, tuple[str, list[int]]] = {}
    for cell, line in cells.drop_nulls(CELLS).rows():
        for part in parts_of(cell, signs):
            lines.setdefault(part.casefold(), (part, []))[1].append(line)
    find = alpha2 if areas is None else areas.find
    found = [
        shown(text, (), 0.0, tuple(dict.fromkeys(where)))
        for small, (text, where) in lines.items()
        if small not in FOR_NOTHING and find(text) is None
    ]
    return sorted(found, key=lambda word: (-len(word.lines), word.text))


def _guess(text: str) -> tuple[tuple[str, ...], float]:
    """Return the country that a word is like, and how much.

    >>> _guess("México"), _guess("Colombiana")[0], _guess("EE. UU.")
    ((('MX',), 0.99), ('CO',), ((), 0.0))
    """
    letters = normalize("NFD", text.replace(".", ""))
    bare = " ".join("".join(sign for sign in letters if not combining(sign)).split())
    code = alpha2(bare) if len(bare) >= _SHORTEST else None
    if code is not None:
        return (code,), 0.99
    names = {word: code for word, code in alpha2_by_word().items() if len(word) >= _SHORTEST}
    return meaning(bare, names)
