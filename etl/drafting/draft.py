"""Puts a draft together: table, columns, words, dates, what is dropped, and what is left open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

import polars as pl

from etl.contracts.areas import Areas
from etl.contracts.tables import Contract, contract, table_names
from etl.contracts.tallies import COUNT
from etl.drafting import rows
from etl.drafting.columns.kept import Kept, rows_of_trafficking
from etl.drafting.columns.matching import Matched, cells_of, match
from etl.drafting.columns.months import KindColumns, MonthColumns, hold_numbers, kind_columns, month_columns
from etl.drafting.columns.names import forget, known_names
from etl.drafting.columns.proving import Proof, prove
from etl.drafting.columns.words import SEPARATORS
from etl.drafting.columns.years import first_month
from etl.drafting.identified import dates_of_nothing, identifying, without_names
from etl.drafting.shape import AS_FOUND, Shape, shape_of, tells_birth_or_name
from etl.drafting.sheet import Sheet, open_sheets
from etl.errors import EtlError
from etl.mapping.published import OBSERVATION
from etl.protect.identifiers import WORDS
from etl.readers.grid import JOIN

#: Tables that a sheet of its own may hold; of equal ones the first.
_TABLES = (
    "person", "tip", "referral", "service_need", "service_episode", "service_capacity", "safe_place_use",
    "expenditure", "organisation", "service", "investigation", "charge", "funding_award", "training_session",
)  # fmt: skip
_PARTS = re.compile("|".join(map(re.escape, SEPARATORS)))
_FEWEST_MATCHED = 3  # columns without which a further tab is a list of words
_NEEDS = "service_need"
_OF_BOTH = ("person_ref", "period", "area", "source")
_FEWEST_TICKED = 2  # columns of kinds of help that are ticked
_MOST_KNOWN = 0.5  # share of the words that must be kinds of help


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
    is_beside : bool
        Whether it is made of the rows of the draft before it.
    months_from : str
        The first of the months of columns that say no year, where a name tells it (``2024-01``); else empty.
    kept : Kept or None
        Of a list of people: the column that tells which rows are of trafficking.
    is_told : bool
        Of numbers in place of records: whether the file says of itself what they count.
    is_by_day : bool
        Whether rows are of days while the table has one row for each month.
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
    is_beside: bool = False
    months_from: str = ""
    kept: Kept | None = None
    is_told: bool = True
    is_by_day: bool = False

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """What the columns of dates prove, each once."""
        of_columns = (one.proof for one in self.matched.matches)
        return tuple(one for one in (*of_columns, self.period_of_tab) if one is not None)

    @property
    def apart_by(self) -> str:
        """The column whose words tell rows of numbers apart while no field takes it; empty without one.

        "New clients", "Clients exited" and "Bed nights" below each other are three things; one is of people.
        """
        told = {one.target.name for one in self.matched.matches} - {"period", COUNT}
        if not self.matched.table.is_tally or self.kinds is not None or self.area_of_tab or told:
            return ""
        for name in self.unused:
            cells = self.sheet.frame[name]
            if cells.len() > 1 and cells.n_unique() == cells.len() and cells.str.contains(r"^\D+$").all():
                return name
        return ""


def draft(
    path: Path,
    table: str | None,
    areas: Finder,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    header_rows: int | None = None,
    newest: int = 0,
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
    newest
        Year of the reporting date; 0 where it is not known.

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
    known = _Known(contracts, areas, newest)
    first = _of_sheet(path, opened[0], known)
    further: list[Draft] = []
    if table is None and (beside := _beside(first)):
        further.append(beside)
        first = replace(first, unused=beside.unused)
    for one in opened[1:]:
        found = None if table else _further(path, one, known, (first, *further))
        if found is None:
            left = (*left, *one.called)
        else:
            further.append(found)
    return replace(first, further=tuple(further), left=left)


@dataclass(frozen=True)
class _Known:
    """What is known beside a file: the tables that it may be of, areas, the year of the reporting date."""

    contracts: Sequence[Contract]
    areas: Finder
    newest: int


def _further(path: Path, sheet: Sheet, known: _Known, before: Sequence[Draft]) -> Draft | None:
    """Return the draft of a further table of a workbook; None where a tab is no table of its own.

    A list of words or a summary has columns with known names as well. So all that the table must have is
    there, and numbers of what another tab lists are left: they would count it twice.
    """
    try:
        made = _of_sheet(path, sheet, known)
    except EtlError:
        return None
    table = made.matched.table
    there = {one.target.name for one in made.matched.matches} | set(made.matched.filled)
    is_whole = all(column.name in there for column in table.columns if column.required)
    is_counted = any(table.name == one.matched.table.name for one in before) and (
        table.is_tally or any(one.matched.table.is_tally for one in before)
    )
    return made if is_whole and not is_counted and len(there) >= _FEWEST_MATCHED else None


def _of_sheet(path: Path, sheet: Sheet, known: _Known) -> Draft:
    sheet, shape = _with_groups(path, sheet)
    contracts, areas, frame = known.contracts, known.areas, sheet.frame
    # A date may be what a table needs, whatever it is called: that of nothing is left out afterwards.
    dropped = tuple(one for one in identifying(frame) if one[1] != WORDS["exact_date"])
    usable = [name for name in sheet.columns if name not in dict(dropped)]
    months = month_columns(usable)
    if months is not None and not hold_numbers(frame, months.columns):
        months = None  # a tick under 2024 says that somebody was there
    usable = [name for name in usable if months is None or name not in months.columns]
    cells = _areas_in(frame.select(usable), areas)
    called = (path.stem, *sheet.names)
    tallies = rows.of_numbers(contracts, sheet.columns, called)
    # Of numbers, "Phone" is a way that reports come in.
    kinds = {} if months else {one.name: kind_columns(one, frame, sheet.columns) for one in tallies}
    seen = cells_of(frame, usable)
    every = [
        match(
            one, frame, usable, areas=cells, filled=rows.filled(one, months), cells=seen, newest=known.newest
        )
        for one in contracts
    ]
    for one in tallies:
        spread = kinds.get(one.name)
        rest = [name for name in usable if spread is None or name not in spread.columns]
        filled = (*spread.targets, COUNT) if spread else rows.filled(one, months)
        every.append(match(one, frame, rest, areas=cells, filled=filled, cells=seen, newest=known.newest))
    forget()
    are_people = not {WORDS["person_name"], WORDS["birth_date"]}.isdisjoint(dict(dropped).values())
    best = rows.best(
        path.name,
        every,
        frame,
        names=(*called, *sheet.columns),
        called=called,
        months=months,
        are_people=are_people,
    )
    best, named = without_names(best)
    dropped = (*dropped, *named)
    spread = kinds.get(best.table.name) if best.table.is_tally and COUNT in best.filled else None
    dropped = tuple(one for one in dropped if spread is None or one[0] not in spread.columns)
    used = {*best.columns, *(spread.columns if spread else ())}
    unused = tuple(name for name in usable if name not in used)
    dates = dates_of_nothing(best, frame, unused)
    dropped, unused = (*dropped, *dates), tuple(name for name in unused if name not in dict(dates))
    in_tabs = [name for name in sheet.tabs if areas.find(name) is not None]
    is_open = "area" in best.table.names and not any(one.target.name == "area" for one in best.matches)
    area_of_tab = is_open and len(in_tabs) * 2 > len(sheet.tabs)
    kept = rows_of_trafficking(frame, unused) if best.table.name == "person" else None
    unused = tuple(name for name in unused if kept is None or name != kept.column)
    # It says of numbers what they count, and of months their year; for all else the file is not read again.
    says_more = best.table.is_tally or (months is not None and months.needs_year)
    title = sheet.title(path) if says_more else ""
    return Draft(
        path.name,
        sheet,
        best,
        dropped,
        unused,
        months,
        area_of_tab,
        spread,
        shape=shape,
        period_of_tab=_period_of_tab(best, sheet),
        months_from=first_month((*sheet.names, title, path.stem), months.columns, months.formats)
        if months is not None and months.needs_year
        else "",
        kept=kept,
        is_by_day=rows.are_several_a_month(best, frame),
        is_told=not best.table.is_tally
        or rows.is_told(best, spread.targets if spread else (), (*called, title, *sheet.columns)),
    )


def _with_groups(path: Path, sheet: Sheet) -> tuple[Sheet, Shape]:
    """Return a sheet and its shape; with the row above its headings where that tells of a birth or a name.

    "Birth" above "Date, Place" makes of a date one that identifies people: such a row is never left out.
    """
    again = sheet.again(path)
    shape = shape_of(sheet.frame, again)
    if again is None or not shape.header_rows:
        return sheet, shape
    frame = again(shape.header_row, shape.header_rows)
    tops = {name.rpartition(JOIN)[0] for name in frame.columns}
    if not any(map(tells_birth_or_name, tops)):
        return sheet, shape
    sheet = replace(sheet, frame=frame, header_row=shape.header_row, header_rows=shape.header_rows)
    return sheet, shape_of(frame)


def _beside(made: Draft) -> Draft | None:
    """Return the needs that a list of people holds beside them; None where it holds none.

    Whose they are and when is what the list says of the people. A column, or two that are ticked, of kinds of
    help: without them there is nothing to tell.
    """
    table = contract(_NEEDS)
    if made.matched.table.name != "person" or made.matched.table.is_tally or made.months is not None:
        return None
    shared = [one for one in made.matched.matches if one.target.name in _OF_BOTH]
    frame = made.sheet.frame
    found = match(table, frame, made.unused, filled=[one.target.name for one in shared])
    forget()
    kinds = next((one for one in found.matches if one.target.name == "service_type"), None)
    if kinds is None and len(found.flags) < _FEWEST_TICKED:
        return None
    if kinds is not None and (kinds.words is None or kinds.words.known < _MOST_KNOWN):
        return None
    there = [replace(one, target=table.column(one.target.name)) for one in shared]
    matched = replace(found, matches=(*there, *found.matches), filled=())
    return replace(
        made,
        matched=matched,
        unused=tuple(name for name in made.unused if name not in matched.columns),
        is_beside=True,
    )


def _period_of_tab(best: Matched, sheet: Sheet) -> Proof | None:
    """Return how the tabs are written that are called as periods are, where no column says which it is."""
    found = {*best.filled, *(one.target.name for one in best.matches)}
    if "period" in found or "period" not in best.table.names or not sheet.tabs:
        return None
    proof = prove(sheet.tabs)
    return proof if proof.is_financial or not proof.unread else None


def _areas_in(frame: pl.DataFrame, areas: Finder) -> set[str]:
    """Return the cells that name an area, and the words that do in cells of several."""
    cells = {cell for column in frame.iter_columns() for cell in column.drop_nulls().unique().to_list()}
    words = {word for cell in cells for word in (cell, *_PARTS.split(cell))}
    return {word for word in words if word.strip() and areas.find(word.strip()) is not None}
