"""Series: forecasts, early warnings, changes of level, contrasts, later totals and clusters.

Each row draws so many series as they are published, with V = 3 in each cell.
"""

from collections.abc import Iterator

import numpy as np

from analysis.findings.series.shifts import season_of
from analysis.statistics.areas.scan import scan
from analysis.statistics.series.breaks import level_breaks
from analysis.statistics.series.contrast import MOST_HIDDEN, alone, contrast, hidden_share
from analysis.statistics.series.delay import delays, later_total
from analysis.statistics.series.forecast import forecast
from analysis.statistics.series.signals import signal
from tests.coverages.row import Row, covered, false_alarms
from tests.noised import THRESHOLD, V, published

#: Periods, periods a year, mean, season, trend, spread of counts.
SERIES = (
    (114, 12, 100, 0.2, 0.4, 1.0),
    (60, 12, 40, 0.2, 0.3, 2.0),
    (38, 4, 300, 0.15, 0.3, 1.5),
    (38, 4, 60, 0.15, 0.0, 1.0),
    (38, 4, 20, 0.0, 0.0, 1.0),
)
SHARES = np.array([0.5, 0.2, 0.1, 0.08, 0.06, 0.04, 0.02])


def rows(draws: int) -> Iterator[Row]:
    """Yield a row for each statistic of series."""
    yield from forecasts(draws // 2 + 1)
    yield from signals(2 * draws)
    yield from shifts(draws // 2 + 1)
    yield from contrasts(draws)
    yield from totals(draws // 2 + 1)
    yield from clusters(draws)


def forecasts(draws: int) -> Iterator[Row]:
    """Yield how often forecasts of four periods hold what follows."""
    for one in SERIES:
        inside = []
        for seed in range(draws):
            values = drawn(seed, one, 4)
            known, later = values[:-4], values[-4:]
            made = forecast(known, 4, periods_a_year=one[1], noise_variance=V, exact=False)
            inside.append(((made.lower <= later) & (later <= made.upper)).mean(axis=1))
        low, high = np.mean(inside, axis=0)
        # What the limits hold is a count to come: one set of draws of one series differs from the next.
        holds = 0.72 <= low <= 0.92 and high >= 0.92
        yield Row("forecast", words(one), "80% and 95%", f"{low:.0%} and {high:.0%}", holds)


def signals(draws: int) -> Iterator[Row]:
    """Yield how often usual counts pass the limit."""
    for one in SERIES:
        chances = [
            signal(drawn(seed, one), periods_a_year=int(one[1]), noise_variance=V).p for seed in range(draws)
        ]
        parts = [false_alarms("", "", np.array(chances) <= rate, rate) for rate in (0.05, 0.01)]
        was = " and ".join(one_part.was for one_part in parts)
        yield Row("early warning", words(one), "at most 5% and 1%", was, all(part.holds for part in parts))


def shifts(draws: int) -> Iterator[Row]:
    """Yield how often a level series is said to change, and a planted step of a half is found."""
    for periods, year, mean, season, _, spread in SERIES:
        one = (periods, year, mean, season, 0.0, spread)
        false, near, inside = 0, 0, []
        for seed in range(draws):
            values = drawn(seed, one)
            false += bool(level_breaks(values, population=season_of(values, year), noise_variance=V))
            stepped = np.where(np.arange(periods) < periods // 2, values, np.round(1.5 * values))
            found = level_breaks(stepped, population=season_of(stepped, year), noise_variance=V)
            near += any(abs(each.place - periods // 2) <= 1 for each in found)
            if len(found) == 1:
                inside.append(found[0].earliest <= periods // 2 <= found[0].latest)
        yield false_alarms("change of level", words(one), [True] * false + [False] * (draws - false))
        yield Row(
            "change of level",
            f"{words(one)}, a half more from the middle on",
            "found; when: 95%",
            f"{near / draws:.0%}; {np.mean(inside):.0%}",
            covered("", "", inside).holds,
        )


def totals(draws: int) -> Iterator[Row]:
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
        yield Row(
            "later total",
            f"about {mean} a month, spread {spread:g}",
            "95%",
            f"{np.mean(inside):.0%}",
            np.mean(inside) >= 0.92,
        )


def clusters(draws: int) -> Iterator[Row]:
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
    yield false_alarms("cluster", "24 areas, 9 years, 20 to 90 a year", found)


def contrasts(draws: int) -> Iterator[Row]:
    """Yield initiatives with and without an effect, against comparison areas and against their own trend."""
    time = np.arange(24)
    during, season = (time >= 13) & (time < 16), time % 4 + 1
    given = {"noise_variance": V, "threshold": THRESHOLD}
    for level, effect, wobble in (
        (20, 1.0, 0.05),
        (20, 2.4, 0.05),
        (60, 1.0, 0.05),
        (60, 1.0, 0.12),
        (60, 1.5, 0.05),
    ):
        beyond, own, drift, false = [], [], [], []
        for seed in range(draws):
            random = np.random.default_rng(seed)
            base = np.outer(random.uniform(level, 2 * level, 4), 1 + 0.2 * np.sin(np.pi * time / 2))
            expected = base * 1.01**time * random.gamma(1 / wobble**2, wobble**2, base.shape)
            expected[0, during] *= effect
            table = published(random, random.poisson(expected))
            if max(hidden_share(row, during) for row in table) > MOST_HIDDEN:
                continue
            found = contrast(table[0], table[1:], during, **given)
            beyond.append(found.effect.lower <= effect <= found.effect.upper)
            false.append(found.effect.direction != 0)
            drift.append(found.drift.lower <= 1 <= found.drift.upper)
            alone_ratio = alone(table[0], during, season=season, **given)[0]
            own.append(alone_ratio.lower <= effect <= alone_ratio.upper)
        words_of = f"24 quarters of {level} to {2 * level}, ±{wobble:.0%}, " + (
            f"{effect:g} times while it ran" if effect != 1 else "no effect"
        )
        yield covered("contrast with areas", words_of, beyond)
        if effect == 1:
            yield false_alarms("contrast with areas", words_of, false)
        yield covered("contrast with its own trend", words_of, own)
        yield covered("drift before", words_of, drift)


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
