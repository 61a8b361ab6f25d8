"""Early warnings: areas and groups with more than is usual in the newest firm period. Decided here alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from analysis.answers.answer import Answer
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.findings.series.stretch import PER_YEAR, firm, named
from analysis.statistics.series.poisson import NoFitError
from analysis.statistics.series.signals import Signal, signal

#: If all is usual, one look at all series together in so many shows any signal.
ONE_IN = 20
#: Share of earlier periods of a series that must be shown.
LEAST_SHOWN = 0.8


@dataclass(frozen=True)
class Watched:
    """One series: whose it is, and its newest firm count beside what is usual."""

    dimension: str
    code: str
    signal: Signal


@dataclass(frozen=True)
class Watch:
    """All series of one look.

    Attributes
    ----------
    period
        The newest firm one.
    series
        Those that can be told, in the order of the code lists.
    hidden
        How many cannot: too much of them is hidden.
    short
        How many cannot: they have too few earlier years.
    """

    period: str
    series: tuple[Watched, ...]
    hidden: int
    short: int

    @property
    def above(self) -> tuple[Watched, ...]:
        """Those with a signal, the clearest first."""
        return tuple(
            sorted((one for one in self.series if one.signal.is_signal), key=lambda one: one.signal.p)
        )


def watch(answers: Sequence[Answer | None]) -> Watch | None:
    """Return one look at the newest firm period.

    Parameters
    ----------
    answers
        One count by ``period`` and one dimension each, at one step; those that are not there are left out.

    Returns
    -------
    Watch or None
        None where nothing can be told at all. The rate of false alarms is shared by all series that are
        looked at: each passes its limit by chance once in `ONE_IN` times their number.
    """
    given = [one for one in answers if one is not None and not one.refusal and not one.frame.is_empty()]
    candidates: list[tuple[str, str, tuple[float, ...]]] = []
    hidden, period, per_year, variance = 0, "", 4, 0.0
    for answer in given:
        [dimension] = [name for name in answer.question.by if name != "period"]
        rows = firm(answer.frame)
        if rows.is_empty():
            continue
        period = str(rows["period"].to_list()[-1])
        per_year = PER_YEAR[answer.question.period_level]
        variance = answer.checked.release.v if answer.checked else 0.0
        for code in named(rows[dimension]):
            values = rows.filter(pl.col(dimension) == code)["value"].to_list()
            shown = sum(value is not None for value in values)
            if values[-1] is None or shown < LEAST_SHOWN * len(values):
                hidden += 1
            else:
                candidates.append((dimension, code, tuple(np.nan if v is None else v for v in values)))
    if not candidates and not hidden:
        return None
    rate = 1 / (ONE_IN * max(len(candidates), 1))
    found = [
        (dimension, code, _signal(values, per_year, rate, variance)) for dimension, code, values in candidates
    ]
    told = tuple(Watched(dimension, code, one) for dimension, code, one in found if one is not None)
    return Watch(period, told, hidden, len(found) - len(told)) if period else None


def warning_finding(looked: Watch, answer: Answer, scope: Scope) -> Finding:
    """Return which series are above what is usual; or that none is.

    Parameters
    ----------
    looked
        What was looked at.
    answer, scope
        Of the first series: its measure and words.
    """
    return Finding(
        "signal",
        answer.measure,
        scope,
        topic="early_warning",
        direction=bool(looked.above),
        facts={
            "period": looked.period,
            "above": looked.above,
            "looked_at": len(looked.series),
            "is_short": looked.short > looked.hidden,
            "one_in": ONE_IN,
        },
        label=answer.in_sentence,
    )


@lru_cache(maxsize=2_048)
def _signal(values: tuple[float, ...], per_year: int, rate: float, variance: float) -> Signal | None:
    try:
        return signal(values, periods_a_year=per_year, alarm_rate=rate, noise_variance=variance)
    except NoFitError:
        return None
