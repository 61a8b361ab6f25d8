"""Campaigns: which ran when, and whether more people were known than in the same months of other years.

Published counts only. A comparison with other years shows that a number was unusual, not why.
"""

import datetime
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from analysis import periods
from analysis.statistics.intervals import z_value

LEAST_YEARS = 3


@dataclass(frozen=True)
class Campaign:
    """One row of the register of campaigns; `area` is empty for the whole region."""

    code: str
    name: str
    theme: str
    area: str
    start: datetime.date
    end: datetime.date | None
    cost: float | None
    contributor: str
    events: int
    people_reached: int
    media_audience: int

    @property
    def plain_name(self) -> str:
        """The name without what stands in brackets behind it."""
        return self.name.split(" (")[0]


class _Ratio:
    """A ratio with its interval, against 1."""

    lower: float
    upper: float

    @property
    def direction(self) -> int:
        """1 where more were known, −1 where fewer, 0 where no difference can be claimed."""
        return int(self.lower > 1) - int(self.upper < 1)


@dataclass(frozen=True)
class Compared(_Ratio):
    """People known in the quarters of a campaign, to what the same quarters of other years would let expect.

    Attributes
    ----------
    during, usual : float
        People in the campaign's quarters; the average of the same quarters of other years, added up.
    ratio, lower, upper : float
        With a 95 % interval.
    years : int
        Fewest other years behind any of the quarters.
    """

    during: float
    usual: float
    ratio: float
    lower: float
    upper: float
    years: int


@dataclass(frozen=True)
class Contrast(_Ratio):
    """The ratio to the usual number here, over that elsewhere, with a 95 % interval."""

    ratio: float
    lower: float
    upper: float


def contrast(here: Compared, elsewhere: Compared) -> Contrast:
    """Return a difference in differences, on the log scale, of two comparisons with other years.

    Notes
    -----
    The two rest on different people, so the squares of their half intervals add up. It says that the change
    here was not the change everywhere; it does not say that the campaign made it.
    """
    halves = [math.log(one.upper / one.ratio) for one in (here, elsewhere)]
    ratio, half = here.ratio / elsewhere.ratio, math.hypot(*halves)
    return Contrast(ratio, ratio * math.exp(-half), ratio * math.exp(half))


def free_areas(
    campaign: Campaign, listed: Iterable[Campaign], areas: Iterable[str], quarters: Collection[str]
) -> tuple[str, ...]:
    """Return the areas to compare a campaign's area with: those in which no other one ran at the time.

    Parameters
    ----------
    campaign, listed
        The campaign, and all of them.
    areas
        Those of the level of the campaign's area.
    quarters
        The quarters compared.

    Returns
    -------
    tuple of str
        Empty where another campaign ran everywhere.
    """
    at_once = [
        one.area for one in listed if one.code != campaign.code and touched_quarters(one) & set(quarters)
    ]
    return tuple(one for one in areas if one not in (campaign.area, *at_once)) if "" not in at_once else ()


def campaigns(register: pl.DataFrame) -> list[Campaign]:
    """Return the rows of the register ``campaign``, by their first day."""
    if register.is_empty():
        return []
    found = [
        Campaign(
            row["campaign"],
            row["name"],
            row["theme"],
            row["area_code"] or "",
            row["start_date"],
            row["end_date"],
            row["cost"],
            row["contributor"] or "",
            row["events"] or 0,
            row["people_reached"] or 0,
            row["media_audience"] or 0,
        )
        for row in register.iter_rows(named=True)
    ]
    return sorted(found, key=lambda one: (one.start, one.code))


def running(listed: Iterable[Campaign], span: periods.Span | None, areas: Collection[str]) -> list[Campaign]:
    """Return the campaigns that ran in some month of a span, for one of some areas or for the whole region.

    Parameters
    ----------
    span
        None: at any time.
    areas
        Empty: anywhere.
    """
    return [
        one
        for one in listed
        if (not areas or not one.area or one.area in areas)
        and (
            span is None
            or (_month(one.start) <= span.last and (one.end is None or _month(one.end) >= span.first))
        )
    ]


def total_cost(listed: Iterable[Campaign]) -> float:
    """Return the cost of all campaigns whose cost is known."""
    return float(sum(one.cost for one in listed if one.cost is not None))


def whole_quarters(campaign: Campaign, last_month: str) -> tuple[str, ...]:
    """Return the quarters that lie wholly inside a campaign, up to the last month that is closed."""
    last = periods.span_of(last_month).last
    end = last if campaign.end is None else min(last, _month(campaign.end))
    return tuple(periods.periods_inside(periods.Span(_month(campaign.start), end), "quarter"))


def touched_quarters(campaign: Campaign) -> frozenset[str]:
    """Return every quarter in which a campaign ran, also for a part: none of them is a usual one."""
    start = _month(campaign.start)
    end = _month(campaign.end) if campaign.end else start + 1_200
    return frozenset(periods.code_of(month, "quarter") for month in range(start, end + 1))


def _month(day: datetime.date) -> int:
    return 12 * day.year + day.month - 1


Values = Mapping[str, float]


def values_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Return period → value of the rows that are shown and complete."""
    return {
        row["period"]: row["value"]
        for row in rows
        if row["value"] is not None and "p" not in (row["marker"] or "")
    }


def can_be_compared(values: Values, quarters: Sequence[str], touched: Collection[str]) -> bool:
    """Return whether every quarter of a campaign is shown, and in enough other years as well."""
    return bool(quarters) and all(
        quarter in values and len(_others(values, quarter, touched)) >= LEAST_YEARS for quarter in quarters
    )


def together(series: Iterable[Values]) -> dict[str, float]:
    """Return the sum of several contributors, in the periods in which all of them are shown."""
    listed = list(series)
    shared = set.intersection(*(set(one) for one in listed)) if listed else set()
    return {period: sum(one[period] for one in listed) for period in sorted(shared)}


def compared(
    values: Values, quarters: Sequence[str], touched: Collection[str], variance: float
) -> Compared | None:
    """Compare a campaign's quarters with the same quarters of other years.

    Parameters
    ----------
    values
        Published people by quarter.
    quarters, touched
        Those inside the campaign; those that it touched.
    variance
        What the protection adds to one number (V), times the contributors summed.

    Returns
    -------
    Compared or None
        None where too few numbers are shown.

    Notes
    -----
    Quasi-Poisson: counts vary around their quarter's average as Poisson counts and protection do, or more, by
    the dispersion found among the other years (never less than one). The interval is that of a ratio of two
    independent sums on the log scale.
    """
    if not can_be_compared(values, quarters, touched):
        return None
    others = [np.array(_others(values, quarter, touched)) for quarter in quarters]
    means = [float(part.mean()) for part in others]
    during, usual = sum(values[quarter] for quarter in quarters), sum(means)
    scaled = sum(
        ((part - mean) ** 2).sum() / (mean + variance) for part, mean in zip(others, means, strict=True)
    )
    freedom = sum(len(part) - 1 for part in others)
    dispersion = max(1.0, float(scaled) / freedom)
    above = (during + variance * len(quarters)) / during**2
    below = sum((mean + variance) / len(part) for part, mean in zip(others, means, strict=True)) / usual**2
    half = z_value() * float(np.sqrt(dispersion * (above + below)))
    ratio = during / usual
    return Compared(
        during, usual, ratio, ratio * float(np.exp(-half)), ratio * float(np.exp(half)), min(map(len, others))
    )


def _others(values: Values, quarter: str, touched: Collection[str]) -> list[float]:
    return [
        value
        for period, value in sorted(values.items())
        if period[-2:] == quarter[-2:] and period != quarter and period not in touched
    ]
