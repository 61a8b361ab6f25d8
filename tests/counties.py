"""Releases of counties for a hub: the demonstration's, smaller, with areas and offices of their own."""

import functools
import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis import load_catalog
from analysis.release.manifest import read_manifest
from etl.cli import main
from etl.config import home_at
from etl.release.publishing.schema import release_tables
from etl.release.publishing.write import hand_over, write_release
from etl.release.publishing.writer_process import quoted
from etl.store import warehouse
from etl.store.locking import exclusive
from tests.demonstration import demonstration_home, demonstration_release

AREAS = ("area", "code", "parent", "area_code")
OFFICES = ("source", "source_id", "contributor")


@dataclass(frozen=True)
class County:
    """What a test may change of a county.

    Attributes
    ----------
    code
        Stands in the place of TM in all codes of areas, and of tm_ in those of contributors.
    size
        Its numbers beside the demonstration's; what falls below the threshold is not shown.
    last
        Its last closed month.
    changes
        SQL that is run on its tables before they are written.
    is_light
        Only years, for tests that look at no page.
    """

    code: str
    place: str
    size: float = 1.0
    last: str = "2025-12"
    changes: str = ""
    is_light: bool = True
    profile: str = "public"


def write_county(folder: Path, county: County, origin: Path | None = None) -> Path:
    """Write the release of a county into a folder, in the place of the one before; return the folder.

    It is made of the demonstration's, or of that of the county itself in another folder (`origin`).
    """
    catalog = load_catalog()
    origin = origin or demonstration_release(county.profile)
    threshold = catalog.protection.threshold[county.profile]
    manifest = read_manifest(origin)
    folder.mkdir(parents=True, exist_ok=True)
    tables = release_tables(catalog)
    with tempfile.TemporaryDirectory() as aside, duckdb.connect() as connection:
        connection.execute(f"ATTACH {quoted(origin / manifest.file)} AS demo (READ_ONLY)")
        for name, columns in tables.items():
            connection.execute(
                f"CREATE TEMP TABLE {name} AS {_select(name, list(columns), county, threshold)}"
            )
        ends = f"UPDATE collection SET last_closed_month = '{county.last}'; "
        named = f"UPDATE info SET value = '{county.place}' WHERE key = 'place'; "
        called = f"UPDATE area SET name = '{county.place}' WHERE level = 0; "
        connection.execute(ends + named + called + county.changes)
        hand_over(connection, Path(aside), tables)
        [(day,)] = connection.execute("SELECT value FROM info WHERE key = 'as_of'").fetchall()
        file = Path(aside, "release.duckdb")
        write_release(Path(aside), tables, file)
        sha256 = warehouse.sha256(file)
        name = f"release-{sha256[:12]}.duckdb"
        file.rename(folder / name)
    said = {
        **vars(manifest),
        "file": name,
        "sha256": sha256,
        "release_id": sha256[:12],
        "place": county.place,
        "as_of": day,
    }
    (folder / "manifest.json").write_text(json.dumps(said, default=str), "utf-8")
    return folder


def _select(table: str, columns: list[str], county: County, threshold: int) -> str:
    prefix = county.code
    changed = {column: f"replace({column}, 'TM', '{prefix}')" for column in AREAS}
    changed |= {column: f"replace({column}, 'tm_', '{prefix.lower()}_')" for column in OFFICES}
    changed |= {"geography": f"replace(geography, 'tarrowmere', '{prefix.lower()}')"}
    if table == "register_receiver":
        changed = {}
    if table.startswith("cell_"):
        changed["value"] = f"(value * {county.size})::INTEGER AS value"
        where = f"value * {county.size} >= {threshold} AND {_is_over(county.last)}"
        if county.is_light:
            where += " AND period_level = 'year'"
        return f"SELECT {_listed(columns, changed)} FROM demo.{table} WHERE {where}"
    if table == "completeness":
        return f"SELECT {_listed(columns, changed)} FROM demo.{table} WHERE month <= '{county.last}'"
    return f"SELECT {_listed(columns, changed)} FROM demo.{table}"


def _is_over(last: str) -> str:
    """Return the condition that a period ends no later than a month."""
    year, month = last.split("-")
    quarter = f"{year}-Q{int(month) // 3}"
    before = "" if month == "12" else " AND period < '" + year + "'"
    return (
        f"CASE period_level WHEN 'year' THEN period <= '{year}'{before} "
        f"WHEN 'quarter' THEN period <= '{quarter}' ELSE period <= '{last}' END"
    )


def _listed(columns: list[str], changed: dict[str, str]) -> str:
    return ", ".join(
        changed[column]
        if column == "value" and column in changed
        else f"{changed[column]} AS {column}"
        if column in changed
        else f'"{column}"'
        for column in columns
    )


COUNTIES = (
    County("TM", "Tarrowmere (fictional)"),
    County("KV", "Kestrelvale (fictional)", 0.4),
    County("QD", "Quarrydown (fictional)", 0.15, "2024-12"),
)
PLACE = "State of Three (fictional)"


@functools.cache
def counties() -> tuple[Path, ...]:
    """Return three counties' releases, made once for each state of what makes them; not to be written in."""
    home = demonstration_home().parent
    digest = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    shared = home / f"counties-{digest}"
    shared.mkdir(exist_ok=True)
    with exclusive(home_at(shared), wait=True):
        if not (shared / "ready").exists():
            for county in COUNTIES:
                write_county(shared / county.code, county)
            (shared / "ready").touch()
    return tuple(shared / county.code for county in COUNTIES)


@functools.cache
def hub_home() -> Path:
    """Return the home of a hub of these counties, made once by the command; not to be written in."""
    shared = counties()[0].parent
    home = shared / "hub"
    with exclusive(home_at(shared), wait=True):
        if not (home / "release" / "public" / "manifest.json").exists():
            code = main(["hub", *map(str, counties()), "--out", str(home), "--place", PLACE])
            if code:
                raise RuntimeError(f"the hub could not be made (exit code {code})")
    return home
