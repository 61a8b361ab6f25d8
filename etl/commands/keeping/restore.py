"""``restore``: bring back what ``backup`` copied."""

import argparse
from pathlib import Path

from analysis.words import counted
from etl.commands import Outcome
from etl.commands.terminal import options
from etl.config import home_at
from etl.progress import Progress
from etl.store import keeping
from etl.store.locking import exclusive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="a folder that backup has written")
    parser.add_argument(
        "--replace", action="store_true", help="put it in the place of records; they are kept beside"
    )
    options.add_home(parser)
    options.add_wait(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Check the copy first, then bring it back."""
    home = home_at(arguments.home)
    with exclusive(home, arguments.wait):
        progress.start("Check the copy and bring it back")
        count = keeping.restore(home, arguments.folder, replace=arguments.replace)
    beside = home.root / keeping.BESIDE
    kept = [f"What it held before is kept in {beside}; it holds records: delete it when all is well."]
    return Outcome(
        [
            f"{counted(count, 'file is')} back in {home.root}.",
            *(kept if beside.exists() else []),
            f"Next: python -m etl verify --home {home.root}",
        ],
        {"changed": True, "files": count, "kept_beside": str(beside) if beside.exists() else None},
    )
