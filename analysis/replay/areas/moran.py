"""Whether areas that lie beside each other are alike, all over and area by area (Moran's I).

Columns: `area`, and `value` or `count` with `population`; with the latter two, rates are used, and rates
standardised for their population beside them (Assunção & Reis). `--neighbours LINKS.csv` has the columns
`from` and `to`, a row for each direction.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from analysis.replay.columns import add_file, events, known, labels, neighbours
from analysis.replay.reading import Table
from analysis.statistics.areas.clusters import FALSE_DISCOVERIES, PERMUTATIONS, local_moran, moran
from analysis.statistics.areas.smoothing import standardised


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "values by area")
    parser.add_argument(
        "--neighbours", type=Path, metavar="LINKS.csv", required=True, help="which areas lie beside which"
    )
    parser.add_argument("--permutations", type=int, default=PERMUTATIONS, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument(
        "--false-discoveries", type=float, default=FALSE_DISCOVERIES, metavar="Q", help="default: 0.05"
    )


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
    names = labels(table, "area")
    count: list[float] = []
    if "value" in table.headings:
        values = np.array(table.numbers("value", "a number"))
    else:
        count, population = events(table)
        values = np.array(count) / np.array(population)
    around = neighbours(options.neighbours, names)
    try:
        whole = moran(values, around, options.permutations, options.seed)
        local = local_moran(values, around, options.permutations, options.seed, options.false_discoveries)
    except ValueError as reason:
        return {"moran_i": None, "refused": f"{reason}."}
    shown: dict[str, Any] = {
        "moran_i": whole.value,
        "expected": whole.expected,
        "variance": whole.variance,
        "z": whole.z,
        "p": whole.p,
        "permuted_p": whole.permuted_p,
        "refused": None,
        "islands": [name for name, alone in zip(names, around.islands, strict=True) if alone],
    }
    if any(count):
        rates = standardised(count, population)
        shown["moran_i_standardised"] = moran(rates, around, options.permutations, options.seed).value
    return shown | {
        "hot": [name for name, is_spot in zip(names, local.hot, strict=True) if is_spot],
        "cold": [name for name, is_spot in zip(names, local.cold, strict=True) if is_spot],
        "local": {
            name: {"local_i": known(local.value[place]), "p": known(local.p[place])}
            for place, name in enumerate(names)
        },
    }
