"""The targets of the fictional task force."""

import tomllib

import polars as pl

from etl.incoming import Batch, Incoming
from etl.synthetic.columns import with_lines
from etl.synthetic.referrals import Referrals
from etl.synthetic.region import FOLDER
from etl.synthetic.topics._register import register_source
from etl.synthetic.world import World


def files(seen: World, made: Referrals) -> list[Incoming]:
    """Return one sheet of targets."""
    rows = tomllib.loads((FOLDER / "targets.toml").read_text("utf-8"))["target"]
    texts = [{name: str(value) for name, value in row.items()} for row in rows]
    frame = with_lines(pl.DataFrame(texts, infer_schema_length=None))
    source = register_source(seen, "tm_targets", "Targets of the task force (synthetic)", "targets")
    return [Incoming(source, (Batch("indicator", frame),), "", "", frame.height)]
