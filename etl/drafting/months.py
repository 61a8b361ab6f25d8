"""Columns that are months: Jan to Dec, 2025-01, Mar 2025."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from etl.drafting.proving import prove
from etl.mapping.cells.dates import is_month_name

_FEWEST = 3
_YEAR = re.compile(r"(?:19|20)\d\d|(?<=[- '])\d\d$")


@dataclass(frozen=True)
class MonthColumns:
    """Neighbouring columns of months.

    Attributes
    ----------
    columns : tuple of str
        In the order of the file.
    formats : tuple of str
        How their names are written; empty where they are as 2025-01.
    needs_year : bool
        Whether the names say the month alone.
    """

    columns: tuple[str, ...]
    formats: tuple[str, ...] = ()
    needs_year: bool = False


def month_columns(names: Sequence[str]) -> MonthColumns | None:
    """Return the longest run of columns that are called as months are; None without one.

    Examples
    --------
    >>> month_columns(["Site", "Jan", "Feb", "Mar", "Total"])
    MonthColumns(columns=('Jan', 'Feb', 'Mar'), formats=('yyyy mmm',), needs_year=True)
    >>> month_columns(["Site", "2025-01", "2025-02", "2025-03"]).formats
    ()
    """
    with_year = [name for name in names if _YEAR.search(name) and not _YEAR.fullmatch(name)]
    unread = prove(with_year).unread
    alone = _run(names, is_month_name)
    dated = _run(names, lambda name: name in with_year and name not in unread)
    run = max(alone, dated, key=len)
    if len(run) < _FEWEST:
        return None
    return MonthColumns(run, ("yyyy mmm",), True) if run is alone else MonthColumns(run, prove(run).formats)


def _run(names: Sequence[str], test: Callable[[str], bool]) -> tuple[str, ...]:
    best: list[str] = []
    here: list[str] = []
    for name in names:
        here = [*here, name] if test(name) else []
        best = here if len(here) > len(best) else best
    return tuple(best)
