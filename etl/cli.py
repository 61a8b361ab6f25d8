"""The command line: ``python -m etl COMMAND`` (`etl.commands.COMMANDS`).

Exit codes: 0 done, 1 refused or failed with a message, 2 wrong usage, 3 another load is running. Results go
to stdout (``--json``: one JSON object), messages and progress to stderr. Nobody meets a traceback: it would
show values of records.
"""

import argparse
import importlib
import json
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from duckdb import InterruptException

from etl.commands import COMMANDS, NEED_RECORDS, Outcome, module_of
from etl.errors import DONE, FAILED, harmless
from etl.progress import Progress
from etl.surroundings import sentence

INTERRUPTED = 130
PANIC = (
    "PanicException"  # how native libraries written in Rust end; it is no Exception, and nobody exports it
)
AS_IT_WAS = "The last finished warehouse and release are as they were."


def parser(chosen: str | None = None) -> argparse.ArgumentParser:
    """Return the parser; only the chosen command brings its arguments, and the modules it needs."""
    top = argparse.ArgumentParser(
        prog="python -m etl",
        description="From a task force's files to protected figures.",
        epilog="Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 another load is running.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        one = commands.add_parser(
            name, help=summary, description=summary, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        if name == chosen:
            module = importlib.import_module(module_of(name))
            module.add_arguments(one)
            one.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")
            one.set_defaults(run=module.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    given = parse(words)
    progress = Progress.for_terminal(is_json=given.json)
    try:
        outcome = carry_out(given, progress)
    except (KeyboardInterrupt, InterruptException):
        progress.finish()
        return _fail(given, Refusal(f"Stopped. {AS_IT_WAS}", "", INTERRUPTED))
    except BaseException as error:  # the last net: the text of an unknown error may hold a record
        if not is_told(error):
            raise
        progress.finish()
        return _fail(given, refusal(error))
    progress.finish()
    if given.json:
        _print_json(
            {"command": given.command, **outcome.values, "exit_code": DONE, "seconds": progress.seconds()}
        )
    else:
        _print("\n".join(map(harmless, outcome.lines)))
    return DONE


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Return what the words of a command line say; wrong usage ends the program with its help."""
    return parser(next((word for word in words if not word.startswith("-")), None)).parse_args(words)


def carry_out(given: argparse.Namespace, progress: Progress) -> Outcome:
    """Run the command that was given; whatever it meets is raised (`refusal` has the words for it)."""
    refuse_hub(given)
    outcome: Outcome = given.run(given, progress)
    return outcome


@dataclass(frozen=True)
class Refusal:
    """Why a command did not do what was asked, in words that hold no record."""

    message: str
    next_step: str
    exit_code: int = FAILED


def is_told(error: BaseException) -> bool:
    """Tell whether an error is one to be put into words, and none that ends the program."""
    return isinstance(error, Exception) or type(error).__name__ == PANIC


def refusal(error: BaseException) -> Refusal:
    """Return what a person is told of an error: the same words in a terminal and on the keeper's desk."""
    # EtlError and analysis.LttError speak to people; the latter is not imported only to be caught.
    message, next_step = getattr(error, "message", None), getattr(error, "next_step", None)
    if isinstance(error, OSError):
        told, next_step = sentence(error)
        message = f"{told} {AS_IT_WAS}"
    if message is None or next_step is None:
        message, next_step = _defect(error), "Report it with this line; it holds no record."
    return Refusal(message, next_step, getattr(error, "exit_code", FAILED))


def refuse_hub(given: argparse.Namespace) -> None:
    """Refuse a command that needs records where there are none: in a hub's folder."""
    if given.command in NEED_RECORDS and not getattr(given, "if_missing", False):
        config, hub = importlib.import_module("etl.config"), importlib.import_module("etl.hub")
        hub.refuse_hub(config.home_at(given.home), given.command)


def _fail(given: argparse.Namespace, why: Refusal) -> int:
    if given.json:
        values = {"error": why.message, "next_step": why.next_step, "exit_code": why.exit_code}
        _print_json({"command": given.command, **values})
    else:
        print(harmless(why.message), file=sys.stderr)
        if why.next_step:
            print(harmless(f"Next: {why.next_step}"), file=sys.stderr)
    return why.exit_code


def _print_json(values: dict[str, Any]) -> None:
    _print(json.dumps(values, indent=1, ensure_ascii=False, default=str))


def _print(text: str) -> None:
    try:
        print(harmless(text, keep="\n"), flush=True)
    except BrokenPipeError:  # ``| head`` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _defect(error: BaseException) -> str:
    """Say where an unforeseen error came up, without its text."""
    project = Path(__file__).resolve().parents[1]
    places = [
        f"{Path(frame.filename).resolve().relative_to(project)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).resolve().is_relative_to(project) and ".venv" not in frame.filename
    ]
    where = places[-1] if places else "an unknown place"
    return f"A defect in this program: {type(error).__name__} at {where}. {AS_IT_WAS}"
