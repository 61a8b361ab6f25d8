"""The demonstration of few persons, all files of it or those of a year, built by the command in any process.

python -m tests.etl.made_demonstration FOLDER [all]

Prints a hash of everything that was drawn and the id of the release; equal lines are an equal demonstration.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from etl import demonstration
from etl.incoming import Incoming
from tests.etl.made_home import command_line
from tests.support import PROJECT

PERSONS = 600
YEAR = "2024"


def is_of_the_year(file: Incoming) -> bool:
    """Tell whether a file is of no year, of `YEAR`, or goes through it."""
    return not file.period_from or (file.period_from[:4] <= YEAR <= file.period_to[:4])


def tables(files: list[Incoming]) -> set[str]:
    """Return the tables that have rows."""
    return {batch.table for file in files for batch in file.batches if batch.frame.height}


def drawn_and_built(root: Path, *, is_whole: bool) -> tuple[str, str]:
    """Return a hash of all that is drawn, and the id of the release built from it or from a year of it."""
    files = demonstration.generate(persons=PERSONS)
    digest = hashlib.sha256()
    for file in files:
        for batch in file.batches:
            digest.update(repr((file.source.source_id, batch.table, batch.frame.rows())).encode())
    taken = [file for file in files if is_whole or is_of_the_year(file)]
    assert tables(taken) == tables(files), "every table of the demonstration is built"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demonstration, "generate", lambda *_: taken)
        built = command_line(root)("build", "--demo", "--persons", PERSONS)
    return digest.hexdigest(), built.values["release"]["release_id"]


def in_another_process(root: Path, *, is_whole: bool) -> tuple[str, ...]:
    """Do the same in a process that puts sets and words in another order."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.etl.made_demonstration", str(root), *(["all"] if is_whole else [])],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": "5"},
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(told.stdout.split())


if __name__ == "__main__":
    print(*drawn_and_built(Path(sys.argv[1]), is_whole=sys.argv[2:] == ["all"]))
