"""How long people wait, with those who still wait kept for as long as they were followed; and between groups.

From published cells: bands of the wait by year, and by quarter those who still wait, which says how long
they have waited up to the day of the release. The medians of the catalog count everybody who still waits as
waiting longer than any band; for years that are over for half a year both are the same.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.answers.answer import Answer
from analysis.answers.kinds.quantiles import WIDEST_HIDDEN, Bands, bands_of
from analysis.catalog.model import Dimension
from analysis.findings.compare import NAMES_NOTHING, Value
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.periods import span_of
from analysis.release.release import Release
from analysis.statistics.checked import Numbers
from analysis.statistics.life_table import FEWEST_FOR_A_QUANTILE, LifeTable, banded_log_rank, life_table

HALF, MOST = 0.5, 0.9
WHOLE = ""
MANY_DIFFER = 0.05


@dataclass(frozen=True, eq=False)
class Wait:
    """The waits of one group: counts, what the protection adds to their variance, and the life table."""

    code: str
    ended: Numbers
    still: Numbers
    noise: tuple[Numbers, Numbers]
    table: LifeTable

    def value(self, share: float) -> Value | None:
        """Return by when a share of the waits is over; None where that cannot be said."""
        found, lower, upper = self.table.quantile(share)
        if not np.isfinite(found):
            return None
        return Value(found, lower, upper if np.isfinite(upper) else float("inf"), {"group": self.code})


@dataclass(frozen=True)
class Waits:
    """Groups that can be compared, in the order of the code list, those that cannot, and the test of all.

    Attributes
    ----------
    groups
        Empty where nothing can be said.
    left_out
        Codes of groups with too few, or too many hidden numbers.
    p
        Of waits that differ so much; None with fewer than two groups.
    """

    groups: tuple[Wait, ...]
    left_out: tuple[str, ...]
    p: float | None

    @property
    def differ(self) -> bool:
        """Whether groups wait clearly differently."""
        return self.p is not None and self.p < MANY_DIFFER


def waits_of(
    years: Answer, quarters: Answer, dimension: Dimension, as_of: datetime.date, by: str = WHOLE
) -> Waits:
    """Return the life tables of a wait, of all or of each group.

    Parameters
    ----------
    years
        Counts by ``period`` (years), the bands, and `by`.
    quarters
        Counts by ``period`` (quarters) and `by` of those who still wait.
    dimension
        The bands.
    as_of
        The day up to which they were followed.
    by
        The dimension of the groups; empty for none.
    """
    if years.refusal or years.checked is None:
        return Waits((), (), None)
    bands, release = bands_of(dimension.categories), years.checked.release
    codes = [code for code in dict.fromkeys(years.frame[by])] if by else [WHOLE]
    followed = _followed(quarters, bands, as_of, by)
    groups: list[Wait] = []
    left_out = []
    for code in codes:
        if code in NAMES_NOTHING:
            continue
        rows = [row for row in years.frame.iter_rows(named=True) if not by or row[by] == code]
        found = _wait(code, rows, (bands, dimension.code), followed.get(code, {}), release)
        if found is None:
            left_out.append(code)
        else:
            groups.append(found)
    p = None
    if len(groups) > 1:
        stacked = [np.array([getattr(one, name) for one in groups]) for name in ("ended", "still")]
        noise = tuple(np.array([one.noise[side] for one in groups]) for side in (0, 1))
        p = banded_log_rank(stacked[0], stacked[1], (noise[0], noise[1])).p
    return Waits(tuple(groups), tuple(left_out), p)


def _wait(
    code: str,
    rows: Sequence[Mapping[str, Any]],
    dimension: tuple[Bands, str],
    followed: Mapping[str, Numbers],
    release: Release,
) -> Wait | None:
    """Return one group's life table; None where too much is hidden or too few waited."""
    bands, name = dimension
    closed = bands.closed
    ended, still = np.zeros(closed), np.zeros(closed + 1)
    noise = (np.zeros(closed), np.zeros(closed + 1))
    hidden = 0
    for row in rows:
        band = row[name]
        if band not in bands.codes:
            continue
        place = bands.codes.index(band)
        if row["value"] is None:
            hidden += "c" in (row["marker"] or "")
            continue
        if place < closed:
            ended[place] += row["value"]
            noise[0][place] += release.v
        elif place == closed:  # longer than any band, and over
            still[closed] += row["value"]
            noise[1][closed] += release.v
        else:
            spread = followed.get(row["period"], _beyond(closed))
            still += row["value"] * spread
            noise[1][:] += release.v * spread**2
    total = float(ended.sum() + still.sum())
    most_hidden = hidden * max(release.threshold - 1, 0)
    if total < FEWEST_FOR_A_QUANTILE or most_hidden > WIDEST_HIDDEN * total:
        return None
    return Wait(code, ended, still, noise, life_table(ended, still, bands.edges, noise))


def _beyond(closed: int) -> Numbers:
    found = np.zeros(closed + 1)
    found[closed] = 1.0
    return found


def _followed(quarters: Answer, bands: Bands, as_of: datetime.date, by: str) -> dict[str, dict[str, Numbers]]:
    """Return, by group and year, in which bands those who still wait were last followed.

    Shares that sum to 1. Only of years that ended so lately that some of them cannot have waited through
    all bands.
    """
    if quarters.refusal:
        return {}
    counts: dict[str, dict[str, list[tuple[float, Numbers]]]] = {}
    for row in quarters.frame.iter_rows(named=True):
        span = span_of(row["period"])
        newest, oldest = _days(span.last + 1, as_of), _days(span.first, as_of)
        year = str(span.first // 12)
        if _days(12 * (span.first // 12 + 1), as_of) >= bands.edges[-1]:
            continue
        weight = 0.0 if row["value"] is None else float(row["value"])
        shares = _spread(max(newest, 0), max(oldest, 1), bands.edges)
        counts.setdefault(row[by] if by else WHOLE, {}).setdefault(year, []).append((weight, shares))
    found: dict[str, dict[str, Numbers]] = {}
    for code, years in counts.items():
        for year, parts in years.items():
            weights = np.array([weight for weight, _ in parts])
            weights = weights / weights.sum() if weights.sum() else np.full(len(parts), 1 / len(parts))
            found.setdefault(code, {})[year] = np.sum(
                [weight * shares for weight, (_, shares) in zip(weights, parts, strict=True)], axis=0
            )
    return found


def _days(month: int, as_of: datetime.date) -> int:
    return (as_of - datetime.date(month // 12, month % 12 + 1, 1)).days


def _spread(low: float, high: float, edges: Sequence[float]) -> Numbers:
    """Return the share of an even spread from `low` to `high` that lies in each band, and beyond."""
    ends = np.array([*edges, np.inf])
    inside = np.clip(np.minimum(ends[1:], high) - np.maximum(ends[:-1], low), 0, None)
    return inside / inside.sum() if inside.sum() else _beyond(len(edges) - 1)


def waits_followed(waits: Waits, answer: Answer, scope: Scope, unit: str) -> Finding:
    """Return by when half and nine in ten were reached, of those followed.

    Parameters
    ----------
    waits
        Of all together: one group.
    answer, scope
        Of the counts by bands.
    unit
        "days".
    """
    if not waits.groups:
        return Finding("fact", answer.measure, scope, topic="waits_unknown")
    [whole] = waits.groups
    named = {name: whole.value(share) for name, share in (("half", HALF), ("most", MOST))}
    values = tuple(one for one in named.values() if one is not None)
    still = share_left(whole) if named["most"] is None else None
    facts = {"named": named, "unit": unit, "still": still}
    return Finding("fact", answer.measure, scope, values, topic="waits_followed", facts=facts)


def share_left(one: Wait) -> tuple[float, float] | None:
    """Return the last edge at which it is known how many still wait, and their share in per cent."""
    known = np.flatnonzero(~np.isnan(one.table.survival))
    last = int(known[-1])
    return (float(one.table.edges[last]), 100 * float(one.table.survival[last])) if last else None


def waits_differ(waits: Waits, answer: Answer, scope: Scope, by: str, unit: str) -> Finding:
    """Return whether groups wait equally long, and the shortest and the longest half of those that do not.

    Parameters
    ----------
    waits, answer, scope, unit
        As `waits_followed`; of two groups or more.
    by
        The dimension of the groups.
    """
    medians = [(one.code, value) for one in waits.groups if (value := one.value(HALF)) is not None]
    ordered = sorted(medians, key=lambda one: one[1].value)
    facts: Mapping[str, object] = {
        "ends": (ordered[0], ordered[-1]) if len(ordered) > 1 else (),
        "count": len(waits.groups),
        "by": by,
        "unit": unit,
        "differ": waits.differ,
    }
    values = tuple(value for _, value in (ordered[:1] + ordered[-1:] if len(ordered) > 1 else ()))
    return Finding(
        "gap",
        answer.measure,
        scope,
        values,
        about=by,
        topic="waits_differ",
        direction=int(waits.differ),
        facts=facts,
        label=answer.in_sentence,
    )
