"""The published reference cells of the cell key method, through the release job's own SQL."""

import csv
import hmac
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast

import duckdb
import numpy as np
import pytest

from analysis import Catalog, Dimension, GroupingSet, Subject
from analysis.catalog.model import Category
from etl.release.cells.count import count_cells
from etl.release.cells.layout import Layout
from etl.release.cells.protect import protect
from etl.release.profiles import Profile
from tests.support import reference

COLUMNS = ("age", "gender", "exploitation")
TABLES = {
    "expected_gender.csv": (GroupingSet("year", None, ("gender",)), 3),
    "expected_area.csv": (GroupingSet("year", 1, ()), 12),
    "expected_quarter_area.csv": (GroupingSet("quarter", 1, ()), 144),
    "expected_area_age_gender.csv": (GroupingSet("year", 1, ("age", "gender")), 216),
    "expected_area_age_gender_exploitation.csv": (GroupingSet("year", 1, COLUMNS), 1080),
}


def rows_of(name: str) -> list[dict[str, str]]:
    with reference("cell-key", name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def records() -> list[dict[str, str]]:
    return rows_of("records.csv")


@pytest.fixture(scope="module")
def noise() -> np.ndarray[Any, np.dtype[np.int8]]:
    table = np.zeros((750, 256), dtype=np.int8)
    for row in rows_of("ptable.csv"):
        table[int(row["pcv"]) - 1, int(row["ckey"])] = int(row["pvalue"])
    return table


def catalog_of(records: list[dict[str, str]]) -> Catalog:
    dimensions = {
        name: Dimension(name, name, "", tuple(Category(c, c) for c in sorted({r[name] for r in records})))
        for name in COLUMNS
    }
    return cast(Catalog, SimpleNamespace(dimensions=MappingProxyType(dimensions)))


LAYOUT = Layout(
    Subject("person", "People", "people", "mart.person", "person_key", "person", COLUMNS, (), {}, {}),
    COLUMNS,
    (),
)
PROFILE = Profile("public", 10, True, 0)


@pytest.fixture(params=[False, True], ids=["one year", "quarters"])
def shown(
    request: pytest.FixtureRequest, tmp_path: Path, records: list[dict[str, str]], noise: Any
) -> Iterator[tuple[bool, dict[str, dict[tuple[str, ...], int]]]]:
    """Shown cells of every table; all records in one year, or each in its quarter."""
    by_quarter: bool = request.param
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{tmp_path / 'w.duckdb'}' AS w; ATTACH '{tmp_path / 'f.duckdb'}' AS f")
    connection.execute(
        "CREATE SCHEMA w.mart; CREATE TABLE w.mart.collection AS SELECT 'all' AS collection, "
        "'person' AS subject, 'made_up' AS geography"
    )
    connection.execute("CREATE TABLE f.area (geography VARCHAR, code VARCHAR, level INTEGER, parent VARCHAR)")
    areas = [("made_up", code, 1, None) for code in sorted({row["area"] for row in records})]
    connection.executemany("INSERT INTO f.area VALUES (?, ?, ?, ?)", areas)
    connection.execute(
        "CREATE TABLE f.person (id BIGINT, collection VARCHAR, record VARCHAR, reference_year BIGINT, "
        "period_start DATE, "
        "area_code VARCHAR, record_key UTINYINT, age VARCHAR, gender VARCHAR, exploitation VARCHAR)"
    )
    rows = []
    for row in records:
        year, quarter = row["quarter"].split("-Q") if by_quarter else ("2022", "1")
        rows.append(
            (
                len(rows),
                "all",
                row["id"],
                int(year),
                f"{year}-{3 * int(quarter) - 2:02d}-01",
                row["area"],
                int(row["record_key"]),
                *(row[name] for name in COLUMNS),
            )
        )
    connection.executemany(f"INSERT INTO f.person VALUES ({', '.join('?' * 10)})", rows)
    level = "quarter" if by_quarter else "year"
    sets = [one for one, _ in TABLES.values() if one.period_level == level]
    count_cells(connection, LAYOUT, sets, catalog_of(records))
    periods = {row["quarter"] for row in records} if by_quarter else {"2022"}
    protect(connection, LAYOUT, [("all", level, code, "") for code in periods], PROFILE, noise)
    found = {}
    for name, (one, _) in TABLES.items():
        if one.period_level != level:
            continue
        columns = ["period"] * by_quarter + ["area"] * (one.area_level is not None) + list(one.dims)
        rest = [code for code in COLUMNS if code not in one.dims]
        where = " AND ".join(
            [*(f"{code} IS NULL" for code in rest), *(f"{code} IS NOT NULL" for code in columns)]
        )
        none = "" if one.area_level else " AND area IS NULL"
        query = f"SELECT value, {', '.join(columns)} FROM cell_person WHERE {where}{none}"
        found[name] = {tuple(row[1:]): row[0] for row in connection.execute(query).fetchall()}
    yield by_quarter, found
    connection.close()


def test_every_reference_cell_is_reproduced(
    shown: tuple[bool, dict[str, dict[tuple[str, ...], int]]],
) -> None:
    by_quarter, found = shown
    compared = 0
    for name, cells in found.items():
        expected = rows_of(name)
        keys = [key for key in expected[0] if key not in ("pre_sdc_count", "ckey", "pcv", "pvalue", "count")]
        published = {tuple(row[key] for key in keys): row["count"] for row in expected}
        assert len(published) == TABLES[name][1]
        assert {key: str(value) for key, value in cells.items()} == {
            k: v for k, v in published.items() if v
        }, name
        compared += len(published)
    assert compared == (144 if by_quarter else 1455 - 144)


def test_record_keys_are_the_reference_keys(records: list[dict[str, str]]) -> None:
    for row in records:
        assert hmac.digest(b"reference-only-secret", row["id"].encode(), "sha256")[0] == int(
            row["record_key"]
        )
