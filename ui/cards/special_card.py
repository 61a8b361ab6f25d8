"""Draws a card of facts: a register, or what several answers say together, in the look of a standard card."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import streamlit as st

from analysis.exports.formats.csv_file import csv_bytes
from analysis.exports.words import REPORTED, SYNTHETIC, protection
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from analysis.release.export_log import record_export
from ui import format as text
from ui.cards import buttons, card_file, standard_card, words
from ui.cards import table as tables
from ui.cards.card import Facts
from ui.cards.table import Table
from ui.view import states
from ui.view.view import View


@dataclass(frozen=True)
class _Drawn:
    view: View
    key: str
    facts: Facts
    headline: str
    head: str


def draw_facts(view: View, key: str, facts: Facts | None) -> None:
    """Draw a card of facts under its key; nothing where there are none."""
    if facts is None:
        return
    headline = say(facts.finding)
    chips = words.chips(view, [facts.scope])
    view.tell(facts.answers)
    _draw(
        _Drawn(
            view,
            key,
            facts,
            headline,
            words.head_html(key, headline, facts.finding, chips, facts.subtitle),
        )
    )


def _draw(drawn: _Drawn) -> None:
    if callable(drawn.facts.figure):  # it has choices of its own, which run the page
        _content(drawn)
    else:
        _alone(drawn)


def _content(drawn: _Drawn) -> None:
    facts, key = drawn.facts, drawn.key
    with st.container(border=True, key=f"card_{key}"):
        st.html(drawn.head)
        is_table = facts.figure is None or (not facts.table_below and buttons.shows_table(key))
        if is_table or facts.figure is None:
            st.html(tables.to_html(facts.table, facts.subtitle, is_titled=True))
        elif callable(facts.figure):
            st.html(facts.figure())
        elif isinstance(facts.figure, str):
            st.html(facts.figure)
        else:
            standard_card.plot(
                drawn.view, key, facts.figure, facts.alt or f"{drawn.headline} {facts.subtitle}."
            )
        if facts.below and not is_table:
            st.html(facts.below)
        if facts.table_below and not is_table:
            st.html(tables.to_html(facts.table, facts.subtitle, is_titled=True))
        if facts.caption:
            st.html(f'<p class="ltt-caption">{states.escape(facts.caption)}</p>')
        with st.container(horizontal=True, key=f"{key}_buttons", gap="small", vertical_alignment="center"):
            if facts.figure is not None and not facts.table_below:
                buttons.switch(key)
            _download(drawn)
            st.html(buttons.link_html(drawn.view, key))


_alone = st.fragment(_content)


def _download(drawn: _Drawn) -> None:
    view, key = drawn.view, drawn.key
    file_name = card_file.name(view.page.code, key, view.export_context())
    st.download_button(
        "Download",
        _delivered(drawn, file_name),
        file_name=file_name,
        mime="text/csv",
        key=f"{key}_download",
        type="tertiary",
        on_click="ignore",
        help="This table as CSV",
    )


def _about(view: View, headline: str, facts: Facts) -> Mapping[str, str]:
    """Return what a file of facts says beside its table, in every row; its caption is one of the remarks."""
    context = view.export_context()
    protected = protection(context.profile, context.threshold, context.noise)
    marks = [facts.caption, REPORTED, SYNTHETIC if context.synthetic else "", protected]
    return {
        "headline": headline,
        "about": facts.subtitle,
        "as_of": context.as_of,
        "release": context.release_id,
        "remark": " ".join(mark for mark in marks if mark),
        "link": context.permalink,
    }


def _delivered(drawn: _Drawn, file_name: str) -> Callable[[], bytes]:
    def deliver() -> bytes:
        view, table = drawn.view, drawn.facts.table
        columns = {name: [row[place] for row in table.rows] for place, name in enumerate(table.columns)}
        about = _about(view, drawn.headline, drawn.facts)
        frame = pl.DataFrame(columns, schema=dict.fromkeys(table.columns, pl.String))
        content = csv_bytes(frame.with_columns(pl.lit(value).alias(name) for name, value in about.items()))
        if view.profile == "steward":
            release_id = view.release.release_id if view.release else ""
            record_export(release_id, file_name, content, drawn.headline)
        return content

    return deliver


def of_register(
    view: View, finding: Finding, table: Table, subtitle: str, *, caption: str = "", **more: Any
) -> Facts:
    """Return a card's facts from a register, with its scope and the day it describes.

    Parameters
    ----------
    view, finding, table, caption, **more
        As `Facts`.
    subtitle
        What is listed or drawn.
    """
    scope = scope_of_register(view)
    dated = f"{subtitle} · as of {text.date_text(view.as_of)}"
    return Facts(replace(finding, scope=scope), table, dated, caption=caption, scope=scope, **more)


def register_caption(view: View, *more: str) -> str:
    """Return where what a register holds comes from, and the day it describes."""
    day = text.date_text(view.as_of)
    source = f"Source: registers of {view.place or 'the task force'}, as of {day}."
    return " ".join([source, *(part for part in more if part)])


def scope_of_register(view: View, *followed: str) -> Scope:
    """Return the scope of rows of a register: which of the filters that are set they do not follow.

    Parameters
    ----------
    view
        The page's view.
    *followed
        Names of filters that the rows are chosen by: ``area`` or dimensions.
    """
    names = [name for name, _ in view.filters.where] + (["area"] if view.filters.areas else [])
    return Scope(ignored=tuple(name for name in names if name not in followed))
