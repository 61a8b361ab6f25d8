"""Waits known in bands only, some of which are not over: a life table, its quantiles, a log-rank test.

A step never stands at the day of an event: between the fixed ends of bands the curve is a straight line. Who
still waits counts as long as they were followed, and for half of the band in which that ended (the actuarial
method). Counts may be published with protection, whose variance the limits hold.

Sources: Cutler & Ederer (1958), J. Chronic Dis. 8, 699-712; Greenwood (1926); Kalbfleisch & Prentice (1980)
for the log-log limits; Brookmeyer & Crowley (1982), Biometrics 38, 29-41; Mantel (1966), Cancer Chemother.
Rep. 50, 163-170, for the log-rank test.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.statistics.checked import LARGEST, Numbers, figures, numbers, refuse, same_length
from analysis.statistics.intervals import z_value

#: With fewer who still wait, nothing is said of what comes after (docs/disclosure.md).
FEWEST_AT_RISK = 30
#: Fewest waits under a quantile.
FEWEST_FOR_A_QUANTILE = 60


@dataclass(frozen=True, eq=False)
class LifeTable:
    """The share who still wait at the end of each band.

    Attributes
    ----------
    edges : array of shape (k + 1,)
        Ends of the bands; the first is where waiting begins.
    survival, lower, upper : arrays of shape (k + 1,)
        At each edge; NaN from where fewer than `FEWEST_AT_RISK` were waiting.
    at_risk : array of shape (k,)
        Who waited at the beginning of each band.
    waits
        All of them.
    """

    edges: Numbers
    survival: Numbers
    lower: Numbers
    upper: Numbers
    at_risk: Numbers
    waits: float

    def quantile(self, share: float) -> tuple[float, float, float]:
        """Return by when a share of the waits is over, and its limits.

        Parameters
        ----------
        share
            0.5 for the median, 0.9 for the time after which one in ten still waits.

        Returns
        -------
        (value, lower, upper)
            In the unit of the edges; infinity where the curve, or its limit, does not come down so far; NaN
            from fewer than `FEWEST_FOR_A_QUANTILE` waits.

        Raises
        ------
        ValueError
            If `share` is not between 0 and 1.
        """
        if not 0 < share < 1:
            raise ValueError(f"share is {share}; allowed: more than 0 and less than 1")
        if self.waits < FEWEST_FOR_A_QUANTILE:
            return (float("nan"),) * 3
        curves = (self.survival, self.lower, self.upper)
        found = tuple(_crossing(self.edges, curve, 1 - share) for curve in curves)
        return found[0], found[1], found[2]


def life_table(
    ended: ArrayLike,
    still: ArrayLike,
    edges: ArrayLike,
    noise: tuple[ArrayLike, ArrayLike] = (0.0, 0.0),
    confidence: float = 0.95,
) -> LifeTable:
    """Return the share who still wait at the end of each band.

    Parameters
    ----------
    ended : array of shape (k,), 0 or more
        Waits that ended in each band.
    still : array of shape (k + 1,), 0 or more
        Who still waits, by the band in which they were last followed; the last is beyond all bands (with
        those whose wait ended there).
    edges : array of shape (k + 1,), rising
        Where bands begin, and where the last ends.
    noise
        Variance of the protection of `ended` and of `still`; arrays that broadcast to them.
    confidence
        Of the two-sided limits.

    Raises
    ------
    ValueError
        Naming the argument and its first bad index; when nobody waited.
    """
    over, waiting = numbers("ended", ended, at_least=0), numbers("still", still, at_least=0)
    ends = numbers("edges", edges)
    if len(waiting) != len(over) + 1:
        raise ValueError(f"still has {len(waiting)} values; ended has {len(over)}, so allowed: one more")
    same_length(still=waiting, edges=ends)
    refuse("edges", np.diff(ends, prepend=-np.inf) <= 0, "is not above the one before")
    total = float(over.sum() + waiting.sum())
    if not total:
        raise ValueError("ended and still hold nobody, so no share can be given")
    entering = total - np.cumsum(np.concatenate([[0.0], (over + waiting[:-1])]))[:-1]
    effective = entering - waiting[:-1] / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(effective > 0, 1 - over / effective, 0.0).clip(0, 1)
        survival = np.concatenate([[1.0], np.cumprod(left)])
        chance = np.cumsum(over / (effective * (effective - over)))
        variance = np.concatenate([[0.0], chance + _noise(over, waiting, effective, noise)])
        reach = z_value(confidence) * np.sqrt(variance) / np.log(survival)
        lower, upper = survival ** np.exp(-reach), survival ** np.exp(reach)
    lower[0] = upper[0] = 1.0
    lower, upper = np.where(survival <= 0, 0.0, lower), np.where(survival <= 0, np.nan, upper)
    silent = np.concatenate([[False], np.minimum.accumulate(entering) < FEWEST_AT_RISK])
    drawn = [np.where(silent, np.nan, one) for one in (survival, lower, upper)]
    return LifeTable(ends, drawn[0], drawn[1], drawn[2], entering, total)


def _noise(
    over: Numbers, waiting: Numbers, effective: Numbers, noise: tuple[ArrayLike, ArrayLike]
) -> Numbers:
    """Return what the protection adds to the variance of the logarithm of the curve at each band's end."""
    bands = len(over)
    of_over = np.broadcast_to(_of_noise("ended", noise[0], over), over.shape)
    of_waiting = np.broadcast_to(_of_noise("still", noise[1], waiting), waiting.shape)
    left = effective - over
    later = 1 / left - 1 / effective  # one more who waits beyond a band
    here = {"over": -1 / effective, "waiting": 0.5 * later}
    order = np.arange(bands)
    added = np.zeros(bands)
    for place in range(bands + 1):
        slopes = np.where(order < place, later, 0.0)
        for name, variance in (("over", of_over), ("waiting", of_waiting)):
            if place == bands and name == "over":
                continue
            own = slopes.copy()
            if place < bands:
                own[place] = here[name][place]
            added += variance[place] * np.cumsum(own) ** 2
    return added


def _of_noise(name: str, variance: ArrayLike, counts: Numbers) -> Numbers:
    found = figures(f"noise of {name}", variance, at_least=0)
    try:
        np.broadcast_to(found, counts.shape)
    except ValueError:
        raise ValueError(f"noise of {name} has the shape {found.shape}; {name} has {counts.shape}") from None
    return found


def _crossing(edges: Numbers, curve: Numbers, level: float) -> float:
    """Return where a falling curve of straight pieces reaches a level; infinity where it does not."""
    for place in range(1, len(edges)):
        above, below = curve[place - 1], curve[place]
        if np.isnan(below):
            return float("inf")
        if below <= level:
            part = (above - level) / (above - below) if above > below else 0.0
            return float(edges[place - 1] + part * (edges[place] - edges[place - 1]))
    return float("inf")


@dataclass(frozen=True)
class BandedLogRank:
    """Whether groups wait equally long: `chi_square` with `degrees` degrees of freedom, and its `p`."""

    chi_square: float
    degrees: int
    p: float


def banded_log_rank(
    ended: ArrayLike,
    still: ArrayLike,
    noise: tuple[ArrayLike, ArrayLike] = (0.0, 0.0),
) -> BandedLogRank:
    """Compare groups whose waits are known in the same bands.

    Parameters
    ----------
    ended, still
        Of each group, as `life_table`: arrays of shape (groups, k) and (groups, k + 1).
    noise
        Variance of the protection of each count; arrays that broadcast to them.

    Raises
    ------
    ValueError
        Naming the argument and what is allowed; when no wait has ended.
    """
    over, waiting = np.asarray(ended, dtype=np.float64), np.asarray(still, dtype=np.float64)
    if over.ndim != 2 or len(over) < 2:
        raise ValueError(f"ended has the shape {over.shape}; allowed: (groups, bands) of two groups or more")
    if waiting.shape != (len(over), over.shape[1] + 1):
        raise ValueError(f"still has the shape {waiting.shape}; allowed: {(len(over), over.shape[1] + 1)}")
    for name, table in (("ended", over), ("still", waiting)):
        refuse(name, ~np.isfinite(table) | (table < 0), "is no number of 0 or more")
        refuse(name, table > LARGEST, f"is beyond {LARGEST:g}")
    if not over.any():
        raise ValueError("ended holds no wait that is over, so groups cannot be compared")
    score, variance = _score(over, waiting)
    variances = [
        np.broadcast_to(_of_noise(name, one, two), two.shape)
        for name, one, two in zip(("ended", "still"), noise, (over, waiting), strict=True)
    ]
    given = np.concatenate([over.ravel(), waiting.ravel()])
    if any(one.any() for one in variances):
        slopes = _slopes(given, over.shape, score)
        variance = variance + (slopes * np.concatenate([one.ravel() for one in variances])) @ slopes.T
    inverse = np.linalg.pinv(variance[:-1, :-1])
    chi_square = float(score[:-1] @ inverse @ score[:-1])
    degrees = len(over) - 1
    return BandedLogRank(chi_square, degrees, float(special.chdtrc(degrees, chi_square)))


def _score(over: Numbers, waiting: Numbers) -> tuple[Numbers, Numbers]:
    """Return ended less expected of each group, and the variance of it by chance."""
    everyone = over.sum(axis=1) + waiting.sum(axis=1)
    gone = np.cumsum(over + waiting[:, :-1], axis=1)
    entering = everyone[:, None] - np.concatenate([np.zeros((len(over), 1)), gone[:, :-1]], axis=1)
    at_risk = np.maximum(entering - waiting[:, :-1] / 2, 0.0)
    events, total = over.sum(axis=0), at_risk.sum(axis=0)
    share = at_risk / np.where(total > 0, total, 1.0)
    score = (over - share * events).sum(axis=1)
    spare = np.where(total > 1, events * (total - events) / np.maximum(total - 1, 1), 0.0).clip(0)
    return score, np.diag((share * spare).sum(axis=1)) - (share * spare) @ share.T


def _slopes(given: Numbers, shape: tuple[int, int], score: Numbers) -> NDArray[np.float64]:
    """Return how the score of each group moves with each count: shape (groups, counts)."""
    groups, bands = shape
    columns = []
    for place in range(len(given)):
        moved = given.copy()
        moved[place] += 1e-3
        parts = moved[: groups * bands].reshape(shape), moved[groups * bands :].reshape(groups, bands + 1)
        columns.append((_score(*parts)[0] - score) / 1e-3)
    return np.array(columns).T
