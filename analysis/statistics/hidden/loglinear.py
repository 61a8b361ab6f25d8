"""Poisson log-linear models of capture histories, fitted where a fit exists.

A model has an effect for each list and some interactions. The expected number of persons with history ω is
exp of the sum of all effects that are part of ω; that of nobody's history, on no list at all, is exp of the
intercept. An interaction that nobody has (N*θ = 0) has the estimate minus infinity: every history that
contains it is impossible and leaves the table, and the term is still counted as a parameter.

Sources: Chan, Silverman & Vincent (2021), J. Am. Stat. Assoc. 116, 1297-1306 (minus infinity, existence and
identifiability); Fienberg & Rinaldo (2012), Ann. Stat. 40, 996-1023 (when an estimate exists).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special
from scipy.optimize import linprog
from scipy.sparse import bmat, csr_matrix, eye

from analysis.statistics.checked import Flags, Numbers
from analysis.statistics.hidden.histories import CaptureTable, columns

STEPS = 60
#: The largest step of an effect: a factor of e^4 in an expected number.
LONGEST_STEP = 4.0
EXACT = 1e-11
#: Expected numbers this many times larger than what is left unbalanced prove that an estimate exists.
CERTAIN = 1e4


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted model.

    Attributes
    ----------
    interactions
        Those with a finite effect, as sets of bits, in the order in which they were given.
    impossible
        Those that nobody has: minus infinity.
    intercept
        Log of the expected number of persons on no list.
    information : array of shape (effects, effects)
        Of the effects, as they are listed below.
    expected : array of shape (2**t - 1,)
        Expected persons of each history; 0 where it is impossible.
    effects
        Intercept, lists that have anybody, interactions.
    log_likelihood
        Of the Poisson model, constants included.
    deviance
        Twice what the saturated model is better by.
    persons
        Observed.
    parameters
        How many effects were fitted, those of minus infinity included.
    """

    interactions: tuple[int, ...]
    impossible: tuple[int, ...]
    intercept: float
    information: Numbers
    expected: Numbers
    effects: Numbers
    log_likelihood: float
    deviance: float
    persons: float
    parameters: int

    @property
    def hidden(self) -> float:
        """Expected persons on no list."""
        return float(np.exp(self.intercept))

    @property
    def total(self) -> float:
        """Observed persons and those on no list."""
        return self.persons + self.hidden

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return 2 * self.parameters - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion; its sample size is the number of persons observed."""
        return float(self.parameters * np.log(self.persons)) - 2 * self.log_likelihood

    def wald(self, z: float) -> tuple[float, float]:
        """Return limits of the total, normal on the log of the hidden number, given the model."""
        variance = float(np.linalg.inv(self.information)[0, 0])
        factor = float(np.exp(z * np.sqrt(variance)))
        return self.persons + self.hidden / factor, self.persons + self.hidden * factor


def fit(table: CaptureTable, interactions: Iterable[int] = (), start: Fit | None = None) -> Fit | None:
    """Fit a model by maximum likelihood.

    Parameters
    ----------
    table
        At least one person.
    interactions
        Sets of two or more lists. With an interaction of three lists its pairs must be there too.
    start
        A fit of a model with fewer interactions, to begin from.

    Returns
    -------
    Fit or None
        None where the effects cannot all be told apart, or no estimate exists.
    """
    lists = len(table.lists)
    terms = tuple(interactions)
    singles = tuple(1 << place for place in range(lists))
    numbers = table.on_all((*singles, *terms))
    empty = tuple(one for one, number in zip(singles, numbers[:lists], strict=True) if not number)
    finite = tuple(one for one, number in zip(terms, numbers[lists:], strict=True) if number)
    impossible = tuple(one for one in terms if one not in finite)
    kept, design, has_full_rank = design_of(lists, empty, finite, impossible)
    if not has_full_rank:
        return None
    counts = table.counts[kept]
    effects, expected, information = _newton(design, counts, _begin(design, counts, finite, start))
    if not _exists(design, counts, expected):
        return None
    whole = np.zeros_like(table.counts)
    whole[kept] = expected
    ratio = special.xlogy(counts, np.where(counts > 0, counts, 1.0) / expected)
    likelihood = float((special.xlogy(counts, expected) - expected - special.gammaln(counts + 1)).sum())
    return Fit(
        interactions=finite,
        impossible=(*empty, *impossible),
        intercept=float(effects[0]),
        information=information,
        expected=whole,
        effects=effects,
        log_likelihood=likelihood,
        deviance=float(2 * (ratio - counts + expected).sum()),
        persons=table.persons,
        parameters=1 + lists + len(terms),
    )


@lru_cache(maxsize=20_000)
def design_of(
    lists: int, empty: tuple[int, ...], finite: tuple[int, ...], impossible: tuple[int, ...]
) -> tuple[Flags, Numbers, bool]:
    """Return which histories are possible, the model's matrix over these, and whether its columns differ."""
    kept: Flags = columns(lists, (*empty, *impossible)).sum(axis=1) == 0
    singles = tuple(1 << place for place in range(lists) if 1 << place not in empty)
    effects = columns(lists, (*singles, *finite))[kept]
    design = np.hstack([np.ones((len(effects), 1)), effects])
    has_full_rank = len(design) >= design.shape[1] == int(np.linalg.matrix_rank(design))
    for part in (kept, design):
        part.setflags(write=False)
    return kept, design, has_full_rank


def _begin(design: Numbers, counts: Numbers, finite: tuple[int, ...], start: Fit | None) -> Numbers:
    """Return effects to begin from: of a smaller model, else what fits the logarithms."""
    if start is not None and start.interactions == finite[: len(start.interactions)]:
        known = len(start.effects)
        if known + len(finite) - len(start.interactions) == design.shape[1]:
            return np.concatenate([start.effects, np.zeros(design.shape[1] - known)])
    root = np.sqrt(counts + 0.1)
    return np.linalg.lstsq(design * root[:, None], np.log(counts + 0.1) * root, rcond=None)[0]


def _newton(design: Numbers, counts: Numbers, effects: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return effects, expected numbers and information of the largest likelihood, as far as it goes."""
    balance = design.T @ counts
    scale = max(1.0, float(counts.sum()))

    def likelihood(linear: Numbers) -> float:
        return float(counts @ linear - np.exp(linear).sum())

    linear = np.minimum(design @ effects, 50.0)
    best, is_near = likelihood(linear), False
    for _ in range(STEPS):
        expected = np.exp(linear)
        information = (design.T * expected) @ design
        left = balance - design.T @ expected
        # Near enough, one more step is as exact as numbers are: the proof that an estimate exists needs it.
        if is_near:
            break
        is_near = bool(np.abs(left).max() <= EXACT * scale)
        try:
            step = np.linalg.solve(information, left)
        except np.linalg.LinAlgError:  # an effect runs away: whether an estimate exists is decided elsewhere
            break
        longest = float(np.abs(design @ step).max())
        part = min(1.0, LONGEST_STEP / longest) if longest else 1.0
        while part > 1e-6:
            tried = design @ (effects + part * step)
            value = likelihood(np.minimum(tried, 700.0))
            if value >= best - 1e-12 * abs(best):
                break
            part /= 2
        else:
            break
        effects, linear, best = effects + part * step, tried, max(value, best)
    expected = np.exp(np.minimum(linear, 700.0))
    return effects, expected, (design.T * expected) @ design


def _exists(design: Numbers, counts: Numbers, expected: Numbers) -> bool:
    """Tell whether a largest likelihood exists: whether some positive table has the same margins.

    The fitted table has nearly the same margins. Where all of it is far above what is missing, correcting it
    leaves it positive, and it is the proof; else a linear programme looks for one.
    """
    unbalanced = float(np.abs(design.T @ (counts - expected)).max())
    if np.isfinite(unbalanced) and expected.min() > CERTAIN * max(unbalanced, 1e-300):
        return True
    # Which histories must stay empty depends on those that nobody has, not on how many have the others.
    return _has_positive_table(design.shape, design.tobytes(), (counts > 0).astype(np.float64).tobytes())


@lru_cache(maxsize=50_000)
def _has_positive_table(shape: tuple[int, int], design_bytes: bytes, support_bytes: bytes) -> bool:
    """Maximise s where A'x = A'n and x >= s >= 0, n being 1 where there is anybody: s above 0 is a table."""
    design = np.frombuffer(design_bytes).reshape(shape)
    counts = np.frombuffer(support_bytes)
    cells, effects = shape
    upper = bmat([[-eye(cells), csr_matrix(np.ones((cells, 1)))]]).tocsr()
    equal = bmat([[csr_matrix(design.T), csr_matrix((effects, 1))]]).tocsr()
    goal = np.zeros(cells + 1)
    goal[-1] = -1.0
    solved = linprog(
        goal,
        A_ub=upper,
        b_ub=np.zeros(cells),
        A_eq=equal,
        b_eq=design.T @ counts,
        bounds=[(0, None)] * (cells + 1),
        method="highs",
    )
    return bool(solved.status == 0 and -solved.fun > 1e-7)
