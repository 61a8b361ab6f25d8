"""History: what was loaded and released, the way back, and a copy away from this machine."""

from pathlib import Path
from typing import Any

import streamlit as st

from etl.config import Home
from etl.desk import engine, jobs
from etl.desk.state import Desk
from etl.errors import harmless
from etl.progress import Progress
from etl.store import warehouse

NAME = "History"
BACK, COPY = "rollback", "backup"
_BEFORE = "the one before the last change"
_TO, _TO_AGREED = "history_to", "history_to_agreed"
_FOLDER, _COPY_AGREED = "history_folder", "history_copy_agreed"


def state(desk: Desk) -> str:
    """Return where this step stands."""
    manifest = warehouse.parse_manifest(Home(desk.home))
    return f"version {manifest.current} of what is loaded" if manifest else "nothing yet"


def show(desk: Desk) -> None:
    """Draw the step."""
    is_busy = jobs.watch(desk.home)
    jobs.ended(desk.home, rollback="Done.", backup="Copied, and the copy checked.")
    with engine.refusals():
        seen = jobs.command(desk.home, "status")(Progress())
        _loaded(seen.values)
        _released(seen.values["releases"])
    _go_back(desk, is_busy=is_busy)
    _copy_away(desk, is_busy=is_busy)


def _loaded(values: dict[str, Any]) -> None:
    st.subheader("Loaded")
    found = values["warehouse"]
    loads = found["loads"] if found else []
    if not loads:
        st.write("Nothing yet.")
        return
    rows = [
        {
            "State": load["status"],
            "File": load["file_name"],
            "Source": load["source_id"],
            "Months": f"{load['period_from']} to {load['period_to']}" if load["period_from"] else "",
            "Rows taken": _taken(load["rows_accepted"], load["rows_rejected"]),
            "When (UTC)": load["loaded_at"],
        }
        for load in reversed(loads)
    ]
    _table(rows, "Files that were loaded")


def _released(releases: dict[str, dict[str, Any]]) -> None:
    st.subheader("Released")
    if not releases:
        st.write("Nothing yet.")
    rows = [
        {"For": profile, "Release": one, "State": state_of}
        for profile, found in releases.items()
        for state_of, ones in (("offered to readers", found["offered"]), ("withdrawn", found["withdrawn"]))
        for one in ones
    ]
    if rows:
        _table(rows, "Releases")
    for profile, found in releases.items():
        if found["withdrawn"] and not found["offered"]:
            st.warning(f"The {profile} release is withdrawn: readers are offered none.")


def _taken(accepted: int, rejected: int) -> str:
    return f"{accepted:,} of {accepted + rejected:,}"


def _table(rows: list[dict[str, str]], what: str) -> None:
    """Show rows as they are: a file may be called like a link or a picture."""
    shown = [{name: engine.plain(harmless(text)) for name, text in row.items()} for row in rows]
    st.table(shown, hide_index=True, alt=what)


def _go_back(desk: Desk, *, is_busy: bool) -> None:
    st.subheader("Go back to what was loaded before")
    st.write("What is published stays published: a release is never taken back by this.")
    manifest = warehouse.parse_manifest(Home(desk.home))
    versions = {
        str(one.number): f"version {one.number}: {one.what}, {one.made_at[:16].replace('T', ' ')} UTC"
        for one in (reversed(manifest.versions) if manifest else ())
        if manifest and one.number != manifest.current
    }
    st.selectbox(
        "Which",
        ["", *versions],
        format_func=lambda number: versions.get(number, _BEFORE),
        key=_TO,
        persist_state="session",
    )
    agreed = st.checkbox("Yes, go back to it", key=_TO_AGREED)
    st.button(
        "Go back",
        key="history_back",
        disabled=is_busy or not agreed,
        on_click=_begin_back,
        args=(desk, jobs.newest(desk.home)),
    )


def _begin_back(desk: Desk, after: jobs.Job | None) -> None:
    number = st.session_state.get(_TO) or ""
    words = ["rollback", *(["--to", number] if number else [])]
    st.session_state[_TO_AGREED] = False
    jobs.begin(desk.home, jobs.Job(BACK, "Go back", jobs.command(desk.home, *words)), after=after)


def _copy_away(desk: Desk, *, is_busy: bool) -> None:
    st.subheader("Copy everything to another disk")
    st.write("The copy holds the records and the secret: keep it as safe as this machine.")
    folder = st.text_input("A new folder on another disk", key=_FOLDER, persist_state="session")
    agreed = st.checkbox("Only people who may see the records can open that disk", key=_COPY_AGREED)
    st.button(
        "Copy",
        key="history_copy",
        disabled=is_busy or not agreed or not folder.strip(),
        on_click=_begin_copy,
        args=(desk, jobs.newest(desk.home)),
    )


def _begin_copy(desk: Desk, after: jobs.Job | None) -> None:
    folder = Path(str(st.session_state.get(_FOLDER, "")).strip()).expanduser()
    st.session_state[_COPY_AGREED] = False
    # Made absolute: a name that begins with a dash is a folder here and no option.
    work = jobs.command(desk.home, "backup", str(folder.absolute()))
    jobs.begin(desk.home, jobs.Job(COPY, "Copy", work), after=after)
