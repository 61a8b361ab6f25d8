"""Rates of small areas, drawn towards a mean by as much as chance could have moved them.

Columns: `area`, `count` and `population`. With `--neighbours LINKS.csv` (columns `from` and `to`, a row for
each direction) rates are drawn to the mean around each area as well (Marshall's local form).
"""

import argparse
from pathlib import Path
from typing import Any

from analysis.replay.columns import add_file, events, labels, neighbours
from analysis.replay.reading import Table
from analysis.statistics.areas.smoothing import (
    FEWEST_AREAS,
    Smoothed,
    chance_of_at_most,
    marshall,
    poisson_gamma,
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "counts and population")
    parser.add_argument("--neighbours", type=Path, metavar="LINKS.csv", help="which areas lie beside which")


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
    count, population = events(table)
    names = labels(table, "area")
    if len(names) < FEWEST_AREAS:
        words = (
            f"The table has {len(names)} area; {FEWEST_AREAS} or more are needed: a rate is drawn to a mean."
        )
        return {"areas": None, "refused": words}
    whole = marshall(count, population)
    columns = {
        "raw": whole.raw,
        "marshall_global": whole.smoothed,
        "chance_of_at_most": chance_of_at_most(count, population),
    }
    shown: dict[str, Any] = {"mean": float(whole.mean[0]), "variance": float(whole.variance[0])}
    if sum(count):
        mean = sum(count) / sum(population)
        ratios = poisson_gamma(count, [people * mean for people in population])
        columns["poisson_gamma_ratio"] = ratios.smoothed
    if options.neighbours is not None:
        around = neighbours(options.neighbours, names)
        local: Smoothed = marshall(count, population, around)
        columns["marshall_local"] = local.smoothed
        shown["islands"] = [name for name, alone in zip(names, around.islands, strict=True) if alone]
    shown["areas"] = {
        name: {column: float(values[place]) for column, values in columns.items()}
        for place, name in enumerate(names)
    }
    return shown
