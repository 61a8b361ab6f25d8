"""What a figure is of: which of the page's filters it follows, and which it cannot.

A filter that a figure does not follow is a chip beside its headline: "Whole region", "All ages".
"""

from dataclasses import dataclass

from analysis import periods
from analysis.answers.answer import Answer
from analysis.catalog.model import Catalog, lower_first
from analysis.questions.filters import Filters
from analysis.questions.question import Where

WHOLE_REGION, ALL_AREAS = "Whole region", "All areas"
OTHER_AREA = "other_area"  # stands for the area filter where the figures are of another area than it asks for
OTHER_PLACES = "Not the chosen area"
YEAR = (
    "year"  # stands for the period where a card of one year keeps the calendar year beside a funder's years
)


@dataclass(frozen=True)
class Scope:
    """The filters a figure keeps to, and the names of those it does not follow.

    Two figures of different scope never share a sentence, an axis or a ratio.
    """

    where: Where = ()
    periods: tuple[str, str] | None = None
    collection: str | None = None
    ignored: tuple[str, ...] = ()
    by_area: bool = False

    @property
    def key(self) -> str:
        """One text that two findings of the same scope share."""
        kept = [f"{name}={','.join(codes)}" for name, codes in self.where]
        return " ".join([*kept, "..".join(self.periods or ()), self.collection or ""]).strip()

    def chips(self, catalog: Catalog) -> list[str]:
        """Return the words of the chips: one for each filter that is not followed."""
        return [
            f"Calendar year {self.periods[0]}"
            if name == YEAR and self.periods
            else chip_of(name, catalog, self.by_area)
            for name in self.ignored
        ]


def scope_of(answer: Answer, filters: Filters) -> Scope:
    """Return the scope of an answer under the filters of a page."""
    question = answer.question
    kept = dict(question.where)
    lost = [name for name, codes in filters.where if kept.get(name) != codes and name not in question.by]
    own = answer.measure
    if filters.areas and kept.get("area") != filters.areas:
        is_elsewhere = "area" in kept or (own.is_figure and not own.is_own_figure)
        lost.append(OTHER_AREA if is_elsewhere else "area")
    follows_collection = bool(own.subject) or own.kind == "ratio"
    if filters.collection and question.collection != filters.collection and follows_collection:
        lost.append("collection")
    if _keeps_its_year(question.periods, filters.periods):
        lost.append(YEAR)
    return Scope(question.where, _held(answer), question.collection, tuple(lost), "area" in question.by)


def _held(answer: Answer) -> tuple[str, str] | None:
    """Return the periods that an answer is limited to, without those for which there are no figures.

    One number of several years together is of those, whatever was asked for.
    """
    asked, checked = answer.question.periods, answer.checked
    held = checked.held if checked else None
    if answer.is_together and "period" not in answer.question.by:
        return held
    if asked is None or held is None:
        return asked
    first, last = ((periods.span_of(ends[0]).first, periods.span_of(ends[1]).last) for ends in (asked, held))
    return asked if first == last else held


def _keeps_its_year(asked: tuple[str, str] | None, chosen: tuple[str, str] | None) -> bool:
    """Return whether a figure is of one calendar year although the period is chosen by other years."""
    if asked is None or chosen is None or asked[0] != asked[1]:
        return False
    return periods.level_of(asked[0]) == "year" and periods.level_of(chosen[0]) in periods.JOINED_LEVELS


def chip_of(name: str, catalog: Catalog, by_area: bool = False) -> str:
    """Return the chip of one filter that is not followed.

    Parameters
    ----------
    name
        ``area``, `OTHER_AREA`, ``collection`` or a dimension.
    catalog
        Gives a dimension's words for all of it (`Dimension.every`).
    by_area
        Whether the figure is divided by area: it then shows all areas, not their total.
    """
    if name == OTHER_AREA:
        return OTHER_PLACES
    if name == "area":
        return ALL_AREAS if by_area else WHOLE_REGION
    if name == "collection":
        return "All records"
    dimension = catalog.dimensions.get(name)
    if dimension is None:
        return f"All of {name}"
    return dimension.every or f"Every {lower_first(dimension.label)}"
