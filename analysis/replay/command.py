"""``python -m analysis replay NAME FILE …``: which statistics there are, and how each is called."""

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from analysis.errors import LttError
from analysis.replay.columns import check_options
from analysis.replay.reading import read_table

#: Name of a statistic to what it is.
STATISTICS = {
    "hidden": "how many persons are on no list, from overlapping lists (multiple-systems estimation)",
    "rates": "crude and standardised rates with their limits",
    "funnel": "how far an area may lie from the whole by chance",
    "smoothing": "rates of small areas, drawn towards a mean (empirical Bayes)",
    "moran": "whether neighbours are alike, and where (Moran's I, hot and cold spots)",
    "its": "whether a series changed when something began (interrupted time series)",
    "changepoint": "when the level of a series changed",
    "survival": "waits of which some are not over (Kaplan and Meier, log-rank)",
    "forecast": "what a series would be if it went on as before, with a back-test",
    "signals": "whether the newest count is more than usual (improved Farrington)",
    "delay": "how complete the newest periods are, and their later total (chain ladder)",
    "access": "places that each area can reach (two-step floating catchment)",
    "segregation": "how differently need and places lie (index of dissimilarity, gaps)",
}
#: Folder of a statistic's module, where it is not this one; a module is brought in when it is called.
_FOLDERS = {
    **dict.fromkeys(("its", "changepoint", "forecast", "signals", "delay"), "series."),
    **dict.fromkeys(("moran", "smoothing", "access", "segregation"), "areas."),
}
_WIDTH = max(map(len, STATISTICS)) + 2


def add(commands: Any) -> None:
    """Add the command to those of `python -m analysis`."""
    command = commands.add_parser(
        "replay",
        help="a published table through our statistics, to compare with a paper",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="A published table through our statistics, to compare with a paper.\n\n"
        + "\n".join(f"  {name:<{_WIDTH}}{words}" for name, words in STATISTICS.items())
        + "\n\nEach has its own help: python -m analysis replay NAME --help",
    )
    command.add_argument("statistic", metavar="NAME", choices=list(STATISTICS), help="see above")
    command.add_argument("rest", nargs=argparse.REMAINDER, metavar="…", help="file and options")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run one statistic; return an exit code: 1 where it is refused.

    Raises
    ------
    LttError
        If its file or an option cannot be used.
    """
    module = import_module(f"analysis.replay.{_FOLDERS.get(options.statistic, '')}{options.statistic}")
    parser = argparse.ArgumentParser(
        prog=f"python -m analysis replay {options.statistic}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=module.__doc__,
    )
    module.add_options(parser)
    parser.add_argument("--json", action="store_true", help="print named fields")
    given = parser.parse_args(options.rest)
    check_options(given)
    table = read_table(given.file)
    try:
        answer: Mapping[str, Any] = {"refused": None, **module.replay(table, given)}
    except ValueError as reason:  # of a statistic: it names the argument and its first bad index
        raise LttError(f"{table.name}: {reason}.", "See --help for its columns and options.") from None
    if field := _without_end(answer):
        raise LttError(
            f"{table.name}: {field} comes to no number that could be said.",
            "Are the numbers of the table right? They may lie too far apart.",
        )
    if given.json:
        print(json.dumps(answer, indent=1, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(in_words(answer)))
    return 1 if answer["refused"] else 0


def _without_end(answer: Any, name: str = "") -> str:
    """Return the name of the first number of an answer that has no end or is none; nothing without one."""
    if isinstance(answer, Mapping):
        parts = ((f"{name} {key}".strip().replace("_", " "), one) for key, one in answer.items())
    elif isinstance(answer, list | tuple):
        parts = ((name, one) for one in answer)
    else:
        return name if isinstance(answer, float) and not math.isfinite(answer) else ""
    return next((found for label, one in parts if (found := _without_end(one, label))), "")


def in_words(answer: Mapping[str, Any]) -> list[str]:
    """Return the fields of an answer as lines; those without a value are left out."""
    lines = []
    for name, value in answer.items():
        if value in (None, "", [], {}, ()):
            continue
        label = name.replace("_", " ")
        if isinstance(value, Mapping):
            lines.append(f"{label}:")
            lines += [f"  {key}: {_row(one)}" for key, one in value.items()]
        elif isinstance(value, Sequence) and not isinstance(value, str):
            lines.append(f"{label}:")
            lines += [f"  {_row(one)}" for one in value]
        else:
            lines.append(f"{label}: {_text(value)}")
    return lines


def _row(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name.replace('_', ' ')} {_text(one)}" for name, one in value.items())
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1000 else f"{value:,.1f}"
    return str(value)
