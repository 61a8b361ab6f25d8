"""The words of columns of countries and areas: asked where the lists do not know what is meant."""

from functools import partial
from typing import Any

import streamlit as st

from analysis.words import counted
from etl.contracts.areas import Areas
from etl.contracts.countries import name_by_alpha2
from etl.contracts.tables import Column, Contract
from etl.desk import drafts, engine
from etl.desk.state import Desk
from etl.desk.steps import words
from etl.drafting import editing, looking
from etl.drafting.columns.words import FEWEST_SHOWN
from etl.drafting.naming import KINDS, NameSeen, settle

_SAID = {
    words.OPEN: words.IS_OPEN,
    words.NOTHING: "not recorded: the row is kept, without this",
}


def show(desk: Desk, number: int, table: Contract) -> None:
    """Ask for the countries and areas that words stand for.

    Parameters
    ----------
    number
        Of the mapping's tables, from 0.
    table
        Its contract.
    """
    values = drafts.said(desk)
    for column in table.columns:
        is_named = column.kind in KINDS and not column.codes
        if (
            is_named
            and editing.words_from(values, number, column)
            and words.is_first(desk, number, column.name)
        ):
            with engine.refusals():
                _column(desk, number, column)


def _column(desk: Desk, number: int, column: Column) -> None:
    seen = drafts.names(desk, number, column)
    if not seen and not (column.several and editing.divided_by(drafts.said(desk), number, column.name)):
        return
    areas = drafts.areas(desk) if column.kind == "area" else None
    open_ones = [one for one in seen if one.word.codes is None]
    state = f"{len(open_ones)} open" if open_ones else "all explained"
    whose = words.words_of(desk, number, column)
    title = f"{engine.plain(column.label)}: {counted(len(seen), 'word')}{whose} to explain, {state}"
    with st.expander(title, expanded=bool(open_ones)):
        st.caption(
            f"{engine.plain(column.description)} Words that stand in at least {FEWEST_SHOWN} rows and "
            "identify nobody are shown; others are told by the lines they stand in."
        )
        if column.several:
            words.divided(desk, number, column)
        if areas is not None:
            _larger(desk, number, column, [one for one in open_ones if one.choices], areas)
        for at, one in enumerate(one for one in seen if one.word.text):
            _name(desk, number, column, one, areas=areas, key=f"name-{number}-{column.name}-{at}")
        if words.told_by_line(desk, number, [one.word for one in open_ones]):
            words.typed(desk, number, column, _choices((), areas), partial(_label, areas))
        if not column.required and not column.reference:
            words.unreadable(desk, number, column)


def _larger(desk: Desk, number: int, column: Column, several: list[NameSeen], areas: Areas) -> None:
    """Ask once in which larger area those lie whose names stand for several."""
    parents = [{areas.parents.get(code) for code in one.choices} for one in several]
    found = {parent for some in parents for parent in some if parent}
    inner = sorted({code for code in found if areas.parents.get(code)} or found, key=areas.name)
    if not inner:
        return
    key = f"larger-{number}-{column.name}"
    st.session_state[key] = None
    st.selectbox(
        "In which state (or larger area) do they lie?",
        inner,
        index=None,
        format_func=areas.name,
        placeholder="Choose, or answer word by word",
        key=key,
        help="Several areas go by the same name. Each such word, rare ones too, then means the one that lies "
        "there, and becomes a line of your mapping.",
        on_change=partial(_lie_in, desk, number, column, key),
    )


def _lie_in(desk: Desk, number: int, column: Column, key: str) -> None:
    above = st.session_state[key]
    if not above or desk.upload is None:
        return
    with engine.refusals():
        path = desk.upload.same()
        areas = drafts.areas(desk)

        def put(values: dict[str, Any]) -> None:
            frame = looking.reading(path, values, number).frame
            for one in editing.alike(values, number, column.name):
                settle(column, frame, values, one, areas=areas, above=above)

        drafts.change(desk, put)


def _name(desk: Desk, number: int, column: Column, one: NameSeen, *, areas: Areas | None, key: str) -> None:
    word = one.word
    label = f"‘{engine.plain(word.text)}’ in {counted(word.rows, 'row')} means"
    if word.codes is not None and len(word.codes) > 1:
        st.caption(f"{label} {engine.plain(' and '.join(_label(areas, code) for code in word.codes))}")
        return
    if word.codes is None and word.suggested:
        guess = engine.plain(_label(areas, word.suggested[0]))
        label += f" (perhaps {guess}: {round(100 * word.confidence)} % sure)"
    options = [words.OPEN, *word.suggested, *_choices(one.choices, areas)]
    current = words.OPEN if word.codes is None else (word.codes or (words.NOTHING,))[0]
    st.session_state[key] = current
    st.selectbox(
        label,
        list(dict.fromkeys([*options, current])),
        format_func=partial(_label, areas),
        key=key,
        on_change=partial(_said, desk, number, column.name, word.text, key),
    )


def _choices(choices: tuple[str, ...], areas: Areas | None) -> list[str]:
    """Return what a word can mean: the areas that go by it, or else all of them, or all countries."""
    if areas is None:
        names = name_by_alpha2()
        return [words.NOTHING, *sorted(names, key=names.__getitem__)]
    return [words.NOTHING, *(choices or sorted(areas.codes, key=areas.called))]


def _label(areas: Areas | None, code: str) -> str:
    if code in _SAID:
        return _SAID[code]
    return name_by_alpha2().get(code, code) if areas is None else areas.called(code)


def _said(desk: Desk, number: int, target: str, word: str, key: str) -> None:
    words.mean(desk, number, target, word, [st.session_state[key]])
