"""Quantiles read off bands: against people written out one by one, and against hand-worked cases."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Question, answer, open_release
from analysis.answers.kinds.quantiles import bands_of, possible, quantile
from analysis.catalog.model import Category
from tests.quick.spec.drawn import write_release

EDGES = (0.0, 3.0, 8.0, 29.0)
COUNTS = st.lists(st.integers(0, 400), min_size=5, max_size=5)


def spelt_out(counts: list[int], edges: tuple[float, ...], position: float) -> float:
    """Find the quantile the slow way: walk from band to band until enough people have been passed."""
    total = sum(counts)
    if total == 0:
        return float("nan")
    left = position * total
    for place, (low, high) in enumerate(itertools.pairwise(edges)):
        if left <= counts[place]:
            return low + (high - low) * (left / counts[place] if counts[place] else 0.0)
        left -= counts[place]
    return float("inf")


@given(COUNTS, st.floats(0.01, 0.99))
def test_it_agrees_with_a_walk_from_band_to_band(counts: list[int], position: float) -> None:
    found = float(quantile(np.array(counts, dtype=float), EDGES, np.array(position)))
    assert found == pytest.approx(spelt_out(counts, EDGES, position), nan_ok=True)


@given(COUNTS, st.floats(0.05, 0.9))
def test_it_never_falls_when_more_people_are_slow(counts: list[int], position: float) -> None:
    slower = [*counts[:4], counts[4] + 10]
    before = float(quantile(np.array(counts, dtype=float), EDGES, np.array(position)))
    after = float(quantile(np.array(slower, dtype=float), EDGES, np.array(position)))
    assert np.isnan(before) or after >= before - 1e-9


def test_whoever_still_waits_stands_above_every_band() -> None:
    """Half have waited longer than can be said: there is no median, and it is not the end of a band."""
    counts = np.array([[40.0, 0.0, 0.0, 0.0, 60.0], [60.0, 0.0, 0.0, 0.0, 40.0]])
    found = quantile(counts, EDGES, np.full(2, 0.5))
    assert np.isinf(found[0])
    assert found[1] == pytest.approx(2.5)


def test_bands_come_in_order_and_not_recorded_says_nothing() -> None:
    made = bands_of(
        (
            Category("late", "", low=8),
            Category("soon", "", low=0),
            Category("waiting", ""),
            Category("not_recorded", ""),
        )
    )
    assert (made.codes, made.edges, made.closed) == (("soon", "late", "waiting"), (0.0, 8.0), 1)


@given(COUNTS, COUNTS, st.lists(st.floats(0, 1), min_size=5, max_size=5), st.floats(0.05, 0.95))
def test_whatever_hidden_bands_hold_the_quantile_lies_within_what_is_possible(
    counts: list[int], most: list[int], part: list[float], position: float
) -> None:
    shown, hidden = np.array(counts, dtype=float), np.array(most, dtype=float)
    at = np.array(position)
    lower, upper = possible(shown, hidden, EDGES, at, at)
    held = float(quantile(shown + np.floor(hidden * np.array(part)), EDGES, at))
    if not np.isnan(held):
        assert lower - 1e-9 <= held <= upper + 1e-9


@pytest.mark.parametrize("measure", ["service_wait_median", "service_wait_p90", "decision_wait_median"])
@pytest.mark.parametrize("by", ["area_kind", "service_type", "area"])
def test_a_published_quantile_lies_within_its_limits(release, measure: str, by: str) -> None:
    [found] = answer([Question(measure, [by], area_level=2 if by == "area" else None)], release)
    shown = found.frame.drop_nulls("value")
    for row in shown.iter_rows(named=True):
        assert row["lower"] <= row["value"], row
        assert row["upper"] is None or row["value"] <= row["upper"], row


@pytest.mark.parametrize(("people", "is_shown"), [(59, False), (60, True)])
def test_no_median_is_read_off_fewer_than_sixty(tmp_path: Path, people: int, is_shown: bool) -> None:
    """All bands are shown, so that nothing but their number can hide the median."""
    bands = ("0_2_days", "3_7_days", "8_28_days", "29_90_days", "over_90_days", "undecided")
    rows = [{"period": "2025", "decision_band": band, "value": "10"} for band in bands[1:]]
    rows.append({"period": "2025", "decision_band": bands[0], "value": str(people - 50)})
    rows.append({"period": "2025", "value": str(people)})
    release = open_release(write_release(tmp_path, {"referral": rows}))
    [found] = answer([Question("decision_wait_median", (), periods=("2025", "2025"))], release)
    row = found.frame.row(0, named=True)
    assert row["base"] == people
    assert (row["value"] is not None) == is_shown
