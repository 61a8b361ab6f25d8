"""Ages as people write them: 17 yrs, mid 20s, under 18, 25-30.

An age in words is a range of years. Only what the whole range says is kept: a band where it lies inside one,
child or adult where it lies on one side of 18. Nobody's age is made up from a range.
"""

import re
from functools import cache

import polars as pl

from analysis.catalog.load import load_catalog

TARGETS = ("age", "age_band", "age_group")
_OLDEST = 120
_ADULT = 18
_NUMBER = r"(\d{1,3})(?:[.,]\d|½)?"
_UNIT = (
    r"(?: ?-?(?:y/?o|y\.o\.|yrs?\.?|years?|y|años|ans|anos|jahre?|jaar|anni|a\.)(?: ?-?(?:old|of age|alt))?)?"
)
_BEGIN = r"(?:aged?:? )?"
_PARTS = {"early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9), "": (0, 9)}
_EXACT = re.compile(rf"{_BEGIN}{_NUMBER}{_UNIT}(?:,? (?:and )?\d{{1,2}} ?m(?:o|os|onths?)?\.?)?")
_MONTHS = re.compile(r"(\d{1,2}) ?m(?:o|os|onths?)?\.?(?: old)?")
_RANGE = re.compile(rf"{_BEGIN}(?:between |from )?{_NUMBER} ?(?:-|–|—|/|to|or|and) ?{_NUMBER}{_UNIT}")
_DECADE = re.compile(
    rf"{_BEGIN}(?:in )?(?:(?:the|their|her|his) )?(early|mid|middle|late|)[ -]?([1-9]0)[’']?s"
)
_BELOW = re.compile(rf"(?:under|below|less than|younger than|<) ?{_NUMBER}{_UNIT}")
_UP_TO = re.compile(
    rf"(?:up to|at most|≤|<=) ?{_NUMBER}{_UNIT}|{_NUMBER}{_UNIT} (?:and|or|&) (?:under|younger|below|less)"
)
_ABOVE = re.compile(rf"(?:over|above|more than|older than|>) ?{_NUMBER}{_UNIT}")
_FROM = re.compile(
    rf"(?:at least|≥|>=) ?{_NUMBER}{_UNIT}|{_NUMBER}{_UNIT} ?\+|"
    rf"{_NUMBER}{_UNIT} (?:and|or|&) (?:over|older|above|up|more)"
)
_WORDS = {"child": (0, 17), "minor": (0, 17), "juvenile": (0, 17), "adult": (18, _OLDEST)}
_WORDS |= dict.fromkeys(("teen", "teens", "teenager", "in teens"), (13, 19))


@cache
def years(text: str) -> tuple[int, int] | None:
    """Return the youngest and the oldest age that a cell can mean; None where it cannot be read.

    Examples
    --------
    >>> years("17 yrs"), years("mid-20's"), years("under 18"), years("25-30"), years("18+"), years("tall")
    ((17, 17), (24, 26), (0, 17), (25, 30), (18, 120), None)
    """
    plain = " ".join(text.casefold().split())
    if plain in _WORDS:
        return _WORDS[plain]
    if found := _EXACT.fullmatch(plain):
        low = high = int(found[1])
    elif found := _MONTHS.fullmatch(plain):
        low = high = int(found[1]) // 12
    elif found := _RANGE.fullmatch(plain):
        low, high = int(found[1]), int(found[2])
    elif found := _DECADE.fullmatch(plain):
        first, last = _PARTS[found[1]]
        low, high = int(found[2]) + first, int(found[2]) + last
    elif found := _BELOW.fullmatch(plain):
        low, high = 0, int(found[1]) - 1
    elif found := _UP_TO.fullmatch(plain):
        low, high = 0, _first(found)
    elif found := _ABOVE.fullmatch(plain):
        low, high = int(found[1]) + 1, _OLDEST
    elif found := _FROM.fullmatch(plain):
        low, high = _first(found), _OLDEST
    else:
        return None
    return (low, high) if low <= high <= _OLDEST else None


def _first(found: re.Match[str]) -> int:
    return int(next(number for number in found.groups() if number))


def told(text: str, target: str) -> str | None:
    """Return what a cell says about age, age band or child and adult; None where it does not say it.

    A cell that cannot be read stays as it is for the age, which the contract then rejects, and says nothing
    of the other two.

    Examples
    --------
    >>> [told("mid 20s", target) for target in TARGETS]
    [None, '24_29', 'adult']
    >>> [told("17 yrs", target) for target in TARGETS]
    ['17', None, None]
    >>> [told("under 25", target) for target in TARGETS]
    [None, None, None]
    """
    span = years(text)
    if span is None:
        return text if target == "age" else None
    low, high = span
    if low == high:
        return str(low) if target == "age" else None
    if target == "age_band":
        return next((code for code, first, last in _bands() if first <= low and high <= last), None)
    if target == "age_group":
        return "child" if high < _ADULT else "adult" if low >= _ADULT else None
    return None


@cache
def _bands() -> tuple[tuple[str, int, int], ...]:
    """Return code, youngest and oldest age of each band; codes say them (``dimensions/age_band.toml``)."""
    parts = [(code, *code.split("_")) for code in load_catalog().dimensions["age_band"].known_codes]
    return tuple((code, int(low), _OLDEST if high == "plus" else int(high)) for code, low, high in parts)


def read(cell: pl.Expr, target: str) -> pl.Expr:
    """Return what cells say about one of `TARGETS`; see :func:`told`."""

    def told_of(cells: pl.Series) -> pl.Series:
        words = {word: told(word, target) for word in cells.drop_nulls().unique().to_list()}
        return cells.replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.String)

    return cell.map_batches(told_of, return_dtype=pl.String, is_elementwise=True)


def say_nothing(cells: pl.Series) -> pl.Series:
    """Return which cells are read and yet tell neither a band nor child or adult, such as "under 25"."""
    silent = [
        word
        for word in cells.drop_nulls().unique().to_list()
        if years(word) and not any(told(word, target) for target in TARGETS)
    ]
    return cells.is_in(silent).fill_null(False)
