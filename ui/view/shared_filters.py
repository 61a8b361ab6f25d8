"""The filters of the sidebar: their pickers, and what a change of one of them draws again.

A change runs what it changes and nothing else (`changed`): the page, and the hidden inputs of the address
that it writes (`ui.view.controls`). Each of these is a fragment with a name. The list of pages, the other
pickers and the ribbons stay as they are in the browser. Where a change alters another picker, such as the
ends of a period that were given the wrong way round, everything is drawn again.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from analysis import Catalog, Choices, Filters, read_filters
from analysis.errors import echo
from analysis.questions.filters import SHARED_DIMENSIONS
from analysis.release.places import Geography
from analysis.release.release import Release
from analysis.words import first_few
from ui.view import controls, registry
from ui.view.controls import NOT_CHOSEN, PAGE, PARAMETERS, PICK
from ui.view.years import period_filter

#: Filters that are asked for most; the others wait behind "More filters".
ALWAYS_OPEN = ("age_group",)
FOLDED = tuple(name for name in SHARED_DIMENSIONS if name not in ALWAYS_OPEN)
MOST_NAMED = 3
_MORE, _CLEAR = "more_filters", "clear_filters"


def draw(catalog: Catalog, release: Release) -> None:
    """Draw the sidebar's filters.

    Parameters
    ----------
    catalog, release
        What exists. A collection brings its own areas, contributors and periods.
    """
    with st.container(key="address_all"):  # hidden as well, with the boxes of the fragments
        for name in PARAMETERS:
            st.fragment(controls.draw_bound, key=controls.fragment_of(name))(name)
    for text in (*_repeated_names(), *_unknown_names()):
        controls.notice(text)
    filters, choices = read(catalog, release)
    period_filter.draw(filters, choices, release, changed)
    _area_picker(filters, controls.geography_of(release, filters.collection))
    for name in ALWAYS_OPEN:
        _dimension_picker(name, dict(filters.where).get(name, ()), catalog, choices)
    _more(catalog, release)
    _clear_button()


def read(catalog: Catalog, release: Release) -> tuple[Filters, Choices]:
    """Return what the shared filters say, and what they could say; a remark on what they cannot is kept."""
    query = {name: controls.in_address(name) for name in PARAMETERS}
    choices = release.choices_of(query["collection"] or None)
    filters, notices = read_filters(query, catalog, choices)
    for text in notices:
        controls.notice(text)
    return filters, choices


def changed(written: Mapping[str, str], *, is_alone: bool = True) -> None:
    """Write filters into the address and run what they change; only in callbacks.

    Parameters
    ----------
    written
        Names to texts.
    is_alone
        False where the pickers of the sidebar must be drawn again too.
    """
    was_any = _is_any()
    new = [name for name, text in written.items() if controls.in_address(name) != text]
    for name in new:
        controls.write_text(name, written[name])
    if not is_alone:
        st.rerun()
    more = [_MORE] if any(name in FOLDED for name in new) else []
    more += [_CLEAR] if was_any != _is_any() else []
    controls.run([*map(controls.fragment_of, new), *more, PAGE])


def clear() -> None:
    """Take every shared filter back to "all"."""
    changed(dict.fromkeys(PARAMETERS, ""), is_alone=False)


def _is_any() -> bool:
    return any(map(controls.in_address, PARAMETERS))


@st.fragment(key=_CLEAR)
def _clear_button() -> None:
    st.button("Clear all filters", on_click=clear, disabled=not _is_any(), width="stretch", key="clear")


@st.fragment(key=_MORE)
def _more(catalog: Catalog, release: Release) -> None:
    """Draw the filters that are asked for less."""
    filters, choices = read(catalog, release)
    chosen = dict(filters.where)
    inside = sum(name in chosen for name in FOLDED) + bool(filters.collection)
    with st.expander(f"More filters ({inside} on)" if inside else "More filters", expanded=bool(inside)):
        if len(choices.collections) > 1:
            _collection_picker(filters, choices)
        for name in FOLDED:
            _dimension_picker(name, chosen.get(name, ()), catalog, choices)


def _unknown_names() -> list[str]:
    """Return a sentence about names in the address that nothing here goes by, such as a misspelt filter."""
    known = {*PARAMETERS, *registry.all_choices(), *NOT_CHOSEN}
    unknown = [echo(name) for name in st.query_params if name not in known]
    if not unknown:
        return []
    one = len(unknown) == 1
    return [
        f"{first_few(unknown, MOST_NAMED)} in the link {'is no filter' if one else 'are no filters'} "
        f"here; {'it was' if one else 'they were'} left out."
    ]


def _repeated_names() -> list[str]:
    """Return a sentence for each filter that the address names more than once: its last value is taken."""
    return [
        f"‘{name}’ stands in the link more than once; the last one is used. Write several as {name}=A,B."
        for name in PARAMETERS
        if len(st.query_params.get_all(name)) > 1
    ]


def _area_picker(filters: Filters, geography: Geography | None) -> None:
    if geography is None:
        return
    counties = geography.at(1)
    nested = [code for county in counties for code in (county, *geography.within(county, 2))]
    options = ["", *(nested or geography.at(2))]
    if len(filters.areas) > 1:
        options.insert(1, ",".join(filters.areas))
    st.session_state[f"{PICK}area"] = ",".join(filters.areas)

    def words(code: str) -> str:
        if not code:
            return "Whole region"
        if "," in code:
            return f"{len(filters.areas)} areas chosen together"
        indent = "\u2003" if counties and geography.levels[code] > 1 else ""
        return indent + geography.names[code]

    def store() -> None:
        # Several areas chosen together are an option as long as they are chosen.
        changed({"area": st.session_state[f"{PICK}area"]}, is_alone=len(filters.areas) < 2)

    st.selectbox(
        "Area", options, format_func=words, key=f"{PICK}area", on_change=store, filter_mode="contains"
    )


def _collection_picker(filters: Filters, choices: Choices) -> None:
    st.session_state[f"{PICK}collection"] = filters.collection or next(iter(choices.collections))

    def store() -> None:
        picked = st.session_state[f"{PICK}collection"]
        text = "" if picked == next(iter(choices.collections)) else picked
        changed({"collection": text}, is_alone=False)

    st.selectbox(
        "Source of records",
        list(choices.collections),
        format_func=choices.collections.__getitem__,
        key=f"{PICK}collection",
        on_change=store,
        help="Two sources are never added together: they may hold the same people.",
    )


def _dimension_picker(name: str, chosen: Sequence[str], catalog: Catalog, choices: Choices) -> None:
    dimension = catalog.dimensions[name]
    options = list(choices.sources) if dimension.codes_from else list(dimension.codes)
    if not options:
        return
    key = f"{PICK}{name}"
    st.session_state[key] = [code for code in options if code in chosen]

    def words(code: str) -> str:
        return choices.sources.get(code, code) if dimension.codes_from else dimension.label_of(code)

    def store() -> None:
        # Two of one family, such as the two of age, cannot be combined.
        others = [
            other
            for other in SHARED_DIMENSIONS
            if other != name and dimension.family and catalog.dimensions[other].family == dimension.family
        ]
        texts = dict.fromkeys(others, "") | {name: ",".join(st.session_state[key])}
        changed(texts, is_alone=not any(map(controls.in_address, others)))

    st.multiselect(
        dimension.label,
        options,
        format_func=words,
        key=key,
        on_change=store,
        placeholder="All",
        filter_mode="contains",
        select_all=False,
    )
