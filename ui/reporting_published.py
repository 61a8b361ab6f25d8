"""Figures of a national hotline under the task force's own reports: the same years, never one axis."""

from analysis.enforcement import total_shown
from ui import cards, controls, layout, published_places
from ui.charts.stacked_panels import Panel, stacked_panels
from ui.people_figures import refused
from ui.view import View

CALLS, SITUATIONS, OWN = "us_hotline_calls", "us_hotline_situations", "tips_received"
UNITS_DIFFER = (
    "The panels count different things and often in different places: a call to the national hotline may be "
    "one of the task force's own reports or not, so nothing in one can be measured against the other."
)


def is_loaded(view: View) -> bool:
    """Return whether the release holds calls to the national hotline."""
    return published_places.is_loaded(view, CALLS)


def draw(view: View) -> None:
    """Draw calls and situations of the nation or a state, under the task force's own reports if any."""
    geography = published_places.geography_of(view, CALLS)
    places = published_places.states(geography, "All states")
    own_state = published_places.own_state(geography, published_places.own_area(view, geography), places)
    left, _ = layout.row([2, 3])
    with left:
        place = controls.page_choice("hotline_place", "Calls from", places, own_state)
    asked = [published_places.question(view, code, place) for code in (CALLS, SITUATIONS)]
    has_own = OWN in {one.code for one in view.measures("reporting")}
    own_asked = [view.question(OWN, ["period"])] if has_own else []
    calls, situations, *own = view.answer([*asked, *own_asked], strict=False)
    if calls.refusal:
        refused("Calls to the national hotline", calls)
        return
    panels: list[Panel] = [(f"{places[place]}: calls to the national hotline", [calls])]
    if not situations.refusal:
        panels.append((f"{places[place]}: situations told to it", [situations]))
    has_reports = bool(own) and not own[0].refusal and bool(total_shown(own))
    if has_reports:
        panels.insert(0, (f"{view.place or 'Own records'}: reports received", own))
    cards.figure_card(
        view,
        "hotline",
        sorted((one for _, [one] in panels), key=lambda one: one is not calls),
        stacked_panels(panels, words=view.words, palette=view.palette),
        calls.sentence,
        subtitle=f"Calls and situations of the US national hotline, by year · {places[place]} · as published",
        notes=[UNITS_DIFFER if has_reports else ""],
    )
