"""Cells that cannot be read, where a mapping says that they are not recorded (``unreadable``)."""

from collections.abc import Mapping
from functools import reduce
from operator import or_

import polars as pl

from etl.contracts.tables import Column

UNREAD = {"column_name": pl.String, "line": pl.Int64}


def forgiven(
    column: Column, values: Mapping[str, pl.Series], failures: Mapping[str, pl.Series]
) -> tuple[dict[str, pl.Series], pl.Series]:
    """Return what a column holds without what could not be read, and in which rows that was.

    Of several codes in one cell those that are known stay.

    Parameters
    ----------
    column
        An optional one.
    values
        What its cells are read as, by name.
    failures
        Which cells broke a rule, by rule.
    """
    size = next(iter(values.values())).len()
    lost = reduce(or_, failures.values(), pl.repeat(False, size, eager=True))
    cleared = {name: _without(column, series, lost) for name, series in values.items()}
    return cleared, lost


def _without(column: Column, series: pl.Series, lost: pl.Series) -> pl.Series:
    if column.kind == "codes" and column.codes:
        known = series.list.eval(pl.element().filter(pl.element().is_in(list(column.codes))))
        series = (
            known.to_frame("codes")
            .select(pl.when(pl.col("codes").list.len() > 0).then("codes"))["codes"]
            .alias(series.name)
        )
        return series
    return series.zip_with(~lost, pl.Series([None], dtype=series.dtype).new_from_index(0, series.len()))
