"""Opens a file to draft a mapping for it: which tabs belong together, and where their columns are."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from etl.errors import EtlError
from etl.lines import LINE
from etl.readers import SHEET, TITLE, TOTALS, read
from etl.readers.headings import is_record
from etl.readers.limits import DEFAULT_LIMITS, check_kind, check_path
from etl.readers.packed import open_workbook
from etl.readers.sheet_xml import tabs

_HEADER_TRIED = 15  # rows in which another header is looked for
_FEWEST_TRIED, _CELLS_TRIED = 3, 900  # of a wide sheet fewer: each one is read
_FEWEST_KNOWN = 2  # names of columns below which the header may be another row


#: First row of the headings and how many there are, as far as they were said.
_Headings = tuple[int | None, int | None]


@dataclass(frozen=True)
class Sheet:
    """What a mapping is drafted for.

    Attributes
    ----------
    frame : polars.DataFrame
        Text columns and ``_line``; with several tabs also ``@sheet``.
    name : str
        The tab, where a workbook has several and one is taken.
    tabs : tuple of str
        Several that have the same columns and are one table.
    header_row, header_rows : int or None
        First row of the headings, and how many there are, where it was said.
    only : str
        What the tab is called of a workbook that has but one: a mapping need not say it.
    """

    frame: pl.DataFrame
    name: str = ""
    tabs: tuple[str, ...] = ()
    header_row: int | None = None
    header_rows: int | None = None
    only: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What the tabs are called that it is read from."""
        return self.called or ((self.only,) if self.only else ())

    @property
    def called(self) -> tuple[str, ...]:
        """The tabs that it is read from; none where the file has but one."""
        return self.tabs or ((self.name,) if self.name else ())

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of the file."""
        return tuple(name for name in self.frame.columns if name not in (LINE, SHEET))

    def title(self, path: Path) -> str:
        """Return what stands above its headings; empty where nothing does, or where tabs are many."""
        if self.tabs:
            return ""
        try:
            frame = read(
                path,
                sheet=self.name or None,
                totals=TOTALS,
                required=(TITLE, *self.columns),
                header_row=self.header_row,
                header_rows=self.header_rows,
            ).frame
        except EtlError:
            return ""
        return str(frame[TITLE][0]) if frame.height else ""

    def again(self, path: Path) -> Callable[[int, int], pl.DataFrame] | None:
        """Return what reads it with other rows of headings; None where they were said, or tabs are many."""
        if self.tabs or self.header_row is not None or self.header_rows is not None:
            return None
        return lambda row, rows: (
            read(path, sheet=self.name or None, totals=TOTALS, header_row=row, header_rows=rows).frame
        )


def open_sheets(
    path: Path,
    known: Callable[[Sequence[str]], int],
    sheet: str | None = None,
    header_row: int | None = None,
    header_rows: int | None = None,
) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """Return the tables of a file, the likeliest first, and the visible tabs in which there is none.

    Tabs that have the same columns are one table.

    Parameters
    ----------
    path
        A .csv, .tsv, .txt (also .gz) or .xlsx file.
    known
        How many of some names of columns are known ones.
    sheet, header_row, header_rows
        The tab, the first row of the headings and how many there are, where somebody has said so; found
        otherwise.

    Raises
    ------
    EtlError
        The file cannot be read, or has no tab of that name.
    """
    names = _visible(path)
    said = None if header_row is None and header_rows is None else (header_row, header_rows)
    if sheet is not None or len(names) < 2:
        one = replace(_one(path, sheet, known, said), only=names[0] if len(names) == 1 else "")
        return (one,), tuple(name for name in names if sheet is not None and name != sheet)
    frames: dict[str, pl.DataFrame] = {}
    refused: EtlError | None = None
    for name in names:
        try:
            frames[name] = _one(path, name, known, said).frame
        except EtlError as error:  # a chart, a cover page, formulas: another tab may do
            refused = error
    if not frames and refused is not None:
        raise refused
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, frame in frames.items():
        alike[tuple(column.casefold() for column in frame.columns if column != LINE)].append(name)
    groups = sorted(alike.values(), key=lambda tab: (-known(frames[tab[0]].columns), -len(tab)))
    sheets = tuple(_together(path, group, frames, known, said) for group in groups)
    return sheets, tuple(name for name in names if name not in frames)


def _together(
    path: Path,
    group: Sequence[str],
    frames: Mapping[str, pl.DataFrame],
    known: Callable[[Sequence[str]], int],
    said: _Headings | None,
) -> Sheet:
    row, rows = said or (None, None)
    if len(group) == 1:
        return Sheet(frames[group[0]], group[0], (), row, rows)
    first = row if said else _header_row(path, group[0], known)
    frame = read(path, sheets=tuple(group), totals=TOTALS, header_row=first, header_rows=rows).frame
    return Sheet(frame, "", tuple(group), row, rows)


def _visible(path: Path) -> list[str]:
    with check_path(path, None, DEFAULT_LIMITS).open("rb") as stream:
        kind = check_kind(path, stream.read(4096))
    if kind != "workbook":
        return []
    with open_workbook(path, DEFAULT_LIMITS) as book:
        return [tab.name for tab in tabs(book) if not tab.is_hidden]


def _one(path: Path, tab: str | None, known: Callable[[Sequence[str]], int], said: _Headings | None) -> Sheet:
    """Return one tab with its headings where they were said to be, else where its columns are known best.

    Raises
    ------
    EtlError
        What stands for the headings may be a record: its names would be written down as those of columns.
    """
    row, rows = said or (None, None)
    first = row if said else _header_row(path, tab, known)
    try:
        frame = read(path, sheet=tab, totals=TOTALS, header_row=first, header_rows=rows).frame
    except EtlError:
        two = None if said else _of_two_rows(path, tab, known)
        if two is None:
            raise
        return two
    if known(frame.columns) < _FEWEST_KNOWN and is_record(*_headed(frame)):
        where = f"{path.name}: tab '{tab}'" if tab else path.name
        raise EtlError(
            f"{where}: what stands for its headings looks like a record, and none of it is shown.",
            "Write a heading above each column; or say which row has them (--header-row N).",
        )
    return Sheet(frame, tab or "", (), row, rows)


def _of_two_rows(path: Path, tab: str | None, known: Callable[[Sequence[str]], int]) -> Sheet | None:
    """Return a tab with headings of two rows: "Birth / Date" and "Intake / Date" are called alike by one."""
    for row in range(1, _FEWEST_TRIED + 1):
        try:
            frame = read(path, sheet=tab, totals=TOTALS, header_row=row, header_rows=2).frame
        except EtlError:
            continue
        if known(frame.columns) >= _FEWEST_KNOWN and not is_record(*_headed(frame)):
            return Sheet(frame, tab or "", (), row, 2)
    return None


def _headed(frame: pl.DataFrame) -> tuple[list[str], pl.DataFrame]:
    cells = frame.drop(LINE, strict=False)
    return cells.columns, cells


def _header_row(path: Path, tab: str | None, known: Callable[[Sequence[str]], int]) -> int | None:
    """Return the row with most known names where the one that is found by its looks has hardly any."""
    tried = _HEADER_TRIED
    try:
        columns = read(path, sheet=tab, totals=TOTALS).frame.columns
        found = known(columns)
        tried = min(tried, max(_FEWEST_TRIED, _CELLS_TRIED // len(columns)))
    except EtlError:
        found = 0
    if found >= _FEWEST_KNOWN:
        return None
    best, row = found, None
    for number in range(1, tried + 1):
        try:
            frame = read(path, sheet=tab, totals=TOTALS, header_row=number).frame
        except EtlError:
            continue
        there = known(frame.columns)
        if there > best and not is_record(*_headed(frame)):
            best, row = there, number
    return row
