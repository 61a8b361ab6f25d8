"""Whether intervals of series cover and alarms are as rare as said, after the protection: the table of docs.

    python -m tests.benchmarks.bench_coverage [DRAWS]

Each row draws so many series (200 unless said otherwise) as they are published, with V = 3 in each cell.
"""

import sys
from collections.abc import Iterator

import numpy as np

from analysis.findings.series.shifts import season_of
from analysis.statistics.areas.scan import scan
from analysis.statistics.series.breaks import level_breaks
from analysis.statistics.series.delay import delays, later_total
from analysis.statistics.series.forecast import forecast
from analysis.statistics.series.signals import signal

V = 3.0
#: Periods, periods a year, mean, season, trend, spread of counts.
SERIES = (
    (114, 12, 100, 0.2, 0.4, 1.0),
    (60, 12, 40, 0.2, 0.3, 2.0),
    (38, 4, 300, 0.15, 0.3, 1.5),
    (38, 4, 60, 0.15, 0.0, 1.0),
    (38, 4, 20, 0.0, 0.0, 1.0),
)
SHARES = np.array([0.5, 0.2, 0.1, 0.08, 0.06, 0.04, 0.02])


def main(draws: int) -> None:
    """Print the table."""
    for row in (*forecasts(draws), *signals(draws), *shifts(draws), *totals(draws), *clusters(draws)):
        print("| " + " | ".join(row) + " |", flush=True)


def forecasts(draws: int) -> Iterator[tuple[str, ...]]:
    """Yield how often forecasts of four periods hold what follows."""
    for one in SERIES:
        inside = []
        for seed in range(draws):
            values = drawn(seed, one, 4)
            known, later = values[:-4], values[-4:]
            made = forecast(known, 4, periods_a_year=one[1], noise_variance=V, exact=False)
            inside.append(((made.lower <= later) & (later <= made.upper)).mean(axis=1))
        low, high = np.mean(inside, axis=0)
        yield "forecast", words(one), "80% and 95%", f"{low:.0%} and {high:.0%}"


def signals(draws: int) -> Iterator[tuple[str, ...]]:
    """Yield how often usual counts pass the limit."""
    for one in SERIES:
        chances = [
            signal(drawn(seed, one), periods_a_year=one[1], noise_variance=V).p for seed in range(5 * draws)
        ]
        found = [np.mean(np.array(chances) <= rate) for rate in (0.05, 0.01)]
        yield "early warning", words(one), "at most 5% and 1%", f"{found[0]:.1%} and {found[1]:.1%}"


def shifts(draws: int) -> Iterator[tuple[str, ...]]:
    """Yield how often a level series is said to change, and a planted step of a half is found."""
    for periods, year, mean, season, _, spread in SERIES:
        one = (periods, year, mean, season, 0.0, spread)
        false, near = 0, 0
        for seed in range(draws):
            values = drawn(seed, one)
            false += bool(level_breaks(values, population=season_of(values, year), noise_variance=V))
            stepped = np.where(np.arange(periods) < periods // 2, values, np.round(1.5 * values))
            found = level_breaks(stepped, population=season_of(stepped, year), noise_variance=V)
            near += any(abs(each.place - periods // 2) <= 1 for each in found)
        yield (
            "change of level",
            words(one),
            "few false; a half more found",
            f"{false / draws:.1%}; {near / draws:.0%}",
        )


def totals(draws: int) -> Iterator[tuple[str, ...]]:
    """Yield how often the interval of a later total holds it."""
    for mean, spread in ((100, 1.0), (100, 2.0), (15, 1.0), (800, 3.0)):
        inside = []
        for seed in range(draws):
            random = np.random.default_rng(seed)
            cell = np.outer(mean * (1 + 0.2 * np.sin(np.arange(24) / 2)), SHARES)
            whole = (
                random.poisson(cell)
                if spread == 1
                else random.negative_binomial(cell / (spread - 1), 1 / spread)
            )
            known = whole.astype(float)
            for row in range(24):
                known[row, 24 - row :] = np.nan
            fitted, passed = delays(known), (~np.isnan(known)).sum(axis=1)[-6:] - 1
            seen = np.nansum(known, axis=1)[-6:] + np.round(random.normal(0, np.sqrt(V), 6))
            later = later_total(
                np.maximum(seen, 0),
                fitted.complete[passed],
                errors=fitted.errors[passed],
                dispersion=fitted.dispersion,
                noise_variance=V,
            )
            total = whole.sum(axis=1)[-6:]
            inside.append(((later.lower <= total) & (total <= later.upper)).mean())
        yield "later total", f"about {mean} a month, spread {spread:g}", "95%", f"{np.mean(inside):.0%}"


def clusters(draws: int) -> Iterator[tuple[str, ...]]:
    """Yield how often tables without a cluster show one."""
    random = np.random.default_rng(0)
    places, level = random.uniform(size=(24, 2)), random.uniform(20, 90, 24)
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    found = []
    for seed in range(draws):
        random = np.random.default_rng(seed)
        counts = random.poisson(np.outer(level, np.linspace(0.8, 1.2, 9))) + np.round(
            random.normal(0, np.sqrt(V), (24, 9))
        )
        one = scan(np.maximum(counts, 0), None, apart, noise_variance=V, draws=99, seed=seed)
        found.append(one is not None and one.p <= 0.05)
    yield "cluster", "24 areas, 9 years, 20 to 90 a year", "5%", f"{np.mean(found):.1%}"


def drawn(seed: int, one: tuple[float, ...], more: int = 0) -> np.ndarray:
    """Return one series as it is published."""
    periods, year, mean, season, trend, spread = one
    random, time = np.random.default_rng(seed), np.arange(int(periods) + more)
    usual = mean * (1 + season * np.sin(2 * np.pi * (time + seed) / year)) * np.exp(trend * time / periods)
    counts = (
        random.poisson(usual) if spread == 1 else random.negative_binomial(usual / (spread - 1), 1 / spread)
    )
    return np.asarray(np.maximum(counts + np.round(random.normal(0, np.sqrt(V), len(time))), 0))


def words(one: tuple[float, ...]) -> str:
    """Return a series in words."""
    periods, year, mean, season, trend, spread = one
    step = {12: "months", 4: "quarters"}[int(year)]
    parts = [f"{periods:.0f} {step}, about {mean:.0f} each"]
    parts += [f"season ±{season:.0%}"] if season else []
    parts += ["rising"] if trend else []
    parts += [f"spread {spread:g}"] if spread > 1 else []
    return ", ".join(parts)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
