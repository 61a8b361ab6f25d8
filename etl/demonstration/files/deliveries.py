"""Cuts each contributor's sheets into the files it would have sent, and spoils a few rows in them.

A contributor sends one file a year, and one a quarter in the newest years; it covers the months in which the
contributor reported. The one that stopped sends no further file, so its later months are "not reported".
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from etl.contracts.batch import Batch
from etl.demonstration.facts import Contributor, Facts, month_code, month_number
from etl.demonstration.files.columns import with_lines
from etl.demonstration.region import Region
from etl.demonstration.streams import stream
from etl.demonstration.world import World
from etl.incoming import Incoming, SourceInfo

ALWAYS = ("person", "referral")  # a contributor reports on these every time, also that there is none
SPOILED = {
    "age_out_of_range": ("age", "208"),
    "unknown_area": ("area", "Nowhere Wold"),
    "unknown_code": ("gender", "??"),
    "future_period": ("period", "{year}-03-01"),
}


def source_info(contributor: Contributor, facts: Facts, region: Region) -> SourceInfo:
    """Describe one contributor as a source."""
    register = facts.register
    return SourceInfo(
        source_id=contributor.source_id,
        label=contributor.label,
        collection=register["collection"],
        collection_label=register["collection_label"],
        geography=region.geography,
        unit="people",
        is_own=True,
        is_synthetic=True,
        period_resolution="month",
        publisher=register["publisher"],
        licence=register["licence"],
        citation=register["citation"],
        rule=register["rule"],
        person_scheme=register["collection"],
    )


def spans(world: World, contributor: Contributor) -> Iterator[tuple[int, int]]:
    """Yield the first and last month (positions, both included) of each file of one contributor."""
    facts, stopped = world.facts, world.facts["contributor_stopped"]
    last = min(world.last_month, facts.months - 1)
    if contributor.code == stopped["contributor"] and stopped["last_month"]:
        last = min(last, facts.position(stopped["last_month"]))
    start = 0
    while start <= last:
        year, month = divmod(facts.first_month + start, 12)
        length = 3 - month % 3 if year >= facts.register["quarterly_from"] else 12 - month
        yield start, min(start + length - 1, last)
        start += length


def deliveries(world: World, contributor: Contributor, sheets: dict[str, pl.DataFrame]) -> list[Incoming]:
    """Cut one contributor's sheets into files.

    Parameters
    ----------
    sheets : dict
        Table name to rows in canonical columns, with ``month`` (position) besides.
    """
    info = source_info(contributor, world.facts, world.region)
    made = []
    for first, last in spans(world, contributor):
        batches = []
        for table, rows in sheets.items():
            if rows.is_empty() and table not in ALWAYS:  # before a table begins it has no columns either
                continue
            inside = rows.filter(pl.col("month").is_between(first, last)).drop("month")
            if table == "person":
                inside = _spoil(world, f"{contributor.code} {first}", inside)
            if inside.height or table in ALWAYS:
                batches.append(Batch.of(table, with_lines(inside)))
        covered = [month_code(world.facts.first_month + month) for month in (first, last)]
        made.append(Incoming.of_records(info, batches, *covered))
    return made


def in_order(files: list[Incoming]) -> list[Incoming]:
    """Put files in the order in which they came in: by the end of their months."""
    return sorted(files, key=lambda file: month_number(file.period_to))


def _spoil(world: World, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Add copies of a few rows with something wrong in each; the good row stays."""
    planted = world.facts["rejected_rows"]
    kinds = planted["kinds"]
    uniform = stream(world.seed, "spoiled", name).random((2, rows.height))
    chosen = np.flatnonzero(uniform[0] < planted["share"])
    copies = [rows[chosen]] if len(chosen) else []
    is_kind = np.floor(uniform[1][chosen] * len(kinds)).astype(np.int64)
    for i, kind in enumerate(kinds):
        column, wrong = SPOILED[kind]
        value = wrong.format(year=world.as_of.year + 2)
        copies = [
            copy.with_columns(
                pl.when(pl.Series(is_kind == i)).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
            )
            for copy in copies
        ]
    return pl.concat([rows, *copies])
