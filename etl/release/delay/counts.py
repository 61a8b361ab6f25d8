"""How many people of each closed year were entered after how many months, changed as every cell is.

Nothing that is made here is a true count: each number is that of a cell (a year, entered within so many
months), with the noise that its people's keys give it. What is told of delay is arithmetic on these alone, so
that whoever took it apart would hold no more than cells. They leave in no table.
"""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
from numpy.typing import NDArray

from etl.release.cells.layout import FROZEN, Layout
from etl.release.cells.ptable import table_row

#: Months after which nothing more is expected. What comes in later still is left out: old papers are entered
#: years after, and say nothing of the newest months.
MONTHS = 12
#: Of a year's people, at least this share must have a month of entry: of the others nobody wrote it down.
LEAST_RECORDED = 0.9
_AFTER = "try_cast(code AS BIGINT)"


def counts_of(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    collection: str,
    *,
    seen: Mapping[int, int],
    noise: NDArray[np.int8],
    threshold: int,
) -> tuple[tuple[int, ...], NDArray[np.float64]]:
    """Return the years that can be used, and what came in by each delay.

    Parameters
    ----------
    connection
        With the frozen records attached.
    layout
        Of a subject with `entered`.
    collection
        Whose records.
    seen
        By year: for how many whole months after its last month its records had come in when they were frozen.
    noise
        The perturbation table, shape (750, keys).
    threshold
        Smallest number that is published: a year with a smaller one is left out.

    Returns
    -------
    years
        In order.
    came_in : array of shape (years, MONTHS + 1)
        People entered within so many months, added up; NaN where a delay had not passed.
    """
    rows = connection.execute(
        f"""
        SELECT reference_year, {_AFTER}, count(*), sum(record_key)
        FROM {FROZEN}.{layout.code} LEFT JOIN (
            SELECT id, code FROM {FROZEN}.{layout.code}_attribute WHERE kind = $kind
        ) USING (id)
        WHERE collection = $collection AND list_contains($years, reference_year) GROUP BY ALL
        """,
        {"kind": layout.subject.entered, "collection": collection, "years": list(seen)},
    ).fetchall()
    found, came_in = [], []
    for year in sorted(seen):
        of_year = [(after, count, keys) for one, after, count, keys in rows if one == year]
        everyone = _cell(of_year, noise)
        recorded = _cell([one for one in of_year if one[0] is not None], noise)
        within = np.array(
            [
                _cell([one for one in of_year if one[0] is not None and one[0] <= months], noise)
                for months in range(MONTHS + 1)
            ],
            dtype=np.float64,
        )
        if within[0] < threshold or recorded < LEAST_RECORDED * everyone:
            continue
        within[np.arange(MONTHS + 1) > seen[year]] = np.nan
        found.append(year)
        came_in.append(within)
    return tuple(found), np.array(came_in).reshape(-1, MONTHS + 1)


def _cell(groups: Sequence[tuple[int | None, int, int]], noise: NDArray[np.int8]) -> int:
    """Return the number of people of some groups, changed by what the sum of their keys gives."""
    count, keys = sum(one[1] for one in groups), sum(int(one[2]) for one in groups)
    return count + int(noise[table_row(count) - 1, keys % noise.shape[1]]) if count else 0
