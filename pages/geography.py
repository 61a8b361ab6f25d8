"""Geography: areas in classes and bands on a map and in a list, their profiles, years side by side."""

from dataclasses import replace

from analysis import Measure, Question
from ui.app import controls, frame, states
from ui.cards import layout
from ui.maps import area_levels, places
from ui.topics.geography import area_choice, area_figures, area_profile


def body(view: frame.View) -> None:
    measures = [one for one in view.measures("geography") if places.places_of(view, one)]
    if not measures:
        states.empty(
            "People identified by area, on a map and in a list",
            "python -m etl load areas.csv --source areas, then the records with their area",
        )
        return
    pair = rate_pair(measures)
    default = pair[1] if pair else measures[0].code
    left, middle, right = layout.row([5, 3, 4])
    with left:
        labels = {one.code: one.label for one in measures}
        measure = view.measure(controls.page_choice("measure", "Measure", labels, default))
    here = places.places_of(view, measure)
    if here is None:
        return
    view = replace(view, choices=replace(view.choices, areas=here.geography.names))
    standing = area_choice.read(here)
    # The map keeps the whole region's classes; areas of the shared filter are outlined in it.
    outlined = view.filters.areas
    view = replace(view, filters=replace(view.filters, areas=()))
    with middle:
        level = choose_level(view, here, measure, standing)
    in_pair = pair is not None and measure.code in pair
    shown = "values"
    if in_pair:
        with right:
            shown = controls.page_choice(
                "show", "Map shows", SHOWS, "values", style="segments", help_text=BAND_HELP
            )
    mapped = [
        view.question(measure.code, ["area"], area_level=level),
        inside(view, measure.code, standing, level),
    ]
    funnel = area_figures.funnel_of(view, pair if in_pair else None, level)
    scene = area_figures.Scene(
        view,
        here,
        standing,
        measure,
        level,
        *view.answer(mapped),
        funnel,
        bool(funnel) and shown == "bands",
        outlined,
    )
    area_choice.breadcrumb(here, standing)
    area_figures.draw_map(scene)
    area_profile.draw_profile(scene, pair if in_pair else None)
    if pair and in_pair:
        area_figures.draw_funnel(scene, pair)
    area_figures.draw_small_maps(scene)


SHOWS = {"values": "Numbers", "bands": "Bands"}
SHOWS = {"values": "Numbers", "bands": "Bands"}
BAND_HELP = (
    "Bands compare each area's rate with the whole: about the same, above or below by more than chance and "
    "protection explain. Areas are never ranked."
)


def rate_pair(measures: list[Measure]) -> tuple[str, str] | None:
    """Return the plain count and the rate of people, when both are there."""
    rate = next((one for one in measures if one.kind == "rate"), None)
    count = next(
        (one for one in measures if rate and one.kind == "count" and one.subject == rate.subject), None
    )
    return (count.code, rate.code) if count and rate else None


def choose_level(
    view: frame.View, here: places.Places, measure: Measure, standing: area_choice.Standing
) -> int:
    """Draw the choice of level with what could be shown at each; inside an area there is one level."""
    if standing.within:
        return here.geography.levels[standing.within] + 1
    return area_levels.level_choice(view, here, view.question(measure.code, ["area", "period"]))


def inside(view: frame.View, measure: str, standing: area_choice.Standing, level: int) -> Question:
    """Return the question by area inside the standing."""
    where = {"area": (standing.within,)} if standing.within else None
    return view.question(measure, ["area"], where=where, area_level=level)


frame.show("geography", body)
