"""How complete the newest periods are, and how many are expected once all reports are in.

The chain ladder on a triangle of counts by period and delay, which is the maximum likelihood of a Poisson
model with a level for each period and a pattern of delays; spread beyond Poisson is Pearson's chi-square over
its degrees of freedom. What is still to come then is negative binomial.
Sources: Mack (1993), ASTIN Bull. 23, 213-225; Renshaw & Verrall (1998), Br. Actuar. J. 4, 903-923; England &
Verrall (2002), Br. Actuar. J. 8, 443-518; for surveillance, Brookmeyer & Damiano (1989), Stat. Med. 8, 23-34.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.checked import Numbers, figures, numbers, option, refuse, same_length
from analysis.statistics.intervals import z_value
from analysis.statistics.series.negative_binomial import quantile

_NEAR_POISSON = 1.0001


@dataclass(frozen=True, eq=False)
class Delays:
    """A fitted triangle.

    Attributes
    ----------
    complete : array of shape (delays,)
        Share of a period's later total that is in after each delay; the last is 1.
    errors : array of shape (delays,)
        Standard errors of the logarithms of these shares.
    dispersion
        How many times more spread the counts have than chance alone; at least 1.
    known : array of shape (delays,)
        How many records stand behind each delay: those of periods that are seen both at it and one later.
    """

    complete: Numbers
    errors: Numbers
    dispersion: float
    known: Numbers


@dataclass(frozen=True, eq=False)
class LaterTotal:
    """What periods are expected to have once all reports are in; arrays of shape (n,)."""

    expected: Numbers
    lower: Numbers
    upper: Numbers


def delays(triangle: ArrayLike) -> Delays:
    """Return how complete periods are by delay.

    Parameters
    ----------
    triangle : array of shape (periods, delays); NaN where a delay has not passed yet
        Records of a period that came in at each delay, not added up. The oldest period is first and wholly
        known; once a row is unknown it stays so.

    Returns
    -------
    Delays

    Raises
    ------
    ValueError
        Naming the argument, its shape or its first bad index.
    """
    table = np.asarray(triangle, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2:
        raise ValueError(f"triangle has the shape {table.shape}; allowed: (periods, delays), 2 or more each")
    is_known = ~np.isnan(table)
    figures("triangle", table, at_least=0)
    is_followed = np.flip(np.logical_or.accumulate(np.flip(is_known, axis=1), axis=1), axis=1)
    is_followed[:, 0] = True
    refuse("triangle", ~is_known & is_followed, "is not known before one that is")
    if not is_known[:, -1].any():
        raise ValueError("triangle has no period of which all delays are known")
    added = np.where(is_known, np.nancumsum(table, axis=1), np.nan)
    steps = table.shape[1] - 1
    known, after = np.zeros(steps + 1), np.zeros(steps + 1)
    known[-1] = after[-1] = float(np.nansum(added[:, -1]))
    for step in range(steps):
        both = is_known[:, step + 1]
        known[step], after[step] = added[both, step].sum(), added[both, step + 1].sum()
        if not known[step]:
            raise ValueError(f"triangle has no record at delay {step} in any period that is seen later")
    factors = after[:-1] / known[:-1]
    complete = np.append(1 / np.cumprod(factors[::-1])[::-1], 1.0)
    dispersion = _dispersion(table, is_known, added, complete)
    # Each factor is one plus a ratio of counts; their logarithms are nearly independent (Mack 1993).
    steps_variance = dispersion * (factors - 1) / factors / known[:-1]
    errors = np.sqrt(np.append(np.cumsum(steps_variance[::-1])[::-1], 0.0))
    return Delays(complete, errors, dispersion, known)


def later_total(
    observed: ArrayLike,
    complete: ArrayLike,
    *,
    errors: ArrayLike | None = None,
    dispersion: float = 1.0,
    noise_variance: ArrayLike = 0.0,
    confidence: float = 0.95,
) -> LaterTotal:
    """Return what periods are expected to have once all reports are in.

    Parameters
    ----------
    observed : array of shape (n,), 0 or more
        What is in so far.
    complete : array of shape (n,), above 0 and at most 1
        Which share of the later total that is (`Delays.complete`).
    errors : array of shape (n,), 0 or more
        Standard errors of the logarithms of these shares; 0 when None.
    dispersion
        As `Delays`.
    noise_variance : number or array of shape (n,)
        What the protection adds to the variance of each.
    confidence
        Of the two-sided interval.

    Returns
    -------
    LaterTotal
        Limits of the later total itself; the lower is never below what is in, but for what the protection
        may have added to it.

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    seen = numbers("observed", observed, at_least=0)
    shares, unsure = _complete(complete), _errors("errors", errors, len(seen))
    same_length(observed=seen, complete=shares, errors=unsure)
    noise = np.broadcast_to(figures("noise_variance", noise_variance, at_least=0), seen.shape)
    refuse("noise_variance", np.isnan(noise), "is no number")
    option("dispersion", dispersion, at_least=1)
    z_value(confidence)  # refuses what is no confidence
    expected = seen / shares
    lower, upper = np.array(seen), np.array(seen)
    for place, (count, share, error) in enumerate(zip(seen, shares, unsure, strict=True)):
        limits = _to_come(count, share, error, dispersion, confidence)
        reach = np.sqrt(noise[place]) / share * z_value(confidence)
        centre = expected[place]
        lower[place] = max(centre - np.hypot(centre - limits[0], reach), 0.0)
        upper[place] = centre + np.hypot(limits[1] - centre, reach)
    return LaterTotal(expected, lower, upper)


def period_total(
    observed: float,
    parts: ArrayLike,
    complete: ArrayLike,
    *,
    errors: ArrayLike | None = None,
    shared_errors: ArrayLike | None = None,
    dispersion: float = 1.0,
    noise_variance: float = 0.0,
    confidence: float = 0.95,
) -> tuple[float, float, float]:
    """Return what a period is expected to have once all reports of its incomplete parts are in.

    Parameters
    ----------
    observed
        What the period has so far, its complete parts included.
    parts : array of shape (n,), n at least 1, 0 or more
        What its incomplete parts have so far; the period itself, where it has no parts.
    complete : array of shape (n,), above 0 and at most 1
        Which share of its later total each part is.
    errors, shared_errors : arrays of shape (n,), 0 or more
        Standard errors of the logarithms of these shares: those that are each part's own, and those that all
        parts have together.
    dispersion, confidence
        As `later_total`.
    noise_variance
        What the protection adds to the variance of each count, the period's own included.

    Returns
    -------
    tuple of float
        Expected, lower limit, upper limit.

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    """
    seen = numbers("parts", parts, at_least=0)
    shares, own = _complete(complete), _errors("errors", errors, len(seen))
    shared = _errors("shared_errors", shared_errors, len(seen))
    same_length(parts=seen, complete=shares, errors=own, shared_errors=shared)
    later = seen / shares
    weights = later / later.sum() if later.sum() else np.full(len(seen), 1 / len(seen))
    share = 1 / (weights / shares).sum() if not later.sum() else seen.sum() / later.sum()
    error = np.hypot(np.sqrt(((weights * own) ** 2).sum()), (weights * shared).sum())
    # A part that is the period itself is changed once; of others the period's own change comes on top.
    is_whole = len(seen) == 1 and seen[0] == observed
    noise = shares[0] ** -2 if is_whole else 1 + ((1 / shares - 1) ** 2).sum()
    found = later_total(
        [seen.sum()],
        [share],
        errors=[error],
        dispersion=dispersion,
        noise_variance=noise_variance * noise * share**2,
        confidence=confidence,
    )
    firm = observed - float(seen.sum())
    limits = (firm + float(one[0]) for one in (found.expected, found.lower, found.upper))
    expected, lower, upper = limits
    return expected, max(lower, 0.0), upper


def _to_come(
    count: float, share: float, error: float, dispersion: float, confidence: float
) -> tuple[float, float]:
    """Return limits of the later total of one period, from the negative binomial of what is to come.

    Its variance is that of the records to come, and of how many there are if so many came in; with one record
    fewer than seen, or none, nothing could be said, so half a record is added.
    """
    if share == 1:
        return count, count
    seen = count + 0.5
    to_come = seen * (1 - share) / share
    variance = dispersion * to_come / share + (seen / share * error) ** 2
    variance = max(variance, to_come * _NEAR_POISSON)
    size, chance = to_come**2 / (variance - to_come), to_come / variance
    tail = (1 - confidence) / 2
    return count + quantile(tail, size, chance), count + quantile(1 - tail, size, chance)


def _dispersion(table: Numbers, is_known: np.ndarray, added: Numbers, complete: Numbers) -> float:
    """Return how many times more spread the counts have than chance gives them; at least 1."""
    last = is_known.sum(axis=1) - 1
    totals = added[np.arange(len(table)), last] / complete[last]
    usual = totals[:, None] * np.diff(complete, prepend=0.0)[None, :]
    there = is_known & (usual > 0)
    degrees = int(there.sum()) - len(table) - table.shape[1] + 1
    if degrees < 1:
        return 1.0
    return max(1.0, float(((table[there] - usual[there]) ** 2 / usual[there]).sum()) / degrees)


def _complete(complete: ArrayLike) -> Numbers:
    """Return shares of later totals, checked: above 0 and at most 1."""
    shares = numbers("complete", complete, above=0)
    refuse("complete", shares > 1, "is above 1")
    return shares


def _errors(name: str, errors: ArrayLike | None, count: int) -> Numbers:
    """Return standard errors, checked: 0 or more; none given are zeros."""
    return np.zeros(count) if errors is None else numbers(name, errors, at_least=0)
