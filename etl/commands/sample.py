"""``sample``: large made-up inputs, for trials and measurements."""

import argparse
from pathlib import Path

from etl import synthetic
from etl.commands import Outcome
from etl.errors import UsageError
from etl.progress import Progress

NAME = "sample"
SUMMARY = "write a large made-up file of persons (for trials and measurements)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("--rows", type=int, required=True, help="persons")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same file (default: 1)")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="file to write")


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Write the sample."""
    if arguments.rows < 1 or arguments.seed < 0:
        raise UsageError("--rows must be 1 or more and --seed 0 or more.", "python -m etl sample --help")
    progress.start(f"Make {arguments.rows:,} made-up persons")
    synthetic.sample(arguments.rows, arguments.seed, arguments.out)
    return Outcome(
        [f"Wrote {arguments.out}."],
        {"file": str(arguments.out), "rows": arguments.rows, "seed": arguments.seed, "changed": True},
    )
