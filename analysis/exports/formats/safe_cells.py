"""Text that a spreadsheet must not run."""

import polars as pl

FORMULA = r"^[\s'\"]*[=+\-@＝＋－＠]|^[\t\r\n]"
"""Beginnings of a formula, with their full-width forms (OWASP, CSV injection)."""


def harmless_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table whose text cells start no formula: those that would get an apostrophe in front.

    Parameters
    ----------
    frame
        Any table. Numbers are left alone, negative ones too; line breaks and tabs in texts become spaces.
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(_harmless(pl.col(name)).alias(name) for name in texts)


def _harmless(column: pl.Expr) -> pl.Expr:
    flat = column.str.replace_all(r"[\t\r\n]+", " ")
    return pl.when(column.str.contains(FORMULA)).then(pl.concat_str(pl.lit("'"), flat)).otherwise(flat)
