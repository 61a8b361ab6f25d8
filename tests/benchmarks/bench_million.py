"""Loading and releasing a large sheet of made-up persons.

python -m tests.benchmarks.bench_million --rows 1000000
"""

import argparse
import tempfile
from pathlib import Path

from etl.config import Home
from tests.benchmarks.measuring import run_etl, say_load, say_release


def main() -> None:
    """Write a sample, load it into a temporary home, release it twice and print what each took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        home, sheet = Home(Path(folder) / "home"), Path(folder) / "sample.csv"
        mapping, what = sheet.with_suffix(".toml"), f"{rows:,} persons"
        run_etl(f"{what}, sample", ["sample", "--rows", str(rows), "--seed", "1", "--out", sheet])
        run_etl(
            f"{what}, load", ["load", sheet, "--source", "own", "--mapping", mapping, "--home", home.root]
        )
        run_etl(f"{what}, first release", ["release", "--home", home.root])
        run_etl(f"{what}, release again", ["release", "--home", home.root])
        say_release(home.release("public"))
    say_load()


if __name__ == "__main__":
    main()
