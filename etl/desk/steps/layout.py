"""How a sheet is laid out: headings of several rows, blanks below a group, columns that belong together."""

from functools import partial
from typing import Any

import streamlit as st

from analysis.words import counted
from etl.contracts.tables import Column, contract, table_names
from etl.desk import drafts, engine, rows
from etl.desk.state import Desk
from etl.drafting import editing, looking
from etl.drafting.columns.matching import chosen
from etl.drafting.shape import Shape, year_and_month
from etl.errors import EtlError
from etl.mapping.model import GROUP
from etl.mapping.published import OBSERVATION
from etl.readers.grid import MOST_HEADER_ROWS
from etl.readers.headings import show_name

#: Of the headings: which row is their first, and how many there are.
ROW, ROWS = "look-row", "look-rows"
_SEPARATORS = {" ": "a blank", "-": "-", "/": "/", ", ": "a comma"}
_PERIOD = "period"


def headings(desk: Desk) -> None:
    """Ask in which rows the headings are."""
    left, right = st.columns(2)
    left.number_input(
        "In which row do the headings begin?",
        min_value=1,
        max_value=50,
        value=None,
        step=1,
        placeholder="found by the desk",
        key=ROW,
        help="As Excel counts them. Empty: the desk finds them.",
        on_change=again,
        args=(desk,),
    )
    right.number_input(
        "How many rows are they?",
        min_value=1,
        max_value=MOST_HEADER_ROWS,
        value=None,
        step=1,
        placeholder="found by the desk",
        key=ROWS,
        help="Groups above the headings make two or three. A column is then called by all of them.",
        on_change=again,
        args=(desk,),
    )


def again(desk: Desk) -> None:
    """Draft once more for other headings; what was matched before is matched anew."""
    row, rows = (int(st.session_state.get(key) or 0) for key in (ROW, ROWS))
    sheet = editing.layout_of(drafts.said(desk), 0).get("sheet", "") if desk.draft and (row or rows) else ""
    drafts.begin(desk, sheet=sheet, header_row=row, header_rows=rows)


def show(desk: Desk, number: int, looked: looking.Looked) -> None:
    """Show what the layout of a table's sheet may mean, and let it be said.

    Parameters
    ----------
    number
        Of the mapping's tables, from 0.
    looked
        What is known of the sheet.
    """
    values = drafts.said(desk)
    table = editing.tables(values)[number]
    if table.get("name") not in table_names():
        return
    _suggested(desk, number, values, looked)
    several = len(editing.tables(values)) > 1
    own = f"{engine.plain(contract(str(table['name'])).label)}: " if several else ""
    with st.expander(f"{own}Blanks below a group, columns that belong together, another table"):
        _blanks(desk, number, values, looked)
        _together(desk, number, values, looked)
        _further(desk, number, values)
    with st.expander(f"{own}Rarely needed: only some rows, headings of groups between the rows"):
        _only(desk, number, values, looked)
        _groups(desk, number, values)


def _suggested(desk: Desk, number: int, values: dict[str, Any], looked: looking.Looked) -> None:
    shape, table = drafts.shape(desk, number), editing.tables(values)[number]
    if shape.header_rows and number == 0:
        told = f"The headings seem to be {shape.header_rows} rows, from row {shape.header_row}."
        _offer(told, "Read them so", "layout-headings", partial(_read_headings, desk, shape))
    if shape.fill_down and not editing.filled_down(values, number):
        names = " and ".join(f"‘{_shown(looked, name)}’" for name in shape.fill_down)
        verb = "stands" if len(shape.fill_down) == 1 else "stand"
        told = f"{names} {verb} once above several rows. A blank seems to mean the same as above."
        _offer(
            told, "Fill the blanks", f"layout-fill-{number}", partial(_fill, desk, number, shape.fill_down)
        )
    joined = shape.joined
    is_dated = _PERIOD in contract(str(table["name"])).names and "unpivot" not in table
    if joined and is_dated and table.get("columns", {}).get(_PERIOD) != joined.rule:
        names = " and ".join(f"‘{_shown(looked, name)}’" for name in joined.columns)
        told = f"{names} seem to say the month together."
        _offer(told, "Join them", f"layout-join-{number}", partial(_join, desk, number, _PERIOD, joined.rule))


def _shown(looked: looking.Looked, name: str) -> str:
    """Return the name of a column as a screen may show it."""
    seen = looked.find(name)
    return engine.plain(seen.shown if seen else show_name(name))


def _offer(told: str, label: str, key: str, how: Any) -> None:
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.info(told)
    right.button(label, key=key, on_click=how, width="stretch")


def _read_headings(desk: Desk, shape: Shape) -> None:
    st.session_state[ROW], st.session_state[ROWS] = shape.header_row, shape.header_rows
    again(desk)


def _fill(desk: Desk, number: int, names: tuple[str, ...]) -> None:
    drafts.change(desk, lambda values: editing.fill_down(values, number, names))


def _join(desk: Desk, number: int, target: str, rule: dict[str, Any]) -> None:
    drafts.change(desk, lambda values: editing.join(values, number, target, rule))


def _read(desk: Desk, number: int, values: dict[str, Any], looked: looking.Looked) -> dict[str, str]:
    """Return the columns that are read, each as a screen may show it."""
    out = {name.casefold() for name in editing.dropped(values, number)}
    return {one.name: one.shown for one in looked.columns if one.name.casefold() not in out}


def _blanks(desk: Desk, number: int, values: dict[str, Any], looked: looking.Looked) -> None:
    columns = _read(desk, number, values, looked)
    small = {name.casefold() for name in editing.filled_down(values, number)}
    key = f"layout-blanks-{number}"
    st.session_state[key] = [name for name in columns if name.casefold() in small]
    st.multiselect(
        "A blank means the same as above in",
        list(columns),
        format_func=lambda name: engine.plain(columns[name]),
        placeholder="no column",
        key=key,
        help="Where a name stands once above the rows it is for, as in merged cells. A row with nothing else "
        "is a heading, and is left out.",
        on_change=partial(_fill_chosen, desk, number, key),
    )


def _fill_chosen(desk: Desk, number: int, key: str) -> None:
    _fill(desk, number, tuple(st.session_state[key]))


def _together(desk: Desk, number: int, values: dict[str, Any], looked: looking.Looked) -> None:
    table = editing.tables(values)[number]
    of = contract(str(table["name"]))
    for target, rule in table.get("columns", {}).items():
        said = rule if isinstance(rule, dict) else {}
        ends = [said[key] for key in ("since", "to") if key in said]
        names = ends or (said["columns"] if isinstance(said.get("columns"), list) else [])
        if len(names) > 1 and not any(name.startswith("@") for name in names) and target in of.names:
            shown = " and ".join(_shown(looked, name) for name in names)
            told = f"{engine.plain(of.column(target).label)}: {shown} together."
            _offer(
                told, "Take apart", f"layout-apart-{number}-{target}", partial(_apart, desk, number, target)
            )
    columns = _read(desk, number, values, looked)
    with st.form(f"layout-together-{number}", border=False):
        left, right = st.columns(2)
        chosen = left.multiselect(
            "These columns say one thing together",
            list(columns),
            format_func=lambda name: engine.plain(columns[name]),
            placeholder="in their order",
            help="A year and a month, a first and a second choice; or two days, of which the time between "
            "them is meant.",
        )
        target = right.selectbox(
            "namely",
            of.names,
            index=None,
            format_func=lambda name: of.column(name).label,
            placeholder="Choose",
        )
        between = right.selectbox(
            "with this between them", list(_SEPARATORS), format_func=_SEPARATORS.__getitem__
        )
        if st.form_submit_button("Join these columns") and target:
            with engine.refusals():
                _join(desk, number, target, _rule(desk, number, of.column(target), tuple(chosen), between))
                st.rerun()


def _rule(desk: Desk, number: int, column: Column, names: tuple[str, ...], between: str) -> dict[str, Any]:
    """Return how a mapping says that columns are one thing together.

    Raises
    ------
    EtlError
        When they are not enough, or their dates cannot be told.
    """
    if len(names) < 2 or (column.unit == "days" and len(names) != 2):
        few = "exactly two days" if column.unit == "days" else "at least two columns"
        raise EtlError(f"To join them, {few} are needed.", "Choose them in their order.")
    if column.unit == "days":
        return {"since": names[0], "to": names[1]}
    if column.is_list:
        return {"columns": list(names), **({"synonyms": True} if column.codes else {})}
    if column.kind in ("period", "date"):
        values = drafts.said(desk)
        found = drafts.known(
            desk,
            ("joined", *names, str(number), desk.draft),
            lambda path, _: year_and_month(looking.reading(path, values, number).frame, names),
        )
        if found is not None:
            return found.rule
    return {"columns": list(names), "join": between}


def _apart(desk: Desk, number: int, target: str) -> None:
    drafts.change(desk, lambda values: editing.empty(values, number, target))


def _only(desk: Desk, number: int, values: dict[str, Any], looked: looking.Looked) -> None:
    """Ask for the words of a column by which rows are kept, and show those that are said."""
    for at, (name, words) in enumerate(rows.kept_only(values, number).items()):
        told = f"Only rows are read whose {_shown(looked, name)} is one of {counted(len(words), 'word')}."
        _offer(told, "Read all", f"layout-all-{number}-{at}", partial(_keep, desk, number, name, ()))
    columns = _read(desk, number, values, looked)
    harmless = [name for name in columns if not (seen := looked.find(name)) or not seen.rule]
    key = f"layout-only-{number}"
    chosen_one = st.selectbox(
        "Read only rows by their",
        harmless,
        index=None,
        format_func=lambda one: engine.plain(columns[one]),
        placeholder="all rows are read",
        key=key,
        help="Where a sheet holds others as well: clients of another programme, suspects beside survivors. "
        "The other rows are left out, and counted as such.",
    )
    if chosen_one is None:
        return
    with st.form(f"{key}-words", border=False):
        words = st.multiselect(
            f"where ‘{engine.plain(columns[chosen_one])}’ is",
            drafts.kept_words(desk, number, chosen_one),
            format_func=engine.plain,
            accept_new_options=True,
            placeholder="one or several words; type one that is rare",
            select_all=False,
        )
        if st.form_submit_button("Read only these rows") and words:
            _keep(desk, number, chosen_one, tuple(words))
            st.rerun()


def _keep(desk: Desk, number: int, name: str, words: tuple[str, ...]) -> None:
    drafts.change(desk, lambda values: rows.keep_only(values, number, name, words))


def _groups(desk: Desk, number: int, values: dict[str, Any]) -> None:
    """Ask what rows say that have their first cell alone, for the rows below them."""
    if editing.filled_down(values, number):
        return  # one of the two: a mapping that says both is refused
    of = contract(str(editing.tables(values)[number]["name"]))
    key = f"layout-groups-{number}"
    st.session_state[key] = rows.grouped_by(values, number) or None
    st.selectbox(
        "A row with nothing but its first cell is, for the rows below it, their",
        of.names,
        index=None,
        format_func=lambda name: of.column(name).label,
        placeholder="there are no such rows",
        key=key,
        help="A month, a county or a programme that stands alone in a row above those that it is for.",
        on_change=engine.guarded(partial(_group, desk, number, key)),
    )


def _group(desk: Desk, number: int, key: str) -> None:
    target = st.session_state[key] or ""
    path = desk.upload.same() if desk.upload is not None else None

    def put(values: dict[str, Any]) -> None:
        rows.group(values, number, target)
        if target and path is not None:
            column = contract(str(editing.tables(values)[number]["name"])).column(target)
            frame = looking.reading(path, values, number).frame
            editing.fill(values, number, chosen(column, GROUP, frame), frame)

    drafts.change(desk, put)


def _further(desk: Desk, number: int, values: dict[str, Any]) -> None:
    tables = editing.tables(values)
    if len(tables) > 1:
        own = contract(str(tables[number]["name"])).label
        told = f"The rows are read as {len(tables)} tables. This one: {engine.plain(own)}."
        _offer(told, "Leave it out", f"layout-out-{number}", partial(_leave, desk, number))
    taken = {one.get("name") for one in tables}
    names = [name for name in table_names() if name != OBSERVATION and name not in taken]
    key = f"layout-second-{number}"
    st.session_state.setdefault(key, None)
    st.selectbox(
        "The same rows also hold",
        names,
        index=None,
        format_func=lambda name: contract(name).label,
        placeholder="nothing else",
        key=key,
        help="A sheet of people that says where each was referred to holds referrals as well: each row is "
        "then read twice, once as each.",
        on_change=partial(_also, desk, number, key),
    )


def _also(desk: Desk, number: int, key: str) -> None:
    table = st.session_state[key]
    st.session_state[key] = None
    if table:
        with engine.refusals():
            drafts.also(desk, number, table)


def _leave(desk: Desk, number: int) -> None:
    def put(values: dict[str, Any]) -> None:
        values["table"].pop(number)

    drafts.change(desk, put)
