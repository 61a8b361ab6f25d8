"""Circumstances of each area, shown beside the figures and never combined with them or with each other."""

import numpy as np
import polars as pl

from etl.demonstration.region import District, Region
from etl.demonstration.streams import Floats, stream

SOURCE = "Circumstances of the fictional region (synthetic)"
UNITS = {
    "deprivation_index": "index, higher is more deprived",
    "homelessness_rate": "people per 10,000",
    "seasonal_farm_jobs": "jobs",
    "unemployment_rate": "percent",
}
FARM_JOBS = 14_500  # in the region in the first year
EXTENSIVE = "seasonal_farm_jobs"  # adds up; the others are averages over people


def context(region: Region, seed: int, population: pl.DataFrame) -> pl.DataFrame:
    """Return four indicators for every area and year.

    Parameters
    ----------
    population : polars.DataFrame
        Of ``population.population``: the weights of the averages of counties and of the region.

    Returns
    -------
    polars.DataFrame
        geography, code, year, indicator, value, unit, source; all as text.
    """
    people = population.filter((pl.col("age_group") == "all") & (pl.col("sex") == "all")).select(
        "code", "year", weight=pl.col("population").cast(pl.Float64)
    )
    jitter = stream(seed, "context").random((len(region.districts), len(region.years), len(UNITS))) - 0.5
    rows = [
        {"code": district.code, "county": district.county, "year": str(year)}
        | _values(district, year - region.years[0], jitter[i, j])
        for i, district in enumerate(region.districts)
        for j, year in enumerate(region.years)
    ]
    wide = pl.DataFrame(rows).join(people, on=["code", "year"])
    county = _rolled(wide, ["county", "year"]).rename({"county": "code"})
    whole = _rolled(wide, ["year"]).with_columns(code=pl.lit(region.code))
    columns = ["code", "year", *UNITS]
    every = pl.concat([frame.select(columns) for frame in (whole, county, wide)])
    long = every.unpivot(index=["code", "year"], variable_name="indicator", value_name="value")
    return long.select(
        pl.lit(region.geography).alias("geography"),
        "code",
        "year",
        "indicator",
        pl.when(pl.col("indicator") == EXTENSIVE)
        .then(pl.col("value").round(0).cast(pl.Int64).cast(pl.String))
        .otherwise(pl.col("value").round(1).cast(pl.String))
        .alias("value"),
        pl.col("indicator").replace_strict(UNITS).alias("unit"),
        pl.lit(SOURCE).alias("source"),
    ).sort("code", "year", "indicator")


def _values(district: District, passed: int, jitter: Floats) -> dict[str, float]:
    """One district in one year: unemployment rises for two years from 2020, rents push homelessness up."""
    shock = 1.9 if passed in (4, 5) else 0.0
    return {
        "deprivation_index": district.deprivation + 0.8 * jitter[0],
        "homelessness_rate": max(2.0, 0.75 * district.deprivation + 0.5 * passed + 3 * jitter[1]),
        "seasonal_farm_jobs": np.round(
            FARM_JOBS * district.farm * (1 + 0.012 * passed) * (1 + 0.1 * jitter[2])
        ),
        "unemployment_rate": 2.2 + 0.13 * district.deprivation - 0.08 * passed + shock + 0.6 * jitter[3],
    }


def _rolled(wide: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Add up jobs; average the rest over people."""
    averages = [
        ((pl.col(name) * pl.col("weight")).sum() / pl.col("weight").sum()).alias(name)
        for name in UNITS
        if name != EXTENSIVE
    ]
    return wide.group_by(by, maintain_order=True).agg(*averages, pl.col(EXTENSIVE).sum())
