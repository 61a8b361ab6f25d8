"""How wide a place on the page is, in pixels, and whether the window is as narrow as a phone's.

A map's view is fitted to its size, and only the browser knows it. A tiny element tells its width when it
differs from what was assumed; the part of the page around it is then drawn once more. So does one that tells
whether the window is narrow: for most readers what their browser says of itself is right at once.
"""

import streamlit as st

from ui.view.still import current as current_still

#: Widths are told in steps, so that a scroll bar or a nudge of the window changes nothing.
STEP = 40
#: Padding and border of a card, both sides together: the wider of the two in `frame.css`.
CARD = 46
_SCRIPT = """
export default function (component) {
  const { setStateValue, parentElement, data } = component;
  const place = parentElement.host || parentElement;
  let told = data.width, timer = 0;
  const tell = () => {
    const width = Math.round(place.getBoundingClientRect().width / data.step) * data.step;
    if (width > 0 && width !== told) { told = width; setStateValue('width', width); }
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


def measured(key: str, assumed: int) -> int:
    """Return the width of the current container, in steps of `STEP`.

    Parameters
    ----------
    key
        Unique on the page.
    assumed
        Pixels taken until the browser has told, which is also what tests without a browser see.
    """
    if current_still() is not None:
        return assumed
    with st.container(key=f"width_{key}"):
        result = _measure(key=key, data={"width": assumed, "step": STEP}, on_width_change=lambda: None)
    width = getattr(result, "width", None)
    return int(width) if isinstance(width, int | float) and 0 < width < 10_000 else assumed


def inside_card(key: str, assumed: int) -> int:
    """Return the width left for a drawing in a card that fills the current container."""
    return measured(key, assumed + CARD) - CARD
