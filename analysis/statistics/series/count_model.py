"""Small counts over time: a level that drifts, and counts that are Poisson around it.

Source: Harvey & Fernandes (1989), J. Bus. Econ. Stat. 7, 407-417. What was seen counts less by the factor
`discount` with each period; the counts to come then are negative binomial. Seasons are factors of the level.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from analysis.statistics.checked import Numbers
from analysis.statistics.series.negative_binomial import at_most, log_chance, quantile

_LOWEST, _HIGHEST = 0.3, 1.0
#: Whole years that seasons need.
FEWEST_YEARS = 3


@dataclass(frozen=True, eq=False)
class CountFit:
    """A fitted model.

    Attributes
    ----------
    discount
        1 for a level that never changes.
    season : array of shape (periods of a year,)
        Factors, mean 1; one 1 without seasons.
    aicc
        Lower is better; of one series.
    shape, weight
        Of the gamma distribution of the newest level.
    last
        Place of the newest period in its year.
    """

    discount: float
    season: Numbers
    aicc: float
    shape: float
    weight: float
    last: int

    @property
    def name(self) -> str:
        """In words."""
        return "counts with a drifting level" + (" and seasons" if len(self.season) > 1 else "")

    def quantiles(self, horizon: int, chances: tuple[float, ...], noise_variance: float) -> Numbers:
        """Return quantiles of each period to come, shape (horizon, chances), with the protection's change."""
        rows = []
        for step in range(1, horizon + 1):
            factor = self.season[(self.last + step) % len(self.season)]
            kept = self.discount**step
            # A gamma level of the same mean, less certain with each period.
            shape, weight = self.shape * kept, self.weight * kept / factor
            rows.append(_quantiles(shape, weight / (1 + weight), chances, noise_variance))
        return np.array(rows)


def fit_counts(counts: Numbers, periods_a_year: int) -> CountFit:
    """Return the model, with seasons where AICc asks for them.

    Parameters
    ----------
    counts : array of shape (n,), 0 or more, not all 0
    periods_a_year
        1 for no season.
    """
    found = [_fit(counts, np.ones(1), 1)]
    if periods_a_year > 1 and len(counts) >= FEWEST_YEARS * periods_a_year:
        places = np.arange(len(counts)) % periods_a_year
        totals = np.bincount(places, counts, periods_a_year) / np.bincount(places, minlength=periods_a_year)
        drawn = totals + 0.5 * counts.mean() / np.sqrt(len(counts))  # no month is impossible
        found.append(_fit(counts, drawn / drawn.mean(), periods_a_year))
    return min(found, key=lambda one: one.aicc)


def _fit(counts: Numbers, season: Numbers, parameters: int) -> CountFit:
    factors = season[np.arange(len(counts)) % len(season)]

    def loss(discount: float) -> float:
        return -_run(counts, factors, discount)[0]

    best = optimize.minimize_scalar(loss, bounds=(_LOWEST, _HIGHEST), method="bounded")
    discount = float(best.x) if best.fun < loss(1.0) else 1.0
    likelihood, shape, weight = _run(counts, factors, discount)
    k = parameters + 1
    spare = max(len(counts) - k - 1, 1)
    aicc = -2 * likelihood + 2 * k + 2 * k * (k + 1) / spare
    return CountFit(discount, season, float(aicc), shape, weight, (len(counts) - 1) % len(season))


def _run(counts: Numbers, factors: Numbers, discount: float) -> tuple[float, float, float]:
    """Return the log-likelihood from the first event on, and the level after the last period."""
    first = int(np.flatnonzero(counts)[0])
    steps = np.arange(len(counts))
    # After each period: sums of what was seen, each less by the discount for its age.
    powers = discount ** (steps[:, None] - steps[None, :]).clip(min=0) * (steps[:, None] >= steps[None, :])
    shapes, weights = powers @ counts, powers @ factors
    before = slice(first, len(counts) - 1)
    shape, weight = discount * shapes[before], discount * weights[before] / factors[first + 1 :]
    likelihood = log_chance(np.round(counts[first + 1 :]), shape, weight / (1 + weight)).sum()
    return float(likelihood), float(shapes[-1]), float(weights[-1])


def _quantiles(size: float, share: float, chances: tuple[float, ...], noise_variance: float) -> list[float]:
    if not noise_variance:
        return [quantile(chance, size, share) for chance in chances]
    most = int(quantile(1 - 1e-6, size, share)) + 1
    reach = int(np.ceil(5 * np.sqrt(noise_variance)))
    changes = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * noise_variance))
    steps = np.diff(at_most(np.arange(-1, most + 1), size, share))
    below = np.cumsum(np.convolve(steps, changes / changes.sum()))
    return [max(float(np.searchsorted(below, chance) - reach), 0.0) for chance in chances]
