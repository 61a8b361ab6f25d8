"""What one card hands to the browser: its words, its chart, its buttons, in one message.

Streamlit's own pieces would be eight messages a card, and `st.plotly_chart` takes a chart off the page and
draws it anew for each change: its id is a hash of its content. Here the words are HTML as `st.html` draws it,
and the chart is changed in place. Nothing is validated on the way: figures are in the tests
(`ui.charts.figure`).

Where a card holds pieces of Streamlit's own, such as choices, it is drawn in pieces (`draw_in_pieces`).
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.file_util import get_static_dir

from analysis import Answer, LttError
from analysis.exports import ExportContext
from ui import theme
from ui.cards import buttons, card_file, layout
from ui.cards.face import defaults
from ui.cards.face.finished import Finished
from ui.charts.figure import Checked, Figure
from ui.charts.maps.map import paper
from ui.view import controls, hand_over, width
from ui.view.view import View

_FILES = "_files_of_cards"
# It travels with every card: what it does is in `face.js`, which travels once.
_SCRIPT = """export default c => {
(window.lttCards ??= []).push(c);
return () => c.parentElement.querySelectorAll('.js-plotly-plot').forEach(one => window.Plotly?.purge(one));
}"""
_card = st.components.v2.component("ltt_card", js=_SCRIPT, isolate_styles=False)


@dataclass(frozen=True)
class Face:
    """One card as a reader meets it, from top to bottom.

    Attributes
    ----------
    key
        The card's key.
    head
        Headline, chips and subtitle as HTML.
    figure, alt
        A chart, and its words for whoever does not see it.
    body
        HTML in place of the chart, or under it.
    foot
        Legend and caption as HTML.
    has_chart
        Whether chart and table can be shown in turn.
    answers, register
        What it is made of.
    content
        Makes its file.
    step
        Words and callback of the button to a coarser step.
    on_place
        Takes the code of an area that was clicked on a map.
    """

    key: str
    head: str
    content: Callable[[ExportContext, str], bytes]
    figure: Figure | None = None
    alt: str = ""
    body: str = ""
    foot: str = ""
    has_chart: bool = False
    answers: tuple[Answer, ...] = ()
    register: str = ""
    step: tuple[str, Callable[[], None]] | None = None
    on_place: Callable[[str], None] | None = None


def script() -> str:
    """Return what draws cards in the browser (`ui.app.browser_script` brings it once).

    The charts' library is the one that Streamlit's own chart loads; it puts it into the window.
    """
    folder = Path(__file__).parent
    source = "".join((folder / name).read_text("utf-8") for name in ("map.js", "face.js"))
    known = {
        "HAND": hand_over.SCRIPT,
        "CONFIG": json.dumps(theme.CONFIG),
        "PAPER": json.dumps(paper()),
        "USUAL": json.dumps(defaults.told_once()),
        "CHUNK": chart_library(),
    }
    for name, value in known.items():
        source = source.replace(name, value)
    return source


def chart_library() -> str:
    """Return the name of the file that holds the charts' library, beside Streamlit's other scripts."""
    [found] = (Path(get_static_dir()) / "static" / "js").glob("PlotlyChart.*.js")
    return found.name


def draw(view: View, face: Face, again: Finished | None = None) -> Finished:
    """Draw a card; return it as it can be kept.

    Parameters
    ----------
    view, face
        The page's view; the card.
    again
        The same card as it was drawn before: its words and its figure are then not looked for in `face`.
    """
    if again is None:
        again = Finished(
            _told(view, face), face.answers, face.has_chart, face.register, room=width.given(face.key)
        )
    own = json.dumps(_own(view, face, again.room), separators=(",", ":"), ensure_ascii=False)
    _card(
        key=f"card_{face.key}",
        data=b'{"card":' + again.told + b"," + own[1:].encode(),
        on_pressed_change=partial(_pressed, view, face),
        on_place_change=partial(_clicked, face),
        on_width_change=lambda: None,
    )
    return again


def _told(view: View, face: Face) -> bytes:
    """Return what a card says and shows, the same for every reader."""
    figure = defaults.lean(layout.fitted(view, face.figure), view.palette) if face.figure else None
    told = {
        "head": face.head,
        "palette": view.palette.name,
        "figure": figure,
        "alt": face.alt,
        "body": face.body,
        "foot": face.foot,
    }
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()


def _own(view: View, face: Face, room: width.Room | None) -> dict[str, Any]:
    """Return what is this reader's: links, buttons, a file, the width that the card was given."""
    return {
        "links": buttons.link_html(view, face.key) + buttons.package_html(view, face.answers, face.register),
        "buttons": _buttons(view, face),
        "file": st.session_state.get(_FILES, {}).pop(face.key, None),
        "room": {"pixels": room.pixels, "slack": room.slack, "step": width.STEP} if room else None,
    }


def _buttons(view: View, face: Face) -> list[dict[str, Any]]:
    def button(name: str, words: str, help_text: str = "", *, is_on: bool = False) -> dict[str, Any]:
        return {"name": name, "words": words, "help": help_text, "isOn": is_on}

    offered = []
    if face.step:
        offered.append(button("step", face.step[0]))
    if face.has_chart:
        offered.append(button("table", buttons.table_words(face.key)))
    is_in, words, help_text = buttons.briefing_words(view, face.key)
    return [
        *offered,
        button("download", buttons.DOWNLOAD, buttons.DOWNLOAD_HELP),
        button("briefing", words, help_text, is_on=is_in),
    ]


def _pressed(view: View, face: Face) -> None:
    """Do what a button says; the page is drawn again after it."""
    name = st.session_state[f"card_{face.key}"].get("pressed")
    if name == "table":
        buttons.flip(face.key)
    elif name == "briefing":
        buttons.switch_briefing(view, face.key)
    elif name == "step" and face.step:
        face.step[1]()
    elif name == "download":
        _keep_file(view, face)


def _clicked(face: Face) -> None:
    """Take the area of a map that was clicked."""
    code = st.session_state[f"card_{face.key}"].get("place")
    if face.on_place and isinstance(code, str):
        face.on_place(code)


def _keep_file(view: View, face: Face) -> None:
    """Make the card's file; the card takes it to the browser when it is drawn next."""
    try:
        if view.release is not None:
            view.release.refuse_withdrawn()
        context = view.export_context()
        file_name = card_file.name(view.page.code, face.key, context)
        content = face.content(context, file_name)
    except LttError as problem:
        controls.notice(str(problem))
        return
    st.session_state.setdefault(_FILES, {})[face.key] = hand_over.packed(
        file_name, buttons.FILE_TYPE, content
    )


def draw_in_pieces(view: View, face: Face, inside: Sequence[Callable[[], object]] = ()) -> None:
    """Draw a card from Streamlit's own pieces.

    Parameters
    ----------
    view, face
        The page's view; the card.
    inside
        Draw what stands between head and foot and cannot be handed over, such as choices.
    """
    with st.container(border=True, key=f"card_{face.key}"):
        st.html(face.head)
        if room := width.given(face.key):
            width.listen(face.key, room)
        for piece in inside:
            piece()
        if face.figure:
            plot(view, face.key, face.figure, face.alt)
        for html in filter(None, (face.body, face.foot)):
            st.html(html)
        if face.step:
            st.button(face.step[0], on_click=face.step[1], key=f"{face.key}_coarser")
        buttons.draw(
            view,
            face.key,
            face.content,
            has_chart=face.has_chart,
            answers=face.answers,
            register=face.register,
        )


def plot(view: View, key: str, figure: Figure, alt: str) -> None:
    """Draw a Plotly figure with Streamlit's chart; on a phone lower, unless its rows need their height."""
    st.plotly_chart(
        Checked(layout.fitted(view, figure)),
        key=f"{key}_chart",
        theme=None,
        config=theme.CONFIG,
        alt=alt,
        width="stretch",
    )
