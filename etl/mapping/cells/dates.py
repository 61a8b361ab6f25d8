"""Dates written in a contributor's own way, turned into ISO text by the format that the mapping gives.

Day and month are never guessed: 03/04/2025 stays as it is until a format says what it means.
"""

import re
from collections.abc import Sequence
from datetime import date

import polars as pl

from etl.contracts.parse import TWO_READINGS
from etl.mapping.cells.fiscal import FiscalYear

_ORDINAL = r"(?:st|nd|rd|th|er|º|ª)?"  # March 3rd, 1er mars
_TOKENS = {
    "yyyy": r"(?P<y>\d{4})",
    "yy": r"(?P<y>\d{2})",
    "mmmm": r"(?P<b>[\p{L}.]+)",
    "mmm": r"(?P<b>[\p{L}.]+)",
    "mm": r"(?P<m>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "dd": rf"(?P<d>\d{{1,2}}){_ORDINAL}",
    "d": rf"(?P<d>\d{{1,2}}){_ORDINAL}",
    "q": r"(?P<q>[1-4])",
}
_TOKEN = re.compile("|".join(["'[^']+'", *sorted(_TOKENS, key=len, reverse=True)]))
EXCEL_DAYS = "excel_days"  # the number that a spreadsheet program keeps behind a date: 45292 is 2024-01-01
EXCEL_DAYS_1904 = (
    "excel_days_1904"  # of workbooks that count from 1904, as old Macintosh ones: 43830 is 2024-01-01
)
LOOKS_LIKE_EXCEL_DAYS = r"^[2-5]\d{4}(\.\d+)?$"  # 1954 to 2064
#: First day of each system. That of 1900 begins two days early: day 1 is 1 January, and 1900 no leap year.
_FIRST_DAYS = {EXCEL_DAYS: date(1899, 12, 30), EXCEL_DAYS_1904: date(1904, 1, 1)}
ALLOWED = (
    "dd, d, mm, m, mmm (Mar), mmmm (March), yyyy, yy, q with other characters as they are (small letters in "
    f"single quotes), such as dd/mm/yyyy or d 'de' mmmm yyyy; or {EXCEL_DAYS}; or {EXCEL_DAYS_1904}"
)
#: Behind a day; the time is never kept.
_TIME = (
    r"(?:,?[ T]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AP]\.?M\.?)?"
    r"(?: ?(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?)?"
)
#: The first letters of the months in English, Spanish, Portuguese, French, German, Dutch and Italian. Of two
#: months that begin alike in one of them (juin, juillet), four letters are told apart.
_MONTHS = (
    "jan ene gen jän", "feb fev fév", "mar mär mrt maa", "apr abr avr", "may mai mei mag", "jun juin giu",
    "jul juil lug", "aug ago aoû aou", "sep set", "oct okt out ott", "nov", "dec dic dez déc",
)  # fmt: skip
_MONTH_WORD = re.compile(
    r"sept|january|february|march|april|june|july|august|september|october|november|december|enero|febrero|marzo|"
    r"abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|janvier|février|mars|avril|juillet|août|"
    r"septembre|octobre|novembre|décembre|januar|februar|märz|juni|juli|oktober|dezember|janeiro|fevereiro|março|"
    r"maio|junho|julho|setembro|outubro|novembro|dezembro|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|"
    r"ottobre|dicembre"
)
_CELL, _READ = "cell", "read"
_LEAP = 2000  # a year in which each day of the calendar is
_MONTH_NUMBERS = {word: f"{number:02d}" for number, words in enumerate(_MONTHS, 1) for word in words.split()}


#: How a format without a year is read: behind a year that is put before the cell.
IN_YEAR = "yyyy "


def is_month_name(word: str) -> bool:
    """Tell whether a word is the name of a month and nothing else.

    >>> is_month_name("Sept."), is_month_name("märz"), is_month_name("Marital")
    (True, True, False)
    """
    small = word.strip().rstrip(".").casefold()
    return small in _MONTH_NUMBERS or bool(_MONTH_WORD.fullmatch(small))


def pattern(text: str) -> str | None:
    """Return the regular expression of a format such as ``dd/mm/yyyy``, or None when it makes no sense."""
    if text.strip() in _FIRST_DAYS:
        return LOOKS_LIKE_EXCEL_DAYS
    parts, names, at = [], [], 0
    written = text.strip()
    for found in _TOKEN.finditer(written):
        between, token = written[at : found.start()], found.group()
        if re.search(r"[a-z]", between):
            return None
        parts.append(re.escape(between) + (_TOKENS.get(token) or re.escape(token[1:-1])))
        if token in _TOKENS:
            names.append(_TOKENS[token][_TOKENS[token].index("<") + 1])
        at = found.end()
    rest = written[at:]
    month, day = any(name in "mb" for name in names), "d" in names
    makes_sense = names.count("y") == 1 and len(names) == len(set(names)) and (month or not day)
    if not makes_sense or ("q" in names and month) or re.search(r"[a-z]", rest):
        return None
    return "(?i)^" + "".join(parts) + re.escape(rest) + (_TIME if day else "") + "$"


def to_iso(
    cell: pl.Expr,
    formats: tuple[str, ...],
    *,
    month_as_day: bool = False,
    fiscal: FiscalYear | None = None,
) -> pl.Expr:
    """Return ISO text (``2025-03-07``, ``2025-03``, ``2025-Q1`` or ``2025``) of cells that fit a format.

    Parameters
    ----------
    cell
        Stripped text.
    formats
        Formats of the mapping. Where several fit a cell, the one that gives a date of the calendar holds; two
        different dates become `TWO_READINGS`. A cell that fits none stays as it is. Both are rejected and
        counted by the contract.
    month_as_day
        Whether a month comes as its first day: for periods, in which a format has told months from all else.
    fiscal
        How financial years are read, where the mapping says it: a reading beside those of the formats.
    """
    each = [_one(pl.col(_CELL), text, expression) for text in formats if (expression := pattern(text))]
    each += [fiscal.read(pl.col(_CELL))] if fiscal else []
    if not each:
        return cell

    def read(cells: pl.Series) -> pl.Series:
        return _one_reading(cells, each, month_as_day=month_as_day)

    return cell.map_batches(read, return_dtype=pl.String, is_elementwise=True)


def in_twelve_months(
    cell: pl.Expr, formats: tuple[str, ...], first: str, *, month_as_day: bool = False
) -> pl.Expr:
    """Return ISO text of cells that say no year and are of twelve months.

    Parameters
    ----------
    cell
        Stripped text.
    formats
        Formats that begin with `IN_YEAR`. A cell that fits none stays as it is.
    first
        The first of the months, as ``2023-07``.
    month_as_day
        As in `to_iso`.

    Examples
    --------
    >>> cells = pl.DataFrame({"month": ["Jul", "Dec", "Jan", "Total"]})
    >>> cells.select(in_twelve_months(pl.col("month"), ("yyyy mmm",), "2023-07")).to_series().to_list()
    ['2023-07', '2023-12', '2024-01', 'Total']
    """
    year, month = int(first[:4]), int(first[5:])
    within = to_iso(pl.concat_str(pl.lit(f"{_LEAP} "), cell), formats, month_as_day=month_as_day)
    rest = within.str.extract(rf"^{_LEAP}(-(?:\d\d|Q[1-4])(?:-\d\d)?)$")
    quarter = rest.str.extract(r"^-Q(\d)").cast(pl.Int32) * 3
    is_first = pl.coalesce(rest.str.extract(r"^-(\d\d)").cast(pl.Int32), quarter) >= month
    dated = pl.when(is_first).then(pl.lit(str(year))).otherwise(pl.lit(str(year + 1))) + rest
    return pl.coalesce(dated, cell)


def _one_reading(cells: pl.Series, each: Sequence[pl.Expr], *, month_as_day: bool) -> pl.Series:
    """Return what cells are read as, of all that each format makes of them; a cell that fits none as it is.

    In steps: as one expression each step would stand there as often as the next one names it, and four
    formats took two seconds for a single cell.
    """
    readings, possible = (
        [f"{kind} {number}" for number in range(len(each))] for kind in ("read", "possible")
    )
    frame = (
        cells.alias(_CELL)
        .to_frame()
        .with_columns(one.alias(name) for name, one in zip(readings, each, strict=True))
    )
    frame = frame.with_columns(
        pl.when(_is_possible(pl.col(name))).then(pl.col(name)).alias(holds)
        for name, holds in zip(readings, possible, strict=True)
    )
    frame = frame.with_columns(pl.coalesce(*possible, *readings).alias(_READ))
    read = pl.col(_READ)
    if len(each) > 1:
        is_twofold = pl.any_horizontal(*((pl.col(name) != read).fill_null(False) for name in possible))
        frame = frame.with_columns(
            pl.when(is_twofold).then(pl.lit(TWO_READINGS)).otherwise(read).alias(_READ)
        )
    if month_as_day:
        is_month = read.str.contains(r"^\d{4}-\d{2}$")
        frame = frame.with_columns(pl.when(is_month).then(read + "-01").otherwise(read).alias(_READ))
    return frame.select(pl.coalesce(_READ, _CELL).alias(cells.name)).to_series()


def _is_possible(iso: pl.Expr) -> pl.Expr:
    """Whether ISO text is a day of the calendar, a month, a quarter or a year."""
    is_day = iso.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    return is_day | iso.str.contains(r"^\d{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$")


def _one(cell: pl.Expr, text: str, expression: str) -> pl.Expr:
    if text.strip() in _FIRST_DAYS:
        number = pl.when(cell.str.contains(expression)).then(cell).str.extract(r"^(\d+)").cast(pl.Int64)
        return (pl.lit(_FIRST_DAYS[text.strip()]) + pl.duration(days=number)).dt.strftime("%Y-%m-%d")
    groups = cell.str.extract_groups(expression)
    names = re.findall(r"\?P<(\w)>", expression)
    part = {name: groups.struct.field(name) for name in names}
    year = part["y"]
    year = pl.when(year.str.len_chars() == 2).then("20" + year).otherwise(year)
    if "q" in part:
        return year + "-Q" + part["q"]
    if "m" in part:
        month = part["m"].str.zfill(2)
    elif "b" in part:
        word = part["b"].str.to_lowercase()
        month = pl.coalesce(
            word.str.head(letters).replace_strict(_MONTH_NUMBERS, default=None, return_dtype=pl.String)
            for letters in (4, 3)
        )
    else:
        return year
    return (
        pl.concat_str(year, month, part["d"].str.zfill(2), separator="-")
        if "d" in part
        else year + "-" + month
    )
