"""The table of the Explore page and its downloads."""

from dataclasses import replace
from functools import partial

import streamlit as st

from analysis import Answer
from analysis.exports import FORMATS, PACKAGE, deliver, export_name
from analysis.exports.permalink import permalink
from analysis.findings.finding import Finding
from analysis.findings.sentences import say
from analysis.findings.series.later import expected
from ui.cards import buttons, words
from ui.cards import table as tables
from ui.cards.content import Content, Titled
from ui.view import hand_over, states
from ui.view.site import site_address
from ui.view.view import View

KEY = "table"
ABOUT = (
    "A zip with the table, a dictionary, the definition, filters, sources, licences, how to cite it, and "
    "checksums: a Frictionless data package. “Data package” holds every format."
)


def content_of(view: View, answer: Answer, finding: Finding, title: str) -> Content:
    """Return the table with its finding and its caption.

    Parameters
    ----------
    view
        The page's view, with the names of this table's areas.
    answer
        The table.
    finding
        What it says.
    title
        Measure, rows and filters in words.
    """
    extra = (
        *words.expected_rows(answer.measure, expected(answer)),
        *words.mean_rows(view, finding, answer.question.by),
    )
    table = tables.readable(answer, view.words, view.header, above=extra)
    return Content(
        KEY,
        say(finding),
        chips=tuple(words.chips(view, [finding.scope])),
        subtitle=title,
        caption=words.caption(view, [answer], finding),  # what is expected has its row
        tables=lambda: (Titled(title, table),),
        answers=(answer,),
        note=states.NOT_SHOWN_WHY if answer.all_hidden else "",
    )


def draw_table(view: View, answer: Answer, finding: Finding, title: str) -> None:
    """Draw the table with its finding and its caption; as `content_of`."""
    shown = content_of(view, answer, finding, title)
    view.tell([answer])
    with st.container(border=True, key=f"card_{KEY}"):
        st.html(words.head_html(KEY, shown.headline, finding, shown.chips, title))
        if shown.note:
            st.html(states.all_hidden_html(view.filters))
        else:
            [titled] = shown.tables()
            st.html(tables.to_html(titled.table, title, is_titled=True))
        if shown.caption:
            st.html(f'<p class="ltt-caption">{states.escape(shown.caption)}</p>')
        buttons.briefing_button(view, KEY)


def draw_downloads(view: View, answer: Answer, finding: Finding) -> None:
    """Draw one button a format, and the link; a file is made when its button is clicked."""
    items = view.export_items([answer], say(finding))
    # The address that every file of this table names, wherever it is made: equal files are equal to the byte.
    link = permalink(answer.question, view.catalog, site_address(), view.pinned)
    context = replace(view.export_context(), permalink=link)
    kinds = {PACKAGE: "Data package"} | {one.code: one.label for one in FORMATS.values() if one.fits(items)}
    with st.container(horizontal=True, key="downloads", vertical_alignment="center"):
        for code, label in kinds.items():
            hand_over.button(
                label,
                partial(deliver, items, context, code),
                release=view.release,
                file_name=export_name(items, context, code),
                mime="application/zip",
                key=f"download_{code}",
                icon=":material/download:",
                help=ABOUT,
            )
        with st.popover("Copy link", type="tertiary", key="explore_link"):
            st.caption("The address of this table. It holds the choices, never a number.")
            st.code(view.link("table"), language=None, wrap_lines=True)
