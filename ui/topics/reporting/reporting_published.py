"""Figures of a national hotline under the task force's own reports: the same years, never one axis."""

from analysis.findings.enforcement import total_shown
from ui.app import controls
from ui.app.view import View
from ui.cards import figure_card as cards
from ui.cards import layout
from ui.charts.time.stacked_panels import Panel, stacked_panels
from ui.topics import published_places
from ui.topics.people.people_figures import refused
from ui.topics.reporting import respond_cards

OWN = "tips_received"
TITLES = {
    "us_hotline_calls": "calls to the national hotline",
    "us_hotline_situations": "situations told to the national hotline",
}
UNITS_DIFFER = (
    "The panels count different things and often in different places: a call to the national hotline may be "
    "one of the task force's own reports or not, so nothing in one can be measured against the other."
)


def is_loaded(view: View) -> bool:
    """Return whether the release holds figures of the national hotline."""
    return bool(_there(view))


def _there(view: View) -> list[str]:
    return [code for code in TITLES if published_places.is_loaded(view, code)]


def draw(view: View) -> None:
    """Draw calls and situations of the nation or a state, under the task force's own reports if any."""
    there = _there(view)
    geography = published_places.geography_of(view, there[0])
    places = published_places.states(geography, "All states")
    own_state = published_places.own_state(geography, published_places.own_area(view, geography), places)
    left, _ = layout.row([2, 3])
    with left:
        place = controls.page_choice("hotline_place", "Calls from", places, own_state)
    own_asked = [view.question(OWN, ["period"])] if OWN in respond_cards.known(view) else []
    asked = [*(published_places.question(view, code, place) for code in there), *own_asked]
    answers = view.answer(asked, strict=False)
    told, own = answers[: len(there)], answers[len(there) :]
    if told[0].refusal:
        refused("Figures of the national hotline", told[0])
        return
    panels: list[Panel] = [
        (f"{places[place]}: {TITLES[one.measure.code]}", [one]) for one in told if not one.refusal
    ]
    has_reports = bool(own) and not own[0].refusal and bool(total_shown(own))
    if has_reports:
        panels.insert(0, (f"{view.place or 'Own records'}: reports received", own))
    cards.figure_card(
        view,
        "hotline",
        [*(one for one in told if not one.refusal), *(own if has_reports else [])],
        stacked_panels(panels, words=view.words, palette=view.palette, narrow=view.phone),
        told[0].sentence,
        subtitle=f"Figures of the US national hotline, by year · {places[place]} · as published",
        notes=[UNITS_DIFFER if has_reports else ""],
    )
