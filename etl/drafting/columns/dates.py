"""Columns of dates that no name tells: the only one there is, and how long one was after another."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from etl.drafting.columns.proving import Proof, prove
from etl.mapping.cells.dates import EXCEL_DAYS, to_iso
from etl.mapping.synonyms import FOR_NOTHING

_DAY = r"^\d{4}-\d{2}-\d{2}$"
_YEARS = re.compile(r"(?:19|20)\d\d(?:\.0)?")
_LONGEST = 25  # years between the first and the last date; births are further apart
_LONG_AGO = 10  # years before the reporting date by which the newest row of a register is not that old
_SHARE = 0.8  # of the cells that must be days, of a column between which and another days are counted


@dataclass(frozen=True)
class Dated:
    """A column and what its cells prove."""

    name: str
    proof: Proof


def is_mostly_dates(proof: Proof, values: Sequence[str]) -> bool:
    """Tell whether nearly all different cells of a column are dates."""
    return proof.is_dates or len(proof.unread) <= 0.2 * len(values)


def may_be_of_births(values: Sequence[str], proof: Proof, newest: int) -> bool:
    """Tell whether dates lie further apart than a register reaches, or all long before its newest year.

    Years alone and months count as well; 0 for a newest year that is not known.
    """
    years = _iso(values, proof).str.extract(r"^(\d{4})(?:-|\.0$|$)").drop_nulls().cast(pl.Int32).to_list()
    if proof.is_financial or not years:
        return False
    return max(years) - min(years) > _LONGEST or bool(newest and max(years) <= newest - _LONG_AGO)


def only_one(frame: pl.DataFrame, names: Sequence[str]) -> Dated | None:
    """Return the one column of dates among some; None where there is none, or more than one.

    Years alone and day numbers are no dates here, as counts and codes look alike; nor are dates that lie
    further apart than a register reaches, which may be of births.
    """
    found = []
    for name in names:
        cells = frame[name].drop_nulls().unique().to_list()
        values = [cell for cell in cells if cell.strip().casefold() not in FOR_NOTHING]
        if not values or all(_YEARS.fullmatch(cell.strip()) for cell in values):
            continue
        proof = prove(values)
        is_dates = not proof.is_financial and is_mostly_dates(proof, values)
        if is_dates and EXCEL_DAYS not in proof.formats and _span(values, proof) <= _LONGEST:
            found.append(Dated(name, proof))
    return found[0] if len(found) == 1 else None


def are_days(frame: pl.DataFrame, name: str, proof: Proof) -> bool:
    """Tell whether nearly all cells of a column of dates are of one day."""
    cells = _iso(frame[name].drop_nulls().to_list(), proof)
    return bool(cells.len()) and int(cells.str.contains(_DAY).sum()) >= _SHARE * cells.len()


def months_of(frame: pl.DataFrame, name: str, proof: Proof) -> pl.Series:
    """Return the month of each row of a column of dates, as ``2025-03``; null where none is said."""
    return _read(frame[name].str.strip_chars(), proof).str.extract(r"^(\d{4}-\d{2})(?:-\d{2})?$")


def resolutions(cells: Sequence[str], proof: Proof) -> Counter[str]:
    """Return how many cells are of a month (or a day in it), a quarter and a year; others are not counted.

    Examples
    --------
    >>> sorted(resolutions(["2025-03-07", "2025-03", "Q1 2025", "2025"], prove(["Q1 2025"])).items())
    [('month', 2), ('quarter', 1), ('year', 1)]
    """
    if proof.is_financial:
        return Counter({"year": len(cells)})
    found = _iso(cells, proof)
    quarters = int(found.str.contains(r"^\d{4}-?\s?Q[1-4]$").sum())
    years = int(found.str.contains(r"^\d{4}(\.0)?$").sum())
    months = int(found.str.contains(r"^\d{4}-\d{1,2}(-\d{1,2})?$").sum())
    return Counter({"month": months, "quarter": quarters, "year": years})


def _iso(cells: Sequence[str], proof: Proof) -> pl.Series:
    return _read(pl.Series([cell.strip() for cell in cells], dtype=pl.String), proof).drop_nulls()


def _read(cells: pl.Series, proof: Proof) -> pl.Series:
    formats = (*proof.formats, *proof.doubtful[:1])  # day or month first: a day it is in either
    return cells.to_frame("cell").select(to_iso(pl.col("cell"), formats)).to_series()


def _span(values: Sequence[str], proof: Proof) -> int:
    years = _iso(values, proof).str.extract(r"^(\d{4})-").drop_nulls().cast(pl.Int32)
    if not years.len():
        return 0
    return int(max(years.to_list()) - min(years.to_list()))
