"""``withdraw``: take a release out of pages, archive, feed and interfaces, at once and for good."""

import argparse

from analysis.release.archive import AFTER_WITHDRAWAL
from etl.commands import Outcome
from etl.commands.terminal import options
from etl.config import home_at
from etl.hub.memory import recall
from etl.progress import Progress
from etl.release.withdrawing import FOLDER, withdraw
from etl.store.locking import exclusive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "release", metavar="RELEASE", help="its id, as the footer of pages and the names of files say it"
    )
    options.add_home(parser)
    options.add_wait(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Withdraw a release, and tell what readers see now."""
    home = home_at(arguments.home)
    with exclusive(home, arguments.wait):
        done = withdraw(home, arguments.release)
    lines = [
        f"The release {done.release_id} ({done.profile}) is withdrawn: no page, link, feed or interface "
        f"offers it, and a copy that comes back is not offered. Its file is in restricted/{FOLDER}."
    ]
    if done.was_newest and done.newest:
        lines.append(f"Readers see the one before it now: {done.newest}.")
    elif not done.newest:
        new_parts = "Ask the task force whose figures were wrong for a new release, then: python -m etl hub"
        again = f"{new_parts} --out {home.root}" if recall(home) else AFTER_WITHDRAWAL
        lines.append(f"No release is offered now. {again}")
    lines.append("A server that runs has noticed. Where the folder was copied to, copy it again.")
    lines += [f"The {other} release stays. Was it made of the same records?" for other in done.others]
    return Outcome(lines, {"changed": True, **vars(done)})
