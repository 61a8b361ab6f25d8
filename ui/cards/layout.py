"""Rows and quiet lines of a page."""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import streamlit as st

from analysis import Answer
from ui import theme
from ui.cards.content import Content, is_taken
from ui.cards.events import OWN, Event, laws_of
from ui.cards.events import listed as listed_events
from ui.charts.figure import Figure
from ui.view import width
from ui.view.states import escape
from ui.view.still import current as current_still
from ui.view.view import View


def row(count: int | Sequence[float]) -> list[Any]:
    """Return columns side by side; on a phone they stand under each other. A still has no place for them."""
    if current_still() is not None:
        return [nullcontext() for _ in range(count if isinstance(count, int) else len(count))]
    return list(st.columns(count, gap="small"))


def beside(count: int, key: str) -> AbstractContextManager[Any]:
    """Return one container whose pieces stand side by side, as many as `count` a row; on a phone one.

    Columns would be a message each and one for the row. What is put in must be one piece a place: a card, or
    a picker. A still has no place for it.

    Parameters
    ----------
    count
        Two to four.
    key
        Unique on the page.
    """
    if current_still() is not None:
        return nullcontext()
    return st.container(key=f"beside_{count}_{key}")


def quiet(text: str) -> None:
    """Draw one muted sentence."""
    if (still := current_still()) is not None:
        still.notices.append(text)
        return
    st.html(f'<p class="ltt-quiet">{escape(text)}</p>')


def note(title: str, *sentences: str, key: str) -> None:
    """Draw a short titled text in the place of a card, under the card's key."""
    text = " ".join(sentence for sentence in sentences if sentence)
    if is_taken(lambda: Content(key, title, note=text)):
        return
    said = f"<p>{escape(text)}</p>"
    with st.container(border=True, key=f"card_{key}"):
        st.html(f'<h2 class="ltt-headline">{escape(title)}</h2><div class="ltt-note">{said}</div>')


def heading(words: str) -> None:
    """Draw the heading of a part of a page; a link to the page can end in its `anchor`."""
    st.html(heading_html(words))


def heading_html(words: str) -> str:
    """Return the same as HTML."""
    return f'<h2 class="ltt-section" id="{anchor(words)}">{escape(words)}</h2>'


def many_lines(answer: Answer) -> bool:
    """Return whether an answer over time has more lines than can carry their names in one plot."""
    others = [name for name in answer.question.by if name != "period"]
    return bool(others) and answer.frame[others[0]].n_unique() > theme.MOST_DIRECT_LABELS


@dataclass(frozen=True)
class Laws:
    """Laws marked on a chart, and the list under it."""

    events: tuple[Event, ...] = ()
    html: str = ""


NO_LAWS = Laws()


def laws(view: View, answer: Answer, which: str = OWN) -> Laws:
    """Return the laws that took effect in the periods of an answer by period."""
    marked = laws_of(view, answer, which)
    return Laws(tuple(marked), listed_events(marked))


def anchor(words: str) -> str:
    """Return the anchor of a heading: "How reports come in" → "how_reports_come_in"."""
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def inside(key: str, *, wide: bool) -> int:
    """Return the width inside a card in pixels, as far as it is known."""
    return width.inside_card(key, 1_000 if wide else 500)


def fitted(view: View, figure: Figure) -> Figure:
    """Return a figure with the height that a phone leaves it: lower, unless its rows need their height."""
    if view.phone and not needs_height(figure) and figure["layout"]["height"] <= theme.HEIGHT_LARGE:
        return figure | {"layout": figure["layout"] | {"height": theme.HEIGHT_PHONE}}
    return figure


def needs_height(figure: Figure) -> bool:
    """Return whether a chart needs its height on a phone too: rows with names, names beside lines, a map.

    A map is fitted to its height: less of it would cut off areas.
    """
    if any(trace["type"] == "choroplethmap" for trace in figure["data"]):
        return True
    notes = figure["layout"].get("annotations", ())
    beside = [note for note in notes if note.get("xref") == "paper" and note["x"] == 1]
    return len(beside) > 1 or any(trace.get("orientation") == "h" for trace in figure["data"])
