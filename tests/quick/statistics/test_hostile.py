"""No argument of any statistic can be anything: each is refused with its name and its first bad index."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from analysis.statistics.access import floating_catchment, gaussian_weights, travel_minutes, within
from analysis.statistics.areas.clusters import local_moran, moran
from analysis.statistics.areas.neighbours import from_links
from analysis.statistics.areas.scan import scan
from analysis.statistics.areas.shrunk import shrunk_rates
from analysis.statistics.areas.smoothing import chance_of_at_most, marshall, poisson_gamma, standardised
from analysis.statistics.funnel import proportion_funnel, ratio_funnel
from analysis.statistics.hidden.histories import capture_table
from analysis.statistics.intervals import byar_limits, exact_poisson_limits, wilson_limits
from analysis.statistics.life_table import banded_log_rank, life_table
from analysis.statistics.protection import protected_count_limits, protected_share_limits, share_variance
from analysis.statistics.rates import crude_rate, directly_standardised_rate, indirectly_standardised_ratio
from analysis.statistics.segregation import dissimilarity, gap, taken
from analysis.statistics.series.breaks import level_breaks
from analysis.statistics.series.contrast import alone, contrast
from analysis.statistics.series.delay import delays, later_total
from analysis.statistics.series.forecast import forecast
from analysis.statistics.series.interrupted import difference, interrupted
from analysis.statistics.series.poisson import regression
from analysis.statistics.series.signals import signal
from analysis.statistics.survival import kaplan_meier, log_rank

COUNTS = [4.0, 9.0, 16.0, 11.0, 7.0, 20.0, 3.0, 8.0]
PEOPLE = [900.0, 950.0, 1000.0, 800.0, 700.0, 1200.0, 650.0, 930.0]
SERIES = [20.0 + n % 5 for n in range(40)]
AFTER = [float(n >= 20) for n in range(40)]
LINKS = from_links(8, [(n, (n + 1) % 8) for n in range(8)] + [((n + 1) % 8, n) for n in range(8)])
TABLE = [[20.0, 9.0, 5.0], [30.0, 12.0, 6.0], [25.0, 11.0, 7.0]]
FAR = [[abs(a - b) + 0.0 for b in range(3)] for a in range(3)]

#: Function, arguments of a call that is right, and which of them hold numbers.
CALLS: list[tuple[Callable[..., Any], Mapping[str, Any], str]] = [
    (byar_limits, {"count": COUNTS}, "count"),
    (exact_poisson_limits, {"count": COUNTS}, "count"),
    (wilson_limits, {"count": COUNTS, "base": PEOPLE}, "count base"),
    (proportion_funnel, {"base": PEOPLE, "target": 0.3}, "base target"),
    (ratio_funnel, {"expected": COUNTS, "target": 1.0}, "expected target"),
    (crude_rate, {"count": COUNTS, "population": PEOPLE}, "count population multiplier"),
    (
        directly_standardised_rate,
        {"count": COUNTS, "population": PEOPLE, "standard": PEOPLE},
        "count population standard",
    ),
    (
        indirectly_standardised_ratio,
        {"count": 60, "population": PEOPLE, "standard_rate": [0.01] * 8},
        "count population standard_rate",
    ),
    (protected_count_limits, {"count": COUNTS, "cells": 1, "cell_variance": 3.0}, "count cells"),
    (protected_share_limits, {"count": COUNTS, "base": PEOPLE, "variance": 0.0}, "count base"),
    (
        share_variance,
        {"share": [0.2, 0.3], "base": [50.0, 60.0], "cells": (1, 1), "cell_variance": 3.0},
        "share base",
    ),
    (marshall, {"count": COUNTS, "population": PEOPLE}, "count population"),
    (poisson_gamma, {"count": COUNTS, "expected": COUNTS}, "count expected"),
    (standardised, {"count": COUNTS, "population": PEOPLE}, "count population"),
    (chance_of_at_most, {"count": COUNTS, "population": PEOPLE}, "count population"),
    (shrunk_rates, {"count": COUNTS, "population": PEOPLE}, "count population"),
    (moran, {"values": COUNTS, "neighbours": LINKS, "permutations": 99}, "values"),
    (local_moran, {"values": COUNTS, "neighbours": LINKS, "permutations": 99}, "values"),
    (scan, {"count": TABLE, "expected": TABLE, "distance": FAR, "draws": 9}, "count expected"),
    (level_breaks, {"count": SERIES, "population": [900.0] * 40}, "count population"),
    (forecast, {"count": [3.0, 4.0] * 10, "horizon": 2}, "count horizon noise_variance"),
    (signal, {"count": SERIES, "periods_a_year": 4}, "count noise_variance"),
    (interrupted, {"count": SERIES, "start": 20, "population": [900.0] * 40}, "count population"),
    (
        regression,
        {"count": SERIES, "design": {"after": AFTER}, "population": [900.0] * 40},
        "count population",
    ),
    (difference, {"count": [SERIES, SERIES[::-1]], "reached": [0], "start": 20}, "count"),
    (contrast, {"inside": SERIES, "others": [SERIES[::-1]] * 2, "during": AFTER}, "inside others"),
    (alone, {"count": SERIES, "during": AFTER}, "count"),
    (delays, {"triangle": TABLE}, "triangle"),
    (later_total, {"observed": [20.0, 30.0], "complete": [0.9, 0.5]}, "observed complete"),
    (kaplan_meier, {"time": COUNTS, "ended": [1, 0] * 4}, "time ended"),
    (log_rank, {"time": COUNTS, "ended": [1, 0] * 4, "group": list("aabbaabb")}, "time ended"),
    (life_table, {"ended": [50, 40], "still": [0, 5, 20], "edges": [0, 7, 30]}, "ended still edges"),
    (
        banded_log_rank,
        {"ended": [[50, 40], [40, 50]], "still": [[0, 5, 20], [0, 9, 9]]},
        "ended still",
    ),
    (gaussian_weights, {"minutes": COUNTS}, "minutes"),
    (travel_minutes, {"kilometres": TABLE, "is_rural": [True, False, True]}, "kilometres"),
    (within, {"minutes": TABLE, "residents": [900.0, 800.0, 700.0], "limit": 9}, "minutes residents"),
    (
        floating_catchment,
        {"weights": TABLE, "residents": [900.0, 800.0, 700.0], "places": [9.0, 8.0, 7.0]},
        "weights residents places",
    ),
    (gap, {"need": COUNTS, "places": PEOPLE}, "need places noise_variance"),
    (dissimilarity, {"need": COUNTS, "places": PEOPLE, "draws": 99}, "need places noise_variance"),
    (
        taken,
        {"added": [5.0, 9.0], "wanting": [30.0, 9.0], "turnover": [4.0, 2.0]},
        "added wanting turnover",
    ),
    (
        capture_table,
        {"lists": "ABC", "histories": [[1, 0, 0], [0, 1, 0]], "counts": [4, 9]},
        "histories counts",
    ),
]
#: An infinite journey is no journey; NaN is a count that is not shown, or a delay that has not passed.
ALLOWED = {
    np.nan: {
        "byar_limits", "exact_poisson_limits", "wilson_limits", "proportion_funnel", "ratio_funnel",
        "crude_rate", "directly_standardised_rate", "indirectly_standardised_ratio", "protected_count_limits",
        "protected_share_limits", "share_variance", "contrast", "alone", "signal", "gap",
    },
    np.inf: {"gaussian_weights", "travel_minutes", "within"},
    -1.0: {"moran", "local_moran"},
}  # fmt: skip


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0, 1e308])
@pytest.mark.parametrize(("function", "arguments", "names"), CALLS, ids=[one[0].__name__ for one in CALLS])
@pytest.mark.filterwarnings("error")
def test_a_bad_number_is_refused_with_its_name_and_index(
    function: Callable[..., Any], arguments: Mapping[str, Any], names: str, bad: float
) -> None:
    function(**arguments)
    for name in names.split():
        given = np.array(arguments.get(name, 0.0), dtype=np.float64)
        place = (0,) * (given.ndim - 1) + (1,) if given.ndim else ()
        given[place] = bad
        if function.__name__ in ALLOWED.get(bad, ()):
            continue
        where = rf"\[{', '.join(map(str, place))}\]" if place else ""
        with pytest.raises(ValueError, match=rf"\b{name}({where})? "):
            function(**{**arguments, name: given if given.ndim else float(given)})
