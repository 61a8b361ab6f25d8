"""Lets the protected ones of the counted cells through.

number and sum of keys of every cell (`etl.release.cells.count`) → the noise of (number, sum of keys mod 256)
→ noise added → threshold on the result. Nothing else leaves: a cell below the threshold, or without anybody,
is an absent row. True numbers and key sums live in temporary tables of an in-memory database that ends with
the job.
"""

from collections.abc import Iterable

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.periods import span_of
from etl.release.cells.layout import Layout
from etl.release.cells.ptable import REPEATED, ROWS
from etl.release.profiles import Profile

ClosedPeriod = tuple[str, str, str, str]
"""Collection, period level, period code, marker."""


def protect(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    closed: Iterable[ClosedPeriod],
    profile: Profile,
    noise: NDArray[np.int8] | None,
    *,
    apart: int = 0,
) -> str:
    """Make the temporary table ``cell_<subject>`` with what may be published, and return its name.

    Parameters
    ----------
    connection
        After `count_cells`.
    layout
        The subject.
    closed
        The closed periods of each collection, with their markers; cells of other periods are left out.
    profile
        Threshold, and whether there is noise.
    noise
        The perturbation table, shape (750, keys); None for the steward.
    apart
        What tables by a finer dimension add to their key sums (`etl.release.cells.keys.apart`).

    Returns
    -------
    str
        Name of the table. Its rows are in one fixed order, by table of the closed list, then by cell; that
        of `analysis.release.index`, which then needs no sorting.
    """
    _register_periods(connection, closed)
    dims = layout.subject.dimensions
    value, joined = "n", ""
    if profile.has_noise and noise is not None:
        _register_noise(connection, noise)
        value = "n + noise"
        # The noise of a cell is looked up and not drawn: by how many records it has and by the sum of their
        # keys. The same records therefore get the same noise in every table and every release, and asking
        # twice tells nothing more. Counts above the table's last row go round and round its last REPEATED
        # rows, which differ in the order of their keys alone. Tables by a finer dimension add a secret shift
        # to the key: a child of one band alone would otherwise be the difference of two cells with one and
        # the same noise.
        is_finer = " OR ".join(f"{code} IS NOT NULL" for code in layout.finer) or "false"
        joined = (
            f"JOIN noise ON noise.count_row = CASE WHEN n <= {ROWS} THEN n "
            f"ELSE (n - 1) % {REPEATED} + {ROWS - REPEATED + 1} END "
            f"AND noise.key = (key_sum + CASE WHEN {is_finer} THEN {apart} ELSE 0 END) % {noise.shape[1]}"
        )
    # Only the steward sees small numbers (`small_below` is 0 otherwise), and sees that they are.
    small = f"CASE WHEN value < {profile.small_below} THEN 's' ELSE '' END"
    # A cell belongs to the table of those dimensions that it has a code of. Numbered by one bit a dimension,
    # the tables come one after the other, and a look-up of the app reads a few neighbouring blocks of the
    # file.
    which = " + ".join(
        f"CASE WHEN {code} IS NULL THEN 0 ELSE {1 << place} END" for place, code in enumerate(dims)
    )
    tables = [which] if dims else []
    order = ["collection", *tables, "period_level", "area_level NULLS FIRST", *dims, "period", "area"]
    name = f"cell_{layout.code}"
    # The threshold is on the noisy value: on the true one, a missing row would tell that it lies below. The
    # inner joins drop cells of periods that are not closed, which have no row in closed_period.
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {name} AS
        SELECT
            collection::VARCHAR AS collection, period_level, period, area_level, area::VARCHAR AS area,
            {"".join(f"{code}::VARCHAR AS {code}, " for code in dims)}
            value::INTEGER AS value, marker || {small} AS marker
        FROM (
            SELECT counted.*, period, marker, {value} AS value
            FROM counted
            JOIN closed_period ON closed_period.collection = counted.collection::VARCHAR
                AND closed_period.level = period_level AND closed_period.first = month
            {joined}
        )
        WHERE value >= {profile.threshold}
        ORDER BY {", ".join(order)}
        """
    )
    return name


def protect_nothing(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Make ``cell_<subject>`` as `protect` does, for a subject without a frozen record: without a row.

    Nothing is planned, counted or looked up for what nobody has sent yet; most task forces keep a few of the
    subjects.
    """
    columns = [
        *(
            "collection VARCHAR",
            "period_level VARCHAR",
            "period VARCHAR",
            "area_level INTEGER",
            "area VARCHAR",
        ),
        *(f"{code} VARCHAR" for code in layout.subject.dimensions),
        *("value INTEGER", "marker VARCHAR"),
    ]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE cell_{layout.code} ({', '.join(columns)})")


def _register_periods(connection: duckdb.DuckDBPyConnection, closed: Iterable[ClosedPeriod]) -> None:
    rows = [
        (collection, level, span_of(code).first, code, marker) for collection, level, code, marker in closed
    ]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE closed_period "
        "(collection VARCHAR, level VARCHAR, first INTEGER, period VARCHAR, marker VARCHAR)"
    )
    if rows:
        connection.executemany("INSERT INTO closed_period VALUES (?, ?, ?, ?, ?)", rows)


def _register_noise(connection: duckdb.DuckDBPyConnection, noise: NDArray[np.int8]) -> None:
    rows, keys = noise.shape
    table = pa.table(
        {
            "count_row": np.repeat(np.arange(1, rows + 1), keys),
            "key": np.tile(np.arange(keys), rows),
            "noise": noise.ravel(),
        }
    )
    connection.register("given", table)
    connection.execute("CREATE OR REPLACE TEMP TABLE noise AS SELECT * FROM given")
    connection.unregister("given")
