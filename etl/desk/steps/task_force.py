"""Your task force: what the place is called, which areas it covers, whom to write to (``place`` underneath).

It is no step of its own: step 1 asks it, and the steps that would load or publish ask it where it is open.
"""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from analysis.catalog.load import load_catalog
from etl import cli
from etl.commands.keeping.place import LONGEST
from etl.commands.map import every_area
from etl.commands.terminal import options
from etl.config import Deployment, Home, read_deployment
from etl.contracts.areas import Areas
from etl.contracts.countries import name_by_alpha2
from etl.desk import engine
from etl.desk.state import Desk
from etl.progress import Progress
from etl.release.unperturbed.texts import EVERY, LAWS
from etl.store import warehouse

TITLE = "Your task force"
NEEDED = (
    "The dashboard has to know where it is: say what your place is called and which areas you cover. It is "
    "asked once. Which areas they are cannot be changed after the first sheet is loaded."
)
GEOGRAPHIES = {
    "us": "United States: states and counties",
    "uk": "United Kingdom: police force areas",
    "world": "Another country",
}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_COUNTRIES = {"us": "US", "uk": "GB"}
_KEY = "place-"
_RESULT = "place_result"
_NAME, _GEOGRAPHY, _AREAS, _CONTACT = (f"{_KEY}{one}" for one in ("name", "geography", "areas", "contact"))
_COUNTRY, _UPDATE, _AS_OF, _TEXTS = (f"{_KEY}{one}" for one in ("country", "update", "as-of", "texts"))
_NEEDED = {
    _NAME: "what your place is called",
    _GEOGRAPHY: "in which country it is",
    _AREAS: "which areas you cover",
}
_YEAR, _MONTH = f"{_KEY}year-", f"{_KEY}month-"
_BEGUN = "place_begun"
CHANGED = (
    "What is said of your task force was changed elsewhere meanwhile. The boxes show it as it is now: "
    "look at them, and keep what you meant once more."
)


@dataclass(frozen=True)
class _Begun:
    """What the boxes were filled with by their keys, from all that was said and from what the file says."""

    said: Deployment
    file: Deployment
    boxes: dict[str, Any]

    def is_typed(self) -> bool:
        """Tell whether somebody changed a box."""
        return any(st.session_state.get(key, value) != value for key, value in self.boxes.items())

    def is_to_be_kept(self, key: str, field: str) -> bool:
        """Tell whether somebody changed a box, or the file does not say what stands in it."""
        is_touched = st.session_state.get(key) != self.boxes[key]
        return is_touched or getattr(self.said, field) != getattr(self.file, field)


def is_open(home: Path) -> bool:
    """Return whether nobody has said yet whose deployment a home is."""
    said = _said(home)
    return not (said.place and said.geography)


def asked(desk: Desk) -> bool:
    """Ask whose deployment it is where nobody has said so; return whether it had to be asked.

    Parameters
    ----------
    desk
        Its home.
    """
    if not is_open(desk.home):
        return False
    show(desk)
    return True


def show(desk: Desk) -> None:
    """Ask it, or show what was said, folded."""
    said = _said(desk.home)
    with st.container(border=True) if is_open(desk.home) else st.expander(_title(said), key=f"{_KEY}said"):
        if is_open(desk.home):
            st.subheader(TITLE)
            st.write(NEEDED)
        _ask(desk, said)
    _told()


def _title(said: Deployment) -> str:
    return f"{TITLE}: {engine.plain(said.place)}"


def _said(home: Path) -> Deployment:
    """Return what the home says of itself, and what its records were loaded with where it says nothing."""
    manifest = warehouse.parse_manifest(Home(home))
    current = manifest.version(manifest.current) if manifest else None
    if current is None or current.is_synthetic:
        return read_deployment(home)
    return options.deployment_of(Namespace(home=str(home)))[1]


def _ask(desk: Desk, said: Deployment) -> None:
    _begin(desk.home, said)
    st.text_input(
        "What is your place called?",
        key=_NAME,
        placeholder="such as Miami-Dade County",
        max_chars=LONGEST,
        autocomplete="off",
        persist_state="session",
        help="At the top of every page and in every file, where it stands as the publisher as well.",
    )
    geographies = _geographies(desk.home, said.geography)
    st.selectbox(
        "In which country is it?",
        list(geographies),
        index=None,
        format_func=lambda code: geographies.get(code, code),
        placeholder="Choose",
        key=_GEOGRAPHY,
        persist_state="session",
        on_change=_other_country,
        help="Of another country the whole is known, and no areas in it. Areas of your own: load their "
        "boundaries first (python -m etl load FILE --source boundaries).",
    )
    geography = st.session_state[_GEOGRAPHY]
    areas = _areas(desk.home, geography) if geography else Areas(())
    st.session_state[_AREAS] = _there(st.session_state[_AREAS], areas)
    st.multiselect(
        "Which areas do you cover?",
        _in_order(areas),
        format_func=areas.called,
        placeholder="Type a name and choose; of a whole state, or of all, that one alone"
        if geography
        else "",
        disabled=not geography,
        key=_AREAS,
        persist_state="session",
        help="Each with everything in it. Records of other areas are rejected.",
        filter_mode="contains",
        select_all=False,  # first in the list, it is what Enter would take
    )
    st.text_input(
        "Whom can readers write to?",
        key=_CONTACT,
        placeholder="may stay empty",
        help="An address or a number of your office, in files and briefings.",
        max_chars=LONGEST,
        autocomplete="off",
        persist_state="session",
    )
    with st.expander("Years of your funders, nationals, dates, words that may leave"):
        _more(said)
    st.button(
        "Keep this",
        key=f"{_KEY}keep",
        type="primary" if is_open(desk.home) else "secondary",
        on_click=_keep,
        args=(desk,),
    )


def _begin(home: Path, said: Deployment) -> None:
    """Fill the boxes with what was said; what is typed stays until it is kept, or the file changes."""
    before: _Begun | None = st.session_state.get(_BEGUN)
    if before is None or before.said != said:
        if before is not None and before.is_typed():
            st.session_state.setdefault(_RESULT, CHANGED)
        _forget()
        st.session_state[_BEGUN] = _Begun(said, read_deployment(home), _boxes(home, said))
    for key, value in st.session_state[_BEGUN].boxes.items():
        st.session_state.setdefault(key, value)


def _forget() -> None:
    for key in [one for one in st.session_state if str(one).startswith(_KEY)]:
        del st.session_state[key]


def _boxes(home: Path, said: Deployment) -> dict[str, Any]:
    """Return what the boxes hold for what was said."""
    areas = _areas(home, said.geography) if said.geography else Areas(())
    is_all = bool(said.place and said.geography) and not said.areas
    begun: dict[str, Any] = {
        _NAME: said.place,
        _GEOGRAPHY: said.geography or None,
        _AREAS: _tops(areas) if is_all else _there(said.areas, areas),
        _CONTACT: said.contact,
        _COUNTRY: said.home_country or None,
        _UPDATE: said.next_update,
        _AS_OF: said.as_of,
        _TEXTS: list(said.published_texts),
    }
    for number, (name, month) in enumerate([*said.fiscal_years.items(), ("", 10)]):
        begun |= {f"{_YEAR}{number}": name, f"{_MONTH}{number}": month}
    return begun


def _there(codes: Sequence[str], areas: Areas) -> list[str]:
    return [code for code in codes if code in areas.codes]


def _tops(areas: Areas) -> list[str]:
    """Return the areas that all others lie in."""
    return sorted(code for code in areas.codes if not areas.parents.get(code))


def _more(said: Deployment) -> None:
    for number in range(len(said.fiscal_years) + 1):
        left, right = st.columns(2)
        left.text_input(
            "A year that a funder counts by",
            key=f"{_YEAR}{number}",
            placeholder="such as Federal fiscal year",
            max_chars=LONGEST,
            autocomplete="off",
            persist_state="session",
        )
        right.selectbox(
            "begins in",
            range(2, 13),
            format_func=lambda month: MONTHS[month - 1],
            key=f"{_MONTH}{number}",
            persist_state="session",
        )
    countries = name_by_alpha2()
    st.selectbox(
        "Citizens of which country are nationals?",
        _with([said.home_country], sorted(countries, key=countries.__getitem__)),
        index=None,
        format_func=lambda code: countries.get(code, code),
        key=_COUNTRY,
        persist_state="session",
        help="Nationals and others are told apart by it.",
    )
    left, right = st.columns(2)
    left.date_input("Next figures due on", value=None, key=_UPDATE, persist_state="session")
    right.date_input(
        "Fixed reporting date",
        value=None,
        key=_AS_OF,
        persist_state="session",
        help="Empty: the end of the last month that a sheet covers. It holds from the next load on.",
    )
    worded = _worded()
    st.multiselect(
        "Words of registers that may be published",
        _with(said.published_texts, list(worded)),
        format_func=lambda name: worded.get(name, name),
        key=_TEXTS,
        persist_state="session",
        help="Each text is asked for once more in step 6 before it leaves.",
    )


def _with(said: Sequence[str], listed: list[str]) -> list[str]:
    """Return what can be chosen, with what was said and is on no list."""
    return [*listed, *(one for one in dict.fromkeys(said) if one and one not in listed)]


@lru_cache(maxsize=1)
def _worded() -> dict[str, str]:
    """Return the columns of words that registers have, with their labels."""
    named = {
        f"{register.code}.{column.code}": f"{register.label}: {column.label}"
        for register in load_catalog().registers.values()
        for column in register.columns
        if column.is_worded
    }
    return {EVERY: "All of them", **named, LAWS: "Laws: their texts"}


def _areas(home: Path, geography: str) -> Areas:
    return every_area(Home(home), geography)


def _geographies(home: Path, said: str) -> dict[str, str]:
    """Return the geographies that there are: those that come along, that was said, and those loaded."""
    manifest = warehouse.parse_manifest(Home(home))
    current = manifest.version(manifest.current) if manifest else None
    found = [said] if said else []
    if manifest is not None and current is not None and not current.is_synthetic:
        with warehouse.connect(warehouse.current(Home(home))) as connection:
            rows = connection.execute("SELECT DISTINCT geography FROM stage.area ORDER BY 1").fetchall()
        found += [code for (code,) in rows]
    own = {code: f"Areas of your own: {code}" for code in found if code not in GEOGRAPHIES}
    return {**GEOGRAPHIES, **own}


def _in_order(areas: Areas) -> list[str]:
    """Return the codes of areas by name, what holds others first."""
    holding = {above for above in areas.parents.values() if above}
    return sorted(areas.codes, key=lambda code: (code not in holding, areas.called(code)))


def _other_country() -> None:
    """Take the country's own people as nationals, where nothing else was said."""
    geography = st.session_state[_GEOGRAPHY]
    if st.session_state.get(_COUNTRY) in (None, *_COUNTRIES.values()):
        st.session_state[_COUNTRY] = _COUNTRIES.get(geography or "")


def _keep(desk: Desk) -> None:
    """Write it down by the command, and remember what it said for a word on the page."""
    try:
        done = _kept(desk)
    except (Exception, SystemExit) as error:
        done = cli.refusal(error)
    st.session_state[_RESULT] = done


def _kept(desk: Desk) -> object:
    """Return what the command told, what is still needed before it, or that the file is another by now."""
    begun: _Begun = st.session_state[_BEGUN]
    if _said(desk.home) != begun.said:
        return CHANGED
    missing = [words for key, words in _NEEDED.items() if not st.session_state.get(key)]
    # Of areas that are not loaded yet none can be chosen.
    if _NEEDED[_AREAS] in missing and _GEOGRAPHY in st.session_state:
        geography = st.session_state[_GEOGRAPHY]
        if geography and not _areas(desk.home, geography).codes:
            missing.remove(_NEEDED[_AREAS])
    if missing:
        return missing
    done = cli.carry_out(engine.given(desk, *_command(begun)), Progress())
    _forget()  # as the file says it from now on
    del st.session_state[_BEGUN]
    desk.looked.clear()  # words of areas were told by those covered before
    desk.checked = None
    return done


def _command(begun: _Begun) -> list[str]:
    """Return the command line that says what the boxes say, without what the file says already."""
    state, is_to_be_kept = st.session_state, begun.is_to_be_kept
    words = ["place"]
    for option, key, field in (
        ("--name", _NAME, "place"),
        ("--geography", _GEOGRAPHY, "geography"),
        ("--contact", _CONTACT, "contact"),
        ("--country", _COUNTRY, "home_country"),
        ("--next-update", _UPDATE, "next_update"),
        ("--as-of", _AS_OF, "as_of"),
    ):
        if is_to_be_kept(key, field):
            words += [option, str(state.get(key) or "").strip()]
    if is_to_be_kept(_AREAS, "areas") or is_to_be_kept(_GEOGRAPHY, "geography"):
        words += _each("--area", state[_AREAS])
    names = [key for key in begun.boxes if key.startswith(_YEAR)]
    months = {key: key.replace(_YEAR, _MONTH) for key in names}
    if any(state.get(key) != begun.boxes[key] for key in (*names, *months.values())):
        years = [(str(state.get(key) or "").strip(), state[months[key]]) for key in names]
        words += _each("--fiscal-year", [f"{name}={month}" for name, month in years if name])
    if is_to_be_kept(_TEXTS, "published_texts"):
        words += _each("--texts", state.get(_TEXTS) or [])
    return words


def _each(option: str, values: Sequence[str]) -> list[str]:
    return [word for value in values or [""] for word in (option, value)]


def _told() -> None:
    """Say once what came of keeping it."""
    done = st.session_state.pop(_RESULT, None)
    if isinstance(done, cli.Refusal):
        engine.refused(done)
    elif isinstance(done, str):
        st.warning(done)
    elif isinstance(done, list):
        st.warning(f"Still needed: {', '.join(done)}.")
    elif done is not None:
        st.success("Kept.")
        engine.told(done.lines)
