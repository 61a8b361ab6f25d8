"""Rates of areas drawn to the mean of all by as much as chance could have moved them; areas without one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.answers.answer import Answer
from analysis.answers.kinds.rates import significant
from analysis.findings.areas.where import when_of
from analysis.findings.compare import Value
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.statistics.areas.shrunk import FEWEST_AREAS, shrunk_rates
from analysis.statistics.rates import FEWEST_EVENTS


@dataclass(frozen=True)
class SmoothedArea:
    """One area: its rate as published, and smoothed; `weight` is the share of its own rate that is left."""

    area: str
    own: float
    smoothed: Value
    weight: float
    is_unreliable: bool


@dataclass(frozen=True)
class GreyArea:
    """One area without a rate.

    Attributes
    ----------
    area
        Its code.
    residents
        On average over the years; None where they are not known.
    expected
        Events a year that the rate of all areas would give so many residents.
    is_small
        Whether that is less than the smallest number that is shown.
    is_silent
        Whether nothing was reported from there at all.
    """

    area: str
    residents: float | None
    expected: float | None
    is_small: bool
    is_silent: bool


def smoothed_areas(counts: Answer, rates: Answer) -> tuple[SmoothedArea, ...]:
    """Return the smoothed rates of all areas with a rate, in the order of the code list.

    Parameters
    ----------
    counts, rates
        A published count and its rate by ``area``, of the same areas, periods and filters.

    Returns
    -------
    tuple of SmoothedArea
        Empty where fewer than three areas have a rate. Numbers are to two significant figures.
    """
    rows = known_areas(counts, rates)
    if len(rows) < FEWEST_AREAS or counts.checked is None:
        return ()
    variance = counts.checked.release.v
    found = shrunk_rates(
        [row["events"] for row in rows],
        [row["base"] for row in rows],
        [variance * row["cells"] for row in rows],
    )
    value, lower, upper = (
        significant(one * rates.measure.per) for one in (found.value, found.lower, found.upper)
    )
    return tuple(
        SmoothedArea(
            row["area"],
            row["rate"],
            Value(float(value[n]), float(lower[n]), float(upper[n]), {"area": row["area"]}, base=row["base"]),
            float(found.weight[n]),
            "u" in row["marker"],
        )
        for n, row in enumerate(rows)
    )


def known_areas(counts: Answer, rates: Answer) -> list[dict[str, Any]]:
    """Return the areas with a rate: ``area``, ``events``, ``cells``, ``base``, ``rate``, ``marker``."""
    of_rate = {row["area"]: row for row in rates.frame.iter_rows(named=True)}
    return [
        {
            "area": row["area"],
            "events": row["value"],
            "cells": row["cells_shown"],
            "base": of_rate[row["area"]]["base"],
            "rate": of_rate[row["area"]]["value"],
            "marker": of_rate[row["area"]]["marker"] or "",
        }
        for row in counts.frame.iter_rows(named=True)
        if row["value"] is not None
        and row["area"] in of_rate
        and of_rate[row["area"]]["value"] is not None
        and of_rate[row["area"]]["base"]
    ]


def smoothed_range(areas: tuple[SmoothedArea, ...], rates: Answer, scope: Scope, kind: str) -> Finding:
    """Return between which rates the areas lie once chance is allowed for.

    Parameters
    ----------
    areas
        From `smoothed_areas`; three or more.
    rates, scope
        Of the published rates.
    kind
        What the areas are: "districts".
    """
    low, high = (pick((one.smoothed for one in areas), key=lambda one: one.value) for pick in (min, max))
    facts = {"count": len(areas), "kind": kind, "when": when_of(rates), **_group(rates)}
    return Finding(
        "range", rates.measure, scope, (low, high), about="area", topic="areas_smoothed", facts=facts
    )


def grey_areas(counts: Answer, rates: Answer) -> tuple[GreyArea, ...]:
    """Return the areas without a rate, and what is known of why; those nobody lives in are left out.

    Parameters
    ----------
    counts, rates
        As `smoothed_areas`.
    """
    known = known_areas(counts, rates)
    persons = sum(row["base"] for row in known)
    whole = sum(row["events"] for row in known) / persons if persons else None
    fewest = _fewest(rates)
    of_count = {row["area"]: row for row in counts.frame.iter_rows(named=True)}
    found = []
    for row in rates.frame.iter_rows(named=True):
        marker = row["marker"] or ""
        if row["value"] is not None or "z" in marker:
            continue
        years = max(of_count[row["area"]]["cells_total"] or 1, 1) if row["area"] in of_count else 1
        residents = row["base"] / years if row["base"] else None
        expected = whole * residents if whole is not None and residents else None
        is_small = expected is not None and expected < fewest
        found.append(GreyArea(row["area"], residents, expected, is_small, "x" in marker))
    return tuple(found)


def grey_areas_said(
    grey: tuple[GreyArea, ...], rates: Answer, scope: Scope, total: int, kind: Mapping[int, str]
) -> Finding:
    """Return how many areas have no rate, and why the first of them has none.

    Parameters
    ----------
    grey
        From `grey_areas`; one or more.
    rates, scope
        Of the published rates.
    total
        How many areas there are.
    kind
        What one area is, and what several are: ``{1: "district", 2: "districts"}``.
    """
    first = next((one for one in grey if one.is_small), grey[0])
    facts = {
        "grey": grey,
        "first": first,
        "total": total,
        "kind": kind,
        "when": when_of(rates),
        "fewest": _fewest(rates),
    }
    return Finding(
        "fact",
        rates.measure,
        scope,
        topic="areas_grey",
        facts={**facts, **_group(rates)},
        label=rates.in_sentence,
    )


def _fewest(rates: Answer) -> int:
    """Return the smallest number of events from which there is a rate."""
    release = rates.checked.release if rates.checked else None
    return FEWEST_EVENTS if release is None else max(release.threshold, FEWEST_EVENTS)


def _group(rates: Answer) -> dict[str, tuple[tuple[str, str], ...]]:
    return {"group": (("area_level", str(rates.question.area_level or "")),)}
