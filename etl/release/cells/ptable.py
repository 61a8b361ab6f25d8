"""The perturbation table: which change a count gets, by its record-key sum.

The cell key method of Fraser and Wooton (2005), with the maximum-entropy rows of Marley and Leaver (2011)
and Giessing (2016), as the ONS and Eurostat use it. For a true count, the change is at most ``d`` either
way, has mean exactly 0 and variance exactly ``v``, never makes a count of 1 to ``js`` and never one below
0; otherwise it is as random as it can be. Each row is cut into whole keys by an integer program, and the
order of the keys is shuffled row by row from the secret, so that nobody without it can tell which key gives
which change.
"""

import functools
import hashlib
import hmac

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from etl.errors import EtlError

ROWS = 750
REPEATED = 250  # counts above ROWS use the last REPEATED rows again and again
CLOSE_ENOUGH = 1e-12
STEPS = 200
# Between two cuts equally near to the probabilities (mirror images of a symmetric row) the one with less
# weight far above zero is taken, so that the table is unique. Too small to change which cut is nearest.
TIE_BREAK = 1e-6

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def possible_noise(count: int, d: int, js: int) -> Integers:
    """Return the changes that a true count may get, in rising order."""
    noise = np.arange(-d, d + 1)
    made = count + noise
    return noise[(made == 0) | (made > js)]


def probabilities(noise: Integers, v: float) -> Floats:
    """Return the maximum-entropy distribution with mean 0 and variance ``v`` over some changes.

    Parameters
    ----------
    noise
        The changes that are possible, shape (n,).
    v
        Variance, in squared counts.

    Returns
    -------
    numpy.ndarray
        Probabilities, shape (n,), that sum to 1.

    Raises
    ------
    EtlError
        When no distribution over these changes has that variance.

    Notes
    -----
    The distribution is ``exp(a·x + b·(x² − v))``, normalised; a and b minimise the convex dual, by damped
    Newton.
    """
    moments = np.stack([noise.astype(float), noise.astype(float) ** 2 - v])
    multipliers = np.zeros(2)
    for _ in range(STEPS):
        weights = _weights(multipliers, moments)
        gap = moments @ weights
        if np.abs(gap).max() < CLOSE_ENOUGH:
            return weights
        curvature = (moments * weights) @ moments.T - np.outer(gap, gap)
        step = np.linalg.lstsq(curvature, gap, rcond=None)[0]
        size = 1.0
        while size > TIE_BREAK and _dual(multipliers - size * step, moments) > _dual(multipliers, moments):
            size /= 2
        multipliers = multipliers - size * step
    raise _impossible(f"no noise of at most {noise.max()} either way has variance {v:g} for every count")


def _weights(multipliers: Floats, moments: Floats) -> Floats:
    exponents = multipliers @ moments
    weights: Floats = np.exp(exponents - exponents.max())
    return weights / weights.sum()


def _dual(multipliers: Floats, moments: Floats) -> float:
    exponents = multipliers @ moments
    return float(np.log(np.exp(exponents - exponents.max()).sum()) + exponents.max())


def cut(noise: Integers, shares: Floats, v: float, keys: int) -> Integers:
    """Return how many keys carry each change: whole numbers, mean exactly 0, variance exactly ``v``.

    Among all such cuts the one with the smallest sum of absolute differences from ``keys · shares`` is taken.

    Parameters
    ----------
    noise, shares
        The changes and their probabilities, shape (n,).
    v, keys
        Variance, and the number of keys.

    Returns
    -------
    numpy.ndarray
        Numbers of keys, shape (n,), that sum to ``keys``.
    """
    n, unit = len(noise), np.eye(len(noise))
    exact = np.stack([np.ones(n), noise, noise**2])
    values = np.array([keys, 0, keys * v])
    wanted = keys * shares
    constraints = [
        LinearConstraint(np.hstack([exact, np.zeros((3, n))]), values, values),
        LinearConstraint(np.hstack([unit, -unit]), -np.inf, wanted),  # number − distance ≤ wanted
        LinearConstraint(np.hstack([unit, unit]), wanted, np.inf),
    ]
    found = milp(
        np.concatenate([TIE_BREAK * noise**3, np.ones(n)]),
        constraints=constraints,
        integrality=np.concatenate([np.ones(n), np.zeros(n)]),
        bounds=Bounds(0, np.inf),
        options={"mip_rel_gap": 0},
    )
    if found.x is None:
        raise _impossible(f"{keys} keys cannot have variance {v:g} exactly")
    return np.rint(found.x[:n]).astype(np.int64)


def _impossible(reason: str) -> EtlError:
    return EtlError(
        f"data/catalog/protection.toml, [noise]: {reason}.",
        "Restore data/catalog/protection.toml: d = 5, v = 3.0, js = 2, keys = 256.",
    )


@functools.lru_cache(maxsize=64)
def row(count: int, d: int, v: float, js: int, keys: int = 256) -> tuple[Integers, Integers, Floats]:
    """Return one row before the shuffle: changes, keys for each, and the probabilities it was cut from.

    The same for every secret, so each is worked out once. Read-only.
    """
    noise = possible_noise(count, d, js)
    shares = probabilities(noise, v)
    made = noise, cut(noise, shares, v, keys), shares
    for part in made:
        part.flags.writeable = False
    return made


@functools.lru_cache(maxsize=4)
def build(secret: bytes, d: int, v: float, js: int, keys: int = 256) -> NDArray[np.int8]:
    """Return the whole table: the change for true counts 1 to 750 and key sums 0 to ``keys`` − 1.

    Parameters
    ----------
    secret
        Orders the keys; the same secret gives the same table for ever.
    d, v, js, keys
        Largest change, variance, largest count that is never published, number of keys.

    Returns
    -------
    numpy.ndarray
        Shape (750, keys), read-only; row 0 is the count 1.
    """
    different = [_spread(*row(count, d, v, js, keys)[:2]) for count in range(1, d + js + 2)]
    table = np.empty((ROWS, keys), dtype=np.int8)
    for count in range(1, ROWS + 1):
        values = different[min(count, len(different)) - 1]  # from d + js + 1 on, all rows are the same
        table[count - 1] = values[_order(secret, count, keys)]
    table.flags.writeable = False
    return table


def _spread(noise: Integers, numbers: Integers) -> NDArray[np.int8]:
    return np.repeat(noise, numbers).astype(np.int8)


def _order(secret: bytes, count: int, keys: int) -> Integers:
    """Return an order of the keys. By SHAKE-256: a library's generator may change with its version."""
    seed = hmac.digest(secret, f"perturbation row|{count}".encode(), "sha256")
    drawn = np.frombuffer(hashlib.shake_256(seed).digest(8 * keys), dtype="<u8")
    return np.argsort(drawn, kind="stable")


def table_row(count: int) -> int:
    """Return the row (1 to 750) that a true count of at least 1 uses."""
    return count if count <= ROWS else (count - 1) % REPEATED + ROWS - REPEATED + 1
