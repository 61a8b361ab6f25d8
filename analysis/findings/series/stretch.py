"""The newest stretch of a published series that is firm and without gaps: statistics of series work on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis import periods
from analysis.answers.answer import Answer
from analysis.findings.compare import NAMES_NOTHING, lacks_parts
from analysis.statistics.checked import Numbers

PER_YEAR = {"month": 12, "quarter": 4, "year": 1}
#: Periods below which nothing can be told of a series.
FEWEST = {"month": 36, "quarter": 16, "year": 8}
#: A stretch is what is left of a series, if most of it is hidden: then the next coarser step is taken.
LEAST_SHARE = 0.8


@dataclass(frozen=True, eq=False)
class Stretch:
    """Published counts of following periods.

    Attributes
    ----------
    answer
        From which they are.
    codes, values
        Periods and their counts, in order.
    """

    answer: Answer
    codes: tuple[str, ...]
    values: Numbers

    @property
    def level(self) -> str:
        """Step of the periods."""
        return self.answer.question.period_level

    @property
    def per_year(self) -> int:
        """Periods of a year."""
        return PER_YEAR[self.level]

    @property
    def when(self) -> str:
        """From the first to the last period, in words."""
        return periods.label_of_range(self.codes[0], self.codes[-1])

    @property
    def cell_variance(self) -> float:
        """What the protection adds to the variance of each count."""
        checked = self.answer.checked
        return checked.release.v if checked and self.answer.measure.door == "person" else 0.0


def stretch_of(answer: Answer) -> Stretch | None:
    """Return the newest firm stretch of a count by ``period``; None where it is short or mostly hidden."""
    if answer.refusal or answer.measure.kind not in ("count", "published") or answer.frame.is_empty():
        return None
    if answer.question.by != ("period",) or answer.question.period_level not in PER_YEAR:
        return None
    rows = firm(answer.frame).rows(named=True)
    first = len(rows)
    while first and _is_whole(rows[first - 1], answer):
        first -= 1
        if "b" in (rows[first]["marker"] or ""):  # a break in the series: what lies before is another one
            break
    kept = rows[first:]
    level = answer.question.period_level
    if len(kept) < max(FEWEST[level], LEAST_SHARE * len(rows)):
        return None
    values = pl.Series([row["value"] for row in kept], dtype=pl.Float64).to_numpy()
    return Stretch(answer, tuple(row["period"] for row in kept), values)


def _is_whole(row: dict[str, Any], answer: Answer) -> bool:
    """Return whether a period can be set beside others: sums without hidden numbers lack now more, now less.

    What others publish lacks the same parts each time, or it is not one series.
    """
    is_part = lacks_parts(row) and answer.measure.kind != "published"
    return row["value"] is not None and not is_part


def finest(answers: Iterable[Answer | None]) -> Stretch | None:
    """Return the stretch of the first answer that has one; they come with the finest step first."""
    return next((found for one in answers if one is not None and (found := stretch_of(one))), None)


def firm(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose period no longer fills up, in order."""
    late = frame.filter(pl.col("marker").fill_null("").str.contains("p"))["period"].unique()
    return frame.filter(~pl.col("period").is_in(late.to_list())).sort("period")


def named(codes: Iterable[str]) -> list[str]:
    """Return the codes that name something, each once, in order."""
    return [code for code in dict.fromkeys(codes) if code not in NAMES_NOTHING]
