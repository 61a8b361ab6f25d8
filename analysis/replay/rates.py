"""Crude and standardised rates with their limits.

Columns: `count` and `population`, a row for each area. With a column `standard` the rows are the age bands of
one area, and the rate is standardised directly (Dobson). With `standard_rate` (events per person of the
standard) the rows are age bands too, and the answer is observed over expected. `area` names a row.
"""

import argparse
from typing import Any

from analysis.errors import LttError
from analysis.replay.columns import add_confidence, add_file, events, known, labels
from analysis.replay.reading import Table
from analysis.statistics.rates import (
    FEWEST_EVENTS,
    Rate,
    crude_rate,
    directly_standardised_rate,
    indirectly_standardised_ratio,
)

STANDARD, STANDARD_RATE = "standard", "standard_rate"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "counts and population")
    parser.add_argument("--multiplier", type=float, default=100_000, metavar="N", help="default: 100000")
    add_confidence(parser)


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
    count, population = events(table)
    if STANDARD in table.headings:
        weights = table.numbers(STANDARD, "persons of the standard, 0 or more", at_least=0)
        if not sum(weights):
            raise LttError(f"{table.name}: the standard has nobody.", "Give its persons by age band.")
        rate = directly_standardised_rate(count, population, weights, options.multiplier, options.confidence)
        few = sum(count) < FEWEST_EVENTS
        words = (
            f"There are fewer than {FEWEST_EVENTS} events: no standardised rate is given." if few else None
        )
        return {"kind": "directly standardised", **_one(rate, 1.0), "refused": words}
    if STANDARD_RATE in table.headings:
        rates = table.numbers(STANDARD_RATE, "events per person of the standard, 0 or more", at_least=0)
        if not sum(rate * people for rate, people in zip(rates, population, strict=True)):
            raise LttError(f"{table.name}: the standard expects no event.", "Give its events per person.")
        ratio = indirectly_standardised_ratio(sum(count), population, rates, options.confidence)
        return {"kind": "observed over expected", **_one(ratio, 1.0), "refused": None}
    return {
        "kind": "crude",
        "rates": _each(table, crude_rate(count, population, options.multiplier, options.confidence)),
    }


def _one(rate: Rate, scale: float) -> dict[str, float | None]:
    return {name: known(float(getattr(rate, name)) * scale) for name in ("value", "lower", "upper")}


def _each(table: Table, rate: Rate) -> dict[str, dict[str, float | None]]:
    rows = zip(rate.value, rate.lower, rate.upper, strict=True)
    return {
        name: {"value": known(value), "lower": known(lower), "upper": known(upper)}
        for name, (value, lower, upper) in zip(labels(table, "area"), rows, strict=True)
    }
