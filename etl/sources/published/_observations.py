"""Rows of published counts: one shape for every aggregate source, summed without losing bad rows."""

from collections.abc import Mapping, Sequence

import polars as pl

from etl.contracts.tables import contract
from etl.lines import LINE
from etl.sources._catalogued import signed_number, whole_number


def shape(frame: pl.DataFrame, constants: Mapping[str, str]) -> pl.DataFrame:
    """Return ``frame`` with every column of an observation, as text, plus ``_line``.

    Parameters
    ----------
    frame
        Some columns of the contract of observations and ``_line``.
    constants
        Columns with one value for the whole file, such as the measure. Columns in neither stay empty.
    """
    given = set(frame.columns)
    return frame.select(
        *(
            pl.col(name).cast(pl.String)
            if name in given
            else pl.lit(constants.get(name), dtype=pl.String).alias(name)
            for name in contract("observation").names
        ),
        pl.col(LINE).cast(pl.Int64),
    )


def sum_leaves(
    frame: pl.DataFrame, by: Sequence[str], value: str = "value", *, signed: bool = False
) -> pl.DataFrame:
    """Add up the rows that differ in nothing but their count.

    A cell that is no plain count (``<5``, blank, negative) keeps its own row and its own text, so that the
    contract can reject it by its line; it is never read as zero. With ``signed``, counts below zero are added
    too: some publishers correct an earlier year that way.

    Returns
    -------
    polars.DataFrame
        ``by``, ``value`` (text) and ``_line`` (of the first row added).
    """
    read = signed_number if signed else whole_number
    numbered = frame.with_columns(
        pl.col(value).map_elements(read, return_dtype=pl.Int64, skip_nulls=True).alias("_number")
    )
    good = (
        numbered.filter(pl.col("_number").is_not_null())
        .group_by(by, maintain_order=True)
        .agg(pl.col("_number").sum().cast(pl.String).alias(value), pl.col(LINE).min())
    )
    bad = numbered.filter(pl.col("_number").is_null()).select(*by, pl.col(value), pl.col(LINE))
    return pl.concat([good.select(*by, value, LINE), bad])


def add_words(coded: pl.DataFrame, repeated: pl.Series) -> pl.DataFrame:
    """Add up rows whose published words differ but have one code; what repeats a row's own words stays apart.

    Parameters
    ----------
    coded
        Rows with codes in place of words, ``value`` and ``_line``.
    repeated
        Whether each row has the very words of an earlier one: the contract rejects it by its line.
    """
    by = [name for name in coded.columns if name not in ("value", LINE)]
    once = sum_leaves(coded.filter(~repeated), by)
    return pl.concat([once, coded.filter(repeated).select(once.columns)])


def net_corrections(leaves: pl.DataFrame, scopes: Sequence[Sequence[str]]) -> tuple[pl.DataFrame, int]:
    """Take leaves below zero off other leaves, so that every sum stays the published one.

    Parameters
    ----------
    leaves
        As :func:`sum_leaves` returns them.
    scopes
        Columns that the other leaf must share, the closest scope first. In a scope the largest leaf gives.

    Returns
    -------
    tuple
        The leaves, and how many corrections were netted. One that no leaf can bear stays, for the contract to
        reject.
    """
    rows = leaves.to_dicts()
    below = [row for row in rows if (number := signed_number(row["value"])) is not None and number < 0]
    netted = 0
    for row in below:
        amount = signed_number(row["value"]) or 0
        for scope in scopes:
            near = [other for other in rows if all(other[column] == row[column] for column in scope)]
            largest = max(near, key=lambda other: signed_number(other["value"]) or 0)
            left = (signed_number(largest["value"]) or 0) + amount
            if left >= 0:
                largest["value"] = str(left)
                rows.remove(row)
                netted += 1
                break
    return pl.DataFrame(rows, schema=leaves.schema), netted
