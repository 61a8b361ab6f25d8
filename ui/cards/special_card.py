"""Draws a card of facts: a register, or what several answers say together, in the look of a standard card."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from analysis.exports import ExportContext
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from ui import format as text
from ui.cards import buttons, card_file, standard_card, words
from ui.cards import table as tables
from ui.cards.card import Facts
from ui.cards.content import Content, Titled, is_taken
from ui.cards.table import Table
from ui.view import states
from ui.view.view import View


@dataclass(frozen=True)
class _Drawn:
    view: View
    key: str
    facts: Facts
    headline: str
    chips: tuple[str, ...]


def draw_facts(view: View, key: str, facts: Facts | None) -> None:
    """Draw a card of facts under its key; nothing where there are none."""
    if facts is None:
        return
    view.tell(facts.answers)
    drawn = _Drawn(view, key, facts, say(facts.finding), tuple(words.chips(view, [facts.scope])))
    if not is_taken(lambda: _taken(drawn)):
        _draw(drawn)


def _taken(drawn: _Drawn) -> Content:
    facts = drawn.facts
    return Content(
        key=drawn.key,
        headline=drawn.headline,
        chips=drawn.chips,
        subtitle=facts.subtitle,
        figure=facts.figure() if callable(facts.figure) else facts.figure,
        below=facts.below,
        caption=facts.caption,
        alt=_alt(drawn),
        tables=lambda: (Titled(facts.subtitle, _table(facts)),),
        answers=facts.answers,
    )


def _alt(drawn: _Drawn) -> str:
    return drawn.facts.alt or f"{drawn.headline} {drawn.facts.subtitle}."


def _table(facts: Facts) -> Table:
    return replace(facts.table, rows=(*facts.above, *facts.table.rows))


def _draw(drawn: _Drawn) -> None:
    facts, key = drawn.facts, drawn.key
    table = _table(facts)
    with st.container(border=True, key=f"card_{key}"):
        st.html(words.head_html(key, drawn.headline, facts.finding, drawn.chips, facts.subtitle))
        is_table = facts.figure is None or (not facts.table_below and buttons.shows_table(key))
        if is_table or facts.figure is None:
            st.html(tables.to_html(table, facts.subtitle, is_titled=True))
        elif callable(facts.figure):
            st.html(facts.figure())
        elif isinstance(facts.figure, str):
            st.html(facts.figure)
        else:
            standard_card.plot(drawn.view, key, facts.figure, _alt(drawn))
        if facts.below and not is_table:
            st.html(facts.below)
        if facts.table_below and not is_table:
            st.html(tables.to_html(table, facts.subtitle, is_titled=True))
        if facts.caption:
            st.html(f'<p class="ltt-caption">{states.escape(facts.caption)}</p>')
        has_chart = facts.figure is not None and not facts.table_below
        buttons.draw(drawn.view, key, partial(_file, drawn), has_chart=has_chart, answers=drawn.facts.answers)


def _file(drawn: _Drawn, context: ExportContext, file_name: str) -> bytes:
    facts = drawn.facts
    content = card_file.facts_csv(facts.table, context, drawn.headline, facts.subtitle, facts.caption)
    return card_file.logged(content, context, file_name, facts.subtitle)


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
