"""What of a month's completeness may be told: the nearest 5 %, a band of people behind it, a step of spread.

`tests/security/test_completeness.py` attacks what a reader could make of it over several releases.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.series.delay import Delays, delays
from etl.release.delay.counts import MONTHS

#: Shares are told to the nearest of these many per cent, and none below the least: a number that more than
#: quadruples says too little.
STEP, LEAST = 5, 25
#: People who stand behind each delay, at least; the lower ends of the bands that are told of them. Of 200
#: people a step of 5 % is ten, as far apart as the edges of every band.
BASES = (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
#: How many times more spread than chance: the nearest is told. More, and the past tells nothing.
SPREADS = (1.0, 1.5, 2.0, 3.0, 5.0, 8.0)
#: Closed years of which every delay is known: fewer tell no spread.
FEWEST_YEARS = 3


@dataclass(frozen=True)
class Told:
    """How complete a month was when it closed.

    Attributes
    ----------
    years
        First and last year that this was learnt from: ``2016..2024``.
    complete
        Per cent, a multiple of `STEP`.
    base
        At least so many people stand behind it; one of `BASES`.
    spread
        One of `SPREADS`.
    """

    years: str
    complete: int
    base: int
    spread: float


@dataclass(frozen=True, eq=False)
class Learnt:
    """What closed years say of delay: years, and the fitted triangle."""

    years: tuple[int, ...]
    fitted: Delays


def learn(years: tuple[int, ...], came_in: NDArray[np.float64]) -> Learnt | None:
    """Return what closed years say of delay; None where they are too few.

    Parameters
    ----------
    years, came_in
        As `counts_of` returns them.
    """
    is_known = ~np.isnan(came_in)
    if len(years) < FEWEST_YEARS or is_known[:, -1].sum() < FEWEST_YEARS:
        return None
    # Noise may make a later count smaller than one before it; people do not leave again.
    added = np.maximum.accumulate(np.where(is_known, came_in, 0.0), axis=1)
    triangle = np.where(is_known, np.diff(added, axis=1, prepend=0.0), np.nan)
    return Learnt(years, delays(triangle))


def told(learnt: Learnt | None, months_since: float) -> Told | None:
    """Return what may be told of a month; None for nothing.

    Parameters
    ----------
    learnt
        From closed years.
    months_since
        Months from the end of the month to the day on which it closed; a part of one counts as a part.
    """
    if learnt is None or months_since >= MONTHS:
        return None
    fitted, whole = learnt.fitted, int(months_since)
    part = months_since - whole
    share = (1 - part) * fitted.complete[whole] + part * fitted.complete[whole + 1]
    complete = STEP * round(100 * float(share) / STEP)
    behind = float(fitted.known[whole:-1].min())
    spread = min(SPREADS, key=lambda one: abs(np.log(one / fitted.dispersion)))
    if not LEAST <= complete < 100 or behind < BASES[0] or fitted.dispersion > SPREADS[-1]:
        return None
    base = max(one for one in BASES if one <= behind)
    return Told(f"{learnt.years[0]}..{learnt.years[-1]}", complete, base, spread)
