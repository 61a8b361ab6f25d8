"""Short ways for tests of sources: read a file, check it against its contract, add it up."""

from datetime import date
from pathlib import Path

import polars as pl

from etl.contracts.check import Checked, check
from etl.incoming import Incoming, ReadOptions
from etl.sources import find
from etl.sources.places.world_places import countries

AS_OF = date(2025, 6, 30)
WORLD = {row["alpha3"] for row in countries()}


def incoming(name: str, path: Path, **options: object) -> Incoming:
    """Read ``path`` with the source ``name``."""
    return find(name).read(path, ReadOptions(as_of=AS_OF, **options))


def checked(read: Incoming, table: str = "", **more: object) -> Checked:
    """Check the (first) batch of a table."""
    batch = next(batch for batch in read.batches if not table or batch.table == table)
    return check(batch, AS_OF, **more)


def accepted(name: str, path: Path, table: str = "", **options: object) -> pl.DataFrame:
    """Read, check, and expect every row to be accepted."""
    result = checked(incoming(name, path, **options), table)
    assert result.rejected.is_empty(), result.rejected
    return result.accepted


def sums(frame: pl.DataFrame, by: str) -> dict[str, float]:
    """Add up published values by one column."""
    return dict(frame.group_by(by).agg(pl.col("value").sum()).iter_rows())


def write(folder: Path, name: str, text: str) -> Path:
    """Write a small file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
