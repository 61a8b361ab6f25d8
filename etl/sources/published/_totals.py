"""Published totals held against their parts: what does not add up is told, never corrected."""

from collections.abc import Collection, Sequence

import polars as pl

from analysis.words import first_few
from etl.lines import LINE, line_and_part, line_words
from etl.sources._catalogued import whole_number

_LISTED = 4


def apart(parts: pl.DataFrame, totals: pl.DataFrame, by: Sequence[str]) -> list[int]:
    """Return the lines of the totals that their parts do not add up to.

    A total of which a part cannot be read as a number, or of which there is none, says nothing.

    Parameters
    ----------
    parts
        Columns of ``by`` and ``value`` (text).
    totals
        The same, and ``_line``.
    by
        What a total is of.
    """
    number = pl.col("value").map_elements(whole_number, return_dtype=pl.Int64, skip_nulls=True)
    added = parts.group_by(by).agg(number.sum().alias("added"), number.null_count().alias("unread"))
    both = totals.select(*by, LINE, number.alias("published")).join(added, on=list(by), nulls_equal=True)
    wrong = both.filter((pl.col("unread") == 0) & (pl.col("added") != pl.col("published")))
    return sorted(set(wrong[LINE].to_list()))


def notes(differing: Collection[int], of: str) -> list[str]:
    """Return the sentence about totals that differ; none where all agree."""
    lines = sorted(set(differing))
    if not lines:
        return []
    shown = first_few([line_words(*line_and_part(line)) for line in lines], _LISTED)
    return [
        f"the published totals of {of} on {'line' if len(lines) == 1 else 'lines'} {shown} are not what "
        "their parts add up to: rows may be missing, repeated or changed. The parts were taken"
    ]
