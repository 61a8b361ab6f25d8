"""Columns kept by their distinct values: dates, codes and words repeat a thousand times.

A text of a long table is kept as a number that stands for it (`pl.Categorical`), which takes a tenth of the
room, and whatever is worked out from it is worked out once for each distinct value. Text that hardly repeats,
such as references, stays text.
"""

from collections.abc import Callable, Sequence

import polars as pl

FEW_ROWS = 10_000
SEPARATOR = "\x1f"  # between several codes in one text
_MOST_DISTINCT = 0.5  # of the rows of a column: above it numbers take more room than they save
_ONE_IN = 50  # rows of a long column that tell whether it may repeat
_ALL_DIFFER = 0.98  # of these
_SMALLEST = ((200, pl.UInt8), (60_000, pl.UInt16))  # distinct values that numbers of one and two bytes hold


def encoded(column: pl.Series) -> pl.Series:
    """Return a column of text by its distinct values, unless it hardly repeats; any other as it is."""
    if column.dtype != pl.String or _never_repeats(column):
        return column
    distinct = column.n_unique()
    if column.len() > FEW_ROWS and distinct > _MOST_DISTINCT * column.len():
        return column
    physical = next((kind for most, kind in _SMALLEST if distinct <= most), pl.UInt32)
    return column.cast(pl.Categorical(pl.Categories.random(physical=physical)))


def _never_repeats(column: pl.Series) -> bool:
    """Tell from a part of a long column that it hardly repeats: to count millions of references took seconds.

    Neither rows far apart repeat nor neighbours, as those of one reference may be.
    """
    few = column.len() // _ONE_IN
    parts = (column.head(few), column.gather_every(_ONE_IN))
    return few > FEW_ROWS and all(part.n_unique() > _ALL_DIFFER * part.len() for part in parts)


def is_encoded(column: pl.Series) -> bool:
    """Tell whether a column is kept by its distinct values."""
    return isinstance(column.dtype, pl.Categorical)


def texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with text in place of numbers that stand for it."""
    return frame.with_columns(column.cast(pl.String) for column in frame.get_columns() if is_encoded(column))


def distinct(column: pl.Series) -> pl.Series:
    """Return the distinct values of a column as text, without null."""
    return column.unique().drop_nulls().cast(pl.String)


def different(column: pl.Series) -> pl.Series:
    """Return each text of a column once in the order of its rows, without null."""
    return column.unique(maintain_order=True).drop_nulls()


def values_of(column: pl.Series) -> pl.Series:
    """Return what is in a column as text, without null: each value once only where it is kept so."""
    return distinct(column) if is_encoded(column) else column.drop_nulls()


def by_distinct(column: pl.Series, expressions: Sequence[pl.Expr]) -> pl.DataFrame:
    """Evaluate expressions over one column, on its distinct values where it is kept by them.

    Parameters
    ----------
    column
        Text; expressions refer to it by its name.
    expressions
        Must look at one row at a time and have names of their own.

    Returns
    -------
    polars.DataFrame
        One row for each row of the column, in its order.
    """
    return work_out(column, lambda frame: frame.select(expressions))


def work_out(column: pl.Series, work: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """Return what work makes of a column, row by row; work sees each distinct value once where it can."""
    if not is_encoded(column):
        return work(column.to_frame())
    values = column.unique()
    places = _places(column, values)
    return work(values.cast(pl.String).to_frame()).select(pl.all().gather(places))


def recoded(column: pl.Series, expression: pl.Expr) -> pl.Series:
    """Return what an expression makes of each row of a column; text comes as the column is kept."""
    if not is_encoded(column):
        return column.to_frame().select(expression).to_series()
    values = column.unique()
    places = _places(column, values)
    made = values.cast(pl.String).to_frame().select(expression).to_series()
    return encoded(made).gather(places) if made.dtype == pl.String else made.gather(places)


def _places(column: pl.Series, values: pl.Series) -> pl.Series:
    """Return the place of each row's value among the distinct ones."""
    numbers = values.to_physical().cast(pl.UInt32)
    none = max(numbers.drop_nulls().to_list(), default=0) + 1
    place = pl.zeros(none + 1, dtype=pl.UInt32, eager=True)
    place = place.scatter(numbers.fill_null(none), pl.int_range(values.len(), dtype=pl.UInt32, eager=True))
    return place.gather(column.to_physical().cast(pl.UInt32).fill_null(none))
