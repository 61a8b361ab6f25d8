"""What the demonstration's registers have in common: they come from the coordinator, as one source each."""

from collections.abc import Sequence

import polars as pl

from etl.contracts.batch import Batch
from etl.demonstration.files.columns import with_lines
from etl.demonstration.world import World
from etl.incoming import Incoming, SourceInfo

Row = dict[str, str | None]


def register_source(
    seen: World, source_id: str, label: str, unit: str, resolution: str = "month"
) -> SourceInfo:
    """Describe a register of the fictional task force as a source of its own.

    Parameters
    ----------
    seen
        The world, for its geography.
    source_id, label, unit
        Code, words, and what one row is.
    resolution
        Finest period of its rows.
    """
    register = seen.facts.register
    return SourceInfo(
        source_id=source_id,
        label=label,
        collection=source_id,
        collection_label=label,
        geography=seen.region.geography,
        unit=unit,
        is_own=True,
        is_synthetic=True,
        period_resolution=resolution,
        publisher=register["publisher"],
        licence=register["licence"],
        citation=register["citation"],
        rule="Synthetic figures of made-up organisations.",
    )


def register_file(
    source: SourceInfo, table: str, rows: Sequence[Row], months: tuple[str, str] = ("", "")
) -> Incoming:
    """Return a register as the file its source sends.

    Parameters
    ----------
    source
        Who sends it.
    table
        Whose rows they are.
    rows
        In the order of the file; a row may leave out columns.
    months
        First and last month that it reports on, for rows of periods.
    """
    names = dict.fromkeys(name for row in rows for name in row)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return Incoming.of_records(source, (Batch.of(table, with_lines(frame)),), *months)
