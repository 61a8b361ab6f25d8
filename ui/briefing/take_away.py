"""From a briefing to a file in a reader's hands: made when it is asked for, logged where it must be."""

from collections.abc import Callable

import streamlit as st

from analysis.briefing.briefing import LONGEST_TITLE, Briefing, clean, item
from analysis.briefing.link import to_link
from analysis.exports import ExportContext
from analysis.exports.scope import short_name
from analysis.release.release import Release
from ui.briefing.deck import deck_of
from ui.briefing.formats.registry import FORMATS, Format
from ui.briefing.slide import Deck
from ui.cards import card_file
from ui.cards.card import Page, slides_of
from ui.view import hand_over
from ui.view.view import View


def file_name(title: str, context: ExportContext, ending: str) -> str:
    """Return the name of a file, such as ``standard_briefing_5eefcd10.pptx``."""
    # Apart, so that a long title cannot cut the id away: by it a withdrawn release's files are told.
    return f"{context.name_begins}{short_name([title])}_{short_name([context.release_id])}.{ending}"


def _maker(
    release: Release, briefing: Briefing, form: Format, *, base: str, context: ExportContext, name: str
) -> Callable[[], bytes]:
    """Return what makes and logs a file."""

    def make() -> bytes:
        deck = deck_of(briefing, release, base=base, keeps_missing=False)
        return card_file.logged(form.write(deck, None), context, name, to_link(briefing))

    return make


def page_menu(view: View, page: Page) -> None:
    """Draw what takes the open cards of a page along, with their filters: one click opens it, one takes.

    The buttons are drawn when it is open: they would be sent again with each change of a filter.
    """
    chosen = view.chosen()
    keys = dict.fromkeys(key for section in page for card in section.cards for key in slides_of(card))
    items = tuple(item(view.page.code, key, chosen) for key in keys)
    if view.release is None or not items:
        return
    areas = ", ".join(view.words("area", code) for code in view.filters.areas)
    briefing = Briefing(clean(f"{view.page.title}: {areas or view.place_name}", LONGEST_TITLE), items)
    menu = st.popover("Take this page along", type="tertiary", key="take_along", on_change="rerun")
    if not menu.open:
        return
    base, context = base_of(view), view.export_context()
    with menu:
        for form in FORMATS.values():
            name = card_file.name(view.page.code, "page", context, form.ending)
            hand_over.button(
                f"{form.label}: {form.short}",
                _maker(view.release, briefing, form, base=base, context=context, name=name),
                release=view.release,
                file_name=name,
                mime=form.mime,
                key=f"take_along_{form.ending}",
                type="tertiary",
            )


def written(view: View, deck: Deck, briefing: Briefing, form: Format) -> tuple[str, bytes]:
    """Write a deck with a bar that tells how far it is; return the file's name and bytes."""
    context = view.export_context()
    name = file_name(deck.title, context, form.ending)
    bar = st.progress(0.0, text=f"Writing {form.label} …")

    def told(done: int, of: int) -> None:
        bar.progress(min(done / max(of, 1), 1.0), text=f"Writing {form.label}: slide {done} of {of} …")

    content = form.write(deck, told)
    bar.empty()
    return name, card_file.logged(content, context, name, to_link(briefing))


def base_of(view: View) -> str:
    """Return the address of the dashboard, without the page."""
    return view.link().split("?")[0].split("#")[0].removesuffix(f"/{view.page.code}").rstrip("/")
