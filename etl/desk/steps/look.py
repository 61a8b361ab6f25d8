"""Look at the sheet as it is read: which tab and headings, what stays out and why."""

from functools import partial
from typing import Any

import streamlit as st

from analysis.words import counted
from etl.desk import drafts, engine
from etl.desk.state import Desk
from etl.desk.steps import layout
from etl.drafting import editing, looking
from etl.protect.identifiers import WORDS

NAME = "Look"
_TAB = "look-tab"
_FOUND = "Found by the desk"
_DATES = "holds **exact dates** that fill none of our fields"
_LEFT_OUT = (
    f"{_DATES}: left out. If rows are counted by this date, tick it and match it in step 3; its month alone "
    "is kept then."
)
_TAKEN = f"{_DATES}: match it in step 3, or take the tick away. As it is, step 4 refuses the sheet."


def state(desk: Desk) -> str:
    """Return how many columns are read and how many are left out."""
    if desk.upload is None:
        return ""
    if not desk.draft:
        return "cannot be read yet"
    looked = drafts.looked(desk, 0)
    out = {name.casefold() for name in editing.dropped(drafts.said(desk), 0)}
    left = sum(one.name.casefold() in out for one in looked.columns)
    return f"{counted(len(looked.columns), 'column')}, {left} left out"


def show(desk: Desk) -> None:
    """Draw the step."""
    if not engine.is_open(desk):
        return
    _where(desk)
    if not desk.draft:
        return
    values = drafts.said(desk)
    shown: list[dict[str, object]] = []
    for number, table in enumerate(editing.tables(values)):
        opened = {key: table.get(key) for key in editing.OPENING}
        with engine.refusals():
            layout.show(desk, number, drafts.looked(desk, number))
            if opened not in shown:  # a second table of the same rows has the same columns
                _columns(desk, number)
        shown.append(opened)


def _where(desk: Desk) -> None:
    """Ask for the tab and the row of the headings; tell which tabs are hidden."""
    tabs = drafts.tabs(desk)
    hidden = [tab.name for tab in tabs if tab.is_hidden]
    if hidden:
        st.warning(
            f"{counted(len(hidden), 'hidden tab')} not read: {engine.plain(', '.join(hidden))}. "
            "If one of them is what you want to bring, choose it below."
        )
    if len(tabs) > 1:
        st.selectbox(
            "Which tab?",
            [_FOUND, *(tab.name for tab in tabs)],
            format_func=lambda name: f"{name} (hidden)" if name in hidden else name,
            key=_TAB,
            help="Found by the desk: the one whose headings fit best, or all that have the same headings.",
            on_change=_again,
            args=(desk,),
        )
    layout.headings(desk)
    said = drafts.said(desk) if desk.draft else {}
    file = said.get("file", {})
    if file.get("sheets"):
        read = [tab.name for tab in tabs if not tab.is_hidden and tab.name not in file.get("skip_sheets", ())]
        st.write(f"Read together, because they have the same headings: {engine.plain(', '.join(read))}.")
    elif file.get("sheet"):
        st.write(f"Read: the tab {engine.plain(file['sheet'])}.")
    if desk.draft and (file.get("skip_hidden") or _tells_of_hidden(desk)):
        st.checkbox(
            "Leave out hidden rows and hidden columns",
            value=bool(file.get("skip_hidden")),
            on_change=_skip_hidden,
            args=(desk,),
            key="look-hidden",
        )


def _tells_of_hidden(desk: Desk) -> bool:
    return any("skip_hidden" in note for note in drafts.looked(desk, 0).notes)


def _again(desk: Desk) -> None:
    """Draft once more for another tab, whose headings are found anew."""
    tab = st.session_state.get(_TAB, _FOUND)
    st.session_state[layout.ROW] = st.session_state[layout.ROWS] = None
    drafts.begin(desk, sheet="" if tab == _FOUND else tab)


def _skip_hidden(desk: Desk) -> None:
    def put(values: dict[str, object]) -> None:
        file = values.setdefault("file", {})
        assert isinstance(file, dict)
        file["skip_hidden"] = bool(st.session_state["look-hidden"])

    drafts.change(desk, put)


def _columns(desk: Desk, number: int) -> None:
    looked = drafts.looked(desk, number)
    out = {name.casefold() for name in editing.dropped(drafts.said(desk), number)}
    st.subheader(f"{counted(len(looked.columns), 'column')}, {counted(looked.rows, 'row')}")
    st.write(
        "Ticked columns are read. The others are never kept; how they are filled is counted here, and no "
        "more. What may identify a person is not ticked; no cell of it is shown, here or anywhere."
    )
    for note in looked.notes:
        st.caption(engine.plain(note))
    for place, one in enumerate(looked.columns):
        key = f"look-{number}-{place}"
        st.session_state[key] = one.name.casefold() not in out  # what the mapping says, whoever changed it
        left, right = st.columns([2, 3], vertical_alignment="center")
        left.checkbox(
            f"**{engine.plain(one.shown)}**", key=key, on_change=partial(_turn, desk, number, one.name, key)
        )
        right.caption(_told(one, looked.rows, is_taken=bool(st.session_state[key])))


def _told(one: looking.Seen, rows: int, *, is_taken: bool) -> str:
    said = f"{one.filled:,} of {rows:,} rows filled · {engine.plain(one.looks)}"
    if one.rule == WORDS["exact_date"]:
        return f"{said} · {_TAKEN if is_taken else _LEFT_OUT}"
    return f"{said} · may hold **{one.rule}**" if one.rule else said


def _turn(desk: Desk, number: int, name: str, key: str) -> None:
    """Take a column in or leave it out, of every table that is made of these rows."""
    how = editing.take_in if st.session_state[key] else editing.leave_out

    def put(values: dict[str, Any]) -> None:
        for one in editing.of_the_same_rows(values, number):
            how(values, one, name)

    drafts.change(desk, put)
