"""The only place that decides whether two figures differ: "rose", "fell", "higher", "lower", "apart".

Every verdict is `clearly`. A list of verdicts is thinned by `choose`, which never alters one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan, sqrt
from typing import Any

import numpy as np
from scipy import special

from analysis.answers.answer import Answer
from analysis.catalog.model import NOT_RECORDED, Measure
from analysis.statistics.change import Figures, change_between
from analysis.statistics.intervals import count_limits, z_value

#: Codes that name nothing: no finding is about them.
NAMES_NOTHING = (NOT_RECORDED, "not_applicable", "other", "unlisted")
#: Share of false ones that a list of findings may hold on average (Benjamini & Hochberg 1995).
FALSE_DISCOVERIES = 0.05
CERTAIN = ("amount", "ratio")  # kinds that are added up from complete records: they have no chance in them


@dataclass(frozen=True)
class Value:
    """One figure with its limits.

    Attributes
    ----------
    value, lower, upper
        In the unit of its measure; limits are None where none can be given.
    codes
        What it is of: dimension (or ``period``, ``area``) to code.
    marker, base, cells
        As in `Answer.frame`; `cells` is how many published cells it is a sum of.
    is_part
        Whether some of its numbers are not shown: a sum is then at least this many.
    is_exact
        Whether the limits are only those of chance in a number that is known exactly, such as a published
        count: a verdict needs them, and no chart, table or sentence has them.
    """

    value: float
    lower: float | None = None
    upper: float | None = None
    codes: dict[str, str] = field(default_factory=dict)
    marker: str = ""
    base: float | None = None
    cells: int = 1
    is_exact: bool = False
    is_part: bool = False

    @property
    def has_limits(self) -> bool:
        """Whether both limits are known, and hold the value: others that were published tell nothing."""
        if self.lower is None or self.upper is None:
            return False
        slack = 1e-9 * max(1.0, abs(self.value))
        return self.lower <= self.value + slack and self.upper >= self.value - slack


@dataclass(frozen=True)
class Change:
    """Later minus earlier, with 95 % limits; `direction` is 1, −1, or 0 where no difference can be claimed.

    `p` is two-sided, from the same limits; 1 where there is no verdict.
    """

    earlier: Value
    later: Value
    difference: float
    lower: float
    upper: float
    direction: int
    p: float


def clearly(later: Value, earlier: Value, smallest: float = 0.0) -> Change:
    """Return whether one figure is clearly above or below another.

    Parameters
    ----------
    later, earlier
        In one unit. Without limits there is no verdict.
    smallest
        A difference that the protection alone can make (`smallest_difference`).

    Examples
    --------
    >>> clearly(Value(40, 38, 42), Value(30, 28, 32)).direction
    1
    >>> clearly(Value(45, 42.5, 47.5), Value(40, 37, 43)).direction
    1
    >>> clearly(Value(40), Value(30)).direction
    0
    """
    difference = later.value - earlier.value
    if not (later.has_limits and earlier.has_limits):
        return Change(earlier, later, difference, difference, difference, 0, 1.0)
    change = change_between(_figures(earlier), _figures(later), smallest)
    lower, upper = float(change.lower), float(change.upper)
    return Change(
        earlier, later, difference, lower, upper, int(change.direction), _p(difference, lower, upper)
    )


def smallest_difference(answer: Answer, cells: int = 1) -> float:
    """Return the difference that the protection alone can make between sums of so many cells."""
    checked = answer.checked
    is_count = answer.measure.kind == "count" and answer.measure.door == "person"
    if checked is None or not is_count or checked.release.is_exact:
        return 0.0
    return float(checked.catalog.protection.change * sqrt(max(cells, 1)))


def choose(changes: Sequence[Change], looked_at: int | None = None) -> list[Change]:
    """Return the clear changes of a list under false-discovery control, in their order.

    Parameters
    ----------
    changes
        Everything that was compared and shown.
    looked_at
        Size of the family that the catalog fixes for the list; the number of `changes` when None.

    Notes
    -----
    Benjamini & Hochberg (1995). A verdict stays what `clearly` says; the list only names fewer.
    """
    family = max(looked_at or 0, len(changes))
    ranked = sorted(change.p for change in changes)
    passed = [p for place, p in enumerate(ranked, 1) if p <= FALSE_DISCOVERIES * place / family]
    limit = max(passed, default=-1.0)
    return [change for change in changes if change.direction and change.p <= limit]


def values_of(answer: Answer) -> list[Value]:
    """Return the figures of an answer that are shown, in its order."""
    if answer.refusal:
        return []
    return [value_of(row, answer) for row in answer.frame.iter_rows(named=True) if row["value"] is not None]


def only(answer: Answer | None, **codes: str) -> Value | None:
    """Return the one figure with these codes; None where it is not shown."""
    shown = values_of(answer) if answer is not None else []
    return next((one for one in shown if codes.items() <= one.codes.items()), None)


def named(values: Iterable[Value]) -> list[Value]:
    """Return the figures whose codes all name something."""
    return [one for one in values if not any(code in NAMES_NOTHING for code in one.codes.values())]


def lacks_parts(row: Mapping[str, Any]) -> bool:
    """Return whether a row of an answer leaves out numbers that are not shown."""
    return bool(row["cells_shown"] < row["cells_total"])


def value_of(row: dict[str, Any], answer: Answer) -> Value:
    """Return a row of an answer that is shown as a `Value`, with the limits that its kind has."""
    measure, value = answer.measure, float(row["value"])
    is_part, is_exact = lacks_parts(row), row["lower"] is None and row["upper"] is None
    lower, upper = _limits(measure, value, row["lower"], row["upper"])
    if is_part and is_exact and measure.kind != "published":  # of what is left out nothing is known
        lower, upper = (lower, float("inf")) if measure.is_sum else (None, None)
    return Value(
        value=value,
        lower=lower,
        upper=upper,
        codes={name: row[name] for name in answer.question.by},
        marker=row["marker"] or "",
        base=row.get("base"),
        cells=row["cells_shown"] or 1,
        is_exact=is_exact,
        is_part=is_part,
    )


def mean_of(values: Sequence[Value], by_base: bool = False) -> Value:
    """Return the mean of independent figures.

    Parameters
    ----------
    values
        At least one.
    by_base
        Whether each counts by its base, as the parts of a pooled share do.
    """
    weights = [one.base or 0.0 for one in values] if by_base else [1.0] * len(values)
    if not sum(weights):
        weights = [1.0] * len(values)
    whole = sum(weights)
    value = sum(weight * one.value for weight, one in zip(weights, values, strict=True)) / whole
    lower = upper = None
    if all(one.has_limits for one in values):
        below, above = (
            sqrt(sum((weight / whole * side(one)) ** 2 for weight, one in zip(weights, values, strict=True)))
            for side in (_below, _above)
        )
        lower, upper = value - below, value + above
    marker = "".join(dict.fromkeys("".join(one.marker for one in values)))
    base = sum(one.base for one in values if one.base) or None
    is_exact = all(one.is_exact for one in values)
    is_part = any(one.is_part for one in values)
    return Value(value, lower, upper, {}, marker, base, sum(one.cells for one in values), is_exact, is_part)


def together(values: Sequence[Value]) -> Value | None:
    """Return the figure of several groups by their bases; None where no base is known."""
    known = [one for one in values if one.base and one.has_limits]
    return mean_of(known, by_base=True) if known else None


def _limits(
    measure: Measure, value: float, lower: float | None, upper: float | None
) -> tuple[float | None, float | None]:
    if measure.kind in CERTAIN and lower is None:
        return value, value
    if lower is None and upper is None:
        if measure.kind not in ("count", "published") or value < 0:
            return None, None
        low, high = count_limits(value)
        return float(low), float(high)
    if upper is None:  # a median whose upper limit lies beyond the last band
        return lower, float("inf")
    return lower, upper


def _figures(one: Value) -> Figures:
    return Figures(np.float64(one.value), np.float64(one.lower or 0.0), np.float64(one.upper or 0.0))


def _below(one: Value) -> float:
    return one.value - (one.lower if one.lower is not None else one.value)


def _above(one: Value) -> float:
    return (one.upper if one.upper is not None else one.value) - one.value


def _p(difference: float, lower: float, upper: float) -> float:
    """Return the two-sided p of a difference from the limit that lies towards zero."""
    if not difference or isnan(difference):
        return 1.0
    half = difference - lower if difference > 0 else upper - difference
    if half <= 0:
        return 0.0
    if half == float("inf"):
        return 1.0
    return float(2 * special.ndtr(-abs(difference) / half * z_value(0.95)))
