"""Tables as Parquet, with the facts of the release in the file's own metadata."""

import io
from collections.abc import Mapping

import polars as pl


def parquet_bytes(frame: pl.DataFrame, facts: Mapping[str, str]) -> bytes:
    """Return ``frame`` as one Parquet file.

    Parameters
    ----------
    frame : polars.DataFrame
        Text and number columns.
    facts : Mapping[str, str]
        Stored as key-value metadata (title, release, licence and so on).

    Returns
    -------
    bytes
    """
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", metadata=dict(facts))
    return buffer.getvalue()
