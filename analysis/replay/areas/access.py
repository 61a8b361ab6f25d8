"""Places that each area can reach, a resident (two-step floating catchment, plain or with Gaussian weights).

Columns, a row an area: `residents`; `area` names a row. `--sites SITES.csv` has the columns `site` and
`places`, `--minutes MINUTES.csv` the columns `area`, `site` and `minutes`; a journey that is not there is too
far.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from analysis.replay.columns import add_file, labels
from analysis.replay.reading import Table, read_table
from analysis.statistics.access import (
    CATCHMENT_MINUTES,
    floating_catchment,
    gaussian_weights,
    plain_weights,
    within,
)

_WEIGHTS = {"gaussian": gaussian_weights, "plain": plain_weights}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "areas and their residents")
    parser.add_argument(
        "--sites", type=Path, required=True, metavar="SITES.csv", help="sites and their places"
    )
    parser.add_argument(
        "--minutes", type=Path, required=True, metavar="MINUTES.csv", help="journeys from areas to sites"
    )
    parser.add_argument(
        "--catchment",
        type=float,
        default=CATCHMENT_MINUTES,
        metavar="M",
        help=f"minutes (default: {CATCHMENT_MINUTES:g})",
    )
    parser.add_argument("--weights", choices=tuple(_WEIGHTS), default="gaussian", help="default: gaussian")


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
    sites = read_table(options.sites)
    areas, names = labels(table, "area"), labels(sites, "site")
    residents = table.numbers("residents", "a number above 0", above=0)
    places = sites.numbers("places", "a number, 0 or more", at_least=0)
    minutes = _minutes(read_table(options.minutes), areas, names)
    weights = _WEIGHTS[options.weights](minutes, options.catchment)
    found = floating_catchment(weights, residents, places)
    is_reached = weights.max(axis=0) > 0
    return {
        "weights": options.weights,
        "catchment": options.catchment,
        "residents_within": within(minutes, residents, options.catchment),
        "places_reached": float(found @ np.asarray(residents)),
        "places_out_of_reach": {
            name: places[place] for place, name in enumerate(names) if not is_reached[place]
        },
        "areas": {
            name: {"places_per_resident": float(found[place]), "is_reached": bool(found[place] > 0)}
            for place, name in enumerate(areas)
        },
    }


def _minutes(table: Table, areas: list[str], sites: list[str]) -> np.ndarray:
    found = np.full((len(areas), len(sites)), np.inf)
    place_of = {
        "area": {name: n for n, name in enumerate(areas)},
        "site": {name: n for n, name in enumerate(sites)},
    }
    ends = (table.column("area", "an area"), table.column("site", "a site"))
    for line, minutes, *pair in zip(
        table.lines, table.numbers("minutes", "a number, 0 or more", at_least=0), *ends, strict=True
    ):
        for heading, name in zip(place_of, pair, strict=True):
            if name not in place_of[heading]:
                raise table.fail(
                    line, heading, name, f"an {heading} of its own file".replace("an site", "a site")
                )
        where = place_of["area"][pair[0]], place_of["site"][pair[1]]
        if np.isfinite(found[where]):
            raise table.fail(line, "site", pair[1], "a journey once")
        found[where] = minutes
    return found
