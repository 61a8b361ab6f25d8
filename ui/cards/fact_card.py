"""A card for facts about the data itself: the look of a figure card, without a measure behind it."""

from collections.abc import Callable, Mapping

import polars as pl
import streamlit as st

from analysis.exports.formats.csv_file import csv_bytes
from analysis.exports.words import REPORTED, SYNTHETIC, protection
from analysis.release.export_log import record_export
from ui import theme
from ui.app import frame
from ui.cards import card_file
from ui.cards import table as tables
from ui.cards.table import Table
from ui.charts.figure import Checked, Figure
from ui.view import states


def fact_card(
    view: "frame.View",
    key: str,
    headline: str,
    table: Table,
    *,
    subtitle: str,
    caption: str,
    figure: Figure | Callable[[], str] | None = None,
    alt: str = "",
    about: Mapping[str, str] | None = None,
) -> None:
    """Draw a headline, a chart where there is one, the table, the caption and a download.

    Parameters
    ----------
    view
        The page's view.
    key
        Unique on the page.
    headline, subtitle, caption
        The finding in one sentence; what is shown; where it comes from.
    table
        What the card shows, already in rounded words.
    figure
        From `ui.charts`, or a function that draws a choice of its own and returns HTML; the table then
        stands behind a button.
    alt
        What a chart shows, for a screen reader; headline and subtitle when empty.
    about
        For a card that is handed on by itself, such as the outcome of a choice: what its file says beside
        the table, by column. The file then also says what the figures are and how they were protected, the
        table stands under the chart, and the card has its own link.
    """
    with st.container(border=True, key=f"card_{key}"):
        as_table = figure is None or (about is None and bool(st.session_state.get(f"{key}_as_table")))
        below = "" if as_table else f'<p class="ltt-subtitle">{states.escape(subtitle)}</p>'
        st.html(f'<h2 class="ltt-headline">{states.escape(headline)}</h2>{below}')
        if as_table or figure is None:
            st.html(tables.to_html(table, subtitle))  # the subtitle is the table's caption
        elif callable(figure):
            st.html(figure())
        else:
            words = alt or f"{headline} {subtitle}."
            st.plotly_chart(Checked(figure), key=f"{key}_chart", theme=None, config=theme.CONFIG, alt=words)
        if about is not None and not as_table:
            st.html(tables.to_html(table, subtitle))
        st.html(f'<p class="ltt-caption">{states.escape(caption)}</p>')
        with st.container(horizontal=True, key=f"{key}_buttons", gap="small"):
            if figure is not None and about is None:
                _switch(key, as_table)
            file_name = f"{'RESTRICTED_' if _is_restricted(view) else ''}{view.page.code}_{key}.csv"
            if about is not None:
                file_name = card_file.name(view.page.code, key, view.export_context())
            st.download_button(
                "Download",
                _delivered(view, table, file_name, subtitle, _said(view, headline, subtitle, about)),
                file_name=file_name,
                mime="text/csv",
                key=f"{key}_download",
                type="tertiary",
                on_click="ignore",
                help="This table as CSV",
            )
            if about is not None:
                with st.popover("Copy link", type="tertiary", key=f"{key}_link"):
                    st.caption("The address of this page with everything chosen on it.")
                    st.code(view.link(key), language=None, wrap_lines=True)


def _said(
    view: "frame.View", headline: str, subtitle: str, about: Mapping[str, str] | None
) -> dict[str, str]:
    """Return the columns that a file handed on by itself has beside its table: none without `about`."""
    if about is None:
        return {}
    context = view.export_context()
    protected = protection(context.profile, context.threshold, context.noise)
    marks = [REPORTED, SYNTHETIC if context.synthetic else "", protected]
    return {
        "sentence": headline,
        "about": subtitle,
        **about,
        "as_of": context.as_of,
        "release": context.release_id,
        "remark": " ".join(mark for mark in marks if mark),
        "link": context.permalink,
    }


def _switch(key: str, as_table: bool) -> None:
    def flip() -> None:
        st.session_state[f"{key}_as_table"] = not as_table

    st.button("Chart" if as_table else "Table", key=f"{key}_table", type="tertiary", on_click=flip)


def _is_restricted(view: "frame.View") -> bool:
    return view.release is not None and view.export_context().is_restricted


def _delivered(
    view: "frame.View", table: Table, file_name: str, subtitle: str, said: Mapping[str, str]
) -> Callable[[], bytes]:
    """Return what writes the table; one of the restricted release is logged before it is handed over."""

    def write() -> bytes:
        rows = pl.DataFrame(table.rows, schema=list(table.columns), orient="row")
        content = csv_bytes(rows.with_columns(pl.lit(words).alias(name) for name, words in said.items()))
        if view.release is not None and _is_restricted(view):
            record_export(view.release.release_id, file_name, content, subtitle)
        return content

    return write
