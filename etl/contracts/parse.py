"""Turns text columns into numbers, dates and periods, and says what could not be turned.

Each function returns Polars expressions: the typed value (null where it failed) and named failures. Nothing
is guessed: ``<5`` is not five, and ``07/03/2025`` is no date until a mapping says which is the month.
"""

import polars as pl

from analysis.periods import SEVERAL

Failures = dict[str, pl.Expr]

_THOUSANDS = r"^[-+]?\d{1,3}([,\u00a0\u202f ]\d{3})+(\.\d+)?$"
_NUMBER = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"
_HIDDEN = r"^\s*(<|≤|&lt;)"
LARGEST_EXACT = 2**53  # beyond it the next whole number can no longer be told apart
_DATE_LIKE = r"^\d{4}-\d{1,2}(-\d{1,2})?$|^\d{4}-?\s?Q\d$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$|^\d{4}$"
DAY_OR_MONTH = r"^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}$"
TWO_READINGS = "?two"  # stands for a cell that two formats of a mapping read as different dates
MORE_FREE = "?free"  # stands for places in use that a source works out, where more are free than there are
_SHORT_YEAR = r"^'?\d{2}$"
_FINANCIAL_YEAR = r"(?i)^FY\s?'?\d{2,4}([-/–]\d{2,4})?$|^\d{4}\s?[/–]\s?(\d{2}|\d{4})$|^\d{4}-\d{4}$"
_YEARS = r"^(\d{4})(?:\.0+)?\s?(?:[-–/]|to)\s?(\d{4})(?:\.0+)?$"
_CALENDAR = (1900, 2200)
_MONTHS = 12
_YEAR_AND_NUMBER = r"^(\d{4})-(\d{1,2})$"
YES = ("yes", "y", "true", "1")
NO = ("no", "n", "false", "0")


def number(text: pl.Expr, unit: str, whole: bool) -> tuple[pl.Expr, Failures]:
    """Parse numbers: ``1,282``, ``0.71 %`` (where the unit is percent or share), ``-3``, ``1.5e3``.

    Parameters
    ----------
    text
        Stripped text, null where missing.
    unit
        Unit of the column; decides whether a percent sign is understood.
    whole
        Whether only whole numbers are allowed (``12.0`` is whole).

    Returns
    -------
    tuple
        Float64 or Int64 expression, and the failures ``more_free_than_there_are``, ``hidden_by_publisher``,
        ``not_a_number``, ``too_large_to_be_exact`` or ``not_a_whole_number``.
    """
    percent = text.str.ends_with("%")
    bare = pl.when(percent).then(text.str.strip_chars_end("% \u00a0")).otherwise(text)
    plain = (
        pl.when(bare.str.contains(_THOUSANDS))
        .then(bare.str.replace_all(r"[,\u00a0\u202f ]", ""))
        .otherwise(bare)
    )
    value = pl.when(plain.str.contains(_NUMBER)).then(plain).cast(pl.Float64, strict=False)
    if unit == "share":
        value = pl.when(percent).then(value / 100).otherwise(value)
    elif unit != "percent":
        value = pl.when(~percent).then(value)
    hidden = text.str.contains(_HIDDEN)
    failures = {
        "more_free_than_there_are": text == MORE_FREE,
        "hidden_by_publisher": hidden,
        "not_a_number": text.is_not_null() & ~hidden & value.is_null(),
        "too_large_to_be_exact": value.abs() > LARGEST_EXACT,
    }
    if not whole:
        return value, failures
    failures["not_a_whole_number"] = value.is_not_null() & (value != value.floor())
    return value.cast(pl.Int64, strict=False), failures


def boolean(text: pl.Expr) -> tuple[pl.Expr, Failures]:
    """Parse yes and no in English words, letters and digits; anything else fails as ``not_yes_or_no``."""
    word = text.str.to_lowercase()
    value = pl.when(word.is_in(YES)).then(True).when(word.is_in(NO)).then(False)
    return value, {"not_yes_or_no": text.is_not_null() & value.is_null()}


def day(text: pl.Expr) -> tuple[pl.Expr, Failures]:
    """Parse ``YYYY-MM-DD``; a day that the calendar lacks fails as ``impossible_date``."""
    value = text.str.to_date("%Y-%m-%d", strict=False)
    looks = text.str.contains(_DATE_LIKE)
    return value, {
        **_unclear(text),
        "impossible_date": value.is_null() & looks,
        "not_a_date": value.is_null() & text.is_not_null() & ~looks,
    }


def _unclear(text: pl.Expr) -> Failures:
    """Return what a single cell cannot be read as, because it can be read in two ways."""
    return {
        "two_formats_fit": text == TWO_READINGS,
        "day_or_month": text.str.contains(DAY_OR_MONTH),
    }


def unclear_periods(column: pl.Series) -> Failures:
    """Return the cells of a column of periods that its other cells do not tell apart.

    ``2011-12`` is December 2011 or the financial year 2011/12, unless another cell shows a month that is no
    such pair; ``2024-3`` is March or the third quarter, unless some cell has a number above 4, a leading
    zero or a ``Q``. What came by a format of a mapping holds whole dates here, and is never unclear.
    """
    distinct = column.drop_nulls().unique().cast(pl.String)
    parts = distinct.str.strip_chars().str.extract_groups(_YEAR_AND_NUMBER)
    cells = [(cell["1"], cell["2"]) for cell in parts.to_list() if cell and cell["1"]]
    pairs = [number for year, number in cells if f"{(int(year) + 1) % 100:02d}" == number]
    cell = pl.col(column.name)
    failures: Failures = {}
    if pairs and (len(pairs) == len(cells) or any(int(number) > _MONTHS for number in pairs)):
        failures["month_or_financial_year"] = _is_pair(cell) & (_second(cell) <= _MONTHS)
    says_quarter = distinct.str.contains(r"(?i)^\s*\d{4}-?\s?Q[1-4]\s*$").any()
    if cells and not says_quarter and all(len(number) == 1 and number in "1234" for _, number in cells):
        failures["month_or_quarter"] = cell.str.contains(r"^\d{4}-[1-4]$")
    return failures


def several_years(text: pl.Expr) -> tuple[dict[str, pl.Expr], Failures]:
    """Parse years that a publisher gives together, in a file that says so, into code, level and first day.

    Parameters
    ----------
    text
        ``2019-2021``, ``2019–2021``, ``2019/2021`` or ``2019 to 2021``, both ends inside.

    Returns
    -------
    tuple
        As `period`, with the level `analysis.periods.SEVERAL`; and the failures ``years_reversed``,
        ``not_several_years`` (a single year, a quarter, a month, a year of two digits), ``impossible_period``
        and ``not_a_period``.
    """
    first, last = _end(text, 1), _end(text, 2)
    known = (first < last) & first.is_between(*_CALENDAR) & last.is_between(*_CALENDAR)
    code = pl.concat_str(first.cast(pl.String), pl.lit("-"), last.cast(pl.String))
    start = pl.concat_str(first.cast(pl.String), pl.lit("-01-01")).str.to_date("%Y-%m-%d", strict=False)
    is_range = first.is_not_null()
    is_other = text.str.contains(_DATE_LIKE) | text.str.contains(_SHORT_YEAR)
    is_other |= text.str.contains(_FINANCIAL_YEAR) | text.str.contains(r"^\d{4}(\.0+|-\d{2})$")
    return (
        {
            "code": pl.when(known).then(code),
            "level": pl.when(known).then(pl.lit(SEVERAL)),
            "start": pl.when(known).then(start),
        },
        {
            "years_reversed": first > last,
            "not_several_years": (first == last) | (~is_range & is_other),
            "impossible_period": is_range & (first < last) & ~known,
            "not_a_period": text.is_not_null() & ~is_range & ~is_other,
        },
    )


def _end(text: pl.Expr, part: int) -> pl.Expr:
    """Return the first or the last year of several (2015-2019); null for anything else."""
    return text.str.extract(_YEARS, part).cast(pl.Int32, strict=False)


def _is_pair(cell: pl.Expr) -> pl.Expr:
    """Whether it is a year with the last digits of the next one: 2023-24."""
    following = (cell.str.slice(2, 2).cast(pl.Int32, strict=False) + 1) % 100
    return cell.str.contains(r"^\d{4}-\d{2}$") & (_second(cell) == following)


def _second(cell: pl.Expr) -> pl.Expr:
    return cell.str.tail(2).cast(pl.Int32, strict=False)


def period(text: pl.Expr) -> tuple[dict[str, pl.Expr], Failures]:
    """Parse a date, month, quarter or year into its code, level and first day.

    Parameters
    ----------
    text
        ``2025-03-07``, ``2025-03``, ``2025-Q1``, ``2025 Q1``, ``2025`` or ``2025.0``. A date is coarsened to
        its month.

    Returns
    -------
    tuple
        ``{"code": …, "level": …, "start": …}``, and the failures: first what has two readings, then
        ``impossible_period`` and ``not_a_period``.
    """
    text = text.str.replace(r"^(\d{4})\.0+$", "$1")  # a year that a program kept as a number
    upper = text.str.to_uppercase()
    quarter = upper.str.extract(r"^\d{4}-?\s?Q([1-4])$").cast(pl.Int32, strict=False)
    is_year, is_month = text.str.contains(r"^\d{4}$"), text.str.contains(r"^\d{4}-\d{1,2}$")
    level = (
        pl.when(quarter.is_not_null())
        .then(pl.lit("quarter"))
        .when(is_year)
        .then(pl.lit("year"))
        .otherwise(pl.lit("month"))
    )
    first = (
        pl.when(quarter.is_not_null())
        .then(pl.concat_str(text.str.head(4), pl.lit("-"), (quarter * 3 - 2).cast(pl.String), pl.lit("-1")))
        .when(is_year)
        .then(text + "-1-1")
        .when(is_month)
        .then(text + "-1")
        .otherwise(text)
    )
    start = first.str.to_date("%Y-%m-%d", strict=False).dt.truncate("1mo")
    start = pl.when(start.dt.year().is_between(*_CALENDAR)).then(start)
    code = (
        pl.when(level == "quarter")
        .then(pl.concat_str(text.str.head(4), pl.lit("-Q"), quarter.cast(pl.String)))
        .when(level == "year")
        .then(text)
        .otherwise(start.dt.strftime("%Y-%m"))
    )
    known = start.is_not_null()
    looks = text.str.contains(_DATE_LIKE)
    return (
        {"code": pl.when(known).then(code), "level": pl.when(known).then(level), "start": start},
        {
            **_unclear(text),
            "short_year": text.str.contains(_SHORT_YEAR),
            "several_years": _end(text, 2) > _end(text, 1) + 1,
            "financial_year": text.str.contains(_FINANCIAL_YEAR)
            | (_is_pair(text) & (_second(text) > _MONTHS)),
            "impossible_period": ~known & looks,
            "not_a_period": ~known & text.is_not_null() & ~looks,
        },
    )


def folded(reference: pl.Expr) -> pl.Expr:
    """Return references as they are compared, and hashed.

    Capitals, doubled blanks and the encoding of accents do not matter.
    """
    return _without_capitals(reference.cast(pl.String).str.normalize("NFKC"))


def folded_column(references: pl.Series) -> pl.Series:
    """Return the same of a column; letters without accents are encoded in one way, and cost no look at it."""
    text = references.cast(pl.String)
    is_plain = text.str.len_bytes().sum() == text.str.len_chars().sum()
    cell = pl.col(text.name)
    return text.to_frame().select(_without_capitals(cell) if is_plain else folded(cell)).to_series()


def _without_capitals(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
