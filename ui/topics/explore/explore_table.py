"""The table of the Explore page and its downloads."""

from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from analysis import Answer
from analysis.exports import FORMATS, PACKAGE, deliver, export_name
from analysis.exports.permalink import permalink
from analysis.findings.groups import standard
from analysis.findings.scope import scope_of
from analysis.findings.sentences import say
from ui.cards import table as tables
from ui.cards import words
from ui.view import states
from ui.view.view import View

ABOUT = (
    "A zip with the table, a dictionary, the definition, filters, sources, licences, how to cite it, and "
    "checksums: a Frictionless data package. “Data package” holds every format."
)


def _site() -> str:
    """Return where the reader found the dashboard, without page and choices."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def draw_table(view: View, answer: Answer, title: str) -> None:
    """Draw the table with its finding and its caption.

    Parameters
    ----------
    view
        The page's view, with the names of this table's areas.
    answer
        The table.
    title
        Measure, rows and filters in words.
    """
    scope = scope_of(answer, view.filters)
    finding = standard(answer, scope)
    view.tell([answer])
    with st.container(border=True, key="card_table"):
        st.html(words.head_html("table", say(finding), finding, words.chips(view, [scope]), title))
        if answer.all_hidden:
            states.all_hidden(key="table")
        else:
            extra = words.mean_rows(view, finding, answer.question.by)
            table = tables.readable(answer, view.words, view.header, above=extra)
            st.html(tables.to_html(table, title, is_titled=True))
        if caption := words.caption(view, [answer], finding):
            st.html(f'<p class="ltt-caption">{states.escape(caption)}</p>')


def draw_downloads(view: View, answer: Answer) -> None:
    """Draw one button a format, and the link; a file is made when its button is clicked."""
    headline = say(standard(answer, scope_of(answer, view.filters)))
    items = view.export_items([answer], headline)
    # The address that every file of this table names, wherever it is made: equal files are equal to the byte.
    context = replace(view.export_context(), permalink=permalink(answer.question, view.catalog, _site()))
    kinds = {PACKAGE: "Data package"} | {one.code: one.label for one in FORMATS.values() if one.fits(items)}
    with st.container(horizontal=True, key="downloads", vertical_alignment="center"):
        for code, label in kinds.items():
            st.download_button(
                label,
                partial(deliver, items, context, code),
                file_name=export_name(items, context, code),
                mime="application/zip",
                key=f"download_{code}",
                icon=":material/download:",
                on_click="ignore",
                help=ABOUT,
            )
        with st.popover("Copy link", type="tertiary", key="explore_link"):
            st.caption("The address of this table. It holds the choices, never a number.")
            st.code(view.link("table"), language=None, wrap_lines=True)
