"""One row of the table of coverages."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

NOMINAL = 0.95


class Row(NamedTuple):
    """What was drawn, what should be, what was, and whether it is as it should be."""

    statistic: str
    setting: str
    should: str
    was: str
    holds: bool


def covered(statistic: str, setting: str, held: Iterable[bool], nominal: float = NOMINAL) -> Row:
    """Return how often limits held the truth; below the nominal rate by no more than chance in the draws."""
    rate, draws = _rate(held)
    least = nominal - 0.01 - 2.5 * float(np.sqrt(nominal * (1 - nominal) / draws))
    return Row(statistic, setting, f"{nominal:.0%}", f"{rate:.1%}", rate >= least)


def false_alarms(statistic: str, setting: str, found: Iterable[bool], most: float = 1 - NOMINAL) -> Row:
    """Return how often something was found where nothing is."""
    rate, draws = _rate(found)
    limit = most + 0.01 + 2.5 * float(np.sqrt(most * (1 - most) / draws))
    return Row(statistic, setting, f"at most {100 * most:g}% false", f"{rate:.1%}", rate <= limit)


def _rate(held: Iterable[bool]) -> tuple[float, int]:
    every = np.asarray(list(held), dtype=np.float64).ravel()
    return float(every.mean()), len(every)
