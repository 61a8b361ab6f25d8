"""``check``: validate files without loading them."""

import argparse
import secrets
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from etl.commands import Outcome
from etl.commands.terminal import options, wording
from etl.config import SECRET_BYTES, Home, secret
from etl.load import inputs, pipeline
from etl.load.check import Loaded, Terms
from etl.mart import steps
from etl.progress import Progress
from etl.release.publishing.writer_process import quoted
from etl.store import warehouse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    options.add_source(parser)
    options.add_home(parser)
    options.add_as_of(parser)
    options.add_accept(parser)


def run(arguments: argparse.Namespace, progress: Progress) -> Outcome:
    """Read and check as a load would, in memory; tell accepted and rejected rows by rule."""
    return told(examined(arguments, progress))


def examined(arguments: argparse.Namespace, progress: Progress) -> list[Loaded]:
    """Return what a load would make of each file, with every rejected line; nothing is stored."""
    home, deployment = options.deployment_of(arguments)
    read = replace(options.read_options(deployment, arguments.as_of), advance=progress.rows)
    deliveries = inputs.of_path(arguments.path, arguments.source, arguments.mapping, read)
    progress.expect(2 * len(deliveries))
    terms = Terms(read.as_of, _key(home), deployment.home_country)
    settings = pipeline.Settings(deployment, read.as_of, accepted=frozenset(arguments.accept))
    with duckdb.connect() as scratch:
        steps.prepare(scratch)
        _copy_what_is_known(home, scratch)
        found = pipeline.Loading(scratch, settings, terms, progress).all(deliveries, {}, {})
    for one in found:
        one.load_id = None
    return found


def told(found: Sequence[Loaded]) -> Outcome:
    """Return in words and values what was found."""
    lines = [line for one in found for line in wording.lines_of(one)]
    return Outcome(
        [*lines, "Nothing was loaded."],
        {"changed": False, "files": [wording.values_of(one) for one in found]},
    )


def _key(home: Home) -> bytes:
    """Return the secret that records were loaded with, to find them again; where there are none, any key."""
    manifest = warehouse.read_manifest(home)
    current = manifest.version(manifest.current) if manifest else None
    is_real = current is not None and not current.is_synthetic
    return secret(home, is_synthetic=False) if is_real else secrets.token_bytes(SECRET_BYTES)


def _copy_what_is_known(home: Home, scratch: duckdb.DuckDBPyConnection) -> None:
    """Bring the rows of the current warehouse, so that a check judges as a load would."""
    if warehouse.read_manifest(home) is None:
        return
    scratch.execute(f"ATTACH {quoted(warehouse.current(home))} AS known (READ_ONLY)")
    for (table,) in scratch.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'known' AND schema_name = 'stage' "
        "AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() "
        "AND schema_name = 'stage')"
    ).fetchall():
        scratch.execute(f"INSERT INTO stage.{table} BY NAME SELECT * FROM known.stage.{table}")
    scratch.execute("DETACH known")
