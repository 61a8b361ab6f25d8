# ruff: noqa: SIM905
"""Writes a small, complete release of made-up people, so that every layer above it can be tested at once.

``build(folder)`` gives the folder of a release exactly as docs/interfaces.md describes it. The people are
random, the protection is imitated by a plain loop over the cells (`published`), and the release job is not
involved: tests of the real protection are elsewhere.
"""

import datetime
import fcntl
import functools
import hashlib
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import shapely

from analysis import Catalog, GroupingSet, closed_list, load_catalog
from analysis.periods import code_of
from tests.support import PROJECT

GEOGRAPHY = "example"
COLLECTION, OTHER_COLLECTION = "own", "outside_register"
COUNTIES = {"C1": "Larkfield", "C2": "Moorhaven"}
DISTRICT_NAMES = (
    "Ashby Ferry Glenmore Hartwell Iverton Juniper Kestrel Linden Marlow Netherby Oakham Pinewood".split()
)
DISTRICTS = {f"D{n + 1:02d}": name for n, name in enumerate(DISTRICT_NAMES)}
CONTRIBUTORS = {
    "north_police": "Northern police",
    "harbour_ngo": "Harbour House",
    "county_health": "County health",
}
RECEIVERS = {
    "harbour_house": "Harbour House",
    "hill_legal": "Hill Legal Centre",
    "not_recorded": "Not recorded",
    "unlisted": "An organisation that is not on the list",
}
RECEIVER_TYPES = {"harbour_house": "shelter", "hill_legal": "legal"}
RURAL = ("D05", "D06", "D12")
FIRST_MONTH, LAST_MONTH = 12 * 2021, 12 * 2025 + 11
PROVISIONAL_FROM = LAST_MONTH - 5
REVISED_YEAR = "2023"
STOPPED_MONTH = 12 * 2024 + 6  # county_health reports nothing from July 2024


def parent_of(district: str) -> str:
    return "C1" if int(district[1:]) <= 6 else "C2"


@dataclass(frozen=True)
class Settings:
    """What a test may change."""

    persons: int = 5_000
    seed: int = 7
    profile: str = "public"
    threshold: int = 10
    noise: bool = True
    as_of: str = "2026-01-15"
    synthetic: bool = True
    format: int = 1


def build(folder: Path, **changes: Any) -> Path:
    """Write ``release-<sha12>.duckdb`` and ``manifest.json`` into a folder and return the folder.

    Parameters
    ----------
    folder
        Made when it is not there. A second call replaces the manifest, as publishing does.
    **changes
        Values of `Settings`.
    """
    settings, catalog = Settings(**changes), load_catalog()
    folder.mkdir(parents=True, exist_ok=True)
    content = database(settings)
    sha256 = hashlib.sha256(content).hexdigest()
    file = f"release-{sha256[:12]}.duckdb"
    (folder / file).write_bytes(content)
    manifest = {
        "format": settings.format,
        "file": file,
        "sha256": sha256,
        "profile": settings.profile,
        "release_id": sha256[:12],
        "as_of": settings.as_of,
        "place": "Example region",
        "synthetic": settings.synthetic,
        "catalog_sha256": catalog.sha256,
    }
    temporary = folder / "manifest.json.tmp"
    temporary.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    temporary.replace(folder / "manifest.json")
    return folder


@functools.lru_cache(maxsize=4)
def database(settings: Settings) -> bytes:
    """Return the bytes of the release file; made once for a state of what makes it, by whoever asks first.

    All workers and later runs share them, as they share the demonstration (`tests.demonstration`).
    """
    shared = Path(tempfile.gettempdir(), f"ltt-example-{_state()}")
    shared.mkdir(exist_ok=True)
    made = shared / f"{hashlib.sha256(repr(settings).encode()).hexdigest()[:16]}.duckdb"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            aside = made.with_suffix(".aside")
            aside.write_bytes(_database(settings))
            aside.replace(made)
    return made.read_bytes()


@functools.cache
def _state() -> str:
    """Return a hash of everything that an example is made from."""
    digest = hashlib.sha256(duckdb.__version__.encode() + pl.__version__.encode())
    sources = sorted((PROJECT / "analysis").rglob("*.py"))
    for path in (Path(__file__), *sources):
        digest.update(path.relative_to(PROJECT).as_posix().encode() + path.read_bytes())
    digest.update(load_catalog().sha256.encode())
    return digest.hexdigest()[:16]


def _database(settings: Settings) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "aside.duckdb"
        with duckdb.connect(path) as connection:
            for name, frame in tables(settings, load_catalog()):
                connection.register("incoming", frame.to_arrow())
                connection.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
                connection.unregister("incoming")
            connection.execute("CHECKPOINT")
        return path.read_bytes()


def tables(settings: Settings, catalog: Catalog) -> Iterator[tuple[str, pl.DataFrame]]:
    people = make_people(settings.persons, settings.seed, catalog)
    outside = make_people(settings.persons // 2, settings.seed + 1, catalog)
    referrals = make_referrals(people, settings.seed, catalog)
    yield (
        "cell_person",
        pl.concat(
            [
                cells(people, "person", COLLECTION, settings, catalog),
                cells(outside, "person", OTHER_COLLECTION, settings, catalog, only_years=True),
            ]
        ),
    )
    yield "cell_referral", cells(referrals, "referral", COLLECTION, settings, catalog)
    yield "info", info_table(settings, catalog)
    yield "collection", collection_table()
    yield from area_tables()
    yield "observation", observation_table()
    yield from trust_tables()


# --- made-up people ---


def make_people(count: int, seed: int, catalog: Catalog) -> pl.DataFrame:
    """Return one row per person: key, month, areas, one code per dimension (or a list of codes)."""
    chance = random.Random(seed)
    months = list(range(FIRST_MONTH, LAST_MONTH + 1))
    weights = [1 + 0.01 * n + (0.3 if month % 12 in (5, 6) else 0) for n, month in enumerate(months)]
    return pl.DataFrame(
        [make_person(key, chance, months, weights, catalog) for key in range(count)], infer_schema_length=None
    )


def make_person(
    key: int, chance: random.Random, months: list[int], weights: list[float], catalog: Catalog
) -> dict[str, Any]:
    month = chance.choices(months, weights)[0]
    district = chance.choices(list(DISTRICTS), [12, 9, 7, 5, 3, 1, 10, 8, 6, 4, 2, 1])[0]
    known = chance.random()
    person: dict[str, Any] = {
        "key": key,
        "at": month,
        "area_1": parent_of(district) if known > 0.02 else "not_recorded",
        "area_2": district if known > 0.05 else "not_recorded",
    }
    for code in catalog.subjects["person"].dimensions:
        dimension = catalog.dimensions[code]
        if code in ("source", "form_pair", "age_group"):
            continue
        size = len(dimension.codes)
        falling = [2.0 ** (size - n) for n in range(size - 1)] + [2.0 ** (size - 2)]
        picked = chance.choices(dimension.codes, falling, k=1 + (dimension.multi and chance.random() < 0.3))
        kept = sorted(set(picked) - {"not_recorded"}) or ["not_recorded"]
        person[code] = kept if dimension.multi else kept[0]
    bands = {category.code: category.group for category in catalog.dimensions["age_band"].categories}
    person["age_group"] = bands[person["age_band"]]
    reporting = [code for code in CONTRIBUTORS if code != "county_health" or month < STOPPED_MONTH]
    person["source"] = sorted(set(chance.choices(reporting, k=2 if chance.random() < 0.1 else 1)))
    forms = set(person["form"])
    pairs = [code for code in catalog.dimensions["form_pair"].codes if set(code.split("__")) <= forms]
    person["form_pair"] = pairs
    return person


def make_referrals(people: pl.DataFrame, seed: int, catalog: Catalog) -> pl.DataFrame:
    chance = random.Random(seed + 2)
    rows = []
    for person in people.select("key", "at", "area_1", "area_2", "source").to_dicts():
        for _ in range(chance.choice((0, 1, 1, 2))):
            row = {**person, "key": len(rows), "source": person["source"][:1]}
            for code in ("service_type", "from_org_type"):
                row[code] = chance.choice(catalog.dimensions[code].codes)
            row["decision"] = chance.choices(catalog.dimensions["decision"].codes, [60, 25, 8, 4, 3])[0]
            row["contact_band"] = chance.choices(
                catalog.dimensions["contact_band"].codes, [50, 20, 12, 6, 8, 4]
            )[0]
            row["decision_band"] = chance.choice(catalog.dimensions["decision_band"].codes)
            reasons = [code for code in catalog.dimensions["decline_reason"].codes if code != "not_declined"]
            declined = row["decision"] == "declined"
            row["decline_reason"] = chance.choice(reasons) if declined else "not_declined"
            rows.append(row | what_became_of(row["decision"], row["area_2"], chance, catalog))
    return pl.DataFrame(rows, infer_schema_length=None)


def what_became_of(decision: str, district: str, chance: random.Random, catalog: Catalog) -> dict[str, str]:
    """Return the dimensions of a referral that the pathway needs; reports and agreements are not loaded."""
    came = ["accepted", "contacted", "in_service", "left_service", "stable_outcome"]
    stage = chance.choices(came, [10, 15, 20, 25, 30])[0] if decision == "accepted" else decision
    timed = catalog.dimensions["start_band"].codes[:7]
    started = stage in came[2:]
    known = district != "not_recorded"
    receiver = chance.choice(list(RECEIVERS))
    return {
        "stage": stage,
        "area_kind": ("rural" if district in RURAL else "urban") if known else "not_recorded",
        "start_band": chance.choice(timed)
        if started
        else "not_started"
        if stage in came
        else "not_applicable",
        "to_org_type": RECEIVER_TYPES.get(receiver, "not_recorded"),
        "to_organisation": receiver,
        "agreement": "not_recorded",
        "origin": "not_recorded",
    }


# --- cells ---


def cells(  # noqa: PLR0917
    records: pl.DataFrame,
    subject: str,
    collection: str,
    settings: Settings,
    catalog: Catalog,
    only_years: bool = False,
) -> pl.DataFrame:
    """Return the cells of every table on the closed list."""
    for level in ("month", "quarter", "year"):
        codes = {month: code_of(month, level) for month in range(FIRST_MONTH, LAST_MONTH + 1)}
        records = records.with_columns(
            pl.col("at").replace_strict(codes, return_dtype=pl.String).alias(level)
        )
    dimensions = catalog.subjects[subject].dimensions
    found = []
    for grouping in closed_list(subject, catalog):
        if not only_years or grouping.period_level == "year":
            found.append(cells_of(records, grouping, dimensions, collection, settings, catalog))
    return pl.concat(found)


def cells_of(  # noqa: PLR0917
    records: pl.DataFrame,
    grouping: GroupingSet,
    dimensions: tuple[str, ...],
    collection: str,
    settings: Settings,
    catalog: Catalog,
) -> pl.DataFrame:
    level, area_level = grouping.period_level, grouping.area_level
    area = pl.lit(None, pl.String) if area_level is None else pl.col(f"area_{area_level}")
    frame = records.select(pl.col(level).alias("period"), area.alias("area"), *grouping.dims)
    for code in grouping.dims:
        if catalog.dimensions[code].multi:
            frame = frame.explode(code).drop_nulls(code)
    counted = frame.group_by(frame.columns, maintain_order=True).len("true")
    counted = counted.filter(pl.col("true") >= settings.threshold - 5)  # no change is larger than 5
    shown = [published(row, collection, settings) for row in counted.rows()]
    columns = [
        pl.lit(None, pl.String).alias(code) if code not in grouping.dims else pl.col(code)
        for code in dimensions
    ]
    return (
        counted.with_columns(
            pl.Series("value", shown, pl.Int32),
            pl.Series("marker", [marker_of(period) for period in counted["period"]], pl.String),
        )
        .filter(pl.col("value") >= max(settings.threshold, 1))
        .select(
            pl.lit(collection).alias("collection"),
            pl.lit(level).alias("period_level"),
            "period",
            pl.lit(area_level, pl.Int32).alias("area_level"),
            "area",
            *columns,
            "value",
            "marker",
        )
    )


def published(row: tuple[Any, ...], collection: str, settings: Settings) -> int:
    """Return the number after an imitation of the noise: the same cell always gets the same change."""
    if not settings.noise:
        return int(row[-1])
    digest = hashlib.blake2b(repr((row[:-1], collection)).encode(), digest_size=2).digest()
    change = (int.from_bytes(digest) & 0xFFF).bit_count() - 6  # mean 0, variance 3
    return max(0, int(row[-1]) + max(-5, min(5, change)))


@functools.cache
def marker_of(period: str) -> str:
    months = {code_of(month, level) for month in range(PROVISIONAL_FROM, LAST_MONTH + 1) for level in LEVELS}
    return ("r" if period.startswith(REVISED_YEAR) else "") + ("p" if period in months else "")


LEVELS = ("month", "quarter", "year")

# --- the other tables ---


def info_table(settings: Settings, catalog: Catalog) -> pl.DataFrame:
    protection = catalog.protection
    exact = settings.profile == "steward"
    info = {
        "format": settings.format,
        "profile": settings.profile,
        "d": 0 if exact or not settings.noise else protection.noise_d,
        "v": 0.0 if exact or not settings.noise else protection.noise_v,
        "js": 0 if exact or not settings.noise else protection.noise_js,
        "threshold": settings.threshold,
        "dimensions": 4,
        "parameters_sha256": protection.file_sha256,
        "catalog_sha256": catalog.sha256,
        "as_of": settings.as_of,
        "place": "Example region",
        "synthetic": str(settings.synthetic).lower(),
        "contact": "data@example.org",
        "methods_version": protection.methods_version,
    }
    return pl.DataFrame({"key": list(info), "value": [str(value) for value in info.values()]})


def collection_table() -> pl.DataFrame:
    names = "collection label subject geography unit is_own is_synthetic period_resolution first_period "
    names += "last_closed_month citation"
    own = (GEOGRAPHY, "people identified", True, True, "month")
    last = code_of(LAST_MONTH, "month")
    rows = [
        (COLLECTION, "Example task force", "person", *own),
        (COLLECTION, "Example task force", "referral", GEOGRAPHY, "referrals", *own[2:]),
        (
            OTHER_COLLECTION,
            "Outside register",
            "person",
            GEOGRAPHY,
            "people in the register",
            False,
            True,
            "year",
        ),
    ]
    ends = [
        ("2021-01", last, "Example task force, made-up records."),
        ("2021-01", last, "Example task force, made-up records."),
        ("2021-01", last, "Source: An outside register, made-up records."),
    ]
    return pl.DataFrame([a + b for a, b in zip(rows, ends, strict=True)], schema=names.split(), orient="row")


def area_tables() -> Iterator[tuple[str, pl.DataFrame]]:
    shapes = {
        code: shapely.box(n % 6 * 0.5, n // 6 * 0.6, n % 6 * 0.5 + 0.5, n // 6 * 0.6 + 0.6).segmentize(0.1)
        for n, code in enumerate(DISTRICTS)
    }
    for county in COUNTIES:
        shapes[county] = shapely.union_all([shapes[code] for code in DISTRICTS if parent_of(code) == county])
    shapes["R"] = shapely.union_all([shapes[county] for county in COUNTIES])
    described = [
        ("R", "Example region", 0, "region", None),
        *[(c, n, 1, "county", "R") for c, n in COUNTIES.items()],
    ]
    described += [(code, name, 2, "district", parent_of(code)) for code, name in DISTRICTS.items()]
    rows = [
        (
            GEOGRAPHY,
            *row,
            row[0] in RURAL,
            shapes[row[0]].centroid.x,
            shapes[row[0]].centroid.y,
        )
        for row in described
    ]
    us = [("US", "United States", 0, "nation", None), ("06", "California", 1, "state", "US")]
    us += [("48", "Texas", 1, "state", "US"), ("06001", "Alameda", 2, "county", "06")]
    us += [("06037", "Los Angeles", 2, "county", "06"), ("48201", "Harris", 2, "county", "48")]
    rows += [("us", *row, False, None, None) for row in us]
    names = "geography code name level level_name parent is_rural lon lat".split()
    yield "area", pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    yield (
        "area_shape",
        pl.DataFrame(
            {"geography": GEOGRAPHY, "code": list(shapes), "wkb": [shape.wkb for shape in shapes.values()]}
        ),
    )
    yield "area_population", population_table()
    yield (
        "area_context",
        pl.DataFrame(
            {
                "geography": GEOGRAPHY,
                "code": list(DISTRICTS),
                "year": 2023,
                "indicator": "below_poverty_line_share",
                "value": [8.0 + 1.5 * n for n in range(12)],
                "unit": "%",
                "source": "example_statistics",
            }
        ),
    )


def population_table() -> pl.DataFrame:
    rows = []
    for year in range(2021, 2025):  # 2025 is not there yet: the year before must serve
        total: dict[tuple[str, str], int] = {}
        for n, code in enumerate(DISTRICTS):
            everyone = 20_000 + 9_000 * n + 150 * (year - 2021)
            child = everyone // 5
            for group, people in (("all", everyone), ("child", child), ("adult", everyone - child)):
                for area in (code, parent_of(code), "R"):
                    total[area, group] = total.get((area, group), 0) + people
        rows += [
            (GEOGRAPHY, area, year, group, "all", count, "example_statistics")
            for (area, group), count in total.items()
        ]
    names = "geography code year age_group sex population source".split()
    return pl.DataFrame(rows, schema=names, orient="row")


OBSERVATION_COLUMNS = (
    "source measure unit period_level period geography area_code form age_group gender citizenship "
    "responder_type responder offence agency_type location value marker"
).split()


def observation_table() -> pl.DataFrame:
    """Return published figures: offences known and cleared in three counties; one was silent in 2022."""
    rows: list[dict[str, Any]] = []
    for year in range(2021, 2026):
        for n, county in enumerate(("06001", "06037", "48201")):
            for offence, share in (("commercial_sex_acts", 4), ("involuntary_servitude", 1)):
                known = share * (3 + n) + (year - 2021)
                silent = county == "48201" and year == 2022
                for measure, value in (("fbi_offences_known", known), ("fbi_offences_cleared", known // 3)):
                    rows.append(
                        {
                            "source": "fbi_offences",
                            "measure": measure,
                            "unit": "offences",
                            "period_level": "year",
                            "period": str(year),
                            "geography": "us",
                            "area_code": county,
                            "offence": offence,
                            "value": None if silent else float(value),
                            "marker": "x" if silent else "",
                        }
                    )
    schema = {name: pl.Float64 if name == "value" else pl.String for name in OBSERVATION_COLUMNS}
    return pl.DataFrame(rows, schema=schema)


def trust_tables() -> Iterator[tuple[str, pl.DataFrame]]:
    day = datetime.date(2026, 1, 10)
    names = (
        "source_id label publisher unit licence citation rule is_synthetic period_from period_to loaded_on"
    )
    own = [
        (
            code,
            label,
            label,
            "people identified",
            "Not for reuse",
            f"{label}, made-up records.",
            "Own records.",
        )
        for code, label in CONTRIBUTORS.items()
    ]
    rows = [(*row, True, "2021-01", "2025-12", day) for row in own]
    rows += [
        (
            *(
                "fbi_offences",
                "FBI human trafficking offences",
                "Federal Bureau of Investigation",
                "offences",
            ),
            *("Public domain", "Made-up figures in the shape of the FBI's.", "Published as they are."),
            *(True, "2021-01", "2025-12", day),
        ),
        (
            *("example_statistics", "Population", "Example statistics office", "people", "Public domain"),
            *(
                "Example statistics office, made up.",
                "Published as they are.",
                True,
                "2021-01",
                "2024-12",
                day,
            ),
        ),
    ]
    yield "source", pl.DataFrame(rows, schema=names.split(), orient="row")
    yield (
        "load_summary",
        pl.DataFrame(
            {
                "source_id": ["fbi_offences"],
                "rows_in_text": ["36"],
                "rows_accepted_text": ["30"],
                "rows_partly_text": ["1"],
                "rows_rejected_text": ["2"],
                "rows_left_out_text": ["3"],
            }
        ),
    )
    yield (
        "left_out_summary",
        pl.DataFrame({"source_id": ["fbi_offences"], "reason_text": ["totals"], "rows_text": ["3"]}),
    )
    yield (
        "rejected_summary",
        pl.DataFrame(
            {
                "source_id": ["north_police", "harbour_ngo"],
                "table_name": ["person", "person"],
                "rule": ["period_not_in_future", "known_code"],
                "column_name": ["period", "gender"],
                "rows_text": ["54", "fewer than 10"],
            }
        ),
    )
    yield (
        "table_summary",
        pl.DataFrame(
            {
                "source_id": ["north_police", "north_police", "fbi_offences"],
                "table_name": ["charge", "person", "observation"],
                "label": ["Charges", "People identified", "Published counts"],
                "rows_text": ["300", "1,900", "30"],
                "rejected_text": ["fewer than 10", "54", "0"],
                "period_from": ["2021-01", "2021-01", "2021-01"],
                "period_to": ["2025-12", "2025-12", "2025-12"],
                "orphans_text": ["40", "", ""],
            }
        ),
    )
    yield (
        "orphan_summary",
        pl.DataFrame(
            {
                "source_id": ["north_police"],
                "table_name": ["charge"],
                "label": ["Charges"],
                "column_label": ["Reference of the investigation"],
                "refers_label": ["Investigations"],
                "orphans_text": ["40"],
            }
        ),
    )
    months = [(code, month) for code in CONTRIBUTORS for month in range(FIRST_MONTH, LAST_MONTH + 1)]
    yield (
        "coverage",
        pl.DataFrame(
            {
                "collection": COLLECTION,
                "source": [code for code, _ in months],
                "period": [code_of(month, "month") for _, month in months],
                "status": [
                    "not_reported" if code == "county_health" and month >= STOPPED_MONTH else "reported"
                    for code, month in months
                ],
            }
        ),
    )
    yield (
        "revision",
        pl.DataFrame(
            {
                "collection": COLLECTION,
                "subject": "person",
                "year": [2023],
                "revision": [1],
                "as_of": ["2025-02-01"],
            }
        ),
    )
    yield (
        "held",
        pl.DataFrame({"collection": COLLECTION, "subject": ["person"], "records_text": ["34"]}),
    )
    yield (
        "anonymity",
        pl.DataFrame(
            {"metric": ["smallest_group", "records_alone_share"], "value_text": ["fewer than 10", "12 %"]}
        ),
    )
    yield "law_provision", law_table()
    yield (
        "register_receiver",
        pl.DataFrame(
            {
                "code": list(RECEIVERS),
                "label": list(RECEIVERS.values()),
                "organisation_type": [RECEIVER_TYPES.get(code, "not_recorded") for code in RECEIVERS],
            }
        ),
    )


def law_table() -> pl.DataFrame:
    names = "law_code short_name level jurisdiction instrument adopted effective pillar summary citation url"
    rows = [
        (
            *(
                "us_jvta_2015",
                "JVTA 2015",
                "national",
                "US",
                "Justice for Victims of Trafficking Act of 2015",
            ),
            *(datetime.date(2015, 5, 29), datetime.date(2015, 5, 29), "protection"),
            *("Funds services and raises penalties.", "Public Law 114-22", "https://www.congress.gov"),
        ),
        (
            *("example_act_2023", "Example Act 2023", "state", "XX", "Example Anti-Trafficking Act 2023"),
            *(datetime.date(2023, 2, 1), datetime.date(2023, 7, 1), "prosecution"),
            *("A made-up law.", "Example Laws 2023, chapter 1", ""),
        ),
    ]
    return pl.DataFrame(rows, schema=names.split(), orient="row")
