"""Whether another site shows this page in a frame, whole or one card of it."""

from urllib.parse import parse_qsl

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.view.controls import NOT_CHOSEN

EMBED, CARD = "embed", "card"
#: The menu, the bar and their buttons: the site around the frame has its own.
STYLE = (
    ".stSidebar, [data-testid='stSidebarCollapsedControl'], [data-testid='stExpandSidebarButton'] "
    "{ display: none !important; }"
)
#: One card fills its frame.
STYLE_OF_A_CARD = (
    f"{STYLE} .stAppHeader, .stToolbar {{ display: none !important; }} "
    ".stMainBlockContainer { padding: 8px !important; max-width: none !important; }"
)


def card_asked() -> str | None:
    """Return the key of the card that stands alone (``?embed=card&card=KEY``); None for a whole page."""
    return st.query_params.get(CARD, "") if _embed() == CARD else None


def is_framed() -> bool:
    """Return whether the page is made for a frame of another site: it is public then, whoever looks."""
    return bool(st.context.is_embedded) or _embed() == CARD


def _embed() -> str:
    """Return what the address says of a frame: Streamlit keeps this name for itself and hides it."""
    run = get_script_run_ctx()
    return dict(parse_qsl(run.query_string)).get(EMBED, "") if run else ""


def chosen() -> dict[str, str]:
    """Return the filters and choices of the address of one card."""
    return {
        name: value
        for name, value in st.query_params.to_dict().items()
        if value and name not in (*NOT_CHOSEN, CARD)
    }
