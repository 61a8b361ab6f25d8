"""Counts, sums, rates, ratios, shares, medians and differences: as answers work them out of published cells.

A truth is an expected count. People are drawn around it, the door changes and hides (`tests.noised`), and the
plan of the answer makes the figure with its limits. A truth is rounded as its figure is. What is not
shown is not counted.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl

from analysis.answers.kinds import counts as counts_module
from analysis.answers.kinds.quantiles import Bands, QuantilePlan
from analysis.answers.kinds.rates import RatePlan, significant
from analysis.answers.kinds.ratios import RatioPlan
from analysis.answers.kinds.shares import Base, SharePlan
from analysis.answers.rows.arrays import Figures
from analysis.answers.rows.cells import Cells
from analysis.catalog.load import load_catalog
from analysis.findings.compare import Value, clearly, mean_of
from analysis.findings.seasons import months_of_year, moving_year
from analysis.topics.network import concentration
from tests.coverages.row import Row, covered, false_alarms
from tests.noised import THRESHOLD, V, noised, published

EDGES = (0.0, 3.0, 8.0, 15.0, 29.0, 61.0, 91.0, 181.0)
MOST_HIDDEN = THRESHOLD - 1


def rows(draws: int) -> Iterator[Row]:
    """Yield a row for each figure."""
    random = np.random.default_rng(1)
    yield from counts(random, draws)
    yield from sums(random, draws)
    yield from rates(random, draws)
    yield from ratios(random, draws)
    yield from shares(random, draws)
    yield from medians(random, draws)
    yield from months(random, draws // 5 + 1)
    yield from differences(random, draws)
    yield from parts(random, draws)


def counts(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield single published counts; beside the threshold as well."""
    for mean in (12, 40, 400):
        found = _figures(_cells(random, np.full((draws, 1), mean)))
        yield covered("count", f"one cell of about {mean}", _held(found, np.full(draws, mean)))


def sums(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield sums of cells that are all shown, such as a year of quarters; and sums with hidden parts."""
    for mean, cells, words in (
        (30, 4, "a year of quarters of about 30"),
        (40, 12, "a year of months of about 40"),
        (200, 9, "three years of three groups of about 200"),
    ):
        drawn = published(random, random.poisson(mean, (draws, cells)))
        found = _figures(_of(drawn[~np.isnan(drawn).any(axis=1)]))
        yield covered("sum", words, _held(found, np.full(len(found.value), mean * cells)))
    truth = np.full((draws, 6), [200, 80, 30, 12, 6, 3])
    found = _figures(_cells(random, truth))
    held = _held(found, truth.sum(axis=1))
    yield covered('sum, "at least"', "of 331, parts below 10 hidden", held)


def rates(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield rates of an area, of one cell or pooled over years."""
    for mean, cells, words in (
        (25, 1, "about 25 people in one year"),
        (120, 1, "about 120 people in one year"),
        (15, 3, "three pooled years of about 15"),
        (60, 9, "three years and groups of about 60"),
    ):
        people = random.uniform(20_000, 60_000, draws)
        plan = _plan(RatePlan, per=100_000)
        made = _cells(random, np.full((draws, cells), mean))
        found = plan._figures(made, people)
        yield covered("rate", words, _held(found, significant(1e5 * cells * mean / people)))


def ratios(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield quotients of two published counts."""
    for above, below in ((40, 60), (300, 200)):
        sides = []
        for mean in (above, below):
            sides.append(_figures(_cells(random, np.full((draws, 1), mean))))
        plan = _plan(RatioPlan, per=1, parts=[SimpleNamespace(measure=SimpleNamespace(door="person"))] * 2)
        plan.above, plan.below = (_Given(one) for one in sides)
        with patch("analysis.answers.kinds.ratios._along", lambda one, _: one):
            found = plan.figures(None)
        yield covered(
            "ratio",
            f"about {above} over about {below}",
            _held(found, np.full(draws, significant(np.array(above / below)))),
        )


def shares(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield shares of a published whole, of one that is added up, and of another table."""
    for size, share, inside in (
        (70, 0.5, True),
        (300, 0.2, True),
        (300, 0.2, False),
        (2_000, 0.05, True),
    ):
        total = random.poisson(size, draws)
        part = random.binomial(total, share)
        above = _of(published(random, part[:, None]))
        # Inside: the base is the sum of its two parts, each a published cell.
        below = _of(published(random, np.stack([part, total - part], axis=1) if inside else total[:, None]))
        if inside:
            below = Cells(
                above.value + published(random, (total - part)[:, None])[:, 0],
                below.shown,
                below.total,
                below.bits,
            )
            below.value[below.shown < 2] = 0
        names = (("form", ("a",)),)
        plan = _plan(_Shares, numerator=names, denominator=names if inside else ())
        plan.most_hidden = MOST_HIDDEN
        found = plan._figures(
            above, above, Base(below.value, below.value, below.value, below.shown, below.bits)
        )
        where = "added up from its parts" if inside else "of another table"
        yield covered(
            "share", f"{share:.0%} of about {size:,}, {where}", _held(found, np.full(draws, 100 * share))
        )


def medians(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield medians and p90 read off bands."""
    scale, ends = 35.0, np.array([*EDGES, np.inf])
    chances = np.diff(1 - np.exp(-((ends / scale) ** 0.9)))
    true = 1 - np.exp(-((np.array(EDGES) / scale) ** 0.9))
    for size, q in ((120, 0.5), (600, 0.5), (600, 0.9)):
        plan = _plan(_Quantiles, quantile=q)
        plan.bands = Bands(tuple("abcdefgh"), EDGES)
        drawn = published(random, random.poisson(size * chances, (draws, len(chances))))
        plan.given = Cells(
            np.nan_to_num(drawn),
            (~np.isnan(drawn)).astype(int),
            np.ones(drawn.shape, int),
            np.zeros(drawn.shape, int),
        )
        found = plan.figures(None)
        wanted = float(np.interp(q, true, EDGES))
        found.upper = np.where(np.isnan(found.upper) & ~np.isnan(found.value), np.inf, found.upper)
        name = "median" if q == 0.5 else "p90"
        yield covered(
            f"{name} of bands", f"about {size} waits in 8 bands", _held(found, np.full(draws, wanted))
        )


def months(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield averages of a month of the year, and sums of twelve months."""
    codes = [f"{2018 + n // 12}-{n % 12 + 1:02d}" for n in range(60)]
    averages, years = [], []
    true = 40 * (1 + 0.3 * np.sin(np.arange(60) * np.pi / 6))
    for _ in range(draws):
        values = published(random, random.poisson(true))
        answer = _Framed(pl.DataFrame({"period": codes, "value": values, "marker": [""] * 60}).fill_nan(None))
        found = months_of_year(answer, V)
        averages += [
            row["lower"] <= true[row["month"] - 1] <= row["upper"]
            for row in found.iter_rows(named=True)
            if row["value"] is not None
        ]
        frame = answer.frame.with_columns(
            lower=pl.col("value"), upper=pl.col("value"), cells_shown=pl.lit(1), cells_total=pl.lit(1)
        )
        with patch("analysis.findings.seasons.replace", lambda _, frame: _Framed(frame)):
            moved = moving_year(_Framed(frame), V).frame
        last = moved.row(-1, named=True)
        if last["value"] is not None:
            years.append(last["lower"] <= true[-12:].sum() <= last["upper"])
    yield covered("average of a month", "five years of about 28 to 52", averages)
    yield covered("sum of twelve months", "of about 28 to 52 each", years)


def differences(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield differences of two figures and how often one is claimed where there is none; means of figures."""
    for mean, later in ((20, 20), (60, 60), (60, 90), (400, 400)):
        held, false, means = [], [], []
        for _ in range(draws):
            one, two = (_value(noised(random, random.poisson([given]))[0]) for given in (mean, later))
            if one is None or two is None:
                continue
            found = clearly(two, one, 5.0)
            held.append(found.lower <= later - mean <= found.upper)
            false.append(found.direction != 0)
            both = mean_of([one, two])
            means.append(both.lower <= (mean + later) / 2 <= both.upper)
        yield covered("difference", f"of counts of about {mean} and {later}", held)
        if mean == later:
            yield false_alarms("clear difference", f"two counts of about {mean}", false)
        yield covered("mean of two", f"counts of about {mean} and {later}", means)


def parts(random: np.random.Generator, draws: int) -> Iterator[Row]:
    """Yield the concentration of links; its limits hold the protection alone: who refers is no sample."""
    for level in (30, 200):
        held = []
        true = random.poisson(level * np.array([4, 2, 1, 0.5, 0.1]), (draws, 5))
        for row in true:
            shown = published(random, row)
            found = concentration(
                {str(n): None if np.isnan(one) else float(one) for n, one in enumerate(shown)},
                most_hidden=MOST_HIDDEN,
                variance=V,
            )
            if found is not None:
                held.append(found.lower <= float((row**2).sum() / row.sum() ** 2) <= found.upper)
        yield covered("concentration", f"five senders, {level * 4} to {level / 10:g} referrals", held)


# --- what stands in for a question ---


class _Shares(SharePlan):
    def _silent(self) -> np.ndarray:
        return np.bool_(False)  # type: ignore[return-value]


class _Quantiles(QuantilePlan):
    given: Cells

    def _cells(self, found: Any) -> Cells:
        return self.given


class _Given:
    def __init__(self, figures: Figures) -> None:
        self.made = figures

    def figures(self, _: Any) -> Figures:
        return self.made


class _Framed:
    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame


def _plan(kind: type, **measure: Any) -> Any:
    """Return a plan without a question: what it needs to know of a release and of a measure."""
    plan = object.__new__(kind)
    parts_of = measure.pop("parts", ())
    plan.asked = SimpleNamespace(
        release=SimpleNamespace(v=V, threshold=THRESHOLD, is_exact=False, task_forces=()),
        catalog=load_catalog(),
        measure=SimpleNamespace(**{"share_of": "", "known_only": False, "unit": "days", **measure}),
        parts=parts_of,
        summed=(),
    )
    return plan


def _cells(random: np.random.Generator, expected: np.ndarray) -> Cells:
    return _of(published(random, random.poisson(expected)))


def _of(shown: np.ndarray) -> Cells:
    known = ~np.isnan(shown)
    none = np.zeros(len(shown), dtype=np.int64)
    return Cells(np.nansum(shown, axis=1), known.sum(axis=1), none + shown.shape[1], none)


def _figures(cells: Cells) -> Figures:
    with patch.object(counts_module, "silent_rows", lambda _: np.bool_(False)):
        return counts_module.figures_of(cells, _plan(counts_module.CountPlan).asked)


def _held(found: Figures, truth: np.ndarray) -> np.ndarray:
    shown = np.isfinite(found.value)
    inside = (found.lower <= truth) & (truth <= found.upper)
    return np.asarray(inside[shown])


def _value(count: float) -> Value | None:
    if count < THRESHOLD:
        return None
    found = _figures(_of(np.array([[count]])))
    return Value(float(count), float(found.lower[0]), float(found.upper[0]))
