"""Whether a series changed when something began: interrupted time series, and difference in differences.

A segmented quasi-Poisson regression: a trend, the months of the year, and a step (and a new slope, where it
is asked for) from the day on. Against other areas: what the step was beyond theirs. The result is of what was
counted. It never says that trafficking fell or rose: reports follow attention.

Sources: Lopez Bernal, Cummins & Gasparrini (2017), Int. J. Epidemiol. 46, 348-355; Wagner, Soumerai, Zhang &
Ross-Degnan (2002), J. Clin. Pharm. Ther. 27, 299-309; Bertrand, Duflo & Mullainathan (2004), Q. J. Econ. 119,
249-275, for placebos.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.checked import DAYS, Numbers, figures, numbers, option, refuse, same_length
from analysis.statistics.series.poisson import NoFitError, Regression, regression

HARMONICS = 2
FEWEST_BEFORE, FEWEST_AFTER = 6, 3
STEP, SLOPE, TREND = "step", "slope", "trend"
#: Times that the upper limit of a step may be its lower: beyond, nothing is known of it.
_WIDEST = 1e9


@dataclass(frozen=True, eq=False)
class Interrupted:
    """A step, as a rate ratio: 1 is no change.

    Attributes
    ----------
    ratio, lower, upper
        Of the step.
    slope
        Ratio and limits of the change of the trend a period; None where it was not asked for.
    trend
        Ratio and limits of the trend a period.
    model
        The regression.
    expected_without : array of shape (n,)
        What would be expected had nothing begun.
    """

    ratio: float
    lower: float
    upper: float
    slope: tuple[float, float, float] | None
    trend: tuple[float, float, float]
    model: Regression
    expected_without: Numbers


def interrupted(
    count: ArrayLike,
    start: int,
    *,
    population: ArrayLike | None = None,
    season: ArrayLike | None = None,
    periods_a_year: int = 12,
    harmonics: int = HARMONICS,
    slope: bool = False,
    confidence: float = 0.95,
) -> Interrupted:
    """Fit a step to a series.

    Parameters
    ----------
    count : array of shape (n,), 0 or more
        One value a period, in order, without gaps.
    start
        Place of the first period after what began, counted from 0.
    population : array of shape (n,), above 0
        What the counts are rates of.
    season : array of shape (n,)
        The place of each period in its year, from 1; no seasons when None.
    periods_a_year, harmonics
        Of the seasons: 12 and 2 for months.
    slope
        Whether the trend may change as well; centred on the start, so that the step is that of the first day.
    confidence
        Of the two-sided interval.

    Raises
    ------
    ValueError
        Naming the argument and what is allowed.
    NoFitError
        As `regression`.
    """
    counts = numbers("count", count, at_least=0)
    _refuse_start(len(counts), start)
    time = np.arange(1, len(counts) + 1, dtype=np.float64)
    after = (np.arange(len(counts)) >= start).astype(np.float64)
    design: dict[str, ArrayLike] = {STEP: after, TREND: time}
    if slope:
        design[SLOPE] = (time - start) * after
    if season is not None:
        design |= waves(season, periods_a_year, harmonics)
    model = regression(counts, design, population=population)
    ratio, lower, upper = model.ratio(STEP, confidence)
    if not upper <= _WIDEST * lower:
        raise NoFitError("The limits of the step are so far apart that they say nothing of it.")
    parts = [STEP, *([SLOPE] if slope else [])]
    change = sum(
        model.effects[model.names.index(name)] * np.asarray(design[name], dtype=np.float64) for name in parts
    )
    return Interrupted(
        ratio,
        lower,
        upper,
        model.ratio(SLOPE, confidence) if slope else None,
        model.ratio(TREND, confidence),
        model,
        model.expected / np.exp(change),
    )


def waves(season: ArrayLike, periods_a_year: int, harmonics: int) -> dict[str, ArrayLike]:
    """Return sines and cosines of a year.

    Parameters
    ----------
    season : array of shape (n,)
        As `interrupted`.
    periods_a_year, harmonics
        Pairs that the year cannot tell apart are left out.
    """
    place = numbers("season", season)
    option("periods_a_year", periods_a_year, at_least=1, at_most=DAYS)
    option("harmonics", harmonics, at_least=0, at_most=DAYS)
    found: dict[str, ArrayLike] = {}
    for one in range(1, harmonics + 1):
        angle = 2 * np.pi * one * place / periods_a_year
        if 2 * one < periods_a_year:
            found[f"sine {one}"] = np.sin(angle)
        if 2 * one <= periods_a_year:
            found[f"cosine {one}"] = np.cos(angle)
    return found


def _refuse_start(periods: int, start: int) -> None:
    if not FEWEST_BEFORE <= start <= periods - FEWEST_AFTER:
        raise ValueError(
            f"start is {start}; allowed: {FEWEST_BEFORE} to {periods - FEWEST_AFTER}, so that there are "
            f"{FEWEST_BEFORE} periods before it and {FEWEST_AFTER} from it on"
        )


@dataclass(frozen=True, eq=False)
class Difference:
    """What changed in some areas beyond what changed in the others, as a ratio of rate ratios.

    Attributes
    ----------
    ratio, lower, upper
        1 is: as in the others.
    before
        Ratio and limits a period by which the areas drifted from the others before the start: where 1 lies
        outside of the limits, the others are no fair comparison.
    placebo_dates, placebo_areas : arrays
        The same ratio at dates before the start at which nothing began, and of each other area in the place
        of those where it did.
    p
        Share of placebo areas with a ratio as far from 1, the real one counted: NaN without placebos.
    """

    ratio: float
    lower: float
    upper: float
    before: tuple[float, float, float]
    placebo_dates: Numbers
    placebo_areas: Numbers
    p: float


def difference(
    count: ArrayLike,
    reached: Sequence[int],
    start: int,
    *,
    population: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Difference:
    """Compare areas in which something began with areas in which it did not.

    Parameters
    ----------
    count : array of shape (areas, periods), 0 or more
    reached
        Places of the areas in which it began.
    start
        As `interrupted`.
    population : array of shape (areas, periods), above 0
        What the counts are rates of.
    confidence
        Of the two-sided interval.

    Raises
    ------
    ValueError
        Naming the argument and what is allowed.
    NoFitError
        As `regression`.
    """
    table = np.asarray(count, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"count has the shape {table.shape}; allowed: (areas, periods)")
    people = np.ones_like(table) if population is None else np.asarray(population, dtype=np.float64)
    if people.shape != table.shape:
        raise ValueError(f"population has the shape {people.shape}; count has {table.shape}")
    for name, one, limit in (("count", table, {"at_least": 0.0}), ("population", people, {"above": 0.0})):
        refuse(name, np.isnan(figures(name, one, **limit)), "is no number")
    here = sorted(set(reached))
    if not here or here[0] < 0 or here[-1] >= len(table) or len(here) == len(table):
        raise ValueError(
            f"reached is {list(reached)}; allowed: some of the areas 0 to {len(table) - 1}, not all"
        )
    _refuse_start(table.shape[1], start)
    inside = np.isin(np.arange(len(table)), here)
    ratio, lower, upper = _step(table, people, inside, start, confidence)
    before = _drift(table[:, :start], people[:, :start], inside, confidence)
    dates = [
        _step(table[:, :start], people[:, :start], inside, other, confidence)[0]
        for other in range(FEWEST_BEFORE, start - FEWEST_AFTER + 1)
    ]
    others = np.flatnonzero(~inside)
    areas = []
    for other in others if len(others) > 1 else ():
        left = ~inside
        placebo = np.arange(len(table))[left] == other
        try:
            areas.append(_step(table[left], people[left], placebo, start, confidence)[0])
        except NoFitError:  # nobody was counted there on one side of the day
            continue
    as_far = sum(abs(np.log(one)) >= abs(np.log(ratio)) for one in areas)
    p = (1 + as_far) / (1 + len(areas)) if areas else float("nan")
    return Difference(ratio, lower, upper, before, np.array(dates), np.array(areas), p)


def _step(
    table: Numbers, people: Numbers, inside: np.ndarray, start: int, confidence: float
) -> tuple[float, float, float]:
    """Return the step of the areas inside beyond the others; each period has an effect that both share."""
    counts, persons = _sums(table, people, inside)
    periods = table.shape[1]
    after = np.arange(periods) >= start
    design: dict[str, ArrayLike] = {
        "inside": np.repeat([1.0, 0.0], periods),
        STEP: np.concatenate([after, np.zeros(periods)]).astype(np.float64),
        **_each_period(periods),
    }
    return regression(counts, design, population=persons).ratio(STEP, confidence)


def _drift(
    table: Numbers, people: Numbers, inside: np.ndarray, confidence: float
) -> tuple[float, float, float]:
    counts, persons = _sums(table, people, inside)
    periods = table.shape[1]
    time = np.arange(periods, dtype=np.float64)
    design: dict[str, ArrayLike] = {
        "inside": np.repeat([1.0, 0.0], periods),
        TREND: np.concatenate([time, np.zeros(periods)]),
        **_each_period(periods),
    }
    return regression(counts, design, population=persons).ratio(TREND, confidence)


def _sums(table: Numbers, people: Numbers, inside: np.ndarray) -> tuple[Numbers, Numbers]:
    both = (inside, ~inside)
    counts = np.concatenate([table[one].sum(axis=0) for one in both])
    persons = np.concatenate([people[one].sum(axis=0) for one in both])
    same_length(count=counts, population=persons)
    return counts, persons


def _each_period(periods: int) -> dict[str, ArrayLike]:
    return {
        f"period {one}": np.tile(np.arange(periods) == one, 2).astype(np.float64) for one in range(1, periods)
    }
