"""The sidebar's period: its first and last year, in calendar years or in those of a funder."""

from collections.abc import Callable, Mapping

import streamlit as st

from analysis import Choices, Filters
from analysis.periods import joined_level, label_of
from analysis.release.release import Release
from ui.view.controls import PICK
from ui.view.years import steps

KIND = "kind_of_year"
HELP = (
    "Half-years and funders' years add up published quarters. Only counts are added up: shares, rates and "
    "waits keep calendar years."
)
Changed = Callable[..., None]


def draw(filters: Filters, choices: Choices, release: Release, changed: Changed) -> None:
    """Draw From, To and, where there is more than one, the kind of year they are.

    Parameters
    ----------
    filters, choices
        What is chosen, and between which months a period may lie.
    release
        Knows the years of its funders.
    changed
        Writes the address and runs what it changes (`ui.view.shared_filters.changed`).
    """
    widest = choices.widest
    if not widest[0]:
        return
    kind = joined_level(filters.periods)
    options = steps.periods_of(kind, widest)
    if not options:
        kind, options = "", steps.periods_of("", widest)
    _ends(filters, kind, options, changed)
    kinds = {
        code: words for code, words in steps.kinds(release, filters.periods).items() if _has(code, widest)
    }
    if len(kinds) > 1:
        _kind(kind, kinds, (options[0], options[-1]), widest, changed)


def _has(kind: str, widest: steps.Ends) -> bool:
    return bool(steps.periods_of(kind, widest))


def _ends(filters: Filters, kind: str, options: list[str], changed: Changed) -> None:
    first, last = filters.periods or (options[0], options[-1])
    if not kind:  # an address may hold months
        first, last = first[:4], last[:4]
    first, last = (min(max(code, options[0]), options[-1]) for code in (first, last))
    st.session_state[f"{PICK}from"], st.session_state[f"{PICK}to"] = first, last

    def store() -> None:
        given = [st.session_state[f"{PICK}from"], st.session_state[f"{PICK}to"]]
        ends = sorted(given)
        # All calendar years are no filter; all years of a funder say that it is these.
        is_all = not kind and ends == [options[0], options[-1]]
        changed({"period": "" if is_all else "..".join(dict.fromkeys(ends))}, is_alone=ends == given)

    # Two years of four letters stand side by side; "October 2022 to September 2023" needs a line.
    left, right = st.columns(2) if not kind else (st.container(), st.container())
    left.selectbox("From", options, key=f"{PICK}from", format_func=label_of, on_change=store)
    right.selectbox("To", options, key=f"{PICK}to", format_func=label_of, on_change=store)


def _kind(
    kind: str, kinds: Mapping[str, str], ends: steps.Ends, widest: steps.Ends, changed: Changed
) -> None:
    key = f"{PICK}{KIND}"
    now = st.session_state[f"{PICK}from"], st.session_state[f"{PICK}to"]
    st.session_state[key] = kind

    def store() -> None:
        picked = st.session_state[key]
        options = steps.periods_of(picked, widest)
        found = (options[0], options[-1]) if now == ends else steps.in_kind(now, picked, widest)
        is_all = not picked and found == (options[0], options[-1])
        changed({"period": "" if is_all else "..".join(dict.fromkeys(found))}, is_alone=False)

    st.selectbox("Years", list(kinds), format_func=kinds.__getitem__, key=key, on_change=store, help=HELP)
