"""Reference tables that come with the project and load by themselves when records need them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from etl import demonstration as synthetic
from etl import sources
from etl.config import REFERENCE
from etl.incoming import Incoming, ReadOptions
from etl.load.delivery import Delivery, file_id, generated_id
from etl.store.warehouse import first_row

LAWS = REFERENCE / "laws"
BRINGS_ITS_OWN = ("area", "area_shape", "law_provision")


def needed(connection: duckdb.DuckDBPyConnection, incoming: Incoming) -> list[Delivery]:
    """Return what should be loaded before a file: real laws, and the areas of its geography.

    A file of areas or laws needs nothing. Real laws come along with made-up records too: a page marks them
    only when a reader asks for them by nation.
    """
    if any(batch.table in BRINGS_ITS_OWN for batch in incoming.batches):
        return []
    geography = incoming.source.geography
    is_made_up = incoming.source.is_synthetic and incoming.source.is_own
    find = _made_up_places if is_made_up else _places
    places = None if _has_areas(connection, geography) else find(geography)
    # A name that no folder of a deployment has: its own laws must not take the place of these.
    identity = replace(file_id(LAWS), name="laws that come with the project")
    statutes = Delivery(identity, "laws", lambda: sources.find("laws").read(LAWS, ReadOptions()))
    laws = [] if _is_loaded(connection, statutes.file.sha256) else [statutes]
    return [*laws, places] if places else laws


def _places(geography: str) -> Delivery | None:
    """Return the areas of a real geography that comes with the project."""
    reader: Any = sources.find("geography")
    folder: Path | None = reader.shipped(geography)
    if folder is None:
        return None
    identity = file_id(folder) if folder.is_dir() else generated_id(folder.name, f"areas of {folder.name}")
    return Delivery(identity, "geography", lambda: reader.read(folder, ReadOptions()))


def _made_up_places(geography: str) -> Delivery | None:
    """Return the areas of the fictional region, for samples of its people."""
    facts, region = synthetic.load_facts(), synthetic.load_region()
    if geography != region.geography:
        return None
    made = synthetic.reference_files(facts["seed"], facts, region)[0]
    return Delivery(generated_id(region.place, f"places of {geography}"), "demonstration", lambda: made)


def _is_loaded(connection: duckdb.DuckDBPyConnection, sha256: str) -> bool:
    return first_row(connection, "SELECT 1 FROM stage.load WHERE sha256 = ? LIMIT 1", [sha256]) is not None


def _has_areas(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return first_row(connection, "SELECT 1 FROM stage.area WHERE geography = ? LIMIT 1", [name]) is not None
