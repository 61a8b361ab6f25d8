"""What a sheet made for eyes may mean: headings of several rows, blanks below a group, months in two columns.

Nothing of it is certain, so nothing is taken over unasked: a draft says it in a comment, the desk by a
button.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from etl.drafting.columns.names import OF_BIRTH
from etl.errors import EtlError
from etl.lines import LINE, PART
from etl.mapping.cells.dates import is_month_name
from etl.protect.identifiers import plain, rule_of_name
from etl.readers import SHEET
from etl.readers.grid import JOIN, MOST_HEADER_ROWS

_MOST_BELOW = 3  # rows of headings that can be left among the rows
_LOOKED_AT = 60  # rows by which a column is told to hold numbers or days
_FEWEST_ROWS = 4
_DATUM = re.compile(r"[<>≤≥~]?\s*[-+$€£(]?\s*\d.*", re.DOTALL)
_YEAR = re.compile(r"(19|20)\d\d")
_MONTH = re.compile(r"0?[1-9]|1[0-2]")
_QUARTER = re.compile(r"[Qq][1-4]")
_CALLED_QUARTER = re.compile(r"quarter|qtr|trimest|quartal", re.IGNORECASE)
_CALLED_MONTH = re.compile(r"month|mes\b|mois|monat|maand", re.IGNORECASE)


@dataclass(frozen=True)
class Joined:
    """Columns that say one thing together.

    Attributes
    ----------
    columns : tuple of str
        In the order in which they are joined.
    join : str
        What stands between them then.
    written : str
        How the date is written that comes of it.
    """

    columns: tuple[str, ...]
    join: str
    written: str

    @property
    def rule(self) -> dict[str, object]:
        """How a mapping says it."""
        return {"columns": list(self.columns), "join": self.join, "format": self.written}


@dataclass(frozen=True)
class Shape:
    """What may be meant; empty where nothing is.

    Attributes
    ----------
    header_row, header_rows : int
        First row of the headings, from 1, and how many there are; 0 where they are as found.
    fill_down : tuple of str
        Leading columns in which a blank may mean the same as above.
    joined : Joined or None
        A year and a month in columns of their own.
    """

    header_row: int = 0
    header_rows: int = 0
    fill_down: tuple[str, ...] = ()
    joined: Joined | None = None


#: A sheet of which nothing more is meant.
AS_FOUND = Shape()


def shape_of(frame: pl.DataFrame, again: Callable[[int, int], pl.DataFrame] | None = None) -> Shape:
    """Return what the rows of a sheet look like.

    Parameters
    ----------
    frame
        Text columns and ``_line``, as the sheet is read now.
    again
        Reads it with another first row of the headings and another number of them; without it, what stands
        above the headings is not looked at.
    """
    row, rows = _headings(frame, again)
    if rows:
        return Shape(row, rows)  # the columns are others then
    return Shape(fill_down=blanks_below(frame), joined=year_and_month(frame))


def _names(frame: pl.DataFrame) -> list[str]:
    return [name for name in frame.columns if name not in (LINE, SHEET) and not name.startswith("@")]


def _headings(frame: pl.DataFrame, again: Callable[[int, int], pl.DataFrame] | None) -> tuple[int, int]:
    """Return where the headings begin and how many rows they are, if more than was found; else zeros."""
    if frame.height < _FEWEST_ROWS or frame[LINE][0] > PART or frame[LINE][0] < 2:
        return 0, 0
    height = max(1 + name.count(JOIN) for name in _names(frame))
    top = int(frame[LINE][0]) - height
    if below := _words_above_numbers(frame):
        return (top, height + below) if top > 0 and height + below <= MOST_HEADER_ROWS else (0, 0)
    names, found = _names(frame), (0, 0)
    while again is not None and top > 1 and height < MOST_HEADER_ROWS:
        top, height = top - 1, height + 1
        try:
            higher = _names(again(top, height))
        except EtlError:
            break
        if _are_groups(names, higher):
            names, found = higher, (top, height)
    return found


def _words_above_numbers(frame: pl.DataFrame) -> int:
    """Return how many of the first rows hold words where the rows below them hold numbers or days."""
    rest = frame[_MOST_BELOW : _MOST_BELOW + _LOOKED_AT]
    typed = [name for name in _names(frame) if _is_data(rest[name])]
    found = 0
    while found < min(_MOST_BELOW, frame.height):
        cells = [cell for name in typed if (cell := frame[name][found]) is not None]
        if not cells or any(_DATUM.fullmatch(cell) for cell in cells):
            break
        found += 1
    return found


def _is_data(cells: pl.Series) -> bool:
    filled = cells.drop_nulls().to_list()
    return bool(filled) and sum(bool(_DATUM.fullmatch(cell)) for cell in filled) >= 0.8 * len(filled)


def _are_groups(names: Sequence[str], higher: Sequence[str]) -> bool:
    """Tell whether the row above the headings names groups of them, and is no title over all of them.

    Headings that differ are enough without their groups; but of a month the group may be the year, and a date
    may be that of a birth.
    """
    if len(names) != len(higher):
        return False
    tops = [
        new.removesuffix(f"{JOIN}{old}") if new.endswith(f"{JOIN}{old}") else ""
        for old, new in zip(names, higher, strict=True)
    ]
    if any(not top and new != old for top, old, new in zip(tops, names, higher, strict=True)):
        return False
    groups = Counter(top for top in tops if top)
    if not any(_YEAR.search(top) or tells_birth_or_name(top) for top in groups):
        return False
    return max(groups.values(), default=0) > 1 and (len(groups) > 1 or not tops[0])


def tells_birth_or_name(top: str) -> bool:
    """Tell whether a group of headings is of a birth or a name: "Birth" above "Date, City"."""
    return bool(top) and bool(rule_of_name(top) or rule_of_name(f"{top} date"))


def blanks_below(frame: pl.DataFrame) -> tuple[str, ...]:
    """Return the leading columns whose cells stand once for the rows below them.

    Examples
    --------
    >>> cells = {"Site": ["North", None, None, "South", None], "n": list("12345"), "_line": [2, 3, 4, 5, 6]}
    >>> blanks_below(pl.DataFrame(cells))
    ('Site',)
    """
    found: list[str] = []
    names = _names(frame)
    for at, name in enumerate(names[:-1]):
        cells = frame[name]
        filled = cells.drop_nulls()
        others = frame.filter(cells.is_null()).select(names[at + 1 :])
        is_group = (
            frame.height >= _FEWEST_ROWS
            and cells[0] is not None
            and 1 < filled.len() <= frame.height / 2
            and not _is_quantity(filled)
            and bool((filled == filled.shift(1)).sum() <= 0.2 * filled.len())
            and bool(others.select(pl.any_horizontal(pl.all().is_not_null()).all()).item())
        )
        if not is_group:
            break
        found.append(name)
    return tuple(found)


def _is_quantity(cells: pl.Series) -> bool:
    return bool(cells.str.contains(r"^[-+$€£(]?\s*\d[\d.,]*\s*%?\)?$").mean() or 0) and not all(
        _YEAR.fullmatch(cell) for cell in cells.to_list()
    )


def year_and_month(frame: pl.DataFrame, among: Sequence[str] = ()) -> Joined | None:
    """Return a column of years and one of their months or quarters; None without both.

    Parameters
    ----------
    frame
        Text columns.
    among
        The columns to look at; all of them where it is empty.

    Examples
    --------
    >>> year_and_month(pl.DataFrame({"Year": ["2025"], "Month": ["3"], "n": ["1"]})).rule
    {'columns': ['Year', 'Month'], 'join': '-', 'format': 'yyyy-mm'}
    >>> year_and_month(pl.DataFrame({"Mes": ["marzo"], "Año": ["2025"]})).columns
    ('Año', 'Mes')
    >>> year_and_month(pl.DataFrame({"Year": ["2025"], "Qtr": ["3"]})).written
    'yyyy-q'
    """
    cells = {name: frame[name].drop_nulls().unique().to_list() for name in among or _names(frame)}
    cells = {name: found for name, found in cells.items() if not OF_BIRTH.search(plain(name))}
    years = [name for name, found in cells.items() if found and all(map(_YEAR.fullmatch, found))]
    if len(years) != 1:
        return None
    for says, join, written in _PARTS:
        parts = [name for name, found in cells.items() if found and name not in years and says(name, found)]
        if parts:
            return Joined((years[0], parts[0]), join, written) if len(parts) == 1 else None
    return None


def _are_called_months(_: str, cells: Sequence[str]) -> bool:
    return all(map(is_month_name, cells))


def _are_months(name: str, cells: Sequence[str]) -> bool:
    return bool(_CALLED_MONTH.search(name)) and all(map(_MONTH.fullmatch, cells))


def _are_called_quarters(_: str, cells: Sequence[str]) -> bool:
    return all(map(_QUARTER.fullmatch, cells))


def _are_quarters(name: str, cells: Sequence[str]) -> bool:
    return bool(_CALLED_QUARTER.search(name)) and set(cells) <= set("1234")


#: Parts of a year in a column of their own: how they are told, and how year and part are written together.
_PARTS = (
    (_are_called_months, " ", "yyyy mmm"),
    (_are_months, "-", "yyyy-mm"),
    (_are_called_quarters, " ", "yyyy Qq"),
    (_are_quarters, "-", "yyyy-q"),
)
