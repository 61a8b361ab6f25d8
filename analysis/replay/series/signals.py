"""Whether a count is more than usual for its time of the year (improved Farrington, as Noufaily et al. 2013).

Columns, a row a period in order: `count`; `population` where counts are rates of it; `period` names a row.
The newest is looked at, or the newest `--last`, each against the years before it.
"""

import argparse
from typing import Any

from analysis.errors import LttError
from analysis.replay.columns import add_file, add_noise_variance, labels
from analysis.replay.reading import Table
from analysis.statistics.series.poisson import NoFitError
from analysis.statistics.series.signals import ALARM_RATE, YEARS, signal


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "a series")
    parser.add_argument("--periods-a-year", type=int, default=12, metavar="N", help="default: 12")
    parser.add_argument("--years", type=int, metavar="N", help=f"of earlier counts (default: {YEARS})")
    parser.add_argument(
        "--alarm-rate",
        type=float,
        default=ALARM_RATE,
        metavar="R",
        help=f"share of usual counts above the limit (default: {ALARM_RATE})",
    )
    add_noise_variance(parser)
    parser.add_argument(
        "--last", type=int, default=1, metavar="N", help="how many are looked at (default: 1)"
    )


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
    names = labels(table, "period")
    count = table.numbers("count", "a number, 0 or more", at_least=0)
    people = None
    if "population" in table.headings:
        people = table.numbers("population", "a number above 0", above=0)
    if not 1 <= options.last <= len(count):
        raise LttError(f"--last is {options.last}.", f"Allowed: 1 to {len(count)}.")
    found = []
    for end in range(len(count) - options.last + 1, len(count) + 1):
        try:
            one = signal(
                count[:end],
                population=None if people is None else people[:end],
                periods_a_year=options.periods_a_year,
                years=options.years,
                alarm_rate=options.alarm_rate,
                noise_variance=options.noise_variance,
            )
        except NoFitError as reason:
            return {"signals": None, "refused": f"{names[end - 1]}: {reason}"}
        found.append(
            {
                "period": names[end - 1],
                "observed": one.observed,
                "expected": one.expected,
                "limit": one.limit,
                "p": one.p,
                "score": one.score,
                "dispersion": one.dispersion,
                "earlier": one.earlier,
                "signal": one.is_signal,
            }
        )
    return {
        "alarm_rate": options.alarm_rate,
        "signals": sum(bool(one["signal"]) for one in found),
        "periods": found,
    }
