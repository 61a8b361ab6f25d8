"""Exponential smoothing of a series: the additive family, chosen by AICc, with intervals.

Source: Hyndman, Koehler, Ord & Snyder (2008), Forecasting with Exponential Smoothing, chapters 2, 5, 6 and 7.
Models are fitted by statsmodels (`ETSModel`), brought in when the first one is fitted: it takes two seconds.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.statistics.checked import Numbers

#: Whole years that seasons need.
FEWEST_YEARS = 3
_TINY = 1e-9
#: Of the parameters of each member the least, which are no first states: a smoothing parameter, the variance.
_NOT_STATES = 2


@dataclass(frozen=True)
class Form:
    """A member of the family: level, with or without trend (damped or not) and season.

    Attributes
    ----------
    trend
        "" for none, "A" for additive, "Ad" for damped.
    season
        Periods of a year; 0 for no season.
    """

    trend: str = ""
    season: int = 0

    @property
    def name(self) -> str:
        """In the usual notation, such as ETS(A,Ad,A): error, trend, season."""
        return f"ETS(A,{self.trend or 'N'},{'A' if self.season else 'N'})"

    @property
    def parameters(self) -> int:
        """Smoothing parameters, first states and the variance."""
        trend = {"": 0, "A": 2, "Ad": 3}[self.trend]
        return 3 + trend + self.season


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted member.

    Attributes
    ----------
    form
        Which.
    aicc
        Lower is better; of one series.
    level
        Of the newest period.
    mean, spread : arrays of shape (horizon,)
        Of each period to come: the mean, and how many times the variance of one step its variance is.
    variance
        Of one step, over its degrees of freedom.
    degrees
        Periods less parameters.
    """

    form: Form
    aicc: float
    level: float
    mean: Numbers
    spread: Numbers
    variance: float
    degrees: int

    def limits(self, confidence: float, least_variance: float) -> tuple[Numbers, Numbers]:
        """Return limits of the periods to come; the variance of one step is at least the given one."""
        known = max(self.variance, least_variance)
        reach = special.stdtrit(self.degrees, 0.5 + confidence / 2) * np.sqrt(known * self.spread)
        return self.mean - reach, self.mean + reach


def forms(periods: int, periods_a_year: int) -> tuple[Form, ...]:
    """Return the members that so many periods can be fitted with, the simplest first.

    Seasons need `FEWEST_YEARS` whole years; each member needs two periods more than it has parameters.
    """
    # The library starts its seasons from a moving average, which needs so many.
    fewest = max(FEWEST_YEARS * periods_a_year, 10 + 2 * (periods_a_year // 2))
    seasons = (0, periods_a_year) if periods_a_year > 1 and periods >= fewest else (0,)
    family = (Form(trend, season) for season in seasons for trend in ("", "A", "Ad"))
    return tuple(one for one in family if periods - one.parameters >= 2)


def fit(values: Numbers, form: Form, horizon: int, *, exact: bool = True) -> Fit:
    """Return one member, fitted by maximum likelihood.

    Parameters
    ----------
    values : array of shape (n,)
        On a scale on which errors are alike.
    form, horizon
        What is fitted, and for how many periods to come.
    exact
        Whether the first states of a season are fitted as well; when not they are those of a simple
        decomposition, which takes a tenth of the time.
    """
    if float(np.ptp(values)) < _TINY:  # nothing to smooth: likelihoods have no end
        return _constant(values, form, horizon)
    # Two seconds and 100 MB that no ordinary page needs.
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an optimum on an edge of the parameters is an optimum
        model = ETSModel(
            values,
            error="add",
            trend="add" if form.trend else None,
            damped_trend=form.trend == "Ad",
            seasonal="add" if form.season else None,
            seasonal_periods=form.season or None,
            initialization_method="estimated" if exact or not form.season else "heuristic",
        )
        found = model.fit(disp=False)
        mean = np.asarray(found.forecast(horizon), dtype=np.float64)
    errors = values - np.asarray(found.fittedvalues)
    squares = max(float((errors**2).sum()), _TINY)
    steps = np.arange(1, horizon)
    weights = np.full(horizon - 1, float(found.smoothing_level))
    if form.trend:
        damping = float(found.damping_trend) if form.trend == "Ad" else 1.0
        reach = steps if damping == 1 else damping * (1 - damping**steps) / (1 - damping)
        weights = weights + float(found.smoothing_trend) * reach
    if form.season:
        weights = weights + float(found.smoothing_seasonal) * (steps % form.season == 0)
    # The first states are estimates as well: on average they add a share of a step's variance.
    states = (form.parameters - _NOT_STATES) / len(values)
    spread = 1 + states + np.concatenate([[0.0], np.cumsum(weights**2)])
    degrees = len(values) - form.parameters
    return Fit(
        form,
        _aicc(squares, len(values), form.parameters),
        float(np.asarray(found.level)[-1]),
        mean,
        spread,
        squares / degrees,
        degrees,
    )


def best(values: Numbers, periods_a_year: int, horizon: int, *, exact: bool = True) -> Fit:
    """Return the member with the lowest AICc; the simplest of those that are alike.

    Raises
    ------
    ValueError
        When there are too few periods for any.
    """
    family = forms(len(values), periods_a_year)
    if not family:
        raise ValueError(f"values has {len(values)} periods; allowed: {Form().parameters + 2} or more")
    return min((fit(values, one, horizon, exact=exact) for one in family), key=lambda one: one.aicc)


def _constant(values: Numbers, form: Form, horizon: int) -> Fit:
    level = float(values[-1])
    degrees = len(values) - form.parameters
    aicc = _aicc(_TINY, len(values), form.parameters)
    return Fit(form, aicc, level, np.full(horizon, level), np.ones(horizon), 0.0, degrees)


def _aicc(squares: float, periods: int, parameters: int) -> float:
    likelihood = -periods / 2 * (np.log(2 * np.pi * squares / periods) + 1)
    return float(
        -2 * likelihood + 2 * parameters + 2 * parameters * (parameters + 1) / (periods - parameters - 1)
    )
