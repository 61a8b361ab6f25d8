"""Regression of counts: log-linear, with an offset, and with as much spread as the counts really have.

Source: McCullagh & Nelder (1989), Generalized Linear Models, chapters 6 and 9. The dispersion is Pearson's
chi-square over its degrees of freedom, as R's `quasipoisson`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.checked import Numbers, numbers, same_length
from analysis.statistics.intervals import z_value

_STEPS = 100
_EXACT = 1e-12
#: The log of an expected number is held below this: beyond, an effect runs away.
_HIGHEST = 30.0
#: An expected count below this is on its way to nothing.
_LOWEST = 1e-6


class NoFitError(ValueError):
    """The effects cannot be told apart, or run away; the message says which and why, in words."""


@dataclass(frozen=True, eq=False)
class Regression:
    """A fitted model.

    Attributes
    ----------
    names
        Of the effects.
    effects, errors : arrays of shape (k,)
        On the log scale; errors are widened by the dispersion.
    expected : array of shape (n,)
        Expected counts.
    dispersion
        How many times more spread the counts have than chance alone; below 1 it is not used.
    deviance
        Of the Poisson model.
    degrees
        Observations less effects.
    covariance : array of shape (k, k)
        Of the effects, widened.
    """

    names: tuple[str, ...]
    effects: Numbers
    errors: Numbers
    expected: Numbers
    dispersion: float
    deviance: float
    degrees: int
    covariance: Numbers

    def ratio(self, name: str, confidence: float = 0.95) -> tuple[float, float, float]:
        """Return an effect as a rate ratio, with its limits."""
        place = self.names.index(name)
        reach = z_value(confidence) * self.errors[place]
        return tuple(float(np.exp(self.effects[place] + side * reach)) for side in (0, -1, 1))  # type: ignore[return-value]


def regression(
    count: ArrayLike,
    design: dict[str, ArrayLike],
    *,
    population: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    quasi: bool = True,
) -> Regression:
    """Fit counts.

    Parameters
    ----------
    count : array of shape (n,), 0 or more; cells that are published with noise need not be whole
    design : effects by name, arrays of shape (n,)
        An intercept is added.
    population : array of shape (n,), above 0
        What a count is a rate of; left out of the model when None.
    weight : array of shape (n,), 0 or more
        Of each observation.
    quasi
        Whether errors are widened by the dispersion; 1 is used where it is smaller.

    Returns
    -------
    Regression

    Raises
    ------
    ValueError
        Naming the argument and its first bad index.
    NoFitError
        When the effects cannot be told apart, there are too few observations, or an effect runs away.
    """
    counts = numbers("count", count, at_least=0)
    columns = {
        "intercept": np.ones(len(counts)),
        **{name: numbers(name, one) for name, one in design.items()},
    }
    people = np.ones(len(counts)) if population is None else numbers("population", population, above=0)
    weights = np.ones(len(counts)) if weight is None else numbers("weight", weight, at_least=0)
    same_length(count=counts, population=people, weight=weights, **columns)
    matrix = np.column_stack(list(columns.values()))
    degrees = int((weights > 0).sum()) - matrix.shape[1]
    if degrees < 1:
        raise NoFitError(f"There are {len(counts)} observations for {matrix.shape[1]} effects.")
    if not counts.any():
        raise NoFitError("No observation has any event.")
    if np.linalg.matrix_rank(matrix * (weights > 0)[:, None]) < matrix.shape[1]:
        raise NoFitError(f"The effects {', '.join(design)} cannot be told apart.")
    effects, expected, information = _newton(matrix, counts, np.log(people), weights)
    pearson = float((weights * (counts - expected) ** 2 / expected).sum())
    dispersion = pearson / degrees
    covariance = np.linalg.inv(information) * (max(dispersion, 1.0) if quasi else 1.0)
    logs = np.where(counts > 0, counts * np.log(np.where(counts > 0, counts, 1.0) / expected), 0.0)
    deviance = float(2 * (weights * (logs - counts + expected)).sum())
    return Regression(
        tuple(columns),
        effects,
        np.sqrt(np.diag(covariance)),
        expected,
        dispersion,
        deviance,
        degrees,
        covariance,
    )


def _newton(
    matrix: Numbers, counts: Numbers, offset: Numbers, weights: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    start = np.log(counts + 0.5) - offset
    root = np.sqrt(weights * (counts + 0.5))
    effects = np.linalg.lstsq(matrix * root[:, None], start * root, rcond=None)[0]
    scale = max(1.0, float((weights * counts).sum()))
    for _ in range(_STEPS):
        linear = matrix @ effects + offset
        if not np.all(np.abs(linear) < _HIGHEST):
            break
        expected = np.exp(linear)
        information = (matrix.T * (weights * expected)) @ matrix
        left = matrix.T @ (weights * (counts - expected))
        if np.abs(left).max() <= _EXACT * scale:
            if expected.min() < _LOWEST:
                break
            return effects.astype(np.float64), expected, information
        try:
            step = np.linalg.solve(information, left)
        except np.linalg.LinAlgError:
            break
        longest = float(np.abs(matrix @ step).max())
        effects = effects + step * min(1.0, 2.0 / longest)
    else:
        # As near as the numbers go: what is left is rounding.
        if np.abs(left).max() <= 1e-8 * scale and expected.min() >= _LOWEST:
            return effects.astype(np.float64), expected, information
    raise NoFitError("An effect runs away: on one side of it nothing was counted.")
