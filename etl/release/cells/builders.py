"""The three statements that count a subject: `records`, `grains` and `roll_up`, each one text of SQL.

Whoever counts runs these texts: DuckDB as they are (`etl.release.cells.count`), Spark in its own dialect
(`etl.release.spark`). So there is one place where it is said what a cell is, and two engines cannot disagree
about it. They use whole numbers, ``count``, ``sum`` and ``GROUPING SETS`` alone: no text is compared, ordered
or cut here, nothing is divided, and no column is NULL before it is grouped.

A statement reads relations by name: ``records``, ``attribute_<dimension>`` and ``grain``.
"""

from collections.abc import Iterable

from analysis.catalog.model import Subject
from analysis.periods import PERIOD_LEVELS
from analysis.questions.question import GroupingSet
from etl.release.cells.plan import Family

AREA_COLUMN = {1: "county", 2: "district"}
#: Months of a period. Counted from year 0, the first month of a period is a multiple of them.
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def records(multi: Iterable[str]) -> str:
    """Return the statement for the rows that a family of tables is counted from.

    Parameters
    ----------
    multi
        Dimensions of which a record can have several codes: a record is there once for each combination.
    """
    joins = " ".join(f"JOIN attribute_{kind} USING (id)" for kind in multi)
    months = ", ".join(f"month - month % {MONTHS[level]} AS by_{level}" for level in PERIOD_LEVELS)
    return f"SELECT *, {months} FROM records {joins}"


def grains(family: Family) -> str:
    """Return the statement that counts the grains of a family in one pass over the records.

    Its rows: collection, the areas and dimensions that any grain has, ``month``, ``number`` (which grain a
    row is of, in the family's order), ``n`` and ``key_sum``.
    """
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
    return f"""
        SELECT {", ".join(["collection", *kept])}, coalesce({months}) AS month,
            CASE grouping({", ".join(used)}) {numbered} END AS number,
            count(*) AS n, sum(record_key) AS key_sum
        FROM ({records(family.multi)}) AS counted_from
        GROUP BY collection, GROUPING SETS ({", ".join(f"({', '.join(columns)})" for columns in sets)})
        """


def roll_up(subject: Subject, family: Family) -> str:
    """Return the statement for all tables of a family, each rolled up from its grain.

    Its rows are those of ``counted``: collection, period_level, month, area_level, area, one column for each
    dimension, ``n`` and ``key_sum``.

    Parameters
    ----------
    subject
        What is counted.
    family
        Its tables, each under its grain.
    """
    tables = [(number, table) for number, under in enumerate(family.tables.values()) for table in under]
    used = [code for code in subject.dimensions if any(code in table.dims for _, table in tables)]
    # A row of a grain goes once into each table under it, without the codes that the table does not divide
    # by. All tables of the family are then grouped at once, kept apart by `place`: a statement for each grain
    # costs more to plan than to run where there are few records (240 of them: 2 s of 4).
    listed = ", ".join(_row(place, number, table, used) for place, (number, table) in enumerate(tables))
    divides = "".join(f", has_{code}" for code in used)
    codes = "".join(f", CASE WHEN has_{code} THEN {code} END AS {code}" for code in used)
    columns = AREA_COLUMN.items() if any(grain.has_area for grain in family.tables) else ()
    whens = " ".join(f"WHEN {level} THEN {column}" for level, column in columns)
    area = f"CASE area_level {whens} END" if whens else "NULL"
    levels = " ".join(f"WHEN {MONTHS[level]} THEN '{level}'" for level in PERIOD_LEVELS)
    dims = "".join(f", {code}" if code in used else f", NULL AS {code}" for code in subject.dimensions)
    return f"""
        SELECT collection, CASE span {levels} END AS period_level, month, area_level, area{dims},
            sum(n) AS n, sum(key_sum) AS key_sum
        FROM (
            SELECT collection, place, span, month - month % span AS month, area_level, {area} AS area{codes},
                n, key_sum
            FROM grain JOIN (VALUES {listed}) AS tables (place, number, span, area_level{divides})
            USING (number)
        ) AS rolled_up
        GROUP BY {", ".join(["collection", "place", "span", "month", "area_level", "area", *used])}
        """


def _row(place: int, number: int, table: GroupingSet, used: Iterable[str]) -> str:
    area_level = "CAST(NULL AS INTEGER)" if table.area_level is None else str(table.area_level)
    divides = ["true" if code in table.dims else "false" for code in used]
    return f"({', '.join([str(place), str(number), str(MONTHS[table.period_level]), area_level, *divides])})"
