"""``return``: fill a funder's return, exactly, for the keepers of the data."""

import argparse
from pathlib import Path

from analysis.words import counted
from etl.commands import Outcome
from etl.commands.terminal import options
from etl.config import home_at
from etl.errors import UsageError
from etl.progress import Progress
from etl.returns import run as returns
from etl.returns.page import GAPS, STAMP
from etl.returns.periods import allowed_words
from etl.returns.reading import names, read_return
from etl.store.locking import exclusive

LIST = "python -m etl return --list"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="which return (see --list)")
    parser.add_argument("--list", action="store_true", help="what returns there are, and for which periods")
    parser.add_argument("--period", metavar="PERIOD", help="2025-Q1, 2025-H1 or FY2025 (see --list)")
    parser.add_argument(
        "--out", metavar="FILE.xlsx", type=Path, help="where to (default: restricted/returns of the home)"
    )
    parser.add_argument(
        "--handed-over",
        action="store_true",
        help="the file leaves the restricted zone: it is the funder's copy",
    )
    options.add_home(parser)
    options.add_wait(parser)
    parser.epilog = (
        "A return holds exact small numbers and is for its funder only. Published beside the dashboard it\n"
        "undoes the protection of the people counted in it (docs/returns.md)."
    )


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """List the returns, or make one."""
    if arguments.list:
        return _listed()
    known = ", ".join(names())
    if not arguments.name:
        raise UsageError(f"Which return? There are: {known}.", LIST)
    asked = read_return(arguments.name)
    allowed = allowed_words(asked.periods, asked.fiscal_month)
    if not arguments.period:
        raise UsageError(f"{asked.code} needs a period: {allowed}.", f"--period PERIOD ({LIST})")
    home = home_at(arguments.home)
    returns.refuse_empty(home)
    with exclusive(home, arguments.wait):
        report = returns.make(
            home,
            arguments.name,
            arguments.period,
            arguments.out,
            progress,
            handed_over=arguments.handed_over,
        )
    return Outcome(_lines(report), _values(report))


def _listed() -> Outcome:
    lines, values = [], []
    for name in names():
        asked = read_return(name)
        periods = allowed_words(asked.periods, asked.fiscal_month)
        lines += [
            f"{name}: {asked.label}",
            f"  {asked.funder}",
            *(f"  {form}" for form in asked.forms),
            f"  --period {periods}",
        ]
        values.append(
            {"name": name, "label": asked.label, "funder": asked.funder, "periods": list(asked.periods)}
        )
    return Outcome(lines, {"returns": values})


def _lines(report: returns.Report) -> list[str]:
    """Tell what was made, without a number of it."""
    lines = [
        f"Wrote {report.path}: {report.filled:,} of {counted(report.cells, 'cell')} filled.",
        "It holds exact small numbers and is for its funder only: publishing it beside the dashboard undoes "
        "the protection of the people in it.",
    ]
    if report.filled < report.cells:
        lines.append(f"Why the others are not: its sheet '{STAMP} {GAPS}'.")
    if report.is_synthetic:
        lines.append("Its people are made up: do not hand it in.")
    if report.broken:
        lines.append(f"Checks that do not hold (see its sheet of checks): {'; '.join(report.broken)}.")
    if report.compared_with:
        lines.append(f"What changed since {report.compared_with} stands on its last sheet.")
    else:
        before = report.period.before().code
        lines.append(f"Not compared: the return of {before} was not made in this home.")
    if report.changed_since_made:
        kept = f" The earlier file is kept: {report.kept}" if report.kept else ""
        lines.append(
            f"It was made before, and {counted(report.changed_since_made, 'cell')} changed since.{kept}"
        )
    return lines


def _values(report: returns.Report) -> dict[str, object]:
    return {
        "changed": True,
        "file": str(report.path),
        "period": report.period.code,
        "cells": report.cells,
        "filled": report.filled,
        "broken": report.broken,
        "compared_with": report.compared_with or None,
        "changed_since_made": report.changed_since_made,
        "kept": str(report.kept) if report.kept else None,
    }
