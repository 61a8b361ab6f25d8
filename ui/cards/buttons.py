"""The quiet buttons under a card, in this order: Table, Download, Link, Data package, Add to briefing."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from analysis import Answer
from analysis.briefing.briefing import item
from analysis.exports import ExportContext
from ui.cards import card_file
from ui.view import collected, hand_over, still
from ui.view.states import escape
from ui.view.view import View

DOWNLOAD, DOWNLOAD_HELP, FILE_TYPE = "Download", "The figures of this card as CSV", "text/csv"
_PACKAGE = "Every format, with dictionary, definitions, sources and how to cite them"


def shows_table(key: str) -> bool:
    """Return whether a card shows its table in place of its chart; a slide, of no session, never does."""
    return still.current() is None and bool(st.session_state.get(f"{key}_as_table"))


def draw(
    view: View,
    key: str,
    content: Callable[[ExportContext, str], bytes],
    *,
    has_chart: bool,
    answers: Sequence[Answer] = (),
    register: str = "",
) -> None:
    """Draw the buttons of a card.

    Parameters
    ----------
    view, key
        The page's view; the card's key.
    content
        Makes the file of the card from its context and its name, when it is asked for (`ui.cards.card_file`).
    has_chart
        Whether the card can show a chart and a table in turn.
    answers, register
        What it is made of: they can be taken along as a data package.
    """
    with st.container(horizontal=True, key=f"{key}_buttons", gap="small", vertical_alignment="center"):
        if has_chart:
            switch(key)
        context = view.export_context()
        name = card_file.name(view.page.code, key, context)
        hand_over.button(
            DOWNLOAD,
            partial(content, context, name),
            release=view.release,
            file_name=name,
            mime=FILE_TYPE,
            key=f"{key}_download",
            type="tertiary",
            help=DOWNLOAD_HELP,
        )
        st.html(link_html(view, key) + package_html(view, answers, register), width="content")
        briefing_button(view, key)


def briefing_button(view: View, key: str) -> None:
    """Draw the button that puts a card, as it is now, into the briefing or takes it out."""
    is_in, words, help_text = briefing_words(view, key)
    st.button(
        words,
        key=f"{key}_briefing",
        type="tertiary",
        icon=":material/check:" if is_in else None,
        on_click=switch_briefing,
        args=(view, key),
        help=help_text,
    )


def briefing_words(view: View, key: str) -> tuple[bool, str, str]:
    """Return whether a card, as it is now, is in the briefing, and the words and the help of its button."""
    if collected.place_of(item(view.page.code, key, view.chosen())) is not None:
        return True, "In the briefing", "Take it out of the briefing"
    return False, "Add to briefing", "On the page Briefing the cards become slides"


def switch_briefing(view: View, key: str) -> None:
    """Put a card, as it is now, into the briefing or take it out."""
    collected.switch(item(view.page.code, key, view.chosen()))


def switch(key: str) -> None:
    """Draw the button between a card's chart and its table."""
    st.button(table_words(key), key=f"{key}_table", type="tertiary", on_click=flip, args=(key,))


def table_words(key: str) -> str:
    """Return what the button between chart and table says."""
    return "Chart" if shows_table(key) else "Table"


def flip(key: str) -> None:
    """Show a card's table in place of its chart, or the chart again."""
    st.session_state[f"{key}_as_table"] = not shows_table(key)


def package_html(view: View, answers: Sequence[Answer], register: str = "") -> str:
    """Return the link to the answers, or else to the register, as a data package; nothing without any.

    An address and no button: it is made when it is followed, and costs a page no message.
    """
    address = view.link_to_package(answers, register)
    if not address:
        return ""
    return f' <a class="ltt-link" href="{escape(address)}" download title="{_PACKAGE}">Data package</a>'


def link_html(view: View, key: str) -> str:
    """Return the link to a card: its address is the page's, with everything chosen on it, and the card."""
    return f'<a class="ltt-link" href="{escape(view.link(key))}" target="_self">Link to this card</a>'
