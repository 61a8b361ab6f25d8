"""Works a column out once for each distinct value: dates, codes and words repeat a thousand times."""

from collections.abc import Sequence

import polars as pl

FEW_ROWS = 10_000
_KEY = "_distinct"


def by_distinct(column: pl.Series, expressions: Sequence[pl.Expr]) -> pl.DataFrame:
    """Evaluate expressions over one column, on its distinct values where that is less work.

    Parameters
    ----------
    column
        String column; expressions refer to it by its name.
    expressions
        Must look at one row at a time and have names of their own.

    Returns
    -------
    polars.DataFrame
        One row for each row of the column, in its order.
    """
    frame = column.to_frame()
    if frame.height <= FEW_ROWS or column.n_unique() * 4 > frame.height:
        return frame.select(expressions)
    worked_out = frame.unique().select(pl.col(column.name).alias(_KEY), *expressions)
    return (
        frame.select(pl.col(column.name).alias(_KEY))
        .join(worked_out, on=_KEY, how="left", nulls_equal=True, maintain_order="left")
        .drop(_KEY)
    )
