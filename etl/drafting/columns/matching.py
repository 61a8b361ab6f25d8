"""Which column of a file is likely which column of a table: by its name, and by what is in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from analysis.catalog.model import NOT_RECORDED
from analysis.catalog.table import CODE
from etl.contracts.tables import Column, Contract
from etl.drafting.columns.answers import answered
from etl.drafting.columns.dates import are_days, is_mostly_dates, may_be_of_births, only_one
from etl.drafting.columns.flags import MARKS, Flag, flags
from etl.drafting.columns.names import SAME, WITHIN, is_of_a_person, is_of_another, likeness
from etl.drafting.columns.proving import Proof, prove
from etl.drafting.columns.words import (
    SEPARATORS,
    Words,
    are_strange,
    parts_of,
    signs_between,
    unknown_countries,
    words_in,
)
from etl.lines import LINE
from etl.mapping.cells import ages, numbers
from etl.mapping.model import holds_several
from etl.mapping.synonyms import FOR_NOTHING, words_of

_LEAST = 0.6  # below it a column is not matched
_FEW_KNOWN = 0.3  # share of words without which a column is none of codes
_ANSWERED = 0.9
_SURE = 0.9  # of a name that alone says what a column is
_FEW_CODES, _SHORT = 12, 3  # different codes, and letters of one
DAYS = "days"
#: Columns that a row may have only beside another one: the average of a test beside how many took it.
_TOGETHER = {"mean_pre": "scored_pre", "mean_post": "scored_post"}


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
    is_open : bool
        Whether nothing but its cells says so: it is asked, and fills nothing until somebody has answered.
    since : str
        Of a column of days that a date fills: the column of the date from which they are counted.
    """

    target: Column
    column: str
    confidence: float
    words: Words | None = None
    proof: Proof | None = None
    reads: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    since: str = ""
    is_open: bool = False


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
    def columns(self) -> frozenset[str]:
        """The columns of the file that it is made of."""
        ends = (name for one in self.matches for name in (one.column, one.since) if name)
        return frozenset((*ends, *(flag.column for flag in self.flags)))

    @property
    def found(self) -> frozenset[str]:
        """The columns of the table that are filled in any way."""
        of_files = (match.target.name for match in self.matches)
        return frozenset((*of_files, *self.filled, *(flag.target for flag in self.flags)))

    @property
    def missing(self) -> int:
        """How many columns must be there and are not filled."""
        found = self.found
        return sum(column.required and column.name not in found for column in self.table.columns)

    def of(self, target: str) -> Match | None:
        """Return what fills a column of the table; None where no column of the file does."""
        return next((match for match in self.matches if match.target.name == target), None)

    @property
    def score(self) -> float:
        """How well the file fits the table: what was found, less what must be there and was not."""
        # Kinds of help are ticked in lists of people as well: they alone do not make one a list of needs.
        lists = sum(self.table.column(flag.target).is_list for flag in self.flags)
        marks = 0.3 * lists + 0.05 * (len(self.flags) - lists)
        return sum(match.confidence for match in self.matches) + marks - 1.5 * self.missing


def match(
    table: Contract,
    frame: pl.DataFrame,
    columns: Sequence[str],
    *,
    areas: Collection[str] = (),
    filled: Collection[str] = (),
    cells: Mapping[str, Cells] | None = None,
    newest: int = 0,
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
    newest
        Year of the reporting date: dates long before it may be of births. 0 where it is not known.
    """
    cells = cells_of(frame, columns) if cells is None else cells
    meant = {target.name: words_of(target) for target in table.columns if target.codes}
    tried = [
        found
        for target in table.columns
        if target.name not in filled
        for name in columns
        if cells[name].values
        and not is_of_another(table, target, name)
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
            else _of_others(target, name, frame, areas, newest)
        )
        is not None
    ]
    taken: dict[str, Match] = {}
    used: set[str] = set()
    for one in sorted(tried, key=lambda found: -found.confidence):
        if one.confidence >= _LEAST and one.target.name not in taken and one.column not in used:
            taken[one.target.name] = one
            used.add(one.column)
    if "age" in taken and ages.TARGETS[1] in taken and taken["age_band"].confidence < SAME:
        del taken["age_band"]
    _take_by_cells(table, frame, taken, [name for name in columns if name not in used], filled)
    used |= {one.column for one in taken.values()}
    for one in list(taken.values()):  # records that have a reference of their own stay one each
        if one.words and one.words.split and not holds_several(table, one.target, taken):
            taken[one.target.name] = replace(one, words=words_in(one.target, frame, one.column, ()))
    in_order = tuple(taken[column.name] for column in table.columns if column.name in taken)
    rest = [name for name in columns if name not in used]
    return Matched(
        table,
        in_order,
        flags(table, {name: cells[name].values for name in rest}, (*filled, *taken)),
        tuple(filled),
    )


def _take_by_cells(
    table: Contract,
    frame: pl.DataFrame,
    taken: dict[str, Match],
    rest: Sequence[str],
    filled: Collection[str],
) -> None:
    """Take what no name tells: the only dates, days between two dates, children among words for the sexes."""
    period = next((one for one in table.columns if one.name == "period" and one.required), None)
    if period and "period" not in (*taken, *filled) and (found := only_one(frame, rest)):
        taken["period"] = Match(period, found.name, _LEAST, proof=found.proof, is_open=True)
    begin = taken.get("period")
    for name, one in list(taken.items()):
        if one.target.unit != DAYS or one.proof is None:
            continue
        if (
            begin
            and begin.proof
            and all(are_days(frame, it.column, it.proof or Proof()) for it in (begin, one))
        ):
            taken[name] = replace(one, since=begin.column)
        else:
            del taken[name]
    _take_own_code(table, frame, taken, rest)
    for name, beside in _TOGETHER.items():
        if name in taken and beside not in taken:
            del taken[name]
    sexes, group = taken.get("gender"), next((one for one in table.columns if one.name == "age_group"), None)
    if sexes and group and not {*ages.TARGETS} & {*taken, *filled}:
        words = words_in(group, frame, sexes.column, ())
        codes = {word.codes for word in words.words if word.codes} - {(NOT_RECORDED,)}
        if words.known >= WITHIN and len(codes) > 1:
            taken[group.name] = Match(group, sexes.column, sexes.confidence, words)


def _take_own_code(
    table: Contract, frame: pl.DataFrame, taken: dict[str, Match], rest: Sequence[str]
) -> None:
    """Take the column of what a table's records are known by, such as numbers of grants, made codes of."""
    for target in table.columns:
        if target.name not in table.unique or target.kind != "code" or target.codes or target.name in taken:
            continue
        for name in rest:
            named = likeness(target.name, name)
            if named >= _LEAST and _are_own_codes(frame[name]):
                taken[target.name] = Match(target, name, named, reads=("code",))
                return


def _are_own_codes(column: pl.Series) -> bool:
    """Tell whether cells become codes of small letters, digits and underscores, different ones different."""
    cells = column.drop_nulls().str.strip_chars()
    made = cells.to_frame("cell").select(numbers.small_code(pl.col("cell"))).to_series()
    are_codes = bool(made.str.contains(rf"^(?:{CODE.pattern})$").all())
    return bool(cells.len()) and are_codes and made.n_unique() == cells.n_unique()


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
        return Match(target, name, SAME, words_in(target, frame, name, is_several=is_several))
    found = _of_cells(target, name, SAME, frame, ())
    if found is None and target.kind in ("date", "period"):
        found = Match(target, name, SAME, proof=prove(frame[name].drop_nulls().unique().to_list()))
    if found is None and target.kind == "code" and target.name != "source" and _are_own_codes(frame[name]):
        found = Match(target, name, SAME, reads=("code",))
    return found or Match(target, name, SAME)


def _of_others(
    target: Column, name: str, frame: pl.DataFrame, areas: Collection[str], newest: int
) -> Match | None:
    named = likeness(target.name, name)
    found = _of_cells(target, name, named, frame, areas) if named else None
    if found and found.proof and target.name == "period":
        cells = frame[name].drop_nulls().unique().to_list()
        if may_be_of_births(cells, found.proof, newest):
            return replace(found, confidence=_LEAST, is_open=True)
    return found


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
    words = answered(target, name, frame)
    if words is not None:
        return Match(target, name, _ANSWERED, words)
    named = likeness(target.name, name)
    # By its words alone: a list of one word, or the forms; "work" and "other" stand in many lists of several.
    if not named and (
        is_of_a_person(target.name, name)
        or (target.kind != "code" and target.name != "form")
        or cells.small.isdisjoint(meant)
    ):
        return None
    if _are_marks(cells.values) or not (named or _are_known(meant, cells.values, is_several=is_several)):
        return None
    words = _words(target, name, frame, cells, is_several=is_several)
    if words is None:
        return None
    if not named:  # nearly all words must say it then, and "minor" and "adult" stand in many columns
        is_told = words.known >= WITHIN and len(words.words) > 1 and target.name != "age_group"
        return Match(target, name, _LEAST + 0.1 * (words.known - WITHIN), words) if is_told else None
    # What the name says is believed of a few short codes that no list knows: each is asked about.
    are_codes = named >= _SURE and len(cells.values) <= _FEW_CODES and max(map(len, cells.values)) <= _SHORT
    confidence = max(_LEAST if are_codes else 0.0, 0.6 * named + 0.4 * words.known)
    return Match(target, name, confidence, words) if are_codes or words.known >= _FEW_KNOWN else None


def _words(target: Column, name: str, frame: pl.DataFrame, cells: Cells, *, is_several: bool) -> Words | None:
    """Return the words of a column, found once for each list; None where they are no words for codes."""
    listed = (target.kind, is_several, tuple(words_of(target).items()))
    if listed not in cells.words:
        is_strange = are_strange(cells.values, target)
        cells.words[listed] = None if is_strange else words_in(target, frame, name, is_several=is_several)
    return cells.words[listed]


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
            found = Match(target, name, named, proof=proof) if is_mostly_dates(proof, values) else None
        case "integer" | "number":
            found = number_as(target, name, named, values)
            if found is None and target.unit == DAYS and is_mostly_dates(proof := prove(values), values):
                found = Match(target, name, named, proof=proof)
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


def _are_known(meant: Collection[str], cells: Sequence[str], *, is_several: bool) -> bool:
    """Tell whether nearly all different cells are words for codes, or several where the column takes them."""
    some = [
        part.casefold() for cell in cells for part in (parts_of(cell, SEPARATORS) if is_several else [cell])
    ]
    return sum(part in meant for part in some) >= WITHIN * len(some)


def _are_marks(values: Sequence[str]) -> bool:
    return set(map(str.casefold, values)) <= MARKS


def number_as(target: Column, name: str, named: float, values: Sequence[str]) -> Match | None:
    """Return how a column of numbers fills one of the table: as they are, or as money, lakhs, percent."""
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


def lines_of(frame: pl.DataFrame, name: str, values: Collection[str]) -> list[int]:
    """Return the lines on which some values of a column stand."""
    return frame.filter(pl.col(name).str.strip_chars().is_in(list(values)))[LINE].to_list()
