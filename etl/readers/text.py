"""Reads tables of text: finds the delimiter and the header, then lets Polars read the rows below."""

import csv
import io
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from etl.errors import EtlError
from etl.readers.encoding import decode
from etl.readers.grid import LOOK_AHEAD, Header, find_header, refuse_header_row

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}
_HEAD = 256_000  # characters looked at to find the delimiter and the header
_SPILL = "_spill"  # catches cells to the right of the last column
_CELL_LINES = 50  # a cell with more line breaks is a quotation mark that was never closed


@dataclass(frozen=True)
class Grid:
    """A table found in a file: rows below the header, as text, one column a position.

    ``frame`` has ``c0`` … ``cN`` (String) and ``_line`` (Int64, line or row in the file).
    """

    frame: pl.DataFrame
    header: Header
    notes: tuple[str, ...]


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
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            rows.append(cells)
            if len(rows) > LOOK_AHEAD:
                break
    except csv.Error:  # a cell longer than the csv module allows: not the delimiter, or a quote left open
        pass
    return rows


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
    used = delimiter or find_delimiter(text, tab_first)
    head = _whole_lines(text)
    rows, starts = _rows_and_lines(head, used)
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
    frame = _read_rows(body, used, len(header.names), file, first_line)
    return Grid(frame, header, tuple(notes))


def _rows_and_lines(head: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Return the first rows and the line each begins on (a quoted cell may hold line breaks)."""
    rows, starts = [], []
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    start = 1
    try:
        for cells in reader:
            rows.append(cells)
            starts.append(start)
            start = reader.line_num + 1
            if len(rows) > LOOK_AHEAD + 2:
                break
    except csv.Error:
        pass
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


def _read_rows(body: str, delimiter: str, width: int, file: str, first_line: int) -> pl.DataFrame:
    names = [f"c{i}" for i in range(width)]
    try:
        frame = _fast(body, delimiter, names)
    except pl.exceptions.PolarsError:  # quotation marks inside cells; its message would quote a record
        frame = _lenient(body, delimiter, names)
    frame = frame.with_columns(_lines(frame, body, file, first_line).alias("_line"))
    wider = frame.filter(pl.col(_SPILL).str.strip_chars() != "")
    if wider.height:
        shown = ", ".join(str(number) for number in wider["_line"].head(5))
        more = f" and {wider.height - 5} more" if wider.height > 5 else ""
        raise EtlError(
            f"{file}: rows have more cells than the header has columns ({width}): line {shown}{more}. "
            f"Often a cell holds {_words(delimiter)} without quotation marks.",
            "Put such cells in quotation marks, or set 'delimiter' in the mapping, then run it again.",
        )
    return frame.drop(_SPILL)


def _lines(frame: pl.DataFrame, body: str, file: str, first_line: int) -> pl.Series:
    """Return the line each row begins on; a quoted cell may hold line breaks, which shift the rows below."""
    line = pl.int_range(first_line, first_line + frame.height, dtype=pl.Int64, eager=True)
    if body.count("\n") <= frame.height:
        return line
    breaks = frame.select(
        pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).fill_null(0))
        .cast(pl.Int64)
        .alias("n")
    )["n"]
    most = breaks.arg_max()
    if most is not None and breaks[most] > _CELL_LINES:
        raise EtlError(
            f"{file}: a quotation mark opened near line {line[most]} is never closed.",
            "Close or delete it in the file, then run the command again.",
        )
    return line + breaks.cum_sum().shift(1, fill_value=0)


def _fast(body: str, delimiter: str, names: list[str]) -> pl.DataFrame:
    schema = {name: pl.String for name in [*names, _SPILL]}
    if not body.strip("\r\n"):
        return pl.DataFrame(schema=schema)
    return pl.read_csv(
        io.BytesIO(body.encode("utf-8", "replace")),
        has_header=False,
        schema=schema,
        separator=delimiter,
        truncate_ragged_lines=True,
        missing_columns="insert",
    )


def _lenient(body: str, delimiter: str, names: list[str]) -> pl.DataFrame:
    columns: list[list[str | None]] = [[] for _ in range(len(names) + 1)]
    limit = csv.field_size_limit(10_000_000)
    try:
        for cells in csv.reader(io.StringIO(body, newline=""), delimiter=delimiter):
            for position, column in enumerate(columns):
                column.append(cells[position] if position < len(cells) else None)
    except csv.Error:
        pass
    finally:
        csv.field_size_limit(limit)
    return pl.DataFrame(
        dict(zip([*names, _SPILL], columns, strict=True)),
        schema_overrides={n: pl.String for n in [*names, _SPILL]},
    )
