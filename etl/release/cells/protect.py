"""Counts every cell of the closed list among the frozen records and lets the protected ones through.

distinct records → ``GROUPING SETS`` with number and sum of keys → the noise of (number, sum of keys mod
256) → noise added → threshold on the result. Nothing else leaves: a cell below the threshold, or without
anybody, is an absent row. True numbers and key sums live in temporary tables of an in-memory database that
ends with the job.
"""

from collections.abc import Iterable, Sequence

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.catalog.model import NOT_RECORDED, Catalog
from analysis.periods import PERIOD_LEVELS, span_of
from analysis.questions.question import GroupingSet
from etl.release.cells.layout import FROZEN, WAREHOUSE, Layout, codes_of, texts
from etl.release.cells.plan import Family, plan
from etl.release.cells.ptable import REPEATED, ROWS
from etl.release.profiles import Profile

AREA_COLUMN = {1: "county", 2: "district"}
ClosedPeriod = tuple[str, str, str, str]
"""Collection, period level, period code, marker."""


def count_cells(
    connection: duckdb.DuckDBPyConnection, layout: Layout, sets: Sequence[GroupingSet], catalog: Catalog
) -> None:
    """Fill the temporary table ``counted`` with every cell of a closed list that holds at least one record.

    Its columns: collection, month (first month of the period, from year 0), period_level, area_level, area,
    one for each dimension, ``n`` (distinct records) and ``key_sum``.

    Parameters
    ----------
    connection
        With the frozen records attached as `FROZEN` and the warehouse as `WAREHOUSE`.
    layout
        The subject.
    sets
        What to count: `analysis.questions.question.closed_list`.
    catalog
        Code lists and families of dimensions.
    """
    _make_records(connection, layout, catalog)
    dimensions = "".join(f"{code} {_type(code)}, " for code in layout.subject.dimensions)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE counted (collection collection_code, period_level VARCHAR, "
        f"month INTEGER, area_level INTEGER, area area_code, {dimensions}n BIGINT, key_sum BIGINT)"
    )
    # Of a subject that nobody has sent yet, some fifty roll-ups would count nothing: `counted` is then empty.
    has_records = connection.execute("SELECT 1 FROM records LIMIT 1").fetchone() is not None
    for family in plan(sets, catalog, layout.kinds) if has_records else ():
        _count_grains(connection, family)
        for number, tables in enumerate(family.tables.values()):
            _roll_up(connection, layout, number, tables)
    for table in ("records", "grain", *(f"attribute_{kind}" for kind in layout.kinds)):
        connection.execute(f"DROP TABLE IF EXISTS {table}")


def _type(dimension: str) -> str:
    return f"code_{dimension}"


def _make_type(connection: duckdb.DuckDBPyConnection, name: str, codes: Iterable[str]) -> None:
    connection.execute(f"DROP TYPE IF EXISTS {name}")
    connection.execute(f"CREATE TYPE {name} AS ENUM ({texts(list(dict.fromkeys([*codes, NOT_RECORDED])))})")


def _make_records(connection: duckdb.DuckDBPyConnection, layout: Layout, catalog: Catalog) -> None:
    """Make ``records`` (a row a record, areas rolled up) and ``attribute_<dimension>``; codes as ENUM."""
    connection.execute("DROP TABLE IF EXISTS counted")
    collections = connection.execute(
        f"SELECT DISTINCT collection FROM {FROZEN}.{layout.code} ORDER BY 1"
    ).fetchall()
    _make_type(connection, "collection_code", [row[0] for row in collections])
    areas = connection.execute(f"SELECT DISTINCT code FROM {FROZEN}.area ORDER BY 1").fetchall()
    _make_type(connection, "area_code", [row[0] for row in areas])
    for code in layout.subject.dimensions:
        _make_type(connection, _type(code), codes_of(connection, catalog, layout, code))
    columns = "".join(f", ({layout.outward(code, code)})::{_type(code)} AS {code}" for code in layout.columns)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE records AS
        SELECT
            id, collection::collection_code AS collection,
            record_key::BIGINT AS record_key,
            (12 * year(period_start) + month(period_start) - 1)::INTEGER AS month,
            -- Known only to the county: no district. Known only to the region, or not at all: neither.
            coalesce(CASE place.level WHEN 1 THEN place.code WHEN 2 THEN place.parent END, '{NOT_RECORDED}')
                ::area_code AS county,
            coalesce(CASE place.level WHEN 2 THEN place.code END, '{NOT_RECORDED}')::area_code AS district
            {columns}
        FROM {FROZEN}.{layout.code} AS frozen
        JOIN {WAREHOUSE}.mart.collection AS origin USING (collection)
        LEFT JOIN {FROZEN}.area AS place
            ON place.geography = origin.geography AND place.code = frozen.area_code
        WHERE origin.subject = '{layout.code}'
        """
    )
    for kind in layout.kinds:
        connection.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE attribute_{kind} AS
            SELECT DISTINCT id, ({layout.outward(kind, "code")})::{_type(kind)} AS {kind}
            FROM {FROZEN}.{layout.code}_attribute WHERE kind = '{kind}'
            """
        )


def _month(level: str) -> str:
    """Return the first month of the period of a level, from the month of a record or a finer grain."""
    return {"month": "month", "quarter": "month - month % 3", "year": "month - month % 12"}[level]


def _count_grains(connection: duckdb.DuckDBPyConnection, family: Family) -> None:
    """Count the grains of a family in one pass over the records; ``number`` says which grain a row is of."""
    sets = [
        [f"by_{grain.period_level}", *(["county", "district"] if grain.has_area else []), *grain.dims]
        for grain in family.tables
    ]
    used = list(dict.fromkeys(name for columns in sets for name in columns))
    # grouping(a, b, c) of SQL sets one bit for each column that a row does not group by, the last column's
    # first: its value tells the grains apart, and so each row learns the number of its own.
    masks = [
        sum(1 << place for place, name in enumerate(reversed(used)) if name not in columns)
        for columns in sets
    ]
    numbered = " ".join(f"WHEN {mask} THEN {number}" for number, mask in enumerate(masks))
    months = ", ".join(name for name in used if name.startswith("by_"))
    kept = [name for name in used if not name.startswith("by_")]
    joins = " ".join(f"JOIN attribute_{kind} USING (id)" for kind in family.multi)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE grain AS
        SELECT {", ".join(["collection", *kept])}, coalesce({months}) AS month,
            CASE grouping({", ".join(used)}) {numbered} END AS number,
            count(*) AS n, sum(record_key) AS key_sum
        FROM (
            SELECT *, month AS by_month, {_month("quarter")} AS by_quarter, {_month("year")} AS by_year
            FROM records {joins}
        )
        GROUP BY collection, GROUPING SETS ({", ".join(f"({', '.join(columns)})" for columns in sets)})
        """
    )


def _roll_up(
    connection: duckdb.DuckDBPyConnection, layout: Layout, number: int, tables: Iterable[GroupingSet]
) -> None:
    """Add the tables that are roll-ups of one grain to ``counted``."""
    sets = [
        [
            f"by_{table.period_level}",
            *([AREA_COLUMN[table.area_level]] if table.area_level else []),
            *table.dims,
        ]
        for table in tables
    ]
    used = list(dict.fromkeys(name for columns in sets for name in columns))
    # In a row of GROUPING SETS the columns of the other tables are NULL, and no column of `grain` is NULL
    # itself (a missing value is "not_recorded"): the one month or area that is there says of which level the
    # row is.
    levels = [level for level in PERIOD_LEVELS if f"by_{level}" in used]
    areas = [level for level, column in AREA_COLUMN.items() if column in used]
    period = _first_of([(f"by_{level}", f"'{level}'") for level in levels])
    area_level = _first_of([(AREA_COLUMN[level], str(level)) for level in areas])
    area = f"coalesce({', '.join(AREA_COLUMN[level] for level in areas)})" if areas else "NULL"
    dims = [code if code in used else "NULL" for code in layout.subject.dimensions]
    months = ", ".join(f"{_month(level)} AS by_{level}" for level in levels)
    connection.execute(
        f"""
        INSERT INTO counted
        SELECT collection, {period}, coalesce({", ".join(f"by_{level}" for level in levels)}),
            {", ".join([area_level, area, *dims])}, sum(n), sum(key_sum)
        FROM (SELECT *, {months} FROM grain WHERE number = {number})
        GROUP BY collection, GROUPING SETS ({", ".join(f"({', '.join(columns)})" for columns in sets)})
        """
    )


def _first_of(cases: list[tuple[str, str]]) -> str:
    """Return the SQL for the value beside the first column that is there."""
    whens = " ".join(f"WHEN {column} IS NOT NULL THEN {value}" for column, value in cases)
    return f"CASE {whens} END" if cases else "NULL"


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
        of `analysis.release.cell_index`, whose look-ups then read a few blocks.
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
