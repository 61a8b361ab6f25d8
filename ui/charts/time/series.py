"""What time charts share: where a period lies on the axis, runs of shown values, words of a point."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from analysis import Answer
from analysis import periods as period_codes
from ui import theme
from ui.charts.hover import Unit, row_words

Words = Callable[[str, str], str]
"""(dimension, code) → words; `View.words`."""
DAY_MS = 86_400_000
_LATE = "late"
_FEW_YEARS, _MANY_YEARS = 6, 13


@dataclass(frozen=True)
class Series:
    """One line: a code (None for the total), its words, and one row per period in order."""

    dimension: str
    code: str | None
    label: str
    rows: tuple[dict[str, Any], ...]

    @property
    def last_shown(self) -> dict[str, Any] | None:
        """The newest row whose value is shown."""
        return next((row for row in reversed(self.rows) if row["value"] is not None), None)


def split(answer: Answer, words: Words) -> list[Series]:
    """Return the lines of an answer by period and at most one dimension, in code-list order.

    Raises
    ------
    ValueError
        If the answer has no period or more than one other dimension; a programming error, not a reader's.
    """
    others = [name for name in answer.question.by if name != "period"]
    if "period" not in answer.question.by or len(others) > 1:
        raise ValueError(f"a time chart needs period and at most one dimension, not {answer.question.by}")
    rows = list(answer.frame.iter_rows(named=True))
    # A period is provisional for every line, also where a line's own cell is absent and carries no marker.
    late = min((row["period"] for row in rows if "p" in (row["marker"] or "")), default=None)
    for row in rows:
        row[_LATE] = late is not None and row["period"] >= late
    if not others:
        return [Series("", None, answer.measure.short, tuple(rows))]
    [name] = others
    codes = list(dict.fromkeys(row[name] for row in rows))
    return [
        Series(name, code, words(name, code), tuple(row for row in rows if row[name] == code))
        for code in codes
    ]


def first_day(period: str) -> datetime.date:
    """Return the first day of a period."""
    year, month = divmod(period_codes.span_of(period).first, 12)
    return datetime.date(year, month + 1, 1)


def end_day(period: str) -> datetime.date:
    """Return the first day after a period."""
    year, month = divmod(period_codes.span_of(period).last + 1, 12)
    return datetime.date(year, month + 1, 1)


def middle(period: str) -> str:
    """Return the middle of a period as YYYY-MM-DD: where its point is drawn, so that a law lies beside it."""
    start, end = first_day(period), end_day(period)
    return (start + (end - start) / 2).isoformat()


def runs(rows: tuple[dict[str, Any], ...]) -> Iterator[list[dict[str, Any]]]:
    """Yield the stretches of neighbouring rows whose values are shown."""
    run: list[dict[str, Any]] = []
    for row in rows:
        if row["value"] is not None:
            run.append(row)
        elif run:
            yield run
            run = []
    if run:
        yield run


def is_provisional(row: dict[str, Any]) -> bool:
    """Return whether a row's value may still grow."""
    return bool(row[_LATE])


def hover(series: Series, row: dict[str, Any], unit: Unit) -> str:
    """Return what a pointer over a point says; its period is the heading that all lines share."""
    return row_words(row, unit, name=series.label if series.code else "")


def period_heading(level: str) -> dict[str, Any]:
    """Return the axis settings that write the period as the heading of what a pointer says."""
    return {"hoverformat": {"year": "%Y", "quarter": "Quarter %q of %Y"}.get(level, "%B %Y")}


def year_ticks(rows: tuple[dict[str, Any], ...], level: str) -> dict[str, Any]:
    """Return axis settings with years as ticks: under the points of yearly figures, else at each new year."""
    if not rows:
        return {}
    first, last = int(rows[0]["period"][:4]), int(rows[-1]["period"][:4])
    count = last - first + 1
    step = 1 if count <= _FEW_YEARS else 2 if count < _MANY_YEARS else 5
    years = range(first, last + 1, step)
    places = [middle(str(year)) if level == "year" else f"{year}-01-01" for year in years]
    return {
        **period_heading(level),
        **theme.POINTER_LINE,
        "type": "date",
        "tickmode": "array",
        "tickvals": places,
        "ticktext": [str(year) for year in years],
        "tickangle": 0,
        "ticks": "outside",
        "ticklen": 8,
        "tickcolor": "rgba(0,0,0,0)",
        "range": [first_day(rows[0]["period"]).isoformat(), end_day(rows[-1]["period"]).isoformat()],
    }
