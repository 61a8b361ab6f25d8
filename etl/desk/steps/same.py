"""What is the same for every row and stands in no column: a code that is needed, a currency, the area."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from etl.contracts.tables import Column, Contract
from etl.desk import drafts, engine
from etl.desk.state import Desk
from etl.drafting import editing
from etl.drafting.writing.columns import in_common

_NOTHING = ""


def show(desk: Desk, number: int, table: Contract) -> None:
    """Ask for what no column says and all rows may have in common.

    Parameters
    ----------
    number
        Of the mapping's tables, from 0.
    table
        Its contract.
    """
    values = drafts.said(desk)
    one = editing.tables(values)[number]
    filled = {*one.get("columns", {}), *one.get("flags", {})}
    said = editing.same_for_all(values, number)
    asked = [
        column
        for column in table.columns
        if column.required and in_common(column) and column.name not in filled
    ]
    areas = drafts.areas(desk) if "area" in table.names and "area" not in filled else None
    if not asked and not (areas and areas.codes):
        return
    is_open = any(column.name not in said for column in asked) or (areas is not None and "area" not in said)
    with st.expander("The same for every row", expanded=is_open):
        for column in asked:
            _column(desk, number, column, said.get(column.name, _NOTHING), column.codes)
        if areas is not None and areas.codes:
            codes = sorted(areas.codes, key=areas.called)
            current = areas.find(said.get("area", _NOTHING)) or _NOTHING
            _column(desk, number, table.column("area"), current, {code: areas.called(code) for code in codes})


def _column(desk: Desk, number: int, column: Column, current: str, codes: Mapping[str, str]) -> None:
    key = f"same-{number}-{column.name}"
    label = f"{engine.plain(column.label)}{' (needed)' if column.required else ''}"
    said = partial(_say, desk, number, column.name, key)
    if not codes:
        st.session_state[key] = current
        st.text_input(
            label,
            key=key,
            autocomplete="off",
            placeholder=f"Such as {column.example}",
            help=engine.plain(column.description),
            on_change=said,
        )
        return
    st.session_state[key] = current if current in codes else _NOTHING
    st.selectbox(
        label,
        [_NOTHING, *codes],
        format_func=lambda code: engine.plain(codes[code]) if code else "not the same, or not known",
        key=key,
        help=engine.plain(column.description),
        on_change=said,
    )


def _say(desk: Desk, number: int, target: str, key: str) -> None:
    value = "_".join(str(st.session_state[key]).split())
    value = value if target == "area" else value.casefold()
    drafts.change(desk, lambda values: editing.is_same(values, number, target, value))
