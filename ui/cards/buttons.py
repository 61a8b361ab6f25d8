"""The quiet buttons under a card, in this order: Table, Download, Link, Data package, Add to briefing."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from analysis import Answer
from analysis.briefing.briefing import item
from analysis.exports import ExportContext
from ui.cards import card_file
from ui.view import collected
from ui.view.states import escape
from ui.view.view import View

_PACKAGE = "Every format, with dictionary, definitions, sources and how to cite them"


def shows_table(key: str) -> bool:
    """Return whether a card shows its table in place of its chart."""
    return bool(st.session_state.get(f"{key}_as_table"))


def draw(
    view: View,
    key: str,
    content: Callable[[ExportContext, str], bytes],
    *,
    has_chart: bool,
    answers: Sequence[Answer] = (),
) -> None:
    """Draw the buttons of a card; the table's rerun the card and nothing else.

    Parameters
    ----------
    view, key
        The page's view; the card's key.
    content
        Makes the file of the card from its context and its name, when it is asked for (`ui.cards.card_file`).
    has_chart
        Whether the card can show a chart and a table in turn.
    answers
        What it is made of: they can be taken along as a data package.
    """
    with st.container(horizontal=True, key=f"{key}_buttons", gap="small", vertical_alignment="center"):
        if has_chart:
            switch(key)
        # Asked here and not when the button is clicked: Streamlit then makes the file outside the page, where
        # nobody knows its address any more.
        context = view.export_context()
        file_name = card_file.name(view.page.code, key, context)
        st.download_button(
            "Download",
            partial(content, context, file_name),
            file_name=file_name,
            mime="text/csv",
            key=f"{key}_download",
            type="tertiary",
            on_click="ignore",
            help="The figures of this card as CSV",
        )
        st.html(link_html(view, key) + package_html(view, answers), width="content")
        briefing_button(view, key)


def briefing_button(view: View, key: str) -> None:
    """Draw the button that puts a card, as it is now, into the briefing or takes it out."""
    card = item(view.page.code, key, view.chosen())
    is_in = collected.place_of(card) is not None
    word = "In the briefing" if is_in else "Add to briefing"
    help_text = "Take it out of the briefing" if is_in else "On the page Briefing the cards become slides"
    st.button(
        word,
        key=f"{key}_briefing",
        type="tertiary",
        icon=":material/check:" if is_in else None,
        on_click=collected.switch,
        args=(card,),
        help=help_text,
    )


def switch(key: str) -> None:
    """Draw the button between a card's chart and its table."""
    is_table = shows_table(key)

    def flip() -> None:
        st.session_state[f"{key}_as_table"] = not is_table

    st.button("Chart" if is_table else "Table", key=f"{key}_table", type="tertiary", on_click=flip)


def package_html(view: View, answers: Sequence[Answer]) -> str:
    """Return the link to the answers as a data package; nothing where there are none.

    An address and no button: it is made when it is followed, and costs a page no message.
    """
    address = view.link_to_package(answers)
    if not address:
        return ""
    return f' <a class="ltt-link" href="{escape(address)}" download title="{_PACKAGE}">Data package</a>'


def link_html(view: View, key: str) -> str:
    """Return the link to a card: its address is the page's, with everything chosen on it, and the card."""
    return f'<a class="ltt-link" href="{escape(view.link(key))}" target="_self">Link to this card</a>'
