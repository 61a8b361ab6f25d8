"""Long prose on a page: the texts of `ui/text`, each a file of Markdown, and what is folded away."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from analysis import Answer
from ui.cards.card import Drawing
from ui.view.states import escape
from ui.view.view import View

_TEXT = Path(__file__).resolve().parents[1] / "text"


def long_text(name: str, **values: object) -> str:
    """Return `ui/text/<name>.md` with values put into its braces."""
    return (_TEXT / f"{name}.md").read_text("utf-8").format(**values)


def fold_html(title: str, inside: str, *, anchor: str = "", is_open: bool = False) -> str:
    """Return HTML under a title that a click unfolds; a fold may hold others.

    Parameters
    ----------
    title
        Words that are always seen.
    inside
        HTML.
    anchor
        Name that a link can end in; the browser then opens the fold and those around it
        (`ui.app.browser_script`).
    is_open
        Whether it opens with the page.
    """
    name = f' id="{escape(anchor)}"' if anchor else ""
    opened = " open" if is_open else ""
    return (
        f'<details class="ltt-fold"{name}{opened}><summary>{escape(title)}</summary>'
        f'<div class="ltt-inside">{inside}</div></details>'
    )


def prose(name: str) -> Drawing:
    """Return what draws a text in the place of a card.

    Parameters
    ----------
    name
        Of the file in `ui/text`, without its ending; also the key.
    """

    def draw(_view: View, _answers: Mapping[str, Answer]) -> None:
        st.markdown(long_text(name))

    return Drawing(name, draw)
