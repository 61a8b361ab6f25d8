"""What holds for a whole sheet: who sends it, whose areas it names, and how its dates are written."""

from functools import partial
from typing import Any

import streamlit as st

from etl.contracts.tables import contract, table_names
from etl.contracts.tallies import TABLES
from etl.desk import asked, drafts, engine, offices
from etl.desk.state import Desk
from etl.drafting import editing, toml_text
from etl.drafting.columns.months import MonthColumns, month_columns
from etl.drafting.columns.years import months_from
from etl.drafting.looking import Looked
from etl.drafting.source import LONGER, code_of, marked
from etl.drafting.writing.lines import COUNTED, FINANCIAL, YEAR
from etl.drafting.writing.spread import twelve_months_rule

LONGEST_NAME = 80  # letters of the name of an office
_GEOGRAPHIES = {"us": "United States", "uk": "United Kingdom", "world": "countries of the world"}
_YEARS = (1950, 2100)
_LENGTHS = {"month": "months", "quarter": "quarters", "year": "years"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_EXAMPLES = {
    "d": "5",
    "dd": "25",
    "m": "3",
    "mm": "03",
    "mmm": "Mar",
    "mmmm": "March",
    "yyyy": "2025",
    "yy": "25",
}


def show(desk: Desk, number: int, looked: Looked) -> None:
    """Ask for what holds for the whole sheet.

    Parameters
    ----------
    number
        Of the mapping's tables, from 0.
    looked
        What is known of the sheet.
    """
    values = drafts.said(desk)
    if number == 0:
        _source(desk, values)
        _resolution(desk, values)
    _counted(desk, values, number)
    _dates(desk, values, number, looked)
    _year(desk, values, number, looked)


def _source(desk: Desk, values: dict[str, Any]) -> None:
    source = values.get("source", {})
    key = "settings-label"
    st.session_state[key] = source.get("label", "")
    st.text_input(
        "Who sends this sheet?",
        key=key,
        autocomplete="off",
        help="The name of the office, as screens show it. A later sheet of the same office takes the place "
        f"of the months that both cover. At most {LONGEST_NAME} letters.",
        max_chars=LONGEST_NAME,
        on_change=partial(_name, desk, key),
    )
    _other_office(desk, str(source.get("id", "")), str(source.get("label", "")))
    if "geography" not in source and names_areas(values):
        is_needed = asked.lacks_geography(desk, values)
        st.selectbox(
            f"Whose areas does it name?{' (needed)' if is_needed else ''}",
            list(_GEOGRAPHIES),
            index=None,
            format_func=_GEOGRAPHIES.__getitem__,
            placeholder="Choose",
            key="settings-geography",
            help="Counties and states of the United States, or police force areas of the United Kingdom.",
            on_change=partial(_geography, desk),
        )


def _other_office(desk: Desk, code: str, label: str) -> None:
    """Ask where the code of the office is that of another: its rows would be replaced."""
    others = offices.others(desk, code, label)
    if not others:
        return
    named = " and ".join(f"**{engine.plain(one)}**" for one in others)
    st.warning(
        f"The code ‘{engine.plain(code)}’ is that of {named} already. Rows of the same months would take the "
        "place of theirs. If this is another office, give it a code of its own; if it is the same office, "
        "write its name as before."
    )
    st.button("It is another office", key="settings-own-code", on_click=_own_code, args=(desk, label))


def _own_code(desk: Desk, label: str) -> None:
    def put(values: dict[str, Any]) -> None:
        values.setdefault("source", {})["id"] = marked(code_of(label), label)

    drafts.change(desk, put)


def names_areas(values: dict[str, Any]) -> bool:
    """Return whether a column says areas, or tabs that are read together may be called after them."""
    tables = editing.tables(values)
    return any("area" in one.get("columns", {}) for one in tables) or (
        bool(values.get("file", {}).get("sheets"))
        and any(one.get("name") in table_names() and _has_areas(one) for one in tables)
    )


def _has_areas(table: dict[str, Any]) -> bool:
    return "area" in contract(str(table["name"])).names


def _name(desk: Desk, key: str) -> None:
    label = str(st.session_state[key]).strip()

    def put(values: dict[str, Any]) -> None:
        source = values.setdefault("source", {})
        # A code that somebody gave stays: by it a later sheet finds the months that it takes the place of.
        if source.get("id", "") in ("", code_of(str(source.get("label", "")))):
            source["id"] = code_of(label)
        source["label"] = label

    if label:
        drafts.change(desk, put)


def _resolution(desk: Desk, values: dict[str, Any]) -> None:
    """Ask how long the periods are that everything is counted by, where some rows say no month."""
    said = values.get("source", {}).get("period_resolution")
    if not said and not any(LONGER in one for one in desk.questions):
        return
    key = "settings-resolution"
    st.session_state[key] = said if said in _LENGTHS else None
    st.selectbox(
        "By which periods is everything counted?",
        list(_LENGTHS),
        format_func=_LENGTHS.__getitem__,
        placeholder="Choose",
        key=key,
        help="Rows of a longer period are rejected; rows of a shorter one are counted in the period they "
        "lie in. Months, quarters and years of one office are not mixed.",
        on_change=partial(_by, desk, key),
    )


def _by(desk: Desk, key: str) -> None:
    chosen = st.session_state[key]
    if chosen:
        drafts.change(desk, lambda values: values.setdefault("source", {}).update(period_resolution=chosen))


def _geography(desk: Desk) -> None:
    chosen = st.session_state["settings-geography"]
    if not chosen:
        return
    of_tabs = drafts.tabs_are_areas(desk, chosen)

    def put(values: dict[str, Any]) -> None:
        values.setdefault("source", {})["geography"] = chosen
        for one in editing.tables(values) if of_tabs else ():
            if one.get("name") in table_names() and _has_areas(one):
                one.setdefault("columns", {}).setdefault("area", "@sheet")

    drafts.change(desk, put)


def _dates(desk: Desk, values: dict[str, Any], number: int, looked: Looked) -> None:
    """Ask how dates are written where no cell proves it, and when financial years begin."""
    used = {name.casefold() for name in editing.used(values, number)}
    seen = [one for one in looked.columns if one.name.casefold() in used]
    layout = editing.layout_of(values, number)
    given = layout.get("date_format", [])
    formats = [given] if isinstance(given, str) else list(given)
    doubtful = list(dict.fromkeys(text for one in seen for text in one.doubtful))
    if doubtful:
        st.selectbox(
            "How are your dates written? No cell tells day and month apart.",
            doubtful,
            index=next((doubtful.index(text) for text in formats if text in doubtful), None),
            format_func=_example,
            placeholder="Choose",
            key=f"settings-dates-{number}",
            on_change=partial(_format, desk, number, tuple(doubtful)),
        )
    is_asked = number == 0 and any(one.startswith(FINANCIAL) for one in desk.questions)  # of headings, tabs
    if is_asked or any(one.is_financial for one in seen):
        year = layout.get("fiscal_year", {})
        first = year.get("first_month") if isinstance(year, dict) else None
        st.selectbox(
            "In which month do your financial years begin?",
            range(2, 13),
            index=first - 2 if isinstance(first, int) else None,
            format_func=lambda month: _MONTHS[month - 1],
            placeholder="Choose",
            key=f"settings-fiscal-{number}",
            on_change=partial(_fiscal, desk, number),
        )


def _counted(desk: Desk, values: dict[str, Any], number: int) -> None:
    """Ask whether numbers are of new people or reports, where no name of the sheet says what they count."""
    one = editing.tables(values)[number]
    if not editing.counts(one) or not any(asked_of.startswith(COUNTED) for asked_of in desk.questions):
        return
    key = f"settings-counted-{number}"
    st.session_state[key] = "tally" in one
    st.checkbox(
        f"These numbers count {TABLES[str(one['name'])]} new in their month, each in one number only",
        key=key,
        help="Nothing in the names of the sheet says what they count. Numbers of something else, such as "
        "contacts, arrests or inspections, are no records of this kind: leave them out.",
        on_change=partial(_count, desk, number, key),
    )


def _count(desk: Desk, number: int, key: str) -> None:
    def put(values: dict[str, Any]) -> None:
        one = editing.tables(values)[number]
        one.pop("tally", None)
        if st.session_state[key]:
            one["tally"] = "new"

    drafts.change(desk, put)


def _year(desk: Desk, values: dict[str, Any], number: int, looked: Looked) -> None:
    """Ask in which year the first of the columns is that say a month or a quarter alone."""
    period = editing.tables(values)[number].get("columns", {}).get("period", {})
    said = period.get("months_from", "") if isinstance(period, dict) else ""
    months = month_columns([one.name for one in looked.columns])
    is_asked = not period and any(one.startswith(YEAR) for one in desk.questions)
    if months is None or not months.needs_year or not (said or is_asked):
        return
    key = f"settings-year-{number}"
    st.session_state[key] = int(said[:4]) if said[:4].isdigit() else None
    st.number_input(
        f"In which year is ‘{engine.plain(months.columns[0])}’, the first of your columns?",
        *_YEARS,
        step=1,
        key=key,
        placeholder="Such as 2024",
        help="The others follow it, into the next year where they go round.",
        on_change=partial(_in_year, desk, number, months, key),
    )


def _in_year(desk: Desk, number: int, months: MonthColumns, key: str) -> None:
    year = st.session_state[key]

    def put(values: dict[str, Any]) -> None:
        columns = editing.tables(values)[number].setdefault("columns", {})
        columns.pop("period", None)
        if year:
            first = months_from(int(year), months.columns, months.formats)
            columns["period"] = toml_text.parsed(f"rule = {twelve_months_rule(first, months.formats)}")[
                "rule"
            ]

    drafts.change(desk, put)


def _example(text: str) -> str:
    shown = text
    for part in sorted(_EXAMPLES, key=len, reverse=True):
        shown = shown.replace(part, f"{{{list(_EXAMPLES).index(part)}}}")
    return f"{engine.plain(shown.format(*_EXAMPLES.values()))} is 25 March 2025" if "d" in text else text


def _format(desk: Desk, number: int, doubtful: tuple[str, ...]) -> None:
    chosen = st.session_state[f"settings-dates-{number}"]

    def put(values: dict[str, Any]) -> None:
        file = values.setdefault("file", {})
        given = file.get("date_format", [])
        formats = [given] if isinstance(given, str) else given
        file["date_format"] = [*(text for text in formats if text not in doubtful), chosen]

    if chosen:
        drafts.change(desk, put)


def _fiscal(desk: Desk, number: int) -> None:
    chosen = st.session_state[f"settings-fiscal-{number}"]

    def put(values: dict[str, Any]) -> None:
        year = {"first_month": chosen}
        # A year from July lies in two calendar years by halves: it is counted where it ends, and says so.
        values.setdefault("file", {})["fiscal_year"] = {**year, "counts_in": "end"} if chosen == 7 else year

    if chosen:
        drafts.change(desk, put)
