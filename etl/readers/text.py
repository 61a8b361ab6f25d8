"""Reads tables of text: finds the delimiter and the header, then splits the lines below into records.

The records are taken out of the text part by part, and each part is put away by its distinct values
(`etl.contracts.by_distinct`): the whole of a long text is never there.
"""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

import polars as pl

from analysis.words import counted
from etl.contracts.by_distinct import FEW_ROWS
from etl.errors import EtlError
from etl.ledger import Ledger
from etl.lines import LINE, first_lines_words
from etl.readers.encoding import HEAD, Blocks, Text, open_text
from etl.readers.grid import LOOK_AHEAD, Header, find_header, refuse_header_row
from etl.readers.limits import Limits, refuse_length, refuse_width
from etl.readers.records import SPILL, Records, split_records, unexplained_mark

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}
_MOST_DISTINCT = 0.5  # of the rows of the first part: above it a column stays text
#: Numbers that stand for texts, and how many texts of the first part leave room in them for those to come.
_SIZES = ((100, pl.UInt8), (20_000, pl.UInt16), (2**32, pl.UInt32))
_SHOWN = 5  # lines that a message names


@dataclass(frozen=True)
class Grid:
    """A table found in a file: rows below the header, as text, one column a position.

    ``frame`` has ``c0`` … ``cN`` (text, as it is or by its distinct values) and ``_line`` (Int64, line or row
    in the file). ``ledger`` counts the lines of the raw file; blank ones and what is left out are not yet in
    it.
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
    if len(text) <= HEAD:
        return text
    return text[: text.rfind("\n", 0, HEAD) + 1] or text[:HEAD]


def _parse(head: str, delimiter: str) -> list[list[str]]:
    """Return the first rows as this delimiter would have them; none when it cannot be the delimiter."""
    try:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        return list(itertools.islice(reader, LOOK_AHEAD + 1))
    except csv.Error:  # a cell longer than the csv module allows
        return []


def read_text(
    blocks: Blocks,
    file: str,
    *,
    encoding: str | None,
    delimiter: str | None,
    expected: Collection[str],
    header_row: int | None,
    header_rows: int | None,
    tab_first: bool,
    limits: Limits,
    advance: Callable[[int], None],
) -> Grid:
    """Read a text table.

    Parameters
    ----------
    blocks
        The bytes of the file, from its beginning each time.
    advance
        Told the number of rows read so far.

    Raises
    ------
    EtlError
        Wrong encoding or delimiter, only blanks, a quotation mark never closed, rows wider than the header.
    """
    text = open_text(blocks, file, encoding)
    if text.is_blank:
        raise EtlError(f"{file}: the file holds only blanks.", "Export it again, then run the command again.")
    refuse_length(file, text.lines, limits)
    used = delimiter or find_delimiter(text.head, tab_first)
    head = _whole_lines(text.head)
    rows, starts = _rows_and_lines(head, used, file)
    refuse_width(file, max(map(len, rows), default=0), limits)
    header = find_header(rows, expected, header_row, header_rows)
    if header is None:
        refuse_header_row(file, header_row)
        raise EtlError(
            f"{file}: no row with column names was found.", "Add a header row, then run the command again."
        )
    if delimiter and len([n for n in header.names if n]) < 2:
        _suggest_delimiter(text.head, file, delimiter)
    below = header.row + header.height
    first_line = starts[below] if below < len(starts) else head.count("\n") + 2
    gathered = _Gathered(len(header.names))
    for records in split_records(_from_line(text, first_line), used, len(header.names), file, first_line):
        gathered.add(records, used)
        advance(gathered.rows)
    gathered.refuse_wider(file, used)
    notes = (*text.notes, *gathered.short_rows())
    ledger = Ledger(text.lines, min(first_line - 1, text.lines), continuation=gathered.continuation)
    return Grid(gathered.frame(), header, notes, ledger)


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


def _from_line(text: Text, line: int) -> Iterator[str]:
    """Yield the blocks of a text from one of its lines on."""
    skipped = line - 1
    for block in text.blocks():
        if not skipped:
            yield block
            continue
        at = 0
        while skipped and at < len(block):
            at = (block.find("\n", at) + 1) or len(block)
            skipped -= 1
        if at < len(block):
            yield block[at:]


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


@dataclass
class _Gathered:
    """The records of a text, gathered part by part."""

    width: int
    rows: int = 0
    continuation: int = 0
    _columns: list["_Column"] = field(default_factory=list)
    _lines: list[pl.Series] = field(default_factory=list)
    _wider: list[int] = field(default_factory=list)
    _wider_rows: int = 0
    _short: list[int] = field(default_factory=list)
    _short_rows: int = 0

    def add(self, records: Records, delimiter: str) -> None:
        """Put a part away by its distinct values, and note its rows that are too wide or too short."""
        frame = records.frame
        self.rows += frame.height
        self.continuation += records.continuation
        beyond = pl.col(SPILL).str.strip_chars(f"{delimiter} \t\u00a0")
        wider = (
            frame.filter(beyond != "")[LINE] if frame[SPILL].null_count() < frame.height else frame[LINE][:0]
        )
        self._wider_rows += wider.len()
        self._wider += wider.head(_SHOWN - len(self._wider)).to_list()
        # Of a line without any cell there is none that is short.
        first, last = frame.columns[0], frame.columns[-3]
        short = frame.filter((pl.col(first) != "") & pl.col(last).is_null())[LINE]
        self._short_rows += short.len()
        self._short += short.head(_SHOWN - len(self._short)).to_list()
        cells = frame.get_columns()[: self.width]
        self._columns = self._columns or [_Column.beginning_with(cell) for cell in cells]
        for column, cell in zip(self._columns, cells, strict=True):
            column.add(cell)
        self._lines.append(frame[LINE])

    def frame(self) -> pl.DataFrame:
        """Return all rows; the parts are given up."""
        names = [f"c{position}" for position in range(self.width)]
        if not self._columns:
            return pl.DataFrame(schema=dict.fromkeys(names, pl.String) | {LINE: pl.Int64})
        cells = [pl.concat(column.parts, rechunk=False) for column in self._columns]
        frame = pl.DataFrame([*cells, pl.concat(self._lines, rechunk=False)])
        self._columns, self._lines = [], []
        return frame

    def refuse_wider(self, file: str, delimiter: str) -> None:
        """Refuse rows with more cells than the header has columns."""
        if not self._wider_rows:
            return
        more = f" and {self._wider_rows - _SHOWN} more" if self._wider_rows > _SHOWN else ""
        raise EtlError(
            f"{file}: rows have more cells than the header has columns ({self.width}): "
            f"line {', '.join(map(str, self._wider))}{more}. "
            f"Often a cell holds {_words(delimiter)} without quotation marks.",
            "Put such cells in quotation marks, or set 'delimiter' in the mapping, then run it again.",
        )

    def short_rows(self) -> list[str]:
        """Return a note of rows that end before the last column."""
        if not self._short_rows:
            return []
        return [
            f"{counted(self._short_rows, 'row has')} fewer cells than the header, first on line "
            f"{first_lines_words(self._short)}: the rest is blank"
        ]


@dataclass
class _Column:
    """The cells of a column, part by part: as text, or as the smallest numbers that stand for its texts."""

    size: int | None  # place in `_SIZES`; None for text
    kind: pl.DataType = field(default_factory=pl.String)
    parts: list[pl.Series] = field(default_factory=list)

    @classmethod
    def beginning_with(cls, cells: pl.Series) -> "_Column":
        """Return an empty column put away as its first part suggests: what hardly repeats stays text."""
        distinct = cells.n_unique()
        if cells.len() > FEW_ROWS and distinct > _MOST_DISTINCT * cells.len():
            return cls(None)
        size = next(place for place, (most, _) in enumerate(_SIZES) if distinct <= most)
        return cls(size, _numbers(size))

    def add(self, cells: pl.Series) -> None:
        """Put a part away."""
        if self.size is None:
            self.parts.append(_copied(cells))
            return
        try:
            part = cells.cast(self.kind)
        except pl.exceptions.ComputeError:  # more texts than there are numbers of this size
            if self.size + 1 == len(_SIZES):
                raise
            self.size += 1
            self.kind = _numbers(self.size)
            self.parts = [part.cast(self.kind) for part in self.parts]
            self.add(cells)
        else:
            self.parts.append(part)


def _numbers(size: int) -> pl.Categorical:
    return pl.Categorical(pl.Categories.random(physical=_SIZES[size][1]))


def _copied(column: pl.Series) -> pl.Series:
    """Return text of its own: cells are views of the block they were cut from, and would keep all of it."""
    return column.to_frame().select(pl.concat_str(pl.first(), pl.lit(""))).to_series().alias(column.name)
