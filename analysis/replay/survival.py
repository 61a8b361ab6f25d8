"""Waits of which some are not over (Kaplan and Meier), their median and p90, and whether groups differ.

Columns: `time`, `status` (1 where the wait is over, 0 where it goes on) and, to compare, `group`.
"""

import argparse
from collections.abc import Sequence
from typing import Any

from analysis.replay.columns import add_confidence, add_file, known
from analysis.replay.reading import Table
from analysis.statistics.survival import TRANSFORMS, Curve, kaplan_meier, log_rank


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this statistic is asked with."""
    add_file(parser, "waits")
    add_confidence(parser)
    parser.add_argument("--transform", choices=TRANSFORMS, default="log-log", help="of the interval")


def replay(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Return the fields of the answer; as `analysis.replay.command.run`."""
    time = table.numbers("time", "how long, 0 or more", at_least=0)
    status = table.numbers("status", "1 or 0")
    for line, mark in zip(table.lines, status, strict=True):
        if mark not in (0, 1):
            raise table.fail(line, "status", f"{mark:g}", "1 or 0")
    if not any(status):
        return {"median": None, "refused": "No wait is over, so no share can be given."}
    names = table.column("group", "a name") if "group" in table.headings else ("",) * len(time)
    groups = list(dict.fromkeys(names))
    shown: dict[str, Any] = {**_curve(time, status, options), "refused": None}
    if len(groups) > 1:
        shown["groups"] = {
            name: _curve(
                [one for one, group in zip(time, names, strict=True) if group == name],
                [one for one, group in zip(status, names, strict=True) if group == name],
                options,
            )
            for name in groups
        }
        test = log_rank(time, status, names)
        shown["log_rank"] = {"chi_square": test.chi_square, "degrees": test.degrees, "p": test.p}
    return shown


def _curve(time: Sequence[float], status: Sequence[float], options: argparse.Namespace) -> dict[str, Any]:
    if not any(status):
        return {"median": None, "curve": []}
    curve: Curve = kaplan_meier(time, status, options.confidence, options.transform)
    shown: dict[str, Any] = {"waits": len(time), "over": int(sum(status))}
    for name, share in (("median", 0.5), ("p90", 0.9)):
        value, lower, upper = map(known, curve.quantile(share))
        shown |= {name: value, f"{name}_lower": lower, f"{name}_upper": upper}
    columns = ("times", "at_risk", "events", "survival", "lower", "upper")
    rows = zip(*(getattr(curve, name) for name in columns), strict=True)
    names = ("time", "at_risk", "events", "survival", "lower", "upper")
    return shown | {"curve": [dict(zip(names, map(known, row), strict=True)) for row in rows]}
