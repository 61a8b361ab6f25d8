"""Text that a spreadsheet must not run.

A spreadsheet treats a cell that begins with one of a few characters as a formula. A label from a file
somebody loaded could therefore carry one. Every text cell of a CSV or XLSX passes through here.
"""

import polars as pl

#: First characters that start a formula in a spreadsheet, with their full-width forms (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_STARTS_A_FORMULA = r"^[\s'\"]*[=+\-@＝＋－＠]|^[\t\r\n]"


def harmless_text(text: str) -> str:
    """Return ``text`` with an apostrophe in front when a spreadsheet could run it.

    Parameters
    ----------
    text : str
        Any cell text.

    Returns
    -------
    str
        The same text, or the text after an apostrophe. A carriage return or tab inside becomes a space, so
        that no later cell can start with it.
    """
    return harmless_frame(pl.DataFrame({"text": [text]}))["text"][0]


def harmless_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """Return ``frame`` with every text column made harmless; numbers are left alone.

    Parameters
    ----------
    frame : polars.DataFrame
        Any table. Negative numbers in number columns stay numbers.

    Returns
    -------
    polars.DataFrame
        The same shape and types.
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(_harmless(pl.col(name)).alias(name) for name in texts)


def _harmless(column: pl.Expr) -> pl.Expr:
    flat = column.str.replace_all(r"[\t\r\n]+", " ")
    # The risk is judged on the text as it came: a tab in front is itself a way to start a formula.
    return (
        pl.when(column.str.contains(_STARTS_A_FORMULA)).then(pl.concat_str(pl.lit("'"), flat)).otherwise(flat)
    )
