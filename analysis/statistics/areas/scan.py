"""Clusters in space and time: neighbouring areas and following periods with more counts than expected.

The space-time scan: cylinders (an area with its nearest others, over some periods) are compared by Poisson
likelihood, and the best one is held against the best of tables drawn without any cluster (Monte Carlo), so
that looking at thousands of cylinders is paid for.
Sources: Kulldorff (1997), Commun. Stat. Theory Methods 26, 1481-1496; Kulldorff (2001), J. R. Stat. Soc. A
164, 61-72; for counts expected from areas and periods alone, Kulldorff et al. (2005), PLoS Med. 2, e59.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.checked import Numbers, figures, refuse

DRAWS = 999
#: A cylinder holds at most this share of all that is expected: more is no cluster but the rest of a gap.
LARGEST = 0.5
_AT_ONCE = 50


@dataclass(frozen=True)
class Cluster:
    """The cylinder with the most counts above what is expected.

    Attributes
    ----------
    areas
        Places of its areas; the one in the middle comes first.
    first, last
        Its periods, counted from 0.
    observed, expected
        Counts inside.
    ratio
        Observed over expected inside, over the same outside.
    likelihood
        Logarithm of its likelihood ratio.
    p
        Share of tables without a cluster whose best cylinder is as good, the real one counted.
    """

    areas: tuple[int, ...]
    first: int
    last: int
    observed: float
    expected: float
    ratio: float
    likelihood: float
    p: float


def expected_alone(count: ArrayLike) -> Numbers:
    """Return the counts expected from how many each area and each period has, if neither moves apart.

    Parameters
    ----------
    count : array of shape (areas, periods), 0 or more

    Returns
    -------
    array of shape (areas, periods), of the same sum
    """
    table = _table("count", count)
    whole = table.sum()
    return np.asarray(table.sum(axis=1)[:, None] * table.sum(axis=0)[None, :] / max(whole, 1e-300))


def scan(
    count: ArrayLike,
    expected: ArrayLike | None,
    distance: ArrayLike,
    *,
    dispersion: float = 1.0,
    noise_variance: float = 0.0,
    only_newest: bool = False,
    draws: int = DRAWS,
    seed: int = 0,
) -> Cluster | None:
    """Return the most likely cluster; None where nothing lies above what is expected.

    Parameters
    ----------
    count : array of shape (areas, periods), 0 or more
        Published counts need not be whole.
    expected : array of the same shape, 0 or more
        Such as persons times the rate of all. `expected_alone` when None: a cluster then is what neither an
        area that always has more explains, nor a period in which all have more; drawn tables are held against
        what is expected of them alone as well.
    distance : array of shape (areas, areas), 0 or more
        Between areas, in any unit; infinite where two never belong together.
    dispersion
        How many times more spread the counts have than chance alone; tables are drawn with it.
    noise_variance
        What the protection adds to the variance of each count; drawn as well.
    only_newest
        Whether only cylinders that reach to the newest period are looked at.
    draws, seed
        Tables without a cluster: the least p is ``1 / (draws + 1)``.

    Returns
    -------
    Cluster or None

    Raises
    ------
    ValueError
        Naming the argument and its first bad index, or its shape.
    """
    table = _table("count", count)
    is_alone = expected is None
    usual = expected_alone(table) if expected is None else _table("expected", expected)
    apart = np.asarray(distance, dtype=np.float64)
    areas, periods = table.shape
    if usual.shape != table.shape:
        raise ValueError(f"expected has the shape {usual.shape}; count has {table.shape}")
    if apart.shape != (areas, areas):
        raise ValueError(f"distance has the shape {apart.shape}; allowed: {(areas, areas)}")
    if np.isnan(apart).any() or (apart < 0).any():
        bad = np.argwhere(np.isnan(apart) | (apart < 0))[0]
        raise ValueError(f"distance[{bad[0]}, {bad[1]}] is no number of 0 or more")
    if not dispersion >= 1 or not noise_variance >= 0 or draws < 1:
        raise ValueError("dispersion, noise_variance or draws is too small; allowed: 1, 0 and 1, or more")
    whole = float(table.sum())
    if not whole or not usual.sum():
        return None
    usual = usual * whole / usual.sum()
    zones = _zones(apart, usual.sum(axis=1))
    spans = [
        (first, last)
        for last in range(periods)
        for first in range(last + 1)
        if not only_newest or last == periods - 1
    ]
    cylinders = _Cylinders(zones, spans, usual)
    [best], [place] = cylinders.best(table[None], is_alone=is_alone)
    if best <= 0:
        return None
    above = 0
    random = np.random.default_rng(seed)
    for start in range(0, draws, _AT_ONCE):
        number = min(_AT_ONCE, draws - start)
        drawn = _drawn(usual, number, random, dispersion, noise_variance)
        above += int((cylinders.best(drawn, is_alone=is_alone)[0] >= best - 1e-9).sum())
    zone, span = divmod(int(place), len(spans))
    first, last = spans[span]
    members = tuple(int(one) for one in zones[zone])
    inside = float(table[list(members), first : last + 1].sum())
    usually = float(usual[list(members), first : last + 1].sum())
    outside = (whole - inside) / (whole - usually) if whole > usually else 0.0
    ratio = inside / usually / outside if outside else float("inf")
    return Cluster(members, first, last, inside, usually, ratio, float(best), (1 + above) / (1 + draws))


class _Cylinders:
    """Zones times spans of periods, with what is expected in each."""

    def __init__(self, zones: list[tuple[int, ...]], spans: list[tuple[int, int]], usual: Numbers) -> None:
        self.member = np.zeros((len(zones), len(usual)))
        for number, zone in enumerate(zones):
            self.member[number, list(zone)] = 1.0
        self.first = np.array([first for first, _ in spans])
        self.after = np.array([last + 1 for _, last in spans])
        self.usual = self._sums(usual[None])[0]
        self.whole = float(usual.sum())
        self.is_small = self.usual <= LARGEST * self.whole + 1e-9

    def _sums(self, tables: Numbers) -> Numbers:
        """Return sums of each cylinder, shape (tables, zones, spans)."""
        return self._spans(self.member @ tables)

    def _spans(self, tables: Numbers) -> Numbers:
        """Return sums over each span of periods, which are the last axis."""
        running = np.concatenate([np.zeros((*tables.shape[:2], 1)), tables.cumsum(axis=2)], axis=2)
        return np.asarray(running[:, :, self.after] - running[:, :, self.first])

    def best(self, tables: Numbers, *, is_alone: bool) -> tuple[Numbers, np.ndarray]:
        """Return the highest log-likelihood ratio of each table, and its cylinder; 0 where none is above."""
        inside = self._sums(tables)
        # A table's own sum may differ from what is expected: the protection changes each count.
        whole = np.maximum(tables.sum(axis=(1, 2)), 1e-300)[:, None, None]
        if is_alone:
            by_area, by_period = tables.sum(axis=2)[:, :, None], tables.sum(axis=1)[:, None, :]
            usual = (self.member @ by_area) * self._spans(by_period) / whole
        else:
            usual = self.usual[None] * whole / self.whole
        outside, usual_outside = whole - inside, whole - usual
        with np.errstate(divide="ignore", invalid="ignore"):
            gains = special.xlogy(inside, inside / usual) + special.xlogy(outside, outside / usual_outside)
        is_above = (inside > usual) & self.is_small[None] & (self.usual[None] > 0)
        gains = np.where(is_above & np.isfinite(gains), gains, 0.0).reshape(len(tables), -1)
        places = gains.argmax(axis=1)
        return gains[np.arange(len(tables)), places], places


def _zones(apart: Numbers, usual: Numbers) -> list[tuple[int, ...]]:
    """Return each area with its nearest others, up to half of all that is expected; each zone once."""
    found: dict[frozenset[int], tuple[int, ...]] = {}
    for middle in range(len(apart)):
        order = [middle, *(int(one) for one in np.argsort(apart[middle], kind="stable") if one != middle)]
        reach = [one for one in order if one == middle or np.isfinite(apart[middle, one])]
        held = usual[reach].cumsum()
        for number in range(1, len(reach) + 1):
            if number > 1 and held[number - 1] > LARGEST * usual.sum():
                break
            found.setdefault(frozenset(reach[:number]), tuple(reach[:number]))
    return list(found.values())


def _drawn(
    usual: Numbers, number: int, random: np.random.Generator, dispersion: float, noise_variance: float
) -> Numbers:
    """Return tables without a cluster, shape (number, areas, periods)."""
    shape = (number, *usual.shape)
    rates = np.broadcast_to(usual, shape)
    if dispersion > 1:  # the gamma mixture of Poisson counts whose variance is that many times the mean
        scale = dispersion - 1
        rates = np.where(rates > 0, random.gamma(np.maximum(rates / scale, 1e-12), scale), 0.0)
    tables = random.poisson(rates).astype(np.float64)
    if noise_variance:
        tables = tables + np.round(random.normal(0, np.sqrt(noise_variance), shape))
    return np.asarray(np.maximum(tables, 0))


def _table(name: str, values: ArrayLike) -> Numbers:
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or not table.size:
        raise ValueError(f"{name} has the shape {table.shape}; allowed: (areas, periods)")
    refuse(name, np.isnan(table), "is no number")
    return figures(name, table, at_least=0)
