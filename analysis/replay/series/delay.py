"""How complete the newest periods are, and what they come to once all reports are in (chain ladder).

Columns, a row a period from the oldest: `0`, `1`, `2` … with the records that came in after so many delays,
not added up, and empty where a delay has not passed; `period` names a row. Sums of money can be given too.
"""

import argparse
from typing import Any

import numpy as np

from analysis.errors import LttError
from analysis.replay.columns import add_confidence, add_file, labels
from analysis.replay.reading import LARGEST, SMALLEST, Table, number
from analysis.statistics.series.delay import delays, later_total


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "a triangle")
    add_confidence(parser)


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
    names, triangle = labels(table, "period"), _triangle(table)
    found = delays(triangle)
    passed = (~np.isnan(triangle)).sum(axis=1) - 1
    observed = np.nansum(triangle, axis=1)
    later = later_total(
        observed,
        found.complete[passed],
        errors=found.errors[passed],
        dispersion=found.dispersion,
        confidence=options.confidence,
    )
    return {
        "dispersion": found.dispersion,
        "complete": {str(delay): float(share) for delay, share in enumerate(found.complete)},
        "still_to_come": float((later.expected - observed).sum()),
        "periods": {
            name: {
                "observed": float(observed[place]),
                "complete": float(found.complete[passed[place]]),
                "expected": float(later.expected[place]),
                "lower": float(later.lower[place]),
                "upper": float(later.upper[place]),
            }
            for place, name in enumerate(names)
        },
    }


def _triangle(table: Table) -> np.ndarray:
    headings = [one for one in table.headings if one.isdigit()]
    wanted = [str(number) for number in range(len(headings))]
    if headings != wanted or len(headings) < 2:
        raise LttError(f"{table.name} has no columns 0, 1, 2 … in order.", "See --help for its columns.")
    triangle = np.full((len(table.rows), len(headings)), np.nan)
    for place, heading in enumerate(headings):
        column = table.column(heading, "records")
        for row, (line, text) in enumerate(zip(table.lines, column, strict=True)):
            if not text:
                continue
            triangle[row, place] = number(text)
            if not 0 <= triangle[row, place] <= LARGEST or 0 < triangle[row, place] < SMALLEST:
                raise table.fail(line, heading, text, "a number, 0 or more, or nothing")
    return triangle
