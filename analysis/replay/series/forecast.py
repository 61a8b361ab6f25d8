"""What a series would be if it went on as before (exponential smoothing by AICc; small counts differently).

Columns, a row a period in order: `count`; `period` names a row. No period is left out.
"""

import argparse
from typing import Any

from analysis.replay.columns import add_file, add_noise_variance, known
from analysis.replay.reading import Table
from analysis.statistics.series.forecast import (
    AUTO,
    COUNTS,
    LEVELS,
    PLAIN,
    ROOT,
    SMOOTHING,
    backtest,
    forecast,
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "a series")
    parser.add_argument("--horizon", type=int, default=6, metavar="N", help="periods to come (default: 6)")
    parser.add_argument(
        "--periods-a-year", type=int, default=12, metavar="N", help="default: 12; 1: no seasons"
    )
    add_noise_variance(parser)
    parser.add_argument("--model", choices=(AUTO, SMOOTHING, COUNTS), default=AUTO, help=f"default: {AUTO}")
    parser.add_argument(
        "--scale",
        choices=(ROOT, PLAIN),
        default=ROOT,
        help=f"of smoothing: {ROOT} for counts, {PLAIN} for other numbers (default: {ROOT})",
    )
    parser.add_argument("--no-backtest", action="store_true", help="leave out how it did at earlier periods")


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
    count = table.numbers("count", "a number, 0 or more", at_least=0)
    shared: dict[str, Any] = {
        "periods_a_year": options.periods_a_year,
        "noise_variance": options.noise_variance,
        "model": options.model,
        "scale": options.scale,
    }
    try:
        found = forecast(count, options.horizon, **shared)
        past = None if options.no_backtest else backtest(count, options.horizon, **shared)
    except ValueError as reason:
        if "periods; allowed" in str(reason):
            return {"model": None, "refused": f"{str(reason).removeprefix('count has ')}."}
        raise
    names = [f"{round(level * 100)}" for level in LEVELS]
    shown: dict[str, Any] = {
        "model": found.model,
        "aicc": known(found.aicc),
        "periods": [
            {
                "ahead": ahead + 1,
                "middle": float(found.middle[ahead]),
                **{
                    f"{side}_{name}": float(limits[place, ahead])
                    for place, name in enumerate(names)
                    for side, limits in (("lower", found.lower), ("upper", found.upper))
                },
            }
            for ahead in range(options.horizon)
        ],
        "backtest": None,
    }
    if past is not None:
        shown["backtest"] = {
            **{f"covered_{name}": float(past.covered[place]) for place, name in enumerate(names)},
            "compared": past.compared,
            "origins": past.origins,
            "mean_error": past.error,
        }
    return shown
