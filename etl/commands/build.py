"""``build``: a warehouse from nothing, and its public release."""

import argparse
import json
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

from analysis.words import counted
from etl import demonstration as synthetic
from etl.commands import Outcome
from etl.commands.release import lines_of as release_lines
from etl.commands.release import values_of as release_values
from etl.commands.terminal import options, wording
from etl.config import DEFAULT_HOME, DEPLOYMENT, Deployment, Home, home_at, read_deployment
from etl.errors import EtlError, UsageError
from etl.incoming import Incoming
from etl.load import inputs, pipeline
from etl.load.delivery import Delivery, generated_id
from etl.mart.dangling import lines_of as orphan_lines
from etl.progress import Progress
from etl.release import publish
from etl.store import warehouse
from etl.store.locking import exclusive

SEED = int(synthetic.load_facts()["seed"])  # the one whose planted facts the tests look for
YEARS_NEEDED = 3
PERSONS = int(synthetic.load_facts()["persons"])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    options.add_home(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--demo", action="store_true", help="the made-up demonstration region")
    what.add_argument(
        "--inputs",
        metavar="FOLDER",
        type=Path,
        help=f"a folder with {DEPLOYMENT}, or with files that can be recognised (default: the home)",
    )
    parser.add_argument("--if-missing", action="store_true", help="do nothing when there is a public release")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the demonstration (default: {SEED})")
    parser.add_argument(
        "--persons", type=int, default=PERSONS, help=f"in the demonstration, about (default: {PERSONS:,})"
    )
    options.add_as_of(parser)
    options.add_wait(parser)
    options.add_accept(parser)
    parser.epilog = (
        "Without --demo and --inputs: the inputs of the home; where it has none and is the project's own\n"
        "data folder, the demonstration."
    )


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Build and release; with ``--if-missing``, only where there is no release yet."""
    home = home_at(arguments.home)
    deployment = read_deployment(home.root)
    if arguments.if_missing and has_release(home):
        return Outcome([f"There is a release in {home.release('public')}."], {"changed": False})
    with exclusive(home, arguments.wait):
        if _wants_demonstration(arguments, home, deployment):
            done = _demonstration(home, arguments, progress)
        else:
            done = _inputs(home, arguments, progress)
        report = publish(home, "public", progress=progress)
    rows = sum(found.rows.taken for found in done.files)
    lines = [] if len(done.files) > 20 else [line for found in done.files for line in wording.lines_of(found)]
    taken = f"{counted(len(done.files), 'file')}, {counted(rows, 'row')}"
    lines.append(f"{taken}: the warehouse is now version {done.version}.")
    lines += orphan_lines(done.orphans)
    values = {
        "changed": True,
        "version": done.version,
        "files": [wording.values_of(found) for found in done.files],
        "notes": done.notes,
        "orphans": done.orphans,
        "release": release_values(report),
    }
    return Outcome([*lines, *done.notes, *release_lines(report)], values)


def has_release(home: Home) -> bool:
    """Tell whether the home has a public release whose file is there."""
    manifest = home.release("public") / "manifest.json"
    try:
        file = json.loads(manifest.read_text("utf-8"))["file"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return (manifest.parent / str(file)).is_file()


def _wants_demonstration(arguments: argparse.Namespace, home: Home, deployment: Deployment) -> bool:
    if arguments.demo or arguments.inputs or deployment.inputs:
        return bool(arguments.demo)
    return home.root == DEFAULT_HOME


def _demonstration(home: Home, arguments: argparse.Namespace, progress: Progress) -> pipeline.Done:
    """Build the demonstration region with the same steps as any other data."""
    if arguments.seed < 0 or arguments.persons < 1:
        raise UsageError("--seed must be 0 or more and --persons 1 or more.", "python -m etl build --help")
    progress.start("Make the demonstration region")
    facts, region = synthetic.load_facts(), synthetic.load_region()
    as_of = arguments.as_of or facts.as_of
    # Registers of its first two years are empty, and nothing can be compared in them.
    if as_of < (earliest := date(facts.first_month // 12 + YEARS_NEEDED - 1, 12, 31)):
        raise UsageError(
            f"--as-of is {as_of}, and the made-up region needs {YEARS_NEEDED} years.",
            f"python -m etl build --demo --as-of {earliest}",
        )
    incoming = synthetic.generate(arguments.seed, arguments.persons, as_of)
    deliveries = []
    for position, file in enumerate(incoming):
        recipe = f"demonstration {arguments.seed} {arguments.persons} {as_of} {position}"
        identity = generated_id(f"generated file {position + 1}", recipe)
        deliveries.append(Delivery(identity, "demonstration", partial(_same, file)))
    deployment = Deployment(place=region.place, home_country=region.home_country, geography=region.geography)
    # The reporting date stands for the day of loading: the same demonstration on every day and machine.
    settings = pipeline.Settings(deployment, as_of, as_of, datetime.combine(as_of, time()))
    return pipeline.run(home, deliveries, settings, progress, what="build --demo", fresh=True)


def _same(incoming: Incoming) -> Incoming:
    return incoming


def _inputs(home: Home, arguments: argparse.Namespace, progress: Progress) -> pipeline.Done:
    folder = (arguments.inputs or home.root).resolve()
    if not folder.is_dir():
        raise EtlError(
            f"There is no folder {folder}.",
            f"Make it, with your files and {DEPLOYMENT} (docs/adding.md); or: python -m etl build --demo",
        )
    deployment = read_deployment(folder)
    read = replace(options.read_options(deployment, arguments.as_of), advance=progress.rows)
    deliveries = inputs.of_deployment(deployment, read)
    is_ordered = bool(deployment.inputs)  # the order of deployment.toml is meant
    settings = pipeline.Settings(
        deployment,
        read.as_of,
        arguments.as_of,
        is_ordered=is_ordered,
        accepted=frozenset(arguments.accept),
    )
    left_out = _left_out(home, deliveries)
    done = pipeline.run(home, deliveries, settings, progress, what="build", fresh=True)
    if left_out:
        done.notes.append(
            f"Not among the inputs, so not in the new warehouse: {', '.join(left_out)}. "
            "To have them back: python -m etl rollback, or load them again."
        )
    return done


def _left_out(home: Home, deliveries: list[Delivery]) -> list[str]:
    """Return the files of the current warehouse that a build from these inputs would lack.

    Of a damaged one nothing can be said; a build from the inputs is what brings it back.
    """
    manifest = warehouse.parse_manifest(home)
    current = manifest.version(manifest.current) if manifest else None
    if manifest is None or current is None or current.is_synthetic or manifest.format != warehouse.FORMAT:
        return []
    if warehouse.fault(home, current):
        return []
    with warehouse.connect(warehouse.current(home)) as connection:
        loaded = connection.execute(
            "SELECT file_name, sha256 FROM mart.load WHERE is_current AND reader NOT IN ('geography', 'laws')"
        ).fetchall()
    given = {delivery.file.sha256 for delivery in deliveries}
    names = {delivery.file.name for delivery in deliveries}
    return sorted({name for name, sha256 in loaded if sha256 not in given and name not in names})
