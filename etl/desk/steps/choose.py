"""Choose a sheet, and a mapping of before where there is one."""

from pathlib import Path

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from etl.desk import drafts, engine
from etl.desk.state import Desk
from etl.desk.steps import task_force
from etl.readers.limits import ENDINGS

NAME = "Choose"
_GZIP = ".gz"
#: Endings that are read; what is packed is a text.
OFFERED = (
    *(ending for ending in ENDINGS if ending != _GZIP),
    *(f"{ending}{_GZIP}" for ending, kind in ENDINGS.items() if kind == "text"),
)
_TURN, _EARLIER, _USED = "choose-turn", "choose-earlier", "choose-used"
_NEW = "None: this kind of sheet is new"


def state(desk: Desk) -> str:
    """Return which file is open."""
    return "no file yet" if desk.upload is None else desk.upload.name


def show(desk: Desk) -> None:
    """Draw the step."""
    is_asked = task_force.asked(desk)
    _choose(desk)
    if not is_asked:
        task_force.show(desk)


def _choose(desk: Desk) -> None:
    st.write(
        "Take the sheet as you keep it: Excel (.xlsx) or text (.csv, .tsv). An older Excel file (.xls), or "
        "one with macros (.xlsm), is saved as .xlsx first, in Excel itself. "
        "It stays on this machine. The desk reads a private copy, and deletes it when you are done."
    )
    turn = st.session_state.setdefault(_TURN, 0)
    given = st.file_uploader(
        "Drag your sheet here, or pick it",
        type=list(OFFERED),
        key=f"choose-file-{turn}",
    )
    if given is not None:
        desk.take(given.name, given.getvalue())
        _forget(given.file_id)
        st.session_state[_TURN] = turn + 1  # a new box, with nothing in it
        if not desk.draft:
            drafts.begin(desk)
        st.rerun()
    if desk.upload is not None:
        _opened(desk)


def _forget(file_id: str) -> None:
    """Delete the server's own copy of a file in memory: one copy is enough, and it is ours to delete."""
    context = get_script_run_ctx()
    manager = context.uploaded_file_mgr if context else None
    if context and isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(session_id=context.session_id, file_id=file_id)


def _opened(desk: Desk) -> None:
    assert desk.upload is not None
    name = engine.plain(desk.upload.name)
    if desk.why is None:
        st.success(f"Open: **{name}**")
    else:
        st.write(f"Chosen: **{name}**. It cannot be read as it is:")
        engine.refused(desk.why)
    _take_over(desk)
    st.button("Close this file", on_click=desk.let_go, help="Its copy is deleted at once.")


def _take_over(desk: Desk) -> None:
    assert desk.upload is not None
    found = drafts.earlier_mappings(desk.home)
    if not found:
        return
    st.subheader("Have you brought such a sheet before?")
    st.write(
        "Then its mapping, which says what your columns and words mean, holds for this one too: "
        "only what is new is asked."
    )
    names = [_NEW, *(_called(path, desk.home) for path in found)]
    chosen = st.selectbox("Mapping of an earlier sheet", range(len(names)), format_func=lambda at: names[at])
    st.button(
        "Use it" if chosen else "Begin anew",
        on_click=_begin,
        args=(desk, found[chosen - 1] if chosen else None, names[chosen]),
        key=_EARLIER,
    )
    used, of = st.session_state.get(_USED, ("", ""))
    if desk.why is None and of == desk.upload.sha256:
        st.success(
            f"In use: {engine.plain(used)}. What is new in this sheet is asked in step 3."
            if used
            else "Begun anew: no mapping of an earlier sheet is in use."
        )


def _begin(desk: Desk, earlier: Path | None, name: str) -> None:
    """Draft once more, by the mapping of an earlier sheet or none, and remember it for a word on the page."""
    drafts.begin(desk, earlier=earlier)
    if desk.upload is not None:
        st.session_state[_USED] = (name if earlier else "", desk.upload.sha256)


def _called(path: Path, home: Path) -> str:
    try:
        return path.relative_to(home.resolve()).as_posix()
    except ValueError:
        return path.name
