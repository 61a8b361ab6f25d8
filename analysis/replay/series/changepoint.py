"""When the level of a series of counts changed (optimal partition with a penalty, Poisson).

Columns, a row a period in order: `count`; `population` where counts are rates of it; `period` names a row.
"""

import argparse
from typing import Any

from analysis.replay.columns import add_confidence, add_file, labels
from analysis.replay.reading import Table
from analysis.statistics.series.breaks import SHORTEST, level_breaks


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "a series")
    parser.add_argument("--penalty", type=float, metavar="P", help="of a change (default: 3 log n)")
    parser.add_argument(
        "--shortest",
        type=int,
        default=SHORTEST,
        metavar="N",
        help=f"periods of a level (default: {SHORTEST})",
    )
    add_confidence(parser)


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
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
