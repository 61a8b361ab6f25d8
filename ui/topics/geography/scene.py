"""What all drawings of the page Geography share: the areas, where a reader stands, answers, bands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from analysis import Answer
from analysis.findings.areas.bands import Funnel
from analysis.findings.areas.where import areas_apart, funnel_of
from analysis.findings.finding import Finding
from analysis.findings.groups import standard
from analysis.findings.scope import scope_of
from ui.cards.card import Ask
from ui.charts.maps.classes import BANDS as BAND_CLASSES
from ui.charts.maps.classes import Classes, typical_interval, value_classes
from ui.charts.maps.map import Cell, cells_of
from ui.maps.places import Places
from ui.topics.geography.choices import BANDS, area_of, level_of, places_here, rate_pair
from ui.view.view import View


@dataclass(frozen=True)
class Scene:
    """Everything the drawings of one page view share.

    Attributes
    ----------
    view, places
        The page's view (with this geography's names), and the areas.
    within, place
        The area whose inside is mapped, and the one whose profile is shown; empty for none.
    level
        Level of the areas that are mapped.
    everywhere, here
        The measure for all areas of the level, and for those that are mapped.
    counts, rates, funnel
        Areas against the whole; None where there is no rate to compare.
    """

    view: View
    places: Places
    within: str
    place: str
    level: int
    everywhere: Answer
    here: Answer
    counts: Answer | None
    rates: Answer | None
    funnel: Funnel | None

    @property
    def as_bands(self) -> bool:
        """Whether the map shows bands in place of numbers."""
        return self.funnel is not None and self.view.picked["show"] == BANDS

    @cached_property
    def classes(self) -> Classes:
        """Classes of the map: the same inside an area, and with an area chosen, as for the whole."""
        if self.as_bands:
            return BAND_CLASSES
        frame = self.everywhere.frame
        narrowest = typical_interval(frame.iter_rows(named=True))
        return value_classes(frame["value"].to_list(), self.here.measure.written_as, narrowest=narrowest)

    @cached_property
    def cells(self) -> list[Cell]:
        """The mapped areas in the classes of the scene."""
        bands = None
        if self.as_bands and self.funnel is not None:
            known = self.funnel.areas.drop_nulls("band")
            bands = dict(zip(known["area"], known["band"], strict=True))
        return cells_of(self.here, self.classes, self.places.words, bands)

    @cached_property
    def outlined(self) -> tuple[str, ...]:
        """Areas to be outlined: the chosen or opened one, and those of the page's filter."""
        chosen = (self.place or self.within, *self.view.filters.areas)
        return tuple(dict.fromkeys(code for code in chosen if code in self.places.geography.areas))

    @cached_property
    def finding(self) -> Finding:
        """What the map says: areas clearly apart in bands, the range in numbers."""
        scope = scope_of(self.here, self.view.filters)
        apart = None
        if self.as_bands:
            inside = self.here.frame["area"].to_list() if self.within else None
            apart = areas_apart(self.counts, self.rates, scope, inside)
        return apart or standard(self.here, scope)


def asks(view: View) -> dict[str, Ask]:
    """Return the questions of the map and the funnel: the measure here and everywhere, counts and rates."""
    places = places_here(view)
    if places is None:
        return {}
    measure, within = view.picked["measure"], view.picked["within"]
    parts = {"area_level": level_of(view, places)}
    questions = {
        "everywhere": Ask(measure, ("area",), parts=parts, region=True),
        "here": Ask(measure, ("area",), {"area": (within,)} if within else {}, parts=parts, region=True),
    }
    for name, code in zip(("counts", "rates"), rate_pair(view) or (), strict=False):
        questions[name] = Ask(code, ("area",), parts=parts, region=True)
    return questions


def scene_of(view: View, answers: Mapping[str, Answer]) -> Scene | None:
    """Return the scene of a page view; None where its areas are not there."""
    places = places_here(view)
    if places is None or "here" not in answers:
        return None
    counts, rates = answers.get("counts"), answers.get("rates")
    named = replace(view, choices=replace(view.choices, areas=places.geography.names))
    return Scene(
        named,
        places,
        view.picked["within"],
        area_of(view),
        level_of(view, places),
        answers["everywhere"],
        answers["here"],
        counts,
        rates,
        funnel_of(counts, rates),
    )
