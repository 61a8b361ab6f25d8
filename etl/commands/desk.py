"""``desk``: open the keeper's desk in a browser, on this machine alone."""

import argparse
import importlib

from etl.commands import Outcome
from etl.commands.terminal import options
from etl.config import home_at
from etl.errors import EtlError
from etl.progress import Progress

#: The desk stands above the commands, which are its engine: only its name is known here.
_DESK = "etl.desk.serve"
USUAL_PORT = 8601


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    options.add_home(parser)
    parser.add_argument(
        "--port",
        metavar="PORT",
        type=_port,
        default=USUAL_PORT,
        help=f"of this machine (default: {USUAL_PORT})",
    )


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Serve until it is stopped."""
    progress.finish()
    code = importlib.import_module(_DESK).serve(home_at(arguments.home).root, arguments.port)
    if code:
        raise EtlError("The desk ended by itself.", "Read the lines above, then: python -m etl desk")
    return Outcome(
        ["The desk is closed. Pages of it that are still open say that the server does not answer."],
        {"changed": False},
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1024 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1024 to 65535")
    return int(text)
