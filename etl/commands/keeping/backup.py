"""``backup``: copy everything of a home to an empty folder, and check the copy."""

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
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="a new folder, on another disk")
    options.add_home(parser)
    options.add_wait(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Copy while nothing else may change the home."""
    home = home_at(arguments.home)
    with exclusive(home, arguments.wait, is_reading=True):
        progress.start("Copy and check")
        count = keeping.back_up(home, arguments.folder)
    return Outcome(
        [
            f"{counted(count, 'file')} copied to {arguments.folder} and checked.",
            "The copy holds the records and the secret: keep it as safe as the home itself.",
            f"To bring it back: python -m etl restore {arguments.folder} --home {home.root}",
        ],
        {"changed": False, "files": count, "folder": str(arguments.folder)},
    )
