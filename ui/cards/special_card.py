"""Draws a card of facts: a register, or what several answers say together, in the look of a standard card."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from analysis import LttError
from analysis.exports import ExportContext
from analysis.findings.finding import Finding
from analysis.findings.scope import Scope
from analysis.findings.sentences import say
from ui import format as text
from ui.cards import buttons, card_file, words
from ui.cards import table as tables
from ui.cards.card import Facts, Needs
from ui.cards.content import Content, Titled, is_taken
from ui.cards.face import face, finished
from ui.cards.face.face import Face
from ui.cards.face.finished import Finished
from ui.cards.table import Table
from ui.charts.figure import Figure
from ui.view import states
from ui.view.still import current as current_still
from ui.view.view import View

Make = Callable[[], Facts | Needs | None]


@dataclass(frozen=True)
class _Drawn:
    view: View
    key: str
    facts: Facts
    headline: str
    chips: tuple[str, ...]


def draw_made(view: View, key: str, make: Make) -> bool:
    """Draw a card of facts: as it is kept, or made, drawn and kept; return whether there was anything.

    Parameters
    ----------
    view, key
        The page's view; the card's key.
    make
        Makes the facts, or says what was not loaded.
    """
    place, said = finished.place_of(view, key, as_table=buttons.shows_table(key)), frozenset(view.said)
    if place and (kept := place.get()):
        view.tell(kept.answers)
        view.said.update(kept.said)
        face.draw(view, _face_again(kept, key, partial(_file_of, view, key, make)), kept)
        return True
    facts = make()
    if isinstance(facts, Needs):
        if current_still() is None:  # a slide says in its own words that there is nothing
            states.not_loaded(facts.what, facts.table)
    elif facts is not None:
        shown = draw_facts(view, key, facts)
        if place and shown:
            place.put(shown, frozenset(view.said) - said)
    return facts is not None


def _face_again(kept: Finished, key: str, content: Callable[[ExportContext, str], bytes]) -> Face:
    return Face(key, "", content, has_chart=kept.has_chart, answers=kept.answers, register=kept.register)


def draw_facts(view: View, key: str, facts: Facts | None) -> Finished | None:
    """Draw a card of facts under its key, nothing where there are none; return it as it can be kept."""
    if facts is None:
        return None
    view.tell(facts.answers)
    drawn = _drawn(view, key, facts)
    return None if is_taken(lambda: _taken(drawn)) else _draw(drawn)


def _drawn(view: View, key: str, facts: Facts) -> _Drawn:
    return _Drawn(view, key, facts, say(facts.finding), tuple(words.chips(view, [facts.scope])))


def _file_of(view: View, key: str, make: Make, context: ExportContext, file_name: str) -> bytes:
    """Return the file of a card that is kept: its facts are made anew."""
    facts = make()
    if not isinstance(facts, Facts):
        raise LttError("There are no figures for this card now.", "Load the page anew.")
    return _file(_drawn(view, key, facts), context, file_name)


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
        drawn=facts.drawn,
        derived=facts.derived,
    )


def _alt(drawn: _Drawn) -> str:
    return drawn.facts.alt or f"{drawn.headline} {drawn.facts.subtitle}."


def _table(facts: Facts) -> Table:
    return replace(facts.table, rows=(*facts.above, *facts.table.rows))


def _draw(drawn: _Drawn) -> Finished | None:
    figure = drawn.facts.figure
    is_table = figure is None or (not drawn.facts.table_below and buttons.shows_table(drawn.key))
    if callable(figure) and not is_table:  # it has choices of its own
        face.draw_in_pieces(drawn.view, _face(drawn, None, is_table=False), [lambda: st.html(figure())])
        return None
    return face.draw(drawn.view, _face(drawn, None if callable(figure) else figure, is_table=is_table))


def _face(drawn: _Drawn, figure: Figure | str | None, *, is_table: bool) -> Face:
    facts, key = drawn.facts, drawn.key
    body = [figure] if isinstance(figure, str) and not is_table else []
    if facts.below and not is_table:
        body.append(facts.below)
    if (facts.table_below or is_table) and _table(facts).rows:
        body.append(tables.to_html(_table(facts), facts.subtitle, is_titled=True))
    return Face(
        key,
        words.head_html(key, drawn.headline, facts.finding, drawn.chips, facts.subtitle),
        partial(_file, drawn),
        figure=figure if isinstance(figure, dict) and not is_table else None,
        alt=_alt(drawn),
        body="".join(body),
        foot=words.caption_html(facts.caption),
        has_chart=facts.figure is not None and not facts.table_below,
        answers=facts.answers,
        register=facts.register,
    )


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
