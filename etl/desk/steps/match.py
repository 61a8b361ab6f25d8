"""Match columns to fields and words to codes; suggestions come first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from analysis.words import counted
from etl.contracts.tables import Column, Contract, contract, table_names
from etl.contracts.tallies import TABLES, as_tally
from etl.desk import asked, drafts, engine
from etl.desk.state import Desk
from etl.desk.steps import places, same, settings, words
from etl.drafting import editing, looking, ticks
from etl.drafting.columns.matching import chosen
from etl.drafting.writing.columns import in_common
from etl.mapping.model import GROUP
from etl.mapping.published import OBSERVATION
from etl.readers import SHEET

NAME = "Match"
MATCHED = "matched"
_NOT_USED = ""
_MADE = {SHEET: "The name of the tab", GROUP: "The heading of its group"}


@dataclass(frozen=True)
class Place:
    """One table of the mapping that is matched: its number, its contract, and the sheet it is read from."""

    number: int
    table: Contract
    looked: looking.Looked


def state(desk: Desk) -> str:
    """Return how many columns are matched, or what is still needed."""
    if desk.upload is None or not desk.draft:
        return ""
    values = drafts.said(desk)
    missing = [place.table.column(name).label for place in _places(desk) for name in _missing(values, place)]
    if settings.names_areas(values) and asked.lacks_geography(desk, values):
        missing.append("whose areas it names")
    if missing:
        return f"still needed: {', '.join(missing)}"
    columns = sum(len(editing.used(values, one.number)) for one in _places(desk))
    return f"{counted(columns, 'column')} {MATCHED}"


def show(desk: Desk) -> None:
    """Draw the step."""
    if not engine.is_open(desk):
        return
    _what_a_row_is(desk)
    if not desk.draft:
        return
    if questions := asked.open_questions(desk):
        with st.expander(f"{counted(len(questions), 'thing')} the desk is not sure of", expanded=True):
            for question in questions:
                st.write(f"- {engine.plain(question)}")
    found = _places(desk)
    for place in found:
        values = drafts.said(desk)
        if len(found) > 1:
            st.header(engine.plain(place.table.label))
        if missing := _missing(values, place):
            columns = [place.table.column(name) for name in missing]
            needed = "\n".join(f"- **{engine.plain(one.label)}**: {one.description}" for one in columns)
            below = ", or the same for every row" if any(map(in_common, columns)) else ""
            st.warning(f"Still needed, from a column of yours{below}:\n\n{needed}")
        if "tally" in editing.tables(values)[place.number]:
            st.info(
                f"Each number is of {TABLES[place.table.name]} new in its month, each in one number only. "
                "Those in care, or open, at one time are not meant."
            )
        settings.show(desk, place.number, place.looked)
        _fields(desk, place)
        same.show(desk, place.number, place.table)
        words.show(desk, place.number, place.table)
        places.show(desk, place.number, place.table)


def _places(desk: Desk) -> list[Place]:
    found = []
    for number, one in enumerate(editing.tables(drafts.said(desk))):
        if one.get("name") in table_names():
            found.append(Place(number, _table(one), drafts.looked(desk, number)))
    return found


def _table(one: Mapping[str, Any]) -> Contract:
    """Return the contract of a table of the mapping; of numbers in place of records it has one for these."""
    table = contract(str(one["name"]))
    return as_tally(table) if "tally" in one and table.name in TABLES else table


def _missing(values: Mapping[str, Any], place: Place) -> list[str]:
    filled = editing.filled(editing.tables(values)[place.number])
    return [column.name for column in place.table.columns if column.required and column.name not in filled]


def _what_a_row_is(desk: Desk) -> None:
    names = [name for name in table_names() if name != OBSERVATION]
    key = "match-table"
    if desk.table in names:
        st.session_state[key] = desk.table
    st.selectbox(
        "What is one row of your sheet?",
        names,
        index=None,
        format_func=lambda name: contract(name).label,
        key=key,
        placeholder="Choose",
        on_change=_of_another_table,
        args=(desk, key),
    )
    if desk.table in names:
        st.caption(contract(desk.table).grain)


def _of_another_table(desk: Desk, key: str) -> None:
    """Draft once more, from the same tab and headings, for rows of another kind."""
    name = st.session_state[key]
    if not name:
        return
    file = drafts.said(desk).get("file", {}) if desk.draft else {}
    row, rows = (int(file.get(key, 0) or 0) for key in ("header_row", "header_rows"))
    drafts.begin(desk, table=name, sheet=file.get("sheet", ""), header_row=row, header_rows=rows)


def _fields(desk: Desk, place: Place) -> None:
    """Ask for each column that is read which field it fills."""
    values = drafts.said(desk)
    filled = {column.casefold(): target for target, column in editing.filled_by(values, place.number).items()}
    out = {name.casefold() for name in editing.dropped(values, place.number)}
    below = {name.casefold() for name in editing.filled_down(values, place.number)}
    otherwise = {name.casefold() for name in editing.used(values, place.number)} - filled.keys() - below
    st.subheader("Your columns")
    # A further table of the same rows uses few of their columns: the others stand in a panel.
    is_further = editing.of_the_same_rows(values, place.number)[0] != place.number
    rest = []
    for at, seen in enumerate(place.looked.columns):
        small = seen.name.casefold()
        if small in out:
            continue
        if tick := ticks.found(values, place.number, seen.name):
            _field(desk, place, seen, at, _of_tick(tick))
        elif small in otherwise or seen.is_row:
            _made(seen, values, place)
        elif small in filled or not is_further:
            _field(desk, place, seen, at, filled.get(small, _NOT_USED))
        else:
            rest.append((seen, at))
    if rest:
        with st.expander(f"{counted(len(rest), 'further column')} of these rows, not used here"):
            for seen, at in rest:
                _field(desk, place, seen, at, _NOT_USED)
    for target, rule in editing.tables(values)[place.number].get("columns", {}).items():
        made = _MADE.get(str(rule.get("column") if isinstance(rule, dict) else rule))
        if made and target in place.table.names:
            st.caption(f"{made} is: {engine.plain(place.table.column(target).label)}")


def _field(desk: Desk, place: Place, seen: looking.Seen, at: int, target: str) -> None:
    key = f"match-{place.number}-{at}"
    meant = (
        ticks.every(drafts.said(desk), place.number, place.table) if seen.looks == looking.YES_OR_NO else ()
    )
    choices = [_NOT_USED, *place.table.names, *map(_of_tick, meant)]
    target = target if target in choices else _NOT_USED
    st.session_state[key] = target  # what the mapping says, whoever changed it
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.selectbox(
        f"‘{engine.plain(seen.shown)}’ is",
        choices,
        format_func=partial(_label, place.table),
        key=key,
        on_change=partial(_fill, desk, place.number, seen.name, key),
    )
    right.caption(_beside(desk, place, seen, target))


def _of_tick(tick: ticks.Tick) -> str:
    return f"{tick.target}={tick.code}"


def _tick(choice: str) -> ticks.Tick | None:
    """Return what a yes means, where a choice says that; None where it is a field."""
    target, sign, code = choice.partition("=")
    return ticks.Tick(target, code) if sign else None


def _label(table: Contract, name: str) -> str:
    if not name:
        return "not used"
    if tick := _tick(name):
        column = table.column(tick.target)
        return f"yes means {_code(column, tick.code)} ({column.label})"
    column = table.column(name)
    return f"{column.label} (needed)" if column.required else column.label


def _used_by_others(desk: Desk, place: Place, name: str) -> str:
    """Return which field of another table of the same rows a column fills; empty where it fills none."""
    values = drafts.said(desk)
    for at in editing.of_the_same_rows(values, place.number):
        of = contract(str(editing.tables(values)[at]["name"]))
        for target, column in editing.filled_by(values, at).items():
            if at != place.number and column.casefold() == name.casefold() and target in of.names:
                return f"{of.label}: {of.column(target).label}"
        if at != place.number and (tick := ticks.found(values, at, name)):
            return f"{of.label}: {_label(of, _of_tick(tick))}"
    return ""


def _beside(desk: Desk, place: Place, seen: looking.Seen, target: str) -> str:
    if not target and (others := _used_by_others(desk, place, seen.name)):
        return f"Used for {engine.plain(others)}."
    if not target and seen.no_field:
        return f"There is no field for {seen.no_field}: {looking.NO_FIELD} This column is read and not kept."
    if not target:
        return engine.plain(f"{seen.looks[:1].upper()}{seen.looks[1:]}. Read, looked at and not kept.")
    if _tick(target):
        return "A row may be ticked in several of these columns."
    column = place.table.column(target)
    example = f" Such as {column.example}." if column.example else ""
    sure = desk.sure.get(seen.name)
    said = f" Suggested: {round(100 * min(sure, 1))} % sure." if sure is not None else ""
    return engine.plain(f"{column.description}{example}{said}")


def _made(seen: looking.Seen, values: Mapping[str, Any], place: Place) -> None:
    """Tell of a column that is used in a way of its own: a month that becomes a row, a part of a date."""
    flags = editing.tables(values)[place.number].get("flags", {}).values()
    is_several = any(seen.name.casefold() in map(str.casefold, names) for names in flags)
    how = "each of its cells becomes a row" if seen.is_row else "used together with other columns"
    st.caption(f"‘{engine.plain(seen.shown)}’: {'yes means several codes' if is_several else how}")


def _code(column: Column, code: str) -> str:
    return column.codes.get(code) or code


def _fill(desk: Desk, number: int, name: str, key: str) -> None:
    """Fill another field by a column, or none."""
    target = st.session_state[key]

    def put(values: dict[str, Any]) -> None:
        for before, column in editing.filled_by(values, number).items():
            if column.casefold() == name.casefold():
                editing.empty(values, number, before)
        editing.tick_no_more(values, number, name)
        if tick := _tick(target):
            ticks.put(values, number, name, tick)
        elif target:
            _put(desk, values, number, target=target, name=name)

    drafts.change(desk, put)


def _put(desk: Desk, values: dict[str, Any], number: int, *, target: str, name: str) -> None:
    with engine.refusals():
        assert desk.upload is not None
        path: Path = desk.upload.same()
        frame = looking.reading(path, values, number).frame
        column = _table(editing.tables(values)[number]).column(target)
        there = next(one for one in frame.columns if one.casefold() == name.casefold())
        is_several = editing.may_hold_several(values, number, column)
        editing.fill(values, number, chosen(column, there, frame, is_several=is_several), frame)
