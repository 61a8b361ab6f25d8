"""Reads tables of text: finds the delimiter and the header, then splits the lines below into records."""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from analysis.words import counted
from etl.errors import EtlError
from etl.ledger import Ledger
from etl.lines import LINE, first_lines_words
from etl.readers.encoding import decode
from etl.readers.grid import LOOK_AHEAD, Header, find_header, refuse_header_row
from etl.readers.limits import Limits, refuse_length, refuse_width
from etl.readers.records import SPILL, Records, count_lines, split_records, unexplained_mark

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}
_HEAD = 256_000  # characters looked at to find the delimiter and the header


@dataclass(frozen=True)
class Grid:
    """A table found in a file: rows below the header, as text, one column a position.

    ``frame`` has ``c0`` … ``cN`` (String) and ``_line`` (Int64, line or row in the file). ``ledger`` counts
    the lines of the raw file; blank ones and what is left out are not yet in it.
    """

    frame: pl.DataFrame
    header: Header
    notes: tuple[str, ...]
    ledger: Ledger


def find_delimiter(text: str, tab_first: bool = False) -> str:
    """Return the delimiter under which most lines have the same, largest number of cells."""
    head = _whole_lines(text)
    best, best_score = "\t" if tab_first else ",", 0.0
    for delimiter in DELIMITERS:
        widths = Counter(len(cells) for cells in _parse(head, delimiter) if any(cells))
        total = sum(widths.values())
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            continue
        width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
        score = count / total + min(width, 50) / 1000
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _whole_lines(text: str) -> str:
    if len(text) <= _HEAD:
        return text
    return text[: text.rfind("\n", 0, _HEAD) + 1] or text[:_HEAD]


def _parse(head: str, delimiter: str) -> list[list[str]]:
    """Return the first rows as this delimiter would have them; none when it cannot be the delimiter."""
    try:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        return list(itertools.islice(reader, LOOK_AHEAD + 1))
    except csv.Error:  # a cell longer than the csv module allows
        return []


def read_text(
    data: bytes,
    file: str,
    *,
    encoding: str | None,
    delimiter: str | None,
    expected: Collection[str],
    header_row: int | None,
    header_rows: int | None,
    tab_first: bool,
    limits: Limits,
) -> Grid:
    """Read a text table.

    Raises
    ------
    EtlError
        Wrong encoding or delimiter, only blanks, a quotation mark never closed, rows wider than the header.
    """
    text, notes = decode(data, file, encoding)
    if "\r" in text:  # Windows and old Mac line ends
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise EtlError(f"{file}: the file holds only blanks.", "Export it again, then run the command again.")
    lines = count_lines(text)
    refuse_length(file, lines, limits)
    used = delimiter or find_delimiter(text, tab_first)
    head = _whole_lines(text)
    rows, starts = _rows_and_lines(head, used, file)
    refuse_width(file, max(map(len, rows), default=0), limits)
    header = find_header(rows, expected, header_row, header_rows)
    if header is None:
        refuse_header_row(file, header_row)
        raise EtlError(
            f"{file}: no row with column names was found.", "Add a header row, then run the command again."
        )
    if delimiter and len([n for n in header.names if n]) < 2:
        _suggest_delimiter(text, file, delimiter)
    below = header.row + header.height
    first_line = starts[below] if below < len(starts) else head.count("\n") + 2
    body = _from_line(text, first_line)
    records = split_records(body, used, len(header.names), file, first_line)
    frame = _read_rows(records, used, len(header.names), file)
    notes += _short_rows(frame)
    ledger = Ledger(lines, min(first_line - 1, lines), continuation=records.continuation)
    return Grid(frame, header, tuple(notes), ledger)


def _rows_and_lines(head: str, delimiter: str, file: str) -> tuple[list[list[str]], list[int]]:
    """Return the first rows and the line each begins on (a quoted cell may hold line breaks)."""
    rows: list[list[str]] = []
    starts: list[int] = []
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    start = 1
    try:
        for cells in itertools.islice(reader, LOOK_AHEAD + 3):
            rows.append(cells)
            starts.append(start)
            start = reader.line_num + 1
    except csv.Error:
        raise unexplained_mark(file, start, reader.line_num) from None
    return rows, starts


def _from_line(text: str, line: int) -> str:
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
        if at == 0:
            return ""
    return text[at:]


def _suggest_delimiter(text: str, file: str, delimiter: str) -> None:
    better = find_delimiter(text)
    if better != delimiter:
        raise EtlError(
            f"{file}: with the delimiter {_words(delimiter)} the table has one column; it looks delimited by "
            f"{_words(better)}.",
            "Correct 'delimiter' in the mapping, or delete the line to have it found.",
        )


def _words(delimiter: str) -> str:
    return DELIMITERS.get(delimiter, f"'{delimiter}'")


def _read_rows(records: Records, delimiter: str, width: int, file: str) -> pl.DataFrame:
    beyond = pl.col(SPILL).str.strip_chars(f"{delimiter} \t\u00a0")
    wider = records.frame.filter(beyond != "")
    if wider.height:
        shown = ", ".join(str(number) for number in wider[LINE].head(5))
        more = f" and {wider.height - 5} more" if wider.height > 5 else ""
        raise EtlError(
            f"{file}: rows have more cells than the header has columns ({width}): line {shown}{more}. "
            f"Often a cell holds {_words(delimiter)} without quotation marks.",
            "Put such cells in quotation marks, or set 'delimiter' in the mapping, then run it again.",
        )
    return records.frame.drop(SPILL)


def _short_rows(frame: pl.DataFrame) -> list[str]:
    """Return a note of rows that end before the last column; of a line without any cell there is none."""
    first, last = frame.columns[0], frame.columns[-2]
    short = frame.filter((pl.col(first) != "") & pl.col(last).is_null())[LINE]
    if short.is_empty():
        return []
    shown = first_lines_words(short)
    return [
        f"{counted(short.len(), 'row has')} fewer cells than the header, first on line {shown}: "
        "the rest is blank"
    ]
