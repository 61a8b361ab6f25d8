"""Waits of which some are not over: Kaplan and Meier's curve, its quantiles, and whether groups differ.

Sources: Kaplan & Meier (1958), J. Am. Stat. Assoc. 53, 457-481; Greenwood (1926) for the variance;
Kalbfleisch & Prentice (1980) for the log-log interval; Brookmeyer & Crowley (1982), Biometrics 38, 29-41, for
limits of quantiles; Mantel (1966), Cancer Chemother. Rep. 50, 163-170, for the log-rank test.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.checked import Flags, Numbers, flags, numbers, same_length
from analysis.statistics.intervals import z_value

Transform = Literal["log-log", "log", "plain"]
TRANSFORMS = ("log-log", "log", "plain")
#: Shares that differ by less are the same: sums of fractions.
_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Curve:
    """The share who still wait, after each time at which a wait ended.

    Attributes
    ----------
    times, at_risk, events, survival, lower, upper : arrays of shape (k,)
        `lower` and `upper` are NaN where nobody is left who waits: there is no interval.
    """

    times: Numbers
    at_risk: Numbers
    events: Numbers
    survival: Numbers
    lower: Numbers
    upper: Numbers

    def quantile(self, share: float) -> tuple[float, float, float]:
        """Return by when a share of the waits is over, and its limits.

        Parameters
        ----------
        share
            0.5 for the median, 0.9 for the time after which one in ten still waits.

        Returns
        -------
        (value, lower, upper)
            In the unit of the times; infinity where the curve (or its limit) does not come down so far.

        Raises
        ------
        ValueError
            If `share` is not between 0 and 1.
        """
        if not 0 < share < 1:
            raise ValueError(f"share is {share}; allowed: more than 0 and less than 1")
        return (
            self._reaches(self.survival, 1 - share),
            self._reaches(self.lower, 1 - share),
            self._reaches(self.upper, 1 - share),
        )

    def _reaches(self, curve: Numbers, level: float) -> float:
        known = np.where(np.isnan(curve), 0.0, curve)
        below = np.flatnonzero(known <= level + _SAME)
        if not len(below):
            return float("inf")
        first = int(below[0])
        # A curve that is level there is between: the middle of the step is taken, as R does.
        if abs(known[first] - level) <= _SAME and first + 1 < len(self.times):
            return float((self.times[first] + self.times[first + 1]) / 2)
        return float(self.times[first])


def kaplan_meier(
    time: ArrayLike, ended: ArrayLike, confidence: float = 0.95, transform: Transform = "log-log"
) -> Curve:
    """Return the share who still wait.

    Parameters
    ----------
    time : array of shape (n,)
        How long each wait lasted, or has lasted so far; 0 or more.
    ended : array of shape (n,)
        1 where it is over, 0 where it still goes on.
    confidence
        Of the two-sided interval.
    transform
        On which scale the interval is normal: ``log-log``, ``log`` (R's own) or ``plain``.

    Raises
    ------
    ValueError
        Naming the argument and its first bad index; and when no wait has ended.
    """
    waits, over = numbers("time", time, at_least=0), flags("ended", ended)
    same_length(time=waits, ended=over)
    if transform not in TRANSFORMS:
        raise ValueError(f"transform is {transform!r}; allowed: {', '.join(TRANSFORMS)}")
    if not over.any():
        raise ValueError("ended holds no wait that is over, so no share can be given")
    times, at_risk, events = _life_table(waits, over)
    survival: Numbers = np.cumprod(1 - events / at_risk).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        lower, upper = _limits(survival, variance, z_value(confidence), transform)
    return Curve(times, at_risk, events, survival, lower, upper)


def _life_table(waits: Numbers, over: Flags) -> tuple[Numbers, Numbers, Numbers]:
    times, place = np.unique(waits[over], return_inverse=True)
    at_risk = len(waits) - np.searchsorted(np.sort(waits), times, side="left")
    return times, at_risk.astype(np.float64), np.bincount(place).astype(np.float64)


def _limits(survival: Numbers, variance: Numbers, z: float, transform: Transform) -> tuple[Numbers, Numbers]:
    root = z * np.sqrt(variance)
    if transform == "plain":
        lower, upper = survival - root * survival, survival + root * survival
    elif transform == "log":
        lower, upper = survival * np.exp(-root), survival * np.exp(root)
    else:
        reach = root / np.log(survival)
        lower, upper = survival ** np.exp(-reach), survival ** np.exp(reach)
    none = survival <= _SAME
    return tuple(np.where(none, np.nan, np.clip(one, 0, 1)) for one in (lower, upper))  # type: ignore[return-value]


@dataclass(frozen=True)
class LogRank:
    """Whether groups wait equally long.

    Attributes
    ----------
    chi_square, degrees, p
        Of the test.
    observed, expected
        Ended waits of each group, and how many there would be were all alike.
    """

    chi_square: float
    degrees: int
    p: float
    observed: dict[str, float]
    expected: dict[str, float]


def log_rank(time: ArrayLike, ended: ArrayLike, group: ArrayLike) -> LogRank:
    """Compare groups.

    Parameters
    ----------
    time, ended
        As `kaplan_meier`.
    group : array of shape (n,) of names

    Raises
    ------
    ValueError
        As `kaplan_meier`; and with fewer than two groups.
    """
    waits, over = numbers("time", time, at_least=0), flags("ended", ended)
    names = np.asarray(group, dtype=np.str_)
    same_length(time=waits, ended=over, group=names)
    groups = np.unique(names)
    if len(groups) < 2:
        raise ValueError(f"group holds {len(groups)} name; allowed: two or more")
    if not over.any():
        raise ValueError("ended holds no wait that is over, so groups cannot be compared")
    times, at_risk, events = _life_table(waits, over)
    here = np.array([[(waits[names == one] >= t).sum() for t in times] for one in groups], dtype=np.float64)
    ended_here = np.array([[((waits == t) & over & (names == one)).sum() for t in times] for one in groups])
    expected = here * events / at_risk
    share = here / at_risk
    # Of one person at risk nothing varies; the fraction is 0/0 and counts nothing.
    spare = np.where(at_risk > 1, events * (at_risk - events) / np.maximum(at_risk - 1, 1), 0.0)
    variance = np.diag((share * spare).sum(axis=1)) - (share * spare) @ share.T
    difference = (ended_here - expected).sum(axis=1)
    inverse = np.linalg.pinv(variance[:-1, :-1])
    chi_square = float(difference[:-1] @ inverse @ difference[:-1])
    return LogRank(
        chi_square,
        len(groups) - 1,
        float(special.chdtrc(len(groups) - 1, chi_square)),
        dict(zip(map(str, groups), map(float, ended_here.sum(axis=1)), strict=True)),
        dict(zip(map(str, groups), map(float, expected.sum(axis=1)), strict=True)),
    )
