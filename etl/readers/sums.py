"""Totals of a table held against the rows that they are of."""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

import polars as pl

from analysis.words import first_few
from etl.contracts.by_distinct import texts, values_of
from etl.lines import LINE
from etl.readers.headings import MASKED, is_record, show_name

_WHOLE = re.compile(r"(-?(?:\d{1,3}(?:[, ']\d{3})+|\d+))(?:[.,]0{1,2})?")
_NO_SUM = re.compile(
    r"%|\b(?:year|per|percent|percentage|rate|share|ratio|average|mean|median|index|age)\b", re.I
)
_FEWEST = 2  # rows that a total is of
_LISTED = 4


def notes(frame: pl.DataFrame, headings: Sequence[str], totals: Collection[int]) -> list[str]:
    """Return a sentence where totals are not what their rows add up to, in columns of whole numbers alone.

    A total may be of the rows above it or below, up to the next total, or of all rows: any of them will do.

    Parameters
    ----------
    frame
        Columns ``c0``, ``c1`` … and ``_line``, totals among them.
    headings
        Names of the columns.
    totals
        Lines of the totals.
    """
    unlike: dict[int, list[str]] = {}
    is_data = is_record(headings, frame.drop(LINE))
    for name, heading in zip(frame.columns, headings, strict=False):
        if name == LINE or not heading or _NO_SUM.search(heading):
            continue
        if not all(_WHOLE.fullmatch(cell) for cell in values_of(frame[name])):
            continue
        for line in _unlike(texts(frame.select(LINE, name)).rows(), totals):
            unlike.setdefault(line, []).append(f"'{MASKED if is_data else show_name(heading)}'")
    if not unlike:
        return []
    told = [f"line {line:,} in {', '.join(columns[:_LISTED])}" for line, columns in sorted(unlike.items())]
    return [f"totals are not what the rows of the table add up to: {first_few(told, _LISTED, '; ')}"]


def _unlike(column: Sequence[tuple[int, str | None]], totals: Collection[int]) -> list[int]:
    """Return the lines of totals that are no sum of rows, in a column of whole numbers."""
    numbers: list[tuple[int, int]] = []
    for line, cell in column:
        if cell is None:
            continue
        if whole := _WHOLE.fullmatch(cell):
            numbers.append((line, int(re.sub(r"[, ']", "", whole[1]))))
    rows = [(line, number) for line, number in numbers if line not in totals]
    if len(rows) < _FEWEST:
        return []
    edges = [0, *sorted(totals), 1 << 62]
    between = {
        (above, below): sum(number for line, number in rows if above < line < below)
        for above, below in pairwise(edges)
    }
    every = sum(between.values())
    found = []
    for line, number in numbers:
        if line in totals:
            near = [added for span, added in between.items() if line in span]
            above = sum(added for (_, below), added in between.items() if below <= line)
            if number not in (*near, above, every):
                found.append(line)
    return found
