"""The reference files of the fictional region: places, population, circumstances and statutes."""

import polars as pl

from etl.contracts.batch import Batch
from etl.demonstration.facts import Facts
from etl.demonstration.files.columns import with_lines
from etl.demonstration.places.context import context
from etl.demonstration.places.geography import area_shapes, areas
from etl.demonstration.places.laws import laws
from etl.demonstration.places.population import population
from etl.demonstration.region import Region
from etl.incoming import Incoming, SourceInfo


def reference_files(seed: int, facts: Facts, region: Region) -> list[Incoming]:
    """Return what is loaded before any person: one file of places, one of statutes."""
    people = population(region)
    places = {
        "area": areas(region),
        "area_shape": area_shapes(region),
        "area_population": people,
        "area_context": context(region, seed, people),
    }
    what = "Places and population of Tarrowmere (fictional)"
    statutes = "Statutes of Tarrowmere (fictional)"
    return [
        _file(_source("places", what, "areas", facts, region), places),
        _file(_source("laws", statutes, "laws", facts, region), {"law_provision": laws()}),
    ]


def _source(name: str, label: str, unit: str, facts: Facts, region: Region) -> SourceInfo:
    register = facts.register
    return SourceInfo(
        source_id=f"tm_{name}",
        label=label,
        collection=f"tarrowmere_{name}",
        collection_label=label,
        geography=region.geography,
        unit=unit,
        is_own=False,
        is_synthetic=True,
        period_resolution="year",
        publisher=register["publisher"],
        licence=register["licence"],
        citation=register["citation"],
        rule="Made up; nothing to protect.",
    )


def _file(source: SourceInfo, tables: dict[str, pl.DataFrame]) -> Incoming:
    batches = tuple(Batch.of(table, with_lines(frame)) for table, frame in tables.items())
    return Incoming.of_records(source, batches)
