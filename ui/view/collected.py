"""The briefing that a reader is putting together: it stays with the session, on whatever page they are."""

import streamlit as st

from analysis.briefing.briefing import MOST_CARDS, Briefing, Item

_KEPT, _CHANGED = "_briefing", "_briefing_changed"
FULL = f"A briefing holds {MOST_CARDS} cards; this one is full."


def briefing() -> Briefing:
    """Return what was collected so far."""
    kept = st.session_state.get(_KEPT)
    return kept if isinstance(kept, Briefing) else Briefing()


def is_known() -> bool:
    """Return whether this session has a briefing, perhaps one that was emptied."""
    return isinstance(st.session_state.get(_KEPT), Briefing)


def keep(changed: Briefing) -> None:
    """Keep a briefing in place of the one before."""
    st.session_state[_KEPT] = changed
    st.session_state[_CHANGED] = True


def take_change() -> bool:
    """Return whether the briefing was changed since this was last asked."""
    return bool(st.session_state.pop(_CHANGED, False))


def place_of(item: Item) -> int | None:
    """Return where a card with these filters stands in the briefing; None where it is not in it."""
    same = (n for n, one in enumerate(briefing().items) if (one.key, one.query) == (item.key, item.query))
    return next(same, None)


def switch(item: Item) -> None:
    """Add a card to the briefing, or take it out."""
    kept, place = briefing(), place_of(item)
    if place is not None:
        keep(kept.without(place))
    elif len(kept.items) >= MOST_CARDS:
        st.toast(FULL)
    else:
        keep(kept.with_item(item))
        st.toast("Added. The page Briefing puts the cards in order and writes the files.")
