"""Rows of published counts: one shape for every aggregate source, summed without losing bad rows."""

from collections.abc import Mapping, Sequence

import polars as pl

from etl.incoming import LINE
from etl.sources._catalogued import whole_number

DIMENSIONS = (
    "form",
    "age_group",
    "gender",
    "citizenship",
    "responder_type",
    "responder",
    "offence",
    "agency_type",
    "location",
)
COLUMNS = (
    "source",
    "measure",
    "unit",
    "period_level",
    "period",
    "geography",
    "area_code",
    *DIMENSIONS,
    "value",
    "marker",
)


def shape(frame: pl.DataFrame, constants: Mapping[str, str]) -> pl.DataFrame:
    """Return ``frame`` with every column of an observation, as text, plus ``_line``.

    Parameters
    ----------
    frame
        Some of :data:`COLUMNS` and ``_line``.
    constants
        Columns with one value for the whole file, such as the measure. Columns in neither stay empty.
    """
    given = set(frame.columns)
    return frame.select(
        *(
            pl.col(name).cast(pl.String)
            if name in given
            else pl.lit(constants.get(name), dtype=pl.String).alias(name)
            for name in COLUMNS
        ),
        pl.col(LINE).cast(pl.Int64),
    )


def sum_leaves(frame: pl.DataFrame, by: Sequence[str], value: str = "value") -> pl.DataFrame:
    """Add up the rows that differ in nothing but their count.

    A cell that is no plain count (``<5``, blank, negative) keeps its own row and its own text, so that the
    contract can reject it by its line; it is never read as zero.

    Returns
    -------
    polars.DataFrame
        ``by``, ``value`` (text) and ``_line`` (of the first row added).
    """
    numbered = frame.with_columns(
        pl.col(value).map_elements(whole_number, return_dtype=pl.Int64, skip_nulls=True).alias("_number")
    )
    good = (
        numbered.filter(pl.col("_number").is_not_null())
        .group_by(by, maintain_order=True)
        .agg(pl.col("_number").sum().cast(pl.String).alias(value), pl.col(LINE).min())
    )
    bad = numbered.filter(pl.col("_number").is_null()).select(*by, pl.col(value), pl.col(LINE))
    return pl.concat([good.select(*by, value, LINE), bad])
