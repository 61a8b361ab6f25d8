"""Puts a draft together: table, columns, words, dates, what is dropped, and what is left open."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

import polars as pl

from etl.contracts.areas import Areas
from etl.contracts.tables import Contract, contract, table_names
from etl.contracts.tallies import COUNT, TABLES, as_tally, sounds_like_a_stock
from etl.drafting.matching import Matched, cells_of, forget, known_names, match
from etl.drafting.months import KindColumns, MonthColumns, kind_columns, month_columns
from etl.drafting.proving import Proof, prove
from etl.drafting.shape import AS_FOUND, Shape, shape_of
from etl.drafting.sheet import Sheet, open_sheets
from etl.drafting.words import SEPARATORS
from etl.errors import EtlError
from etl.lines import LINE
from etl.mapping.published import OBSERVATION
from etl.mapping.synonyms import names_of
from etl.protect.anonymise import find_identifiers
from etl.protect.identifiers import WORDS, plain, rule_of_name
from etl.readers import SHEET

#: Tables that a sheet of its own may hold; of equal ones the first.
_TABLES = (
    "person", "tip", "referral", "service_need", "service_episode", "service_capacity", "safe_place_use",
    "expenditure", "organisation", "service", "investigation", "charge", "funding_award", "training_session",
)  # fmt: skip
_REFERENCES = ("person_ref", "tip_ref", "referral_ref")
#: What files and tabs are called whose rows are numbers of a table.
_WORDS = {
    "person": ("client", "people", "person", "survivor", "victim", "intake"),
    "tip": ("report", "tip", "call", "hotline"),
    "referral": ("referral", "referred"),
}
#: Columns that tables share: they say when, where and who, and not what a row stands for.
_SHARED = (
    "period", "entered", "area", "age", "age_band", "age_group", "gender", "citizenship", "citizenship_group",
    "person_ref", "source", COUNT,
)  # fmt: skip
_NAME_IT = "Name the table (--table person), or begin with its template: python -m etl template person"
_PARTS = re.compile("|".join(map(re.escape, SEPARATORS)))
_FEWEST_MATCHED = 3  # columns without which a further tab is a list of words
_FEW = 12  # cells of which all may differ by chance


class Finder(Protocol):
    """What tells whether a word is an area: `etl.contracts.areas.Areas`, or several of them."""

    def find(self, word: str) -> str | None:
        """Return the code of the area that is meant, or None when there is none or more than one."""


@dataclass(frozen=True)
class Either:
    """The areas covered, and then those of the whole geography: a sheet may name a neighbour as well."""

    covered: Areas
    every: Areas

    def find(self, word: str) -> str | None:
        """Return the code of the area that is meant among those covered, else among all."""
        found = self.covered.find(word)
        return self.every.find(word) if found is None else found


@dataclass(frozen=True)
class Draft:
    """What a mapping would say, before it is written down.

    Attributes
    ----------
    matched : Matched
        The table with its columns.
    dropped : tuple
        Columns that identify people, each with the rule in words.
    unused : tuple of str
        Columns that nothing was found for.
    months : MonthColumns or None
        Columns that each become a row.
    area_of_tab : bool
        Whether the names of the tabs are areas.
    period_of_tab : Proof or None
        How the tabs are written whose names are periods; None where they are not, or a column tells.
    kinds : KindColumns or None
        Columns of numbers that each become a row, called as codes are.
    further : tuple of Draft
        Those of the other tables in the same workbook.
    left : tuple of str
        Visible tabs that none of the drafts reads.
    shape : Shape
        What the layout of the sheet may mean, and nobody has said.
    """

    file: str
    sheet: Sheet
    matched: Matched
    dropped: tuple[tuple[str, str], ...] = ()
    unused: tuple[str, ...] = ()
    months: MonthColumns | None = None
    area_of_tab: bool = False
    kinds: KindColumns | None = None
    further: tuple["Draft", ...] = ()
    left: tuple[str, ...] = ()
    shape: Shape = AS_FOUND
    period_of_tab: Proof | None = None

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """What the columns of dates prove, each once."""
        of_columns = (one.proof for one in self.matched.matches)
        return tuple(one for one in (*of_columns, self.period_of_tab) if one is not None)


def draft(
    path: Path,
    table: str | None,
    areas: Finder,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    header_rows: int | None = None,
) -> Draft:
    """Return a draft for a file, with those of its other tables where it has several.

    Parameters
    ----------
    path
        The file.
    table
        Table that its rows are of; None takes the one that fits best.
    areas
        To tell columns and tabs of areas.
    sheet, header_row, header_rows
        The tab, the first row of the headings and how many there are, where somebody has said so; found
        otherwise.

    Raises
    ------
    EtlError
        The file cannot be read, or fits no table.
    """
    contracts = [contract(table)] if table else [contract(name) for name in _TABLES if name in table_names()]
    if table == OBSERVATION:
        raise EtlError(
            f"{path.name}: what others have published is declared by hand, as it leaves unchanged.",
            "See 'Counts that somebody has published' in docs/adding.md",
        )
    opened, left = open_sheets(path, partial(known_names, contracts), sheet, header_row, header_rows)
    opened = tuple(sorted(opened, key=lambda one: not one.frame.height))  # those without rows last
    if not opened[0].frame.height:
        raise EtlError(
            f"{path.name}: it has headings and no rows below them. What is in its columns cannot be told.",
            "Fill it in, a row or two are enough to begin with; or choose the row of the headings "
            "(--header-row) if it is another.",
        )
    first = _of_sheet(path, opened[0], contracts, areas)
    further: list[Draft] = []
    for one in opened[1:]:
        found = None if table else _further(path, one, contracts, areas, (first, *further))
        if found is None:
            left = (*left, *one.called)
        else:
            further.append(found)
    return replace(first, further=tuple(further), left=left)


def _further(
    path: Path, sheet: Sheet, contracts: Sequence[Contract], areas: Finder, before: Sequence[Draft]
) -> Draft | None:
    """Return the draft of a further table of a workbook; None where a tab is no table of its own.

    A list of words or a summary has columns with known names as well. So all that the table must have is
    there, and numbers of what another tab lists are left: they would count it twice.
    """
    try:
        made = _of_sheet(path, sheet, contracts, areas)
    except EtlError:
        return None
    table = made.matched.table
    there = {one.target.name for one in made.matched.matches} | set(made.matched.filled)
    is_whole = all(column.name in there for column in table.columns if column.required)
    is_counted = any(table.name == one.matched.table.name for one in before) and (
        table.is_tally or any(one.matched.table.is_tally for one in before)
    )
    return made if is_whole and not is_counted and len(there) >= _FEWEST_MATCHED else None


def _of_sheet(path: Path, sheet: Sheet, contracts: Sequence[Contract], areas: Finder) -> Draft:
    frame = sheet.frame
    dropped = identifying(frame)
    usable = [name for name in sheet.columns if name not in dict(dropped)]
    months = month_columns(usable)
    usable = [name for name in usable if months is None or name not in months.columns]
    cells = _areas_in(frame.select(usable), areas)
    called = (path.stem, *sheet.called)
    tallies = _of_numbers(contracts, sheet.columns, called)
    # Of numbers, "Phone" is a way that reports come in.
    kinds = {} if months else {one.name: kind_columns(one, frame, sheet.columns) for one in tallies}
    seen = cells_of(frame, usable)
    every = [
        match(one, frame, usable, areas=cells, filled=_filled(one, months), cells=seen) for one in contracts
    ]
    for one in tallies:
        spread = kinds.get(one.name)
        rest = [name for name in usable if spread is None or name not in spread.columns]
        filled = (*spread.targets, COUNT) if spread else _filled(one, months)
        every.append(match(one, frame, rest, areas=cells, filled=filled, cells=seen))
    forget()
    listed = {one.table.name for one in every if any(m.target.name in _REFERENCES for m in one.matches)}
    every = [
        one
        for one in every
        if not one.table.is_tally or months or COUNT in one.filled or _counts(one, frame, listed)
    ]
    best = _best(
        path.name,
        every,
        _told(every, (*called, *sheet.columns)) if len(contracts) > 1 else every,
        lambda one: one.score + _gain(one, months, listed) + _called(one, called),
    )
    spread = kinds.get(best.table.name) if best.table.is_tally and COUNT in best.filled else None
    dropped = tuple(one for one in dropped if spread is None or one[0] not in spread.columns)
    used = {one.column for one in best.matches} | {flag.column for flag in best.flags}
    used |= set(spread.columns) if spread else set()
    unused = tuple(name for name in usable if name not in used)
    dates = _dates_of_nothing(best, frame, unused)
    dropped, unused = (*dropped, *dates), tuple(name for name in unused if name not in dict(dates))
    in_tabs = [name for name in sheet.tabs if areas.find(name) is not None]
    is_open = "area" in best.table.names and not any(one.target.name == "area" for one in best.matches)
    area_of_tab = is_open and len(in_tabs) * 2 > len(sheet.tabs)
    return Draft(
        path.name,
        sheet,
        best,
        dropped,
        unused,
        months,
        area_of_tab,
        spread,
        shape=shape_of(frame, sheet.again(path)),
        period_of_tab=_period_of_tab(best, sheet),
    )


def _best(
    file: str, every: Sequence[Matched], told: Sequence[Matched], worth: Callable[[Matched], float]
) -> Matched:
    """Return the table that fits best among those that something tells.

    Raises
    ------
    EtlError
        No column is one of a table, or none tells of which.
    """
    if not any(one.matches or one.filled for one in every):
        raise EtlError(f"{file}: none of its columns is called or filled like one of the tables.", _NAME_IT)
    if not told:
        raise EtlError(
            f"{file}: what one row of it stands for cannot be told: it has only columns that many tables "
            "have, such as the month, the area or the sex.",
            _NAME_IT,
        )
    return max(told, key=worth)


def _told(every: Sequence[Matched], names: Sequence[str]) -> list[Matched]:
    """Return the tables of which something tells that rows are theirs: a column of their own, or a word.

    A log of trainings has days and counties as well; 20 of its rows are not 20 people who were identified.
    Numbers by sex or age are of people: of the tables of numbers it alone has those.
    """
    return [
        one
        for one in every
        if (one.table.is_tally and COUNT in one.filled)
        or any(name not in _SHARED for name in (*one.filled, *(match.target.name for match in one.matches)))
        or one.flags
        or _is_called(one.table.name, names)
    ]


def _is_called(table: str, names: Sequence[str]) -> bool:
    words = plain(" ".join(names))
    return any(word in words for word in _WORDS.get(table, ()))


def _period_of_tab(best: Matched, sheet: Sheet) -> Proof | None:
    """Return how the tabs are written that are called as periods are, where no column says which it is."""
    found = {*best.filled, *(one.target.name for one in best.matches)}
    if "period" in found or "period" not in best.table.names or not sheet.tabs:
        return None
    proof = prove(sheet.tabs)
    return proof if proof.is_financial or not proof.unread else None


def _gain(one: Matched, months: MonthColumns | None, listed: Collection[str]) -> float:
    """Return what a table gains or loses by columns that each become a row."""
    if one.table.is_tally and not months and COUNT in one.filled:
        return 1.0 if not listed else -5.0
    return _fits_months(one.table, months)


def identifying(frame: pl.DataFrame, dated: Collection[str] | None = None) -> tuple[tuple[str, str], ...]:
    """Return the columns of a sheet that identify people, each with the rule in words.

    Parameters
    ----------
    frame
        Text columns and ``_line``.
    dated
        Columns of dates of which the month, or a number of days, is kept; None takes those called so.
    """
    columns = [name for name in frame.columns if name not in (LINE, SHEET)]
    found = find_identifiers(
        frame,
        references=_like(columns, _REFERENCES),
        areas=_like(columns, ("area",)),
        dates=_dates(columns) if dated is None else dated,
    )
    return tuple((one.column, WORDS[one.rule]) for one in found if one.column != SHEET)


def _dates_of_nothing(
    best: Matched, frame: pl.DataFrame, unused: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return the columns of exact dates that no column of the table is filled by: a load would refuse them.

    Where a date that the table needs is still asked for, they may be what it is filled by, and stay.
    """
    found = {*best.filled, *(one.target.name for one in best.matches)}
    needed = (one for one in best.table.columns if one.required and one.kind in ("date", "period"))
    if not best.table.personal or any(one.name not in found for one in needed):
        return ()
    rule = WORDS["exact_date"]
    return tuple(one for one in identifying(frame.select(*unused, LINE), ()) if one[1] == rule)


def _filled(table: Contract, months: MonthColumns | None) -> tuple[str, ...]:
    """Return what columns of months fill: the period, and the number that the table needs."""
    return ("period", number_column(table)) if months else ()


def _fits_months(table: Contract, months: MonthColumns | None) -> float:
    """Return what a table gains where months are columns: their cells fill the number that it needs."""
    if months is None:
        return 0.0
    return 3.0 if number_column(table) and "period" in table.names else -5.0


def _of_numbers(
    contracts: Sequence[Contract], columns: Sequence[str], called: Sequence[str]
) -> list[Contract]:
    """Return the tables whose rows may be numbers of records; none where a name is that of a stock."""
    if any(sounds_like_a_stock(name) for name in (*columns, *called)):
        return []
    return [as_tally(one) for one in contracts if one.name in TABLES]


def _counts(one: Matched, frame: pl.DataFrame, listed: Collection[str]) -> bool:
    """Tell whether a column holds numbers of records: not the running numbers of a list, each once."""
    if one.table.name in listed:
        return False
    found = next((match.column for match in one.matches if match.target.name == COUNT), None)
    cells = frame[found].drop_nulls() if found else None
    return cells is not None and (cells.len() < _FEW or cells.n_unique() < cells.len())


def _called(one: Matched, names: Sequence[str]) -> float:
    """Return what a table of numbers gains where file, tab or column say what is counted."""
    if not one.table.is_tally:
        return 0.0
    counted = [found.column for found in one.matches if found.target.name == COUNT]
    return 0.5 if _is_called(one.table.name, (*names, *counted)) else 0.0


def number_column(table: Contract) -> str:
    """Return the column that a tally fills: the first number that must be there."""
    return next((one.name for one in table.columns if one.required and one.kind in ("integer", "number")), "")


def _like(columns: Sequence[str], targets: Collection[str]) -> set[str]:
    """Return the columns whose names are those of some columns of tables."""
    known = {plain(name) for target in targets for name in names_of(target)}
    return {name for name in columns if plain(name.rsplit(" / ", 1)[-1]) in known}


def _dates(columns: Sequence[str]) -> set[str]:
    dated = {name for name in columns if re.search(r"\bdates?\b", plain(name)) and not rule_of_name(name)}
    return dated | _like(columns, ("period",))


def _areas_in(frame: pl.DataFrame, areas: Finder) -> set[str]:
    """Return the cells that name an area, and the words that do in cells of several."""
    cells = {cell for column in frame.iter_columns() for cell in column.drop_nulls().unique().to_list()}
    words = {word for cell in cells for word in (cell, *_PARTS.split(cell))}
    return {word for word in words if word.strip() and areas.find(word.strip()) is not None}
