"""What is on this page: links to the sections of a long page, and which cards wait behind a button."""

from collections.abc import Mapping, Sequence

import streamlit as st

from ui.cards.layout import anchor
from ui.view.states import escape

TITLE = "On this page"
#: A section takes more than a screen, on a phone more than two: from so many on a page passes three screens.
LEAST_SECTIONS = 3
LEAST_ON_A_PHONE = 2


def draw(titles: Sequence[str], *, most: int, on_phone: bool) -> None:
    """Draw links to the sections of a long page; a short one has none.

    Parameters
    ----------
    titles
        Words of the headings that have figures under them, as given to `layout.heading`, in order.
    most
        How many there are with other filters: where that makes a long page, an empty list keeps its place, so
        that nothing below it moves up and is built anew.
    on_phone
        Whether the list opens at a tap and scrolls away with the page; else it is a line that stays.
    """
    least = LEAST_ON_A_PHONE if on_phone else LEAST_SECTIONS
    if len(titles) < least:
        if most >= least:
            st.html('<span class="ltt-waiting" hidden></span>')
        return
    links = "".join(f'<li><a href="#{anchor(title)}">{escape(title)}</a></li>' for title in titles)
    if on_phone:
        st.html(f'<details class="ltt-contents"><summary>{TITLE}</summary><ul>{links}</ul></details>')
    else:
        st.html(f'<nav class="ltt-contents" aria-label="{TITLE}"><span>{TITLE}</span><ul>{links}</ul></nav>')


def waiting_html(waiting: Mapping[str, Sequence[str]]) -> str:
    """Return HTML that tells the browser which cards wait behind which button: a link to one opens it.

    Parameters
    ----------
    waiting
        Key of the button to the keys of the cards that it brings (`ui.app.browser_script` looks for them).
    """
    if not waiting:
        return ""
    spans = "".join(
        f'<span data-button="{button}" data-cards="{escape(" ".join(f"card_{key}" for key in keys))}"></span>'
        for button, keys in waiting.items()
    )
    return f'<div class="ltt-waiting" hidden>{spans}</div>'
