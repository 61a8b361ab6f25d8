"""What changed in one series of published counts while something ran, beyond what changed in others.

A difference in differences of counts: the odds of a count to be inside and not in the comparison, while it
ran to other times. That is the Poisson regression with an effect of each period (Lindsey 1995, J. Appl. Stat.
22, 77-96), in closed form, so that a placebo costs nothing. The spread is that of the periods (never
less than chance and protection together make), and limits use Student's t of the periods left over.

Sources: Card & Krueger (1994), Am. Econ. Rev. 84, 772-793; Bertrand, Duflo & Mullainathan (2004), Q. J. Econ.
119, 249-275, for placebos; Abadie, Diamond & Hainmueller (2010), J. Am. Stat. Assoc. 105, 493-505, for the
synthetic control; Dempster, Laird & Rubin (1977) for numbers that are hidden because they are small.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.statistics.checked import Flags, Numbers, figures
from analysis.statistics.series.interrupted import waves
from analysis.statistics.series.poisson import NoFitError, regression

FEWEST_BEFORE, FEWEST_DURING = 6, 2
#: Of the other times of a series: with more of them hidden its level is not known.
MOST_HIDDEN = 1 / 3
#: Fewest series that a synthetic one is made of.
FEWEST_FOR_SYNTHETIC = 4
_ROUNDS = 8
Both = tuple[Numbers, Numbers]
"""One series, and the others together."""
_POWER = 0.8416  # four times in five such an effect is seen


@dataclass(frozen=True)
class Ratio:
    """A ratio with its limits: 1 is no change. `seen` is the least that would be seen four times in five."""

    ratio: float
    lower: float
    upper: float
    seen: float = float("nan")

    @property
    def direction(self) -> int:
        """1 above 1, −1 below, 0 where no difference can be claimed."""
        return int(self.lower > 1) - int(self.upper < 1)


@dataclass(frozen=True, eq=False)
class Contrast:
    """What was found, beside what is found where nothing happened.

    Attributes
    ----------
    effect
        While it ran, beyond the comparison.
    drift
        By how much a year the series moved away from the comparison before: with 1 outside of its limits it
        is no fair comparison.
    dates, series : arrays
        The same ratio at other times, and of each comparison series in the place of the real one.
    p_dates, p_series
        Share of them (the real one counted) as far from 1; NaN without any.
    expected : array of shape (periods,)
        What the comparison lets expect, period by period; NaN where it is not shown.
    synthetic : array of shape (periods,) or None
        What a mixture of the comparison series lets expect; None with too few of them.
    """

    effect: Ratio
    drift: Ratio
    dates: Numbers
    series: Numbers
    p_dates: float
    p_series: float
    expected: Numbers
    synthetic: Numbers | None

    @property
    def is_fair(self) -> bool:
        """Whether the two did not clearly move apart before."""
        return self.drift.direction == 0


def contrast(
    inside: ArrayLike,
    others: ArrayLike,
    during: ArrayLike,
    *,
    usable: ArrayLike | None = None,
    periods_a_year: int = 4,
    noise_variance: float = 0.0,
    threshold: int = 0,
    confidence: float = 0.95,
) -> Contrast:
    """Compare one series with others.

    Parameters
    ----------
    inside : array of shape (n,), 0 or more
        Published counts; NaN where one is hidden.
    others : array of shape (series, n)
        Comparison series.
    during : array of shape (n,) of bool
        Periods in which it ran.
    usable : array of shape (n,) of bool
        Periods that count; those half inside do not.
    periods_a_year
        For the drift.
    noise_variance
        V of a published number.
    threshold
        Smallest published number: a hidden one is below it.
    confidence
        Of two-sided limits.

    Raises
    ------
    ValueError
        Naming the argument and what is allowed.
    NoFitError
        When a side counts nobody.
    """
    own = np.asarray(inside, dtype=np.float64)
    rest = np.asarray(others, dtype=np.float64)
    ran, kept = _periods("inside", own, during, usable)
    if rest.ndim != 2 or not len(rest) or rest.shape[1] != len(own):
        raise ValueError(f"others has the shape {rest.shape}; allowed: (series, {len(own)}) with a series")
    figures("others", rest, at_least=0)
    table = np.array([_filled(one, ran, threshold) for one in (own, *rest)])
    noise = (noise_variance, noise_variance * len(rest))
    first = int(np.flatnonzero(ran)[0])
    whole = table[1:].sum(axis=0)
    effect = _odds((table[0], whole), ran, kept, noise, confidence)
    drift = _drift((table[0][:first], whole[:first]), kept[:first], noise, periods_a_year, confidence)
    dates = _placebo_dates(table[0], whole, ran, kept)
    series = []
    for place in range(1, len(table)) if len(rest) > 1 else ():
        left = np.delete(table[1:], place - 1, axis=0).sum(axis=0)
        series.append(_ratio(table[place], left, ran, kept))
    quiet = kept & ~ran
    expected = whole * table[0][quiet].sum() / whole[quiet].sum()
    return Contrast(
        effect,
        drift,
        dates,
        np.array(series),
        _chance(effect.ratio, dates),
        _chance(effect.ratio, np.array(series)),
        expected,
        _synthetic(table[0], table[1:], quiet & (np.arange(len(own)) < first)),
    )


def alone(
    count: ArrayLike,
    during: ArrayLike,
    *,
    usable: ArrayLike | None = None,
    season: ArrayLike | None = None,
    periods_a_year: int = 4,
    noise_variance: float = 0.0,
    threshold: int = 0,
    confidence: float = 0.95,
) -> tuple[Ratio, Numbers]:
    """Compare a series with its own trend and season: an interrupted time series of published counts.

    Parameters
    ----------
    count, during, usable, periods_a_year, noise_variance, threshold, confidence
        As `contrast`.
    season : array of shape (n,)
        The place of each period in its year, from 1; no seasons when None.

    Returns
    -------
    (Ratio, array of shape (n,))
        While it ran, to what the trend lets expect; and that, period by period.

    Raises
    ------
    ValueError, NoFitError
        As `contrast`.
    """
    counts = np.asarray(count, dtype=np.float64)
    ran, kept = _periods("count", counts, during, usable)
    filled = _filled(counts, ran, threshold)
    time = np.arange(len(counts), dtype=np.float64)
    design: dict[str, ArrayLike] = {"during": ran.astype(np.float64), "trend": time}
    if season is not None:
        design |= waves(season, periods_a_year, 2)
    model = regression(filled, design, weight=kept.astype(np.float64))
    # The protection is part of the spread: never less than what it makes is taken.
    least = 1 + noise_variance / max(float(filled[kept].mean()), 1.0)
    widened = np.sqrt(max(1.0, least / max(model.dispersion, 1.0)))
    place = model.names.index("during")
    error = float(model.errors[place] * widened)
    effect = _limits(float(model.effects[place]), error, model.degrees, confidence)
    return effect, model.expected / np.exp(model.effects[place] * ran)


def hidden_share(series: ArrayLike, during: ArrayLike, usable: ArrayLike | None = None) -> float:
    """Return which share of a series is hidden at the times at which nothing ran.

    Parameters
    ----------
    series, during, usable
        As `inside`, `during` and `usable` of `contrast`.
    """
    values, ran = np.asarray(series, dtype=np.float64), np.asarray(during, dtype=np.bool_)
    kept = np.ones_like(ran) if usable is None else np.asarray(usable, dtype=np.bool_)
    quiet = kept & ~ran
    return float(np.isnan(values[quiet]).mean()) if quiet.any() else 1.0


def _periods(name: str, counts: Numbers, during: ArrayLike, usable: ArrayLike | None) -> tuple[Flags, Flags]:
    if counts.ndim != 1 or not len(counts):
        raise ValueError(f"{name} has the shape {counts.shape}; allowed: (n,)")
    figures(name, counts, at_least=0)
    ran = np.asarray(during, dtype=np.bool_)
    kept = np.ones(len(counts), dtype=np.bool_) if usable is None else np.asarray(usable, dtype=np.bool_)
    for which, one in (("during", ran), ("usable", kept)):
        if one.shape != counts.shape:
            raise ValueError(f"{which} has the shape {one.shape}; {name} has {counts.shape}")
    ran = ran & kept
    first = int(np.flatnonzero(ran)[0]) if ran.any() else 0
    before, inside = int(kept[:first].sum()), int(ran.sum())
    if before < FEWEST_BEFORE or inside < FEWEST_DURING:
        raise ValueError(
            f"during has {inside} periods, and {before} usable ones lie before it; allowed: "
            f"{FEWEST_DURING} and {FEWEST_BEFORE} or more"
        )
    return ran, kept


def _filled(series: Numbers, ran: Flags, threshold: int) -> Numbers:
    """Return a series in which hidden numbers are what numbers below the threshold are expected to be."""
    gone = np.isnan(series)
    if not gone.any():
        return series
    if threshold <= 0 or gone.all():
        raise NoFitError("Too many numbers are hidden to say how many there usually are.")
    found = np.where(gone, threshold / 2, series)
    below = np.arange(threshold, dtype=np.float64)
    for _ in range(_ROUNDS):
        for side in (ran, ~ran):
            here = gone & side
            if here.any():
                level = max(float(found[side].mean()), 1e-3)
                chances = np.exp(below * np.log(level) - level - special.gammaln(below + 1))
                found[here] = float((below * chances).sum() / chances.sum())
    return found


def _parts(own: Numbers, rest: Numbers, ran: Flags, kept: Flags) -> tuple[float, float, float, float]:
    quiet = kept & ~ran
    running = kept & ran
    sums = (own[running].sum(), rest[running].sum(), own[quiet].sum(), rest[quiet].sum())
    if min(sums) <= 0:
        raise NoFitError("On one side of it nothing was counted.")
    return tuple(float(one) for one in sums)  # type: ignore[return-value]


def _ratio(own: Numbers, rest: Numbers, ran: Flags, kept: Flags) -> float:
    try:
        a, b, c, d = _parts(own, rest, ran, kept)
    except NoFitError:
        return float("nan")
    return (a / b) / (c / d)


def _odds(both: Both, ran: Flags, kept: Flags, noise: tuple[float, float], confidence: float) -> Ratio:
    own, rest = both
    parts = _parts(own, rest, ran, kept)
    total = own + rest
    share = np.where(ran, parts[0] / (parts[0] + parts[1]), parts[2] / (parts[2] + parts[3]))
    there = kept & (total > 0)
    chance = total * share * (1 - share)
    least = 1 + ((noise[0] * (1 - share) ** 2 + noise[1] * share**2)[there] / chance[there]).mean()
    degrees = int(there.sum()) - 2
    spread = ((own - total * share)[there] ** 2 / chance[there]).sum() / max(degrees, 1)
    error = np.sqrt(max(least, float(spread)) * sum(1 / one for one in parts))
    return _limits(
        float(np.log((parts[0] / parts[1]) / (parts[2] / parts[3]))), float(error), degrees, confidence
    )


def _drift(
    both: Both, kept: Flags, noise: tuple[float, float], periods_a_year: int, confidence: float
) -> Ratio:
    """Return by how much a year one series moved away from the other: a line through their log odds."""
    own, rest = both
    there = kept & (own > 0) & (rest > 0)
    time = np.flatnonzero(there) / periods_a_year
    odds = np.log(own[there] / rest[there])
    variance = (own[there] + noise[0]) / own[there] ** 2 + (rest[there] + noise[1]) / rest[there] ** 2
    degrees = len(time) - 2
    if degrees < 1:
        return Ratio(1.0, 0.0, float("inf"))
    weight = 1 / variance
    centre = time - (weight * time).sum() / weight.sum()
    square = float((weight * centre**2).sum())
    slope = float((weight * centre * odds).sum() / square)
    left = odds - (weight * odds).sum() / weight.sum() - slope * centre
    spread = max(1.0, float((weight * left**2).sum()) / degrees)
    return _limits(slope, float(np.sqrt(spread / square)), degrees, confidence)


def _limits(effect: float, error: float, degrees: int, confidence: float) -> Ratio:
    reach = float(special.stdtrit(max(degrees, 1), 0.5 + confidence / 2)) * error
    seen = float(np.exp(min(reach + _POWER * error, 50.0)))
    lower, upper = (float(np.exp(np.clip(effect + side * reach, -50, 50))) for side in (-1, 1))
    return Ratio(float(np.exp(effect)), lower, upper, seen)


def _placebo_dates(own: Numbers, rest: Numbers, ran: Flags, kept: Flags) -> Numbers:
    """Return the ratio for windows as long as the real one, before it, at all of which nothing began."""
    first, length = int(np.flatnonzero(ran)[0]), int(ran.sum())
    quiet = kept & ~ran
    found = []
    for start in range(FEWEST_DURING, first - length + 1):
        window = np.zeros(len(own), dtype=np.bool_)
        window[start : start + length] = True
        found.append(_ratio(own, rest, window, quiet))
    return np.array([one for one in found if np.isfinite(one)])


def _chance(real: float, placebos: NDArray[np.float64]) -> float:
    known = placebos[np.isfinite(placebos) & (placebos > 0)]
    if not len(known):
        return float("nan")
    as_far = int((np.abs(np.log(known)) >= abs(np.log(real))).sum())
    return (1 + as_far) / (1 + len(known))


def _synthetic(own: Numbers, others: Numbers, before: Flags) -> Numbers | None:
    """Return the mixture of other series, each on the scale of its own mean, that was nearest before."""
    if len(others) < FEWEST_FOR_SYNTHETIC or before.sum() < 2 * FEWEST_BEFORE:
        return None
    from scipy.optimize import nnls  # noqa: PLC0415 - only this needs it

    scale = others[:, before].mean(axis=1)
    if (scale <= 0).any() or own[before].mean() <= 0:
        return None
    shaped = others / scale[:, None]
    wanted = own / own[before].mean()
    heavy = 1e3  # the weights sum to one
    design = np.vstack([shaped[:, before].T, heavy * np.ones(len(others))])
    weights, _ = nnls(design, np.append(wanted[before], heavy))
    return np.asarray(weights @ shaped * own[before].mean())
