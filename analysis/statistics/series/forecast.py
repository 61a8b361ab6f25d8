"""What a series of counts would be if it went on as before, with intervals and how they did in the past.

Ordinary counts: exponential smoothing (`smoothing_models`) of ``2 sqrt(count + 3/8)``, on which the errors of
counts are alike whatever their size. Small counts: `count_model`. The forecast is of the number that will be
*published*: its interval holds chance, what the series itself does, and the protection. The back-test is from
rolling origins.
Sources: Anscombe (1948), Biometrika 35, 246-254; Tashman (2000), Int. J. Forecast. 16, 437-450.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.checked import DAYS, Numbers, numbers, option
from analysis.statistics.series.count_model import CountFit, fit_counts
from analysis.statistics.series.smoothing_models import Fit, Form, best, fit

LEVELS = (0.8, 0.95)
#: A series whose usual count is below this is one of small counts.
SMALL = 10.0
#: Periods without which nothing is forecast.
FEWEST = 8
#: Further ahead nothing is known, and a row of so many is no forecast.
FURTHEST = 1_000
#: Origins of a back-test: more make it slower and no truer.
MOST_ORIGINS = 24
AUTO, SMOOTHING, COUNTS = "auto", "smoothing", "counts"
ROOT, PLAIN = "root", "plain"
_LIFT = 3 / 8


@dataclass(frozen=True, eq=False)
class Forecast:
    """The periods to come.

    Attributes
    ----------
    model
        In the notation of its family.
    middle : array of shape (horizon,)
        As likely to be passed as not.
    lower, upper : arrays of shape (levels, horizon)
        Limits at each of `levels`, never below 0.
    levels
        Confidences of the limits.
    aicc
        Of the model that was chosen.
    """

    model: str
    middle: Numbers
    lower: Numbers
    upper: Numbers
    levels: tuple[float, ...]
    aicc: float


@dataclass(frozen=True, eq=False)
class Backtest:
    """How forecasts from earlier origins did.

    Attributes
    ----------
    covered : array of shape (levels,)
        Share of later counts inside their interval.
    compared
        How many counts were compared.
    origins
        From how many origins.
    error
        Mean absolute error of the middle, in counts.
    """

    covered: Numbers
    compared: int
    origins: int
    error: float


def forecast(
    count: ArrayLike,
    horizon: int,
    *,
    periods_a_year: int = 1,
    noise_variance: float = 0.0,
    levels: Sequence[float] = LEVELS,
    model: str = AUTO,
    scale: str = ROOT,
    exact: bool = True,
) -> Forecast:
    """Return the periods that follow a series.

    Parameters
    ----------
    count : array of shape (n,), 0 or more
        In order, without gaps.
    horizon
        Periods to come.
    periods_a_year
        12 for months; 1 for a series without seasons.
    noise_variance
        What the protection adds to the variance of each published count (V).
    levels
        Confidences of the limits.
    model
        "auto", "smoothing" or "counts".
    scale
        Of smoothing: "root" for counts, "plain" for other numbers; then no least variance is set.
    exact
        As `smoothing_models.fit`.

    Returns
    -------
    Forecast

    Raises
    ------
    ValueError
        Naming the argument and its first bad index, or how many periods are too few.
    """
    counts = _checked(count, horizon, periods_a_year, noise_variance, levels)
    if _is_small(counts, model):
        return _by_counts(counts, horizon, periods_a_year, noise_variance, tuple(levels))
    found = best(_forth(counts, scale), periods_a_year, horizon, exact=exact)
    return _by_smoothing(found, noise_variance, tuple(levels), scale)


def backtest(
    count: ArrayLike,
    horizon: int,
    *,
    periods_a_year: int = 1,
    noise_variance: float = 0.0,
    levels: Sequence[float] = LEVELS,
    model: str = AUTO,
    scale: str = ROOT,
) -> Backtest | None:
    """Return how forecasts made at earlier periods did; None where too few periods lie before and after.

    The form of the model is chosen at the first origin, from what was known then; it is fitted anew at each.

    Parameters and errors as `forecast`.
    """
    counts = _checked(count, horizon, periods_a_year, noise_variance, levels)
    first = max(FEWEST, 3 * periods_a_year if periods_a_year > 1 else 0, len(counts) // 2)
    possible = np.arange(first, len(counts) - min(horizon, 2) + 1)
    if len(possible) < 2:
        return None
    origins = possible[:: max(1, int(np.ceil(len(possible) / MOST_ORIGINS)))]
    is_small = _is_small(counts[:first], model)
    form = Form() if is_small else best(_forth(counts[:first], scale), periods_a_year, 1, exact=False).form
    inside, errors = [], []
    for origin in origins:
        ahead = min(horizon, len(counts) - int(origin))
        known, later = counts[:origin], counts[origin : origin + ahead]
        if is_small:
            made = _by_counts(known, ahead, periods_a_year, noise_variance, tuple(levels))
        else:
            one = fit(_forth(known, scale), form, ahead, exact=False)
            made = _by_smoothing(one, noise_variance, tuple(levels), scale)
        inside.append((made.lower <= later) & (later <= made.upper))
        errors.append(np.abs(made.middle - later))
    every = np.concatenate(inside, axis=1)
    return Backtest(every.mean(axis=1), every.shape[1], len(origins), float(np.concatenate(errors).mean()))


def _checked(
    count: ArrayLike, horizon: int, periods_a_year: int, noise_variance: float, levels: Sequence[float]
) -> Numbers:
    counts = numbers("count", count, at_least=0)
    option("horizon", horizon, at_least=1, at_most=FURTHEST)
    option("periods_a_year", periods_a_year, at_least=1, at_most=DAYS)
    option("noise_variance", noise_variance, at_least=0)
    for place, level in enumerate(levels):
        if not 0 < level < 1:
            raise ValueError(f"levels[{place}] is {level}; allowed: more than 0 and less than 1")
    if len(counts) < FEWEST:
        raise ValueError(f"count has {len(counts)} periods; allowed: {FEWEST} or more")
    return counts


def _is_small(counts: Numbers, model: str) -> bool:
    if model not in (AUTO, SMOOTHING, COUNTS):
        raise ValueError(f"model is {model!r}; allowed: {AUTO}, {SMOOTHING}, {COUNTS}")
    return model == COUNTS or (model == AUTO and float(np.median(counts)) < SMALL)


def _by_counts(
    counts: Numbers, horizon: int, periods_a_year: int, noise_variance: float, levels: tuple[float, ...]
) -> Forecast:
    chances = tuple(half for level in levels for half in (0.5 - level / 2, 0.5 + level / 2))
    if not counts.any():
        # Nothing in n periods: the rule of three, at each level, for a count that may follow.
        upper = [np.full(horizon, -np.log(0.5 - level / 2) / len(counts)) for level in levels]
        high = np.ceil(np.array(upper) + np.sqrt(noise_variance) * 2)
        return Forecast("no event so far", np.zeros(horizon), np.zeros_like(high), high, levels, float("nan"))
    found: CountFit = fit_counts(counts, periods_a_year)
    table = found.quantiles(horizon, (0.5, *chances), noise_variance).T
    return Forecast(found.name, table[0], table[1::2], table[2::2], levels, found.aicc)


def _by_smoothing(found: Fit, noise_variance: float, levels: tuple[float, ...], scale: str) -> Forecast:
    least = 0.0
    if scale == ROOT:  # counts are never steadier than chance and the protection let them be
        least = 1 + noise_variance / max(float(_back(found.level, scale)), 1.0)
    limits = [found.limits(level, least) for level in levels]
    low, high = (np.array([_back(side[place], scale) for side in limits]) for place in (0, 1))
    return Forecast(found.form.name, _back(found.mean, scale), low, high, levels, found.aicc)


def _forth(counts: Numbers, scale: str) -> Numbers:
    if scale not in (ROOT, PLAIN):
        raise ValueError(f"scale is {scale!r}; allowed: {ROOT}, {PLAIN}")
    return counts if scale == PLAIN else 2 * np.sqrt(counts + _LIFT)


def _back(values: ArrayLike, scale: str) -> Numbers:
    given = np.asarray(values, dtype=np.float64)
    if scale == PLAIN:
        return given
    return np.maximum((np.maximum(given, 0) / 2) ** 2 - _LIFT, 0)
