"""How much a test tries: a seeded part in `make test`, everything in the long form (`make bench`)."""

import os
from collections.abc import Sequence

LONG = os.environ.get("LTT_LONG_TESTS") == "1"


def size(part: int, everything: int) -> int:
    """Return how many cases to try: a part of them, or everything where the long form was asked for."""
    return everything if LONG else part


def together(rows: Sequence[str], columns: Sequence[str], each: int) -> list[tuple[str, str]]:
    """Return pairs of two lists: all of them in the long form, else some in which each column has its turn.

    Parameters
    ----------
    rows, columns
        What is combined, such as pages and filters.
    each
        How many columns each row gets: the first one always, and so many of the others that they make this.
    """
    if LONG or each >= len(columns):
        return [(row, column) for row in rows for column in columns]
    first, *others = columns
    found = []
    for place, row in enumerate(rows):
        turns = [others[(place * (each - 1) + number) % len(others)] for number in range(each - 1)]
        found += [(row, column) for column in (first, *turns)]
    return found
