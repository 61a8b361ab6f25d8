"""``hub``: add the releases of several task forces up to one."""

import argparse
from pathlib import Path
from typing import Any

from etl.commands import Outcome
from etl.commands.terminal import options
from etl.config import home_at
from etl.hub import HubReport, publish
from etl.progress import Progress
from etl.store.locking import exclusive

PROFILES = ("public", "partner")
SAME_CODE = "same-code"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "releases",
        metavar="RELEASE",
        nargs="*",
        type=Path,
        help="folder of a task force's release, or its home (default: those of the last run)",
    )
    parser.add_argument("--out", metavar="DIR", required=True, help="the hub's own folder")
    parser.add_argument("--place", metavar="NAME", default="", help="name of the state or region")
    parser.add_argument("--profile", choices=PROFILES, default="public", help="that of every part")
    parser.add_argument(
        "--accept",
        choices=[SAME_CODE],
        action="append",
        default=[],
        help=f"{SAME_CODE}: contributors of one code in two parts are two offices",
    )
    options.add_wait(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Make the hub's release, and tell what is in it."""
    home = home_at(arguments.out)
    with exclusive(home, arguments.wait):
        report = publish(
            home,
            arguments.releases,
            arguments.profile,
            arguments.place,
            progress,
            accept_same_code=SAME_CODE in arguments.accept,
        )
    return Outcome(lines_of(report), values_of(report))


def lines_of(report: HubReport) -> list[str]:
    """Tell what a hub's release is made of."""
    held = {subject: cells for subject, cells in report.cells_shown.items() if cells}
    shown = ", ".join(f"{subject} {cells:,}" for subject, cells in held.items()) or "none of people"
    state = "made" if report.is_new else "unchanged"
    lines = [
        f"Release {report.release_id} ({report.profile}) {state} of {len(report.parts)} task forces: cells "
        f"shown: {shown}.",
        f"  {report.file}",
    ]
    lines += [
        f"  {one['label']} ({one['code']}): release {one['release_id']}, as of {one['as_of']}"
        for one in report.parts
    ]
    lines += [f"  left out: {line}" for line in report.left_out]
    return [*lines, "Nobody is recognised across task forces; every page and file says so."]


def values_of(report: HubReport) -> dict[str, Any]:
    """Return the same for a script."""
    return {
        "profile": report.profile,
        "release_id": report.release_id,
        "file": str(report.file),
        "changed": report.is_new,
        "parts": report.parts,
        "cells_shown": report.cells_shown,
        "left_out": report.left_out,
    }
