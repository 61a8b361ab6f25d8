"""Random numbers that are the same on every run and platform.

Each module draws from a stream of its own, named in words, so that a new table never changes the numbers of
the tables already there. Only ``Generator.random`` is used: its stream is fixed by PCG64, while numpy may
improve the methods behind ``normal`` or ``poisson`` in any release.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return the generator of one named stream.

    Parameters
    ----------
    seed : int
        The seed of the whole region, zero or more.
    *names : str
        Words that name the use, for instance ``"person", "age"``.

    Returns
    -------
    numpy.random.Generator
    """
    words = [zlib.crc32(name.encode()) for name in names]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))


def draw(weights: Floats, uniform: Floats) -> Ints:
    """Turn uniform numbers into positions with the given weights.

    Parameters
    ----------
    weights : array of shape (k,) or (n, k)
        Non-negative; one set for all, or a row for each number. A row need not sum to one.
    uniform : array of shape (n,)
        Numbers in [0, 1).

    Returns
    -------
    array of shape (n,), positions 0 to k − 1
    """
    cumulative = np.cumsum(weights, axis=-1)
    if weights.ndim == 1:
        found = np.searchsorted(cumulative, uniform * cumulative[-1], side="right")
    else:
        found = np.sum(cumulative <= (uniform * cumulative[:, -1])[:, None], axis=1)
    return np.minimum(found, weights.shape[-1] - 1).astype(np.int64)
