"""Reference tables that come with the project and load by themselves when records need them."""

import duckdb

from etl.delivery import Delivery, file_id, generated_id
from etl.incoming import Incoming, ReadOptions
from etl.sources import geography, laws
from etl.warehouse import first_row

NOT_FOR = ("area", "area_shape", "law_provision")


def needed(connection: duckdb.DuckDBPyConnection, incoming: Incoming) -> list[Delivery]:
    """Return what should be loaded before a file: real laws, and the areas of its geography.

    Made-up records get no real laws beside them; a file of areas or laws needs nothing.
    """
    if incoming.source.is_synthetic and incoming.source.is_own:
        return []
    if any(batch.table in NOT_FOR for batch in incoming.batches):
        return []
    found = []
    statutes = file_id(laws.FOLDER)
    if not _is_loaded(connection, statutes.sha256):
        found.append(Delivery(statutes, laws.NAME, lambda: laws.read(laws.FOLDER, ReadOptions())))
    folder = geography.shipped(incoming.source.geography)
    if folder is not None and not _has_areas(connection, folder.name):
        identity = (
            file_id(folder) if folder.is_dir() else generated_id(folder.name, f"areas of {folder.name}")
        )
        found.append(Delivery(identity, geography.NAME, lambda: geography.read(folder, ReadOptions())))
    return found


def _is_loaded(connection: duckdb.DuckDBPyConnection, sha256: str) -> bool:
    return first_row(connection, "SELECT 1 FROM stage.load WHERE sha256 = ? LIMIT 1", [sha256]) is not None


def _has_areas(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return first_row(connection, "SELECT 1 FROM stage.area WHERE geography = ? LIMIT 1", [name]) is not None
