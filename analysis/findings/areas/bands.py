"""Areas against the whole, in bands: how far a published count lies from what the whole's rate would give.

A funnel (Spiegelhalter 2005): limits of 95 % and 99.8 % around the expected count, widened by the variance of
the protection. Areas are never put in order; an area is called different only when chance and protection
together do not explain it, and never on the strength of numbers that are not shown.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.answers.answer import Answer
from analysis.statistics.funnel import ratio_funnel
from analysis.statistics.protection import widen

#: Bands by number: 0 well below, 1 below, 2 about the same, 3 above, 4 well above.
BANDS = ("well_below", "below", "same", "above", "well_above")
WARNING, ALARM = 0.95, 0.998
_FEWEST_EXPECTED = 1.0


@dataclass(frozen=True)
class Funnel:
    """Areas in bands, and the lines to draw them against.

    Attributes
    ----------
    areas
        One row an area of the answers: ``area``, ``rate`` (as published), ``base`` (residents times years),
        ``events``, ``expected`` and ``band`` (0 to 4; null where no band can be given).
    whole_rate
        Rate of all areas together per `per` residents a year.
    lines
        ``base``, ``low95``, ``high95``, ``low998``, ``high998``: rates per `per`, from small to large bases.
    per
        Size of population that rates are for.
    """

    areas: pl.DataFrame
    whole_rate: float
    lines: pl.DataFrame
    per: float


def area_funnel(counts: Answer, rates: Answer, cell_variance: float, threshold: int) -> Funnel | None:
    """Return areas in bands around all of them together.

    Parameters
    ----------
    counts, rates
        The same areas, periods and filters: a count and its rate by ``area``.
    cell_variance
        Variance of the protection of one published cell.
    threshold
        Smallest published count: a cell that is not shown holds fewer.

    Returns
    -------
    Funnel or None
        None when no area has a rate. The rate of the whole is that of the areas with a rate together: people
        whose area was not recorded are in no area, and would make every area look low.
    """
    joined = counts.frame.select(
        "area", events="value", missing=pl.col("cells_total") - pl.col("cells_shown"), cells="cells_total"
    ).join(rates.frame.select("area", "base", rate="value"), on="area", how="left", maintain_order="left")
    events, base, cells, missing = (
        joined[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in ("events", "base", "cells", "missing")
    )
    # No band without a rate: a reader must not learn more of an area than its number says.
    known = joined["rate"].is_not_null().to_numpy() & np.isfinite(events) & (base > 0)
    if not known.any() or not events[known].sum():
        return None
    rate = float(events[known].sum() / base[known].sum())
    expected = rate * base
    known &= expected >= _FEWEST_EXPECTED
    bands = np.full(len(events), np.nan)
    most = events + missing * max(threshold - 1, 0)
    bands[known] = _bands(events[known], most[known], expected[known], cells[known] * cell_variance)
    areas = joined.select("area", "rate", "base", "events").with_columns(
        expected=pl.Series(expected, dtype=pl.Float64).fill_nan(None),
        band=pl.Series(bands, dtype=pl.Float64).fill_nan(None).cast(pl.Int64),
    )
    per = rates.measure.per
    return Funnel(areas, rate * per, _lines(base[known], rate, per, cells[known], cell_variance), per)


def _limits(expected: np.ndarray, variance: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    lower, upper = ratio_funnel(expected, confidence=confidence)
    low, high = widen(expected, lower * expected, upper * expected, variance, confidence)
    return np.maximum(low, 0), high


def _bands(events: np.ndarray, most: np.ndarray, expected: np.ndarray, variance: np.ndarray) -> np.ndarray:
    bands = np.full(len(events), 2.0)
    for confidence, step in ((WARNING, 1), (ALARM, 2)):
        low, high = _limits(expected, variance, confidence)
        bands[most < low] = 2 - step
        bands[events > high] = 2 + step
    return bands


def _lines(
    bases: np.ndarray, rate: float, per: float, cells: np.ndarray, cell_variance: float
) -> pl.DataFrame:
    names = ("base", "low95", "high95", "low998", "high998")
    if not len(bases):
        return pl.DataFrame(schema=dict.fromkeys(names, pl.Float64))
    start = max(float(bases.min()) * 0.7, _FEWEST_EXPECTED / rate)
    grid = np.geomspace(start, max(float(bases.max()) * 1.15, start * 1.01), 60)
    variance = np.full_like(grid, float(np.median(cells)) * cell_variance)
    found = [grid]
    for confidence in (WARNING, ALARM):
        found += [limit / grid * per for limit in _limits(grid * rate, variance, confidence)]
    return pl.DataFrame(dict(zip(names, found, strict=True)))
