"""Looks at a written release before anybody else may: its tables, its numbers, its old periods."""

from pathlib import Path

import duckdb

from analysis.errors import ReleaseError
from analysis.release.archive import newest_of
from etl.errors import EtlError
from etl.release.delay.counts import MONTHS
from etl.release.delay.told import BASES, LEAST, SPREADS, STEP
from etl.release.hidden.told import AGREES, APART, ESTIMATED, NO_ANSWER, REFUSED, WITHHELD
from etl.release.profiles import Profile
from etl.release.publishing.schema import DELAY, HIDDEN, OF_THE_NUMBER, Columns
from etl.release.publishing.writer_process import quoted

DEFECT = "This is a defect: report it with this message (it holds no record). The last release is unchanged."
#: A number with more than two figures, or beside a refusal; a band narrower than 10; a word of no agreement.
_TWO = "coalesce({0} <> round({0}, 1 - floor(log10(greatest({0}, 1)))::INTEGER), false)"
_TOLD_TOO_MUCH = f"""
    SELECT 1 FROM hidden_population
    WHERE {" OR ".join(_TWO.format(name) for name in ("estimate", "lower", "upper", "listed"))}
        OR status NOT IN ('{ESTIMATED}', '{REFUSED}', '{WITHHELD}')
        OR (status = '{ESTIMATED}') <> (estimate IS NOT NULL AND lower <= estimate AND estimate <= upper)
        OR (status <> '{ESTIMATED}' AND (listed IS NOT NULL OR lists IS NOT NULL OR reason = ''))
    UNION ALL
    SELECT 1 FROM hidden_overlap ANTI JOIN
        (SELECT collection, period FROM hidden_population WHERE status = '{ESTIMATED}')
        USING (collection, period)
    UNION ALL
    SELECT 1 FROM hidden_overlap WHERE at_least % 10 <> 0 OR coalesce(below - at_least < 10, false)
    UNION ALL
    SELECT 1 FROM hidden_agreement
    WHERE agreement NOT IN ({", ".join(f"'{word}'" for word in (*AGREES, APART, NO_ANSWER))})
"""

#: Of a month: a share between the steps, a band or spread of no list, or a month that is not closed.
_TOLD_TOO_MUCH_OF_DELAY = f"""
    SELECT 1 FROM completeness LEFT JOIN collection USING (collection, subject)
    WHERE complete % {STEP} <> 0 OR complete NOT BETWEEN {LEAST} AND {100 - STEP}
        OR months_since NOT BETWEEN 0 AND {MONTHS - 1}
        OR base NOT IN {BASES} OR spread NOT IN {SPREADS}
        OR length(month) <> 7 OR coalesce(month > last_closed_month, true)
    UNION ALL
    SELECT 1 FROM completeness GROUP BY collection, subject, month HAVING count(*) > 1
"""


def verify(file: Path, tables: dict[str, Columns], profile: Profile, js: int) -> dict[str, int]:
    """Check a release file; return its number of shown cells, by subject.

    Raises
    ------
    EtlError
        When it holds a table or column too many or too few, a number below the threshold, or a cell twice.
    """
    with duckdb.connect(str(file), read_only=True) as connection:
        found: dict[str, list[str]] = {}
        for table, column in connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = current_database() "
            "AND NOT internal ORDER BY table_oid, column_index"
        ).fetchall():
            found.setdefault(table, []).append(column)
        if found != {table: list(columns) for table, columns in tables.items()}:
            raise EtlError("The new release holds other tables or columns than it may.", DEFECT)
        shown = {}
        for table, columns in tables.items():
            if not table.startswith("cell_"):
                continue
            key = ", ".join(column for column in columns if column not in OF_THE_NUMBER)
            row = connection.execute(
                f"SELECT count(*), coalesce(min(value), {profile.threshold}), "
                f"count(*) - count(DISTINCT hash({key})), "
                f"count(*) FILTER (value BETWEEN 1 AND {js if profile.has_noise else 0}) FROM {table}"
            ).fetchone()
            cells, smallest, twice, impossible = row or (0, 0, 0, 0)
            if twice:  # or two cells with the same hash: the slow way to find out which
                found_twice = f"SELECT 1 FROM {table} GROUP BY {key} HAVING count(*) > 1 LIMIT 1"
                twice = len(connection.execute(found_twice).fetchall())
            if smallest < profile.threshold or twice or impossible:
                raise EtlError(f"{table} of the new release breaks its protection.", DEFECT)
            shown[table.removeprefix("cell_")] = cells
        if set(HIDDEN) <= set(tables) and connection.execute(_TOLD_TOO_MUCH).fetchall():
            raise EtlError("The estimate of people on no list tells more than it may.", DEFECT)
        if set(DELAY) <= set(tables) and connection.execute(_TOLD_TOO_MUCH_OF_DELAY).fetchall():
            raise EtlError("The completeness of the newest months tells more than it may.", DEFECT)
    return shown


def verify_unchanged(file: Path, published: Path, tables: dict[str, Columns], *, where: str = "true") -> None:
    """Check that no number that is published already has changed, except in years revised since.

    Parameters
    ----------
    file, published
        The new release and the one that is published now, of the same profile.
    tables
        The tables of the new release.
    where
        Which cells; all of them without it.

    Raises
    ------
    EtlError
        Naming the table and how many numbers would change.
    """
    with duckdb.connect() as connection:
        connection.execute(
            f"ATTACH {quoted(file)} AS new (READ_ONLY); ATTACH {quoted(published)} AS old (READ_ONLY)"
        )
        _verify_estimates(connection)
        _verify_completeness(connection)
        for table, columns in tables.items():
            if not table.startswith("cell_"):
                continue
            before = {
                row[0]
                for row in connection.execute(
                    "SELECT column_name FROM duckdb_columns() WHERE database_name = 'old' AND table_name = ?",
                    [table],
                ).fetchall()
            }
            if not before:
                continue
            keys = [column for column in columns if column not in OF_THE_NUMBER]
            same = " AND ".join(
                f"new_cell.{key} IS NOT DISTINCT FROM old_cell.{key}"
                if key in before
                else f"new_cell.{key} IS NULL"
                for key in keys
                if key != "collection"
            )
            differing = (
                f"FROM new.{table} AS new_cell JOIN old.{table} AS old_cell "
                f"ON new_cell.collection = old_cell.collection AND {same} "
                f"WHERE new_cell.value <> old_cell.value AND {where}"
            )
            # What was revised is asked about only where something differs: that takes longer than to compare.
            if not connection.execute(f"SELECT 1 {differing} LIMIT 1").fetchall():
                continue
            row = connection.execute(
                f"""
                SELECT count(*) {differing} AND NOT EXISTS (
                    SELECT 1 FROM new.revision AS revised
                    ANTI JOIN old.revision USING (collection, subject, year, revision)
                    WHERE revised.collection = old_cell.collection AND revised.subject = ?
                        AND revised.year = left(old_cell.period, 4)::INTEGER
                )
                """,
                [table.removeprefix("cell_")],
            ).fetchone()
            if row and row[0]:
                raise EtlError(
                    f"{row[0]:,} published numbers of {table} would change without a revision. "
                    "Nothing was released.",
                    "Restore restricted/frozen.duckdb from your backup, then: python -m etl release",
                )


def _verify_estimates(connection: duckdb.DuckDBPyConnection) -> None:
    """Check that the estimate of a year is the one that was told of it, unless the year was revised since."""
    names = "SELECT table_name FROM duckdb_tables() WHERE database_name = ?"
    both = [
        {row[0] for row in connection.execute(names, [database]).fetchall()} for database in ("new", "old")
    ]
    if not all({*HIDDEN, "revision"} <= have for have in both):  # a release of an earlier version
        return
    for table in HIDDEN:
        changed = connection.execute(
            f"""
            WITH same AS (
                SELECT collection, period FROM new.hidden_population
                SEMI JOIN old.hidden_population USING (collection, period)
                WHERE period <> '' AND NOT EXISTS (
                    SELECT 1 FROM new.revision AS revised
                    ANTI JOIN old.revision USING (collection, subject, year, revision)
                    WHERE revised.collection = hidden_population.collection
                        AND revised.year BETWEEN left(hidden_population.period, 4)::INTEGER
                            AND right(hidden_population.period, 4)::INTEGER
                )
            )
            (FROM old.{table} SEMI JOIN same USING (collection, period)
             EXCEPT ALL FROM new.{table} SEMI JOIN same USING (collection, period))
            UNION ALL
            (FROM new.{table} SEMI JOIN same USING (collection, period)
             EXCEPT ALL FROM old.{table} SEMI JOIN same USING (collection, period))
            LIMIT 1
            """
        ).fetchall()
        if changed:
            raise EtlError(
                "The published estimate of people on no list would change without a revision. "
                "Nothing was released.",
                "Restore restricted/frozen.duckdb from your backup, then: python -m etl release",
            )


def _verify_completeness(connection: duckdb.DuckDBPyConnection) -> None:
    """Check that of each closed month the same is told, or nothing still, unless it was revised since."""
    names = "SELECT table_name FROM duckdb_tables() WHERE database_name = ?"
    for database in ("new", "old"):
        have = {row[0] for row in connection.execute(names, [database]).fetchall()}
        if not {*DELAY, "revision", "collection"} <= have:  # a release of an earlier version
            return
    same = """
        SELECT told.* FROM {0}.completeness AS told
        JOIN old.collection USING (collection, subject) WHERE month <= last_closed_month AND NOT EXISTS (
            SELECT 1 FROM new.revision AS revised
            ANTI JOIN old.revision USING (collection, subject, year, revision)
            WHERE revised.collection = told.collection AND revised.subject = told.subject
                AND revised.year = left(told.month, 4)::INTEGER
        )
    """
    old, new = same.format("old"), same.format("new")
    changed = f"(({old}) EXCEPT ALL ({new})) UNION ALL (({new}) EXCEPT ALL ({old})) LIMIT 1"
    if connection.execute(changed).fetchall():
        raise EtlError(
            "The published completeness of a closed month would change without a revision. "
            "Nothing was released.",
            "Restore restricted/frozen.duckdb from your backup, then: python -m etl release",
        )


def is_of_same_people(file: Path, folder: Path, tables: dict[str, Columns]) -> bool:
    """Tell whether a made-up release continues the one that its folder offers, or has other people.

    Parameters
    ----------
    file, tables
        As `verify_unchanged`.
    folder
        Of the profile. A release of real records there is not compared: the two share nothing.
    """
    try:
        newest = newest_of(folder)
    except ReleaseError:
        return True
    if not newest.manifest.synthetic or not newest.file.is_file():
        return True
    try:
        verify_unchanged(file, newest.file, tables)
    except (EtlError, duckdb.Error):
        return False
    return True
