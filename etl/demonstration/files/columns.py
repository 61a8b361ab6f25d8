"""Turns arrays of positions and flags into text columns, quickly."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from etl.demonstration.facts import month_code
from etl.demonstration.streams import Flags, Ints
from etl.lines import LINE

FIRST_LINE = 2  # the first row under a header


def text(codes: Sequence[str], positions: Ints, missing: Flags | None = None) -> pl.Series:
    """Return the code at each position; null where it is missing."""
    series = pl.Series(codes, dtype=pl.String).gather(positions)
    return without(series, missing)


def numbers(values: Ints, missing: Flags | None = None) -> pl.Series:
    """Return whole numbers as text; null where they are missing."""
    return without(pl.Series(values).cast(pl.String), missing)


def lists(codes: Sequence[str], flags: Flags, missing: Flags | None = None) -> pl.Series:
    """Return each row's codes as a list; an empty list where it has none or they are missing.

    Parameters
    ----------
    codes : sequence of k text
    flags : bool (n, k)
    missing : bool (n,), optional
    """
    names, positions = _named_sets(codes, flags, missing)
    return pl.Series(names, dtype=pl.List(pl.String)).gather(positions)


def joined(labels: Sequence[str], flags: Flags, separator: str, missing: Flags | None = None) -> pl.Series:
    """Return each row's labels in one text; null where it has none or they are missing."""
    names, positions = _named_sets(labels, flags, missing)
    return pl.Series([separator.join(some) or None for some in names], dtype=pl.String).gather(positions)


def _named_sets(codes: Sequence[str], flags: Flags, missing: Flags | None) -> tuple[list[list[str]], Ints]:
    """Spell out each set of codes once, and tell which set each row has."""
    found, positions = np.unique(sets(flags, missing), return_inverse=True)
    names = [[c for i, c in enumerate(codes) if number >> i & 1] for number in found.tolist()]
    return names, positions.ravel()


def references(prefix: str, values: Ints, digits: int = 6) -> pl.Series:
    """Return references such as ``SYN-000123``."""
    return pl.select(pl.lit(prefix) + pl.Series(values).cast(pl.String).str.zfill(digits)).to_series()


def dates(first_month: int, month: Ints, day: Ints) -> pl.Series:
    """Return dates as ISO text.

    Parameters
    ----------
    first_month : int
        Counted from year 0.
    month : positions from the first month; ``day``: of the month, from 1
    """
    months = [month_code(first_month + m) for m in range(int(month.max(initial=0)) + 1)]
    days = [f"-{number:02d}" for number in range(1, 32)]
    return pl.select(text(months, month) + text(days, day - 1)).to_series()


def with_lines(frame: pl.DataFrame) -> pl.DataFrame:
    """Number the rows as a spreadsheet would."""
    return frame.with_row_index(LINE, offset=FIRST_LINE).with_columns(pl.col(LINE).cast(pl.Int64))


def sets(flags: Flags, missing: Flags | None = None) -> Ints:
    """Return each row's flags as one number, bit by bit."""
    number = flags @ (1 << np.arange(flags.shape[1], dtype=np.int64))
    return number if missing is None else np.where(missing, 0, number)


def without(series: pl.Series, missing: Flags | None) -> pl.Series:
    """Return a column with nulls where it is missing."""
    if missing is None:
        return series
    return pl.select(pl.when(~pl.Series(missing)).then(series)).to_series()
