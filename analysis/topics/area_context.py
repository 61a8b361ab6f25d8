"""Circumstances of areas, such as deprivation: shown beside the figures of an area, never combined with them.

No score is made of them and no other number divides by them: that an area is poor does not say that people
are exploited there, and a score of several would hide which of them it is made of.
"""

from dataclasses import dataclass

import polars as pl

from analysis.release.places import Geography
from analysis.release.release import Release


@dataclass(frozen=True)
class Circumstance:
    """One published figure of an area beside the whole's of the same year (None where there is none)."""

    label: str
    unit: str
    year: int
    value: float
    whole: float | None
    source: str


def circumstances(
    release: Release, geography: Geography, area: str, last_year: int | None = None
) -> tuple[Circumstance, ...]:
    """Return the newest figure of each indicator of an area, in the order of their names.

    Parameters
    ----------
    release
        An open release.
    geography, area
        The areas, and the code of one of them.
    last_year
        No newer figure is taken where there is one up to this year.
    """
    frame = release.table("area_context")
    if frame.is_empty():
        return ()
    frame = frame.filter((pl.col("geography") == geography.code) & pl.col("value").is_not_null())
    top = geography.at(0)
    found = []
    for (indicator,), rows in (
        frame.filter(pl.col("code") == area).sort("year").group_by("indicator", maintain_order=True)
    ):
        early = rows if last_year is None else rows.filter(pl.col("year") <= last_year)
        row = (rows if early.is_empty() else early).row(-1, named=True)
        whole = frame.filter(
            (pl.col("indicator") == indicator) & (pl.col("year") == row["year"]) & pl.col("code").is_in(top)
        )
        found.append(
            Circumstance(
                label=str(indicator).replace("_", " ").capitalize(),
                unit=row["unit"],
                year=row["year"],
                value=row["value"],
                whole=whole["value"][0] if len(top) == 1 and whole.height else None,
                source=release.source_labels.get(row["source"], row["source"] or "not stated"),
            )
        )
    return tuple(sorted(found, key=lambda one: one.label))
