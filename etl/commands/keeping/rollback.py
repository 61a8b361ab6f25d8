"""``rollback``: go back to the warehouse before the last change, or to any that is kept."""

import argparse

from etl.commands import Outcome
from etl.commands.terminal import options
from etl.config import home_at
from etl.progress import Progress
from etl.store import warehouse
from etl.store.locking import exclusive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    options.add_home(parser)
    options.add_wait(parser)
    parser.add_argument(
        "--to", metavar="NUMBER", type=int, help="a kept version by its number, also a later one (see status)"
    )


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Make the version before the current one, or the one named, current."""
    home = home_at(arguments.home)
    with exclusive(home, arguments.wait):
        left, now = warehouse.rollback(home, arguments.to)
    return Outcome(
        [
            f"The warehouse is version {now.number} again ({now.what}, {now.made_at}). "
            f"Version {left.number} is kept; to have it back: "
            f"python -m etl rollback --to {left.number} --home {home.root}",
            "The release was not changed: what is published stays published.",
            f"Next: python -m etl release --home {home.root}",
        ],
        {"changed": True, "version": now.number, "left": left.number},
    )
