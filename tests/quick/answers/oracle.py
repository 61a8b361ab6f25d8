"""A second, slow and obvious way to a sum of shown cells: loops over every row of the release file.

Written from the contract alone; shares no code with `analysis` but the code lists.
"""

import functools
import itertools
from pathlib import Path
from typing import NamedTuple

import duckdb


class Sum(NamedTuple):
    value: float | None
    shown: int
    total: int


@functools.lru_cache(maxsize=8)
def cells(folder: Path, subject: str) -> dict[tuple, int]:
    """Return every published cell: (collection, period, area, ((dimension, code), …)) → number."""
    [file] = folder.glob("release-*.duckdb")
    copy = folder.parent / f"oracle-{file.name}"  # one process opens a file in one way only
    copy.write_bytes(file.read_bytes())
    with duckdb.connect(copy, read_only=True) as connection:
        found = connection.execute(f"SELECT * FROM cell_{subject}")
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    plain = ("collection", "period_level", "period", "area_level", "area", "value", "marker")
    return {
        (
            row["collection"],
            row["period"],
            row["area"],
            frozenset((name, row[name]) for name in names if name not in plain and row[name] is not None),
        ): row["value"]
        for row in rows
    }


def sum_of_shown(  # noqa: PLR0917
    folder: Path,
    subject: str,
    collection: str,
    periods: list[str],
    areas: list[str | None],
    codes: dict[str, list[str]],
) -> Sum:
    """Add up the shown cells of every combination of periods, areas and codes."""
    published, total, found = cells(folder, subject), 0, []
    for period, area, *chosen in itertools.product(periods, areas, *codes.values()):
        total += 1
        key = (collection, period, area, frozenset(zip(codes, chosen, strict=True)))
        if key in published:
            found.append(published[key])
    return Sum(float(sum(found)) if found else None, len(found), total)


def years_quarters_months(first: str, last: str) -> list[str]:
    """Return whole years, quarters and months that make up a range of months, by trying the largest first."""
    year, month = map(int, first.split("-"))
    end, codes = tuple(map(int, last.split("-"))), []
    while (year, month) <= end:
        if month == 1 and (year, 12) <= end:
            codes.append(f"{year}")
            year += 1
        elif month in (1, 4, 7, 10) and (year, month + 2) <= end:
            codes.append(f"{year}-Q{(month + 2) // 3}")
            year, month = (year + 1, 1) if month == 10 else (year, month + 3)
        else:
            codes.append(f"{year}-{month:02d}")
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return codes
