"""Large made-up files for benchmarks, shaped like a task force's own spreadsheet, with the mapping beside it.

The rows follow the people of the fictional region, everyone once. They are written in blocks, so memory does
not grow with the number of rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from analysis import load_catalog
from etl.demonstration.facts import load_facts
from etl.demonstration.files import columns
from etl.demonstration.people.attributes import GENDERS, STATUSES
from etl.demonstration.people.people import DAYS_A_MONTH
from etl.demonstration.region import load_region
from etl.demonstration.sample_mapping import HEADERS, LISTS, SEPARATOR, mapping_text
from etl.demonstration.streams import Flags, stream
from etl.demonstration.world import World, world
from etl.errors import EtlError

BLOCK = 250_000
SEED_STEP = 1_000_003  # blocks draw from seeds of their own


@dataclass(frozen=True)
class Sample:
    """What was written: the data file, the mapping beside it and the number of rows."""

    data: Path
    mapping: Path
    rows: int


def sample(rows: int, seed: int, out: Path) -> Sample:
    """Write a made-up file of people and its mapping.

    Parameters
    ----------
    rows : int
        One row is one person; at least 1.
    seed : int
        Zero or more; the same seed gives the same file.
    out : pathlib.Path
        Ends in ``.csv`` or ``.parquet``. The mapping is written beside it, ending in ``.toml``.

    Raises
    ------
    EtlError
        For another ending, fewer than one row or a negative seed.
    """
    if rows < 1 or seed < 0:
        raise EtlError(
            f"A sample needs at least 1 row and a seed of 0 or more; came {rows} rows, seed {seed}.",
            "python -m etl sample --rows 1000000 --seed 1 --out sample.csv",
        )
    if out.suffix not in (".csv", ".parquet"):
        raise EtlError(
            f"{out.name}: a sample is written as .csv or .parquet.",
            "python -m etl sample --rows 1000000 --seed 1 --out sample.csv",
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    blocks = _blocks(rows, seed)
    if out.suffix == ".csv":
        _write_csv(blocks, out)
    else:
        _write_parquet(blocks, out)
    mapping = out.with_suffix(".toml")
    mapping.write_text(mapping_text(load_facts()), encoding="utf-8")
    return Sample(out, mapping, rows)


def _blocks(rows: int, seed: int) -> Iterator[pl.DataFrame]:
    facts, region = load_facts(), load_region()
    listed_share = facts["persons"] / facts["hidden_population"]["size"]
    for number, first in enumerate(range(0, rows, BLOCK)):
        size = min(BLOCK, rows - first)
        made = world(seed + SEED_STEP * number, size * listed_share, None, facts, region)
        yield _block(made, first)


def _block(made: World, first: int) -> pl.DataFrame:
    """Return one block of rows as they would stand in a spreadsheet."""
    people, traits, facts = made.people, made.traits, made.facts
    gaps = _gaps(made)
    names = made.district_names("name")
    sheet = {
        "person_ref": columns.references("SMP-", first + 1 + np.arange(len(people)), digits=9),
        "period": _dates(made),
        "area": columns.text(names, people.district, gaps["area"]),
        "age": columns.numbers(traits.age, gaps["age"]),
        "gender": columns.text(_labels("gender", GENDERS), traits.gender, gaps["gender"]),
        "citizenship": columns.text(traits.countries, traits.country, gaps["citizenship"]),
        "status": columns.text(_labels("status", STATUSES), traits.status, gaps["status"]),
        "identified_by": columns.text(
            _labels("identified_by", traits.identifiers), traits.identified_by, gaps["identified_by"]
        ),
        "source": columns.text([c.source_id for c in facts.contributors], traits.first_list),
        "form": columns.joined(_labels("form", facts.forms), people.forms, SEPARATOR, gaps["form"]),
    }
    for kind in LISTS[1:]:
        labels = _labels(kind, traits.codes[kind])
        sheet[kind] = columns.joined(labels, traits.flags[kind], SEPARATOR, gaps[kind])
    return pl.DataFrame({header: sheet[name] for header, name in HEADERS.items()})


def _dates(made: World) -> pl.Series:
    """Return dates as a spreadsheet shows them: dd/mm/yyyy."""
    first, people = made.facts.first_month, made.people
    months = [f"/{m % 12 + 1:02d}/{m // 12}" for m in range(first, first + made.facts.months)]
    days = [f"{day:02d}" for day in range(1, DAYS_A_MONTH + 1)]
    return pl.select(columns.text(days, people.day - 1) + columns.text(months, people.month)).to_series()


def _gaps(made: World) -> dict[str, Flags]:
    """Leave out fields as the contributor that knew each person first would."""
    contributors = made.facts.contributors
    gaps = {}
    for field in contributors[0].missing:
        share = np.array([c.missing[field] for c in contributors])[made.traits.first_list]
        gaps[field] = stream(made.seed, "sample missing", field).random(len(made.people)) < share
    return gaps


def _labels(dimension: str, codes: tuple[str, ...]) -> list[str]:
    labels = {c.code: c.label for c in load_catalog().dimensions[dimension].categories}
    return [labels[code] for code in codes]


def _write_csv(blocks: Iterator[pl.DataFrame], out: Path) -> None:
    with out.open("wb") as file:
        for number, block in enumerate(blocks):
            block.write_csv(file, include_header=number == 0)


def _write_parquet(blocks: Iterator[pl.DataFrame], out: Path) -> None:
    first = next(blocks).to_arrow()
    with pq.ParquetWriter(out, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for block in blocks:
            writer.write_table(block.to_arrow())
