"""Arguments that several commands share."""

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from analysis.errors import UnknownCode
from analysis.periods import span_of
from etl import sources
from etl.config import DEPLOYMENT, Deployment, Home, home_at, read_deployment
from etl.incoming import ReadOptions
from etl.load.compared.replacing import ACCEPTED
from etl.mart import meta as info
from etl.store import warehouse


def add_home(parser: argparse.ArgumentParser) -> None:
    """Add ``--home``."""
    parser.add_argument(
        "--home", metavar="DIR", help="folder of the deployment (default: LTT_HOME, else the project's data)"
    )


def add_wait(parser: argparse.ArgumentParser) -> None:
    """Add ``--wait``."""
    parser.add_argument("--wait", action="store_true", help="wait for another load to end, do not stop")


def add_as_of(parser: argparse.ArgumentParser) -> None:
    """Add ``--as-of``."""
    parser.add_argument(
        "--as-of",
        metavar="YYYY-MM-DD",
        type=day,
        help="reporting date; later periods are refused (default: today, and the last covered month)",
    )


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add the file, ``--source`` and ``--mapping``; list the sources below the help."""
    parser.add_argument(
        "path", metavar="FILE|FOLDER", type=Path, help="a file, or a folder of files of a source"
    )
    parser.add_argument("--source", metavar="NAME", required=True, help="what kind of file it is (see below)")
    parser.add_argument("--mapping", metavar="FILE.toml", type=Path, help="mapping of your columns and codes")
    listed = "\n".join(f"  {name:<18}{source.SUMMARY}" for name, source in sources.available().items())
    parser.epilog = f"sources:\n{listed}"


def add_accept(parser: argparse.ArgumentParser) -> None:
    """Add ``--accept``, once for each thing that is meant."""
    said = "; ".join(f"{name}: {words}" for name, words in ACCEPTED.items())
    parser.add_argument(
        "--accept",
        metavar="WHAT",
        choices=list(ACCEPTED),
        action="append",
        default=[],
        help=f"take a file that looks like a loss ({said})",
    )


def day(text: str) -> date:
    """Parse a date argument.

    Raises
    ------
    argparse.ArgumentTypeError
        With an example, when it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-06-30") from error


def month(text: str) -> int:
    """Parse a month argument; return it counted from year 0.

    Raises
    ------
    argparse.ArgumentTypeError
        With an example, when it is none.
    """
    try:
        first, last = span_of(text)
    except UnknownCode as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a month such as 2026-06") from error
    if first != last:
        raise argparse.ArgumentTypeError(f"{text!r} is not a month such as 2026-06")
    return first


def deployment_of(arguments: argparse.Namespace) -> tuple[Home, Deployment]:
    """Return the home folder and what its ``deployment.toml`` says.

    What it leaves open holds as the warehouse of real records was built: a later file must not read another
    home country than the first.
    """
    home = home_at(arguments.home)
    deployment = read_deployment(home.root)
    manifest = warehouse.read_manifest(home)
    current = manifest.version(manifest.current) if manifest else None
    if manifest is None or current is None or current.is_synthetic or manifest.format != warehouse.FORMAT:
        return home, deployment
    with warehouse.connect(warehouse.current(home)) as connection:
        known, covered = info.stored(connection), info.covered_areas(connection)
    still_open = {key for key in info.FROM_DEPLOYMENT if not getattr(deployment, key)}
    if (home.root / DEPLOYMENT).exists():
        still_open.discard("contact")  # no record is read by it, and it may have been taken out
    filled: dict[str, Any] = {key: known.get(key, "") for key in still_open}
    deployment = replace(deployment, **filled)
    if deployment.geography == known.get("geography") and not deployment.areas:
        deployment = replace(deployment, areas=covered)
    return home, deployment


def read_options(deployment: Deployment, as_of: date | None) -> ReadOptions:
    """Return what readers need to know."""
    return ReadOptions(
        home_country=deployment.home_country,
        as_of=as_of or deployment.as_of or date.today(),
        geography=deployment.geography,
        folder=deployment.folder,
    )
