"""Early warning: whether the newest count of a series is more than usual for its time of the year.

The improved Farrington method: a quasi-Poisson regression of earlier years on trend and season, in which past
outbreaks count less, and a limit that a usual count passes as often as is said.
Sources: Farrington, Andrews, Beale & Catchpole (1996), J. R. Stat. Soc. A 159, 547-563; Noufaily et al.
(2013), Stat. Med. 32, 1206-1222. Three things differ. The limit also holds how uncertain the expected
count and the dispersion are (a t quantile on the negative binomial), because a local register has few earlier
years.
The dispersion is never below what the protection adds. And a trend may lead beyond the largest earlier count
by as much as chance moves a count: without that, usual counts of a rising series pass the limit too often.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.checked import DAYS, Numbers, numbers, option, refuse, same_length
from analysis.statistics.series.negative_binomial import at_most, quantile
from analysis.statistics.series.poisson import NoFitError, Regression, regression

#: One usual count in a hundred passes the limit.
ALARM_RATE = 0.01
YEARS = 5
#: Of a series of years, which has one count in each.
YEARS_OF_YEARS = 10
#: Anscombe residuals above this belong to an outbreak, and count less.
OUTBREAK = 2.58
#: Events in the newest `RECENT` periods without which nothing is a signal.
FEWEST_EVENTS, RECENT = 5, 4
#: Years of earlier counts from which a trend is looked for.
_YEARS_OF_A_TREND = 3
_FEWEST = 6
_NEAR_POISSON = 1.0001
#: Spreads of a count by which a trend may lead beyond all earlier ones. With none, as published, a steadily
#: rising series of quarters gave up to twice as many false alarms as are stated (docs/statistics.md).
_BEYOND = 2.0


@dataclass(frozen=True)
class Signal:
    """The newest count beside what is usual.

    Attributes
    ----------
    observed, expected
        Counts.
    limit
        A usual count passes it once in ``1 / alarm_rate`` times.
    p
        Chance of so high a count or a higher one, if all is usual.
    score
        How far above the expected it lies, in distances from the expected to the limit: 1 is on the limit.
    dispersion
        How many times more spread earlier counts have than chance alone gives them.
    earlier
        How many earlier counts it is held against.
    is_signal
        Whether it lies above the limit, and there are `FEWEST_EVENTS` at all.
    """

    observed: float
    expected: float
    limit: float
    p: float
    score: float
    dispersion: float
    earlier: int
    is_signal: bool


def signal(
    count: ArrayLike,
    *,
    population: ArrayLike | None = None,
    periods_a_year: int = 12,
    years: int | None = None,
    alarm_rate: float = ALARM_RATE,
    noise_variance: float = 0.0,
) -> Signal:
    """Return whether the newest count is a signal.

    Parameters
    ----------
    count : array of shape (n,), 0 or more; NaN for an earlier one that is not known
        In order; the newest is last.
    population : array of shape (n,), above 0
        What the counts are rates of.
    periods_a_year
        52 for weeks, 12 for months, 4 for quarters, 1 for years.
    years
        How many earlier years it is held against, or as many as there are; `YEARS`, and of a series of
        years `YEARS_OF_YEARS`, when None. The half-year before it is left
        out, so that a slow outbreak does not raise what is expected of it.
    alarm_rate
        Share of usual counts that pass the limit.
    noise_variance
        What the protection adds to the variance of each published count (V).

    Returns
    -------
    Signal

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    NoFitError
        When there are too few earlier counts, or none of them has an event.
    """
    given = np.asarray(count, dtype=np.float64)
    if given.ndim != 1 or not len(given):
        raise ValueError(f"count has the shape {given.shape}; allowed: (n,), n above 0")
    is_known = ~np.isnan(given)
    refuse("count", ~is_known & (np.arange(len(given)) == len(given) - 1), "is the newest and not known")
    counts = numbers("count", np.where(is_known, given, 0.0), at_least=0)
    people = np.ones(len(counts)) if population is None else numbers("population", population, above=0)
    same_length(count=counts, population=people)
    if years is None:
        years = YEARS if periods_a_year > 1 else YEARS_OF_YEARS
    _check_options(periods_a_year, years, alarm_rate, noise_variance)
    baseline = _baseline(len(counts), periods_a_year, years)
    baseline = baseline[is_known[baseline]]
    if len(baseline) < _FEWEST:
        raise NoFitError(f"There are {len(baseline)} earlier counts; {_FEWEST} or more are needed.")
    design, now = _design(baseline, len(counts) - 1, periods_a_year)
    fitted = _simplest(counts[baseline], people[baseline], design, now)
    expected, unsure = _expected(fitted, now, float(people[-1]))
    if "trend" in design and expected > _highest(counts[baseline], fitted, noise_variance):
        # A trend that leads far beyond all that was ever counted is no trend.
        del design["trend"], now["trend"]
        fitted = _fitted(counts[baseline], people[baseline], design)
        expected, unsure = _expected(fitted, now, float(people[-1]))
    dispersion = max(fitted.dispersion, 1 + noise_variance / expected)
    unsure *= dispersion / max(fitted.dispersion, 1.0)
    return _held_against(counts, (expected, unsure, dispersion), fitted, alarm_rate)


def _highest(counts: Numbers, fitted: Regression, noise_variance: float) -> float:
    """Return up to where a trend may lead."""
    top = float(counts.max())
    spread = max(fitted.dispersion, 1 + noise_variance / max(top, 1.0))
    return top + _BEYOND * float(np.sqrt(spread * top))


def _held_against(
    counts: Numbers, usual: tuple[float, float, float], fitted: Regression, alarm_rate: float
) -> Signal:
    expected, unsure, dispersion = usual
    variance = max(dispersion * expected + expected**2 * unsure, expected * _NEAR_POISSON)
    size, share = expected**2 / (variance - expected), expected / variance
    degrees = fitted.degrees
    # As far out as a t quantile, since the spread is an estimate too.
    far = special.stdtrit(degrees, 1 - alarm_rate)
    limit = quantile(float(special.ndtr(far)), size, share)
    newest = float(counts[-1])
    below = float(at_most(np.ceil(newest) - 1, size, share))
    p = float(special.stdtr(degrees, -special.ndtri(below))) if 0 < below < 1 else 1 - below
    is_enough = counts[-RECENT:].sum() >= FEWEST_EVENTS
    return Signal(
        observed=newest,
        expected=expected,
        limit=limit,
        p=p,
        score=(newest - expected) / (limit - expected) if limit > expected else 0.0,
        dispersion=dispersion,
        earlier=fitted.degrees + len(fitted.names),
        is_signal=bool(newest > limit and is_enough),
    )


def _check_options(periods_a_year: int, years: int, alarm_rate: float, noise_variance: float) -> None:
    option("periods_a_year", periods_a_year, at_least=1, at_most=DAYS)
    option("years", years, at_least=1)
    option("noise_variance", noise_variance, at_least=0)
    if not 0 < alarm_rate < 1:
        raise ValueError(f"alarm_rate is {alarm_rate}; allowed: more than 0 and less than 1")


def _baseline(periods: int, periods_a_year: int, years: int) -> np.ndarray:
    """Return the places of earlier counts: some years, without the half-year before the newest."""
    last = periods - 1 - periods_a_year // 2
    return np.arange(max(0, periods - 1 - years * periods_a_year - _window(periods_a_year)), last)


def _window(periods_a_year: int) -> int:
    """Return how many periods to each side are of the same season: three weeks, one month."""
    return {52: 3, 12: 1}.get(periods_a_year, 0)


def _design(
    places: np.ndarray, newest: int, periods_a_year: int
) -> tuple[dict[str, ArrayLike], dict[str, float]]:
    """Return the effects at earlier places, and at the newest: seasons beside its own, and a trend."""
    design: dict[str, ArrayLike] = {}
    now: dict[str, float] = {}
    if periods_a_year > 1:
        for season, inside in _seasons(places, newest, periods_a_year).items():
            if 0 < inside.sum() < len(places):
                design[season], now[season] = inside.astype(np.float64), 0.0
    if newest - places[0] >= _YEARS_OF_A_TREND * periods_a_year:
        design["trend"] = (places - newest) / periods_a_year
        now["trend"] = 0.0
    return design, now


def _seasons(places: np.ndarray, newest: int, periods_a_year: int) -> dict[str, np.ndarray]:
    """Return the seasons of a year but for that of the newest period, which the others are held against."""
    window = _window(periods_a_year)
    # From the first period after the season of the newest.
    after = (places - newest - window - 1) % periods_a_year
    others = periods_a_year - 2 * window - 1
    number = min(others, 9 if periods_a_year > 12 else 3)
    edges = np.linspace(0, others, number + 1).round().astype(int)
    return {f"season {one + 1}": (after >= edges[one]) & (after < edges[one + 1]) for one in range(number)}


def _simplest(
    counts: Numbers, people: Numbers, design: dict[str, ArrayLike], now: dict[str, float]
) -> Regression:
    """Return the regression with all effects; without seasons, or any, where these few counts allow none."""
    while True:
        try:
            return _fitted(counts, people, design)
        except NoFitError:
            dropped = [name for name in design if name != "trend"] or list(design)
            if not dropped:
                raise
            for name in dropped:
                del design[name], now[name]


def _fitted(counts: Numbers, people: Numbers, design: dict[str, ArrayLike]) -> Regression:
    """Return the regression in which past outbreaks count less."""
    first = regression(counts, design, population=people)
    weights = _weights(first, counts, people, design)
    return regression(counts, design, population=people, weight=weights)


def _weights(fitted: Regression, counts: Numbers, people: Numbers, design: dict[str, ArrayLike]) -> Numbers:
    """Return weights from Anscombe residuals; they add up to the number of counts."""
    expected, dispersion = fitted.expected, max(fitted.dispersion, 1.0)
    matrix = np.column_stack([np.ones(len(counts)), *(np.asarray(one) for one in design.values())])
    leverage = np.einsum("ij,jk,ik->i", matrix, fitted.covariance / dispersion, matrix) * expected
    spread = np.sqrt(dispersion * np.maximum(1 - leverage, 1e-6))
    residuals = 1.5 * (counts ** (2 / 3) - expected ** (2 / 3)) / (expected ** (1 / 6) * spread)
    weights = np.where(residuals > OUTBREAK, residuals.clip(min=OUTBREAK) ** -2.0, 1.0)
    return np.asarray(weights * len(counts) / weights.sum())


def _expected(fitted: Regression, now: dict[str, float], people: float) -> tuple[float, float]:
    """Return the expected newest count, and the variance of its logarithm."""
    row = np.array([1.0, *now.values()])
    expected = float(np.exp(row @ fitted.effects) * people)
    return expected, float(row @ fitted.covariance @ row)
