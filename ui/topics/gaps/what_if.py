"""What if there were more places, or a new site: the choices, and what follows from them.

The choices stand in the address as plain codes, so the outcome can be sent as a link. What the address says
and cannot be is told, and the usual choice is taken.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from analysis import Answer, Question
from analysis.release.places import Geography
from analysis.topics.gaps import EVERYONE, InArea, Situation, by_areas, cells
from analysis.topics.what_if import MOST_PLACES, Centre, Site, open_site
from ui.cards import layout, special_card
from ui.cards.card import Ask
from ui.topics.gaps import asked, what_if_cards, what_if_reach
from ui.topics.gaps.what_if_reach import Choice
from ui.view import controls
from ui.view.still import current as current_still
from ui.view.view import View

USUAL_PLACES = 10
TOO_SMALL = (
    "Needs and places are set against each other here. Too few of their numbers can be shown for that."
)


def asks(_view: View) -> Mapping[str, Ask]:
    """Return all that the choices and their outcome are made of."""
    by_county = {
        f"{measure}/area": asked.region(measure, asked.BY_AREA)
        for measure in ("service_needs", "needs_unmet")
    }
    return asked.SITUATIONS | by_county | what_if_reach.asks()


def draw(view: View, answers: Mapping[str, Answer]) -> None:
    """Draw the choices; what follows for the place chosen; and, beside it, every area."""
    situations = [one for one in asked.situations_of(view, answers) if one.can_be_asked]
    if not situations:
        layout.note("What if there were more places", TOO_SMALL, key="what_if")
        return
    geography = controls.geography_of(view.release, view.filters.collection) if view.release else None
    kinds = {_key(one): one for one in situations}
    with layout.beside(4, "what_if"):
        names = {key: asked.name_of(view, one.service_type, one.group) for key, one in kinds.items()}
        default = max(kinds, key=lambda key: kinds[key].wanting.value)
        whole = kinds[controls.page_choice("if_type", "Places of", names, default)]
        areas = _areas(view, answers, whole)
        offered = {"": "Whole region"} | {one.area: view.words("area", one.area) for one in areas}
        area = controls.page_choice("if_area", "For people in", offered, "")
        places = _places_choice()
        site = _site_choice(geography)
    situation = next((one.situation for one in areas if one.area == area and one.situation), whole)
    if area and situation is whole:
        layout.quiet("Too few needs of this kind are shown for this area; the whole region is shown.")
        area = ""
    choice = Choice(situation, area, places, site)
    spot = _site(view, choice, geography)
    reach = what_if_reach.look(view, answers, choice, spot, geography)
    with layout.beside(2, "what_if_outcome"):
        special_card.draw_facts(view, "what_if", what_if_cards.outcome(view, answers, choice, reach))
        special_card.draw_facts(view, "counties", what_if_cards.counties(view, answers, areas, places))


def _key(one: Situation) -> str:
    return one.service_type if one.group == EVERYONE else f"{one.service_type}.{one.group}"


def _areas(view: View, answers: Mapping[str, Answer], whole: Situation) -> Sequence[InArea]:
    """Return the situation of each area; none where needs are not published by area."""
    pairs = []
    for measure in ("service_needs", "needs_unmet"):
        some, every = answers.get(f"{measure}/area"), answers.get(f"{measure}/1")
        if some is None or every is None or some.refusal or every.refusal:
            return ()
        pairs.append((some, every))
    return by_areas(whole, pairs[0], pairs[1], asked.years_of(view))


def _places_choice() -> int:
    """Draw the number of places to add; a text in the address that is no such number falls back."""
    given = controls.bound_text("if_places")
    chosen = USUAL_PLACES
    digits = given.removeprefix("-")
    if given and digits.isascii() and digits.isdigit() and len(digits) <= 4 and int(digits) <= MOST_PLACES:
        chosen = int(given)
    elif given:
        controls.warn(
            f"Places to add must be a whole number from −{MOST_PLACES} to {MOST_PLACES}; "
            f"{USUAL_PLACES} is shown."
        )
    if current_still() is None:
        _draw_places(chosen)
    return chosen


def _draw_places(chosen: int) -> None:
    st.session_state["pick_if_places"] = chosen

    def store() -> None:
        picked = st.session_state["pick_if_places"]
        controls.choose({"if_places": "" if picked in (None, USUAL_PLACES) else str(picked)})

    st.number_input(
        "Places to add",
        min_value=-MOST_PLACES,
        max_value=MOST_PLACES,
        step=1,
        key="pick_if_places",
        on_change=store,
        help="Below 0: places taken away.",
    )


def _site_choice(geography: Geography | None) -> str:
    sites = {"": "None"}
    if geography:
        finest = max(geography.levels.values(), default=0)
        sites |= {code: geography.names[code] for code in geography.at(finest)}
    help_text = "A new site in the middle of this area, with the places chosen."
    return controls.page_choice("if_site", "Open a site in", sites, "", help_text=help_text)


def _site(view: View, choice: Choice, geography: Geography | None) -> Site | None:
    """Return what places in one spot would bring, from centres of areas and residents, both public.

    The spot is the site chosen or, for places added in an area, the middle of that area.
    """
    release, spot_of = view.release, choice.site or choice.area
    if not spot_of or geography is None or release is None or choice.places == 0:
        return None
    if choice.site and choice.places < 0:
        return None
    level = max(geography.levels.values(), default=0)
    [residents] = view.answer([Question("population", ["area"], area_level=level)], strict=False)
    if residents.refusal:
        return None
    people = {key[0]: one.value for key, one in cells(residents).items()}
    centres = {
        str(row["code"]): Centre(float(row["lon"]), float(row["lat"]), bool(row["is_rural"]))
        for row in release.table("area").iter_rows(named=True)
        if row["geography"] == geography.code and row["lon"] is not None
    }
    spot = centres.get(spot_of)
    return open_site(centres, people, spot, abs(choice.places)) if spot else None
