"""BCa limits of the total, with the choice of the model repeated in every resample.

Sources: Efron (1987), J. Am. Stat. Assoc. 82, 171-185; Chan, Silverman & Vincent (2021), J. Am. Stat. Assoc.
116, 1297-1306, where intervals that keep to one chosen model covered 61 % at a nominal 95 %, and these 90 %.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.progress import Progress
from analysis.statistics.checked import Numbers
from analysis.statistics.hidden.histories import CaptureTable
from analysis.statistics.hidden.loglinear import Fit
from analysis.statistics.hidden.many import Stepwise
from analysis.statistics.intervals import z_value

RESAMPLES = 5_000
#: A share of resamples below the estimate that is this far from half says that the estimate itself is biased.
SHIFTED = 0.8
_AGAIN, _FEWEST = 200, 100
#: Resamples that a process is handed at a time.
_PORTION = 50
#: Fewer are not worth starting processes for.
_WORTH_IT = 200

#: Chooses a model for a table and fits it; None where there is no estimate. Processes copy it.
Rule = Callable[[CaptureTable], Fit | None]


@dataclass(frozen=True, eq=False)
class Bca:
    """Limits and what they are made of.

    Attributes
    ----------
    lower, upper
        Limits of the total.
    lower_error, upper_error
        Standard deviation of each over other random numbers, from resampling the totals; NaN where there are
        fewer than a hundred.
    z0, acceleration
        Bias and skewness corrections.
    resamples
        How many totals were drawn; those without an estimate are left out.
    without_estimate
        In how many resamples not even independent lists had an estimate.
    """

    lower: float
    upper: float
    lower_error: float
    upper_error: float
    z0: float
    acceleration: float
    resamples: int
    without_estimate: int

    @property
    def is_shifted(self) -> bool:
        """Whether the resamples lie so far to one side that the limits are to be read with care."""
        return abs(self.z0) > SHIFTED


def draw(table: CaptureTable, number: int, seed: int) -> Numbers:
    """Return multinomial resamples of a table: an array of shape (number, 2**t - 1)."""
    random = np.random.default_rng(seed)
    chances = table.counts / table.persons
    return random.multinomial(int(table.persons), chances, size=number).astype(np.float64)


def totals(
    table: CaptureTable,
    resamples: ArrayLike,
    rule: Rule,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Numbers:
    """Return the total of each resample, with the model chosen anew; NaN where there is no estimate.

    Parameters
    ----------
    table
        What was resampled.
    resamples : array of shape (number, 2**t - 1)
    rule
        How each resample's model is chosen.
    processes
        How many to use; as many as there are processors when None.
    progress
        Told how many of how many are done.
    """
    counts = np.asarray(resamples, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[1] != len(table.counts):
        raise ValueError(f"resamples has the shape {counts.shape}; allowed: (number, {len(table.counts)})")
    done: list[Numbers] = []
    # A rule that knows how to look at many tables at once needs no processes.
    if isinstance(rule, Stepwise):
        parts = rule.totals(table.lists, counts)
    else:
        portions = [counts[start : start + _PORTION] for start in range(0, len(counts), _PORTION)]
        work = [(table.lists, portion, rule) for portion in portions]
        workers = min(processes or os.cpu_count() or 1, len(portions))
        parts = _each(work, workers if len(counts) >= _WORTH_IT else 1)
    for part in parts:
        done.append(part)
        if progress:
            progress(sum(map(len, done)), len(counts))
    return np.concatenate(done) if done else np.empty(0)


def _each(work: Sequence[tuple[tuple[str, ...], Numbers, Rule]], workers: int) -> Iterator[Numbers]:
    if workers < 2:
        yield from map(_portion, work)
        return
    # Not forked: whoever calls this may have threads, and one of them a lock that a copy would wait for.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_portion, work)


def _portion(work: tuple[tuple[str, ...], Numbers, Rule]) -> Numbers:
    lists, portion, rule = work
    return np.array([_total(CaptureTable(lists, counts), rule) for counts in portion])


def _total(table: CaptureTable, rule: Rule) -> float:
    if not table.persons:
        return float("nan")
    found = rule(table)
    return float("nan") if found is None else found.total


def acceleration(table: CaptureTable, rule: Rule) -> float:
    """Return the skewness correction: from tables with one person less, each weighted by its persons."""
    there = np.flatnonzero(table.counts)
    less = np.repeat(table.counts[None, :], len(there), axis=0)
    less[np.arange(len(there)), there] -= 1
    each = totals(table, less, rule, processes=1)
    weights = np.where(np.isnan(each), 0.0, table.counts[there])
    each = np.nan_to_num(each)
    below = np.average(each, weights=weights) - each
    spread = float((weights * below**2).sum())
    return float((weights * below**3).sum() / (6 * spread**1.5)) if spread else 0.0


def bca(estimate: float, drawn: ArrayLike, skew: float, confidence: float = 0.95) -> Bca:
    """Return the limits.

    Parameters
    ----------
    estimate
        From the table itself.
    drawn : array of totals of resamples; NaN where there was none
    skew
        As `acceleration` returns it.
    confidence
        Of the two-sided interval.

    Raises
    ------
    ValueError
        When no resample has a total.
    """
    every = np.asarray(drawn, dtype=np.float64)
    values = every[np.isfinite(every)]
    if not len(values):
        raise ValueError("drawn holds no total")
    z_value(confidence)  # refuses what is no confidence
    lower, upper, z0 = _limits(estimate, values, skew, confidence)
    errors = np.full(2, np.nan)
    if len(values) >= _FEWEST:
        random = np.random.default_rng(len(values))
        again = (random.choice(values, len(values)) for _ in range(_AGAIN))
        errors = np.std([_limits(estimate, one, skew, confidence)[:2] for one in again], axis=0, ddof=1)
    return Bca(
        lower, upper, float(errors[0]), float(errors[1]), z0, skew, len(values), len(every) - len(values)
    )


def _limits(estimate: float, values: Numbers, skew: float, confidence: float) -> tuple[float, float, float]:
    # A resample that chooses the same model and has the same margins ties: half of these count as below.
    is_tie = np.isclose(values, estimate, rtol=1e-9, atol=0)
    share = float(((values < estimate) & ~is_tie).mean() + is_tie.mean() / 2)
    # Were all on one side, the correction would have no end.
    share = min(max(share, 0.5 / len(values)), 1 - 0.5 / len(values))
    z0 = float(special.ndtri(share))
    both = []
    for tail in ((1 - confidence) / 2, (1 + confidence) / 2):
        z = z0 + float(special.ndtri(tail))
        level = float(special.ndtr(z0 + z / (1 - skew * z)))
        both.append(float(np.quantile(values, level, method="median_unbiased")))
    return both[0], both[1], z0


def interval(
    table: CaptureTable,
    estimate: float,
    resamples: ArrayLike,
    rule: Rule,
    *,
    confidence: float = 0.95,
    progress: Progress | None = None,
) -> Bca:
    """Return BCa limits of an estimate from given resamples; as `totals`, `acceleration` and `bca`."""
    drawn = totals(table, resamples, rule, progress=progress)
    return bca(estimate, drawn, acceleration(table, rule), confidence)
