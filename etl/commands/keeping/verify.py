"""``verify``: check that everything of a home is there and as it was written."""

import argparse

from analysis.catalog.listed import changed
from analysis.catalog.load import CATALOG_FOLDER
from etl.commands import Outcome
from etl.commands.terminal import options
from etl.config import home_at
from etl.errors import EtlError
from etl.progress import Progress
from etl.store import keeping
from etl.store.locking import exclusive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    options.add_home(parser)
    options.add_wait(parser)
    parser.add_argument(
        "--repair", action="store_true", help="make a lost manifest anew from the warehouses that are there"
    )


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Check, and tell each fault with the command that recovers from it."""
    home = home_at(arguments.home)
    lines: list[str] = []
    with exclusive(home, arguments.wait, is_reading=not arguments.repair):
        if arguments.repair:
            manifest = keeping.repair(home)
            numbers = ", ".join(str(version.number) for version in manifest.versions)
            lines.append(
                f"The manifest was made anew: version {manifest.current} is current; kept: {numbers}."
            )
        progress.start("Check every file against its hash")
        found = keeping.verify(home)
    broken = [one for one in found if one.fault]
    if broken:
        said = "; ".join(f"{one.what}: {one.fault}" for one in broken)
        raise EtlError(
            f"{len(broken)} of {len(found)} are not as they were written: {said}.", broken[0].next_step
        )
    lines += [f"{one.what}: as it was written" for one in found]
    own = changed(CATALOG_FOLDER)
    lines += [f"{one} since this version; if not by you: git checkout data/catalog" for one in own]
    return Outcome(
        [*lines, f"{len(found)} checked, nothing is wrong."],
        {"checked": [one.what for one in found], "repaired": bool(arguments.repair), "catalog": own},
    )
