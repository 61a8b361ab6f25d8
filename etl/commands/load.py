"""``load``: add a file, or the files of a folder, to the warehouse."""

import argparse
from dataclasses import replace

from etl.commands import Outcome
from etl.commands.terminal import options, wording
from etl.load import inputs, pipeline
from etl.mart.dangling import lines_of as orphan_lines
from etl.progress import Progress
from etl.store.locking import exclusive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    options.add_source(parser)
    options.add_home(parser)
    options.add_as_of(parser)
    options.add_wait(parser)
    options.add_accept(parser)
    parser.add_argument(
        "--again", action="store_true", help="read a file again although it is loaded (after an update)"
    )


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Load, and tell what became of each file."""
    home, deployment = options.deployment_of(arguments)
    read = replace(options.read_options(deployment, arguments.as_of), advance=progress.rows)
    deliveries = inputs.of_path(arguments.path, arguments.source, arguments.mapping, read)
    settings = pipeline.Settings(
        deployment,
        read.as_of,
        arguments.as_of,
        accepted=frozenset(arguments.accept),
        is_again=arguments.again,
    )
    with exclusive(home, arguments.wait):
        done = pipeline.run(home, deliveries, settings, progress, what="load")
    lines = [line for found in done.files for line in wording.lines_of(found)]
    if done.version is not None:
        lines += [*orphan_lines(done.orphans), *done.notes, f"The warehouse is now version {done.version}."]
        if any(found.rows.rejected or found.rows.partly for found in done.files if found.is_new):
            lines.append(
                "Correct what was rejected before the release: it closes months for good, and later records "
                "of a closed month wait for a revision (docs/operations.md)."
            )
        lines.append(f"Next: python -m etl release --home {home.root}")
    return Outcome(
        lines,
        {
            "changed": done.version is not None,
            "version": done.version,
            "files": [wording.values_of(found) for found in done.files],
            "notes": done.notes,
            "orphans": done.orphans,
        },
    )
