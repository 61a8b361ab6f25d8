"""Load: the checked file is taken in, whole or not at all."""

import streamlit as st

from etl.commands import Outcome
from etl.config import PRIVATE_FILE, Home
from etl.desk import engine, jobs
from etl.desk.state import Desk, Upload
from etl.desk.steps import task_force
from etl.errors import EtlError
from etl.progress import Progress
from etl.store import warehouse

NAME = "Load"
KIND = "load"
DONE = "Loaded. Nothing is published yet: that is step 6."


def state(desk: Desk) -> str:
    """Return where this step stands."""
    job = jobs.newest(desk.home)
    if job is not None and job.is_running and job.kind == KIND:
        return "running"
    if desk.checked is not None and desk.checked.is_good:
        return "ready to load"
    manifest = warehouse.parse_manifest(Home(desk.home))
    current = manifest.version(manifest.current) if manifest else None
    if current is None:
        return "nothing loaded yet"
    return "holds the made-up region" if current.is_synthetic else f"last changed {current.made_at[:10]}"


def show(desk: Desk) -> None:
    """Draw the step."""
    is_busy = jobs.watch(desk.home)
    job = jobs.newest(desk.home)
    ours, upload = st.session_state.get(KIND, (None, None))
    if job is not None and job.outcome is not None and job is ours:
        st.session_state.pop(KIND)
        if desk.upload is upload:  # and no other one that was opened meanwhile
            desk.let_go()  # no longer needed; the mapping is kept for the next file
        st.rerun()
    # What became of one file is not said above the button that loads another one.
    is_of_another = desk.upload is not None and not (job is ours and desk.upload is upload)
    job = None if is_of_another else jobs.ended(desk.home, load=DONE)
    _waiting(desk, job, is_busy=is_busy)
    if is_of_another and jobs.has_ended(desk.home, KIND):
        st.subheader("Before this file")
        jobs.ended(desk.home, load="")


def _waiting(desk: Desk, job: jobs.Job | None, *, is_busy: bool) -> None:
    """Offer to load the file that is open, after what became of it if it was tried."""
    if desk.upload is None:
        st.write("No file is open. Choose one in step 1. What was loaded before stands in step 7.")
        return
    st.write(f"**{engine.plain(desk.upload.name)}** is taken in, all of it or nothing.")
    if desk.checked is None or not desk.checked.is_good:
        st.write("It has to be checked first, as it is now: go back to step 4.")
        return
    if task_force.asked(desk):
        return
    if job is not None and job.refusal is not None:
        st.write("Where that looks like a loss and is meant, step 4 offers to take it: check again there.")
    st.write(
        "Rows that the same source sent before for the same months are replaced; step 4 shows which. "
        "Nothing is published by this, and step 7 can go back to what was loaded before."
    )
    st.button(
        "Load",
        type="primary",
        key="load_begin",
        disabled=is_busy,
        on_click=_begin,
        args=(desk, jobs.newest(desk.home)),
    )


def _begin(desk: Desk, after: jobs.Job | None) -> None:
    """Begin to load what is open and checked now; whatever the session opens later is not this job's."""
    if desk.upload is None or desk.checked is None or not desk.checked.is_good:
        return
    try:
        work = _load(desk, desk.upload)
    except (EtlError, OSError) as error:
        work = jobs.refused(error)
    job = jobs.Job(KIND, "Load", work)
    if jobs.begin(desk.home, job, after=after):
        st.session_state[KIND] = (job, desk.upload)


def _load(desk: Desk, upload: Upload) -> jobs.Work:
    """Return the work of loading a copy that is the job's own: the window may be closed meanwhile.

    Raises
    ------
    EtlError
        When the copy is no longer the file that was checked.
    """
    own = Upload(upload.name, upload.same().read_bytes())
    if own.sha256 != upload.sha256:  # between two looks at the file
        own.forget()
        upload.same()
    mapping = own.path.with_name("mapping.toml")
    mapping.write_text(desk.draft, "utf-8")
    mapping.chmod(PRIVATE_FILE)
    desk.save()
    words = ["load", str(own.path), "--source", "own", "--mapping", str(mapping)]
    words += [word for what in sorted(desk.accepted) for word in ("--accept", what)]
    command = jobs.command(desk.home, *words)

    def work(progress: Progress) -> Outcome:
        try:
            own.same()
            return command(progress)
        finally:
            own.forget()

    return work
