"""Looks at a written release before anybody else may: its tables, its numbers, its old periods."""

from pathlib import Path

import duckdb

from analysis.errors import ReleaseError
from analysis.release.archive import newest_of
from etl.errors import EtlError
from etl.release.profiles import Profile
from etl.release.publishing.schema import OF_THE_NUMBER, Columns
from etl.release.publishing.writer_process import quoted

DEFECT = "This is a defect: report it with this message (it holds no record). The last release is unchanged."


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
            row = connection.execute(
                f"""
                SELECT count(*) FROM new.{table} AS new_cell JOIN old.{table} AS old_cell
                ON new_cell.collection = old_cell.collection AND {same}
                WHERE new_cell.value <> old_cell.value AND {where} AND NOT EXISTS (
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
