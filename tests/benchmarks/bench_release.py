"""Release time and memory against a bare GROUPING SETS over the same questions.

    python -m tests.benchmarks.bench_release --persons 1000000
    python -m tests.benchmarks.bench_release --persons 10000000 --spark 'local-cluster[2,1,2048]'

Builds made-up persons in a temporary home, releases them (first release: every month freezes; second:
nothing new) and then asks DuckDB for the same tables without keys, noise, threshold, order, file or checks:
one GROUPING SETS for each combination of multi-valued dimensions, the attributes joined as they lie in the
mart.
"""

import argparse
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from analysis import Catalog, closed_list, load_catalog
from etl.config import Home
from etl.progress import Progress
from etl.release import publish
from etl.store import warehouse
from tests.benchmarks.goals import judge
from tests.benchmarks.measuring import processor_seconds, say, say_load, say_release
from tests.release.support import Mart, home_with, release_file

COUNTIES, DISTRICTS, MONTHS = 5, 24, 120
RECORD = "collection, person_key, reference_year"
PERIODS = {
    "month": "period_start",
    "quarter": "date_trunc('quarter', period_start)",
    "year": "date_trunc('year', period_start)",
}


def pick(dimension: str, catalog: Catalog) -> str:
    """SQL for a random code; the first codes are the more frequent ones."""
    codes = catalog.dimensions[dimension].codes or ("north", "south", "harbour", "helpline", "clinic")
    listed = ", ".join(f"'{code}'" for code in codes)
    return f"list_extract([{listed}], 1 + (pow(random(), 2) * {len(codes)})::INTEGER % {len(codes)})"


def make_home(folder: Path, persons: int) -> Home:
    catalog = load_catalog()
    home = home_with(folder, Mart(as_of="2024-12-31", reported=("2015-01", "2024-12")))
    bands = catalog.dimensions["age_band"].categories
    group = " ".join(f"WHEN '{band.code}' THEN '{band.group}'" for band in bands)
    single = [code for code in ("gender", "citizenship_group", "status", "identified_by")]
    with warehouse.open_for_change(home, "benchmark") as change:
        run = change.connection.execute
        run("SELECT setseed(0.5); DELETE FROM mart.area")
        run(
            "INSERT INTO mart.area SELECT 'made_up', 'C' || i, 'County', 1, 'county', 'R', false, 0, 0 "
            f"FROM range({COUNTIES}) AS r(i)"
        )
        run(
            "INSERT INTO mart.area SELECT 'made_up', 'D' || i, 'District', 2, 'district', "
            f"'C' || (i % {COUNTIES}), false, 0, 0 FROM range({DISTRICTS}) AS r(i)"
        )
        run(
            f"""
            INSERT INTO mart.person BY NAME
            SELECT 'own' AS collection, md5(i::VARCHAR) AS person_key, year(period_start) AS reference_year,
                period_start, 'D' || (pow(random(), 1.7) * {DISTRICTS})::INTEGER % {DISTRICTS} AS area_code,
                CASE age_band {group} END AS age_group, age_band, 1 AS load_id,
                {", ".join(f"{pick(code, catalog)} AS {code}" for code in single)}
            FROM (
                SELECT i, {pick("age_band", catalog)} AS age_band,
                    (DATE '2015-01-01' + INTERVAL 1 MONTH * ((random() * {MONTHS})::INTEGER % {MONTHS}))::DATE
                        AS period_start
                FROM range({persons}) AS r(i)
            )
            """
        )
        for kind in catalog.subjects["person"].dimensions:
            if not catalog.dimensions[kind].multi:
                continue
            some = "WHERE random() < 0.15" if kind == "form_pair" else ""
            run(
                f"""
                INSERT INTO mart.person_attribute
                SELECT DISTINCT collection, person_key, reference_year, '{kind}', {pick(kind, catalog)}
                FROM (SELECT *, unnest(range(1 + (random() < 0.3)::INTEGER)) FROM mart.person) {some}
                """
            )
        run("CHECKPOINT")
    return home


def bare(home: Home) -> tuple[float, int]:
    """Ask the same questions without protection; seconds and number of cells."""
    catalog = load_catalog()
    dims = catalog.subjects["person"].dimensions
    families: dict[tuple[str, ...], list[list[str]]] = {}
    for one in closed_list("person", catalog):
        multi = tuple(code for code in one.dims if catalog.dimensions[code].multi)
        area = {None: [], 1: ["county"], 2: ["district"]}[one.area_level]
        families.setdefault(multi, []).append(["collection", one.period_level, *area, *one.dims])
    cells, started = 0, time.perf_counter()
    with duckdb.connect(config={"memory_limit": "2500MiB"}) as connection:
        connection.execute(f"ATTACH '{warehouse.current(home)}' AS w (READ_ONLY)")
        for multi, sets in families.items():
            joins = " ".join(
                f"JOIN (SELECT {RECORD}, code AS {kind} FROM w.mart.person_attribute "
                f"WHERE kind = '{kind}') AS of_{kind} USING ({RECORD})"
                for kind in multi
            )
            used = [
                name
                for name in ("month", "quarter", "year", "county", "district", *dims)
                if any(name in s for s in sets)
            ]
            found = connection.execute(
                f"""
                SELECT count(*) FROM (
                    SELECT collection, {", ".join(used)}, count(*) AS n FROM (
                        SELECT *, {", ".join(f"{text} AS {name}" for name, text in PERIODS.items())},
                            area_code AS district, parent AS county
                        FROM w.mart.person {joins} JOIN w.mart.area ON code = area_code
                    ) GROUP BY GROUPING SETS ({", ".join("(" + ", ".join(one) + ")" for one in sets)})
                )
                """
            ).fetchone()
            cells += int(found[0]) if found else 0
    return time.perf_counter() - started, cells


def by_spark(home: Home, master: str) -> None:
    """Release a copy of a home by Spark and compare the two files, byte for byte.

    Raises
    ------
    SystemExit
        When they differ.
    """
    twin = Home(home.root.with_name("twin"))
    shutil.copytree(home.root, twin.root, ignore=shutil.ignore_patterns("release", "frozen.duckdb"))
    (twin.restricted / "released.json").unlink()
    seconds, steps = timed_release(twin, master)
    say(f"release by Spark at {master}, wall", seconds, "s")
    for step, part in steps.items():
        if step.startswith("Counting"):
            say(f"release by Spark, {step.lower()}, wall", part, "s")
    if release_file(home.release("public")).read_bytes() != release_file(twin.release("public")).read_bytes():
        sys.exit("The two engines made two releases.")
    print("the two files are equal, byte for byte", flush=True)


def timed_release(home: Home, spark: str = "") -> tuple[float, dict[str, float]]:
    progress, started = Progress(), time.perf_counter()
    publish(home, "public", progress=progress, spark=spark)
    seconds = time.perf_counter() - started
    progress.finish()
    return seconds, {timing.step: timing.seconds for timing in progress.timings}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument(
        "--spark", metavar="MASTER", default="", help="count by Spark too, and compare the files"
    )
    given = parser.parse_args()
    persons = given.persons
    with tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder, "home"), persons)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        used = processor_seconds()
        first, steps = timed_release(home)
        used_by_release = processor_seconds() - used
        again, _ = timed_release(home)
        peak = max(
            resource.getrusage(who).ru_maxrss / 1024
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        used = processor_seconds()
        alone, cells = bare(home)
        used_by_bare = processor_seconds() - used
        say(f"{persons:,} persons, first release, wall", first, "s")
        for step, seconds in steps.items():
            say(f"first release, {step.lower()}, wall", seconds, "s")
        say(f"{persons:,} persons, release again, wall", again, "s")
        say("bare GROUPING SETS over the same questions, wall", alone, "s")
        say("first release to bare", round(first / alone, 2), "times")
        say("first release, processor", used_by_release, "s")
        say("bare GROUPING SETS, processor", used_by_bare, "s")
        judge("first release to bare, processor", round(used_by_release / used_by_bare, 2), "times")
        say("release again to bare", round(again / alone, 2), "times")
        say("memory before the release", round(before), "MiB")
        judge("release, peak memory", round(peak), "MiB")
        say("cells counted", cells)
        say_release(home.release("public"))
        if given.spark:
            by_spark(home, given.spark)
    say_load()


if __name__ == "__main__":
    main()
