"""Keeps the briefing with the browser's tab: a link that loads a page anew begins a new session.

The tab holds it, and gives it back over the page's own connection when a session begins without one. Nothing
is kept on the server, and closing the tab forgets it.
"""

import streamlit as st

from analysis import LttError
from analysis.briefing.file import LARGEST_BYTES, from_file, to_file
from ui.briefing.deck import is_card
from ui.view import collected

_SCRIPT = """
export default function (component) {
  const { setTriggerValue, data } = component, name = 'ltt-briefing';
  try {
    if (data.text) sessionStorage.setItem(name, data.text);
    else if (data.isKnown) sessionStorage.removeItem(name);
    else if (sessionStorage.getItem(name)) setTriggerValue('kept', sessionStorage.getItem(name));
  } catch { /* a browser may refuse to keep anything */ }
}
"""
_tab = st.components.v2.component(
    "ltt_tab", html='<div style="height:0" aria-hidden="true"></div>', js=_SCRIPT
)


def keep() -> None:
    """Hand the briefing to the tab, or take the one that it holds; draws nothing that is seen."""
    collected.take_change()
    is_known = collected.is_known()
    text = to_file(collected.briefing()).decode() if collected.briefing().items else ""
    with st.container(key="width_tab"):
        result = _tab(key="tab", data={"text": text, "isKnown": is_known}, on_kept_change=lambda: None)
    kept = getattr(result, "kept", None)
    if is_known or not isinstance(kept, str) or len(kept) > LARGEST_BYTES:
        return
    try:
        briefing, _ = from_file(kept.encode("utf-8", "replace"), is_card)
    except LttError:  # another version of the program kept it
        return
    collected.keep(briefing)
