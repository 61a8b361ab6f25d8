"""Words that sheets use for columns and codes: ``data/catalog/synonyms.csv``, which anybody can extend."""

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from analysis.catalog.load import CATALOG_FOLDER
from etl.contracts.tables import Column
from etl.readers import tidy

FILE = CATALOG_FOLDER / "synonyms.csv"
_DIVIDED = "|"
#: What stands in columns of ages, dates or countries where nothing is known.
FOR_NOTHING = ("unk", "unknown", "n/k", "n.k.", "not known", "not recorded", "?", "-")


@cache
def _rows() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return field, code (empty for names of columns) and words, small letters."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(
            (row["field"].strip(), row["code"].strip(), tuple(map(_word, row["words"].split(_DIVIDED))))
            for row in csv.DictReader(stream)
        )


def _word(text: str) -> str:
    return tidy(text).casefold()


@cache
def names_of(field: str) -> tuple[str, ...]:
    """Return what a column of the contracts is called in sheets, the usual names first."""
    listed = [word for name, code, words in _rows() if name == field and not code for word in words]
    return tuple(dict.fromkeys([*listed, field.replace("_", " ")]))


@cache
def _words_of(field: str) -> Mapping[str, str]:
    return MappingProxyType(
        {word: code for name, code, words in _rows() if name == field for word in words if code}
    )


def words_of(column: Column) -> dict[str, str]:
    """Return what words of sheets mean in a column: labels and shipped words, each with its code."""
    labels = {_word(label): code for code, label in column.codes.items()}
    allowed = (*column.codes, *column.rolls_up)
    written = {word: code for code in allowed for word in (code, code.replace("_", " "))}
    shipped = {word: code for word, code in _words_of(column.name).items() if code in allowed}
    return {**labels, **written, **shipped}
