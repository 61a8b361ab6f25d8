"""References that no longer say whose they are: a file that holds them is refused before anybody is merged.

Rows of one reference are one person. A reference damaged by a spreadsheet program, or a first name in place
of a number, makes one person of several, and nothing in the figures shows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from analysis.words import counted
from etl.contracts.batch import Batch
from etl.contracts.parse import folded_column
from etl.errors import EtlError
from etl.lines import LINE, first_lines_words

_SCIENTIFIC = r"^\d(?:[.,]\d+)?e\+\d{2,3}$"  # folded: as a spreadsheet program writes a long number
#: Folded: what a spreadsheet program shows in place of a value, in any language: #REF!, #N/A, Err:502, ####.
_ERROR = r"^#[¡¿]?\p{L}[\p{L}\d/_. ]*[!?]$|^#(?:n/a|n/d|nv|null|getting_data)$|^err:\d{3}$|^#{2,}$"
_EDGES = r"^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$"  # (unknown), [none], n/a?
_NOBODY = r"^0*$|^x+$"  # once the edges are off: nothing is left of a dash or a question mark
#: Folded, without edges: words that say that there is no number.
_NO_NUMBER = frozenset(
    {
        *("unknown", "unk", "not known", "unidentified", "unnamed", "undisclosed", "anonymous", "anon"),
        *("n/a", "na", "n.a", "n / a", "n.d", "n/d", "none", "no", "null", "nil", "nan", "nothing"),
        *("missing", "blank", "empty", "not applicable", "not available", "not recorded", "not given"),
        *("not stated", "not provided", "not assigned", "not collected", "not disclosed", "unassigned"),
        *("no id", "no number", "no ref", "no reference", "no client number", "unknown client"),
        *("client unknown", "person unknown", "unknown person", "id unknown", "unknown id", "no name"),
        *("refused", "declined", "withheld", "pending", "tbc", "tba", "tbd", "to be confirmed"),
        *("desconocido", "desconocida", "ninguno", "ninguna", "sin datos", "sin número", "inconnu"),
        *("inconnue", "aucun", "unbekannt", "keine", "ohne", "sconosciuto", "desconhecido", "nieznany"),
    }
)
_WORD = r"^\p{L}[\p{L}'’. -]+$"  # no digit anywhere
_FEW = 20  # rows below which repeats say nothing
_REPEATED = 0.8  # distinct references by rows, above which nobody was merged to speak of
_ROWS = 500_000  # looked at at once
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
        found = _looked_at(batch.frame, column.name)
        _refuse_scientific(found.cut_short, column.name, file)
        _refuse_errors(found.errors, column.name, file)
        _refuse_placeholders(found.nobody, column.name, file)
        if batch.contract.personal and column.name == f"{batch.table}_ref":
            _refuse_names(found, column.name, file)
            _refuse_repeats(batch.frame, found, column.name, file)


@dataclass(frozen=True)
class _Found:
    """What a look at all references found: rows of them by what they look like, and a number for each one."""

    cut_short: pl.DataFrame
    errors: pl.DataFrame
    nobody: pl.DataFrame
    words: pl.DataFrame
    numbers: pl.Series

    @property
    def height(self) -> int:
        """Rows that have a reference."""
        return self.numbers.len()


def _rows(frame: pl.DataFrame, column: str) -> Iterator[pl.DataFrame]:
    """Yield line and folded reference of rows that have one, part by part: millions are not held twice."""
    cells = frame.select(LINE, pl.col(column).alias("ref"))
    for part in cells.iter_slices(_ROWS) if cells.height else (cells,):
        yield part.with_columns(folded_column(part["ref"])).filter(pl.col("ref") != "")


def _looked_at(frame: pl.DataFrame, column: str) -> _Found:
    bare, ref = pl.col("ref").str.replace_all(_EDGES, ""), pl.col("ref")
    tests = (
        ref.str.contains(_SCIENTIFIC),
        ref.str.contains(_ERROR),
        bare.is_in(list(_NO_NUMBER)) | bare.str.contains(_NOBODY),
        ref.str.contains(_WORD),
    )
    odd, numbers = [], []
    for rows in _rows(frame, column):
        odd.append([rows.filter(test) for test in tests])
        numbers.append(rows["ref"].hash())
    cut_short, errors, nobody, words = (pl.concat(parts) for parts in zip(*odd, strict=True))
    return _Found(cut_short, errors, nobody, words, pl.concat(numbers))


def _refuse_scientific(damaged: pl.DataFrame, column: str, file: str) -> None:
    if damaged.height:
        raise EtlError(
            f"{file}: {column} holds {counted(damaged.height, 'number')} that a spreadsheet program has cut "
            f"short, {_lines(damaged)}. Nobody can tell whose they are. Nothing was loaded.",
            "Export the file again with that column as text, and do not open it in between.",
        )


def _refuse_errors(broken: pl.DataFrame, column: str, file: str) -> None:
    if broken.height:
        raise EtlError(
            f"{file}: {column} holds {counted(broken.height, 'error')} of a spreadsheet program, "
            f"such as #REF!, {_lines(broken)}. Nobody can tell whose they are. Nothing was loaded.",
            "Put the references right in the sheet, or empty those cells, and save the file again.",
        )


def _refuse_placeholders(nobody: pl.DataFrame, column: str, file: str) -> None:
    """Refuse words and signs for "no number" on several rows: they would be one person."""
    if nobody["ref"].is_duplicated().any():
        raise EtlError(
            f'{file}: {nobody.height:,} rows have a word or sign for "no number" in {column}, '
            f"{_lines(nobody)}. They would become one. Nothing was loaded.",
            "Say in the mapping that such a cell is missing (missing = [...] of the column), empty those "
            "cells, or give each a number.",
        )


def _refuse_names(found: _Found, column: str, file: str) -> None:
    words = found.words
    is_merged = words["ref"].n_unique() < _REPEATED * words.height
    if found.height >= _FEW and 2 * words.height > found.height and is_merged:
        raise EtlError(
            f"{file}: {column} holds words and not numbers, and {words.height:,} rows share "
            f"{words['ref'].n_unique():,} of them, {_lines(words)}. People of one name would become one "
            "person. Nothing was loaded.",
            "Give each person a number of their own, or leave the column out of the mapping.",
        )


def _refuse_repeats(frame: pl.DataFrame, found: _Found, column: str, file: str) -> None:
    if found.height < _FEW:
        return
    # Sorted, in place of groups: those of millions of references took several times the room.
    runs = found.numbers.sort().rle().struct.unnest()
    usual = runs["len"].median()
    if not isinstance(usual, (int, float)):
        return
    often = runs.filter(pl.col("len") > _FAR_MORE * max(usual, 1))["value"]
    if often.len():
        repeated = pl.concat(rows.filter(rows["ref"].hash().is_in(often)) for rows in _rows(frame, column))
        raise EtlError(
            f"{file}: {often.len():,} of the references in {column} stand on {repeated.height:,} rows, far "
            f"more than the others ({usual:g} rows each as a rule), {_lines(repeated)}. They look like "
            "placeholders for people without a number. Nothing was loaded.",
            "Say in the mapping that such a cell is missing (missing = [...] of the column), or give each "
            "person a number.",
        )


def _lines(rows: pl.DataFrame) -> str:
    return f"first on line {first_lines_words(rows[LINE].sort())}"
