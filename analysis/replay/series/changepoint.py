"""When the level of a series of counts changed (optimal partition with a penalty, Poisson).

Columns, a row a period in order: `count`; `population` where counts are rates of it; `period` names a row.
"""

import argparse
from pathlib import Path
from typing import Any

from analysis.errors import LttError
from analysis.replay.columns import add_confidence, check_confidence, labels
from analysis.replay.reading import read_table
from analysis.statistics.series.breaks import SHORTEST, level_breaks


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="a series")
    parser.add_argument("--penalty", type=float, metavar="P", help="of a change (default: 3 log n)")
    parser.add_argument(
        "--shortest",
        type=int,
        default=SHORTEST,
        metavar="N",
        help=f"periods of a level (default: {SHORTEST})",
    )
    add_confidence(parser)


def replay(options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer.

    Raises
    ------
    LttError
        If the file or an option cannot be used.
    """
    check_confidence(options.confidence)
    if options.shortest < 1 or (options.penalty is not None and not options.penalty >= 0):
        raise LttError("--shortest or --penalty is too small.", "Allowed: 1 and 0, or more.")
    table = read_table(options.file)
    names = labels(table, "period")
    count = table.numbers("count", "a number, 0 or more", at_least=0)
    has_people = "population" in table.headings
    found = level_breaks(
        count,
        population=table.numbers("population", "a number above 0", above=0) if has_people else None,
        shortest=options.shortest,
        penalty=options.penalty,
        confidence=options.confidence,
    )
    short = len(count) < 2 * options.shortest
    why = f"{len(count)} periods are too few for two levels of {options.shortest}." if short else None
    return {
        "refused": why,
        "changes": len(found),
        "breaks": [
            {
                "first_period": names[one.place],
                "earliest": names[one.earliest],
                "latest": names[one.latest],
                "before": one.before,
                "after": one.after,
            }
            for one in found
        ],
    }
