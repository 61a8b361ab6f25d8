"""Numbers of lines: the column that every frame of rows carries, and how a line is said."""

from collections.abc import Iterable
from itertools import islice

LINE = "_line"
WRITTEN_AREA = "_written_area"
"""The area of a row before it was moved to one that the deployment covers: rows that were moved to one area
do not repeat each other."""
PART = 2**27
"""Added to the lines of each further part of a table: a second sheet, or a second column read as rows of its
own. Rows of a file then never share a line, and what is made from it (keys of rows without a reference)."""


def line_and_part(number: int) -> tuple[int, int]:
    """Return the line of a row, and in which part of its table it stands, counted from 1.

    >>> line_and_part(7), line_and_part(PART + 7)
    ((7, 1), (7, 2))
    """
    return number % PART, number // PART + 1


def line_words(line: int, part: int = 1) -> str:
    """Return a line as people look it up.

    >>> line_words(1_007), line_words(7, part=2)
    ('1,007', '7 of part 2')
    """
    return f"{line:,}" if part == 1 else f"{line:,} of part {part}"


def first_lines_words(numbers: Iterable[int], most: int = 5) -> str:
    """Return the first of some lines, enough to find what is meant in the file.

    >>> first_lines_words([3, 1_007, PART + 7])
    '3, 1,007, 7 of part 2'
    """
    return ", ".join(line_words(*line_and_part(number)) for number in islice(numbers, most))
