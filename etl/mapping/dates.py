"""Dates written in a contributor's own way, turned into ISO text by the format that the mapping gives.

Day and month are never guessed: 03/04/2025 stays as it is until a format says what it means.
"""

import re
from datetime import date

import polars as pl

from etl.contracts.parse import TWO_READINGS

_TOKENS = {
    "yyyy": r"(?P<y>\d{4})",
    "yy": r"(?P<y>\d{2})",
    "mmmm": r"(?P<b>[\p{L}.]+)",
    "mmm": r"(?P<b>[\p{L}.]+)",
    "mm": r"(?P<m>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "dd": r"(?P<d>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "q": r"(?P<q>[1-4])",
}
_TOKEN = re.compile("|".join(sorted(_TOKENS, key=len, reverse=True)))
EXCEL_DAYS = "excel_days"  # the number that a spreadsheet program keeps behind a date: 45292 is 2024-01-01
LOOKS_LIKE_EXCEL_DAYS = r"^[2-5]\d{4}(\.\d+)?$"  # 1954 to 2064
ALLOWED = (
    "dd, d, mm, m, mmm (Mar), mmmm (March), yyyy, yy, q with other characters as they are, such as "
    f"dd/mm/yyyy; or {EXCEL_DAYS}"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def pattern(text: str) -> str | None:
    """Return the regular expression of a format such as ``dd/mm/yyyy``, or None when it makes no sense."""
    if text.strip() == EXCEL_DAYS:
        return LOOKS_LIKE_EXCEL_DAYS
    parts, names, at = [], [], 0
    lower = text.strip()
    for found in _TOKEN.finditer(lower):
        between = lower[at : found.start()]
        if re.search(r"[a-z]", between):
            return None
        parts.append(re.escape(between) + _TOKENS[found.group()])
        names.append(parts[-1][parts[-1].index("<") + 1])
        at = found.end()
    rest = lower[at:]
    month, day = any(name in "mb" for name in names), "d" in names
    makes_sense = names.count("y") == 1 and len(names) == len(set(names)) and (month or not day)
    if not makes_sense or ("q" in names and month) or re.search(r"[a-z]", rest):
        return None
    return "(?i)^" + "".join(parts) + re.escape(rest) + "$"


def to_iso(cell: pl.Expr, formats: tuple[str, ...], *, month_as_day: bool = False) -> pl.Expr:
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
    """
    readings = [_one(cell, expression) for text in formats if (expression := pattern(text))]
    if not readings:
        return cell
    possible = [pl.when(_is_possible(reading)).then(reading) for reading in readings]
    read = pl.coalesce(*possible, *readings)
    if len(readings) > 1:
        is_twofold = pl.any_horizontal(*((reading != read).fill_null(False) for reading in possible))
        read = pl.when(is_twofold).then(pl.lit(TWO_READINGS)).otherwise(read)
    if month_as_day:
        is_month = read.str.contains(r"^\d{4}-\d{2}$")
        read = pl.when(is_month).then(read + "-01").otherwise(read)
    return pl.coalesce(read, cell)


def _is_possible(iso: pl.Expr) -> pl.Expr:
    """Whether ISO text is a day of the calendar, a month, a quarter or a year."""
    is_day = iso.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    return is_day | iso.str.contains(r"^\d{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$")


def _one(cell: pl.Expr, expression: str) -> pl.Expr:
    if expression == LOOKS_LIKE_EXCEL_DAYS:
        # The count begins at 1899-12-30, because the programs take 1900 for a leap year.
        number = pl.when(cell.str.contains(expression)).then(cell).str.extract(r"^(\d+)").cast(pl.Int64)
        return (pl.lit(date(1899, 12, 30)) + pl.duration(days=number)).dt.strftime("%Y-%m-%d")
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
        word = part["b"].str.to_lowercase().str.head(3)
        numbers = {name: f"{number:02d}" for number, name in enumerate(_MONTHS, start=1)}
        month = word.replace_strict(numbers, default=None, return_dtype=pl.String)
    else:
        return year
    return (
        pl.concat_str(year, month, part["d"].str.zfill(2), separator="-")
        if "d" in part
        else year + "-" + month
    )
