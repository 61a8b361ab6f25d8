"""Columns of yes and no whose heading asks for one code: "Is the person a minor?", "Accepted?"."""

import re
from dataclasses import replace

import polars as pl

from etl.contracts.tables import Column
from etl.drafting.columns.words import SAME, Words, shown, words_in
from etl.mapping.model import NO, YES
from etl.mapping.synonyms import words_of
from etl.protect.identifiers import plain

#: Columns of which a heading may ask for one code: yes is that one, no the other.
_PAIRS = {"age_group": ("child", "adult"), "decision": ("accepted", "declined")}
_LEAST = 0.5  # share of the rows with a word that must say yes or no


def answered(target: Column, name: str, frame: pl.DataFrame) -> Words | None:
    """Return what yes and no mean in a column whose heading asks for one of two codes; None in any other.

    Examples
    --------
    >>> column = Column("age_group", "code", codes={"child": "Child", "adult": "Adult"})
    >>> sheet = pl.DataFrame({"Minor?": ["Yes", "No", None], "_line": [2, 3, 4]})
    >>> [(word.text, word.codes) for word in answered(column, "Minor?", sheet).words]
    [('No', ('adult',)), ('Yes', ('child',))]
    """
    pair = _PAIRS.get(target.name)
    if pair is None:
        return None
    heading = plain(name)
    asked = {
        code
        for word, code in words_of(target).items()
        if code in pair
        and any(map(str.isalpha, bare := plain(word)))
        and re.search(rf"\b{re.escape(bare)}\b", heading)
    }
    if len(asked) != 1:
        return None
    [yes] = asked
    no = pair[1 - pair.index(yes)]
    marks = {**dict.fromkeys(YES, yes), **dict.fromkeys(NO, no)}
    cells = frame[name].drop_nulls().str.strip_chars().str.to_lowercase()
    if not cells.len() or cells.is_in(list(marks)).sum() < _LEAST * cells.len():
        return None
    found = words_in(target, frame, name, ())
    # Not a word of the shipped list: it means this under such a heading alone, and is written down.
    said = (
        shown(word.text, (marks[small],), SAME, word.lines)
        if (small := word.text.casefold()) in marks
        else word
        for word in found.words
    )
    return replace(found, words=tuple(said))
