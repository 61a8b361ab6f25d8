"""The filters every page shares: pickers in the sidebar, plain text in the address.

Each filter is one hidden text input that Streamlit binds to the address
(`?form=forced_labour&period=2019..2025`). Reload, the browser's back and forward buttons, links and page
changes then work without code of our own, the codes stay readable, and every value passes
`analysis.read_filters`, which refuses what it does not know and says so. The pickers a reader sees only write
into those texts. (Binding a picker itself would put its *words* into the address, and a link would break when
a label is edited.)
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from analysis import Catalog, Choices, Filters, read_filters
from analysis.errors import echo
from analysis.questions.filters import SHARED_DIMENSIONS
from analysis.release.archive import Archive
from analysis.release.places import Geography
from analysis.release.release import Release
from analysis.words import first_few
from ui.view import registry
from ui.view.still import current as current_still

PARAMETERS = ("collection", "area", "period", *SHARED_DIMENSIONS)
#: Filters that are asked for most; the others wait behind "More filters".
ALWAYS_OPEN = ("age_group",)
#: Streamlit reads these itself.
_EMBEDDING = ("embed", "embed_options")
#: `ui.app.sign_in` reads this one.
_OF_THE_SIGN_IN = ("sign_in",)
#: Says in an address that a partner made it.
FIGURES = "figures"
OF_PARTNERS = "partner"
#: Names in an address the release that is read; without it, the newest is.
RELEASE = "release"
#: Names in an address that say how a page is shown and not what is asked.
NOT_CHOSEN = (*_EMBEDDING, *_OF_THE_SIGN_IN, FIGURES, RELEASE)
_PICK = "pick_"
MOST_NAMED = 3


def bound_text(name: str) -> str:
    """Return the address parameter `name` as text, kept in step with the address.

    Draws a hidden text input; call it once per run and name. Pages use it for a choice of their own that
    belongs in a link, such as a measure: it survives reload, but not a change of page. The name must be one
    of the `choices` of a page in `ui.view.registry`, so that a link with any other name can be told so.
    """
    if name not in registry.all_choices():
        raise ValueError(f"{name!r} is not among the choices of any page in ui/view/registry.py")
    if (still := current_still()) is not None:
        return still.query.get(name, "")
    with st.container(key=f"address_{name}"):
        return _bound(name)


def in_address(name: str) -> str:
    """Return an address parameter whose input the run has drawn already, or will."""
    still = current_still()
    return still.query.get(name, "") if still is not None else str(st.session_state.get(name) or "")


def _bound(name: str) -> str:
    label = f"In the address: {name}"
    return str(st.text_input(label, key=name, bind="query-params", label_visibility="collapsed") or "")


def write_text(name: str, value: str) -> None:
    """Set an address parameter; only in callbacks, before the run draws its input."""
    st.session_state[name] = value


def mark_of_partner(*, is_partner: bool) -> bool:
    """Keep the mark of a partner in the address of one; return whether the address carries it.

    Whoever copies the address then gives a link that can say what it leads to.
    """
    if is_partner and st.query_params.get(FIGURES) != OF_PARTNERS:
        st.query_params[FIGURES] = OF_PARTNERS
    return st.query_params.get(FIGURES) == OF_PARTNERS


def asked_release() -> str:
    """Return the id of the release that the address names; empty for the newest."""
    with st.container(key=f"address_{RELEASE}"):
        return _bound(RELEASE).strip()


def read_newest() -> None:
    """Let the address name no release; only in callbacks."""
    write_text(RELEASE, "")


def draw_releases(archive: Archive, current: str) -> None:
    """Draw the picker of releases, where there is more than one to choose from.

    Parameters
    ----------
    archive
        Those that the reader may choose from.
    current
        Id of the one that is read.
    """
    offered = {one.release_id: one for one in archive.offered}
    if len(offered) < 2 or current not in offered:
        return
    key = f"{_PICK}{RELEASE}"
    st.session_state[key] = current

    def words(release_id: str) -> str:
        one = offered.get(release_id)
        return "" if one is None else f"{one.words} (newest)" if one.is_newest else one.words

    def store() -> None:
        chosen = offered.get(st.session_state[key])
        write_text(RELEASE, "" if chosen is None or chosen.is_newest else chosen.release_id)

    st.selectbox("Figures as of", list(offered), format_func=words, key=key, on_change=store)


def clear() -> None:
    """Take every shared filter back to "all"."""
    for name in PARAMETERS:
        st.session_state[name] = ""


def page_choice(
    name: str,
    label: str,
    options: Mapping[str, str],
    default: str,
    *,
    style: str = "select",
    help_text: str | None = None,
) -> str:
    """Draw one choice that belongs to a page and to its link; return the code chosen.

    Parameters
    ----------
    name
        Address parameter; not one of `PARAMETERS`.
    label
        Words above the picker.
    options
        Codes to words, in order.
    default
        Code when the address says nothing, or nothing known.
    style
        "select" for a list, "segments" for a row of two to five buttons.
    help_text
        Shown on a question mark.
    """
    asked = bound_text(name)
    if asked and asked not in options:
        warn(_no_choice(asked, label, options[default]))
    chosen = asked if asked in options else default
    if current_still() is not None:
        return chosen
    key = f"{_PICK}{name}"
    st.session_state[key] = chosen

    def store() -> None:
        picked = _picked(key, options)
        write_text(name, "" if picked == default else picked)

    words = options.__getitem__
    if style == "segments":
        st.segmented_control(
            label, list(options), format_func=words, key=key, on_change=store, help=help_text
        )
    else:
        st.selectbox(label, list(options), format_func=words, key=key, on_change=store, help=help_text)
    return chosen


def chosen(name: str, label: str, options: Mapping[str, str], default: str) -> str:
    """Return the code of a page's own choice from the address, without drawing its picker yet.

    Parameters
    ----------
    name, label, options, default
        As `page_choice`. A code that is none of the options is told, and the default taken.
    """
    asked = bound_text(name)
    if asked and asked not in options:
        notice(_no_choice(asked, label, options.get(default, "")))
    return asked if asked in options else default


def draw_choice(
    name: str, label: str, options: Mapping[str, str], current: str, style: str, *, clears: Sequence[str] = ()
) -> None:
    """Draw the picker of a page's own choice, whose code is `current`.

    Parameters
    ----------
    name, label, options
        As `page_choice`.
    current
        What `chosen` returned.
    style
        "select" or "segments".
    clears
        Names of choices that depend on this one: they are let go when it changes.
    """
    key = f"{_PICK}{name}"
    st.session_state[key] = current

    def store() -> None:
        write_text(name, _picked(key, options))
        for below in clears:
            write_text(below, "")

    words = options.__getitem__
    if style == "segments":
        st.segmented_control(label, list(options), format_func=words, key=key, on_change=store)
    else:
        st.selectbox(label, list(options), format_func=words, key=key, on_change=store)


def _picked(key: str, options: Mapping[str, str]) -> str:
    """Return the code that was picked; empty where the browser names words that are no option any more.

    Words may hold how much can be shown, and that changes with the release under an open page.
    """
    picked = st.session_state[key]
    return picked if picked in options else ""


def _no_choice(asked: str, label: str, shown: str) -> str:
    return f"‘{_short(asked)}’ is not a choice of ‘{label.lower()}’; ‘{shown}’ is shown."


def warn(text: str) -> None:
    """Tell a reader something where the run has come to; of a still, with its other notices."""
    if current_still() is not None:
        notice(text)
    else:
        st.warning(text, icon=":material/info:")


def notice(text: str) -> None:
    """Keep a sentence for the notices above the content of this run."""
    if (still := current_still()) is not None:
        still.notices.append(text)
        return
    st.session_state.setdefault("_notices", []).append(text)


def take_notices() -> list[str]:
    """Return the notices of this run and forget them."""
    return list(dict.fromkeys(st.session_state.pop("_notices", [])))


def shared_filters(catalog: Catalog, release: Release) -> tuple[Filters, Choices]:
    """Draw the sidebar's filters; return what they say, and what they could say.

    Parameters
    ----------
    catalog, release
        What exists. A collection brings its own areas, contributors and periods.
    """
    with st.container(key="address_all"):
        query = {name: _bound(name) for name in PARAMETERS}
    choices = release.choices_of(query["collection"] or None)
    filters, notices = read_filters(query, catalog, choices)
    for text in (*notices, *_repeated_names(), *_unknown_names()):
        notice(text)
    _period_pickers(filters, choices)
    _area_picker(filters, geography_of(release, filters.collection))
    chosen = dict(filters.where)
    for name in ALWAYS_OPEN:
        _dimension_picker(name, chosen.get(name, ()), catalog, choices)
    folded = [name for name in SHARED_DIMENSIONS if name not in ALWAYS_OPEN]
    inside = sum(name in chosen for name in folded) + bool(filters.collection)
    with st.expander(f"More filters ({inside} on)" if inside else "More filters", expanded=bool(inside)):
        if len(choices.collections) > 1:
            _collection_picker(filters, choices)
        for name in folded:
            _dimension_picker(name, chosen.get(name, ()), catalog, choices)
    st.button(
        "Clear all filters", on_click=clear, disabled=filters == Filters(), width="stretch", key="clear"
    )
    return filters, choices


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


def geography_of(release: Release, collection: str | None) -> Geography | None:
    """Return the areas of a collection; of the first one when None."""
    known = [one for one in release.collections if one.collection == collection]
    known = known or list(release.collections[:1])
    return release.areas.get(known[0].geography) if known else None


def _period_pickers(filters: Filters, choices: Choices) -> None:
    earliest, latest = choices.widest
    if not earliest:
        return
    years = [str(year) for year in range(int(earliest[:4]), int(latest[:4]) + 1)]
    first, last = filters.periods or (years[0], years[-1])
    first, last = (min(max(code[:4], years[0]), years[-1]) for code in (first, last))
    st.session_state[f"{_PICK}from"], st.session_state[f"{_PICK}to"] = first, last

    def store() -> None:
        ends = sorted((st.session_state[f"{_PICK}from"], st.session_state[f"{_PICK}to"]))
        write_text("period", "" if ends == [years[0], years[-1]] else "..".join(dict.fromkeys(ends)))

    left, right = st.columns(2)
    left.selectbox("From", years, key=f"{_PICK}from", on_change=store)
    right.selectbox("To", years, key=f"{_PICK}to", on_change=store)


def _area_picker(filters: Filters, geography: Geography | None) -> None:
    if geography is None:
        return
    counties = geography.at(1)
    nested = [code for county in counties for code in (county, *geography.within(county, 2))]
    options = ["", *(nested or geography.at(2))]
    if len(filters.areas) > 1:
        options.insert(1, ",".join(filters.areas))
    st.session_state[f"{_PICK}area"] = ",".join(filters.areas)

    def words(code: str) -> str:
        if not code:
            return "Whole region"
        if "," in code:
            return f"{len(filters.areas)} areas chosen together"
        indent = "\u2003" if counties and geography.levels[code] > 1 else ""
        return indent + geography.names[code]

    def store() -> None:
        write_text("area", st.session_state[f"{_PICK}area"])

    st.selectbox(
        "Area", options, format_func=words, key=f"{_PICK}area", on_change=store, filter_mode="contains"
    )


def _collection_picker(filters: Filters, choices: Choices) -> None:
    st.session_state[f"{_PICK}collection"] = filters.collection or next(iter(choices.collections))

    def store() -> None:
        picked = st.session_state[f"{_PICK}collection"]
        write_text("collection", "" if picked == next(iter(choices.collections)) else picked)

    st.selectbox(
        "Source of records",
        list(choices.collections),
        format_func=choices.collections.__getitem__,
        key=f"{_PICK}collection",
        on_change=store,
        help="Two sources are never added together: they may hold the same people.",
    )


def _dimension_picker(name: str, chosen: Sequence[str], catalog: Catalog, choices: Choices) -> None:
    dimension = catalog.dimensions[name]
    options = list(choices.sources) if dimension.codes_from else list(dimension.codes)
    if not options:
        return
    key = f"{_PICK}{name}"
    st.session_state[key] = [code for code in options if code in chosen]

    def words(code: str) -> str:
        return choices.sources.get(code, code) if dimension.codes_from else dimension.label_of(code)

    def store() -> None:
        write_text(name, ",".join(st.session_state[key]))
        for other in SHARED_DIMENSIONS:  # two of one family, such as the two of age, cannot be combined
            if other != name and dimension.family and catalog.dimensions[other].family == dimension.family:
                write_text(other, "")

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


def _short(text: str) -> str:
    safe = "".join(letter if letter.isprintable() and letter not in "<>`" else "·" for letter in text)
    return safe if len(safe) <= 40 else safe[:39] + "…"
