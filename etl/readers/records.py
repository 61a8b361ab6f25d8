"""Splits a text into records: which lines belong together, and what the cells of each are.

Without quotation marks a line is a record. With them the rules are strict (RFC 4180): a mark that opens a
cell is closed at the end of that cell, and a record over several lines must not look like several records. A
text that breaks them is refused with its lines; nothing is repaired, because one stray mark makes hundreds of
records one.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
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
    """The records of a part of a text.

    ``frame`` has ``c0`` … ``cN`` and ``_spill`` (String; null where a line ends before that cell) and
    ``_line`` (Int64, the line each begins on). ``continuation`` counts lines inside cells that began above.
    """

    frame: pl.DataFrame
    continuation: int


def split_records(
    blocks: Iterable[str], delimiter: str, width: int, file: str, first_line: int
) -> Iterator[Records]:
    """Split the lines below the header into records, part by part.

    Parameters
    ----------
    blocks
        The lines, ended by line feeds; each block holds whole ones.
    delimiter, width
        Between cells; columns that the header has.
    file, first_line
        For messages: its name, and the line that the first block begins on.

    Raises
    ------
    EtlError
        Quotation marks that break the rules, with the lines.
    """
    names = [f"c{position}" for position in range(width)]
    waiting = iter(blocks)
    line = first_line
    for block in waiting:
        if '"' in block:
            begin = line
            for records, after in _quoted(block, waiting, delimiter, names, file=file, first_line=begin):
                yield records
                line = after
        else:
            lines = pl.Series("line", [block.removesuffix("\n")]).str.split("\n").explode()
            cells = pl.col("line").str.splitn(delimiter, width + 1).struct.rename_fields([*names, SPILL])
            frame = lines.to_frame().select(cells).unnest("line")
            numbers = pl.int_range(line, line + frame.height, dtype=pl.Int64, eager=True)
            line += frame.height
            yield Records(frame.with_columns(numbers.alias(LINE)), 0)


class _Lines:
    """Lines of a block, one after the other, and of the next ones when a cell goes on there."""

    def __init__(self, block: str, following: Iterator[str]) -> None:
        self._following = following
        self._lines = io.StringIO(block, newline="")
        self._left = len(block)

    @property
    def is_at_end(self) -> bool:
        """Whether every line of the blocks begun was taken."""
        return not self._left

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self._left:
            block = next(self._following)
            self._lines, self._left = io.StringIO(block, newline=""), len(block)
        line = self._lines.readline()
        self._left -= len(line)
        return line


def _quoted(
    block: str, following: Iterator[str], delimiter: str, names: list[str], *, file: str, first_line: int
) -> Iterator[tuple[Records, int]]:
    """Yield the records of a block with quotation marks, to the end of the last, and the line after them."""
    lines: list[int] = []
    rows: list[list[str | None]] = []
    continuation, width, after = 0, len(names), first_line
    for start, end, cells in _parsed(_Lines(block, following), delimiter, file, first_line):
        after = end + 1
        if end > start:
            continuation += end - start
            if any("\n" in cell and cell.count(delimiter) >= max(width - 1, 1) for cell in cells):
                raise _refusal(file, start, end, "has a cell over several lines that holds as much as a row")
        spilled = delimiter.join(cells[width:]) if len(cells) > width else None
        rows.append([*cells[:width], *[None] * (width - len(cells)), spilled])
        lines.append(start)
        if len(rows) == _CHUNK:
            yield Records(_frame(rows, lines, names), continuation), after
            rows, lines, continuation = [], [], 0
    yield Records(_frame(rows, lines, names), continuation), after


def _frame(rows: Sequence[Sequence[str | None]], lines: Sequence[int], names: list[str]) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else [[] for _ in (*names, SPILL)]
    cells = [pl.Series(name, cells, pl.String) for name, cells in zip((*names, SPILL), columns, strict=True)]
    return pl.DataFrame([*cells, pl.Series(LINE, lines, pl.Int64)])


def _parsed(
    lines: _Lines, delimiter: str, file: str, first_line: int
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield each record with its first and last line."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    start = first_line
    limit = csv.field_size_limit(_LARGEST_CELL)
    try:
        while not lines.is_at_end:
            cells = next(reader)
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
