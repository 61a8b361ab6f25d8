"""Splits a text into records: which lines belong together, and what the cells of each are.

Without quotation marks a line is a record. With them the rules are strict (RFC 4180): a mark that opens a
cell is closed at the end of that cell, and a record over several lines must not look like several records. A
text that breaks them is refused with its lines; nothing is repaired, because one stray mark makes hundreds of
records one.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from etl.errors import EtlError
from etl.lines import LINE

SPILL = "_spill"  # catches cells to the right of the last column
_CHUNK = 100_000  # records turned into a frame at once: lists of Python take ten times the room
_LARGEST_CELL = 1_000_000  # characters
_CURE = "Close or delete the mark, or put the cell's text on one line, then run the command again."


@dataclass(frozen=True)
class Records:
    """The records of a text.

    ``frame`` has ``c0`` … ``cN`` and ``_spill`` (String; null where a line ends before that cell) and
    ``_line`` (Int64, the line each begins on). ``continuation`` counts lines inside cells that began above.
    """

    frame: pl.DataFrame
    continuation: int


def count_lines(text: str) -> int:
    """Return how many lines a text has; one that ends without a line break counts."""
    return text.count("\n") + (not text.endswith("\n")) if text else 0


def split_records(body: str, delimiter: str, width: int, file: str, first_line: int) -> Records:
    """Split the lines below the header into records.

    Parameters
    ----------
    body
        The lines, ended by line feeds.
    delimiter, width
        Between cells; columns that the header has.
    file, first_line
        For messages: its name, and the line that ``body`` begins on.

    Raises
    ------
    EtlError
        Quotation marks that break the rules, with the lines.
    """
    names = [f"c{position}" for position in range(width)]
    if not body:
        return Records(pl.DataFrame(schema=dict.fromkeys([*names, SPILL], pl.String) | {LINE: pl.Int64}), 0)
    if '"' in body:
        return _quoted(body, delimiter, names, file, first_line)
    lines = pl.Series("line", [body.removesuffix("\n")]).str.split("\n").explode()
    cells = pl.col("line").str.splitn(delimiter, width + 1).struct.rename_fields([*names, SPILL])
    frame = lines.to_frame().select(cells).unnest("line")
    numbers = pl.int_range(first_line, first_line + frame.height, dtype=pl.Int64, eager=True)
    return Records(frame.with_columns(numbers.alias(LINE)), 0)


def _quoted(body: str, delimiter: str, names: list[str], file: str, first_line: int) -> Records:
    frames: list[pl.DataFrame] = []
    lines: list[int] = []
    rows: list[list[str | None]] = []
    schema = dict.fromkeys([*names, SPILL], pl.String)
    continuation = 0

    def put_away() -> None:
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        frames.append(frame.with_columns(pl.Series(LINE, lines, pl.Int64)))
        rows.clear()
        lines.clear()

    width = len(names)
    for start, end, cells in _parsed(body, delimiter, file, first_line):
        if end > start:
            continuation += end - start
            if any("\n" in cell and cell.count(delimiter) >= max(width - 1, 1) for cell in cells):
                raise _refusal(file, start, end, "has a cell over several lines that holds as much as a row")
        spilled = delimiter.join(cells[width:]) if len(cells) > width else None
        rows.append([*cells[:width], *[None] * (width - len(cells)), spilled])
        lines.append(start)
        if len(rows) == _CHUNK:
            put_away()
    put_away()
    return Records(pl.concat(frames), continuation)


def _parsed(body: str, delimiter: str, file: str, first_line: int) -> Iterator[tuple[int, int, list[str]]]:
    """Yield each record with its first and last line."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    start = first_line
    limit = csv.field_size_limit(_LARGEST_CELL)
    try:
        for cells in reader:
            end = first_line + reader.line_num - 1
            yield start, end, cells
            start = end + 1
    except csv.Error:  # its message would quote nothing, but names no line of ours
        end = first_line + reader.line_num - 1
        raise unexplained_mark(file, start, end) from None
    finally:
        csv.field_size_limit(limit)


def unexplained_mark(file: str, start: int, end: int) -> EtlError:
    """Return the refusal of lines in which a quotation mark is not closed, or closed inside a cell."""
    return _refusal(file, start, end, "holds a quotation mark that no rule explains")


def _refusal(file: str, start: int, end: int, what: str) -> EtlError:
    where = f"line {start:,}" if start == end else f"lines {start:,} to {end:,}"
    return EtlError(
        f"{file}: what stands on {where} {what}. A mark that opens a cell must be closed at its end, and "
        "marks inside it are doubled.",
        _CURE,
    )
