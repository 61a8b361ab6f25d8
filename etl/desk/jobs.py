"""Work that must not end with a click: one job a home, in a thread of its own, whoever looks at it.

Streamlit begins a page anew at each click, and ends it when its window closes. A load or a release that ran
in the page would be broken off by the next click. Here it goes on, every window of the desk sees the same
job, and a second click finds it running: what is pressed twice is done once.
"""

import threading
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from etl import cli
from etl.commands import Outcome
from etl.desk import engine
from etl.errors import harmless
from etl.progress import Progress

Work = Callable[[Progress], Outcome]

EVERY = 0.5  # seconds between two looks at a job that runs
ELSEWHERE = "The desk is at work. It goes on when this window is closed."


class Steps(Progress):
    """The steps of a job, to be looked at from any page."""

    def __init__(self) -> None:
        super().__init__(is_shown=True)
        self.words, self.share = "", 0.0

    def _draw(self, so_far: str = "") -> None:
        done = len(self.timings)
        self.total = max(self.total, done + 1)
        self.share = done / self.total
        self.words = f"{harmless(self._step)}{f', {so_far}' if so_far else ''}"

    def finish(self) -> None:
        """End the last step."""
        self._end()


class Job:
    """Some work of a home, running or ended.

    Attributes
    ----------
    kind
        What it is, for the step that shows it.
    title
        The same in words.
    outcome
        What a command has said; None while it runs and after a refusal.
    refusal
        Why it did not do what was asked; None otherwise.
    """

    def __init__(self, kind: str, title: str, work: Work) -> None:
        self.kind, self.title = kind, title
        self.progress = Steps()
        self.outcome: Outcome | None = None
        self.refusal: cli.Refusal | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run, name=f"desk: {kind}", daemon=True)

    @property
    def is_running(self) -> bool:
        """True until it has ended, in one way or the other."""
        return self.outcome is None and self.refusal is None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wait(self) -> None:
        """Wait until it has ended."""
        self._thread.join()

    def _run(self) -> None:
        try:
            outcome = self._work(self.progress)
        except BaseException as error:
            # Whatever ends a thread ends this job alone; the text of an unknown error may hold a record.
            self.refusal = cli.refusal(error)
        else:
            self.outcome = outcome
        finally:
            self.progress.finish()


_jobs: dict[Path, Job] = {}
_one_at_a_time = threading.Lock()


def newest(home: Path) -> Job | None:
    """Return the last job of a home; None before the first since the desk was started."""
    return _jobs.get(home)


def begin(home: Path, job: Job, *, after: Job | None) -> bool:
    """Begin a job, unless another one was begun since the page was drawn that asks for it.

    Parameters
    ----------
    home
        Folder of the deployment.
    job
        What to do.
    after
        The newest job when the page was drawn. A second click on the same button comes after the first one's
        job, and begins nothing.
    """
    with _one_at_a_time:
        before = _jobs.get(home)
        if before is not after or (before is not None and before.is_running):
            return False
        _jobs[home] = job
        job.start()
        return True


def command(desk_home: Path, *words: str) -> Work:
    """Return the work of a command line on a home.

    Parameters
    ----------
    desk_home
        Added as ``--home``.
    words
        As typed behind ``python -m etl``.
    """
    return lambda progress: cli.carry_out(cli.parse([*words, "--home", str(desk_home)]), progress)


def refused(error: Exception) -> Work:
    """Return work that is refused before it begins."""

    def work(progress: Progress) -> Outcome:
        raise error

    return work


def watch(home: Path) -> bool:
    """Show how far the job of a home has come; return whether it runs."""
    job = newest(home)
    if job is None or not job.is_running:
        return False
    st.caption(ELSEWHERE)
    _progress(job)
    return True


@st.fragment(run_every=EVERY)
def _progress(job: Job) -> None:
    if not job.is_running:
        st.rerun()
    st.progress(job.progress.share, engine.plain(f"{job.title}: {job.progress.words or '…'}"))


def has_ended(home: Path, *kinds: str) -> bool:
    """Return whether the newest job of a home is one of these kinds, and has ended."""
    job = newest(home)
    return job is not None and not job.is_running and job.kind in kinds


def ended(home: Path, **kinds: str) -> Job | None:
    """Show how the newest job of a home ended, if it is one of these kinds; return it.

    Parameters
    ----------
    home
        Folder of the deployment.
    kinds
        Each with what is said when all went well, above the lines of the command line. A refusal has its own
        words.
    """
    job = newest(home)
    if job is None or not has_ended(home, *kinds):
        return None
    if job.refusal is not None:
        engine.refused(job.refusal)
    elif job.outcome is not None:
        if kinds[job.kind]:
            st.success(kinds[job.kind])
        engine.told(job.outcome.lines)
    return job
