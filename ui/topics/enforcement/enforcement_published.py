"""Figures published by the FBI under the task force's own: the same years, other units, never one axis."""

import streamlit as st

from analysis import Answer
from analysis.findings.enforcement import total_shown
from ui.app import controls
from ui.app.view import View
from ui.cards import figure_card as cards
from ui.cards import layout
from ui.charts.time.stacked_panels import Panel, stacked_panels
from ui.topics import published_places
from ui.topics.people.people_figures import refused
from ui.topics.published_places import COUNTY, NATION

KNOWN, CLEARED, SHARE = "fbi_offences_known", "fbi_offences_cleared", "fbi_clearance_share"
OWN = "investigations_opened"
WHOLE_STATE = "all"
COUNTIES_ONLY = (
    "A county holds the agencies that name it alone; agencies of several counties, and of the state, count "
    "for the state. A year without a number was not reported, which is not zero."
)
CLEARANCES = (
    "Offences are cleared by arrest or by exceptional means; this source does not tell the two apart."
)
UNITS_DIFFER = (
    "The panels count different things, investigations and offences, and often in different places: nothing "
    "in one can be measured against the other."
)


def is_loaded(view: View) -> bool:
    """Return whether the release holds offences published by the FBI."""
    return published_places.is_loaded(view, KNOWN)


def draw(view: View, own: Answer | None) -> None:
    """Draw offences known and cleared, under the task force's investigations where there are any.

    Parameters
    ----------
    view
        The page's view.
    own
        Investigations opened by year; None when nothing of the kind is loaded.
    """
    place, name = _choose(view)
    known, cleared, share = view.answer(
        [published_places.question(view, code, place) for code in (KNOWN, CLEARED, SHARE)], strict=False
    )
    if known.refusal or cleared.refusal:
        refused("Offences published by the FBI", known if known.refusal else cleared)
        return
    panels: list[Panel] = []
    if own is not None and not own.refusal and total_shown([own]):
        panels.append((f"{view.place or 'Own records'}: investigations opened", [own]))
    panels.append((f"{name}: trafficking offences (FBI)", [known, cleared]))
    cards.figure_card(
        view,
        "fbi",
        [known, cleared, *([] if share.refusal else [share]), *(one for _, [one, *_more] in panels[:-1])],
        stacked_panels(panels, words=view.words, palette=view.palette, narrow=view.phone),
        known.sentence,
        subtitle=f"Trafficking offences known and cleared, by year · {name} · as published",
        notes=[
            UNITS_DIFFER if len(panels) > 1 else "",
            CLEARANCES,
            COUNTIES_ONLY if _is_county(view, place) else "",
        ],
    )


def _choose(view: View) -> tuple[str, str]:
    """Draw the choice of the nation, a state and, in a state, a county; return the code and its name."""
    geography = published_places.geography_of(view, KNOWN)
    places = published_places.states(geography, "All reporting agencies")
    own = published_places.own_area(view, geography)
    state = published_places.own_state(geography, own, places)
    first, second, _ = layout.row([2, 2, 1])
    with first:
        place = controls.page_choice("fbi_place", "Offences known in", places, state)
    if geography is None or place == NATION:
        return place, places[place]
    inside = {code: geography.names[code] for code in geography.within(place, COUNTY)}
    if not inside:
        return place, places[place]
    if st.session_state.get("fbi_county") in set(geography.at(COUNTY)) - set(inside):
        controls.write_text("fbi_county", "")  # it was a county of the state chosen before
    counties = {WHOLE_STATE: f"All of {places[place]}"} | dict(sorted(inside.items(), key=lambda one: one[1]))
    with second:
        county = controls.page_choice("fbi_county", "County", counties, own if own in inside else WHOLE_STATE)
    return (place, places[place]) if county == WHOLE_STATE else (county, f"{inside[county]}, {places[place]}")


def _is_county(view: View, place: str) -> bool:
    geography = published_places.geography_of(view, KNOWN)
    return geography is not None and geography.levels.get(place) == COUNTY
