"""Where areas with high rates lie beside each other, and where low ones do: local Moran's I.

On published counts. A verdict of its own kind: about an area *and* its neighbours, thinned so that of
those named at most one in twenty is there by chance (`analysis.statistics.areas.clusters`). It says nothing
of an area alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.answers.answer import Answer
from analysis.findings.areas.smoothed import known_areas
from analysis.findings.areas.where import when_of
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.release.release import Release
from analysis.statistics.checked import Numbers

if TYPE_CHECKING:
    from analysis.statistics.areas.neighbours import Neighbours

#: With more, the numbers dealt out anew would take longer than a reader waits.
MOST_AREAS = 400


@dataclass(frozen=True)
class Spot:
    """One area and those beside it: rates as published; `side` 1 high among high, −1 low, else 0."""

    area: str
    own: float
    beside: float | None
    neighbours: tuple[str, ...]
    p: float | None
    side: int


@dataclass(frozen=True)
class Spots:
    """All areas that were looked at.

    Attributes
    ----------
    areas
        In the order of the code list.
    alike
        p of so much likeness of neighbours over all areas.
    islands
        Areas without a neighbour that has a rate.
    """

    areas: tuple[Spot, ...]
    alike: float
    islands: tuple[str, ...]

    @property
    def hot(self) -> tuple[str, ...]:
        """Areas with a high rate among such."""
        return tuple(one.area for one in self.areas if one.side > 0)

    @property
    def cold(self) -> tuple[str, ...]:
        """Areas with a low rate among such."""
        return tuple(one.area for one in self.areas if one.side < 0)


def spots_of(counts: Answer, rates: Answer, release: Release, geography: str) -> Spots | str:
    """Return where high and low rates lie together, or in words why that cannot be said.

    Parameters
    ----------
    counts, rates
        A published count and its rate by ``area``, of the same areas, periods and filters.
    release, geography
        For the borders of the areas.
    """
    rows = known_areas(counts, rates)
    codes = tuple(row["area"] for row in rows)
    if len(codes) > MOST_AREAS:
        return f"Neighbours are compared for up to {MOST_AREAS} areas: choose larger areas."
    neighbours = _beside(release, geography, codes)
    if neighbours is None:
        return "Which areas lie beside each other is not known: their borders were not loaded."
    events, people, noise = (
        np.array([row[name] for row in rows], dtype=np.float64) for name in ("events", "base", "cells")
    )
    try:
        return _spots(rows, neighbours, (events, people, noise * release.v), rates)
    except ValueError:  # all alike, or fewer than four with a neighbour
        return "Too few areas with a rate lie beside each other to compare them."


def spots_said(spots: Spots, rates: Answer, scope: Scope, kind: str) -> Finding:
    """Return which areas with high rates lie beside such, which with low ones, and how many were looked at.

    Parameters
    ----------
    spots
        From `spots_of`.
    rates, scope
        Of the published rates.
    kind
        What the areas are: "districts".
    """
    facts = {
        "hot": spots.hot,
        "cold": spots.cold,
        "looked_at": len(spots.areas) - len(spots.islands),
        "kind": kind,
        "when": when_of(rates),
        "group": (("area_level", str(rates.question.area_level or "")),),
    }
    direction = bool(spots.hot) - bool(spots.cold)
    return Finding(
        "cluster",
        rates.measure,
        scope,
        about="area",
        topic="areas_beside",
        direction=direction,
        facts=facts,
        label=rates.in_sentence,
    )


def _beside(release: Release, geography: str, codes: tuple[str, ...]) -> "Neighbours | None":
    """Return the neighbours of areas by their published outlines; None where one has none."""
    import shapely  # noqa: PLC0415 - only this card needs it

    from analysis.statistics.areas.neighbours import touching  # noqa: PLC0415

    table = release.table("area_shape")
    rows = table.filter(table["geography"] == geography)
    known = dict(zip(rows["code"], rows["wkb"], strict=True))
    if not codes or any(code not in known for code in codes):
        return None
    return touching(list(shapely.from_wkb([known[code] for code in codes])))


def _spots(
    rows: Sequence[dict[str, Any]],
    neighbours: "Neighbours",
    given: tuple[Numbers, Numbers, Numbers],
    rates: Answer,
) -> Spots:
    from analysis.statistics.areas.clusters import local_moran, moran  # noqa: PLC0415
    from analysis.statistics.areas.smoothing import standardised  # noqa: PLC0415

    scores = standardised(*given)
    whole, local = moran(scores, neighbours), local_moran(scores, neighbours)
    codes, per = [row["area"] for row in rows], rates.measure.per
    events, people, _ = given
    found, islands = [], []
    for place, row in enumerate(rows):
        near = neighbours.of(place)
        beside = per * events[near].sum() / people[near].sum() if len(near) else None
        if beside is None:
            islands.append(row["area"])
        p = None if np.isnan(local.p[place]) else float(local.p[place])
        side = int(local.hot[place]) - int(local.cold[place])
        found.append(Spot(row["area"], row["rate"], beside, tuple(codes[n] for n in near), p, side))
    return Spots(tuple(found), whole.permuted_p, tuple(islands))
