"""The long form of tests/etl/test_mutated_files.py: a thousand files changed at random.

python -m tests.benchmarks.bench_mutated_files
FILES=200 SEED=7 python -m tests.benchmarks.bench_mutated_files

Ends with 1 where a command ended in anything but a sentence.
"""

import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.benchmarks.measuring import say, say_load
from tests.etl.made_home import Deliverer, command_line
from tests.etl.mutating import judged

FILES = int(os.environ.get("FILES", "1000"))
SEED = int(os.environ.get("SEED", "2"))


def main() -> int:
    """Try the files; how many went wrong decides the exit code."""
    say_load()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = command_line(folder / "home")
        (folder / "inputs").mkdir()
        (folder / "mutated").mkdir()
        run.load(Deliverer(folder / "inputs").areas())
        codes: Counter[int] = Counter()
        wrong = 0
        for one in judged(run, folder / "mutated", SEED, FILES):
            codes[one.ran.code] += 1
            if one.wrong:
                wrong += 1
                print(f"{one.name}: {one.wrong[:400]}")
        say("files", FILES, "")
        say("taken", codes[0], "")
        say("refused", codes[1], "")
        say("wrong", wrong, "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
