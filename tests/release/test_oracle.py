"""Cells of random populations against a slow, obvious second implementation in plain loops."""

import hmac
import itertools
from collections import Counter
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import Catalog, Dimension, Subject, closed_list, load_catalog
from analysis.catalog.model import Category
from analysis.periods import code_of
from etl.release.cells import ptable
from etl.release.cells.count import count_cells
from etl.release.cells.layout import Layout
from etl.release.cells.protect import protect
from etl.release.profiles import Profile

SECRET = b"a secret of the tests, thirty-two"
PARENT = {"D1": "C1", "D2": "C1", "D3": "C2"}
CODES = {
    "colour": ("red", "green", "not_recorded"),
    "shade": ("dark", "bright", "not_recorded"),  # of the same family as colour
    "size": ("small", "large"),
    "tag": ("a", "b", "c", "not_recorded"),  # several for one record
    "mark": ("x", "y", "not_recorded"),  # several for one record, a detail
}
FAMILY = {"colour": "looks", "shade": "looks"}
SUBJECT = Subject(
    code="thing",
    label="Things",
    unit="things",
    table="mart.thing",
    key="thing_key",
    door="person",
    core=("tag", "colour", "shade", "size"),
    detail=("mark",),
    limits=MappingProxyType({"month": 3, "quarter": 4, "year": 4}),
    detail_limits=MappingProxyType({"month": 2, "quarter": 3, "year": 4}),
)
LAYOUT = Layout(SUBJECT, ("colour", "shade", "size"), ("tag", "mark"), finer=("shade",))
APART = 77
CATALOG: Catalog = replace(
    load_catalog(),
    dimensions=MappingProxyType(
        {
            name: Dimension(
                name, name, "", tuple(Category(code, code) for code in codes), FAMILY.get(name, "")
            )
            for name, codes in CODES.items()
        }
    ),
    subjects=MappingProxyType({"thing": SUBJECT}),
    sha256="oracle",
)
FIRST = 12 * 2023
NOISE = ptable.build(SECRET, 5, 3.0, 2)

thing = st.fixed_dictionaries(
    {
        "month": st.sampled_from([FIRST, FIRST, FIRST + 1, FIRST + 4, FIRST + 11]),
        "area": st.sampled_from(["D1", "D1", "D2", "D3", "C2", "R", "not_recorded"]),
        "colour": st.sampled_from(CODES["colour"]),
        "shade": st.sampled_from(CODES["shade"]),
        "size": st.sampled_from(("small", "small", "small", "large")),
        "tag": st.sets(st.sampled_from(CODES["tag"]), min_size=1, max_size=3),
        "mark": st.sets(st.sampled_from(CODES["mark"]), max_size=2),
    }
)


def record_key(number: int) -> int:
    return hmac.digest(SECRET, f"{number}|2023|0".encode(), "sha256")[0]


def expected_cells(things: list[dict[str, Any]], profile: Profile) -> dict[tuple[Any, ...], int]:
    """One loop over tables, one over records, one over the combinations of a record's codes."""
    cells: dict[tuple[Any, ...], int] = {}
    for table in closed_list(SUBJECT, CATALOG):
        numbers: Counter[tuple[Any, ...]] = Counter()
        key_sums: Counter[tuple[Any, ...]] = Counter()
        for number, one in enumerate(things):
            period = code_of(one["month"], table.period_level)
            if table.area_level == 1:
                area = one["area"] if one["area"] in ("C1", "C2") else PARENT.get(one["area"], "not_recorded")
            elif table.area_level == 2:
                area = one["area"] if one["area"] in PARENT else "not_recorded"
            else:
                area = None
            choices = [
                sorted(one[dim])
                if dim in LAYOUT.kinds and dim in table.dims
                else [one[dim]]
                if dim in table.dims
                else [None]
                for dim in SUBJECT.dimensions
            ]
            for codes in itertools.product(*choices):
                cell = (table.period_level, period, table.area_level, area, *codes)
                numbers[cell] += 1
                key_sums[cell] += record_key(number)
        for cell, n in numbers.items():
            key = key_sums[cell] + (APART if "shade" in table.dims else 0)
            noise = int(NOISE[ptable.table_row(n) - 1, key % 256]) if profile.has_noise else 0
            if n + noise >= profile.threshold:
                cells[cell] = n + noise
    return cells


def released_cells(things: list[dict[str, Any]], profile: Profile) -> dict[tuple[Any, ...], int]:
    with duckdb.connect() as connection:
        connection.execute("ATTACH ':memory:' AS w; ATTACH ':memory:' AS f; CREATE SCHEMA w.mart")
        connection.execute(
            "CREATE TABLE w.mart.collection AS "
            "SELECT 'all' AS collection, 'thing' AS subject, 'g' AS geography"
        )
        connection.execute(
            "CREATE TABLE f.area (geography VARCHAR, code VARCHAR, level INTEGER, parent VARCHAR)"
        )
        connection.execute(
            "INSERT INTO f.area VALUES ('g','R',0,NULL), ('g','C1',1,'R'), ('g','C2',1,'R'), "
            "('g','D1',2,'C1'), ('g','D2',2,'C1'), ('g','D3',2,'C2')"
        )
        connection.execute(
            "CREATE TABLE f.thing (id BIGINT, collection VARCHAR, period_start DATE, area_code VARCHAR, "
            "record_key UTINYINT, colour VARCHAR, shade VARCHAR, size VARCHAR)"
        )
        connection.execute("CREATE TABLE f.thing_attribute (id BIGINT, kind VARCHAR, code VARCHAR)")
        for number, one in enumerate(things):
            day = f"{code_of(one['month'], 'month')}-01"
            values = [
                number,
                "all",
                day,
                one["area"],
                record_key(number),
                one["colour"],
                one["shade"],
                one["size"],
            ]
            connection.execute("INSERT INTO f.thing VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
            for kind in LAYOUT.kinds:
                for code in sorted(one[kind]):
                    connection.execute("INSERT INTO f.thing_attribute VALUES (?, ?, ?)", [number, kind, code])
        count_cells(connection, LAYOUT, closed_list(SUBJECT, CATALOG), CATALOG)
        months = range(FIRST, FIRST + 12)
        closed = sorted(
            {
                ("all", level, code_of(month, level), "")
                for level in ("month", "quarter", "year")
                for month in months
            }
        )
        protect(connection, LAYOUT, closed, profile, NOISE if profile.has_noise else None, apart=APART)
        rows = connection.execute(
            f"SELECT period_level, period, area_level, area, {', '.join(SUBJECT.dimensions)}, value "
            "FROM cell_thing"
        ).fetchall()
    assert len({row[:-1] for row in rows}) == len(rows), "no cell twice"
    return {row[:-1]: row[-1] for row in rows}


@pytest.mark.parametrize(
    "profile",
    [Profile("public", 10, True, 0), Profile("partner", 7, True, 0), Profile("steward", 1, False, 10)],
    ids=lambda profile: profile.name,
)
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(things=st.lists(thing, min_size=0, max_size=60))
def test_every_cell_of_the_closed_list_is_that_of_the_slow_oracle(
    profile: Profile, things: list[dict[str, Any]]
) -> None:
    assert released_cells(things, profile) == expected_cells(things, profile)


def test_a_large_population_too() -> None:
    chance = np.random.default_rng(3)
    things = [
        {
            "month": FIRST + int(chance.integers(12)),
            "area": str(
                chance.choice(["D1", "D2", "D3", "C1", "not_recorded"], p=[0.6, 0.2, 0.1, 0.05, 0.05])
            ),
            "colour": str(chance.choice(CODES["colour"])),
            "shade": str(chance.choice(CODES["shade"])),
            "size": str(chance.choice(CODES["size"])),
            "tag": set(chance.choice(CODES["tag"], size=2)),
            "mark": set(chance.choice(CODES["mark"], size=1)),
        }
        for _ in range(1_500)
    ]
    profile = Profile("public", 10, True, 0)
    cells = released_cells(things, profile)
    assert cells == expected_cells(things, profile)
    assert max(cells.values()) > 750, "counts above the last row of the table are among them"
