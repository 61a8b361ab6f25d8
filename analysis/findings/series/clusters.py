"""Areas and years with more than their own levels and the region's course explain: the space-time scan."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from analysis.answers.answer import Answer
from analysis.findings.compare import Value
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.findings.series.stretch import firm
from analysis.statistics.access import great_circle
from analysis.statistics.areas.scan import Cluster, expected_alone, scan

#: A cluster is told when so few tables without one have as good a one.
ONE_IN = 20
DRAWS = 499
FEWEST_AREAS, FEWEST_PERIODS = 4, 4
LEAST_SHOWN = 0.8


@dataclass(frozen=True)
class Scanned:
    """One scan.

    Attributes
    ----------
    cluster
        The most likely one; None where nothing lies above what is expected.
    areas, periods
        Codes of what was looked at, in the order of the table.
    hidden
        How many areas were left out: a year of theirs is hidden.
    """

    cluster: Cluster | None
    areas: tuple[str, ...]
    periods: tuple[str, ...]
    hidden: int

    @property
    def is_clear(self) -> bool:
        """Whether the cluster is more than chance."""
        return self.cluster is not None and self.cluster.p <= 1 / ONE_IN


def scanned(answer: Answer | None, centres: Mapping[str, tuple[float, float]]) -> Scanned | None:
    """Return the most likely cluster of a count by ``period`` and ``area``.

    Parameters
    ----------
    answer
        By year, of areas of one level.
    centres
        Longitude and latitude by area; areas without are left out.

    Returns
    -------
    Scanned or None
        None where fewer than `FEWEST_AREAS` areas or `FEWEST_PERIODS` years are wholly shown, or fewer than
        four fifths of the areas.
    """
    if answer is None or answer.refusal or answer.frame.is_empty() or answer.checked is None:
        return None
    rows = firm(answer.frame)
    codes = tuple(sorted(rows["period"].unique()))
    by_area = {
        str(code): tuple(rows.filter(pl.col("area") == code)["value"]) for code in dict.fromkeys(rows["area"])
    }
    placed = {
        code: values for code, values in by_area.items() if code in centres and len(values) == len(codes)
    }
    whole = {code: values for code, values in placed.items() if None not in values}
    if len(whole) < max(FEWEST_AREAS, LEAST_SHOWN * len(placed)) or len(codes) < FEWEST_PERIODS:
        return None
    where = tuple(centres[code] for code in whole)
    found = _scan(tuple(whole.values()), where, answer.checked.release.v)
    return Scanned(found, tuple(whole), codes, len(by_area) - len(whole))


def cluster_finding(one: Scanned, answer: Answer, scope: Scope) -> Finding:
    """Return the cluster, where there is more than chance; or that none stands out."""
    cluster = one.cluster
    facts: dict[str, object] = {
        "looked_at": len(one.areas),
        "hidden": one.hidden,
        "periods": (one.periods[0], one.periods[-1]),
        "one_in": ONE_IN,
    }
    values: tuple[Value, ...] = ()
    if cluster is not None and one.is_clear:
        inside = set(cluster.areas)
        facts |= {
            "areas": tuple(code for place, code in enumerate(one.areas) if place in inside),
            "during": (one.periods[cluster.first], one.periods[cluster.last]),
        }
        values = (
            Value(round(cluster.observed), is_exact=True),
            Value(round(cluster.expected), is_exact=True),
        )
    return Finding(
        "cluster",
        answer.measure,
        scope,
        values,
        topic="space_time_cluster",
        direction=int(one.is_clear),
        facts=facts,
        label=answer.in_sentence,
    )


@lru_cache(maxsize=64)
def _scan(
    table: tuple[tuple[float, ...], ...], where: tuple[tuple[float, float], ...], variance: float
) -> Cluster | None:
    counts = np.array(table, dtype=np.float64)
    lon, lat = np.array(where).T
    usual = expected_alone(counts)
    # Beside the protection, counts may spread more than chance lets them: tables are drawn as wide.
    degrees = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    spread = float(((counts - usual) ** 2 / usual).sum()) / degrees - variance * float((1 / usual).mean())
    return scan(
        counts,
        None,
        great_circle(lon, lat, lon, lat),
        dispersion=max(spread, 1.0),
        noise_variance=variance,
        draws=DRAWS,
    )
