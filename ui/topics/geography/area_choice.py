"""Which area a reader stands in, kept in the address; chosen on the map, in a list, or by the breadcrumb."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ui.maps.places import Places
from ui.view import controls

WITHIN, PLACE = "within", "place"
MOST_LISTED = 60
LIST_PIXELS, LIST_WITH_PROFILE, ROW_PIXELS = 520, 260, 60
_LIST = "area_list"


def go_to(within: str, place: str, *, by_click: bool = True) -> None:
    """Move to an area; only in callbacks."""
    controls.choose({WITHIN: within, PLACE: place}, by_click=by_click)


def on_map(places: Places, within: str, code: str) -> None:
    """Take the area a reader clicked: one with areas inside opens, any other is selected."""
    if code not in places.geography.areas:
        return
    if places.has_inner(code):
        go_to(code, code)
        return
    # A click on a grey neighbour goes over to where it lies.
    up = places.geography.areas[code].parent or ""
    stays = not within or within in places.geography.ancestors(code)
    go_to(within if stays else up, code)


def breadcrumb(places: Places, within: str, place: str) -> None:
    """Draw the way back, when there is one: the whole, each area above, and where one stands."""
    path = places.path(place or within)
    # Always a container: without it, everything below would move up one place and lose a reader's focus.
    with st.container(horizontal=True, key="breadcrumb", gap="small", vertical_alignment="center"):
        if not path:
            return
        st.button(places.whole, key="crumb_whole", type="tertiary", on_click=go_to, args=("", ""))
        for code in path:
            name = places.words("area", code)
            inner = code if places.has_inner(code) else within
            is_here = code == path[-1] and within in ("", inner)
            st.button(
                f"› {name}",
                key=f"crumb_{code}",
                type="tertiary",
                on_click=go_to,
                args=(inner, code),
                disabled=is_here,
            )


def area_list(places: Places, within: str, place: str, rows: Sequence[tuple[str, str]]) -> None:
    """Draw the areas of the map in alphabetical order; choosing one selects it, with keys as well.

    Parameters
    ----------
    places, within, place
        The areas, the one whose inside is mapped, and the chosen one.
    rows
        Area code and its number in words, or that it is not shown.
    """
    ordered = sorted(rows, key=lambda row: places.words("area", row[0]).casefold())
    codes, numbers = [code for code, _ in ordered], dict(ordered)
    st.session_state[_LIST] = place if place in numbers else None

    def store() -> None:
        chosen = st.session_state[_LIST]
        go_to(within, chosen or "", by_click=False)

    name = partial(places.words, "area")
    if len(codes) > MOST_LISTED:
        st.selectbox(
            "Choose an area",
            codes,
            format_func=lambda code: f"{name(code)}: {numbers[code]}",
            key=_LIST,
            on_change=store,
            index=None,
            placeholder="Type a name",
            filter_mode="contains",
        )
        return
    most = LIST_WITH_PROFILE if place else LIST_PIXELS
    high = min(most, ROW_PIXELS * (len(codes) + 1))
    with st.container(height=high, key="area_list_box", border=False):
        st.radio(
            "Areas, in alphabetical order",
            codes,
            format_func=name,
            captions=[numbers[code] for code in codes],
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
