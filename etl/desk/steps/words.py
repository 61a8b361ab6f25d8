"""The words of coded columns: what each means, of those that may be shown; the others by their lines."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from analysis.words import counted
from etl.contracts.tables import Column, Contract
from etl.desk import drafts, engine
from etl.desk.state import Desk
from etl.drafting import editing
from etl.drafting.columns.words import FEWEST_SHOWN
from etl.drafting.looking import WordSeen
from etl.mapping.model import GROUP
from etl.protect.anonymise import NOT_RECORDED
from etl.readers import SHEET

#: What a word can mean beside the codes of its column: nothing yet, or nothing that is known.
OPEN, NOTHING = "(open)", "(not recorded)"
IS_OPEN = "open: rows with this word are rejected"
_MADE = {GROUP: "the headings of groups", SHEET: "the tabs"}
_SIGNS = {"\n": "a line break", ",": "a comma", " and ": "the word ‘and’"}


def show(desk: Desk, number: int, table: Contract) -> None:
    """Ask for the words of each coded column that the mapping fills.

    Parameters
    ----------
    number
        Of the mapping's tables, from 0.
    table
        Its contract.
    """
    values = drafts.said(desk)
    coded = [
        column
        for column in table.columns
        if column.codes and editing.words_from(values, number, column) and is_first(desk, number, column.name)
    ]
    if not coded:
        return
    st.subheader("Your words")
    st.write(
        f"Words that stand in at least {FEWEST_SHOWN} rows and identify nobody are shown. Others are told by "
        "the lines they stand in: look them up in your sheet."
    )
    for column in coded:
        with engine.refusals():
            _column(desk, number, column)


def _column(desk: Desk, number: int, column: Column) -> None:
    seen = drafts.words(desk, number, column)
    open_ones = [one for one in seen if one.codes is None]
    state = f"{len(open_ones)} open" if open_ones else "all explained"
    several = ", several in a cell" if editing.divided_by(drafts.said(desk), number, column.name) else ""
    whose = words_of(desk, number, column)
    title = f"{engine.plain(column.label)}: {counted(len(seen), 'word')}{whose}{several}, {state}"
    with st.expander(title, expanded=bool(open_ones)):
        st.caption(engine.plain(column.description))
        divided(desk, number, column)
        for at, one in enumerate(one for one in seen if one.text):
            _word(desk, number, column, one, f"word-{number}-{column.name}-{at}")
        if told_by_line(desk, number, open_ones):
            typed(desk, number, column, _allowed(column), partial(_label, column))
        if not column.required:
            unreadable(desk, number, column)


def divided(desk: Desk, number: int, column: Column) -> None:
    """Ask what stands between several words in one cell, where a cell of the column may hold several."""
    values = drafts.said(desk)
    if not editing.may_hold_several(values, number, column):
        return
    said = editing.divided_by(values, number, column.name)
    signs = list(dict.fromkeys([*said, *drafts.signs(desk, number, column)]))
    if not signs:
        return
    key = f"divided-{number}-{column.name}"
    st.session_state[key] = list(said)
    st.multiselect(
        "One cell holds several, separated by",
        signs,
        format_func=lambda sign: _SIGNS.get(sign, engine.plain(sign)),
        key=key,
        placeholder="nothing: a cell holds one word",
        help="Only signs that stand in your cells are offered. Each part is then a word, and is asked below.",
        on_change=engine.guarded(partial(_divide, desk, number, column, key)),
        select_all=False,
    )
    if said and not column.is_list:
        st.caption("Each word of a cell is counted as a record of its own; its row stays one row.")


def _divide(desk: Desk, number: int, column: Column, key: str) -> None:
    drafts.divide(desk, number, column, st.session_state[key])


def words_of(desk: Desk, number: int, column: Column) -> str:
    """Return of which columns of the file the words are, as a title goes on; empty where none is known."""
    looked = drafts.looked(desk, number)
    names = editing.words_from(drafts.said(desk), number, column)
    shown = [_MADE[name] for name in names if name in _MADE]
    shown += [f"‘{engine.plain(one.shown)}’" for one in map(looked.find, names) if one is not None]
    return f" of {' and '.join(shown)}" if shown else ""


def _word(desk: Desk, number: int, column: Column, one: WordSeen, key: str) -> None:
    label = f"‘{engine.plain(one.text)}’ in {counted(one.rows, 'row')} means"
    if one.codes is None and one.suggested:
        label += (
            f" (perhaps {engine.plain(_labels(column, one.suggested))}: {round(100 * one.confidence)} % sure)"
        )
    elif one.codes and one.codes == one.suggested and one.confidence < 1:
        label += f" (suggested: {round(100 * one.confidence)} % sure)"
    if editing.may_hold_several(drafts.said(desk), number, column):
        kept = _kept_as(column, one.codes or ())
        st.session_state[key] = [_nothing(column)] if one.codes == () else list(kept)
        st.multiselect(
            label,
            _first(one, column),
            format_func=partial(_label, column),
            key=key,
            placeholder="Open: rows with this word are rejected",
            on_change=partial(_said, desk, number, column.name, one.text, key),
            select_all=False,  # first in the list, it is what Enter would take
        )
        return
    kept = _kept_as(column, one.codes or ())
    st.session_state[key] = OPEN if one.codes is None else (kept or (_nothing(column),))[0]
    st.selectbox(
        label,
        [OPEN, *_first(one, column)],
        format_func=partial(_label, column),
        key=key,
        on_change=partial(_said, desk, number, column.name, one.text, key),
    )


def _first(one: WordSeen, column: Column) -> list[str]:
    """Return the codes, the suggested ones first."""
    allowed = _allowed(column)
    suggested = _kept_as(column, one.suggested)
    return list(dict.fromkeys([*(code for code in suggested if code in allowed), *allowed]))


def _allowed(column: Column) -> list[str]:
    """Return the codes of a column, and one for nothing: its own where it has one."""
    return [*column.codes, *([] if NOT_RECORDED in column.codes else [NOTHING])]


def _kept_as(column: Column, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return codes as they are kept: a rare one as the broader one that it is counted in, each once."""
    return tuple(dict.fromkeys(column.rolls_up.get(code, code) for code in codes))


def _nothing(column: Column) -> str:
    return NOT_RECORDED if NOT_RECORDED in column.codes else NOTHING


def _label(column: Column, code: str) -> str:
    if code == OPEN:
        return IS_OPEN
    return "Not recorded" if code == NOTHING else _labels(column, (code,))


def _labels(column: Column, codes: tuple[str, ...]) -> str:
    return " and ".join(column.codes.get(code) or code.replace("_", " ") for code in _kept_as(column, codes))


def _said(desk: Desk, number: int, target: str, word: str, key: str) -> None:
    chosen = st.session_state[key]
    mean(desk, number, target, word, list(chosen) if isinstance(chosen, list) else [chosen])


def mean(desk: Desk, number: int, target: str, word: str, chosen: Sequence[str]) -> None:
    """Write down what a word means: codes of its column, `NOTHING`, or that it is `OPEN` again."""
    codes = None if not chosen or OPEN in chosen else [code for code in chosen if code != NOTHING]

    def put(values: dict[str, Any]) -> None:
        for one in editing.alike(values, number, target):
            editing.mean(values, one, target, word=word, codes=codes)

    drafts.change(desk, put)


def is_first(desk: Desk, number: int, target: str) -> bool:
    """Return whether the words of a column are asked for here, and not by a table of the same rows before."""
    return editing.alike(drafts.said(desk), number, target)[0] == number


def told_by_line(desk: Desk, number: int, open_ones: Sequence[WordSeen]) -> bool:
    """Tell in which lines the open words stand that may not be shown; return whether there are any."""
    hidden = [one for one in open_ones if not one.text]
    if hidden:
        rows = sum(one.rows for one in hidden)
        tabs = drafts.parts(desk, number)
        where = engine.plain("; ".join(f"line {drafts.by_tab(one.where, tabs)}" for one in hidden[:8]))
        st.warning(
            f"{counted(len(hidden), 'further word')} in {counted(rows, 'row')}: {where}. Type such a "
            "word as it stands in your sheet, and say what it means; or correct it there."
        )
    return bool(hidden)


def typed(
    desk: Desk, number: int, column: Column, meanings: Sequence[str], label: Callable[[str], str]
) -> None:
    """Let the keeper, who can look into the sheet, type a word that is not shown."""
    with st.form(f"typed-{number}-{column.name}", clear_on_submit=True, border=False):
        left, right = st.columns(2)
        word = left.text_input("The word", help="It becomes a line of your mapping.", autocomplete="off")
        if editing.may_hold_several(drafts.said(desk), number, column):
            codes = right.multiselect(
                "means", meanings, format_func=label, placeholder="One or several", select_all=False
            )
        else:
            codes = [right.selectbox("means", meanings, format_func=label)]
        if st.form_submit_button("Add this word") and word.strip() and codes:
            mean(desk, number, column.name, word.strip(), codes)
            st.rerun()


def unreadable(desk: Desk, number: int, column: Column) -> None:
    """Ask whether words that nothing explains cost their row."""
    rule = editing.tables(drafts.said(desk))[number]["columns"][column.name]
    key = f"unreadable-{number}-{column.name}"
    st.session_state[key] = isinstance(rule, dict) and "unreadable" in rule
    st.checkbox(
        "Keep rows with other words, and count this field as not recorded there",
        key=key,
        on_change=partial(_turn, desk, number, column.name, key),
    )


def _turn(desk: Desk, number: int, target: str, key: str) -> None:
    is_kept = bool(st.session_state[key])

    def put(values: dict[str, Any]) -> None:
        for one in editing.alike(values, number, target):
            editing.lenient(values, one, target, is_kept=is_kept)

    drafts.change(desk, put)
