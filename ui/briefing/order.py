"""Moves the cards of a briefing: one step, or to any place; the keyboard goes with the card that moved."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from analysis.briefing.briefing import Briefing
from ui.view import collected

_MOVED = "_briefing_moved"
Change = Callable[[Briefing], None]

# A row keeps its place in the page and shows another card after a move. Without this the keyboard would stay
# with the row, and pressing "Up" twice would bring the card back to where it was.
_SCRIPT = """
export default function (component) {
  const { parentElement, data } = component;
  if (!data.count || parentElement.lttMoved === data.count) return;
  parentElement.lttMoved = data.count;
  const began = performance.now();
  const follow = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    const places = data.focus.map(key => document.querySelector(
      `.st-key-${key} button:not([disabled]), .st-key-${key} input`));
    const found = places.find(Boolean);
    if (app?.dataset.testScriptState !== 'notRunning' || !found) {
      if (performance.now() - began < 20000) setTimeout(follow, 50);
      return;
    }
    found.closest('[class*="st-key-card_slide_"]')?.scrollIntoView({ block: 'nearest' });
    found.focus({ preventScroll: true });
    parentElement.querySelector('p').textContent = data.words;
  };
  follow();
}
"""
_CSS = "p { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }"
_moved = st.components.v2.component(
    "ltt_moved", html='<p role="status" aria-live="polite"></p>', css=_CSS, js=_SCRIPT
)


def follow() -> None:
    """Lead keyboard and screen reader to the card that was moved last; draws nothing that is seen."""
    told = st.session_state.get(_MOVED) or {"count": 0, "focus": [], "words": ""}
    with st.container(key="briefing_moved"):
        _moved(key="moved_card", data=told)


def draw(place: int, count: int, change: Change) -> None:
    """Draw what moves a card.

    Parameters
    ----------
    place
        Where it stands, from 0.
    count
        How many cards there are.
    change
        Keeps a changed briefing.
    """
    if count > 2:  # of two, a step is every move there is
        _place_picker(place, count, change)
    steps = (("Up", "up", place - 1, place == 0), ("Down", "down", place + 1, place == count - 1))
    for label, name, to, is_end in steps:
        st.button(
            label,
            key=f"{name}_{place}",
            on_click=partial(_move, change, name, place, to),
            type="tertiary",
            disabled=is_end,
        )


def _place_picker(place: int, count: int, change: Change) -> None:
    key = f"place_{place}"
    st.session_state[key] = place

    def store() -> None:
        _move(change, "place", place, int(st.session_state[key]))

    st.selectbox(
        f"Move slide {place + 1} to place",
        range(count),
        format_func=lambda to: f"Place {to + 1}",
        key=key,
        on_change=store,
        label_visibility="collapsed",
        filter_mode="contains",
        width=116,
    )


def _move(change: Change, by: str, place: int, to: int) -> None:
    """Move a card and note what the keyboard is to be at: the same control of its new place, or the other."""
    kept = collected.briefing()
    if place >= len(kept.items):
        return
    change(kept.moved(place, to))
    before = st.session_state.get(_MOVED) or {"count": 0}
    st.session_state[_MOVED] = {
        "count": before["count"] + 1,
        "focus": [f"{name}_{to}" for name in dict.fromkeys((by, "down" if by == "up" else "up"))],
        "words": f"Moved to place {to + 1} of {len(kept.items)}.",
    }
