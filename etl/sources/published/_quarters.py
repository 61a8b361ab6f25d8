"""Quarters as people write them: in file names, in one column, or as a year and a quarter."""

import re

import polars as pl

from etl.sources._catalogued import key

_MONTHS = {"januarytomarch": 1, "apriltojune": 2, "julytoseptember": 3, "octobertodecember": 4}
_YEAR = r"((?:19|20)\d\d)"
_NUMBERED = re.compile(rf"{_YEAR}[\s_/-]*q([1-4])|q([1-4])[\s_/-]*{_YEAR}", re.IGNORECASE)


def quarter_in(text: str) -> str:
    """Return the quarter that a text names (``2023-Q3``), or an empty text where it names none or two.

    ``2023_q3``, ``Q3 2023`` and ``July to September 2023`` are understood.
    """
    named = {f"{one[1] or one[4]}-Q{one[2] or one[3]}" for one in _NUMBERED.finditer(text)}
    if named:
        return named.pop() if len(named) == 1 else ""
    letters = key(text)
    for months, quarter in _MONTHS.items():
        after = re.search(rf"{months}{_YEAR}|{_YEAR}{months}", letters)
        if after:
            return f"{after[1] or after[2]}-Q{quarter}"
    return ""


def quarters(year: str, quarter: str) -> pl.Expr:
    """Return the quarter of each row from a column of years and one of quarters (``Q3``, ``3``, ``2023 Q3``).

    A cell that is no quarter, or a quarter of another year, stays as it is, for the contract to reject.
    """
    own = pl.col(quarter).str.extract(r"((?:19|20)\d\d)")
    number = pl.col(quarter).str.extract(r"(?i)^(?:\d{4}\s*)?Q?\s*([1-4])(?:\s*\d{4})?$")
    months = pl.col(quarter).map_elements(
        lambda cell: str(_MONTHS.get(key(re.sub(r"\d", "", cell)), "")) or None, return_dtype=pl.String
    )
    years = pl.col(year).str.replace(r"\.0$", "")
    found = pl.coalesce(number, months)
    return (
        pl.when(found.is_not_null() & (own.is_null() | (own == years)))
        .then(pl.concat_str(years, pl.lit("-Q"), found))
        .otherwise(pl.concat_str(years, pl.lit(" "), pl.col(quarter)))
    )


def first_month(quarter: str) -> str:
    """Return the first month of ``2023-Q3``: ``2023-07``."""
    return f"{quarter[:4]}-{3 * int(quarter[-1]) - 2:02d}"


def last_month(quarter: str) -> str:
    """Return the last month of ``2023-Q3``: ``2023-09``."""
    return f"{quarter[:4]}-{3 * int(quarter[-1]):02d}"
