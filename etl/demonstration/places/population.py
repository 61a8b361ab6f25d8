"""How many people live in each area of the fictional region, by year, age group and sex."""

import polars as pl

from etl.demonstration.region import District, Region

SOURCE = "Mid-year population estimates of the fictional region (synthetic)"
FEMALE_SHARE = {"child": 0.488, "adult": 0.511}


def population(region: Region) -> pl.DataFrame:
    """Return the population of every area and year; parts add up exactly.

    Returns
    -------
    polars.DataFrame
        geography, code, year, age_group (all, child, adult), sex (all, female, male), population, source;
        all as text.
    """
    rows = [
        {"code": district.code, "county": district.county, "year": year, **counts}
        for year in region.years
        for district, counts in _districts(region, year)
    ]
    wide = pl.DataFrame(rows)
    county = (
        wide.group_by("county", "year").agg(pl.col("^(child|adult)_.*$").sum()).rename({"county": "code"})
    )
    whole = (
        wide.group_by("year").agg(pl.col("^(child|adult)_.*$").sum()).with_columns(code=pl.lit(region.code))
    )
    order = ["code", "year", *[f"{age}_{sex}" for age in FEMALE_SHARE for sex in ("female", "male")]]
    every = pl.concat([whole.select(order), county.select(order), wide.select(order)])
    return _long(region, every).sort("code", "year", "age_group", "sex")


def _districts(region: Region, year: int) -> list[tuple[District, dict[str, int]]]:
    first, last = region.totals
    passed = (year - region.years[0]) / (region.years[-1] - region.years[0])
    total = first + (last - first) * passed
    weights = [d.share * (1 + d.growth * passed) for d in region.districts]
    return [
        (district, _split(district, round(total * weight / sum(weights)), passed))
        for district, weight in zip(region.districts, weights, strict=True)
    ]


def _split(district: District, people: int, passed: float) -> dict[str, int]:
    child = round(people * (district.child - 0.012 * passed))  # the region grows slowly older
    counts: dict[str, int] = {}
    for age, number in (("child", child), ("adult", people - child)):
        female = round(number * FEMALE_SHARE[age])
        counts |= {f"{age}_female": female, f"{age}_male": number - female}
    return counts


def _long(region: Region, wide: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for age, ages in (("all", ("child", "adult")), ("child", ("child",)), ("adult", ("adult",))):
        for sex, sexes in (("all", ("female", "male")), ("female", ("female",)), ("male", ("male",))):
            number = pl.sum_horizontal([pl.col(f"{a}_{s}") for a in ages for s in sexes])
            parts.append(
                wide.select(
                    geography=pl.lit(region.geography),
                    code=pl.col("code"),
                    year=pl.col("year").cast(pl.String),
                    age_group=pl.lit(age),
                    sex=pl.lit(sex),
                    population=number.cast(pl.String),
                    source=pl.lit(SOURCE),
                )
            )
    return pl.concat(parts)
