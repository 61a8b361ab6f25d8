"""What a reader chooses on the page Geography: measure, level, bands or numbers, and an area."""

from dataclasses import replace

from analysis import Measure
from analysis.errors import QuestionError
from ui.cards.card import IN_ADDRESS, Choice
from ui.maps import area_levels
from ui.maps.places import Places, places_of
from ui.view.view import View

BANDS, VALUES = "bands", "values"
RATE = "detection_rate_per_100k"


def places_here(view: View) -> Places | None:
    """Return the areas of the chosen measure; None where no measure is divided by area."""
    code = view.picked["measure"]
    return places_of(view, view.measure(code)) if code else None


def rate_pair(view: View) -> tuple[str, str] | None:
    """Return the plain count and the rate of people where the chosen measure is one of them."""
    measures = _measures(view)
    rate = next((one for one in measures if one.kind == "rate"), None)
    count = next(
        (one for one in measures if rate and one.kind == "count" and one.subject == rate.subject), None
    )
    pair = (count.code, rate.code) if count and rate else None
    return pair if pair and view.picked["measure"] in pair else None


def level_of(view: View, places: Places) -> int:
    """Return the level that is mapped; inside an area there is one."""
    within = view.picked["within"]
    return places.geography.levels[within] + 1 if within else int(view.picked["level"])


def area_of(view: View) -> str:
    """Return the chosen area: on the map or in the list, else the one of the page's filter; or nothing."""
    places = places_here(view)
    if places is None:
        return ""
    chosen = view.picked["place"]
    filtered = view.filters.areas if len(view.filters.areas) == 1 else ()
    own = next((code for code in filtered if places.geography.levels.get(code)), "")
    return chosen or own


def is_own(view: View) -> bool:
    """Return whether the areas are those of the task force's own records, not of a publisher's."""
    places = places_here(view)
    return bool(places and view.collection and places.geography.code == view.collection.geography)


def _measures(view: View) -> list[Measure]:
    return [one for one in view.measures("geography") if places_of(view, one)]


def _measure_words(view: View) -> dict[str, str]:
    return {one.code: one.label for one in _measures(view)}


def _levels(view: View, measure: str) -> dict[str, str]:
    places = places_of(view, view.measure(measure)) if measure else None
    if places is None:
        return {}
    whole = replace(view, filters=replace(view.filters, areas=()))  # the map shows all areas
    try:
        return area_levels.level_options(view, places, whole.question(measure, ["area", "period"]))
    except QuestionError:
        return {str(level): places.level_words(level).capitalize() for level in places.levels}


def _shows(view: View, _measure: str) -> dict[str, str]:
    return {BANDS: "Bands", VALUES: "Numbers"} if rate_pair(view) else {}


def _opened(view: View, _level: str) -> dict[str, str]:
    places = places_here(view)
    if places is None:
        return {"": "the whole"}
    names = places.geography.names
    return {"": places.whole, **{code: names[code] for code in names if places.has_inner(code)}}


def _areas(view: View) -> dict[str, str]:
    places = places_here(view)
    return {"": "the whole"} | (dict(places.geography.names) if places else {})


MEASURE = Choice("measure", "Measure", _measure_words, RATE, style="select")
LEVEL = Choice("level", "Areas", _levels, style="select", under=MEASURE)
SHOW = Choice("show", "Map shows", _shows, BANDS, under=MEASURE)
WITHIN = Choice("within", "Area opened on the map", _opened, style=IN_ADDRESS, under=LEVEL)
PLACE = Choice("place", "Area on this map", _areas, style=IN_ADDRESS)
