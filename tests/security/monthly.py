"""Six monthly releases of about 2,000 people: a sixth of the demonstration, whose records come in late, month
by month, and are withdrawn. All topics are there, with several records a person."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import duckdb
import pytest

from analysis import Catalog, load_catalog
from etl.config import Home, home_at
from etl.release import publish
from etl.store import warehouse
from tests.demonstration import demonstration_home
from tests.release.support import release_file
from tests.security.subjects import PROFILES

MONTHS = ("2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12")
ONE_IN = 6  # of the people of the demonstration, and of records that name nobody


@dataclass(frozen=True)
class Series:
    """The releases of a home, by month and profile, and how many records had come by the end of each month.

    Attributes
    ----------
    folder
        Holds ``frozen.duckdb`` and one release of each profile, the last.
    files
        All releases.
    came
        Subject and month to the number of records of months that were over in July.
    home
        The home that published them; each folder of releases has its archive.
    catalog
        What was counted.
    """

    folder: Path
    files: dict[tuple[str, str], Path]
    came: dict[tuple[str, str], int]
    home: Home
    catalog: Catalog


def fewer_dimensions(catalog: Catalog) -> Catalog:
    """Return the catalog with the first dimensions of each subject alone: three core ones and a detail."""
    subjects = {}
    for code, one in catalog.subjects.items():
        core = tuple(dict.fromkeys([*one.always, *one.core]))[:3]
        subjects[code] = replace(one, core=core, detail=one.detail[:1])
    # The closed list is kept by the hash: with that of the whole catalog it would be the whole list.
    return replace(catalog, subjects=MappingProxyType(subjects), sha256=f"fewer {catalog.sha256}")


def monthly(
    folder: Path,
    subjects: Sequence[str],
    months: Sequence[str] = MONTHS,
    catalog: Catalog | None = None,
) -> Series:
    """Make the releases of these subjects and months; of the project's catalog unless another is given."""
    home, pristine = Home(folder / "home"), folder / "pristine"
    _copy_warehouse(home_at(demonstration_home()), home.restricted)
    catalog = catalog or load_catalog()
    chosen = {code: catalog.subjects[code] for code in subjects}
    with warehouse.open_for_change(home, "test") as change:
        _keep_some(change.connection, subjects)
    shutil.copytree(home.restricted, pristine)
    series = Series(folder, {}, {}, home, catalog)
    with pytest.MonkeyPatch.context() as patch:
        name = " ".join([*subjects, catalog.sha256])
        smaller = replace(catalog, subjects=MappingProxyType(chosen), sha256=name)
        patch.setattr("etl.release.run.load_catalog", lambda: smaller)
        for month in months:
            for path in pristine.glob("*.*"):
                shutil.copyfile(path, home.restricted / path.name)
            with warehouse.open_for_change(home, "test") as change:
                _stand_at(change.connection, subjects, month)
                series.came.update(
                    ((code, month), count) for code, count in _of_old_months(change.connection, subjects)
                )
            for profile in PROFILES:
                publish(home, profile, accept_fewer=True)
                served = folder / f"{profile}-{month}"
                served.mkdir()
                for path in (home.release(profile) / "manifest.json", release_file(home.release(profile))):
                    shutil.copyfile(path, served / path.name)
                series.files[month, profile] = release_file(served)
    shutil.copyfile(home.frozen(is_synthetic=True), folder / "frozen.duckdb")
    for profile in PROFILES:
        shutil.copyfile(series.files[months[-1], profile], folder / f"{profile}.duckdb")
    return series


def _copy_warehouse(origin: Home, folder: Path) -> None:
    folder.mkdir(parents=True)
    for path in (origin.restricted / "manifest.json", warehouse.current(origin)):
        shutil.copyfile(path, folder / path.name)


def _tables(connection: duckdb.DuckDBPyConnection, subjects: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield code, table and key of each subject and of its bridge table."""
    catalog = load_catalog()
    there = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for code in subjects:
        subject = catalog.subjects[code]
        yield code, subject.table, subject.key
        if f"{subject.table}_attribute".removeprefix("mart.") in there:
            yield "", f"{subject.table}_attribute", subject.key


def _keep_some(connection: duckdb.DuckDBPyConnection, subjects: Sequence[str]) -> None:
    for code, table, key in _tables(connection, subjects):
        if code:
            who = f"coalesce({load_catalog().subjects[code].person or key}, {key})"
            connection.execute(f"DELETE FROM {table} WHERE hash({who}) % {ONE_IN} > 0")
        else:
            origin = table.removesuffix("_attribute")
            connection.execute(f"DELETE FROM {table} WHERE {key} NOT IN (SELECT {key} FROM {origin})")


def _stand_at(connection: duckdb.DuckDBPyConnection, subjects: Sequence[str], month: str) -> None:
    """Leave what had come in by the end of a month.

    A quarter of the records is late by up to a year; one in forty is withdrawn two months after it came.
    """
    late = "hash({key}, 'late') % 4 = 0"
    months = "1 + hash({key}, 'months')::HUGEINT % 12"
    for code, table, key in _tables(connection, subjects):
        if not code:
            origin = table.removesuffix("_attribute")
            connection.execute(f"DELETE FROM {table} WHERE {key} NOT IN (SELECT {key} FROM {origin})")
            continue
        came = f"period_start + to_months(CASE WHEN {late} THEN ({months})::INTEGER ELSE 0 END)"
        gone = f"hash({{key}}, 'gone') % 40 = 0 AND {came} + to_months(2) <= DATE '{month}-01'"
        condition = f"{came} > DATE '{month}-01' OR ({gone})".replace("{key}", key)
        connection.execute(f"DELETE FROM {table} WHERE {condition}")
    connection.execute(f"DELETE FROM mart.coverage WHERE period > '{month}'")
    connection.execute(
        f"UPDATE meta.info SET value = last_day(DATE '{month}-01')::VARCHAR WHERE key = 'as_of'"
    )


def _of_old_months(
    connection: duckdb.DuckDBPyConnection, subjects: Sequence[str]
) -> Iterator[tuple[str, int]]:
    for code, table, _ in _tables(connection, subjects):
        if code:
            count = f"SELECT count(*) FROM {table} WHERE period_start <= DATE '{MONTHS[0]}-01'"
            yield code, connection.execute(count).fetchall()[0][0]
