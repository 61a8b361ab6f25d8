"""Turns text columns into numbers, dates and periods, and says what could not be turned.

Each function returns Polars expressions: the typed value (null where it failed) and named failures. Nothing
is guessed: ``<5`` is not five, and ``07/03/2025`` is no date until a mapping says which is the month.
"""

import polars as pl

Failures = dict[str, pl.Expr]

_THOUSANDS = r"^[-+]?\d{1,3}([,\u00a0\u202f ]\d{3})+(\.\d+)?$"
_NUMBER = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"
_HIDDEN = r"^\s*(<|≤|&lt;)"
_LARGEST_EXACT = 2**53  # beyond it the next whole number can no longer be told apart
_DATE_LIKE = r"^\d{4}-\d{1,2}(-\d{1,2})?$|^\d{4}-?\s?Q\d$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$|^\d{4}$"
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
        Float64 or Int64 expression, and the failures ``hidden_by_publisher``, ``not_a_number``,
        ``too_large_to_be_exact`` or ``not_a_whole_number``.
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
        "hidden_by_publisher": hidden,
        "not_a_number": text.is_not_null() & ~hidden & value.is_null(),
        "too_large_to_be_exact": value.abs() > _LARGEST_EXACT,
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
        "impossible_date": value.is_null() & looks,
        "not_a_date": value.is_null() & text.is_not_null() & ~looks,
    }


def period(text: pl.Expr) -> tuple[dict[str, pl.Expr], Failures]:
    """Parse a date, month, quarter or year into its code, level and first day.

    Parameters
    ----------
    text
        ``2025-03-07``, ``2025-03``, ``2025-Q1``, ``2025 Q1`` or ``2025``. A date is coarsened to its month.

    Returns
    -------
    tuple
        ``{"code": …, "level": …, "start": …}``, and the failures ``impossible_period`` and ``not_a_period``.
    """
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
    start = pl.when(start.dt.year().is_between(1900, 2200)).then(start)
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
            "impossible_period": ~known & looks,
            "not_a_period": ~known & text.is_not_null() & ~looks,
        },
    )
