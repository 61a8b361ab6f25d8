"""``unfreeze``: open months again that closed by mistake and that nobody has read."""

import argparse

from etl.commands import Outcome
from etl.commands.terminal import options
from etl.config import home_at
from etl.progress import Progress
from etl.release import unfreeze
from etl.store.locking import exclusive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "month",
        metavar="MONTH",
        type=options.month,
        help="the first month to open (YYYY-MM); later ones follow",
    )
    options.add_home(parser)
    options.add_wait(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Open the months, and tell which."""
    home = home_at(arguments.home)
    with exclusive(home, arguments.wait):
        lines = unfreeze(home, arguments.month)
    return Outcome([*lines, f"Next: python -m etl release --home {home.root}"], {"opened": lines})
