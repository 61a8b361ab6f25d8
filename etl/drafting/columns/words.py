"""Words of a column and the codes that they mean, each with a confidence."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise

import polars as pl

from etl.contracts.countries import alpha2
from etl.contracts.tables import Column
from etl.lines import LINE
from etl.mapping.synonyms import FOR_NOTHING, words_of
from etl.protect.identifiers import rule_of_content
from etl.protect.people_in_columns import rule_of_people
from etl.protect.people_in_text import is_addressed, tells_person
from etl.readers import tidy

FEWEST_SHOWN = 5  # rows that a word must stand in before it is written down
SURE, SAME, LIKELY = 1.0, 0.99, 0.8
SEPARATORS = ("\n", ";", "|", ",", "/", "&", " and ", "+")
_MANY = 60  # different cells, more than any list of codes has
_LONGEST_SHOWN = 60
_MOST = 0.8  # of the parts of cells that come again in other cells, so that they are words
_NEAR = 0.98  # most that a word counts which is only like a known one
#: Columns of who did something, in which sheets name people beside kinds of them.
_OF_WHO = ("recruitment_method", "identified_by", "reporter_type")
_POSSESSIVE = re.compile(r"\b(\w+)['’]s\b")
#: Of another harm than trafficking: a part of them is a word of its list ("Domestic").
_OF_ANOTHER_HARM = frozenset(
    {
        "domestic violence",
        "dv",
        "ipv",
        "intimate partner violence",
        "dv/ipv",
        "violencia doméstica",
        "violence domestique",
    }
)
#: Letters that say woman or man beside another letter: hombre and mujer, homme and femme.
_BESIDE_H = {"h": ("male",), "m": ("female",)}
_SINGLE = re.compile(r"[^\W\d_][\w'’]*")


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
        Whether it may be written down: in enough rows, and nothing that identifies anybody or is called so.
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

    @property
    def is_taken(self) -> bool:
        """Whether it is written down unasked: a word of the list, or one that differs by its signs alone.

        What is only like a word, or holds one, is a suggestion: who reads the sheet decides.
        """
        return bool(self.codes) and self.confidence >= SAME


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


def words_in(
    column: Column,
    frame: pl.DataFrame,
    name: str,
    split: tuple[str, ...] | None = None,
    *,
    is_several: bool = False,
) -> Words:
    """Return the words that stand in a column of a file, and what they mean in a column of the contract.

    Parameters
    ----------
    column
        Of the contract, with codes.
    frame, name
        Text columns and ``_line``, and which of them is meant.
    split
        Signs between several words in a cell; None finds them, where the column holds several.
    is_several
        Whether a column of one code may hold several all the same, a record each.
    """
    is_several = is_several or column.kind == "codes"
    meant = words_of(column)
    cells = frame.select(name, LINE).drop_nulls(name).rows()
    if split is None:
        split = _signs([cell for cell, _ in cells], meant) if is_several else ()
    found: dict[str, tuple[list[str], list[int]]] = {}
    for cell, line in cells:
        for item in parts_of(cell, split):
            written, lines = found.setdefault(item.casefold(), ([], []))
            written.append(item)
            lines.append(line)
    known = _parts_of(meant)
    words = []
    for small, (written, lines) in found.items():
        text = max(set(written), key=written.count)
        codes, confidence = meaning(text, meant, is_list=is_several)
        if column.name == "gender" and "h" in found and small in _BESIDE_H:
            codes, confidence = _BESIDE_H[small], LIKELY
        words.append(shown(text, codes, confidence, tuple(dict.fromkeys(lines)), known=known))
    if column.name in _OF_WHO:
        words = [replace(one, is_shown=one.is_shown and not _may_be_called(one, known)) for one in words]
    return Words(tuple(sorted(words, key=lambda word: (-len(word.lines), word.text))), split)


def _may_be_called(word: Word, known: Collection[str]) -> bool:
    """Tell whether a word may be what somebody is called: its parts have capitals and are on no list."""
    parts = _SINGLE.findall(word.text)
    return word.confidence < SAME and all(
        part[0].isupper() and part.casefold() not in known for part in parts
    )


def are_strange(cells: Sequence[str], column: Column) -> bool:
    """Tell whether many different cells are no words for codes: some of them would be, were it such a column.

    So a column of texts is not read word by word for each column of codes that its name is like.
    """
    if len(cells) < _MANY:
        return False
    meant, tried = words_of(column), sorted(cells)[:: len(cells) // _MANY]
    return not any(meaning(cell, meant, is_list=column.kind == "codes")[0] for cell in tried)


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


def _signs(cells: Sequence[str], meant: Mapping[str, str]) -> tuple[str, ...]:
    """Return the signs that divide cells into words of a list, or else into parts that come again."""
    return _split(cells, meant) or _repeated(cells)


def signs_in(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the signs that some cells hold and that may stand between several words.

    >>> signs_in(["Housing; Legal", "Food"])
    (';',)
    """
    return tuple(sign for sign in SEPARATORS if any(sign in cell.casefold() for cell in cells))


def _repeated(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the sign whose parts come again in different cells while whole cells do not; none where none is.

    Examples
    --------
    >>> _repeated(["zip; zap", "zap; zop", "zop", "zip; zop", "zop; zap; zip"])
    (';',)
    >>> _repeated(["black / white", "red", "red", "black / white"])
    ()
    """
    wholes = {tidy(cell).casefold() for cell in cells}
    for sign in SEPARATORS:
        found = Counter(part.casefold() for cell in wholes for part in dict.fromkeys(parts_of(cell, (sign,))))
        again = sum(times > 1 for times in found.values())
        if any(sign in cell for cell in wholes) and len(found) < len(wholes) and again >= _MOST * len(found):
            return (sign,)
    return ()


def _share(cells: Sequence[str], split: Sequence[str], meant: Mapping[str, str]) -> float:
    items = [item.casefold() for cell in cells for item in parts_of(cell, split)]
    return sum(item in meant for item in items) / len(items) if items else 0.0


def shown(
    text: str,
    codes: tuple[str, ...],
    confidence: float,
    lines: tuple[int, ...],
    *,
    known: Collection[str] | None = None,
) -> Word:
    """Return a word with whether it may be written down.

    Parameters
    ----------
    known
        Single words of the list that it should be on; None for names of places, which people have too.
    """
    alone = pl.Series([text])
    is_shown = (
        len(lines) >= FEWEST_SHOWN
        and len(text) <= _LONGEST_SHOWN
        and rule_of_content(alone, len(lines)) is None
        and rule_of_people(alone) is None
        and (confidence >= SAME or not _may_be_name(text, known))
    )
    return Word(text, codes, confidence, lines, is_shown)


def _parts_of(meant: Mapping[str, str]) -> frozenset[str]:
    """Return the single words of a list, small letters."""
    return frozenset(part for word in meant for part in _SINGLE.findall(word))


def _may_be_name(text: str, known: Collection[str] | None) -> bool:
    """Tell whether a word holds a name, or two words in a row that have capitals and are on no list."""
    if known is None:
        return is_addressed(text)
    small = _SINGLE.sub(lambda one: one[0].casefold() if one[0].casefold() in known else one[0], text)
    if tells_person(small) or any(
        one[1][:1].isupper() and one[1].casefold() not in known for one in _POSSESSIVE.finditer(text)
    ):
        return True
    words = _SINGLE.findall(text)
    strange = [word[0].isupper() and word.casefold() not in known for word in words]
    return any(first and second for first, second in pairwise(strange))


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
    if small in _OF_ANOTHER_HARM:
        return (), 0.0
    bare = _bare(small)
    for word, code in meant.items() if bare else ():
        if _bare_listed(word) == bare:
            return (code,), SAME
    inside = [
        word
        for word in meant
        if len(word) > 2 and word in small and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", small)
    ]
    inside = [word for word in inside if not any(word != other and word in other for other in inside)]
    codes = tuple(dict.fromkeys(meant[word] for word in sorted(inside, key=small.index)))
    if codes and (len(codes) == 1 or is_list):
        return codes, LIKELY
    ratio, near = _nearest(small, meant) if len(small) > 3 else (0.0, "")
    return ((meant[near],), min(ratio, _NEAR)) if near else ((), 0.0)


def _nearest(small: str, meant: Mapping[str, str]) -> tuple[float, str]:
    """Return how alike the likest word is, and which; none below `LIKELY`."""
    letters = Counter(small)
    best, near = 0.0, ""
    for word in meant:
        together = len(small) + len(word)
        least = (LIKELY - 0.005) * together / 2  # letters in common; rounded below
        # What lengths and letters alone rule out is not compared: of wide sheets that was all the time spent.
        if min(len(small), len(word)) < least:
            continue
        if sum(min(letters[letter], times) for letter, times in _letters_of(word)) < least:
            continue
        ratio = SequenceMatcher(None, small, word).ratio()
        if ratio > best:
            best, near = ratio, word
    return (round(best, 2), near) if round(best, 2) >= LIKELY else (0.0, "")


@cache
def _letters_of(word: str) -> tuple[tuple[str, int], ...]:
    """Return how often each letter stands in a shipped word, found once; no word of a sheet is held."""
    return tuple(Counter(word).items())


def _bare(text: str) -> str:
    """Return a word without hyphens, stops and the like."""
    return " ".join(re.sub(r"[^\w]|_", " ", text).split())


@cache
def _bare_listed(word: str) -> str:
    """Return the same of a shipped word, found once; no word of a sheet is held."""
    return _bare(word)
