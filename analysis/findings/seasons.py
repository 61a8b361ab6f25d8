"""The months of the year, from published cells only: whether there is a season."""

from dataclasses import replace

import numpy as np
import polars as pl

from analysis.answers.answer import Answer
from analysis.statistics.intervals import z_value

LEAST_YEARS = 3


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


def moving_year(answer: Answer, cell_variance: float) -> Answer:
    """Return a monthly count as the sum of the twelve published months that end with each.

    Parameters
    ----------
    answer
        A count by ``period`` at month level and nothing else.
    cell_variance
        Variance of the change to one cell (`Release.v`).

    Returns
    -------
    Answer
        From the twelfth month on. A sum with a month that is not shown has no value: it would be too low.
        Limits are those of a Poisson sum with twelve times the variance of a cell.
    """
    frame = answer.frame.sort("period")
    values = frame["value"].to_list()
    months = 12
    rows = []
    for place in range(months - 1, len(values)):
        window = values[place - months + 1 : place + 1]
        row = frame.row(place, named=True)
        marks = "".join(frame["marker"][place - months + 1 : place + 1].to_list())
        is_shown = all(value is not None for value in window)
        total = float(sum(window)) if is_shown else None
        reach = z_value(0.95) * float(np.sqrt(total + months * cell_variance)) if total is not None else 0.0
        rows.append(
            row
            | {
                "value": total,
                "lower": None if total is None else max(total - reach, 0.0),
                "upper": None if total is None else total + reach,
                "marker": "".join(sorted({mark for mark in marks if is_shown or mark == "c"})),
                "cells_shown": sum(value is not None for value in window),
                "cells_total": months,
            }
        )
    return replace(answer, frame=pl.DataFrame(rows, schema=frame.schema) if rows else frame.clear())


def periods_above(answer: Answer) -> tuple[str, str, int, int]:
    """Return (newest year, year before, periods in which the newest was higher, periods compared).

    Parameters
    ----------
    answer
        By ``period`` only, at month or quarter level. Only periods shown in both years are compared, and no
        provisional ones: they are still filling up.
    """
    firm = answer.frame.filter(
        pl.col("value").is_not_null(), ~pl.col("marker").str.contains("p", literal=True)
    )
    shown = dict(firm.select("period", "value").iter_rows())
    newest = max(shown, default="")[:4]
    before = str(int(newest) - 1) if newest else ""
    pairs = [
        (value, shown[before + code[4:]])
        for code, value in shown.items()
        if code[:4] == newest and before + code[4:] in shown
    ]
    return newest, before, sum(now > then for now, then in pairs), len(pairs)


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
