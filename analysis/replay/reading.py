"""Reads a table of numbers from a paper: CSV with a heading, numbers as they are printed."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import LttError, echo

LARGEST_BYTES = 50_000_000
_SEPARATORS = (",", ";", "\t")
WHOLE = "a whole number, 0 or more"
#: Numbers of a table: beyond these no paper counts, and figures of them would have no end.
LARGEST, SMALLEST = 1e12, 1e-9


@dataclass(frozen=True)
class Table:
    """The rows of a file as text, and where they stand in it.

    Attributes
    ----------
    name
        Of the file.
    headings, rows
        As they are written, without blanks around them.
    lines
        The line of each row.
    """

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def column(self, heading: str, allowed: str) -> tuple[str, ...]:
        """Return a column by its heading.

        Parameters
        ----------
        heading
            Its name.
        allowed
            What it holds, for the message.

        Raises
        ------
        LttError
            If there is none.
        """
        if heading not in self.headings:
            there = ", ".join(map(echo, self.headings))
            raise LttError(f"{self.name} has no column {heading}: it has {there}.", f"Add it: {allowed}.")
        place = self.headings.index(heading)
        return tuple(row[place] for row in self.rows)

    def numbers(
        self, heading: str, allowed: str, *, at_least: float | None = None, above: float | None = None
    ) -> list[float]:
        """Return a column of numbers; as `column`, and when a value is none or outside of the limits."""
        found = []
        for line, text in zip(self.lines, self.column(heading, allowed), strict=True):
            value = number(text)
            is_low = (at_least is not None and value < at_least) or (above is not None and value <= above)
            if not math.isfinite(value) or is_low:
                raise self.fail(line, heading, text, allowed)
            if abs(value) > LARGEST or 0 < abs(value) < SMALLEST:
                raise self.fail(line, heading, text, f"{allowed}; none beyond {LARGEST:g} or {SMALLEST:g}")
            found.append(value)
        return found

    def counts(self, heading: str) -> list[float]:
        """Return a column of whole numbers, 0 or more; as `numbers`."""
        found = self.numbers(heading, WHOLE, at_least=0)
        for line, value in zip(self.lines, found, strict=True):
            if value != int(value):
                raise self.fail(line, heading, f"{value:g}", WHOLE)
        return found

    def fail(self, line: int, heading: str, came: str, allowed: str) -> LttError:
        """Return an error about one value."""
        return LttError(
            f"{self.name}, line {line}, {heading}: {echo(came) if came else 'nothing'}.",
            f"Allowed: {allowed}.",
        )


def number(text: str) -> float:
    """Return a number as it is printed; NaN for anything else, such as digits with underscores.

    >>> number("1.5e3"), number("1_000"), number("x")
    (1500.0, nan, nan)
    """
    try:
        return math.nan if "_" in text else float(text)
    except ValueError:
        return math.nan


def read_table(path: Path) -> Table:
    """Read a file.

    Raises
    ------
    LttError
        If it cannot be read, is no UTF-8, has no rows, or a row has more or fewer values than the heading.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise LttError(
                f"{path.name} is larger than {LARGEST_BYTES:,} bytes.", "Is it a table of a paper?"
            )
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise LttError(f"{path.name} cannot be read ({error.strerror}).", "Check its name.") from None
    except UnicodeDecodeError:
        raise LttError(f"{path.name} is not UTF-8.", "Save it as CSV UTF-8.") from None
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(text.splitlines(), delimiter=separator)
    try:
        written = [(reader.line_num, [part.strip() for part in row]) for row in reader]
    except csv.Error as error:
        raise LttError(f"{path.name} is no CSV ({error}).", "Save it as CSV UTF-8.") from None
    filled = [(line, row) for line, row in written if any(row)]
    if len(filled) < 2:
        raise LttError(f"{path.name} has no rows below its heading.", "See --help for its columns.")
    (_, headings), *rows = filled
    _check(path.name, headings, rows)
    return Table(
        path.name, tuple(headings), tuple(tuple(row) for _, row in rows), tuple(line for line, _ in rows)
    )


def _check(name: str, headings: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> None:
    for place, heading in enumerate(headings):
        if not heading:
            raise LttError(f"{name}: column {place + 1} has no heading.", "Write one.")
        if heading in headings[:place]:
            raise LttError(f"{name} has the column {echo(heading)} twice.", "Rename one.")
    for line, row in rows:
        if len(row) != len(headings):
            raise LttError(
                f"{name}, line {line} has {len(row)} values; the heading has {len(headings)}.",
                "Give each row as many.",
            )
