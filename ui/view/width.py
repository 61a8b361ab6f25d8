"""How wide a place on the page is, in pixels, and whether the window is as narrow as a phone's.

What stands in a map or a grid depends on its size, and only the browser knows it. A card for which a width
was asked (`inside_card`) tells its own where that differs (`ui.cards.face`); the page is then drawn once
more. So does an element that tells whether the window is narrow: for most readers what their browser says of
itself is right at once.
"""

from dataclasses import dataclass

import streamlit as st

from ui.view.still import current as current_still

#: Widths are told in steps, so that a scroll bar or a nudge of the window changes nothing.
STEP = 40
_GIVEN = "_rooms_given"
_SCRIPT = """
export default function (component) {
  const { setStateValue, parentElement, data } = component;
  const place = parentElement.host || parentElement;
  let told = data.width, timer = 0;
  const tell = () => {
    const width = Math.round(place.getBoundingClientRect().width / data.step) * data.step;
    if (width > 0 && Math.abs(width - told) > data.slack) { told = width; setStateValue('width', width); }
  };
  const observer = new ResizeObserver(() => { clearTimeout(timer); timer = setTimeout(tell, 200); });
  observer.observe(place);
  tell();
  return () => { clearTimeout(timer); observer.disconnect(); };
}
"""
#: Where Streamlit puts columns under each other.
NARROW = 640
_WINDOW_SCRIPT = """
export default function (component) {
  const { setStateValue, data } = component;
  const narrow = window.matchMedia(`(max-width: ${data.narrow}px)`), print = window.matchMedia('print');
  let told = data.assumed, timer = 0;
  const tell = () => {
    if (narrow.matches !== told && !print.matches) {
      told = narrow.matches; setStateValue('is_narrow', told);
    }
  };
  const changed = () => { clearTimeout(timer); timer = setTimeout(tell, 200); };
  narrow.addEventListener('change', changed);
  tell();
  return () => { clearTimeout(timer); narrow.removeEventListener('change', changed); };
}
"""
_look = st.components.v2.component(
    "ltt_window", html='<div style="height:0" aria-hidden="true"></div>', js=_WINDOW_SCRIPT
)
_measure = st.components.v2.component(
    "ltt_width", html='<div style="height:0" aria-hidden="true"></div>', js=_SCRIPT
)


def window_is_narrow() -> bool:
    """Return whether the window is narrow, as on a phone; what the browser calls itself until it has told."""
    assumed = "Mobi" in (st.context.headers.get("User-Agent") or "")
    data = {"assumed": assumed, "narrow": NARROW}
    with st.container(key="width_window"):
        result = _look(key="window", data=data, on_is_narrow_change=lambda: None)
    told = getattr(result, "is_narrow", None)
    return told if isinstance(told, bool) else assumed


@dataclass(frozen=True)
class Room:
    """What a drawing was given inside a card: pixels, and by how many more or less it is drawn anew."""

    pixels: int
    slack: int


def inside_card(key: str, assumed: int, *, slack: int = STEP // 2) -> int:
    """Return the width for a drawing inside a card: what the card told when it was drawn last.

    Parameters
    ----------
    key
        The card's key.
    assumed
        Pixels taken until the browser has told, which is also what tests without a browser see.
    slack
        Pixels that the card may be wider or narrower without being drawn anew; for a drawing that the browser
        fits to its place.
    """
    if current_still() is not None:
        return assumed
    width = told(key) or assumed
    st.session_state.setdefault(_GIVEN, {})[key] = Room(width, slack)
    return width


def told(key: str) -> int | None:
    """Return what a card told of its width; None until it has."""
    widths = (getattr(st.session_state.get(name), "width", None) for name in (f"card_{key}", _apart(key)))
    return next((int(one) for one in widths if isinstance(one, int | float) and 0 < one < 10_000), None)


def given(key: str) -> Room | None:
    """Return what `inside_card` has given a card since this was last asked; None where nobody asked."""
    rooms: dict[str, Room] = st.session_state.get(_GIVEN, {})
    return rooms.pop(key, None)


def listen(key: str, room: Room) -> None:
    """Draw what tells the width of the current container, for a card that is drawn in pieces."""
    with st.container(key=f"width_{key}"):
        _measure(
            key=_apart(key),
            data={"width": room.pixels, "slack": room.slack, "step": STEP},
            on_width_change=lambda: None,
        )


def _apart(key: str) -> str:
    return f"room_{key}"
