"""Rows and quiet lines of a page."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from analysis import Answer
from ui import theme
from ui.app.states import escape


def row(count: int | Sequence[float]) -> list[Any]:
    """Return columns side by side; on a phone they stand under each other."""
    return list(st.columns(count, gap="small"))


def quiet(text: str) -> None:
    """Draw one muted sentence."""
    st.html(f'<p class="ltt-quiet">{escape(text)}</p>')


def note(title: str, *sentences: str, below: str = "") -> None:
    """Draw a short titled text in a card's shape; `below` is HTML under it, such as links."""
    said = f"<p>{escape(' '.join(sentence for sentence in sentences if sentence))}</p>{below}"
    with st.container(border=True, key=f"card_{title.lower().replace(' ', '_')}"):
        st.html(f'<h2 class="ltt-headline">{escape(title)}</h2><div class="ltt-note">{said}</div>')


def heading(words: str) -> None:
    """Draw the heading of a part of a page."""
    st.html(f'<h2 class="ltt-section">{escape(words)}</h2>')


def many_lines(answer: Answer) -> bool:
    """Return whether an answer over time has more lines than can carry their names in one plot."""
    others = [name for name in answer.question.by if name != "period"]
    return bool(others) and answer.frame[others[0]].n_unique() > theme.MOST_DIRECT_LABELS
