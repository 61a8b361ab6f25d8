"""One area beside the region: which of its figures are clearly above or below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.answers.answer import Answer
from analysis.catalog.model import Measure
from analysis.findings.changes import change_of
from analysis.findings.compare import Change, Value, choose, clearly, only
from analysis.findings.finding import Finding
from analysis.findings.groups import has_own_value
from analysis.findings.scope import Scope, scope_of
from analysis.questions.filters import Filters


@dataclass(frozen=True)
class Beside:
    """One measure of an area beside the same of the region.

    `here` is None where it is not shown. `comparison` is None for counts, which grow with the area, and where
    the figure is of the whole region. The region holds the area too, so that a difference is understated.
    """

    measure: Measure
    scope: Scope
    here: Value | None
    region: Value | None
    comparison: Change | None
    change: Finding | None


def beside(
    answers: Mapping[str, tuple[Answer, Answer, Answer | None]], filters: Filters
) -> tuple[Beside, ...]:
    """Return the figures of an area beside those of the region.

    Parameters
    ----------
    answers
        By code of the measure: of the area, of the region, and of the area by year where it is there.
    filters
        Of the page.
    """
    rows = []
    for here, region, years in answers.values():
        if here.refusal and region.refusal:
            continue
        scope = scope_of(here, filters)
        mine, whole = only(here), only(region)
        is_own = "area" not in scope.ignored
        compared = clearly(mine, whole) if mine and whole and is_own and _can_compare(here.measure) else None
        change = (
            change_of(years, scope_of(years, filters)) if years and not years.refusal and is_own else None
        )
        rows.append(Beside(here.measure, scope, mine if is_own else None, whole, compared, change))
    return tuple(rows)


def area_profile(rows: Sequence[Beside], area: str) -> Finding:
    """Return which measures of an area lie clearly apart from the region's, of all that are compared."""
    compared = [row for row in rows if row.comparison]
    chosen = choose([row.comparison for row in compared if row.comparison])
    apart = [row for row in compared if any(row.comparison is one for one in chosen)]
    sides = {
        name: tuple(row.measure.label for row in apart if row.comparison and row.comparison.direction == side)
        for name, side in (("above", 1), ("below", -1))
    }
    scope = rows[0].scope if rows else Scope()
    group = tuple(("measure", row.measure.code) for row in rows)
    facts = {**sides, "compared": len(compared), "area": area, "group": group}
    return Finding("apart", None, scope, topic="area_profile", direction=len(apart), facts=facts)


def _can_compare(measure: Measure) -> bool:
    return has_own_value(measure) and measure.kind != "ratio"
