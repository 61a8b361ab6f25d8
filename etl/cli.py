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
    given = parser(next((word for word in words if not word.startswith("-")), None)).parse_args(words)
    progress = Progress.for_terminal(is_json=given.json)
    try:
        _refuse_hub(given)
        outcome: Outcome = given.run(given, progress)
    except (KeyboardInterrupt, InterruptException):
        progress.finish()
        return _fail(given, f"Stopped. {AS_IT_WAS}", "", INTERRUPTED)
    except BaseException as error:  # the last net: the text of an unknown error may hold a record
        if not isinstance(error, Exception) and type(error).__name__ != PANIC:
            raise
        progress.finish()
        # EtlError and analysis.LttError speak to people; the latter is not imported only to be caught.
        message, next_step = getattr(error, "message", None), getattr(error, "next_step", None)
        if isinstance(error, OSError):
            told, next_step = sentence(error)
            message = f"{told} {AS_IT_WAS}"
        if message is None or next_step is None:
            message, next_step = _defect(error), "Report it with this line; it holds no record."
        return _fail(given, message, next_step, getattr(error, "exit_code", FAILED))
    progress.finish()
    if given.json:
        _print_json(
            {"command": given.command, **outcome.values, "exit_code": DONE, "seconds": progress.seconds()}
        )
    else:
        _print("\n".join(map(harmless, outcome.lines)))
    return DONE


def _refuse_hub(given: argparse.Namespace) -> None:
    """Refuse a command that needs records where there are none: in a hub's folder."""
    if given.command in NEED_RECORDS and not getattr(given, "if_missing", False):
        config, hub = importlib.import_module("etl.config"), importlib.import_module("etl.hub")
        hub.refuse_hub(config.home_at(given.home), given.command)


def _fail(given: argparse.Namespace, message: str, next_step: str, exit_code: int) -> int:
    if given.json:
        values = {"error": message, "next_step": next_step, "exit_code": exit_code}
        _print_json({"command": given.command, **values})
    else:
        print(harmless(message), file=sys.stderr)
        if next_step:
            print(harmless(f"Next: {next_step}"), file=sys.stderr)
    return exit_code


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
