"""Columns of yes and no whose heading asks for one code: "Is the person a minor?", "Accepted?"."""

from dataclasses import replace

import polars as pl

from etl.contracts.tables import Column
from etl.drafting.columns.words import LIKELY, SAME, Words, shown, words_in
from etl.mapping.model import NO, YES
from etl.mapping.synonyms import words_of
from etl.protect.identifiers import plain

#: Columns of which a heading may ask for one code: yes is that one, no the other.
_PAIRS = {"age_group": ("child", "adult"), "decision": ("accepted", "declined")}
_WAITING = "waiting"
#: What a heading says besides the code that it asks for.
_FILLERS = (
    "is", "was", "were", "if", "the", "a", "an", "it", "this", "person", "client", "survivor", "victim",
    "participant", "they", "she", "he", "status", "yes", "no", "y", "n", "at", "on", "intake", "time",
    "entry", "identification", "currently", "referral", "decision", "answer",
)  # fmt: skip
_LEAST = 0.5  # share of the rows with a word that must say yes or no


def answered(target: Column, name: str, frame: pl.DataFrame) -> Words | None:
    """Return what yes and no mean in a column whose heading asks for one of two codes; None in any other.

    Examples
    --------
    >>> from etl.contracts.tables import contract
    >>> column = contract("person").column("age_group")
    >>> sheet = pl.DataFrame({"Minor?": ["Yes", "No", None], "_line": [2, 3, 4]})
    >>> [(word.text, word.codes) for word in answered(column, "Minor?", sheet).words]
    [('No', ('adult',)), ('Yes', ('child',))]
    """
    pair = _PAIRS.get(target.name)
    if pair is None:
        return None
    heading = " ".join(word for word in plain(name).split() if word not in _FILLERS)
    listed = words_of(target)
    asked = {code for word, code in listed.items() if code in pair and _asks(word) and plain(word) == heading}
    if len(asked) != 1:
        return None
    [yes] = asked
    no = pair[1 - pair.index(yes)]
    marks = {**dict.fromkeys(YES, yes), **dict.fromkeys(NO, no)}
    cells = frame[name].drop_nulls().str.strip_chars().str.to_lowercase()
    known = cells.is_in(list(marks))
    # "Minors: 0, 1, 2" counts; a cell in words besides yes and no is asked about.
    if known.sum() < max(1, _LEAST * cells.len()) or cells.filter(~known).str.contains(r"\d").any():
        return None
    found = words_in(target, frame, name, ())
    # "Not accepted" may be "not yet", where no other word says that it is waited for.
    may_wait = target.name == "decision" and not any(word.codes == (_WAITING,) for word in found.words)
    sure = {yes: SAME, no: LIKELY if may_wait else SAME}
    # Not a word of the shipped list: it means this under such a heading alone, and is written down.
    said = (
        shown(word.text, (marks[small],), sure[marks[small]], word.lines)
        if (small := word.text.casefold()) in marks
        else word
        for word in found.words
    )
    return replace(found, words=tuple(said))


def _asks(word: str) -> bool:
    """Tell whether a word asks of one person: several minors may be somebody's children."""
    return word.isascii() and any(map(str.isalpha, word)) and not word.endswith(("s", "ren"))
