"""The long form of a test of tests/etl/test_pipeline_build.py: all files of the demonstration, built twice.

python -m tests.benchmarks.bench_same_demonstration

Ends with 1 where two processes draw other records or make other releases.
"""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measuring import say, say_load
from tests.etl.made_demonstration import drawn_and_built, in_another_process


def main() -> int:
    """Build it here and in another process; whether both are the same decides the exit code."""
    say_load()
    with tempfile.TemporaryDirectory() as name:
        one = drawn_and_built(Path(name, "one"), is_whole=True)
        other = in_another_process(Path(name, "other"), is_whole=True)
    say("drawn the same", int(one[0] == other[0]), "")
    say("released the same", int(one[1] == other[1]), "")
    return 0 if one == other else 1


if __name__ == "__main__":
    sys.exit(main())
