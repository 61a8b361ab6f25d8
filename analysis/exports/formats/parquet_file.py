"""Tables as Parquet, with the facts of the release in the file's own metadata."""

import io
import json
from collections.abc import Mapping

import polars as pl

from analysis.exports.about import facts
from analysis.exports.formats.format import Contents, DataFile, Format, Reading, described
from analysis.exports.tables import ExportTable


def parquet_bytes(frame: pl.DataFrame, metadata: Mapping[str, object]) -> bytes:
    """Return ``frame`` as one Parquet file.

    Parameters
    ----------
    frame : polars.DataFrame
        Text and number columns.
    metadata : Mapping[str, object]
        Stored as key-value metadata (title, release, licence and so on); what is no text becomes JSON.

    Returns
    -------
    bytes
    """
    buffer = io.BytesIO()
    texts = {key: one if isinstance(one, str) else json.dumps(one) for key, one in metadata.items()}
    frame.write_parquet(buffer, compression="zstd", metadata=texts)
    return buffer.getvalue()


def _write(contents: Contents) -> list[DataFile]:
    # As a file: Frictionless reads Parquet through pandas, where a whole-number column with a gap turns into
    # decimals. Hash and size are still checked, and the schema is still there to read.
    return [
        DataFile(
            f"{table.name}.parquet",
            parquet_bytes(table.frame, facts(item, contents.context)),
            table.title,
            {**described(table), "type": "file"},
        )
        for item, table in zip(contents.items, contents.tables, strict=True)
    ]


def _reading(table: ExportTable) -> Reading:
    name = f"{table.name}.parquet"
    return Reading(
        python=["import pandas as pd", f'path = "{name}"', "data = pd.read_parquet(path)"],
        r=[f'path <- "{name}"', "data <- as.data.frame(arrow::read_parquet(path))"],
    )


PARQUET = Format(
    "parquet",
    "Parquet",
    "application/vnd.apache.parquet",
    is_binary=True,
    write=_write,
    reading=_reading,
)
