"""What is on this page: links to its sections, for pages that are longer than three screens."""

from collections.abc import Sequence

import streamlit as st

from ui.cards.layout import anchor
from ui.view.states import escape

TITLE = "On this page"


def draw(titles: Sequence[str], *, folded: bool = False) -> None:
    """Draw links to sections; the line stays at the top while the page scrolls.

    Parameters
    ----------
    titles
        Words of the headings, as given to `layout.heading`, in order.
    folded
        Whether the list opens at a tap, as on a phone; it then scrolls away with the page.
    """
    links = "".join(f'<li><a href="#{anchor(title)}">{escape(title)}</a></li>' for title in titles)
    if folded:
        st.html(f'<details class="ltt-contents"><summary>{TITLE}</summary><ul>{links}</ul></details>')
    else:
        st.html(f'<nav class="ltt-contents" aria-label="{TITLE}"><span>{TITLE}</span><ul>{links}</ul></nav>')
