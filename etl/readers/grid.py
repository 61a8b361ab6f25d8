"""Finds the table inside a grid of cells: title rows, header of one or two rows, padding, totals, footnotes.

Readers of text and of workbooks hand over the same thing, a few first rows as plain lists, and get back where
the header is and what the columns are called.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from etl.errors import EtlError

JOIN = " / "  # between the two rows of a merged header
LOOK_AHEAD = 60  # rows in which a header is looked for
MOST_HEADER_ROWS = 5  # two are found; more only where a mapping says so
_NUMBER = re.compile(r"[<>≤≥~]?\s*[-+]?[\d.,\s]*\d\s*%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")

_QUANTITY = re.compile(r"[<>≤≥~]?\s*[-+]?[\d.,\s]*\d\s*%?")  # no date
_NOTE = re.compile(r"(\*|†|‡|\(\d\)|\[\d\]|notes?\b|source\b|of (them|which)\b)", re.IGNORECASE)
_NOTE_WORDS = 4

Row = Sequence[str | None]
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0


@dataclass(frozen=True)
class Header:
    """Where the header is and what it says.

    Attributes
    ----------
    row : int
        Index of its first row among the rows looked at.
    height : int
        1, or 2 for a merged header; more only where a mapping says so.
    names : tuple of str
        One name a column; empty where nothing is written.
    title : str
        The nearest row above it in which anything is written; empty without one.
    """

    row: int
    height: int
    names: tuple[str, ...]
    title: str = ""


def tidy(text: str | None) -> str:
    """Collapse line breaks and runs of blanks in a header cell."""
    return " ".join((text or "").replace("\ufeff", "").split())


def find_header(
    rows: Sequence[Row],
    expected: Collection[str] = (),
    row: int | None = None,
    height: int | None = None,
    merges: Collection[Merge] = (),
) -> Header | None:
    """Find the header among the first rows of a grid.

    Parameters
    ----------
    rows
        First rows of the grid, blank rows included.
    expected
        Names that the header should hold; the row with most of them wins.
    row, height
        Given by a mapping (index from 0; up to `MOST_HEADER_ROWS`); None finds them.
    merges
        Merged cells of a workbook. Without them a two-row header is told by its gaps.

    Returns
    -------
    Header or None
        None when all rows are blank, or the given row is not among them.
    """
    rows = [[tidy(cell) for cell in cells] for cells in rows[:LOOK_AHEAD]]
    if not any(any(cells) for cells in rows) or (row is not None and row >= len(rows)):
        return None
    candidates = [row] if row is not None else _candidates(rows, expected)
    best: tuple[int, Header] | None = None
    for index in candidates:
        if height is None and row is None and index and _is_two_rows(rows, index - 1, merges):
            index -= 1  # noqa: PLW2901 - the fuller row was the second one of a merged header
        tall = height or (2 if _is_two_rows(rows, index, merges) else 1)
        header = Header(index, tall, _names(rows, index, tall, merges), _title(rows[:index]))
        matched = _matches(header.names, expected)
        if best is None or matched > best[0]:
            best = (matched, header)
    return best[1] if best else None


def _title(above: Sequence[Row]) -> str:
    """Return the last row of some in which anything is written, its cells in one text."""
    written = [" ".join(dict.fromkeys(filter(None, map(tidy, cells)))) for cells in above]
    return next(filter(None, reversed(written)), "")


def _candidates(rows: Sequence[Row], expected: Collection[str]) -> list[int]:
    """Return rows that may be the header, the likeliest first."""
    filled = [sum(1 for cell in cells if cell) for cells in rows]
    fullest = max(filled)
    likely = [
        index
        for index, cells in enumerate(rows)
        if filled[index] > fullest / 2 and _share_of_words(cells) >= 0.6
    ] or [index for index, count in enumerate(filled) if count][:1]
    if not expected:
        return likely[:1]
    others = [index for index, count in enumerate(filled) if count and index not in likely]
    return likely + others


def _share_of_words(cells: Row) -> float:
    filled = [cell for cell in cells if cell]
    return sum(1 for cell in filled if not _NUMBER.fullmatch(cell)) / max(len(filled), 1)


def _matches(names: Collection[str], expected: Collection[str]) -> int:
    found = {name.casefold() for name in names}
    return sum(1 for name in expected if name.casefold() in found)


def _is_two_rows(rows: Sequence[Row], index: int, merges: Collection[Merge]) -> bool:
    """Tell whether the header has a second row under merged cells."""
    if index + 1 >= len(rows):
        return False
    top, below = rows[index], rows[index + 1]
    # One text in the first cell is a title over the whole table. Merged over its width, it would otherwise
    # pass for a group of all columns, and every name would begin with it.
    if sum(1 for cell in top if cell) == 1 and top[0]:
        return False
    # A workbook says what is merged. A cell of one row over several columns is a group when at least two
    # names stand below it: with one name or none it was merged for its looks alone.
    if merges:
        groups = [
            (first, last)
            for first_row, first, last_row, last in merges
            if first_row == last_row == index and last > first
        ]
        return any(sum(1 for cell in below[first : last + 1] if cell) > 1 for first, last in groups)
    # A text file has no merge marks, only the gaps that merging left: the text stands in the first cell of a
    # group, the others are empty. Empty cells at the right end that stay empty below are the padding of a
    # short row, and no gaps.
    padded = [*below, *[""] * (len(top) - len(below))]
    gaps = [
        column for column, cell in enumerate(top) if not cell and (any(top[column + 1 :]) or padded[column])
    ]
    # Three signs must agree, because a table with a few unnamed columns has gaps too: every gap has a name
    # below it; some column has its name in the first row alone (merged downwards, such as the reference in
    # front of the groups); and the second row is all words, where a first row of data has a number or a date
    # somewhere.
    all_named_below = all(padded[column] for column in gaps)
    merged_down = any(cell and not padded[column] for column, cell in enumerate(top))
    return bool(gaps) and all_named_below and merged_down and _share_of_words(below) == 1


def _names(rows: Sequence[Row], index: int, height: int, merges: Collection[Merge]) -> tuple[str, ...]:
    levels = rows[index : index + height]
    width = max(len(cells) for cells in levels)
    texts = [[str(cell or "") for cell in cells] + [""] * (width - len(cells)) for cells in levels]
    parts = [(text,) if text else () for text in texts.pop()]
    while texts:
        names = [JOIN.join(low) for low in parts]
        groups = _spread(texts.pop(), names, index + len(texts), merges)
        parts = [
            (top, *low) if top and top not in low else low for top, low in zip(groups, parts, strict=True)
        ]
    return tuple(JOIN.join(low) for low in parts)


def _spread(top: list[str], below: list[str], index: int, merges: Collection[Merge]) -> list[str]:
    """Repeat the text of a merged cell over the columns it covers."""
    spread = list(top)
    if merges:
        for first_row, first, last_row, last in merges:
            if first_row <= index <= last_row and first < len(top) and top[first]:
                for column in range(first, min(last, len(top) - 1) + 1):
                    spread[column] = top[first]
        return spread
    owner = ""
    for column, text in enumerate(top):
        if text:
            owner = text if below[column] else ""  # nothing below it: merged downwards, covers only itself
        elif below[column]:
            spread[column] = owner
    return spread


def refuse_header_row(file: str, row: int | None) -> None:
    """Say that a given header row (from 0) is not there; nothing when none was given.

    Raises
    ------
    EtlError
        With the rows in which a header may be.
    """
    if row is not None:
        raise EtlError(
            f"{file}: there are no column names in row {row + 1}; "
            f"a header is one of the first {LOOK_AHEAD} rows.",
            "Correct 'header_row' in the mapping (counted from 1), or delete the line to have it found.",
        )


def is_total(row: Row, labels: Collection[str]) -> bool:
    """Tell whether a row is a total: its first cell is one of ``labels``, whatever else stands in it.

    A label with further words, such as "Total 2024" or "North total", may also be a name ("Total Care"): such
    a row is a total only where everything beside it is a number.
    """
    filled = [cell for cell in (tidy(cell) for cell in row) if cell]
    first = filled[0].casefold().rstrip(":").rstrip() if filled else ""
    if any(first == label.casefold() for label in labels):
        return True
    words = [label.casefold() for label in labels]
    begins = any(first.startswith(f"{word} ") or first.endswith(f" {word}") for word in words)
    return begins and len(filled) > 1 and all(_QUANTITY.fullmatch(cell) for cell in filled[1:])


def is_note(row: Row) -> bool:
    """Tell whether a row is a footnote: it begins with the mark of one, or is a sentence and nothing else."""
    cells = [tidy(cell) for cell in row]
    if len(cells) < 2 or not cells[0]:
        return False
    beside = [cell for cell in cells[1:] if cell]
    if _NOTE.match(cells[0]):
        return all(_QUANTITY.fullmatch(cell) for cell in beside)
    return not beside and len(cells[0].split()) >= _NOTE_WORDS
