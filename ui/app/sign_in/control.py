"""Who looks at this page, the button in the sidebar, and the sentences about it."""

import streamlit as st

from ui.app.sign_in.gate import FAILED
from ui.app.sign_in.settings import settings
from ui.app.sign_in.visitor import ANYBODY, Visitor, visitor_of
from ui.view import controls, framed

LINK_OF_A_PARTNER = (
    "This link was made by a partner. You see the public figures: some numbers that the partner saw are not "
    "shown here."
)
SIGN_IN_FAILED = "Signing in did not work. You see the public figures."


def visitor() -> Visitor:
    """Return who looks at the page of this run.

    A card shown inside another site is always public: whoever made that site decides who sees it.
    """
    known = settings()
    if known is None or framed.is_framed():
        return ANYBODY
    return visitor_of(st.user.to_dict(), known)


def draw(reader: Visitor) -> None:
    """Draw the button to sign in or out at the end of the sidebar, where there is a sign-in."""
    if settings() is None or framed.is_framed():
        return
    with st.container(key="sign_in"):
        if reader.name:
            st.caption(f"Signed in as {_plain(reader.name)}")
            st.button("Sign out", on_click=st.logout, type="tertiary", key="sign_out_button")
        else:
            st.caption("Partners see more detail.")
            st.button("Sign in", on_click=st.login, type="tertiary", key="sign_in_button")


def notices(reader: Visitor) -> None:
    """Say why somebody sees the public figures who may expect others, and mark the address of a partner."""
    is_partners_link = controls.mark_of_partner(is_partner=reader.is_partner)
    if reader.remark:
        controls.notice(reader.remark)
    elif is_partners_link and not reader.is_partner:
        more = " Sign in to see them." if settings() is not None and not framed.is_framed() else ""
        controls.notice(LINK_OF_A_PARTNER + more)
    if st.query_params.get(FAILED[0]) == FAILED[1]:
        del st.query_params[FAILED[0]]
        controls.notice(SIGN_IN_FAILED)


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|~:$<>" else letter for letter in text)
