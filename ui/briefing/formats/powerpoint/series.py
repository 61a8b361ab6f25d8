"""What a chart of an office program is made of: rows of values, their names, and the words of their axis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ui.briefing.paper.axes import Axis
from ui.briefing.paper.numbers import day_of, moment
from ui.briefing.paper.words import plain

LINES, BARS, COLUMNS, STACKED, POINTS = "lines", "bars", "columns", "stacked", "points"
NOT_SHOWN = "not shown"
#: Days between neighbours, from which a row of days is read as years, quarters or months.
_YEAR, _QUARTER = 300, 80
Trace = Mapping[str, Any]


@dataclass(frozen=True)
class Series:
    """One row of values.

    Attributes
    ----------
    name
        Words of the legend.
    values
        One a category; None where nothing is shown.
    xs
        For points: where each value lies across.
    colour
        Hex text, or ``rgba(…)``.
    colours, opacities
        One a value, where bars differ; empty otherwise.
    is_dashed
        Provisional, or a mean.
    is_limit
        A limit of an interval, or a mean: a thin line without signs.
    more, less
        Up to the upper and down to the lower limit, one a value; empty without whiskers.
    labels
        Words at each value; empty for none.
    open_at
        Places whose signs are open: provisional ones.
    width
        Of its line, in points.
    is_quiet
        Behind the others, and not named: the areas that are not looked at.
    has_signs, has_line
        Whether values are marked; whether they are joined.
    """

    name: str
    values: tuple[float | None, ...]
    colour: str
    xs: tuple[float, ...] = ()
    colours: tuple[str, ...] = ()
    opacities: tuple[float, ...] = ()
    is_dashed: bool = False
    is_limit: bool = False
    more: tuple[float | None, ...] = ()
    less: tuple[float | None, ...] = ()
    labels: tuple[str, ...] = ()
    open_at: tuple[int, ...] = ()
    width: float = 2.5
    is_quiet: bool = False
    has_signs: bool = True
    has_line: bool = True


@dataclass(frozen=True)
class Chart:
    """One chart.

    Attributes
    ----------
    kind
        `LINES`, `BARS`, `COLUMNS`, `STACKED` or `POINTS`.
    title
        Of a panel among several; empty otherwise.
    categories
        Names along the axis; empty for points.
    series
        Rows of values.
    suffix
        Of the numbers on the axis, such as "%".
    axis_title, across_title
        Of the axis of values, and of the other one.
    low, high
        Ends of the axis of values; None where the program decides.
    hidden
        Categories in which something is not shown.
    """

    kind: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    title: str = ""
    suffix: str = ""
    axis_title: str = ""
    across_title: str = ""
    low: float | None = 0.0
    high: float | None = None
    hidden: tuple[str, ...] = ()


def rounded(value: float) -> float:
    """Return a number as exact as a reader sees it: what a file holds beside is no more than the slide says.

    >>> rounded(92.55555), rounded(1326.0), rounded(0.88127)
    (92.6, 1326.0, 0.881)
    """
    if value == int(value):
        return float(value)
    return float(f"{value:.3g}") if abs(value) < 1_000 else float(round(value))


def shown(value: Any) -> float | None:
    """Return a value as a reader sees it; None where nothing is shown."""
    return None if value is None else rounded(float(value))


def suffix_of(axis: Axis) -> str:
    """Return what follows the numbers of an axis, such as "%"."""
    texts = [str(text) for text in axis.spec.get("ticktext") or ()]
    if texts and all(text.endswith("%") for text in texts):
        return "%"
    return str(axis.spec.get("ticksuffix") or "")


def title_of(axis: Axis) -> str:
    """Return the title of an axis in plain words."""
    return plain((axis.spec.get("title") or {}).get("text") or "")


def period_names(days: Sequence[Any]) -> list[str]:
    """Return days in the middle of periods as the names of the periods."""
    moments = [moment(day) for day in days]
    apart = [(later - earlier) / 86_400_000 for earlier, later in pairwise(moments)]
    closest = min(apart, default=_YEAR)
    names = []
    for at in moments:
        day = day_of(at)
        if closest >= _YEAR:
            names.append(str(day.year))
        elif closest >= _QUARTER:
            names.append(f"Q{(day.month - 1) // 3 + 1} {day.year}")
        else:
            names.append(day.strftime("%b %Y"))
    return names
