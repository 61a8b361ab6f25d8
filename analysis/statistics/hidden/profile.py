"""The interval of the first estimate for the United Kingdom: multinomial profile likelihood, given a model.

Given the model alone, it leaves out that the model was chosen from the same table; it is shown for comparison
and never alone. Sources: Cormack (1992), Biometrics 48, 567-576; Baillargeon & Rivest (2007), J. Stat. Softw.
19(5); Silverman (2014), Home Office.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from analysis.statistics.hidden.histories import CaptureTable, columns
from analysis.statistics.hidden.loglinear import Fit

_STEPS = 100
_EXACT = 1e-12


@dataclass(frozen=True)
class Profile:
    """Largest likelihood of the total number of persons, and the limits around it."""

    total: float
    lower: float
    upper: float


def profile(table: CaptureTable, model: Fit, confidence: float = 0.95) -> Profile:
    """Return where the likelihood of the total is largest, and where it has fallen to its limit.

    Parameters
    ----------
    table
        At least one person.
    model
        A fit to it without impossible histories.
    confidence
        Of the two-sided interval.

    Raises
    ------
    ValueError
        If the model has impossible histories: their effects have no place in this likelihood.
    """
    if model.impossible:
        raise ValueError("model holds an interaction that nobody has")
    lists, persons = len(table.lists), table.persons
    singles = tuple(1 << place for place in range(lists))
    seen = columns(lists, (*singles, *model.interactions))
    design = np.hstack([np.ones((len(seen) + 1, 1)), np.vstack([np.zeros(seen.shape[1]), seen])])
    effects = model.effects

    def likelihood(hidden: float) -> float:
        """Return the largest likelihood of all effects when so many are on no list."""
        nonlocal effects
        counts = np.concatenate([[hidden], table.counts])
        for _ in range(_STEPS):
            expected = np.exp(design @ effects)
            left = design.T @ (counts - expected)
            if np.abs(left).max() <= _EXACT * (persons + hidden):
                break
            effects = effects + np.linalg.solve((design.T * expected) @ design, left)
        chances = expected / expected.sum()
        total = persons + hidden
        return float(
            special.gammaln(total + 1)
            - special.gammaln(counts + 1).sum()
            + special.xlogy(counts, chances).sum()
        )

    start = model.hidden
    best = optimize.minimize_scalar(
        lambda log: -likelihood(float(np.exp(log))),
        bounds=(np.log(start) - 1, np.log(start) + 1),
        method="bounded",
        options={"xatol": 1e-9},
    )
    peak, top = float(np.exp(best.x)), -float(best.fun)
    fall = float(special.chdtri(1, 1 - confidence)) / 2

    def below(hidden: float) -> float:
        return likelihood(hidden) - (top - fall)

    low = peak
    while low > 1e-3 and below(low) > 0:
        low /= 1.3
    high = peak
    while below(high) > 0:
        high *= 1.3
    lower = optimize.brentq(below, low, peak, xtol=1e-6) if below(low) < 0 else 0.0
    upper = optimize.brentq(below, peak, high, xtol=1e-6)
    return Profile(persons + peak, persons + float(lower), persons + float(upper))
