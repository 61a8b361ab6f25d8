"""A card for facts about the data itself: the look of a figure card, without a measure behind it."""

from collections.abc import Callable

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from analysis.export_log import record_export
from ui import frame, states, tables, theme
from ui.exports.csv_file import csv_bytes
from ui.tables import Table


def fact_card(
    view: "frame.View",
    key: str,
    headline: str,
    table: Table,
    *,
    subtitle: str,
    caption: str,
    figure: go.Figure | Callable[[], str] | None = None,
    alt: str = "",
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
    """
    with st.container(border=True, key=f"card_{key}"):
        as_table = figure is None or bool(st.session_state.get(f"{key}_as_table"))
        below = "" if as_table else f'<p class="ltt-subtitle">{states.escape(subtitle)}</p>'
        st.html(f'<h3 class="ltt-headline">{states.escape(headline)}</h3>{below}')
        if as_table or figure is None:
            st.html(tables.to_html(table, subtitle))  # the subtitle is the table's caption
        elif callable(figure):
            st.html(figure())
        else:
            words = alt or f"{headline} {subtitle}."
            st.plotly_chart(figure, key=f"{key}_chart", theme=None, config=theme.CONFIG, alt=words)
        st.html(f'<p class="ltt-caption">{states.escape(caption)}</p>')
        with st.container(horizontal=True, key=f"{key}_buttons", gap="small"):
            if figure is not None:
                _switch(key, as_table)
            file_name = f"{'RESTRICTED_' if _is_restricted(view) else ''}{view.page.code}_{key}.csv"
            st.download_button(
                "Download",
                _delivered(view, table, file_name, subtitle),
                file_name=file_name,
                mime="text/csv",
                key=f"{key}_download",
                type="tertiary",
                on_click="ignore",
                help="This table as CSV",
            )


def _switch(key: str, as_table: bool) -> None:
    def flip() -> None:
        st.session_state[f"{key}_as_table"] = not as_table

    st.button("Chart" if as_table else "Table", key=f"{key}_table", type="tertiary", on_click=flip)


def _is_restricted(view: "frame.View") -> bool:
    return view.release is not None and view.export_context().is_restricted


def _delivered(view: "frame.View", table: Table, file_name: str, subtitle: str) -> Callable[[], bytes]:
    """Return what writes the table; one of the restricted release is logged before it is handed over."""

    def write() -> bytes:
        content = csv_bytes(pl.DataFrame(table.rows, schema=list(table.columns), orient="row"))
        if view.release is not None and _is_restricted(view):
            record_export(view.release.release_id, file_name, content, subtitle)
        return content

    return write
