"""Areas in bands around all of them: funnel limits widened by the protection, and no band without a rate."""

import datetime

import numpy as np
import polars as pl
import pytest
from scipy import stats

from analysis import Answer, Question, load_catalog
from analysis.findings.areas.bands import area_funnel


def made(measure: str, columns: dict) -> Answer:
    frame = pl.DataFrame(columns)
    size = frame.height
    return Answer(
        question=Question(measure, ["area"]),
        measure=load_catalog().measures[measure],
        frame=frame,
        caveats=[],
        source="",
        as_of=datetime.date(2026, 1, 1),
        unit="",
        cells_shown=size,
        cells_total=size,
    )


def pair(events, base, *, cells=None, shown=None, rates=None) -> tuple[Answer, Answer]:
    codes = [f"D{n}" for n in range(len(events))]
    cells = cells or [1] * len(events)
    shown = shown or cells
    counts = made(
        "detected_persons",
        {"area": codes, "value": events, "cells_shown": shown, "cells_total": cells},
    )
    rates = rates or [
        None if one is None else one / people * 1e5 for one, people in zip(events, base, strict=True)
    ]
    return counts, made("detection_rate_per_100k", {"area": codes, "value": rates, "base": base})


def bands(*args, variance: float = 0.0, threshold: int = 10, **more) -> list[int | None]:
    funnel = area_funnel(*pair(*args, **more), variance, threshold)
    assert funnel is not None
    return funnel.areas["band"].to_list()


def test_equal_rates_are_about_the_same() -> None:
    assert bands([50.0, 100.0, 200.0], [5e4, 1e5, 2e5]) == [2, 2, 2]


@pytest.mark.parametrize(("factor", "band"), [(1.0, 2), (1.28, 3), (1.6, 4), (0.76, 1), (0.55, 0)])
def test_an_area_leaves_the_funnel_at_the_poisson_limits(factor: float, band: int) -> None:
    # One area of 100 expected events against a whole so large that it sets the rate.
    found = bands([100 * factor, 1e6], [1e5, 1e9])
    assert found[0] == band
    outside_95 = (
        100 * factor > stats.chi2.ppf(0.975, 202) / 2 or 100 * factor < stats.chi2.ppf(0.025, 200) / 2
    )
    assert (found[0] != 2) == outside_95


def test_the_protection_widens_the_funnel() -> None:
    events, base = [25.0, 1e6], [1e4, 1e9]
    assert bands(events, base) == [4, 2]
    assert bands(events, base, variance=3.0, cells=[5, 1])[0] == 3
    assert bands(events, base, variance=3.0, cells=[20, 1])[0] == 2, "twenty cells of noise may explain it"


def test_numbers_that_are_not_shown_never_make_an_area_low() -> None:
    events, base = [55.0, 1e6], [1e5, 1e9]
    assert bands(events, base)[0] == 0
    # Six of its ten cells are not shown: they may hold up to 54 more.
    assert bands(events, base, cells=[10, 1], shown=[4, 1])[0] == 2


def test_no_band_without_a_rate() -> None:
    found = area_funnel(*pair([50.0, None, 12.0], [5e4, 5e4, 5e4], rates=[100.0, None, None]), 3.0, 10)
    assert found is not None
    assert found.areas["band"].to_list() == [2, None, None]
    assert found.whole_rate == pytest.approx(100.0), "of the areas with a rate"


def test_nothing_to_compare() -> None:
    assert area_funnel(*pair([None, None], [5e4, 5e4], rates=[None, None]), 3.0, 10) is None


def test_lines_narrow_with_residents_and_hold_the_whole() -> None:
    funnel = area_funnel(*pair([50.0, 100.0, 2000.0], [5e4, 1e5, 2e6]), 3.0, 10)
    assert funnel is not None
    width = (funnel.lines["high95"] - funnel.lines["low95"]).to_numpy()
    assert (np.diff(width) < 0).all()
    assert (funnel.lines["low998"] <= funnel.lines["low95"]).all()
    assert ((funnel.lines["low95"] < funnel.whole_rate) & (funnel.whole_rate < funnel.lines["high95"])).all()
