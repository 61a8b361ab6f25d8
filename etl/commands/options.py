"""Arguments that several commands share."""

import argparse
from datetime import date
from pathlib import Path


def add_home(parser: argparse.ArgumentParser) -> None:
    """Add ``--home``."""
    parser.add_argument(
        "--home", metavar="DIR", help="folder of the deployment (default: LTT_HOME, else the project's data)"
    )


def add_wait(parser: argparse.ArgumentParser) -> None:
    """Add ``--wait``."""
    parser.add_argument(
        "--wait", action="store_true", help="wait for another load to end instead of stopping"
    )


def add_as_of(parser: argparse.ArgumentParser) -> None:
    """Add ``--as-of``."""
    parser.add_argument(
        "--as-of",
        metavar="YYYY-MM-DD",
        type=day,
        help="reporting date; later periods are refused (default: today, and the last covered month)",
    )


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add the file, ``--source`` and ``--mapping``."""
    parser.add_argument(
        "path", metavar="FILE|FOLDER", type=Path, help="a file, or a folder of files of one source"
    )
    parser.add_argument(
        "--source", metavar="NAME", required=True, help="which kind of file it is (see below)"
    )
    parser.add_argument(
        "--mapping", metavar="FILE.toml", type=Path, help="mapping of your own columns and codes"
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
