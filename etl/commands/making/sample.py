"""``sample``: large made-up inputs, for trials and measurements."""

import argparse
from pathlib import Path

from analysis.words import counted
from etl import demonstration as synthetic
from etl.commands import Outcome
from etl.demonstration.sampling import Sample
from etl.load import inputs
from etl.progress import Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("--rows", type=int, required=True, help="persons")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same file (default: 1)")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help=".csv or .parquet")


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Write the sample."""
    progress.start(f"Make {counted(arguments.rows, 'made-up person')}")
    made = synthetic.sample(arguments.rows, arguments.seed, arguments.out)
    return Outcome(
        [
            f"Wrote {counted(made.rows, 'made-up person')} to {made.data}, and their mapping to "
            f"{made.mapping}.",
            _next(made, arguments.seed),
        ],
        {"file": str(made.data), "mapping": str(made.mapping), "rows": made.rows, "changed": True},
    )


def _next(made: Sample, seed: int) -> str:
    """Say how the file is loaded or, where its kind is not read, how the same people come in one that is."""
    if made.data.suffix in inputs.DATA:
        return f"Next: python -m etl load {made.data} --source own --mapping {made.mapping} --home DIR"
    return (
        f"{made.data.suffix} files are for other programs and cannot be loaded. "
        "Next, for the same people in a file that can: "
        f"python -m etl sample --rows {made.rows} --seed {seed} --out {made.data.with_suffix('.csv')}"
    )
