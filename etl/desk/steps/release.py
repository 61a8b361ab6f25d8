"""Release: what would be published and closed is looked at, then confirmed, then done; once."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from analysis.errors import LttError
from analysis.release.archive import withdrawn_ids
from analysis.release.manifest import Manifest, read_manifest
from analysis.words import counted, date_text
from etl.commands import Outcome
from etl.commands.release import share_text
from etl.commands.texts import confirm_these
from etl.config import Home, read_deployment
from etl.desk import dashboard, engine, jobs
from etl.desk.state import Desk
from etl.desk.steps import task_force
from etl.load.compared.replacing import FEWER
from etl.progress import Progress
from etl.release.texts import waiting
from etl.store import warehouse
from etl.store.locking import exclusive

NAME = "Release"
LOOK, RELEASE = "preview", "release"
PROFILES = ("public", "partner")
_REVISED, _FEWER, _AGREED = "release_revise", "release_fewer", "release_agreed"
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
EXPLAINED = (
    "A release turns what is loaded into protected numbers: each is changed a little, and small ones are not "
    "shown. Months that are over close, **for good**: their records are kept as they are that day, "
    "so that two releases cannot be compared to find a person. Look first: that publishes nothing."
)
MEANT = "I have read which months close and what is published. Neither can be taken back."


def state(desk: Desk) -> str:
    """Return where this step stands."""
    job = jobs.newest(desk.home)
    if job is not None and job.is_running and job.kind in (LOOK, RELEASE):
        return "running"
    newest = _offered(desk)
    if newest is not None:
        return f"published to {date_text(newest.as_of)}"
    is_withdrawn = bool(withdrawn_ids(Home(desk.home).release("public")))
    return "the newest is withdrawn" if is_withdrawn else "nothing released yet"


def _offered(desk: Desk) -> Manifest | None:
    """Return the public release that readers see; None where there is none, or it is withdrawn."""
    folder = Home(desk.home).release("public")
    try:
        newest = read_manifest(folder)
    except LttError:
        return None
    return None if newest.release_id in withdrawn_ids(folder) else newest


def show(desk: Desk) -> None:
    """Draw the step."""
    st.write(EXPLAINED)
    with engine.refusals():
        if warehouse.read_manifest(Home(desk.home)) is None:
            st.info("Nothing is loaded yet, so there is nothing to release. Choose a sheet in step 1.")
            return
        warehouse.current(Home(desk.home))
        # The made-up region is a place by itself.
        if is_made_up(desk.home) or not task_force.asked(desk):
            _steps(desk)


def is_made_up(home: Path) -> bool:
    """Return whether a home holds made-up records."""
    manifest = warehouse.read_manifest(Home(home))
    current = manifest.version(manifest.current) if manifest else None
    return current is not None and current.is_synthetic


def _steps(desk: Desk) -> None:
    is_busy = jobs.watch(desk.home)
    job = jobs.ended(desk.home, preview="", release="Released.")
    _look_again(desk, job, is_busy=is_busy)
    if job is None or job.outcome is None or job.kind == RELEASE:
        if _offered(desk) is not None:
            dashboard.offer(desk.home)
        return
    _what_closes(job.outcome.values["would_close"])
    _what_is_missing(job.outcome.values["rejected"])
    _what_can_be_shown(desk, job.outcome.values["preview"])
    for sentence in job.outcome.values["unfinished_years"]:
        st.info(sentence)
    _texts(desk, job)
    _confirm(desk, job)


def _look_again(desk: Desk, job: jobs.Job | None, *, is_busy: bool) -> None:
    with st.expander("Corrections of months that are closed, and months with few records"):
        st.number_input(
            "Take over late and corrected records of this year (empty: of none)",
            min_value=_FIRST_YEAR,
            max_value=_LAST_YEAR,
            value=None,
            step=1,
            key=_REVISED,
            persist_state="session",
        )
        st.checkbox(
            "Close months although they hold far fewer records than before",
            key=_FEWER,
            persist_state="session",
        )
        st.caption("A preview holds for these choices: change one, then look again.")
    looked = job is not None and job.outcome is not None
    st.button(
        "Look again" if looked else "Look at what would be published",
        key="release_look",
        type="secondary" if looked else "primary",
        disabled=is_busy,
        on_click=_begin_look,
        args=(desk.home, _choices(), jobs.newest(desk.home)),
    )


def _choices() -> tuple[str, ...]:
    """Return what was chosen, as words of the command."""
    year = st.session_state.get(_REVISED)
    words = ("--revise", str(year)) if year else ()
    return (*words, "--accept", FEWER) if st.session_state.get(_FEWER) else words


def _begin_look(home: Path, _drawn: tuple[str, ...], after: jobs.Job | None) -> None:
    st.session_state[_AGREED] = False
    jobs.begin(home, jobs.Job(LOOK, "Look at the release", _look(home, _choices())), after=after)


def _look(home: Path, choices: Sequence[str], texts: Sequence[str] = ()) -> jobs.Work:
    """Return the work of a preview, after texts are confirmed if there are any."""

    def work(progress: Progress) -> Outcome:
        if texts:
            confirm_these(Home(home), texts, progress)
        seen = jobs.command(home, "release", "--preview", "--profile", PROFILES[0], *choices)(progress)
        progress.start("Reading the texts of the registers")
        with exclusive(Home(home), is_reading=True):
            found, _ = waiting(Home(home))
        told = {
            "texts": found,
            "choices": tuple(choices),
            "rejected": rejected(home, seen.values["would_close"]),
        }
        return Outcome(seen.lines, {**seen.values, **told})

    return work


def rejected(home: Path, closing: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    """Return the loaded files with rejected rows that reach into months that would close: name and rows.

    Parameters
    ----------
    home
        Folder of the deployment.
    closing
        In words, which months close: with the first and the last of each span, such as 2025-01.
    """
    months = re.findall(r"\d{4}-\d\d", " ".join(closing.values()))
    held = jobs.command(home, "status")(Progress()).values["warehouse"]
    return tuple(
        (load["file_name"], load["rows_rejected"])
        for load in (held["loads"] if held and months else ())
        if load["status"] == "current" and load["rows_rejected"]
        if not load["period_to"] or str(load["period_to"]) >= min(months)
    )


def _what_is_missing(files: Sequence[tuple[str, int]]) -> None:
    """Tell of rows that were rejected while they can still be brought: a month that is closed stays so."""
    if not files:
        return
    rows = sum(number for _, number in files)
    of = "; ".join(f"{name}: {number:,}" for name, number in files)
    told = (
        f"{counted(rows, 'row')} of what is loaded {'was' if rows == 1 else 'were'} rejected ({of}) and "
        "will not be in these months. To bring them before the months close: choose the file again in "
        "step 1, explain words in step 3 or correct the lines that step 4 lists, and load it again. It takes "
        "the place of what it brought before."
    )
    st.warning(engine.plain(told))


def _what_closes(months: Mapping[str, str]) -> None:
    spans = list(dict.fromkeys(months.values()))
    if spans:
        st.warning(f"These months close for good: {'; '.join(spans)}.")
    else:
        st.info("No further month closes.")


def _what_can_be_shown(desk: Desk, topics: Sequence[dict[str, Any]]) -> None:
    if not topics:
        return
    st.subheader("How much of it can be shown")
    kinds = list(dict.fromkeys(kind for topic in topics for kind in topic["shown"]))
    rows = [
        {
            "Numbers of": engine.plain(f"{topic['topic']} ({topic['collection']})"),
            **{kind.capitalize(): _percent(topic["shown"].get(kind)) for kind in kinds},
        }
        for topic in topics
    ]
    st.table(rows, hide_index=True, alt="Share of the numbers that can be shown")
    st.caption("Of all numbers that there would be, those that are large enough. The others are on no page.")
    if not read_deployment(desk.home).areas and not is_made_up(desk.home):
        st.caption(
            "By area: of all areas of the country, because ‘Your task force’ in step 1 names none that you "
            "cover."
        )
    with st.expander("On which pages they stand"):
        for topic in topics:
            pages = ", ".join(page.replace("_", " ") for page in topic["pages"])
            st.caption(engine.plain(f"{topic['topic']} stand on these pages: {pages}."))


def _percent(share: float | None) -> str:
    return "" if share is None else share_text(share)


def _texts(desk: Desk, job: jobs.Job) -> None:
    assert job.outcome is not None
    texts = job.outcome.values["texts"]
    if not texts:
        return
    st.subheader("Texts to confirm")
    st.write(
        "These words stand in your registers and would be published. They stay out until you have read and "
        "ticked them. A text can tell of a person without a warning: read each."
    )
    for place, one in enumerate(texts):
        warned = f" — look again: {', '.join(one.warnings)}" if one.warnings else ""
        st.checkbox(
            engine.plain(f"{one.text} [{', '.join(one.columns)}]{warned}"),
            key=f"release_text_{id(job)}_{place}",
        )
    st.button("Confirm the ticked texts", key="release_confirm", on_click=_begin_texts, args=(desk.home, job))


def _begin_texts(home: Path, job: jobs.Job) -> None:
    assert job.outcome is not None
    values = job.outcome.values
    ticked = [
        one.text
        for place, one in enumerate(values["texts"])
        if st.session_state.get(f"release_text_{id(job)}_{place}")
    ]
    if ticked:
        again = jobs.Job(LOOK, "Confirm texts and look again", _look(home, values["choices"], ticked))
        jobs.begin(home, again, after=job)


def _confirm(desk: Desk, job: jobs.Job) -> None:
    assert job.outcome is not None
    st.subheader("Release")
    values = job.outcome.values
    if values["choices"] != _choices():
        st.write("You have changed a choice since: look again.")
        return
    if values["texts"]:
        st.write("Texts that are not ticked stay out of this release; they can go into a later one.")
    agreed = st.checkbox(MEANT, key=_AGREED)
    st.button(
        "Release for the public and for partners",
        key="release_begin",
        type="primary",
        disabled=not agreed,
        on_click=_begin,
        args=(desk.home, job),
    )


def _begin(home: Path, job: jobs.Job) -> None:
    """Begin the release that was looked at; another one is refused by the command itself."""
    assert job.outcome is not None
    values = job.outcome.values
    words = ["release", "--profile", *PROFILES, "--expect", values["release_id"], *values["choices"]]
    st.session_state[_AGREED] = False
    jobs.begin(home, jobs.Job(RELEASE, "Release", jobs.command(home, *words)), after=job)
