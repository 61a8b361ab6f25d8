"""The targets of the fictional task force."""

import polars as pl

from etl.contracts.batch import Batch
from etl.demonstration.files.columns import with_lines
from etl.demonstration.people.referrals import Referrals
from etl.demonstration.topics._parameters import parameters
from etl.demonstration.topics._register import register_source
from etl.demonstration.world import World
from etl.incoming import Incoming


def files(seen: World, made: Referrals) -> list[Incoming]:
    """Return one sheet of targets."""
    rows = parameters("targets")["target"]
    texts = [{name: str(value) for name, value in row.items()} for row in rows]
    frame = with_lines(pl.DataFrame(texts, infer_schema_length=None))
    source = register_source(seen, "tm_targets", "Targets of the task force (synthetic)", "targets")
    return [Incoming.of_records(source, (Batch.of("indicator", frame),))]
