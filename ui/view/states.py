"""What a page says when it cannot show figures: loading, empty, hidden, missing, newer, too new, broken.

Each state says what happened, what is kept, and what to do.
"""

import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from analysis import LttError
from analysis.errors import ReleaseMissing, ReleaseTooNew
from analysis.questions.filters import Filters
from analysis.release.archive import Published

#: What somebody who has just installed this can do, and the command or the file for it.
FIRST_STEPS = (
    ("Try the made-up region", "python -m etl build --demo"),
    ("Start from an empty sheet", "python -m etl template person --out person.xlsx"),
    ("Read the guide, in the folder of this program", "docs/adding.md"),
)
NOT_ADDED = "The task force has not added this to its figures."
NOT_SHOWN_WHY = (
    "Every number here is too small to be shown, or there are none. Small numbers stay hidden so that nobody "
    "can be recognised."
)


def escape(text: str) -> str:
    """Return text that is safe inside HTML."""
    return html.escape(text, quote=True)


NOT_AVAILABLE_WHY = (
    "Nothing was collected or published for this choice. That is not a zero: nobody reported, or the source "
    "does not divide its figures this way."
)


@contextmanager
def loading(height: int = 320) -> Iterator[None]:
    """Show a grey block in the shape of a card while figures are looked up; it goes when they are there."""
    with st.skeleton(height=height):
        yield


def _panel(kind: str, title: str, text: str, next_step: str = "") -> None:
    st.html(_panel_html(kind, title, text, next_step))


def _panel_html(kind: str, title: str, text: str, next_step: str) -> str:
    step = f'<p class="ltt-next"><strong>Next:</strong> {escape(next_step)}</p>' if next_step else ""
    return (
        f'<div class="ltt-state ltt-{kind}" role="status"><p class="ltt-state-title">{escape(title)}</p>'
        f"<p>{escape(text)}</p>{step}</div>"
    )


def problem(error: LttError | None) -> None:
    """Say in words why a question or a release cannot be used."""
    message = error.message if error else "Something is wrong with the files of this dashboard."
    _panel("problem", "This cannot be shown", message, error.next_step if error else "")


def broken(_error: Exception) -> bool:
    """Say that the program failed, without any of its details; they are in the console that serves it.

    Returns
    -------
    bool
        True: Streamlit then adds nothing of its own.
    """
    _panel(
        "problem",
        "This page could not be drawn",
        "The program met an error it does not know. No figures were changed. The details are in the window "
        "that runs the dashboard, not here.",
        "Reload the page, or clear the filters. If it stays, tell the people who run this dashboard.",
    )
    return True


def no_release(error: LttError | None, folder: Path, page_title: str) -> None:
    """Say that there are no figures yet, what would be here, and the command that makes them.

    A release in a format that is too new gets its own words: the figures exist, this version cannot read
    them.
    """
    if isinstance(error, ReleaseTooNew):
        _panel("problem", "These figures were made by a newer version", error.message, error.next_step)
        return
    is_there = (folder / "manifest.json").exists()
    if error is not None and (is_there or not isinstance(error, ReleaseMissing)):
        problem(error)
        return
    steps = "".join(
        f"<li>{escape(words)}: <code>{escape(command)}</code></li>" for words, command in FIRST_STEPS
    )
    st.html(
        '<div class="ltt-state ltt-empty" role="status">'
        '<p class="ltt-state-title">No data has been published on this computer yet</p>'
        f"<p>{escape(page_title)} would be here. Three ways to go on:</p><ul>{steps}</ul></div>"
    )


def empty(what: str, command: str) -> None:
    """Say that one table is not loaded: what would be here, and the command that loads it.

    Parameters
    ----------
    what
        For example "Population by area and year, which rates are worked out from".
    command
        For example "python -m etl load population.csv --source population".
    """
    _nothing_yet(what, f"Load it: <code>{escape(command)}</code>, then make a release.")


def not_loaded(what: str, table: str) -> None:
    """Say for a reader that something is not here yet, and for the data's keeper the one next step.

    Parameters
    ----------
    what
        For example "Reports by channel and reporter".
    table
        The table that brings it, for `python -m etl template`.
    """
    step = (
        f"Make an empty sheet: <code>python -m etl template {escape(table)}</code>. Then load it and make a "
    )
    _nothing_yet(what, f"{step}release; <code>python -m etl --help</code> shows how.")


def _nothing_yet(what: str, next_step: str) -> None:
    st.html(
        f'<div class="ltt-state ltt-empty" role="status"><p class="ltt-state-title">{escape(what)}: '
        f"nothing yet</p><p>{NOT_ADDED}</p>"
        '<details class="ltt-keeper"><summary>For whoever keeps the data</summary>'
        f"<p>{next_step}</p></details></div>"
    )


def all_hidden_html(filters: Filters, *, has_step: bool = False) -> str:
    """Return as HTML that every number of a figure is hidden, and why.

    Parameters
    ----------
    filters
        What the reader chose: only what was chosen can be given up.
    has_step
        Whether a button leads to a coarser level, one click away.
    """
    ways = ["fewer filters"] if filters.areas or filters.where else []
    ways += ["a longer period"] if filters.periods else []
    next_step = f"Choose {' or '.join(ways)}." if ways and not has_step else ""
    return _panel_html("hidden", "Nothing here can be shown", NOT_SHOWN_WHY, next_step)


def newer_release(on_click: Callable[[], None]) -> None:
    """Say quietly that newer figures have been published; the click takes them."""
    with st.container(key="newer", horizontal=True, vertical_alignment="center"):
        st.html('<p class="ltt-quiet" role="status">Newer figures are available.</p>')
        st.button("Reload", on_click=on_click, type="tertiary", key="reload_release")


def earlier_release(earlier: Published, newest: Published, on_click: Callable[[], None]) -> None:
    """Say that an earlier release is being read, and which the newest is; the click leads to that.

    Parameters
    ----------
    earlier, newest
        What is read, and what is read without a choice.
    on_click
        Lets the choice go; runs before the page is drawn again.
    """
    with st.container(key="earlier", horizontal=True, vertical_alignment="center"):
        st.html(
            f'<p class="ltt-earlier" role="status"><strong>An earlier release:</strong> figures as of '
            f"{escape(earlier.words)} (release {escape(earlier.release_id)}). The newest are as of "
            f"{escape(newest.words)}.</p>"
        )
        st.button("Read the newest", on_click=on_click, type="tertiary", key="read_newest")
