"""The frame of every page: navigation, sidebar, notices, ribbon, footer; and `View`, what a page is given.

A page is short::

    from ui.app import frame
    from ui.cards.card import Card, Section

    frame.show("trends", (Section("", (Card("by_year", "detected_persons", ("period",)),)),))

`dashboard.py` calls `run()`, which draws what all pages share and then runs the page's script, which calls
`show()`.

The trap `show()` guards against: on Streamlit 1.67 a `pages/` folder beside the main script is taken for the
older kind of multi-page app until the first `st.navigation` of the process. A deep link that is the first
request after a start would run the page's script without `dashboard.py`. `ui.app.server` registers the pages
when the server imports `dashboard.py`; should a page still run alone, `show()` registers them and starts the
run again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st

from analysis import Catalog, Choices, Filters, LttError
from analysis.exports.words import REPORTED as REPORTED_SENTENCE
from analysis.exports.words import STAMPS, added_up
from analysis.program import version
from analysis.release.access_log import Access, record
from analysis.release.release import Release
from ui import theme
from ui.app import browser_script, embedded, lasting, session
from ui.app.serve import release_folder
from ui.app.sign_in import control
from ui.briefing import declared, present, tab, take_away
from ui.cards.card import Page
from ui.cards.page import basis_line
from ui.cards.page import draw as draw_page
from ui.cards.prose import fold_html
from ui.cards.words import ribbons_html
from ui.format import date_text
from ui.topics.methods.reference_text import anchor_of
from ui.view import collected, controls, framed, hand_over, registry, shared_filters, sources, states, width
from ui.view.sources import SYNTHETIC_SENTENCE
from ui.view.view import View

PRINT_BUTTON = '<button type="button" class="ltt-print">Print this page</button>'
#: Once a day an open page is drawn anew. Because it will be, the browser asks for the whole page when it has
#: lost its connection and got another, perhaps to a process that knows nothing of it (`ui.app.supervisor`).
DRAWN_ANEW_SECONDS = 86_400.0
DEFINED = "What these figures count"
_FRAME = "_frame"
_STARTED_AGAIN = "_started_again"
_WRITTEN_DOWN = "_written_down"
TEXT_FOLDER = Path(__file__).resolve().parents[1] / "text"
__all__ = ["View", "register", "run", "show"]


@dataclass
class _Frame:
    """What the frame hands to the page: what was opened, the colours, the width; and whether it was drawn."""

    opened: session.Opened
    palette: theme.Palette
    narrow: bool
    is_drawn: bool = False


def register() -> Any:
    """Tell Streamlit the pages; return the page the address asks for."""
    groups: dict[str, list[Any]] = {}
    for page in registry.available():
        groups.setdefault(page.group, []).append(
            st.Page(
                page.file, title=page.title, icon=page.icon, url_path=page.code, default=page is registry.HOME
            )
        )
    return st.navigation(groups, position="hidden")


def run() -> None:
    """Draw what all pages share, then the page; the whole of `dashboard.py`."""
    st.set_page_config(
        page_title="Local Trafficking Trends",
        page_icon=theme.FAVICON,
        layout="wide",
        menu_items={"About": f"Local Trafficking Trends {version()}. {REPORTED_SENTENCE}"},
    )
    page = register()
    palette = theme.active()
    st.html(f"<style>{theme.page_css(palette)} {controls.hidden_css()}</style>")
    if (card := framed.card_asked()) is not None:
        st.html(f"<style>{framed.STYLE_OF_A_CARD}</style>")
        embedded.draw(page.url_path or registry.HOME.code, card, palette)
        return
    if framed.is_framed():
        st.html(f"<style>{framed.STYLE}</style>")
    narrow = width.window_is_narrow()
    browser_script.listen()
    tab.keep()
    _navigation()
    with st.sidebar:
        asked = controls.asked_release()
    opened = session.open_for_session(control.visitor(), asked)
    if opened.catalog and opened.release:
        with st.sidebar:
            controls.draw_releases(opened.archive, opened.release.release_id)
            shared_filters.draw(opened.catalog, opened.release)
    for remark in opened.remarks:
        controls.notice(remark)
    with st.sidebar:
        control.notices(opened.visitor)
        control.draw(opened.visitor)
    st.session_state.pop(_STARTED_AGAIN, None)
    st.session_state[_FRAME] = _Frame(opened, palette, narrow)
    page.run()


def _navigation() -> None:
    """Draw the list of pages: Streamlit's own has list items outside a list, which a screen reader loses."""
    with st.sidebar, st.container(key="navigation"):
        for group in registry.GROUPS:
            entries = [page for page in registry.available() if page.group == group]
            if entries:
                st.html(f'<p class="ltt-group">{group}</p>')
            for page in entries:
                st.page_link(page.file, label=page.title, icon=page.icon)


def show(code: str, body: Page | Callable[[View], None], *, needs_release: bool = True) -> None:
    """Draw one page: ribbon, title, the filters in words, notices, the body, related pages, footer.

    Parameters
    ----------
    code
        The page's code in the registry.
    body
        The page's sections; or a function that draws the content from a `View`.
    needs_release
        False for a page that has something to say without figures; `view.release` can then be None.
    """
    if declared.is_read(body):
        return
    frame = st.session_state.pop(_FRAME, None)
    if not isinstance(frame, _Frame):
        _start_again()
    _ribbon(frame.opened.release)
    if frame.opened.catalog is None:
        states.problem(frame.opened.problem)
        return
    page = registry.entry(code)
    if code != present.PAGE:
        present.end()  # the page was left while slides were presented: coming back shows its list
    controls.draw_beside(
        [] if callable(body) else [name for name in page.choices if name not in page.visible]
    )
    st.title(page.title, anchor=False)
    _page(page, body, frame, frame.opened.catalog, needs_release)
    _measured(page)
    _related(page)
    _footer(_view(page, frame, frame.opened.catalog, Filters(), Choices({}, {}, {})))
    if frame.opened.release is not None:
        lasting.keep(frame.opened.release.release_id)


@st.fragment(key=controls.PAGE, run_every=DRAWN_ANEW_SECONDS)
def _page(
    page: registry.PageEntry,
    body: Page | Callable[[View], None],
    frame: _Frame,
    catalog: Catalog,
    needs_release: bool,
) -> None:
    """Draw what a filter or a choice of the page changes: all of it but the frame.

    No part of it is a fragment of its own: Streamlit clears what a fragment has drawn before it runs again,
    but not what fragments inside it have, and a browser that has not got the first of the two yet then stops
    with an error.
    """
    if frame.is_drawn and _is_outdated(frame):
        st.rerun()
    frame.is_drawn = True
    opened = frame.opened
    filters, choices = Filters(), Choices({}, {}, {})
    if opened.release is not None:
        filters, choices = shared_filters.read(catalog, opened.release)
    view = _view(page, frame, catalog, filters, choices)
    try:
        _write_down(view)
    except LttError as problem:
        states.problem(problem)
        return
    notices, waiting = _header(view, body), ""
    if opened.earlier:
        states.earlier_release(opened.earlier, opened.archive.offered[0], controls.read_newest)
    elif opened.newer:
        states.newer_release(session.take_newest)
    if opened.release is None and needs_release:
        states.no_release(opened.problem, release_folder(), page.title)
    else:
        waiting = _body(view, body)
    if collected.take_change():
        # A briefing that the page itself took, from its address or a file, is handed to the tab at once: the
        # next click would otherwise be spent on it.
        st.rerun()
    for text in controls.take_notices():
        notices.warning(text, icon=":material/info:")
    _end(view, waiting)
    hand_over.draw()


def _view(
    page: registry.PageEntry, frame: _Frame, catalog: Catalog, filters: Filters, choices: Choices
) -> View:
    opened = frame.opened
    reader = opened.visitor.name if opened.release and opened.release.profile != "public" else ""
    return View(
        page,
        catalog,
        opened.release,
        filters,
        choices,
        frame.palette,
        frame.narrow,
        reader=reader,
        archive=opened.archive,
        pinned=opened.asked,
    )


def _is_outdated(frame: _Frame) -> bool:
    """Return whether all is drawn again: another release or reader, or a briefing for the tab to keep."""
    opened = frame.opened
    if collected.take_change() or (opened.release is not None and opened.release.is_withdrawn):
        return True
    now = session.open_for_session(control.visitor(), controls.asked_release_now())
    return now.state != opened.state


def _write_down(view: View) -> None:
    """Note who looks at figures that are not public, and at what; once for each question.

    Raises
    ------
    LttError
        When it cannot be written; nothing is shown then.
    """
    if view.release is None or view.profile == "public":
        return
    access = Access(
        "page", view.reader, view.profile, view.release.release_id, view.page.code, view.sentence()
    )
    if st.session_state.get(_WRITTEN_DOWN) != access:
        record(access)
        st.session_state[_WRITTEN_DOWN] = access


def _start_again() -> NoReturn:
    """Register the pages and start the run again: this script ran without `dashboard.py` (see above)."""
    if st.session_state.get(_STARTED_AGAIN):
        states.problem(LttError("A page cannot be run by itself.", "streamlit run dashboard.py"))
        st.stop()
    st.session_state[_STARTED_AGAIN] = True
    register()
    st.rerun()


def _body(view: View, body: Page | Callable[[View], None]) -> str:
    """Draw the content; return HTML for the end of the page."""
    try:
        if not callable(body):
            return draw_page(view, body)
        body(view)
    except LttError as problem:
        states.problem(problem)
    return ""


def _ribbon(release: Release | None) -> None:
    if release is None:
        return
    stamp = STAMPS.get(release.profile, "").rstrip(".")
    synthetic = SYNTHETIC_SENTENCE if release.synthetic else ""
    sums = added_up(len(release.task_forces))
    if said := ribbons_html(stamp, synthetic, sums):
        st.html(f'<div class="ltt-ribbons" role="note">{said}</div>')
        st.html(f"<style>{theme.sheet_css([text for text in (stamp, synthetic, sums) if text])}</style>")


def _header(view: View, body: Page | Callable[[View], None]) -> Any:
    """Draw what the page is of; return the same container for its notices: another would be a piece more."""
    # Headlines of cards are of the third level: a reader of headings needs one of the second above them.
    heading = '<h2 class="ltt-unseen">Figures</h2>'
    if not view.release:
        st.html(heading)
        return st.container()
    opening = st.container(horizontal=True, key="opening", vertical_alignment="center")
    with opening:
        sentence = states.escape(f"{view.place_name} · {view.sentence()}")
        st.html(f'<p class="ltt-filters">{sentence}</p>{PRINT_BUTTON}')
        if not callable(body):
            take_away.page_menu(view, body)
        line = basis_line(view)
        compared = f'<p class="ltt-basis">{states.escape(line)}</p>' if line else ""
        st.html(f"{compared}{heading}")
    return opening


def _end(view: View, waiting: str) -> None:
    """Name once, for all cards: sources, day, who did not report, what a careful reader wants to know.

    Then what each figure counts. Nothing but HTML: a piece more would be sent with each filter.
    """
    if not view.told:
        if waiting:
            st.html(waiting)
        return
    words = sources.sentence(view, view.told, date_text(view.as_of))
    labels = {answer.measure.code: answer.measure.label for answer in view.told}
    address = view.link_to("methods")
    items = "".join(
        f'<li><a href="{states.escape(f"{address}#{anchor_of(code)}")}" target="_self">'
        f"{states.escape(label)}</a></li>"
        for code, label in labels.items()
    )
    defined = fold_html(DEFINED, f'<ul class="ltt-links">{items}</ul>')
    st.html(
        f'<div class="ltt-sources"><p class="ltt-caption">{states.escape(words)}</p>{defined}</div>{waiting}'
    )


def _measured(page: registry.PageEntry) -> None:
    """Say how the page's figures are made; what no filter changes."""
    if page.code == "methods":
        return
    text = TEXT_FOLDER / f"{page.code}.md"
    with st.expander("How this is measured"):
        if text.exists():
            st.markdown(text.read_text("utf-8"))
        st.page_link(
            registry.entry("methods").file,
            label="Every measure, word for word",
            icon=":material/menu_book:",
        )


def _related(page: registry.PageEntry) -> None:
    shown = {entry.code for entry in registry.available()}
    entries = [registry.entry(code) for code in page.related if code in shown]
    if not entries:
        return
    with st.container(key="related"):
        st.html('<h2 class="ltt-small-heading">Related pages</h2>')
        for entry in entries:
            st.page_link(entry.file, label=f"{entry.title}: {entry.summary}", icon=entry.icon)


def _footer(view: View) -> None:
    parts = [REPORTED_SENTENCE]
    if view.release:
        parts += [view.protection] if view.protection else []
        parts.append(f"Release {view.release.release_id} · {view.profile} · version {version()}")
    else:
        parts.append(f"Version {version()}")
    lines = "".join(f"<p>{states.escape(part)}</p>" for part in parts)
    st.html(f'<footer class="ltt-footer">{lines}</footer>')
