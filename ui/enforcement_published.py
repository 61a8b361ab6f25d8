"""Figures published by the FBI under the task force's own: the same years, other units, never one axis."""

import streamlit as st

from analysis import Answer, Question
from analysis.enforcement import total_shown
from analysis.places import Geography
from ui import cards, controls, layout
from ui.charts.stacked_panels import Panel, stacked_panels
from ui.people_figures import refused
from ui.view import View

KNOWN, CLEARED, SHARE = "fbi_offences_known", "fbi_offences_cleared", "fbi_clearance_share"
OWN = "investigations_opened"
NATION, WHOLE_STATE = "nation", "all"
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
    return view.release is not None and (view.measure(KNOWN).source, KNOWN) in view.release.observed


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
        [_question(view, code, place) for code in (KNOWN, CLEARED, SHARE)], strict=False
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
        stacked_panels(panels, words=view.words, palette=view.palette),
        known.sentence,
        subtitle=f"Trafficking offences known and cleared, by year · {name} · as published",
        notes=[
            UNITS_DIFFER if len(panels) > 1 else "",
            CLEARANCES,
            COUNTIES_ONLY if _is_county(view, place) else "",
        ],
    )


def _question(view: View, measure: str, place: str) -> Question:
    where = {} if place == NATION else {"area": (place,)}
    return view.question(measure, ["period"], where=where)


def _choose(view: View) -> tuple[str, str]:
    """Draw the choice of the nation, a state and, in a state, a county; return the code and its name."""
    geography = _geography(view)
    places = _places(geography)
    own = _own_area(view, geography)
    state = (
        own if own in places else next((code for code in _above(geography, own) if code in places), NATION)
    )
    first, second, _ = layout.row([2, 2, 1])
    with first:
        place = controls.page_choice("fbi_place", "Offences known in", places, state)
    if geography is None or place == NATION:
        return place, places[place]
    inside = {code: geography.names[code] for code in geography.within(place, _COUNTY)}
    if not inside:
        return place, places[place]
    if st.session_state.get("fbi_county") in set(geography.at(_COUNTY)) - set(inside):
        controls.write_text("fbi_county", "")  # it was a county of the state chosen before
    counties = {WHOLE_STATE: f"All of {places[place]}"} | dict(sorted(inside.items(), key=lambda one: one[1]))
    with second:
        county = controls.page_choice("fbi_county", "County", counties, own if own in inside else WHOLE_STATE)
    return (place, places[place]) if county == WHOLE_STATE else (county, f"{inside[county]}, {places[place]}")


_STATE, _COUNTY = 1, 2


def _geography(view: View) -> Geography | None:
    if view.release is None:
        return None
    return view.release.areas.get(view.release.observed[view.measure(KNOWN).source, KNOWN].geography)


def _is_county(view: View, place: str) -> bool:
    geography = _geography(view)
    return geography is not None and geography.levels.get(place) == _COUNTY


def _own_area(view: View, geography: Geography | None) -> str:
    """Return the task force's own area among those of the FBI, by its FIPS code; empty when there is none.

    The area chosen for the page counts, else the one area that both lists share.
    """
    if view.release is None or geography is None:
        return ""
    own = controls.geography_of(view.release, view.filters.collection)
    if own is None or (own.code == geography.code and not view.filters.areas):
        return ""
    shared = [code for code in view.filters.areas or own.areas if geography.levels.get(code, 0) >= _STATE]
    outermost = geography.without_nested(shared)
    return outermost[0] if len(outermost) == 1 else ""


def _above(geography: Geography | None, code: str) -> tuple[str, ...]:
    return geography.ancestors(code) if geography and code in geography.areas else ()


def _places(geography: Geography | None) -> dict[str, str]:
    """Return the nation and its states, codes to words: all of the list, whether or not they reported."""
    if geography is None:
        return {NATION: "All reporting agencies"}
    names = geography.names
    whole = geography.at(0)
    nation = names[whole[0]] if len(whole) == 1 else "All reporting agencies"
    return {NATION: nation} | {code: names[code] for code in geography.at(_STATE)}
