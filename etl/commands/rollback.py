"""``rollback``: go back to the warehouse before the last change."""

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


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Make the version before the current one current."""
    home = home_at(arguments.home)
    with exclusive(home, arguments.wait):
        left, now = warehouse.rollback(home)
    return Outcome(
        [
            f"The warehouse is version {now.number} again ({now.what}, {now.made_at}). "
            f"Version {left.number} is kept.",
            "The release was not changed: what is published stays published.",
            f"Next: python -m etl release --home {home.root}",
        ],
        {"changed": True, "version": now.number, "left": left.number},
    )
