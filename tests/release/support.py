"""Builds a home folder with a small mart of made-up people, without the loading pipeline."""

import datetime
import functools
import hmac
import itertools
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import polars as pl
import pytest
import shapely

from analysis import Catalog, load_catalog
from analysis.catalog.model import NOT_RECORDED
from analysis.periods import level_of
from etl.config import Home, secret
from etl.mart.own_figures import make_figure_table
from etl.store import warehouse

GEOGRAPHY = "made_up"
OWN = "own"
COUNTIES = ("C1", "C2")
DISTRICTS = ("D1", "D2", "D3", "D4", "D5", "D6")
CONTRIBUTORS = ("harbour_ngo", "north_police")
SINGLE = ("gender", "age_band", "age_group", "citizenship_group", "status", "identified_by")
MULTI = ("form", "sector", "control_method", "recruitment_method", "vulnerability", "source")
REFERRAL = ("from_org_type", "service_type", "decision", "decline_reason", "contact_band", "decision_band")
OBSERVATION = (
    "source",
    "measure",
    "unit",
    "period_level",
    "period",
    "geography",
    "area_code",
    "form",
    "age_group",
    "gender",
    "citizenship",
    "responder_type",
    "responder",
    "offence",
    "agency_type",
    "location",
)


def county_of(district: str) -> str:
    return COUNTIES[(int(district[1:]) - 1) // 3]


@dataclass(frozen=True)
class Person:
    """One record of the mart: single codes by dimension, lists of codes by kind."""

    key: str
    month: datetime.date
    area: str
    single: Mapping[str, str]
    multi: Mapping[str, tuple[str, ...]]
    collection: str = OWN

    @property
    def year(self) -> int:
        return self.month.year

    def changed(self, **single: str) -> "Person":
        return replace(self, single={**self.single, **single})


@dataclass(frozen=True)
class Referral:
    """One referral of the mart."""

    key: str
    month: datetime.date
    area: str
    single: Mapping[str, str]
    collection: str = OWN
    person: str | None = None
    entered_after: int | None = None


@dataclass
class Mart:
    """What a test puts into the warehouse."""

    persons: list[Person] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    as_of: str = "2024-12-31"
    reported: tuple[str, str] = ("2023-01", "2024-12")
    resolution: str = "month"
    is_synthetic: bool = False
    collections: tuple[str, ...] = (OWN,)
    amounts: Sequence["Amount"] = ()


@dataclass(frozen=True)
class Amount:
    """What one organisation brought to a figure."""

    measure: str
    period: str
    division: Mapping[str, str]
    organisation: str
    value: float


def month(text: str) -> datetime.date:
    return datetime.date.fromisoformat(f"{text}-01")


def months_between(first: str, last: str) -> list[datetime.date]:
    start, end = month(first), month(last)
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    return [
        datetime.date(start.year + (start.month - 1 + n) // 12, (start.month - 1 + n) % 12 + 1, 1)
        for n in range(count)
    ]


def made_up_people(
    count: int,
    first: str = "2023-01",
    last: str = "2024-12",
    *,
    seed: int = 1,
    collection: str = OWN,
    prefix: str = "person",
) -> list[Person]:
    """Return random people whose codes are skewed, so that some cells are large and many are small."""
    chance = random.Random(seed)
    months = months_between(first, last)
    bands = {c.code: c.group for c in load_catalog().dimensions["age_band"].categories}
    people = []
    for n in range(count):
        single = {code: _skewed(chance, code) for code in SINGLE}
        single["age_group"] = str(bands[single["age_band"]])
        multi = {kind: _several(chance, kind) for kind in MULTI}
        forms = set(multi["form"])
        pairs = load_catalog().dimensions["form_pair"].codes
        multi["form_pair"] = tuple(code for code in pairs if set(code.split("__")) <= forms)
        area = chance.choices([*DISTRICTS, "C1", NOT_RECORDED], [30, 18, 10, 20, 6, 3, 2, 2])[0]
        people.append(
            Person(f"{prefix}-{seed}-{n:06d}", chance.choice(months), area, single, multi, collection)
        )
    return people


def made_up_referrals(people: Iterable[Person], seed: int = 2) -> list[Referral]:
    chance = random.Random(seed)
    found = []
    for person in people:
        for n in range(chance.choice((0, 1, 1, 2))):
            single = {code: _skewed(chance, code) for code in REFERRAL}
            single["source"] = person.multi["source"][0]
            found.append(
                Referral(
                    f"referral-{person.key}-{n}",
                    person.month,
                    person.area,
                    single,
                    person.collection,
                    person.key,
                )
            )
    return found


def _codes(dimension: str) -> Sequence[str]:
    return CONTRIBUTORS if dimension == "source" else load_catalog().dimensions[dimension].codes


@functools.cache
def _shares(count: int) -> list[float]:
    """Return the shares of codes, added up: each is twice the next one's."""
    return list(itertools.accumulate(2.0 ** (count - n) for n in range(count)))


def _skewed(chance: random.Random, dimension: str) -> str:
    codes = _codes(dimension)
    return chance.choices(codes, cum_weights=_shares(len(codes)))[0]


def _several(chance: random.Random, kind: str) -> tuple[str, ...]:
    picked = {_skewed(chance, kind) for _ in range(chance.choice((1, 1, 1, 2)))}
    return tuple(sorted(picked - {NOT_RECORDED})) or (_codes(kind)[-1],)


def home_with(folder: Path, mart: Mart) -> Home:
    """Write the mart as the current warehouse of a home folder; a second call replaces it."""
    home = Home(folder)
    secret(home, mart.is_synthetic)  # made at the first load; a warehouse without one is refused
    with warehouse.open_for_change(home, "test", fresh=True, is_synthetic=mart.is_synthetic) as change:
        _fill(change.connection, mart)
    return home


def _fill(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    connection.execute("CREATE SCHEMA mart; CREATE SCHEMA meta")
    _put(
        connection,
        "meta.info",
        [
            {"key": "as_of", "value": mart.as_of},
            {"key": "place", "value": "Made-up region"},
            {"key": "is_synthetic", "value": str(mart.is_synthetic).lower()},
            {"key": "home_country", "value": "US"},
            {"key": "anonymity.smallest_group", "value": "fewer than 10"},
        ],
    )
    _put_people(connection, mart)
    _put_amounts(connection, mart.amounts)
    _put_places(connection)
    _put_trust(connection, mart)
    observation = dict.fromkeys(OBSERVATION, None) | {
        "source": "fbi_offences",
        "measure": "offences_known",
        "unit": "offences",
        "period_level": "year",
        "period": "2023",
        "geography": "us",
        "area_code": "06001",
        "value": 7.0,
        "marker": "",
        "load_id": 1,
    }
    _put(connection, "mart.observation", [observation])
    law = {
        "law_code": "act_2020",
        "short_name": "Act 2020",
        "level": "state",
        "jurisdiction": "XX",
        "instrument": "An act",
        "adopted": datetime.date(2020, 1, 1),
        "effective": datetime.date(2020, 7, 1),
        "pillar": "protection",
        "summary": "A law.",
        "citation": "Laws 2020",
        "url": "",
    }
    _put(connection, "mart.law_provision", [law])


def _put(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]], like: Any = None
) -> None:
    frame = pl.DataFrame(rows, infer_schema_length=None) if rows else like
    connection.register("rows", frame.to_arrow())
    connection.execute(f"CREATE TABLE {table} AS SELECT * FROM rows")
    connection.unregister("rows")


def _put_people(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    connection.execute(
        "CREATE TABLE mart.person (collection VARCHAR, person_key VARCHAR, reference_year BIGINT, "
        "period_start DATE, "
        f"area_code VARCHAR, {', '.join(f'{code} VARCHAR' for code in SINGLE)}, load_id INTEGER)"
    )
    connection.execute(
        "CREATE TABLE mart.person_attribute (collection VARCHAR, person_key VARCHAR, reference_year BIGINT, "
        "kind VARCHAR, code VARCHAR)"
    )
    connection.execute(
        "CREATE TABLE mart.referral (collection VARCHAR, referral_key VARCHAR, person_key VARCHAR, "
        "reference_year BIGINT, "
        f"period_start DATE, area_code VARCHAR, {', '.join(f'{code} VARCHAR' for code in REFERRAL)}, "
        "source VARCHAR, load_id INTEGER)"
    )
    people = [
        (p.collection, p.key, p.year, p.month, p.area, *(p.single[code] for code in SINGLE), 1)
        for p in mart.persons
    ]
    attributes = [
        (p.collection, p.key, p.year, kind, code)
        for p in mart.persons
        for kind, codes in p.multi.items()
        for code in codes
    ]
    referrals = [
        (
            r.collection,
            r.key,
            r.person,
            r.month.year,
            r.month,
            r.area,
            *(r.single[code] for code in (*REFERRAL, "source")),
            1,
        )
        for r in mart.referrals
    ]
    for table, rows in (("person", people), ("person_attribute", attributes), ("referral", referrals)):
        if rows:
            connection.register("rows", pl.DataFrame(rows, orient="row", infer_schema_length=None).to_arrow())
            connection.execute(f"INSERT INTO mart.{table} SELECT * FROM rows")
            connection.unregister("rows")
    connection.execute(
        "CREATE TABLE mart.referral_attribute (collection VARCHAR, referral_key VARCHAR, "
        "reference_year BIGINT, kind VARCHAR, code VARCHAR)"
    )
    subject = load_catalog().subjects["referral"]
    late = [(r, r.entered_after) for r in mart.referrals if r.entered_after is not None]
    if late:
        entered = [(r.collection, r.key, r.month.year, subject.entered, str(months)) for r, months in late]
        connection.register("rows", pl.DataFrame(entered, orient="row").to_arrow())
        connection.execute("INSERT INTO mart.referral_attribute SELECT * FROM rows")
        connection.unregister("rows")
    for code in sorted(set(subject.dimensions) - {*REFERRAL, "source"}):  # what became of them is not drawn
        connection.execute(f"ALTER TABLE mart.referral ADD COLUMN {code} VARCHAR DEFAULT 'not_recorded'")


def _put_amounts(connection: duckdb.DuckDBPyConnection, amounts: Sequence[Amount]) -> None:
    if not amounts:
        return
    make_figure_table(connection, load_catalog())
    rows = [
        {"measure": one.measure, "unit": "x", "period_level": level_of(one.period), "period": one.period}
        | {"organisation": one.organisation, "value": one.value, "marker": ""}
        | dict(one.division)
        for one in amounts
    ]
    connection.register("rows", pl.DataFrame(rows, infer_schema_length=None).to_arrow())
    connection.execute("INSERT INTO mart.figure BY NAME SELECT * FROM rows")
    connection.unregister("rows")


def _put_places(connection: duckdb.DuckDBPyConnection) -> None:
    outlines = {code: shapely.box(n, 0, n + 1, 1).segmentize(0.05) for n, code in enumerate(DISTRICTS)}
    for county in COUNTIES:
        outlines[county] = shapely.union_all([outlines[d] for d in DISTRICTS if county_of(d) == county])
    outlines["R"] = shapely.union_all([outlines[c] for c in COUNTIES])
    levels = {"R": (0, "region", None), **{c: (1, "county", "R") for c in COUNTIES}}
    levels |= {d: (2, "district", county_of(d)) for d in DISTRICTS}
    areas = [
        {
            "geography": GEOGRAPHY,
            "code": code,
            "name": f"Area {code}",
            "level": level,
            "level_name": name,
            "parent": parent,
            "is_rural": code == "D6",
            "lon": outlines[code].centroid.x,
            "lat": outlines[code].centroid.y,
        }
        for code, (level, name, parent) in levels.items()
    ]
    _put(connection, "mart.area", areas)
    _put(
        connection,
        "mart.area_shape",
        [{"geography": GEOGRAPHY, "code": c, "wkb": s.wkb} for c, s in outlines.items()],
    )
    _put(
        connection,
        "mart.area_population",
        [
            {
                "geography": GEOGRAPHY,
                "code": c,
                "year": 2023,
                "age_group": "all",
                "sex": "all",
                "population": 10_000,
                "source": "office",
            }
            for c in outlines
        ],
    )
    _put(
        connection,
        "mart.area_context",
        [
            {
                "geography": GEOGRAPHY,
                "code": c,
                "year": 2023,
                "indicator": "poverty_share",
                "value": 8.5,
                "unit": "%",
                "source": "office",
            }
            for c in outlines
        ],
    )


def _put_trust(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    day = datetime.date(2025, 1, 10)
    described = {
        "collection_label": "Own register",
        "geography": GEOGRAPHY,
        "unit": "people",
        "is_synthetic": mart.is_synthetic,
        "period_resolution": mart.resolution,
        "publisher": "Task force",
        "licence": "Not for reuse",
        "citation": "Own records.",
        "rule": "Own rule.",
        "period_from": mart.reported[0],
        "period_to": mart.reported[1],
        "loaded_on": day,
    }
    names = [*CONTRIBUTORS, "fbi_offences"]
    _put(
        connection,
        "mart.source",
        [
            {"source_id": name, "label": name, "collection": OWN, "is_own": name in CONTRIBUTORS, **described}
            for name in names
        ],
    )
    _put(
        connection,
        "mart.load",
        [
            {
                "load_id": n + 1,
                "source_id": name,
                "file_name": f"{name}.csv",
                "sha256": "0" * 64,
                "rows_in": 1234 + n,
                "rows_accepted": 1230,
                "rows_rejected": 4 + n,
                "loaded_at": datetime.datetime(2025, 1, 10, 12),
                "period_from": mart.reported[0],
                "period_to": mart.reported[1],
                "is_current": True,
                "status": "current",
            }
            for n, name in enumerate(names)
        ],
    )
    _put(
        connection,
        "mart.rejected_row",
        [
            {"load_id": 1, "table_name": "person", "line": n, "rule": "known_code", "column_name": "gender"}
            for n in range(4)
        ],
    )
    _put(
        connection,
        "mart.collection",
        [
            {
                "collection": name,
                "label": "Own register",
                "subject": subject,
                "geography": GEOGRAPHY,
                "unit": "people",
                "is_own": True,
                "is_synthetic": mart.is_synthetic,
                "period_resolution": mart.resolution,
                "citation": "Own records.",
            }
            for name in mart.collections
            for subject in ("person", "referral")
        ],
    )
    _put(
        connection,
        "mart.coverage",
        [
            {"collection": name, "source": source, "period": f"{day:%Y-%m}", "status": "reported"}
            for name in mart.collections
            for source in CONTRIBUTORS
            for day in months_between(*mart.reported)
        ],
    )


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return found


def release_file(folder: Path) -> Path:
    return folder / manifest_of(folder)["file"]


def cells_of(file: Path, subject: str = "person") -> dict[tuple[Any, ...], tuple[int, str]]:
    """Return all shown cells of a release: everything but value and marker is the key."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return {row[:-2]: row[-2:] for row in connection.execute(f"SELECT * FROM cell_{subject}").fetchall()}


def small_catalog() -> Catalog:
    """Return the project's catalog with fewer dimensions, so that a release takes a second."""
    catalog = load_catalog()
    fewer = {
        "person": {"core": ("form", "age_group", "age_band", "gender", "source"), "detail": ("sector",)},
        "referral": {"core": ("service_type", "decision", "source"), "detail": ("decline_reason",)},
    }
    subjects = {code: replace(catalog.subjects[code], **changes) for code, changes in fewer.items()}
    return replace(catalog, subjects=MappingProxyType(subjects), sha256="small")


@contextmanager
def counting(catalog: Catalog) -> Iterator[Catalog]:
    """Have the release job count what another catalog asks, for the time of a block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("etl.release.run.load_catalog", lambda: catalog)
        yield catalog


def expected_key(secret: bytes, record: str, year: int, revision: int) -> int:
    """The definition of a person's record key, in one line of the standard library."""
    return hmac.digest(secret, f"person_key|{record}|{year}|{revision}".encode(), "sha256")[0]
