"""One card in a frame of another site: `/trends?embed=card&card=trend&area=C1`.

It shows what the page shows under the same key and filters, always of the public release, with the sentences
that a figure does not leave the dashboard without, and the way back. No menu, no filters, no buttons: who
wants more follows the link. Which sites may show it in a frame is `LTT_FRAME_ANCESTORS`.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from analysis import LttError
from analysis.briefing.briefing import item
from analysis.errors import ReleaseNotOffered, echo
from analysis.exports.words import REPORTED, origin
from analysis.release.archive import is_id
from analysis.release.release import Release
from analysis.release.release_file import open_published
from ui import theme
from ui.app.session import public_release
from ui.briefing import deck
from ui.cards import table as tables
from ui.cards import words
from ui.cards.content import Content
from ui.cards.face import face
from ui.format import date_text
from ui.view import framed, sources, states
from ui.view.controls import RELEASE
from ui.view.site import site_address
from ui.view.view import View

NO_CARD = "There is no card {} on this page. “Link to this card” ends in the key of a card, after “card_”."
NO_FIGURES = "There are no figures for this card with these filters."
NO_RELEASE = "The figures cannot be shown now."
BACK = "See it on the dashboard"


def draw(page: str, card: str, palette: theme.Palette) -> None:
    """Draw one card and what belongs to it; a sentence in its place where it cannot be drawn.

    Parameters
    ----------
    page, card
        Codes of the page and of the card on it.
    palette
        Colours.
    """
    query = framed.chosen()
    site = site_address()
    if not deck.is_card(page, card):
        _say(NO_CARD.format(echo(card)), page, card, query, site)
        return
    try:
        release = _release()
    except ReleaseNotOffered as problem:  # fixed to figures that are offered no more: newer ones are others
        _say(problem.message, page, card, query, site)
        return
    except LttError:
        _say(NO_RELEASE, page, card, query, site)
        return
    try:
        view, content, notices = deck.content_of(item(page, card, query), release, base=site, palette=palette)
    except LttError:
        # Its words may name folders of the server, and whoever reads this has no hand in it.
        _say(NO_RELEASE, page, card, query, site)
        return
    if content is None:
        _say(NO_FIGURES, page, card, query, site)
        return
    with st.container(border=True, key=f"card_{content.key}"):
        st.html(_head(content))
        _figure(view, content)
        st.html(_foot(view, release, content, notices, _back(page, card, query, site)))


def _release() -> Release:
    """Return the public release that the address names (``release=ID``), else the newest."""
    newest = public_release()
    named = st.query_params.get(RELEASE, "")
    return open_published(named, newest.folder) if named else newest


def _head(content: Content) -> str:
    chips = words.chips_html(content.chips)
    return (
        f'<h1 class="ltt-headline" data-card="{states.escape(content.key)}">'
        f"{states.escape(content.headline)}{' ' if chips else ''}{chips}</h1>"
        f'<p class="ltt-subtitle">{states.escape(content.subtitle)}</p>'
    )


def _figure(view: View, content: Content) -> None:
    if content.note:
        st.html(f'<div class="ltt-note"><p>{states.escape(content.note)}</p></div>')
    elif isinstance(content.figure, str):
        st.html(content.figure)
    elif content.figure is not None:
        face.plot(view, content.key, content.figure, content.alt)
    else:
        for place, titled in enumerate(content.tables()):
            st.html(tables.to_html(titled.table, titled.title, is_titled=place == 0))


def _foot(view: View, release: Release, content: Content, notices: Sequence[str], back: str) -> str:
    """Return the caption, what no figure leaves the dashboard without, its sources, and the way back."""
    cited = sources.sentence(view, content.answers, date_text(view.as_of)) if content.answers else ""
    lines = [
        *notices,
        content.caption,
        origin(len(release.task_forces), synthetic=release.synthetic),
        REPORTED,
        view.protection,
        cited or f"As of {date_text(view.as_of)}.",
    ]
    said = "".join(f'<p class="ltt-caption">{states.escape(line)}</p>' for line in lines if line)
    return f"{content.below}{said}{back}"


def _say(sentence: str, page: str, card: str, query: dict[str, str], site: str) -> None:
    st.html(f'<div class="ltt-note"><p>{states.escape(sentence)}</p></div>{_back(page, card, query, site)}')


def _back(page: str, card: str, query: dict[str, str], site: str) -> str:
    """Return the link to the card on its page: in a window of its own, because the frame is too small."""
    named = st.query_params.get(RELEASE, "")
    query = {**query, RELEASE: named} if is_id(named) else query
    choices = f"?{urlencode(query, safe=',.')}" if query else ""
    address = states.escape(f"{site}/{page}{choices}#card_{card}")
    return f'<p><a class="ltt-link" href="{address}" target="_blank" rel="noopener">{BACK}</a></p>'
