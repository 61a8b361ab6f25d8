"""Targets of the task force, and whether a figure has reached its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.catalog.model import Catalog, Measure
from analysis.release.release import Release
from analysis.words import number_text

REACHED, NOT_REACHED, UNCLEAR = "reached", "not reached", "unclear"
WORDS = {REACHED: "reached", NOT_REACHED: "not reached yet", UNCLEAR: "too close to tell"}


@dataclass(frozen=True)
class Target:
    """One target: `value` in the unit of its measure, to be reached by `year`."""

    measure: str
    value: float
    year: int
    is_floor: bool
    owner: str

    def words(self, measure: Measure) -> str:
        """Return "Target ≥ 60% by 2026"."""
        direction = "≥" if self.is_floor else "≤"
        return f"Target {direction} {number_text(measure, self.value)} by {self.year}"


def targets_of(release: Release, catalog: Catalog) -> Mapping[str, Target]:
    """Return the target of each measure that has one: the next one due, else the last one that was.

    Parameters
    ----------
    release, catalog
        An open release; a target of a measure that the catalog no longer has is left out.
    """
    found: dict[str, Target] = {}
    rows = release.register("indicator").to_dicts()
    for row in sorted(rows, key=lambda one: one["target_year"]):
        code, year = row["measure"], int(row["target_year"])
        known = found.get(code)
        if code in catalog.measures and (known is None or known.year < release.as_of.year):
            is_floor = row["direction"] == "at_least"
            found[code] = Target(code, float(row["target"]), year, is_floor, row["owner"] or "")
    return found


def standing(target: Target, value: float | None, lower: float | None, upper: float | None) -> str:
    """Return whether a figure has reached its target, as far as its interval can tell.

    Returns
    -------
    str
        `REACHED`, `NOT_REACHED` or `UNCLEAR`; an empty text where the figure is not shown.

    Examples
    --------
    >>> standing(Target("m", 60.0, 2026, True, ""), 55.0, 50.0, 58.0)
    'not reached'
    """
    if value is None:
        return ""
    low, high = (value if limit is None else limit for limit in (lower, upper))
    goal = target.value
    if not target.is_floor:
        low, high, goal = -high, -low, -goal
    if low >= goal:
        return REACHED
    return NOT_REACHED if high < goal else UNCLEAR
