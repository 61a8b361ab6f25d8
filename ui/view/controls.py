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

from analysis.questions.filters import SHARED_DIMENSIONS
from analysis.release.archive import Archive
from analysis.release.places import Geography
from analysis.release.release import Release
from ui.view import registry
from ui.view.still import current as current_still

PARAMETERS = ("collection", "area", "period", *SHARED_DIMENSIONS)
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
PICK = "pick_"
MOST_NAMED = 3
#: The fragment that a page is (`ui.app.frame`).
PAGE = "page"
_OUTSIDE = "_bound_outside"


def bound_text(name: str) -> str:
    """Return the address parameter `name` as text, kept in step with the address.

    Call it once per run and name. Pages use it for a choice of their own that belongs in a link, such as a
    measure: it survives reload, but not a change of page. The name must be one of the `choices` of a page in
    `ui.view.registry`, so that a link with any other name can be told so. Its hidden input is drawn here, but
    where the frame has drawn it beside the page (`draw_beside`).
    """
    if name not in registry.all_choices():
        raise ValueError(f"{name!r} is not among the choices of any page in ui/view/registry.py")
    if (still := current_still()) is not None:
        return still.query.get(name, "")
    return in_address(name) if name in st.session_state.get(_OUTSIDE, ()) else draw_bound(name)


def draw_beside(names: Sequence[str]) -> None:
    """Draw the hidden inputs of a page's own choices beside the page, each as a fragment.

    A filter then does not send them again.
    """
    st.session_state[_OUTSIDE] = tuple(names)
    if not names:
        return
    with st.container(key="address_page"):
        for name in names:
            st.fragment(draw_bound, key=fragment_of(name))(name)


def fragment_of(name: str) -> str:
    """Return the name of the fragment that draws the input of an address parameter."""
    return f"address_{name}"


def run(fragments: Sequence[str]) -> None:
    """Run some fragments in place of everything; only in callbacks, as their last word."""
    st.rerun(fragments)


def in_address(name: str) -> str:
    """Return an address parameter whose input the run has drawn already, or will."""
    still = current_still()
    return still.query.get(name, "") if still is not None else str(st.session_state.get(name) or "")


def draw_bound(name: str) -> str:
    """Draw the hidden input of an address parameter; return what it holds."""
    label = f"In the address: {name}"
    return str(st.text_input(label, key=name, bind="query-params", label_visibility="collapsed") or "")


def hidden_css() -> str:
    """Return the style that hides the inputs: each has its parameter's name for a key."""
    names = (RELEASE, *PARAMETERS, *registry.all_choices())
    return f"{', '.join(f'.stElementContainer.st-key-{name}' for name in names)} {{ display: none; }}"


def write_text(name: str, value: str) -> None:
    """Set an address parameter; only in callbacks, before the run draws its input."""
    st.session_state[name] = value


def choose(written: Mapping[str, str], *, by_click: bool = False) -> None:
    """Set a page's own choices and run what they change; only in callbacks, as their last word.

    Parameters
    ----------
    written
        Names to texts.
    by_click
        Whether a button or a map was clicked: everything is run then. Streamlit plays a click back to the
        fragments that it runs, and before that forgets that the texts are new: they would not get into the
        address.
    """
    for name, value in written.items():
        write_text(name, value)
    outside = st.session_state.get(_OUTSIDE, ())
    fragments = [fragment_of(name) for name in written if name in outside]
    if fragments and by_click:
        st.rerun()
    elif fragments:
        run([*fragments, PAGE])


def mark_of_partner(*, is_partner: bool) -> bool:
    """Keep the mark of a partner in the address of one; return whether the address carries it.

    Whoever copies the address then gives a link that can say what it leads to.
    """
    if is_partner and st.query_params.get(FIGURES) != OF_PARTNERS:
        st.query_params[FIGURES] = OF_PARTNERS
    return st.query_params.get(FIGURES) == OF_PARTNERS


def asked_release() -> str:
    """Return the id of the release that the address names; empty for the newest."""
    return draw_bound(RELEASE).strip()


def asked_release_now() -> str:
    """Return the same while its input stays as it was drawn."""
    return in_address(RELEASE).strip()


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
    key = f"{PICK}{RELEASE}"
    st.session_state[key] = current

    def words(release_id: str) -> str:
        one = offered.get(release_id)
        return "" if one is None else f"{one.words} (newest)" if one.is_newest else one.words

    def store() -> None:
        chosen = offered.get(st.session_state[key])
        write_text(RELEASE, "" if chosen is None or chosen.is_newest else chosen.release_id)

    st.selectbox("Figures as of", list(offered), format_func=words, key=key, on_change=store)


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
    key = f"{PICK}{name}"
    st.session_state[key] = chosen

    def store() -> None:
        picked = _picked(key, options)
        choose({name: "" if picked == default else picked})

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
    key = f"{PICK}{name}"
    st.session_state[key] = current

    def store() -> None:
        choose({name: _picked(key, options), **dict.fromkeys(clears, "")})

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


def geography_of(release: Release, collection: str | None) -> Geography | None:
    """Return the areas of a collection; of the first one when None."""
    known = [one for one in release.collections if one.collection == collection]
    known = known or list(release.collections[:1])
    return release.areas.get(known[0].geography) if known else None


def _short(text: str) -> str:
    safe = "".join(letter if letter.isprintable() and letter not in "<>`" else "·" for letter in text)
    return safe if len(safe) <= 40 else safe[:39] + "…"
