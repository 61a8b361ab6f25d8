"""Whether a series changed when something began (interrupted time series, quasi-Poisson).

Columns, a row a period in order: `count`; `after` (0 before it, 1 from it on) unless `--start` says the line;
`population` where counts are rates of it; `season`, the place of a period in its year from 1, for seasons.
"""

import argparse
from typing import Any

from analysis.errors import LttError
from analysis.replay.columns import add_confidence, add_file
from analysis.replay.reading import Table
from analysis.statistics.series.interrupted import HARMONICS, interrupted
from analysis.statistics.series.poisson import NoFitError


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "a series")
    parser.add_argument(
        "--start", type=int, metavar="N", help="first period after it, counted from 0 (default: column after)"
    )
    parser.add_argument("--slope", action="store_true", help="the trend may change as well")
    parser.add_argument("--periods-a-year", type=int, default=12, metavar="N", help="default: 12")
    parser.add_argument("--harmonics", type=int, default=HARMONICS, metavar="N", help=f"default: {HARMONICS}")
    add_confidence(parser)


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
    start = _start(table) if options.start is None else options.start
    try:
        found = interrupted(
            table.numbers("count", "a number, 0 or more", at_least=0),
            start,
            population=(
                table.numbers("population", "a number above 0", above=0)
                if "population" in table.headings
                else None
            ),
            season=table.numbers("season", "1, 2, 3 …", at_least=1) if "season" in table.headings else None,
            periods_a_year=options.periods_a_year,
            harmonics=options.harmonics,
            slope=options.slope,
            confidence=options.confidence,
        )
    except NoFitError as reason:
        return {"step_ratio": None, "refused": str(reason)}
    shown: dict[str, Any] = {
        "start": start,
        "step_ratio": found.ratio,
        "lower": found.lower,
        "upper": found.upper,
        "trend_ratio": found.trend[0],
        "dispersion": found.model.dispersion,
        "deviance": found.model.deviance,
    }
    if found.slope is not None:
        shown |= dict(zip(("slope_ratio", "slope_lower", "slope_upper"), found.slope, strict=True))
    return shown


def _start(table: Table) -> int:
    after = table.numbers("after", "0 before it and 1 from it on; or use --start")
    for line, mark in zip(table.lines, after, strict=True):
        if mark not in (0, 1):
            raise table.fail(line, "after", f"{mark:g}", "0 or 1")
    if after != sorted(after) or len(set(after)) < 2:
        raise LttError(f"{table.name}: after does not go once from 0 to 1.", "Rows stand in order of time.")
    return after.index(1.0)
