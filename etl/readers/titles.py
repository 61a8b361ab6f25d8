"""The line above the headings, as a column of its own where a mapping asks for it."""

import polars as pl

from etl.errors import EtlError
from etl.lines import LINE

TITLE = "@title"


def titled(frame: pl.DataFrame, file: str, title: str) -> pl.DataFrame:
    """Return a table whose rows all say what stands in the line above its headings.

    Parameters
    ----------
    frame
        Text columns, and ``_line``, which stays the last.
    file
        For messages.
    title
        That line; empty where there is none.

    Raises
    ------
    EtlError
        There is none, or a column goes by its name.
    """
    if not title or TITLE in frame.columns:
        came = f"a column is called '{TITLE}'" if title else "there is no line above the headings"
        raise EtlError(
            f"{file}: {came}; the mapping reads that line as '{TITLE}'.",
            "Write what it should say into the mapping, under [table.constants], or name the row of the "
            "headings: header_row",
        )
    return frame.with_columns(pl.lit(title).alias(TITLE)).select(pl.exclude(LINE), LINE)
