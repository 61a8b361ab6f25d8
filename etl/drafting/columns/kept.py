"""Which rows of a list of people are of trafficking, where a column tells it: the others are not counted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analysis.catalog.model import NOT_RECORDED
from etl.contracts.tables import contract
from etl.mapping.model import NO, YES
from etl.mapping.synonyms import FOR_NOTHING, words_of
from etl.protect.identifiers import plain
from etl.readers import tidy

_YES, _NO = (*YES, "sí", "si", "oui", "sim", "confirmed"), (*NO, "non", "não", "nao", "nein")
_MOST = 12  # different words of a column that tells programmes or harms apart
_TRAFFICKING = (
    r"(?:human )?trafficking|ht|trata(?: de personas)?|traite(?: des etres humains)?|trafico de pessoas"
)
_ASKED = re.compile(rf"\b(?:trafficked|{_TRAFFICKING})\b")
_CALLED = re.compile(rf"(?:{_TRAFFICKING})(?: (?:victims?|survivors?|clients?|program(?:me)?|services?))?")


@dataclass(frozen=True)
class Kept:
    """A column whose words tell which rows are of trafficking.

    Attributes
    ----------
    column : str
        Of the file.
    words : tuple of str
        As the rows that are kept write it.
    others : int
        How many rows say something else, or nothing.
    """

    column: str
    words: tuple[str, ...]
    others: int


def rows_of_trafficking(frame: pl.DataFrame, names: Sequence[str]) -> Kept | None:
    """Return the column that tells trafficking from other harms; None where none does, or all rows are kept.

    Parameters
    ----------
    frame
        Text columns.
    names
        Those of its columns that fill nothing.

    Examples
    --------
    >>> clients = {"Trafficked?": ["Y", "N", "y", None], "Program": ["HT", "DV", "HT", "DV"]}
    >>> rows_of_trafficking(pl.DataFrame(clients), ["Trafficked?"])
    Kept(column='Trafficked?', words=('Y', 'y'), others=2)
    >>> rows_of_trafficking(pl.DataFrame(clients), ["Program"]).words
    ('HT',)
    """
    for name in names:
        cells = frame[name].drop_nulls().unique().sort().to_list()
        if len({tidy(cell).casefold() for cell in cells}) > _MOST:
            continue
        words = _yes(name, cells) or _called(cells)
        others = int((~frame[name].is_in(words)).fill_null(True).sum()) if words else 0
        if words and others:
            return Kept(name, words, others)
    return None


def _called(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the words that are trafficking; none where others are forms of it, which are trafficking too."""
    forms = words_of(contract("person").column("form"))
    words = tuple(cell for cell in cells if _CALLED.fullmatch(plain(cell)))
    others = (tidy(cell).casefold() for cell in cells if cell not in words)
    return () if any(forms.get(other, "other") not in ("other", NOT_RECORDED) for other in others) else words


def _yes(name: str, cells: Sequence[str]) -> tuple[str, ...]:
    """Return the words that say yes under a heading that asks whether somebody was trafficked."""
    if not _ASKED.search(plain(name)):
        return ()
    small = [tidy(cell).casefold() for cell in cells]
    if any(word not in (*_YES, *_NO, *FOR_NOTHING) for word in small):
        return ()
    return tuple(cell for cell, word in zip(cells, small, strict=True) if word in _YES)
