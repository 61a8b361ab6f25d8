"""Counts the records that wait for a revision: late, corrected or withdrawn since their month closed."""

import duckdb

from etl.release.cells.layout import FROZEN, RECORD, WAREHOUSE, Layout, texts

Held = dict[tuple[str, int], int]
"""Number of held records by collection and reference year."""


def count_held(connection: duckdb.DuckDBPyConnection, layout: Layout) -> Held:
    """Return how many records of closed months differ between the warehouse and the frozen records.

    Parameters
    ----------
    connection
        With both attached.
    layout
        The subject.

    Returns
    -------
    dict
        Years without a difference are left out, and so are collections that the warehouse no longer has.
    """
    # Most homes have sent nothing of most subjects: of months that never closed nothing is held.
    known = connection.execute(
        f"(SELECT 1 FROM {FROZEN}.closed WHERE subject = ? LIMIT 1) "
        f"UNION ALL (SELECT 1 FROM {FROZEN}.{layout.code} LIMIT 1)",
        [layout.code],
    ).fetchall()
    if not known:
        return {}
    # First which years differ at all, by one sum each; only these are matched record by record, which is
    # slow. A FULL JOIN finds records of either side that the other lacks, and NULL is distinct from every
    # number.
    _name_both(connection, layout)
    years = [row[0] for row in connection.execute(YEARS_THAT_DIFFER).fetchall()]
    if not years:
        return {}
    rows = connection.execute(
        f"""
        WITH before AS ({_prints("kept")}), now AS ({_prints("come")})
        SELECT collection, reference_year, count(*)
        FROM before FULL JOIN now USING ({RECORD})
        WHERE before.print IS DISTINCT FROM now.print
        GROUP BY ALL
        """,
        {"years": years},
    ).fetchall()
    return {(collection, year): count for collection, year, count in rows}


def held_of_year(held: Held, year: int) -> dict[str, int]:
    """Return the number of held records of one year, by collection."""
    return {collection: count for (collection, of_year), count in held.items() if of_year == year}


# Quick, because it sums over all records instead of matching them; most releases find no year.
YEARS_THAT_DIFFER = """
    SELECT DISTINCT reference_year
    FROM (
        SELECT collection, reference_year, sum(print) AS print
        FROM (SELECT * FROM kept UNION ALL SELECT * FROM kept_attribute) GROUP BY ALL
    ) AS before
    FULL JOIN (
        SELECT collection, reference_year, sum(print) AS print
        FROM (SELECT * FROM come UNION ALL SELECT * FROM come_attribute) GROUP BY ALL
    ) AS now USING (collection, reference_year)
    WHERE before.print IS DISTINCT FROM now.print
"""


def _name_both(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Make views of what is kept and what has come: records and attributes, each with a hash of what it says.

    Of the warehouse, records of open months are left out: a record that moved there is missed where it was.
    """
    # A record and each of its attributes become one number, a hash of all that they say. Numbers add up in
    # any order, so a record with several attributes is compared as one number, and a whole year as well.
    # HUGEINT, because a sum of 64-bit hashes does not fit into 64 bits.
    code = layout.code
    says = f"hash({', '.join(['record', 'period_start', 'area_code', *layout.columns])})::HUGEINT AS print"
    has = "hash(record, kind, code)::HUGEINT AS print"
    kinds = f"kind IN ({texts(layout.kinds)})" if layout.kinds else "false"
    # A subject without attributes has no bridge table in the mart: the frozen one, of which no row passes the
    # condition "false", stands in for it.
    bridge = f"mart_{code}_attribute" if layout.kinds else f"kept_{code}_attribute"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW kept AS
        SELECT {RECORD}, {says} FROM {FROZEN}.{code}
        SEMI JOIN (FROM {WAREHOUSE}.mart.collection WHERE subject = '{code}') USING (collection);

        CREATE OR REPLACE TEMP VIEW kept_{code}_attribute AS
        SELECT {RECORD}, kind, code
        FROM {FROZEN}.{code}_attribute JOIN (SELECT id, {RECORD} FROM {FROZEN}.{code}) USING (id)
        SEMI JOIN (FROM {WAREHOUSE}.mart.collection WHERE subject = '{code}') USING (collection)
        WHERE {kinds};

        CREATE OR REPLACE TEMP VIEW kept_attribute AS SELECT {RECORD}, {has} FROM kept_{code}_attribute;

        CREATE OR REPLACE TEMP VIEW come AS
        SELECT {RECORD}, {says} FROM mart_{code}
        JOIN (FROM {FROZEN}.closed WHERE subject = '{code}') AS closed USING (collection)
        WHERE period_start BETWEEN closed.first AND closed.last;

        CREATE OR REPLACE TEMP VIEW come_attribute AS SELECT {RECORD}, {has} FROM {bridge} WHERE {kinds};
        """
    )


def _prints(side: str) -> str:
    """Return the query for one number a record that changes when anything about the record changes."""
    years = "WHERE reference_year IN (SELECT unnest($years))"
    return f"""
        SELECT {RECORD}, record.print + coalesce(attributes.print, 0) AS print
        FROM (SELECT * FROM {side} {years}) AS record
        LEFT JOIN (
            SELECT {RECORD}, sum(print) AS print FROM {side}_attribute {years} GROUP BY ALL
        ) AS attributes USING ({RECORD})
    """
