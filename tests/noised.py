"""Counts as the door publishes them, without a release: the project's own perturbation table, random keys."""

import tomllib

import numpy as np
from numpy.typing import NDArray

from etl.release.cells import ptable
from tests.support import PROJECT

Numbers = NDArray[np.float64]
_NOISE = tomllib.loads((PROJECT / "data/catalog/protection.toml").read_text("utf-8"))["noise"]
V = float(_NOISE["v"])
THRESHOLD = 10
_ROWS = np.array([ptable.table_row(max(count, 1)) for count in range(5_000)])


def noised(random: np.random.Generator, true: NDArray[np.int64]) -> Numbers:
    """Return counts with the change of the table, each with a key of its own; a true 0 stays 0."""
    counts = np.asarray(true, dtype=np.int64)
    table = ptable.build(b"tests", _NOISE["d"], _NOISE["v"], _NOISE["js"])
    keys = random.integers(0, table.shape[1], counts.shape)
    change = table[_ROWS[np.minimum(counts, len(_ROWS) - 1)] - 1, keys]
    return np.where(counts > 0, counts + change, 0).astype(np.float64)


def published(random: np.random.Generator, true: NDArray[np.int64]) -> Numbers:
    """Return counts as published: NaN below the threshold."""
    found = noised(random, true)
    return np.where(found >= THRESHOLD, found, np.nan)
