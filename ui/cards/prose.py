"""Long prose on a page: the texts of `ui/text`, each a file of Markdown."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from analysis import Answer
from ui.cards.card import Drawing
from ui.view.view import View

_TEXT = Path(__file__).resolve().parents[1] / "text"


def long_text(name: str, **values: object) -> str:
    """Return `ui/text/<name>.md` with values put into its braces."""
    return (_TEXT / f"{name}.md").read_text("utf-8").format(**values)


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
