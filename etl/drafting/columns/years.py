"""Which year columns are of that say the month or the quarter alone."""

import re
from collections.abc import Sequence

import polars as pl

from etl.mapping.cells.dates import IN_YEAR, in_twelve_months

_PAIR = re.compile(r"(?<!\d)((?:19|20)\d\d) ?[-/–_] ?((?:19|20)?\d\d)(?!\d)")
_ONE_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: Words of a line that tells when it was written, not of when its numbers are.
_OF_PRINT = re.compile(
    r"(?i)\b(?:as of|printed|prepared|created|updated|generated|exported|revised|run|date|until|through)\b"
)
_FINANCIAL = re.compile(r"(?i)(?<![a-z])(?:fy|fiscal|financial|sfy|ffy)")


def first_month(names: Sequence[str], headings: Sequence[str], formats: Sequence[str]) -> str:
    """Return the first of the months that columns are called, with the year that a name says.

    Parameters
    ----------
    names
        Of the tab and of the file, and what stands above the headings: the first that says one year holds.
    headings
        Names of the columns, which say no year.
    formats
        How they are written.

    Returns
    -------
    str
        As ``2024-01``; empty where no name says it, or a year such as 2024 may be a financial one.

    Examples
    --------
    >>> first_month(["Hotline 2024"], ["Jan", "Feb", "Mar"], ["mmm"])
    '2024-01'
    >>> first_month(["Calls", "FY 2023-24"], ["Jul", "Dec", "Jan", "Jun"], ["mmm"])
    '2023-07'
    >>> first_month(["FY2024"], ["Jul", "Aug", "Sep"], ["mmm"]), first_month(["Calls"], ["Jan"], ["mmm"])
    ('', '')
    """
    months = _numbers(headings, formats)
    goes_round = months != sorted(months)
    for name in names:
        if _OF_PRINT.search(name):
            continue
        pairs = {(found[1], found[2]) for found in _PAIR.finditer(name)}
        rest = _PAIR.sub(" ", name)
        years = {found[0] for found in _ONE_YEAR.finditer(rest)}
        if len(pairs) + len(years) != 1:
            continue
        if pairs and goes_round:
            [(year, end)] = pairs
            return f"{year}-{months[0]:02d}" if int(end[-2:]) == (int(year) + 1) % 100 else ""
        if years and not goes_round and not _FINANCIAL.search(name):
            return f"{years.pop()}-{months[0]:02d}"
        return ""
    return ""


def months_from(year: int | str, headings: Sequence[str], formats: Sequence[str]) -> str:
    """Return the first of the months that columns are called, in a year.

    >>> months_from(2023, ["Jul", "Aug"], ["mmm"]), months_from("20…", ["Q1", "Q2"], ["'Q'q"])
    ('2023-07', '20…-01')
    """
    return f"{year}-{_numbers(headings, formats)[0]:02d}"


def _numbers(headings: Sequence[str], formats: Sequence[str]) -> list[int]:
    """Return the number of the first month of each heading."""
    cells = pl.DataFrame({"cell": list(headings)})
    read = in_twelve_months(pl.col("cell"), tuple(IN_YEAR + text for text in formats), "2000-01")
    iso = cells.select(read).to_series().to_list()
    return [int(one[6:]) * 3 - 2 if one[5] == "Q" else int(one[5:7]) for one in iso]
