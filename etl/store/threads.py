"""How many threads DuckDB works with: one where there are few rows.

A statement over a few thousand rows is over before a second thread has found its part of it, and the threads
that look for work cost the processor as much as a fifth of a small load or release.
"""

import duckdb

FEW_ROWS = 10_000  # of all tables together


def fit_to_rows(connection: duckdb.DuckDBPyConnection, schema: str, database: str | None = None) -> None:
    """Leave one thread to a connection where the tables of a schema hold few rows.

    Parameters
    ----------
    connection
        Keeps its threads where there are more than `FEW_ROWS`.
    schema, database
        Whose tables are looked at, by default of the current database; DuckDB knows their sizes uncounted.
    """
    rows = connection.execute(
        "SELECT coalesce(sum(estimated_size), 0) FROM duckdb_tables() "
        "WHERE schema_name = ? AND database_name = coalesce(?, current_database())",
        [schema, database],
    ).fetchall()
    if rows[0][0] <= FEW_ROWS:
        connection.execute("SET threads = 1")
