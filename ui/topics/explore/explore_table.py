"""The table of the Explore page and its downloads."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from analysis import Answer
from analysis.exports import KINDS, ExportContext, deliver, export_name
from analysis.exports.context import Column
from ui.app import states
from ui.app.view import View
from ui.cards import table as tables
from ui.cards.figure_card import caption, why_hidden
from ui.maps.places import Places, shapes_for_export

PACKAGE = (
    "A zip with the table, a dictionary, the definition, filters, caveats, how to cite it, and checksums: a "
    "Frictionless data package."
)


def draw_table(view: View, answer: Answer, title: str) -> None:
    """Draw the table with its finding, its caption and the four downloads.

    Parameters
    ----------
    view
        The page's view, with the names of this table's areas.
    answer
        The table.
    title
        Measure, rows and filters in words.
    """
    with st.container(border=True, key="card_table"):
        st.html(f'<h2 class="ltt-headline">{states.escape(answer.sentence)}</h2>')
        if answer.all_hidden:
            states.all_hidden(key="table", why=why_hidden([answer]))
        else:
            st.html(tables.to_html(tables.readable(answer, view.words, view.header), title))
        st.html(f'<p class="ltt-caption">{states.escape(caption([answer]))}</p>')


def export_context(view: View, places: Places | None) -> ExportContext:
    """Return what the files of this page say, with boundaries, area names and licences."""
    context = view.export_context()
    columns = dict(context.columns)
    if places:
        columns["area"] = Column("Area", "Area of the figures.", places.geography.names)
    licences: dict[str, str] = {}
    if view.release is not None:
        for row in view.release.table("source").iter_rows(named=True):
            licences[row["citation"]] = row["licence"]
    shapes = shapes_for_export(view, places)
    return replace(context, columns=columns, licences=licences, shapes=shapes)


def draw_downloads(view: View, answers: Sequence[Answer], context: ExportContext) -> None:
    """Draw one button a format, and the link; a file is made when its button is clicked."""
    kinds = [kind for kind in KINDS if kind != "geojson" or _has_areas(answers, context)]
    with st.container(horizontal=True, key="downloads", vertical_alignment="center"):
        for kind in kinds:
            st.download_button(
                KINDS[kind],
                partial(deliver, tuple(answers), context, kind),
                file_name=export_name(answers, context, kind),
                mime="application/zip",
                key=f"download_{kind}",
                icon=":material/download:",
                on_click="ignore",
                help=PACKAGE,
            )
        with st.popover("Copy link", type="tertiary", key="explore_link"):
            st.caption("The address of this table. It holds the choices, never a number.")
            st.code(view.link(), language=None, wrap_lines=True)


def _has_areas(answers: Sequence[Answer], context: ExportContext) -> bool:
    return context.shapes is not None and all("area" in answer.question.by for answer in answers)
