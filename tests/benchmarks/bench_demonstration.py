"""Building and releasing the demonstration region, from nothing and again.

python -m tests.benchmarks.bench_demonstration
"""

import tempfile
from pathlib import Path

from etl.config import Home
from tests.benchmarks.measuring import run_etl, say_load, say_release


def main() -> None:
    """Build in a temporary home and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        run_etl("demonstration, build and first release", ["build", "--demo", "--home", home.root])
        run_etl("demonstration, release again", ["release", "--home", home.root])
        say_release(home.release("public"))
    say_load()


if __name__ == "__main__":
    main()
