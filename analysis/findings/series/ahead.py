"""What a series would be if it went on as before, and how such forecasts did at earlier dates."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis import periods
from analysis.findings.compare import Value
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.findings.series.stretch import Stretch

if TYPE_CHECKING:
    from analysis.statistics.series.forecast import Backtest, Forecast

#: Periods to come.
HORIZON = {"month": 6, "quarter": 4, "year": 2}
#: A band that held less than this of what it should is said to be too narrow.
TOO_FEW = 0.85


@dataclass(frozen=True, eq=False)
class Ahead:
    """The periods that follow a stretch.

    Attributes
    ----------
    stretch
        What they follow.
    codes
        Of the periods to come.
    forecast, past
        Their limits, and how earlier ones did; None where that cannot be tried.
    """

    stretch: Stretch
    codes: tuple[str, ...]
    forecast: "Forecast"
    past: "Backtest | None"


def ahead_of(stretch: Stretch) -> Ahead:
    """Return the periods that follow a stretch. Takes a second the first time, and is kept."""
    horizon = HORIZON[stretch.level]
    made, past = _worked_out(tuple(stretch.values.tolist()), stretch.per_year, horizon, stretch.cell_variance)
    step = periods.months_in(stretch.level)
    last = periods.span_of(stretch.codes[-1]).last
    codes = tuple(periods.code_of(last + 1 + step * number, stretch.level) for number in range(horizon))
    return Ahead(stretch, codes, made, past)


def ahead_finding(ahead: Ahead, scope: Scope) -> Finding:
    """Return the first of the periods to come, with its wider limits."""
    made = ahead.forecast
    wide = made.levels.index(max(made.levels))
    value = Value(
        float(made.middle[0].round()),
        float(made.lower[wide, 0].round()),
        float(made.upper[wide, 0].round()),
        {"period": ahead.codes[0]},
    )
    answer = ahead.stretch.answer
    return Finding("estimate", answer.measure, scope, (value,), topic="ahead", label=answer.in_sentence)


def tried_finding(ahead: Ahead, scope: Scope) -> Finding:
    """Return how forecasts at earlier dates did."""
    past, levels = ahead.past, ahead.forecast.levels
    facts = {
        "origins": past.origins if past else 0,
        "compared": past.compared if past else 0,
        "levels": levels,
        "covered": tuple(float(one) for one in past.covered) if past else (),
        "too_narrow": past is not None
        and any(held < TOO_FEW * level for held, level in zip(past.covered, levels, strict=True)),
    }
    return Finding("fact", ahead.stretch.answer.measure, scope, topic="ahead_tried", facts=facts)


@lru_cache(maxsize=64)
def _worked_out(
    values: tuple[float, ...], per_year: int, horizon: int, cell_variance: float
) -> "tuple[Forecast, Backtest | None]":
    # Only who looks ahead waits for it: an ordinary page does not load it.
    from analysis.statistics.series.forecast import backtest, forecast  # noqa: PLC0415

    made = forecast(values, horizon, periods_a_year=per_year, noise_variance=cell_variance, exact=False)
    past = backtest(values, horizon, periods_a_year=per_year, noise_variance=cell_variance)
    return made, past
