"""Loading a large CSV of made-up persons against a bare DuckDB read, check and write of the same file.

    python -m tests.benchmarks.bench_load --rows 1000000

The load is the real command in a process of its own: it finds encoding, delimiter and header, refuses what
identifies people, checks every rule, keys the references, keeps an account of every row and makes the whole
mart. The bare run, a process of its own too, knows the file: it reads it as text, looks each word up, tells
unknown words, days, ages and rows that come twice, keys the references and writes people and their codes.
"""

import argparse
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import duckdb

from etl.config import Home
from tests.benchmarks.goals import judge
from tests.benchmarks.measuring import Used, run_etl, run_python, say, say_load

SINGLE = ("gender", "status", "identified_by")
LISTS = ("form", "sector", "control_method", "recruitment_method", "vulnerability")


def bare(sheet: Path, file: Path) -> None:
    """Read, check and write without anything that the load does beside."""
    mapping = tomllib.loads(sheet.with_suffix(".toml").read_text("utf-8"))["table"][0]
    columns = {target: f'"{rule["column"]}"' for target, rule in mapping["columns"].items()}
    with duckdb.connect(str(file), config={"fsync_mode": "NONE"}) as connection:
        run = connection.execute
        run("CREATE TEMP TABLE word (kind VARCHAR, word VARCHAR, code VARCHAR)")
        connection.executemany("INSERT INTO word VALUES (?, ?, ?)", _words(mapping["values"]))
        listed = ", ".join(f"{column} AS {target}" for target, column in columns.items())
        run(
            f"CREATE TEMP TABLE raw AS SELECT row_number() OVER () + 1 AS line, {listed}, "
            "try_strptime(period, '%d/%m/%Y')::DATE AS day, try_cast(age AS INTEGER) AS years, "
            f"FROM read_csv('{sheet}', header = true, all_varchar = true)"
        )
        known = "SELECT word FROM word WHERE kind = '{}'"
        single = [
            f"SELECT line, 'unknown_code', '{name}' FROM raw "
            f"WHERE {name} IS NOT NULL AND lower({name}) NOT IN ({known.format(name)})"
            for name in SINGLE
        ]
        for name in LISTS:
            words = f"SELECT line, lower(trim(unnest(string_split({name}, ';')))) AS written FROM raw"
            run(
                f"CREATE TEMP TABLE {name}_code AS "
                f"SELECT line, '{name}' AS kind, code, word.code IS NULL AS odd "
                f"FROM ({words}) LEFT JOIN word ON kind = '{name}' AND word = written"
            )
        several = [f"SELECT line, 'unknown_code', '{name}' FROM {name}_code WHERE odd" for name in LISTS]
        run(
            f"""
            CREATE TABLE rejected AS
            SELECT line, 'not_a_date' AS rule, 'period' AS name FROM raw WHERE day IS NULL
            UNION ALL SELECT line, 'age', 'age' FROM raw
            WHERE age IS NOT NULL AND (years IS NULL OR years NOT BETWEEN 0 AND 120)
            UNION ALL {" UNION ALL ".join([*single, *several])}
            UNION ALL SELECT line, 'duplicate_key', 'person_ref' FROM raw
            QUALIFY row_number() OVER (PARTITION BY lower(trim(person_ref)), day ORDER BY line) > 1
            """
        )
        keyed = "left(sha256('outer' || sha256('inner' || lower(trim(person_ref)))), 32)"
        joins = " ".join(
            f"LEFT JOIN word AS of_{name} ON of_{name}.kind = '{name}' AND of_{name}.word = lower({name})"
            for name in SINGLE
        )
        run(
            f"""
            CREATE TABLE person AS
            SELECT line, {keyed} AS person_key, date_trunc('month', day) AS period_start, area,
                CASE WHEN years < 18 THEN 'child' ELSE 'adult' END AS age_group, citizenship, source,
                {", ".join(f"of_{name}.code AS {name}" for name in SINGLE)}
            FROM raw {joins} ANTI JOIN rejected USING (line);
            CREATE TABLE person_code AS
            SELECT line, kind, code FROM ({" UNION ALL ".join(f"FROM {name}_code" for name in LISTS)})
            ANTI JOIN rejected USING (line)
            """
        )
        run("CHECKPOINT")


def _words(values: dict[str, dict[str, str]]) -> list[tuple[Any, ...]]:
    return [
        (kind, word, code)
        for kind, words in values.items()
        for word, code in {
            **{code: code for code in words.values()},
            **{written.lower(): code for written, code in words.items()},
        }.items()
    ]


def main() -> None:
    """Load a sample into a temporary home, do the bare run beside it and print the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--bare", type=Path, nargs=2, metavar=("SHEET", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.bare:
        bare(*arguments.bare)
        sys.exit()
    rows = arguments.rows
    with tempfile.TemporaryDirectory() as folder:
        home, sheet = Home(Path(folder) / "home"), Path(folder) / "sample.csv"
        run_etl(f"{rows:,} persons, sample", ["sample", "--rows", str(rows), "--seed", "1", "--out", sheet])
        say("sheet", sheet.stat().st_size / 2**20, "MiB")
        mapping = ["--mapping", sheet.with_suffix(".toml"), "--home", home.root]
        load = run_etl(f"{rows:,} persons, load", ["load", sheet, "--source", "own", *mapping])
        own = ["-m", "tests.benchmarks.bench_load", "--bare", sheet, Path(folder) / "bare.duckdb"]
        alone = run_python("bare read, check and write", own)
        _say_ratio(load, alone)
    say_load()


def _say_ratio(load: Used, alone: Used) -> None:
    judge("load to bare, processor", round(load.processor / alone.processor, 2), "times")
    say("load to bare, wall", round(load.wall / alone.wall, 2), "times")
    judge("load, peak memory", load.peak, "MiB")


if __name__ == "__main__":
    main()
