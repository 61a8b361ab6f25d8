"""The long form of a test of tests/release/test_spark.py: 100,000 persons, counted by DuckDB and by Spark.

python -m tests.benchmarks.bench_spark

Fails where the two files are not equal, byte for byte. Without Spark or Java nothing is compared,
and that is said.
"""

import tempfile
from pathlib import Path

from etl.errors import EtlError
from etl.release import publish
from etl.release.spark import master as masters
from tests.benchmarks.bench_release import by_spark, make_home
from tests.benchmarks.measuring import say_load
from tests.release.support import counting
from tests.release.test_spark import MASTER, catalog_of_few

PERSONS = 100_000


def main() -> None:
    """Release the same records twice and compare the files."""
    say_load()
    try:
        masters.require(MASTER)
    except EtlError as missing:
        print(f"nothing was compared: {missing}", flush=True)
        return
    with tempfile.TemporaryDirectory() as name, counting(catalog_of_few()):
        home = make_home(Path(name, "duckdb"), PERSONS)
        publish(home, "public")
        by_spark(home, MASTER)


if __name__ == "__main__":
    main()
