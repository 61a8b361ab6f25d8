"""Names of columns: each its own, and shown in messages only where they cannot be cells of a record.

In a file without a header the first record stands where the names should be. Every message that prints names
of a user's columns takes them from here.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence

import polars as pl

from etl.contracts.by_distinct import values_of
from etl.errors import EtlError
from etl.lines import LINE
from etl.readers.grid import JOIN

MASKED = "(a heading that looks like data)"
_LIKE_DATA = re.compile(r"\d{4,}|@|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_NUMBER_OR_DAY = re.compile(r"[<>≤≥~]?\s*[-+]?[\d.,\s]*\d\s*%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|.*@.*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MADE = r"^@(?:sheet|title)$"  # columns that a mapping asks for and no file has
_LONGEST = 60


def name_columns(
    file: str, frame: pl.DataFrame, names: Sequence[str], known: Collection[str] = ()
) -> list[str]:
    """Give every column a name and refuse names that come twice.

    A column without a heading is called ``no_heading_<position>``. ``known`` are names that a mapping gives.

    Raises
    ------
    EtlError
        Two columns with one name.
    """
    full = [name or f"no_heading_{position}" for position, name in enumerate(names, start=1)]
    twice = [name for name, count in Counter(full).items() if count > 1]
    if twice:
        is_data = is_record(names, frame.drop(LINE, strict=False))
        given = {name.casefold() for name in known}
        shown = ", ".join(
            f"{_quoted(name, is_record=is_data and name.casefold() not in given)} ({_positions(full, name)})"
            for name in twice
        )
        raise EtlError(
            f"{file}: a column name comes twice: {shown}. Each column needs a name of its own.",
            "Rename or delete one of them in the file, then run the command again; or, where the headings "
            "stand in two rows, say so: header_row and header_rows in the mapping.",
        )
    return full


def _positions(names: Sequence[str], name: str) -> str:
    return "columns " + " and ".join(str(i) for i, other in enumerate(names, start=1) if other == name)


def show_names(names: Collection[str], frame: pl.DataFrame, known: Collection[str] = ()) -> str:
    """Return names of columns in quotes, as messages may show them.

    Parameters
    ----------
    names
        Some columns of the frame.
    frame
        The table, its columns named as in the file.
    known
        Names that a mapping or a source gives, which are no cells of a file.
    """
    cells = frame.select(pl.exclude(LINE, _MADE))
    is_data = is_record(cells.columns, cells)
    return ", ".join(_quoted(name, is_record=is_data and name not in known) for name in names)


def is_record(names: Sequence[str], frame: pl.DataFrame) -> bool:
    """Tell whether what stands for the names of columns may be a record.

    Names are words of their own. A record has numbers, dates or addresses among its cells, and words that
    come again in the rows below (the town, the yes and no). Years may head columns.
    """
    for position, name in enumerate(names):
        parts = [part for part in name.split(JOIN) if part]
        if any(_is_data(part) for part in parts):
            return True
        if parts and position < frame.width and values_of(frame.to_series(position)).is_in(parts).any():
            return True
    return False


def _is_data(text: str) -> bool:
    return not _YEAR.fullmatch(text) and bool(_NUMBER_OR_DAY.fullmatch(text))


def _quoted(name: str, *, is_record: bool) -> str:
    return f"'{MASKED if is_record else show_name(name)}'"


def show_name(name: str) -> str:
    """Return one name as messages may show it: long ones cut, those with digits that look like data masked.

    A year that is all of a heading, or of one of several rows of it, is no data.

    For a name that a mapping gives, or that was found by what it means; of others see `show_names`.
    """
    if any(_LIKE_DATA.search(part) and not _YEAR.fullmatch(part) for part in name.split(JOIN)):
        return MASKED
    return name if len(name) <= _LONGEST else name[: _LONGEST - 3] + "…"
