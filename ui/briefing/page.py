"""The page Briefing: cards in order, with titles and notes; to be presented, and to be taken along."""

import re
from dataclasses import replace
from functools import partial

import streamlit as st

from analysis import LttError
from analysis.briefing.briefing import LONGEST_NOTE, LONGEST_TITLE, Briefing, Item, clean
from analysis.briefing.file import from_file, to_file
from analysis.briefing.link import LONGEST, from_link, to_link
from analysis.progress import Progress
from analysis.release.access_log import Access, record
from ui import theme
from ui.briefing import open_file, order, present, take_away
from ui.briefing.deck import deck_of, is_card, without_repeats
from ui.briefing.earlier import earlier_release
from ui.briefing.formats.registry import FORMATS
from ui.briefing.paper.printable import unprinted
from ui.briefing.slide import Deck
from ui.briefing.standard import PARTS, standard
from ui.cards import layout
from ui.cards.words import chips_html
from ui.view import collected, controls, hand_over, states
from ui.view.states import escape
from ui.view.view import View

LINK, TAKEN, MADE, FILE = "cards", "_briefing_link", "_briefing_deck", "_briefing_file"
USUAL = "Briefing of {}"
EMPTY = f"""
Slides are made of cards. There are three ways to begin:

1. Choose **Add to briefing** under any card of any page, with the filters that are set there.
2. Take the **standard order**: {len(PARTS)} sections, as task forces speak them, with the filters set now.
3. Open a **briefing file** that was kept before. Its figures are asked anew.

Then present the slides here, or take them along as a file that needs no network.
"""
NOTE = "Note for whoever speaks"
WHERE_NOTES_ARE = (
    "Shown by the key N while presenting, and among the notes of the PowerPoint and HTML files. The PDF does "
    "not hold it."
)
EACH_KEEPS = "Each card keeps the filters that were set when it was added."
NO_FIGURES = "The file holds the cards, their filters, your titles and notes. It holds no figures."
NO_CARD = "{} has no card that can be shown; nothing was changed."
LINK_TOO_LONG = "This briefing is too long for a link. Keep it as a file instead."


def draw(view: View) -> None:
    """Draw the page, or the slide that is presented."""
    link = controls.bound_text(
        LINK
    )  # kept in the address while slides are presented: Back then finds it there
    if (deck := present.presented()) is not None:
        if view.release is not None and deck.release_id == view.release.release_id:
            present.draw(view, deck)
            return
        present.end()  # other figures have been published, or these were withdrawn
    _take_link(link)
    _take_file()
    briefing = collected.briefing()
    if not briefing.items:
        st.markdown(EMPTY)
        st.button("Standard order", on_click=_fill, args=(view,), key="standard_order")
        return
    deck = _deck(view, briefing)
    for notice in deck.notices:
        controls.notice(notice)
    _title(briefing, deck)
    _actions(view, briefing, deck)
    layout.heading(f"Slides ({len(deck.slides)})")
    layout.quiet(EACH_KEEPS)
    for place in range(len(briefing.items)):
        _row(briefing, deck, place)
    order.follow()
    with st.popover("Start over", key="briefing_foot"):
        st.markdown(_REPLACES)
        st.button("Standard order", on_click=_fill, args=(view,), key="standard_order")
        st.button("Empty the briefing", on_click=_change, args=(Briefing(),), key="empty_briefing")


_REPLACES = "Both take away the cards of now, with their titles and notes. Keep them as a file first."


#: Letters by which a notice would be set bold or as a link.
_PLAIN = re.compile(r"[^\w .,()-]")


def _take_link(text: str) -> None:
    """Take the briefing of the address once: what the reader does to it afterwards is kept."""
    if not text or st.session_state.get(TAKEN) == text:
        return
    st.session_state[TAKEN] = text
    briefing, notices = from_link(text, is_card)
    for notice in notices:
        controls.notice(notice)
    if briefing.items:
        collected.keep(briefing)


def _take_file() -> None:
    chosen = open_file.opened()
    if chosen is None:
        return
    name, content = _PLAIN.sub(" ", chosen[0]), chosen[1]
    try:
        briefing, notices = from_file(content, is_card, name)
    except LttError as problem:
        states.problem(problem)
        return
    for notice in notices:
        controls.notice(notice)
    if not briefing.items:
        controls.notice(NO_CARD.format(name))
        return
    collected.keep(briefing)


def _fill(view: View) -> None:
    _change(standard(view.filters.to_query(), collected.briefing().title))


def _change(briefing: Briefing) -> None:
    """Keep a changed briefing; the address does not hold it any more."""
    collected.keep(briefing)
    st.session_state[TAKEN] = ""
    controls.write_text(LINK, "")


def _deck(view: View, briefing: Briefing) -> Deck:
    """Return the slides, made once for a briefing and a release."""
    if view.release is None:
        raise LttError("There are no figures to make slides of.", "python -m etl release")
    earlier, _ = earlier_release(briefing, view.release)
    # Whether the earlier release may still be read is part of it: one that is withdrawn is quoted no more.
    key = (briefing, view.release.release_id, earlier and earlier.release_id, view.palette.name)
    kept = st.session_state.get(MADE)
    if kept and kept[0] == key:
        made: Deck = kept[1]
        return made
    _write_down(view, briefing)
    bar = st.progress(0.0, text="Asking the cards …")

    def told(done: int, of: int) -> None:
        bar.progress(done / of, text=f"Asking the cards: {done} of {of} …")

    deck = _asked(view, briefing, view.palette, told)
    bar.empty()
    st.session_state[MADE] = (key, deck)
    return deck


def _asked(view: View, briefing: Briefing, palette: theme.Palette, progress: Progress | None = None) -> Deck:
    """Ask the cards of a briefing in the release of the page."""
    if view.release is None:
        raise LttError("There are no figures to make slides of.", "python -m etl release")
    earlier, notices = earlier_release(briefing, view.release)
    return deck_of(
        replace(briefing, title=briefing.title or USUAL.format(view.place_name)),
        view.release,
        base=take_away.base_of(view),
        palette=palette,
        earlier=earlier,
        progress=progress,
        notices=notices,
    )


def _write_down(view: View, briefing: Briefing) -> None:
    """Note which cards of figures that are not public are looked at: the page's own line names none."""
    if view.release is not None and view.profile != "public":
        cards = to_link(briefing)
        record(Access("page", view.reader, view.profile, view.release.release_id, view.page.code, cards))


def _title(briefing: Briefing, deck: Deck) -> None:
    key = "briefing_title"
    st.session_state[key] = briefing.title

    def store() -> None:
        _change(replace(collected.briefing(), title=clean(st.session_state[key], LONGEST_TITLE)))

    st.text_input("Title", key=key, on_change=store, placeholder=deck.title, max_chars=LONGEST_TITLE)


def _actions(view: View, briefing: Briefing, deck: Deck) -> None:
    with st.container(horizontal=True, key="briefing_actions", vertical_alignment="center"):
        present.start_button(without_repeats(deck))
        for form in FORMATS.values():
            if st.button(form.label, key=f"write_{form.ending}", help=form.help):
                paper = without_repeats(_asked(view, briefing, theme.LIGHT))  # files are light
                written = take_away.written(view, paper, briefing, form)
                st.session_state[FILE] = (briefing, paper.release_id, form.ending, written)
        _keep_as_file(view, briefing)
        _link(view, briefing)
    if lost := unprinted(deck):
        layout.quiet(lost)
    kept = st.session_state.get(FILE)
    if kept and kept[:2] == (briefing, deck.release_id):
        name, content = kept[3]
        mime = FORMATS[kept[2]].mime
        hand_over.button(
            f"Save {name}",
            lambda: content,
            release=view.release,
            file_name=name,
            mime=mime,
            key="save_briefing",
        )


def _keep_as_file(view: View, briefing: Briefing) -> None:
    release = view.release.release_id if view.release else ""
    kept = replace(briefing, release_id=release, profile=view.profile)
    name = take_away.file_name(briefing.title or "briefing", view.export_context(), "json")
    hand_over.button(
        "Keep as a file",
        partial(to_file, kept),
        release=None,  # it holds no figures
        file_name=name,
        mime="application/json",
        key="keep_briefing",
        help=NO_FIGURES,
    )


def _link(view: View, briefing: Briefing) -> None:
    value = to_link(briefing)
    if len(value) > LONGEST:
        layout.quiet(LINK_TOO_LONG)
        return
    address = view.link_to("briefing", **{LINK: value})
    st.html(f'<a class="ltt-link" href="{escape(address)}" target="_self">Link to this briefing</a>')


def _row(briefing: Briefing, deck: Deck, place: int) -> None:
    """Draw one card of the list: what it says, and what can be done with it."""
    item = briefing.items[place]
    slide = deck.slides[place]
    with st.container(border=True, key=f"card_slide_{place}"):
        words, actions = layout.row([13, 9])
        with words:
            marks = f'<p class="ltt-subtitle">{place + 1} · {escape(slide.section)}</p>'
            under = slide.missing or slide.changed or slide.subtitle
            st.html(
                f'{marks}<h3 class="ltt-headline">{escape(slide.headline)} {chips_html(slide.chips)}</h3>'
                f'<p class="ltt-caption">{escape(under)}</p>'
            )
        with actions, st.container(horizontal=True, key=f"slide_{place}_buttons", gap="small"):
            order.draw(place, len(briefing.items), _change)
            st.button("Remove", key=f"remove_{place}", on_click=_remove, args=(place,), type="tertiary")
            with st.popover(_words_label(item), key=f"words_{place}", type="tertiary"):
                _words(briefing, place)


def _words_label(item: Item) -> str:
    return "Title and note ✓" if item.title or item.note else "Title and note"


def _remove(place: int) -> None:
    _change(collected.briefing().without(place))


def _words(briefing: Briefing, place: int) -> None:
    item = briefing.items[place]
    title, note = f"title_{place}", f"note_{place}"
    st.session_state[title], st.session_state[note] = item.title, item.note

    def store() -> None:
        given = {"title": st.session_state[title], "note": st.session_state[note]}
        _change(collected.briefing().with_words(place, **given))

    st.text_input("Title in place of the headline", key=title, on_change=store, max_chars=LONGEST_TITLE)
    st.text_area(NOTE, key=note, on_change=store, max_chars=LONGEST_NOTE, help=WHERE_NOTES_ARE)
