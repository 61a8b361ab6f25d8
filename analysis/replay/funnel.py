"""Funnel limits: how far an area may lie from the whole by chance alone.

Columns for proportions: `count` and `base`. For ratios and rates: `count` and `expected`. `area` names a row.
The target is the whole of the file unless `--target` says it.
"""

import argparse
from typing import Any

from analysis.errors import LttError
from analysis.replay.columns import add_file, events, labels
from analysis.replay.reading import Table
from analysis.statistics.funnel import proportion_funnel, ratio_funnel

CONFIDENCES = {"95": 0.95, "99_8": 0.998}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "counts and their bases")
    parser.add_argument("--target", type=float, default=None, metavar="T", help="default: of the whole file")


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
    is_ratio = "expected" in table.headings
    if is_ratio:
        count, base = table.counts("count"), table.numbers("expected", "a number above 0", above=0)
    else:
        count, base = events(table, "base")
    target = sum(count) / sum(base) if options.target is None else options.target
    if target > 1 and not is_ratio:
        raise LttError(f"--target is {target:g}.", "Allowed for proportions: 0 to 1.")
    make = ratio_funnel if is_ratio else proportion_funnel
    limits = {name: make(base, target, confidence) for name, confidence in CONFIDENCES.items()}
    areas: dict[str, dict[str, Any]] = {}
    for place, name in enumerate(labels(table, "area")):
        value = count[place] / base[place]
        shown: dict[str, Any] = {"value": value}
        for confidence, (lower, upper) in limits.items():
            shown |= {f"lower_{confidence}": float(lower[place]), f"upper_{confidence}": float(upper[place])}
        shown["outside"] = next(
            (
                word
                for confidence in ("99_8", "95")
                for word, is_out in (
                    (f"above {confidence}", value > shown[f"upper_{confidence}"]),
                    (f"below {confidence}", value < shown[f"lower_{confidence}"]),
                )
                if is_out
            ),
            None,
        )
        areas[name] = shown
    return {"kind": "ratio" if is_ratio else "proportion", "target": target, "areas": areas}
