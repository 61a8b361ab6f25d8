"""Which area a reader stands in, kept in the address; chosen on the map, in a list, or by the breadcrumb."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from ui.app import controls
from ui.charts.maps.map import selected_area
from ui.maps.places import Places

WITHIN, PLACE = "within", "place"
MOST_LISTED = 60
LIST_PIXELS, ROW_PIXELS = 640, 60
_CHART, _LIST = "map_chart", "area_list"


@dataclass(frozen=True)
class Standing:
    """Where a reader stands.

    Attributes
    ----------
    within
        The area whose inside is mapped; empty for the whole.
    place
        The area whose profile is shown; empty for none.
    """

    within: str
    place: str


def read(places: Places) -> Standing:
    """Return the standing in the address; unknown or outdated areas fall back to the whole, with a notice."""
    with st.container(key="address_areas"):
        asked = {name: controls.bound_text(name) for name in (WITHIN, PLACE)}
    known = places.geography.areas
    lost = [code for code in asked.values() if code and code not in known]
    if lost:
        st.warning(
            "The link names an area that is not on this map; the whole is shown.", icon=":material/info:"
        )
    within = asked[WITHIN] if asked[WITHIN] in known and places.has_inner(asked[WITHIN]) else ""
    return Standing(within, asked[PLACE] if asked[PLACE] in known else "")


def go_to(within: str, place: str) -> None:
    """Move to an area; only in callbacks."""
    controls.write_text(WITHIN, within)
    controls.write_text(PLACE, place)


def on_map(places: Places, standing: Standing) -> None:
    """Take the area a reader clicked: one with areas inside opens, any other is selected."""
    code = selected_area(st.session_state.get(_CHART))
    if code is None or code not in places.geography.areas:
        return
    if places.has_inner(code):
        go_to(code, code)
        return
    # A click on a grey neighbour goes over to where it lies.
    up = places.geography.areas[code].parent or ""
    stays = not standing.within or standing.within in places.geography.ancestors(code)
    go_to(standing.within if stays else up, code)


def breadcrumb(places: Places, standing: Standing) -> None:
    """Draw the way back, when there is one: the whole, each area above, and where one stands."""
    path = places.path(standing.place or standing.within)
    # Always a container: without it, everything below would move up one place and lose a reader's focus.
    with st.container(horizontal=True, key="breadcrumb", gap="small", vertical_alignment="center"):
        if not path:
            return
        st.button(places.whole, key="crumb_whole", type="tertiary", on_click=go_to, args=("", ""))
        for code in path:
            name = places.words("area", code)
            inner = code if places.has_inner(code) else standing.within
            is_here = code == path[-1] and standing.within in ("", inner)
            st.button(
                f"› {name}",
                key=f"crumb_{code}",
                type="tertiary",
                on_click=go_to,
                args=(inner, code),
                disabled=is_here,
            )


def area_list(places: Places, standing: Standing, rows: Sequence[tuple[str, str]]) -> None:
    """Draw the areas of the map in alphabetical order; choosing one selects it, with keys as well.

    Parameters
    ----------
    places, standing
        The areas, and where the reader stands.
    rows
        Area code and what is said about it (its number, or that it is not shown).
    """
    ordered = sorted(rows, key=lambda row: places.words("area", row[0]).casefold())
    codes, said = [code for code, _ in ordered], dict(ordered)
    st.session_state[_LIST] = standing.place if standing.place in said else None

    def store() -> None:
        chosen = st.session_state[_LIST]
        go_to(standing.within, chosen or "")

    name = partial(places.words, "area")
    if len(codes) > MOST_LISTED:
        st.selectbox(
            "Choose an area",
            codes,
            format_func=lambda code: f"{name(code)}: {said[code]}",
            key=_LIST,
            on_change=store,
            index=None,
            placeholder="Type a name",
            filter_mode="contains",
        )
        return
    high = min(LIST_PIXELS, ROW_PIXELS * (len(codes) + 1))
    with st.container(height=high, key="area_list_box", border=False):
        st.radio(
            "Areas, in alphabetical order",
            codes,
            format_func=name,
            captions=[said[code] for code in codes],
            key=_LIST,
            on_change=store,
            index=None,
        )


def inner_button(places: Places, code: str) -> None:
    """Draw the button that opens an area, for readers who chose it in the list."""
    level = places.geography.levels[code] + 1
    inner = places.geography.within(code, level)
    words = f"Show the {len(inner)} {places.level_words(level, len(inner))} of {places.words('area', code)}"
    st.button(words, key="open_area", on_click=go_to, args=(code, code))
