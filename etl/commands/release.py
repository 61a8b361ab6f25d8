"""``release``: turn the warehouse into protected cells."""

import argparse
from collections.abc import Mapping
from typing import Any

from analysis.words import counted, listed
from etl.commands import Outcome
from etl.commands.terminal import options
from etl.config import home_at, read_deployment
from etl.errors import UsageError
from etl.load.compared.replacing import FEWER
from etl.mart import meta as info
from etl.progress import Progress
from etl.release import ReleaseReport, publish
from etl.release.publishing.words import held_text
from etl.release.spark import master
from etl.store import warehouse
from etl.store.locking import exclusive

ENGINES = ("duckdb", "spark")
PROFILES = ("public", "partner", "steward")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("--profile", choices=PROFILES, default="public", help="for whom (default: public)")
    parser.add_argument(
        "--revise", metavar="YEAR", type=int, help="take over late and corrected records of a closed year"
    )
    parser.add_argument(
        "--repair",
        metavar="YYYY-MM",
        type=options.month,
        help="take over the records of a month that a failed load let close empty, in a register too small "
        "for a revision (once)",
    )
    parser.add_argument(
        "--accept",
        choices=[FEWER],
        action="append",
        default=[],
        help=f"{FEWER}: close months although they hold far fewer records than before",
    )
    parser.add_argument(
        "--engine", choices=ENGINES, default="duckdb", help="what counts (default: duckdb, on this machine)"
    )
    parser.add_argument(
        "--master",
        metavar="ADDRESS",
        help=f"where Spark is: local[2], spark://HOST:7077, sc://HOST:15002 (default: {master.DEFAULT})",
    )
    options.add_home(parser)
    options.add_wait(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Make the release, and tell what is in it."""
    home = home_at(arguments.home)
    spark = _spark(arguments)
    with exclusive(home, arguments.wait):
        report = publish(
            home,
            arguments.profile,
            revise=arguments.revise,
            repair=arguments.repair,
            accept_fewer=FEWER in arguments.accept,
            progress=progress,
            spark=spark,
        )
    with warehouse.connect(warehouse.current(home)) as connection:
        other_day = info.other_day(info.stored(connection), read_deployment(home.root))
    return Outcome([*lines_of(report), *other_day], {**values_of(report), "notes": other_day})


def _spark(arguments: argparse.Namespace) -> str:
    """Return the address of the Spark master; empty where DuckDB counts."""
    if arguments.engine == "spark":
        return master.checked(arguments.master or master.DEFAULT)
    if arguments.master is not None:
        raise UsageError(
            "--master says where Spark is, and --engine spark is not asked for.",
            f"python -m etl release --engine spark --master '{master.checked(arguments.master)}'",
        )
    return ""


def lines_of(report: ReleaseReport) -> list[str]:
    """Tell what a release holds, in words that may be shown to anybody."""
    held = {subject: cells for subject, cells in report.cells_shown.items() if cells}
    shown = ", ".join(f"{subject} {cells:,}" for subject, cells in held.items()) or "none of people"
    state = "made" if report.is_new else "unchanged"
    lines = [
        f"Release {report.release_id} ({report.profile}) {state}: cells shown: {shown}.",
        f"  {report.file}",
    ]
    lines += [f"  closed and frozen: {line}" for line in _alike(report.newly_closed_months, "month")]
    lines += [f"  held for a revision: {line}" for line in _alike(report.held_text)]
    lines += [f"  revised: {text}" for text in report.revised]
    return lines + lines_of_texts(report)


def lines_of_texts(report: ReleaseReport) -> list[str]:
    """Tell how many texts of registers stayed out, and what to do about it."""
    lines = []
    if report.are_texts_made_up:
        lines.append("  texts of registers: all published, because the records are made up")
    if report.texts_waiting:
        lines.append(
            f"  texts held back until you confirm them: {report.texts_waiting:,}. Next: python -m etl texts"
        )
    if report.texts_not_named:
        named = listed(sorted(report.texts_not_named))
        lines.append(
            f"  texts held back because published_texts of deployment.toml does not name their column: "
            f"{sum(report.texts_not_named.values()):,} in {named}"
        )
    return lines


def _alike(by_name: Mapping[str, int | str], unit: str = "") -> list[str]:
    """Return "120 months of a, b and c": names that have the same, once; what has nothing is left out.

    Fifteen kinds of records of which none waits are not fifteen lines.
    """
    names: dict[int | str, list[str]] = {}
    for name, value in by_name.items():
        if value and value != held_text(0):
            names.setdefault(value, []).append(name)
    return [
        f"{counted(value, unit) if isinstance(value, int) else value} of {listed(sorted(found))}"
        for value, found in names.items()
    ]


def values_of(report: ReleaseReport) -> dict[str, Any]:
    """Return the same for a script."""
    return {
        "profile": report.profile,
        "release_id": report.release_id,
        "file": str(report.file),
        "changed": report.is_new,
        "cells_shown": report.cells_shown,
        "newly_closed_months": report.newly_closed_months,
        "held": report.held_text,
        "revised": report.revised,
        "texts_waiting": report.texts_waiting,
        "texts_not_named": report.texts_not_named,
    }
