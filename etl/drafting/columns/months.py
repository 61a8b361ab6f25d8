"""Columns that each become a row: months (Jan to Dec, 2025-01, Mar 2025) or kinds (Female, Male)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import polars as pl

from analysis.catalog.model import NOT_RECORDED
from etl.contracts.tables import Contract
from etl.drafting.columns.proving import prove
from etl.mapping.cells.dates import is_month_name
from etl.mapping.cells.fiscal import FiscalYear
from etl.mapping.synonyms import words_of
from etl.readers import TOTALS, tidy
from etl.readers.grid import JOIN

_FEWEST, _FEWEST_KINDS, _FEWEST_SUMMED = 3, 2, 2
_TOTALS = frozenset(label.casefold() for label in TOTALS)
_YEAR = re.compile(r"(?:19|20)\d\d|(?<=[- '])\d\d$")
_PLAIN_YEAR = re.compile(r"(?:19|20)\d\d")
_FINANCIAL = FiscalYear(first_month=2)  # which month it is does not matter to tell such years from months
_QUARTER = re.compile(r"(?i)\bQ[1-4]\b|\bquarter\b|\btrimest(?:er|re)\b|\bquartal\b")
_QUARTER_ALONE = re.compile(
    r"(?i)(?:q|qtr\.?|quarter|trimestre) ?[1-4]|[1-4](?:st|nd|rd|th|er|º|°)? ?(?:q|qtr\.?|quarter|trimestre)"
)
_FIGURE = re.compile(r"[-+(<≤]?\s*[$€£₹]?\s*[-+]?\d[\d.,\s]*(?:%|\)|\w{3}|lakhs?|crores?)?")
_MOST = 0.5
_HIDDEN = r"^\s*(?:<|≤|less than |under )\s*\d+\s*$"
_SUMS = (*_TOTALS, "ytd", "year to date", "average", "avg", "mean", "cumulative", "annual", "percent")
_SUM = re.compile(rf"(?i)\b(?:{'|'.join(map(re.escape, _SUMS))})\b|%")


@dataclass(frozen=True)
class MonthColumns:
    """Neighbouring columns of months.

    Attributes
    ----------
    columns : tuple of str
        In the order of the file.
    formats : tuple of str
        How their names are written; empty where they are as 2025-01.
    needs_year : bool
        Whether the names say the month or quarter alone.
    is_financial : bool
        Whether they are financial years.
    is_whole : bool
        Whether nothing stands between them, such as the total of a quarter.
    """

    columns: tuple[str, ...]
    formats: tuple[str, ...] = ()
    needs_year: bool = False
    is_financial: bool = False
    is_whole: bool = True


def month_columns(names: Sequence[str]) -> MonthColumns | None:
    """Return the longest run of columns that are called as months, quarters or years are; None without one.

    Totals between them, such as those of quarters between months, are passed over: they count twice.

    Examples
    --------
    >>> month_columns(["Site", "Jan", "Feb", "Mar", "Total"])
    MonthColumns(columns=('Jan', 'Feb', 'Mar'), formats=('mmm',), needs_year=True, \
is_financial=False, is_whole=True)
    >>> month_columns(["Site", "Q1", "Q2", "Q3", "Q4", "Total"]).formats
    ("'Q'q",)
    >>> month_columns(["Site", "2025-01", "2025-02", "2025-03"]).formats
    ()
    >>> month_columns(["Jan-25", "Feb-25", "Mar-25", "Q1 25", "Apr-25"]).columns
    ('Jan-25', 'Feb-25', 'Mar-25', 'Apr-25')
    >>> month_columns(["County", "FY2023", "FY2024", "2024-25"]).is_financial
    True
    """
    financial = _financial(names)
    years = {name for name in names if _PLAIN_YEAR.fullmatch(name)} | financial
    with_year = [name for name in names if _YEAR.search(name) and name not in years]
    unread = prove(with_year).unread
    dates = [name for name in with_year if name not in unread]
    quarters = {name for name in dates if _QUARTER.search(name)}
    if len(quarters) < len(dates) - len(quarters):  # sums of the months beside them
        dates = [name for name in dates if name not in quarters]
    alone = _run(names, is_month_name, _sums_up)
    quarterly = _run(
        names, lambda name: bool(_QUARTER_ALONE.fullmatch(name)), lambda name: bool(_SUM.search(name))
    )
    dated = _run(names, dates.__contains__, _sums_up)
    yearly = _run(names, years.__contains__, _sums_up)
    run = max(alone, dated, yearly, quarterly, key=len)
    if len(run) < _FEWEST:
        return None
    places = [place for place, name in enumerate(names) if name in run]
    is_whole = places[-1] - places[0] + 1 == len(run)
    if run is alone:
        return MonthColumns(run, ("mmm",), needs_year=True, is_whole=is_whole)
    if run is quarterly:
        formats = tuple(dict.fromkeys(map(_quarter_format, run)))
        return MonthColumns(run, formats, needs_year=True, is_whole=is_whole)
    is_financial = not financial.isdisjoint(run)
    return MonthColumns(run, prove(run).formats, is_financial=is_financial, is_whole=is_whole)


def _quarter_format(name: str) -> str:
    """Return how a quarter is written that is called Q1 or 1st quarter: the format of a mapping."""
    before, number, behind = re.split(r"([1-4])", name, maxsplit=1)
    return "".join(
        f"'{part}'" if part and part != number else part and "q" for part in (before, number, behind)
    )


def _financial(names: Sequence[str]) -> frozenset[str]:
    """Return the names that are financial years; 2010-11 is a month where others beside it are."""
    cells = pl.Series("name", list(names), dtype=pl.String)
    return frozenset(cells.filter(_FINANCIAL.whole_years(cells)).to_list()).difference(
        _FINANCIAL.unclear(cells)
    )


@dataclass(frozen=True)
class KindColumns:
    """Neighbouring columns of numbers, each called as codes of a column of a table.

    Attributes
    ----------
    columns : tuple of str
        In the order of the file.
    target : str
        The column of the table.
    codes : tuple of str
        What each means; empty where nothing tells.
    others : tuple of (str, tuple of str)
        Further columns of the table that other parts of the names fill ("Adults / Female"), with the codes.
    beside : tuple of str
        Columns of numbers next to them of which nothing tells whether they belong to the same whole.
    is_whole : bool
        Whether nothing stands between them, such as the total of a group.
    """

    columns: tuple[str, ...]
    target: str
    codes: tuple[str, ...]
    others: tuple[tuple[str, tuple[str, ...]], ...] = ()
    beside: tuple[str, ...] = ()
    is_whole: bool = True

    @property
    def targets(self) -> tuple[str, ...]:
        """The columns of the table that the names of the columns fill."""
        return (self.target, *(name for name, _ in self.others))


def kind_columns(table: Contract, frame: pl.DataFrame, names: Sequence[str]) -> KindColumns | None:
    """Return the longest run of columns of numbers that are called as codes of one column; None without one.

    Where two runs are as long (by sex, then by form), the first: each counts the same records again. Columns
    next to the run belong to it where a column of totals says so. What is called a total, or is one, does
    not: its people would count twice.
    """
    whole = {name for name in names if not _is_total(name) and _count(frame[name].drop_nulls())}
    numbers = {name for name in whole if are_numbers(frame[name].drop_nulls())}
    best: KindColumns | None = None
    for column in table.columns:
        if not column.codes or column.kind not in ("code", "codes"):
            continue
        meant = {name: _code(name, words_of(column)) for name in whole}
        coded = {name for name, code in meant.items() if code}
        run = _run(names, coded.__contains__, _is_total)
        if sums := _sums(frame, run, meant):
            run = _run(names, (coded - sums).__contains__, _is_total)
        codes = tuple(meant[name] for name in run)
        # Of a rare kind there is one in some months and none in others; ticks are so in all columns.
        are_ticks = len(numbers.intersection(run)) < _MOST * len(run)
        is_shorter = best is not None and len(run) <= len(best.columns)
        if len(set(codes) - {NOT_RECORDED}) < _FEWEST_KINDS or are_ticks or is_shorter:
            continue
        best = KindColumns(run, column.name, codes)
    if best is None:
        return None
    found = _with_others(table, _with_neighbours(table, frame, names, best))
    places = [place for place, name in enumerate(names) if name in found.columns]
    return replace(found, is_whole=places[-1] - places[0] + 1 == len(places))


def _with_neighbours(
    table: Contract, frame: pl.DataFrame, names: Sequence[str], one: KindColumns
) -> KindColumns:
    """Return the run with what stands next to it and is part of its total; else what may be, as `beside`."""
    places = [place for place, name in enumerate(names) if name in one.columns]
    first, last = places[0], places[-1]
    while first > 0 and are_whole(frame[names[first - 1]].drop_nulls()):
        first -= 1
    while last + 1 < len(names) and are_whole(frame[names[last + 1]].drop_nulls()):
        last += 1
    near = names[first : last + 1]
    numbers = frame.select(pl.col(near).cast(pl.Float64, strict=False).fill_null(0.0))
    meant = words_of(table.column(one.target))
    # Most spans are told by the sum of all their rows; only those that fit are looked at row by row.
    whole = numbers.sum().row(0)
    upto = [0.0, *accumulate(whole)]
    spans = [
        (start, end)
        for start in range(places[0] - first + 1)
        for end in range(places[-1] - first + 1, len(near) + 1)
        if upto[end] - upto[start] in whole and not any(map(_is_total, near[start:end]))
    ]
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        span = near[start:end]
        sums = numbers.select(pl.sum_horizontal(span)).to_series()
        if any((numbers[name] == sums).all() for name in near if name not in span):
            codes = tuple(_code(name, meant) for name in span)
            return replace(one, columns=tuple(span), codes=codes)
    beside = (name for name in near if name not in one.columns and not _is_total(name))
    return replace(one, beside=tuple(beside))


def _with_others(table: Contract, one: KindColumns) -> KindColumns:
    """Return the run with the columns of the table that other parts of its names are codes of.

    Where some parts are none, as in "Other / Female", it is open what they are: they may be totals.
    """
    others = []
    for column in table.columns:
        if column.name == one.target or not column.codes or column.kind not in ("code", "codes"):
            continue
        meant = words_of(column)
        codes = tuple(
            next((code for part in name.split(JOIN)[:-1] if (code := meant.get(tidy(part).casefold()))), "")
            for name in one.columns
        )
        if len({*codes} - {NOT_RECORDED, ""}) >= _FEWEST_KINDS:
            others.append((column.name, codes))
    return replace(one, others=tuple(others))


def _is_total(name: str) -> bool:
    """Tell whether a part of a heading says that it is a total."""
    return any(tidy(part).casefold() in _TOTALS for part in name.split(JOIN))


def _sums(frame: pl.DataFrame, run: Sequence[str], meant: Mapping[str, str]) -> frozenset[str]:
    """Return the columns of a run that are, in each row, the sum of all others of their code."""
    numbers = frame.select(pl.col(run).cast(pl.Float64, strict=False).fill_null(0.0))
    found = set()
    for name in run:
        others = [one for one in run if one != name and meant[one] == meant[name]]
        if (
            len(others) >= _FEWEST_SUMMED
            and numbers.select((pl.col(name) == pl.sum_horizontal(others)).all()).item()
        ):
            found.add(name)
    return frozenset(found)


def hold_numbers(frame: pl.DataFrame, names: Sequence[str]) -> bool:
    """Tell whether most cells of some columns are numbers, amounts or hidden ones; blanks tell nothing."""
    cells = [cell for name in names for cell in frame[name].drop_nulls().to_list()]
    return sum(bool(_FIGURE.fullmatch(cell.strip())) for cell in cells) >= _MOST * len(cells)


def are_whole(cells: pl.Series) -> bool:
    """Tell whether cells are whole numbers, and some are there."""
    return bool(cells.len()) and bool(cells.str.contains(r"^\d{1,6}(\.0+)?$").all())


def _count(cells: pl.Series) -> bool:
    """Tell whether cells may count: whole numbers, or small ones that are hidden."""
    return are_whole(cells.filter(~cells.str.contains(_HIDDEN))) or are_numbers(cells)


def are_numbers(cells: pl.Series) -> bool:
    """Tell whether cells count: whole numbers, some above one, for 0 and 1 may be no and yes.

    Small ones may be hidden (<5): a load refuses them in its own words, and no row is taken for a record.
    """
    numbers = cells.filter(~cells.str.contains(_HIDDEN))
    if not are_whole(numbers):
        return False
    return numbers.len() < cells.len() or bool((numbers.cast(pl.Float64) > 1).any())


def _code(name: str, meant: Mapping[str, str]) -> str:
    """Return the code that a heading is a word for, by its last part; empty where it is none."""
    return meant.get(tidy(name.rsplit(JOIN, 1)[-1]).casefold(), "")


def _sums_up(name: str) -> bool:
    """Tell whether a column is the total of others beside it, or of a quarter, or a share."""
    return bool(_SUM.search(name) or _QUARTER.search(name))


def _run(
    names: Sequence[str], test: Callable[[str], bool], is_passed: Callable[[str], bool] | None = None
) -> tuple[str, ...]:
    """Return the longest run of names that pass a test; those between them that are passed over end none."""
    best: list[str] = []
    here: list[str] = []
    for name in names:
        if is_passed is not None and not test(name) and is_passed(name):
            continue
        here = [*here, name] if test(name) else []
        best = here if len(here) > len(best) else best
    return tuple(best)
