"""The contradiction hunter's long form: every page under many pairs of filters, held together.

python -m tests.benchmarks.bench_contradictions               # the demonstration, built in a temporary home
LTT_RELEASE=folder PAIRS=30 SEED=3 python -m tests.benchmarks.bench_contradictions   # a portion of a release

Ends with 1 where it found any contradiction; each is printed with the address under which it stands.
"""

import logging
import os
import sys
import tempfile
from pathlib import Path

import pytest

from analysis import open_release
from etl.config import Home
from tests.benchmarks.measuring import run_etl, say, say_load, timed
from tests.pages.hunting import PAGES, Hunter, pairs_of_filters, walk
from tests.pages.opening import made_once, opener

PAIRS = int(os.environ.get("PAIRS", "300"))
SEED = int(os.environ.get("SEED", "1"))
PORTION = 10  # pairs: so much is said at a time


def hunt(folder: Path) -> int:
    """Walk all pages of a release; how many contradictions there are."""
    sentences = findings = wrong = 0
    with made_once(), pytest.MonkeyPatch.context() as patch:
        hunter = Hunter(opener(folder, patch), patch)
        pairs = pairs_of_filters(open_release(folder), PAIRS, SEED)
        for start in range(0, len(pairs), PORTION):
            part = walk(hunter, PAGES, folder, pairs[start : start + PORTION])
            sentences, findings, wrong = (
                sentences + part.sentences,
                findings + part.findings,
                wrong + len(part.wrong),
            )
            for one in part.wrong:
                print(one, flush=True)
    say("pages", len(PAGES))
    say("pairs of filters a page", len(pairs))
    say("sentences", sentences)
    say("findings", findings)
    say("contradictions", wrong)
    return wrong


def main() -> None:
    """Hunt in a release, or in the demonstration."""
    logging.disable(logging.WARNING)  # Streamlit's, about running without a browser
    with tempfile.TemporaryDirectory() as home_folder:
        given = os.environ.get("LTT_RELEASE")
        folder = Path(given) if given else Home(Path(home_folder)).release("public")
        if not given:
            run_etl("demonstration, build and first release", ["build", "--demo", "--home", home_folder])
        with timed("walk"):
            wrong = hunt(folder)
    say_load()
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
