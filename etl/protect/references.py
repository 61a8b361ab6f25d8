"""References that no longer say whose they are: a file that holds them is refused before anybody is merged.

Rows of one reference are one person. A reference damaged by a spreadsheet program, or a first name in place
of a number, makes one person of several, and nothing in the figures shows it.
"""

import polars as pl

from analysis.words import counted
from etl.contracts.batch import Batch
from etl.contracts.folding import folded
from etl.errors import EtlError
from etl.lines import LINE, first_lines_words

_SCIENTIFIC = r"^\d(?:[.,]\d+)?e\+\d{2,3}$"  # folded: as a spreadsheet program writes a long number
_WORD = r"^\p{L}[\p{L}'’. -]+$"  # no digit anywhere
_FEW = 20  # rows below which repeats say nothing
_REPEATED = 0.8  # distinct references by rows, above which nobody was merged to speak of
_FAR_MORE = 10  # times the usual number of rows of a reference


def refuse_damaged(batch: Batch, file: str) -> None:
    """Refuse references that cannot be told apart.

    Parameters
    ----------
    batch
        Rows of a table, before their references are hashed.
    file
        Its name, for the message.

    Raises
    ------
    EtlError
        With the column and the first lines, never a reference.
    """
    for column in batch.contract.columns:
        if not column.reference or column.name not in batch.frame.columns:
            continue
        rows = batch.frame.select(LINE, folded(pl.col(column.name)).alias("ref")).filter(pl.col("ref") != "")
        _refuse_scientific(rows, column.name, file)
        if batch.contract.personal and column.name == f"{batch.table}_ref":
            _refuse_names(rows, column.name, file)
            _refuse_repeats(rows, column.name, file)


def _refuse_scientific(rows: pl.DataFrame, column: str, file: str) -> None:
    damaged = rows.filter(pl.col("ref").str.contains(_SCIENTIFIC))
    if damaged.height:
        raise EtlError(
            f"{file}: {column} holds {counted(damaged.height, 'number')} that a spreadsheet program has cut "
            f"short, {_lines(damaged)}. Nobody can tell whose they are. Nothing was loaded.",
            "Export the file again with that column as text, and do not open it in between.",
        )


def _refuse_names(rows: pl.DataFrame, column: str, file: str) -> None:
    words = rows.filter(pl.col("ref").str.contains(_WORD))
    is_merged = words["ref"].n_unique() < _REPEATED * words.height
    if rows.height >= _FEW and 2 * words.height > rows.height and is_merged:
        raise EtlError(
            f"{file}: {column} holds words and not numbers, and {words.height:,} rows share "
            f"{words['ref'].n_unique():,} of them, {_lines(words)}. People of one name would become one "
            "person. Nothing was loaded.",
            "Give each person a number of their own, or leave the column out of the mapping.",
        )


def _refuse_repeats(rows: pl.DataFrame, column: str, file: str) -> None:
    counted = rows.group_by("ref").agg(pl.len().alias("rows"))
    usual = counted["rows"].median()
    if rows.height < _FEW or not isinstance(usual, (int, float)):
        return
    often = counted.filter(pl.col("rows") > _FAR_MORE * max(usual, 1))
    if often.height:
        repeated = rows.join(often, on="ref", how="semi", maintain_order="left")
        raise EtlError(
            f"{file}: {often.height:,} of the references in {column} stand on {repeated.height:,} rows, far "
            f"more than the others ({usual:g} rows each as a rule), {_lines(repeated)}. They look like "
            "placeholders for people without a number. Nothing was loaded.",
            "Say in the mapping that such a cell is missing (missing = [...] of the column), or give each "
            "person a number.",
        )


def _lines(rows: pl.DataFrame) -> str:
    return f"first on line {first_lines_words(rows[LINE].sort())}"
