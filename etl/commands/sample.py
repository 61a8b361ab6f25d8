"""``sample``: large made-up inputs, for trials and measurements."""

import argparse
from pathlib import Path

from etl import synthetic
from etl.commands import Outcome
from etl.progress import Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("--rows", type=int, required=True, help="persons")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same file (default: 1)")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help=".csv or .parquet")


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Write the sample."""
    progress.start(f"Make {arguments.rows:,} made-up persons")
    made = synthetic.sample(arguments.rows, arguments.seed, arguments.out)
    return Outcome(
        [
            f"Wrote {made.rows:,} made-up persons to {made.data}, and their mapping to {made.mapping}.",
            f"Next: python -m etl load {made.data} --source own --mapping {made.mapping} --home DIR",
        ],
        {"file": str(made.data), "mapping": str(made.mapping), "rows": made.rows, "changed": True},
    )
