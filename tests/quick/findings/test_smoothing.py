"""Smoothed rates, neighbours and grey areas on published cells: what is said, and what is left unsaid."""

import numpy as np
import polars as pl
import pytest

from analysis import Question, answer, open_release
from analysis.findings.areas import spots as spots_module
from analysis.findings.areas.smoothed import (
    grey_areas,
    grey_areas_said,
    smoothed_areas,
    smoothed_range,
)
from analysis.findings.areas.spots import spots_of, spots_said
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from tests.example_release import GEOGRAPHY

RATE = "detection_rate_per_100k"


def pair(release, **parts):
    asked = [Question(code, ("area",), area_level=2, **parts) for code in ("detected_persons", RATE)]
    return answer(asked, release)


@pytest.fixture
def release(folder):
    return open_release(folder)


def test_all_areas_with_a_rate_are_smoothed_and_the_range_is_that_of_the_smoothed(release) -> None:
    counts, rates = pair(release)
    areas = smoothed_areas(counts, rates)
    shown = [row["area"] for row in rates.frame.iter_rows(named=True) if row["value"] is not None]
    assert [one.area for one in areas] == shown
    said = say(smoothed_range(areas, rates, Scope(), "districts"))
    assert said.startswith("Allowing for chance, people identified per 100,000 residents")
    assert f"across the {len(areas)} districts" in said
    values = [one.smoothed.value for one in areas]
    assert np.ptp(values) < np.ptp([one.own for one in areas])


def test_an_area_without_a_rate_is_told_with_why(release) -> None:
    counts, rates = pair(release, where={"form": ("domestic_servitude",)}, periods=("2023", "2023"))
    hidden = [row["area"] for row in rates.frame.iter_rows(named=True) if row["value"] is None]
    grey = grey_areas(counts, rates)
    assert hidden and [one.area for one in grey] == hidden
    said = say(grey_areas_said(grey, rates, Scope(), 12, {1: "district", 2: "districts"}))
    assert said.startswith(f"{len(hidden)} of 12 districts {'is' if len(hidden) == 1 else 'are'} grey: ")
    assert "fewer than 10 people, or none" in said or "numbers below 10 are not shown" in said
    for one in grey:
        assert one.is_small == (one.expected is not None and one.expected < 10)


def grid(counts, rates, events: np.ndarray, release, monkeypatch):
    """Look at a square of areas that lie beside each other, with these published counts."""
    side = int(np.sqrt(len(events)))
    codes = [f"A{n:02d}" for n in range(len(events))]
    rows = [
        {"area": code, "events": float(one), "cells": 1, "base": 1e5, "rate": float(one), "marker": ""}
        for code, one in zip(codes, events, strict=True)
    ]
    monkeypatch.setattr(spots_module, "known_areas", lambda *_: rows)
    squares = [
        f"POLYGON(({x} {y}, {x + 1} {y}, {x + 1} {y + 1}, {x} {y + 1}, {x} {y}))"
        for y in range(side)
        for x in range(side)
    ]
    import shapely  # noqa: PLC0415

    table = pl.DataFrame(
        {"geography": "grid", "code": codes, "wkb": [shapely.from_wkt(one).wkb for one in squares]}
    )
    monkeypatch.setattr(type(release), "table", lambda _self, _name: table)
    return spots_of(counts, rates, release, "grid")


def test_a_planted_group_of_high_areas_is_found_and_nothing_else(release, monkeypatch) -> None:
    counts, rates = pair(release)
    random = np.random.default_rng(3)
    events = random.poisson(60, 49)
    for place in (0, 1, 2, 7, 8, 9, 14, 15, 16):
        events[place] += 60
    found = grid(counts, rates, events, release, monkeypatch)
    assert not isinstance(found, str)
    assert set(found.hot) <= {f"A{n:02d}" for n in (0, 1, 2, 7, 8, 9, 14, 15, 16)} and "A08" in found.hot
    assert found.alike < 0.01
    said = say(spots_said(found, rates, Scope(), "districts"))
    assert said.startswith("High rates lie side by side in and around ")
    assert "the 49 districts that can be compared" in said


def test_without_any_group_hardly_ever_one_is_found(release, monkeypatch) -> None:
    counts, rates = pair(release)
    random = np.random.default_rng(4)
    found = [grid(counts, rates, random.poisson(60, 25), release, monkeypatch) for _ in range(40)]
    assert sum(bool(one.hot or one.cold) for one in found) <= 5  # one in twenty, and chance
    nothing = next(one for one in found if not (one.hot or one.cold))
    assert "no closer together than chance" in say(spots_said(nothing, rates, Scope(), "districts"))


def test_no_borders_equal_rates_and_too_many_areas_are_said(release, monkeypatch) -> None:
    counts, rates = pair(release)
    assert "borders were not loaded" in str(spots_of(counts, rates, release, "nowhere"))
    assert "Too few areas" in str(grid(counts, rates, np.full(9, 20), release, monkeypatch))
    monkeypatch.setattr(spots_module, "MOST_AREAS", 3)
    assert "up to 3 areas" in str(spots_of(counts, rates, release, GEOGRAPHY))
