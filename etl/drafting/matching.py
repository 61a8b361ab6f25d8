"""Which column of a file is likely which column of a table: by its name, and by what is in it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache, lru_cache

import polars as pl

from analysis.catalog.table import CODE
from etl.contracts.tables import Column, Contract
from etl.drafting.proving import Proof, prove
from etl.drafting.words import (
    Words,
    are_strange,
    parts_of,
    signs_between,
    unknown_countries,
    words_in,
)
from etl.lines import LINE
from etl.mapping.cells import ages, numbers
from etl.mapping.model import NO, YES, holds_several
from etl.mapping.synonyms import FOR_NOTHING, names_of, words_of
from etl.protect.identifiers import plain
from etl.readers.grid import JOIN

_SAME, _WITHIN, _ALIKE = 1.0, 0.8, 0.7
_LEAST = 0.6  # below it a column is not matched
_LIKE = 0.88  # share of letters of two names that are alike
_RANK = 0.002  # what the place of a name in the list of synonyms is worth
_MARKS = frozenset((*YES, *NO))
_FEW_KNOWN = 0.3  # share of words without which a column is none of codes


@dataclass(frozen=True)
class Match:
    """A column of the file and the column of the table that it is likely to fill.

    Attributes
    ----------
    confidence : float
        0 to 1.
    words : Words or None
        Of a coded column: its words with their codes.
    proof : Proof or None
        Of dates: the formats that its values prove.
    reads : tuple of str
        How its cells are written (``as`` in a mapping).
    split : tuple of str
        Of a column of areas: the signs between several in one cell.
    """

    target: Column
    column: str
    confidence: float
    words: Words | None = None
    proof: Proof | None = None
    reads: tuple[str, ...] = ()
    split: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flag:
    """A column of yes and no, and the code of a list that it stands for."""

    target: str
    column: str
    code: str


@dataclass(frozen=True)
class Cells:
    """The different cells of a column, as they are and in small letters, found once.

    ``words``: what they are as words of a list of codes, by that list: several tables have the same one.
    """

    values: Sequence[str]
    small: frozenset[str]
    words: dict[tuple[object, ...], Words | None] = field(default_factory=dict, compare=False)


def cells_of(frame: pl.DataFrame, columns: Sequence[str]) -> dict[str, Cells]:
    """Return the different cells of some columns."""
    found = {name: frame[name].drop_nulls().unique().to_list() for name in columns}
    return {name: Cells(values, frozenset(map(str.lower, values))) for name, values in found.items()}


@dataclass(frozen=True)
class Matched:
    """All that was found for one table."""

    table: Contract
    matches: tuple[Match, ...]
    flags: tuple[Flag, ...] = ()
    filled: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """How well the file fits the table: what was found, less what must be there and was not."""
        found = {match.target.name for match in self.matches}
        found |= set(self.filled)
        absent = sum(column.required and column.name not in found for column in self.table.columns)
        return sum(match.confidence for match in self.matches) + 0.3 * len(self.flags) - 1.5 * absent


def known_names(contracts: Collection[Contract], columns: Sequence[str]) -> int:
    """Return how many columns have a name that sheets use for a column of some tables."""
    targets = {column.name for one in contracts for column in one.columns}
    known = {plain(name) for target in targets for name in names_of(target)}
    return sum(any(part in known for part in _parts(column)) for column in columns)


def match(
    table: Contract,
    frame: pl.DataFrame,
    columns: Sequence[str],
    *,
    areas: Collection[str] = (),
    filled: Collection[str] = (),
    cells: Mapping[str, Cells] | None = None,
) -> Matched:
    """Return the likeliest column of a file for each column of a table; none is taken twice.

    Parameters
    ----------
    table
        The contract.
    frame
        Text columns and ``_line``.
    columns
        Those of the file that may be used: nothing in them identifies anybody.
    areas
        Cells that are known to mean an area.
    filled
        Columns of the table that are filled in another way.
    cells
        The different cells of the columns, where they are known; found otherwise.
    """
    cells = cells_of(frame, columns) if cells is None else cells
    meant = {target.name: words_of(target) for target in table.columns if target.codes}
    tried = [
        found
        for target in table.columns
        if target.name not in filled
        for name in columns
        if cells[name].values
        and (
            found := _of_codes(
                target,
                name,
                frame,
                cells[name],
                meant[target.name],
                is_several=holds_several(table, target),
            )
            if target.codes
            else _of_others(target, name, frame, areas)
        )
        is not None
    ]
    taken: dict[str, Match] = {}
    used: set[str] = set()
    for one in sorted(tried, key=lambda found: -found.confidence):
        if one.confidence >= _LEAST and one.target.name not in taken and one.column not in used:
            taken[one.target.name] = one
            used.add(one.column)
    if "age" in taken and ages.TARGETS[1] in taken and taken["age_band"].confidence < _SAME:
        del taken["age_band"]
    for one in list(taken.values()):  # records that have a reference of their own stay one each
        if one.words and one.words.split and not holds_several(table, one.target, taken):
            taken[one.target.name] = replace(one, words=words_in(one.target, frame, one.column, ()))
    in_order = tuple(taken[column.name] for column in table.columns if column.name in taken)
    rest = [name for name in columns if name not in used]
    return Matched(table, in_order, _flags(table, cells, rest), tuple(filled))


def chosen(target: Column, name: str, frame: pl.DataFrame, *, is_several: bool = False) -> Match:
    """Return how a column of the file fills one of the table because somebody says so, whatever its name is.

    Parameters
    ----------
    target
        Of the contract.
    name
        Of the file.
    frame
        Text columns and ``_line``.
    is_several
        Whether a cell may hold several words of a column of one code, a record each.
    """
    if target.codes:
        return Match(target, name, _SAME, words_in(target, frame, name, is_several=is_several))
    found = _of_cells(target, name, _SAME, frame, ())
    if found is None and target.kind in ("date", "period"):
        found = Match(target, name, _SAME, proof=prove(frame[name].drop_nulls().unique().to_list()))
    return found or Match(target, name, _SAME)


def _parts(name: str) -> tuple[str, ...]:
    """Return a name in plain letters, whole and by its last part."""
    return tuple(dict.fromkeys((plain(name), plain(name.rsplit(JOIN, 1)[-1]))))


@cache
def _plain_names(target: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what sheets call a column of a table, in plain letters, and how it is found within a name."""
    return tuple((known, re.compile(rf"\b{re.escape(known)}\b")) for known in map(plain, names_of(target)))


def _are_alike(part: str, known: str) -> bool:
    """Tell whether two names have most letters in common; what their lengths rule out is not compared."""
    if 2 * min(len(part), len(known)) < _LIKE * (len(part) + len(known)):
        return False
    found = SequenceMatcher(None, part, known)
    return found.quick_ratio() >= _LIKE and found.ratio() >= _LIKE


def forget() -> None:
    """Let go of the names of columns that were looked at: a heading may be a record."""
    _named.cache_clear()


@lru_cache(maxsize=65_536)
def _named(target: str, name: str) -> float:
    """Return how much the name of a column is like those that sheets use for a column of a table."""
    best, parts = 0.0, _parts(name)
    for place, (known, within) in enumerate(_plain_names(target)):
        for part in parts:
            if not part or not known:
                continue
            if part == known:
                score = _SAME
            elif len(known) > 3 and known in part and within.search(part):
                score = _WITHIN
            elif len(known) > 4 and _are_alike(part, known):
                score = _ALIKE
            else:
                continue
            best = max(best, score - _RANK * place)
    return best


def _of_others(target: Column, name: str, frame: pl.DataFrame, areas: Collection[str]) -> Match | None:
    named = _named(target.name, name)
    return _of_cells(target, name, named, frame, areas) if named else None


def _of_codes(
    target: Column,
    name: str,
    frame: pl.DataFrame,
    cells: Cells,
    meant: Collection[str],
    *,
    is_several: bool,
) -> Match | None:
    """Return how well a column fits one of codes; None where its name or its cells speak against it."""
    named = _named(target.name, name)
    if not named and (target.kind != "code" or cells.small.isdisjoint(meant)):
        return None
    if _are_marks(cells.values) or not (named or _are_known(meant, frame[name].drop_nulls())):
        return None
    listed = (target.kind, is_several, tuple(words_of(target).items()))
    if listed not in cells.words:
        is_strange = are_strange(cells.values, target)
        cells.words[listed] = None if is_strange else words_in(target, frame, name, is_several=is_several)
    words = cells.words[listed]
    if words is None:
        return None
    # Without a name that says it, nearly all words must, and "minor" and "adult" stand in many columns.
    by_words = words.known >= _WITHIN and len(words.words) > 1 and target.name != "age_group"
    if words.known < _FEW_KNOWN or not (named or by_words):
        return None
    confidence = 0.6 * named + 0.4 * words.known if named else _LEAST + 0.1 * (words.known - _WITHIN)
    return Match(target, name, confidence, words)


def _of_cells(
    target: Column, name: str, named: float, frame: pl.DataFrame, areas: Collection[str]
) -> Match | None:
    found: Match | None = Match(target, name, named)
    written = frame[name].drop_nulls().unique().to_list()
    values = [value for value in written if value.strip().casefold() not in FOR_NOTHING]
    match target.kind:
        case _ if not values:
            found = None
        case "country":
            found = Match(target, name, named, Words(unknown_countries(frame, name)))
        case "date" | "period":
            proof = prove(values)
            found = Match(target, name, named, proof=proof) if _mostly_dates(proof, values) else None
        case "integer" | "number":
            found = _number(target, name, named, values)
        case "area":
            split = signs_between(values, areas) if target.several else ()
            words = [word for value in values for word in parts_of(value, split)]
            known = sum(word in areas for word in words) / len(words) if areas else 1.0
            found = Match(target, name, named * (0.5 + known / 2), split=split)
        case "boolean" if not _are_marks(values):
            found = None
        case "code" | "codes" if not all(CODE.fullmatch(value) for value in values):
            found = None  # contributors, sites and the like must be listed by hand
    return found


def _are_known(meant: Collection[str], cells: pl.Series) -> bool:
    """Tell whether nearly all cells are words for codes; several in a cell are not looked for."""
    known = cells.str.to_lowercase().is_in(list(meant))
    return int(known.sum()) >= _WITHIN * cells.len()


def _are_marks(values: Sequence[str]) -> bool:
    return set(map(str.casefold, values)) <= _MARKS


def _mostly_dates(proof: Proof, values: Sequence[str]) -> bool:
    return proof.is_dates or len(proof.unread) <= 0.2 * len(values)


def _number(target: Column, name: str, named: float, values: Sequence[str]) -> Match | None:
    cells = pl.Series("cell", list(values), dtype=pl.String)
    if target.name == "age":
        if sum(ages.years(value) is not None for value in values) < 0.6 * len(values):
            return None
        is_plain = cells.str.contains(r"^\d{1,3}$").all()
        return Match(target, name, named, reads=() if is_plain else ("age",))
    if _are_numbers(cells):
        return Match(target, name, named)
    for reads in (("money",), ("money", "lakhs"), ("lakhs",), ("percent",)):
        made = cells.to_frame().select(_read(pl.col("cell"), reads, target.unit)).to_series()
        if _are_numbers(made.str.strip_chars_end("%") if reads == ("percent",) else made):
            return Match(target, name, named, reads=reads)
    return None


def _read(cell: pl.Expr, reads: Sequence[str], unit: str) -> pl.Expr:
    for kind in reads:
        cell = numbers.percent(cell, unit) if kind == "percent" else getattr(numbers, kind)(cell)
    return cell


def _are_numbers(cells: pl.Series) -> bool:
    return int(cells.str.contains(r"^[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$").sum()) >= 0.8 * cells.len()


def _flags(table: Contract, cells: Mapping[str, Cells], columns: Sequence[str]) -> tuple[Flag, ...]:
    """Return the columns of yes and no whose names are words for a code of a list."""
    found = []
    lists: Mapping[str, Mapping[str, str]] = {
        column.name: words_of(column) for column in table.columns if column.kind == "codes" and column.codes
    }
    for name in columns:
        values = {value.casefold() for value in cells[name].values}
        if not values or not values <= _MARKS:
            continue
        short = plain(name.rsplit(JOIN, 1)[-1])
        group = plain(name.rsplit(JOIN, 1)[0]) if JOIN in name else ""
        fits = [
            Flag(target, name, code)
            for target, words in lists.items()
            for word, code in words.items()
            if plain(word) == short and code != "not_recorded"
        ]
        # Of several lists the one that the row above names; "Other" alone belongs to any.
        named = [flag for flag in fits if group and _named(flag.target, group) >= _ALIKE]
        targets = {flag.target for flag in named or fits}
        if len(targets) == 1:
            found.append((named or fits)[0])
    return tuple(found)


def lines_of(frame: pl.DataFrame, name: str, values: Collection[str]) -> list[int]:
    """Return the lines on which some values of a column stand."""
    return frame.filter(pl.col(name).str.strip_chars().is_in(list(values)))[LINE].to_list()
