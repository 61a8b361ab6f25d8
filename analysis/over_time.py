"""Comparisons over time, from published cells only: the change on a year before, the months of the year."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis import periods
from analysis.results import Answer
from analysis.statistics.change import Figures, change_between
from analysis.statistics.intervals import z_value

LEAST_YEARS = 3


@dataclass(frozen=True)
class Change:
    """The newest figure against the same period a year before.

    `direction` is 1, −1, or 0 where no change can be claimed. `difference` and its limits are in the unit of
    the measure (percentage points for shares). `relative`, in per cent of the earlier value, only for counts
    and rates.
    """

    period: str
    before_period: str
    value: float
    before: float
    difference: float
    lower: float
    upper: float
    direction: int
    relative: float | None
    is_provisional: bool = False


def change_on_year_before(
    answer: Answer, smallest: float = 0.0, *, code: tuple[str, str] | None = None, firm: bool = True
) -> Change | None:
    """Return the change of the newest period on the same period a year before.

    Parameters
    ----------
    answer
        By ``period`` only; or by ``period`` and one dimension when `code` is given.
    smallest
        A difference of this size or less is never called a change (`Protection.change` for counts).
    code
        Dimension and code: the rows to look at.
    firm
        Leave provisional periods out.

    Returns
    -------
    Change or None
        None when the newest period, or the one a year before it, is not shown.
    """
    frame = answer.frame if code is None else answer.frame.filter(pl.col(code[0]) == code[1])
    rows = {row["period"]: row for row in frame.iter_rows(named=True)}
    usable = [period for period, row in rows.items() if not (firm and "p" in (row["marker"] or ""))]
    if not usable:
        return None
    later = rows[usable[-1]]
    earlier = rows.get(periods.previous(usable[-1], years=1))
    limits = ("value", "lower", "upper")
    if earlier is None or any(row[name] is None for row in (earlier, later) for name in limits):
        return None
    step = change_between(
        Figures(*([earlier[name]] for name in limits)), Figures(*([later[name]] for name in limits)), smallest
    )
    share = answer.measure.kind == "share"
    return Change(
        period=later["period"],
        before_period=earlier["period"],
        value=later["value"],
        before=earlier["value"],
        difference=float(step.difference[0]),
        lower=float(step.lower[0]),
        upper=float(step.upper[0]),
        direction=int(step.direction[0]),
        relative=None
        if share or not earlier["value"]
        else 100 * float(step.difference[0]) / earlier["value"],
        is_provisional="p" in (later["marker"] or ""),
    )


def months_of_year(answer: Answer, cell_variance: float) -> pl.DataFrame:
    """Return the average of each month of the year over the whole, firm years of a monthly count.

    Parameters
    ----------
    answer
        A count by ``period`` at month level.
    cell_variance
        Variance of the change to one cell (`Release.v`).

    Returns
    -------
    polars.DataFrame
        Columns ``month`` (1–12), ``value``, ``lower``, ``upper`` (95 %: Poisson and protection),
        ``years_shown``, ``years_total``. A month shown in fewer than `LEAST_YEARS` years has no value: the
        average of the years that happen to be large enough would mislead. Empty when there are fewer whole
        years than that.
    """
    frame = answer.frame.with_columns(
        pl.col("period").str.slice(0, 4).alias("year"),
        pl.col("period").str.slice(5, 2).cast(pl.Int32).alias("month"),
    )
    whole = frame.group_by("year").agg(
        pl.len().alias("months"), pl.col("marker").str.contains("p").any().alias("late")
    )
    years = whole.filter((pl.col("months") == 12) & ~pl.col("late"))["year"]
    kept = frame.filter(pl.col("year").is_in(years.to_list()))
    if len(years) < LEAST_YEARS:
        return (
            kept.clear().select("month", "value", "lower", "upper").with_columns(years_shown=0, years_total=0)
        )
    grouped = kept.group_by("month").agg(
        pl.col("value").mean(),
        pl.col("value").sum().alias("total"),
        pl.col("value").count().alias("years_shown"),
    )
    n = pl.col("years_shown")
    reach = z_value(0.95) * (pl.col("total") + cell_variance * n).sqrt() / n
    enough = n >= LEAST_YEARS
    return grouped.sort("month").select(
        "month",
        pl.when(enough).then("value").alias("value"),
        pl.when(enough).then((pl.col("value") - reach).clip(lower_bound=0)).alias("lower"),
        pl.when(enough).then(pl.col("value") + reach).alias("upper"),
        "years_shown",
        pl.lit(len(years)).alias("years_total"),
    )


def months_that_stand_out(months: pl.DataFrame) -> tuple[list[int], list[int]]:
    """Return the months above, and those below, the average of all months by more than chance and protection.

    Twelve comparisons are made, so each interval is widened to keep the chance of any false one near 5 %
    (Bonferroni).

    Parameters
    ----------
    months
        What `months_of_year` gives.
    """
    if months.is_empty() or months["value"].null_count():
        return [], []
    wider = z_value(1 - 0.05 / months.height) / z_value(0.95)
    average = float(np.mean(months["value"].to_numpy()))
    reach = (pl.col("upper") - pl.col("value")) * wider
    high = months.filter(pl.col("value") - reach > average)["month"].to_list()
    low = months.filter(pl.col("value") + reach < average)["month"].to_list()
    return high, low
