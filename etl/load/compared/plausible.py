"""Whether published counts can be what they say: against what they replace, the year before and residents.

A file multiplied by ten or a hundred, or a column of thousands read as people, passes every rule about a
single row. What is found is told as a note and shown on Data quality. Nothing is corrected and nothing is
stopped: a publisher may have counted anew.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from analysis.words import first_few

REPLACED, NEIGHBOUR, RESIDENTS, FACTOR, NOWHERE = (
    "against_replaced", "against_next_year", "per_resident", "common_factor", "place_not_found",
)  # fmt: skip
#: Residents of areas, as a series among the published ones.
POPULATION = "area_population"
#: Series, length of the period, its first day, area, the other divisions in one text, value.
FIGURES = {
    "series": pl.String, "level": pl.String, "start": pl.Date, "area": pl.String, "cell": pl.String,
    "value": pl.Float64,
}  # fmt: skip

MOST_PER_RESIDENT = 1 / 100  # in one year; above it a count of people, offences or calls is not one
FEWEST_RESIDENTS = 1_000  # of an area that is looked at: a few calls of a hamlet say nothing
FEWEST_AREAS = 3  # in which that must be so, where so many are known
MOST_NOWHERE = 0.1  # of what a measure counts
FEWEST = 5  # figures, or areas, from which a common factor says something
_FEWEST_OF_A_YEAR = 8
_DISTINCT = 3  # values without which a common divisor is chance
_MOST_WORDS = 3
_ROUND = (1000, 100, 10)
_SAME = 0.02  # how far a ratio may lie from the middle one to be the same; publishers round
_MOSTLY = 0.9
_IN_BOTH = (pl.col("before") > 0) & (pl.col("after") > 0)
KEY = ["series", "level", "start", "area", "cell"]


@dataclass(frozen=True)
class Doubt:
    """Why the figures of one series may be wrong: check, series, the rest of a sentence, label."""

    check: str
    series: str
    words: str
    label: str = ""

    @property
    def sentence(self) -> str:
        """It as a person reads it."""
        return f"{self.label or self.series}: {self.words}"


@dataclass(frozen=True)
class _Limits:
    """From which factor a change is told.

    Attributes
    ----------
    middle, mostly
        Factor of the middle area, and one that most areas must pass, where there are enough of them.
    total
        Factor of all areas together where there are not.
    pair, together
        Least product of before and after, of an area and of all: below it chance alone multiplies.
    """

    middle: float
    mostly: float
    total: float
    pair: float = 100.0
    together: float = 10_000.0


#: Decisions of a whole country grew sixfold within a year when a law changed, so a total alone must say more.
_COUNTS = _Limits(5.0, 3.0, 8.0)
_PEOPLE_LIVING = _Limits(1.5, 1.3, 1.5)  # nowhere do residents grow by half in a year, in most areas at once
_CORRECTED = _Limits(3.0, 2.0, 3.0)


def against_replaced(new: pl.DataFrame, replaced: pl.DataFrame) -> Iterator[Doubt]:
    """Compare figures with those of the same place, period and division that they replace."""
    both = (
        new.join(replaced, on=KEY, suffix="_before")
        .select("series", before=pl.col("value_before"), after=pl.col("value"))
        .filter(_IN_BOTH)
        .sort("series")
    )
    for (series,), pairs in both.group_by("series", maintain_order=True):
        ratio = _constant(pairs)
        if ratio is not None:
            words = f"nearly every figure is {times(ratio)} the one it replaces ({pairs.height:,} compared)"
            yield Doubt(REPLACED, str(series), words)
            continue
        change = _change(pairs, _CORRECTED)
        if change is not None:
            words = f"the figures are {times(change)} those they replace ({pairs.height:,} compared)"
            yield Doubt(REPLACED, str(series), words)


def against_neighbours(new: pl.DataFrame, beside: pl.DataFrame) -> Iterator[Doubt]:
    """Compare figures of each period with those of a year before, and of a year after, area by area.

    Parameters
    ----------
    new
        Figures of the file.
    beside
        Figures of the same source that stay.
    """
    own, others = _by_area(new), _by_area(beside)
    known = _by_area(pl.concat([new, beside]))
    pairs = [
        _pairs(own, known, "-1y").with_columns(pl.lit("before").alias("side")),
        _pairs(own, others, "1y").with_columns(pl.lit("after").alias("side")),
    ]
    told: dict[str, list[str]] = {}
    for (series, start, side), part in sorted(
        pl.concat(pairs).group_by("series", "start", "side"), key=lambda one: tuple(map(str, one[0]))
    ):
        ratio = _change(part, _PEOPLE_LIVING if series == POPULATION else _COUNTS)
        if ratio is not None:
            words = f"those from {start:%Y-%m} are {times(ratio)} those of the year {side}"
            told.setdefault(str(series), []).append(words)
    for series, changes in told.items():
        yield Doubt(NEIGHBOUR, series, first_few(changes, _MOST_WORDS, "; "))


def per_resident(figures: pl.DataFrame, residents: pl.DataFrame) -> Iterator[Doubt]:
    """Compare what is counted in a year with the residents of the nearest year that is known.

    Parameters
    ----------
    figures
        Published counts; residents among them are passed over.
    residents
        Columns ``area``, ``year``, ``residents``.
    """
    by_year = (
        figures.filter(pl.col("series") != POPULATION)
        .with_columns(pl.col("start").dt.year().alias("year"))
        .group_by("series", "level", "area", "year")
        .agg(pl.col("value").sum())
    )
    known = residents.filter(pl.col("residents") >= FEWEST_RESIDENTS).with_columns(
        pl.col("year").cast(pl.Int32).alias("of_year")
    )
    nearest = (
        by_year.join(known.drop("year"), on="area")
        .with_columns((pl.col("year") - pl.col("of_year")).abs().alias("apart"))
        .sort("apart", "of_year")
        .unique(["series", "level", "area", "year"], keep="first", maintain_order=True)
    )
    for (series,), part in nearest.sort("series").group_by("series", maintain_order=True):
        # Counts go by where the police are: one small place may stand for a whole task force.
        many = part.filter(pl.col("value") > MOST_PER_RESIDENT * pl.col("residents"))
        areas, all_areas = many["area"].n_unique(), part["area"].n_unique()
        if areas >= min(FEWEST_AREAS, all_areas):
            words = (
                f"more than one for every {round(1 / MOST_PER_RESIDENT)} residents in a year, "
                f"in {areas:,} of {all_areas:,} areas whose residents are known"
            )
            yield Doubt(RESIDENTS, str(series), words)


def common_factor(figures: pl.DataFrame) -> Iterator[Doubt]:
    """Tell of series, or of years of them, in which every figure is a multiple of ten or more.

    Statistical offices round residents to tens or hundreds; theirs are told from a thousand on.
    """
    for (series,), part in figures.sort("series").group_by("series", maintain_order=True):
        least = max(_ROUND) if series == POPULATION else min(_ROUND)
        divisor = _divisor(part["value"], FEWEST, least)
        if divisor:
            count = part.filter(pl.col("value") > 0).height
            yield Doubt(FACTOR, str(series), f"all {count:,} figures are multiples of {divisor:,}")
            continue
        years = {
            year: found
            for (year,), rows in part.group_by(pl.col("start").dt.year().alias("year"))
            if (found := _divisor(rows["value"], _FEWEST_OF_A_YEAR, least))
        }
        for year, found in sorted(years.items(), key=str):
            yield Doubt(FACTOR, str(series), f"all figures of {year} are multiples of {found:,}")


def place_not_found(places: pl.DataFrame) -> Iterator[Doubt]:
    """Tell of series of which more than a tenth has no place that was found.

    Parameters
    ----------
    places
        ``series``, what it counts (``counted``) and how much of that at no known place (``lost``).
    """
    for series, counted, lost in places.iter_rows():
        if counted and (lost or 0) > MOST_NOWHERE * counted:
            share = round(100 * lost / counted)
            yield Doubt(NOWHERE, series, f"{share}% of what is counted names a place that was not found")


def times(ratio: float) -> str:
    """Return a factor in words, without false precision.

    Examples
    --------
    >>> times(10.02), times(0.1), times(1234.5)
    ('10 times', '1/10 of', '1,230 times')
    """
    size = ratio if ratio >= 1 else 1 / ratio
    digits = 2 if size < 100 else 3
    rounded = round(size, digits - 1 - math.floor(math.log10(size)))
    text = f"{rounded:,.1f}".removesuffix(".0")
    return f"{text} times" if ratio >= 1 else f"1/{text} of"


def _by_area(figures: pl.DataFrame) -> pl.DataFrame:
    return figures.group_by("series", "level", "start", "area", maintain_order=True).agg(
        pl.col("value").sum()
    )


def _pairs(own: pl.DataFrame, others: pl.DataFrame, apart: str) -> pl.DataFrame:
    """Return the values of each area and period, and those of the same area a year apart."""
    moved = own.with_columns(pl.col("start").dt.offset_by(apart).alias("then"))
    joined = moved.join(
        others, left_on=["series", "level", "area", "then"], right_on=["series", "level", "area", "start"],
        suffix="_then",
    )  # fmt: skip
    return joined.select("series", "start", before=pl.col("value_then"), after=pl.col("value")).filter(
        _IN_BOTH
    )


def _constant(pairs: pl.DataFrame) -> float | None:
    """Return the one factor by which nearly all figures differ from those before; None without one."""
    if pairs.height < FEWEST or pairs["before"].n_unique() < _DISTINCT:
        return None
    ratios = pairs["after"] / pairs["before"]
    middle = float(ratios.median())  # type: ignore[arg-type]
    same = ((ratios / middle - 1).abs() <= _SAME).mean()
    is_change = middle > _CORRECTED.mostly or middle < 1 / _CORRECTED.mostly
    return middle if is_change and isinstance(same, float) and same >= _MOSTLY else None


def _change(pairs: pl.DataFrame, limits: _Limits) -> float | None:
    """Return by which factor most areas changed, or all together where few are large enough to say."""
    large = pairs.filter(pl.col("before") * pl.col("after") >= limits.pair)
    if large.height >= FEWEST:
        ratios = large["after"] / large["before"]
        middle = float(ratios.median())  # type: ignore[arg-type]
        grew = middle >= 1
        beyond = ((ratios if grew else 1 / ratios) >= limits.mostly).mean()
        is_most = isinstance(beyond, float) and beyond >= 1 - (1 - _MOSTLY) * 2
        return middle if is_most and _is_beyond(middle, limits.middle) else None
    before, after = float(pairs["before"].sum()), float(pairs["after"].sum())
    if before * after < limits.together:
        return None
    return after / before if _is_beyond(after / before, limits.total) else None


def _is_beyond(ratio: float, most: float) -> bool:
    return ratio >= most or ratio <= 1 / most


def _divisor(values: pl.Series, fewest: int, least: int) -> int:
    """Return 1000, 100, 10 or the common divisor of all values that are not zero; 0 where it is too small."""
    counted = values.drop_nulls().filter(values.drop_nulls() != 0)
    if counted.len() < fewest or counted.n_unique() < _DISTINCT or (counted != counted.round()).any():
        return 0
    divisor = math.gcd(*(int(value) for value in counted.unique()))
    if divisor < least:
        return 0
    return next((size for size in _ROUND if divisor % size == 0), divisor)
